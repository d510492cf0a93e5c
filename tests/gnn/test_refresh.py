"""The weekly update on a real graph: it does little, and comes to what a full run comes to."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cypher import vectors
from cypher.graph import Graph
from cypher.progress import Progress
from etl.commands.demo import SOURCE
from etl.load import load
from etl.mapping import ColumnMapping
from etl.sources import postings
from etl.sources.university import World
from gnn.commands.app import app
from gnn.config import DemandConfig
from gnn.jobs import inference, training
from gnn.jobs import refresh as job
from gnn.jobs.refresh import refresh
from gnn.snapshot import read_embeddings, read_past
from schema.errors import JobError
from tests.gnn.tiny import SMALL, university

TINY = World(postings=1_200, students=80, months=20, clusters=8, seed=4, start="2022-01")
QUICK = DemandConfig(epochs=2, patience=2, width=8, hidden=8)
QUIET = Progress.silent()
LABELS = ("Job", "JobCluster", "Student", "Skill", "Resource")
State = dict[str, dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """Where the files of the world are."""
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def graph(connection, driver, files) -> Iterator[Graph]:
    """A tiny synthetic university; each test leaves it encoded, related and forecast, and may change what it says."""
    with university(connection, driver, TINY, folder=files) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(graph: Graph, tmp_path_factory) -> Path:
    """A model of two epochs that was run once; what it is worth does not matter here."""
    trained = training.train(graph, QUICK, SMALL, models=tmp_path_factory.mktemp("models"), progress=QUIET).folder
    refresh(graph, trained, progress=QUIET)
    return trained


def state(graph: Graph) -> State:
    """All vectors by label and code, and the active forecasts as one more."""
    found = {label: dict(zip(*read_embeddings(graph, label, progress=QUIET), strict=True)) for label in LABELS}
    rows = graph.read(
        "MATCH (p:ActivePointer {code: 'active'}) MATCH (f:Forecast {generation: p.forecastGeneration})"
        "<-[:HAS_FORECAST]-(c) RETURN c.code AS code, f.probabilities + f.channelWeights + "
        "[f.before, f.expected, f.change, f.gap, f.intensity, f.lower, f.upper, f.warning] AS told"
    )
    return found | {"Forecast": {row["code"]: np.array(row["told"]) for row in rows}}


def same(one: State, other: State) -> None:
    """Hold two states against each other, node by node."""
    for label, nodes in one.items():
        assert nodes.keys() == other[label].keys(), label
        assert nodes, label
        for code, values in nodes.items():
            assert np.allclose(values, other[label][code], atol=1e-4, rtol=1e-4), f"{label} {code}"


def moved(before: State, after: State, label: str) -> int:
    """How many nodes have another vector."""
    return sum(not np.allclose(row, before[label].get(code, 0), atol=1e-6) for code, row in after[label].items())


def reload(graph: Graph, files: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Load the file of postings again, changed."""
    path = files / "postings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    passes = postings.builders(path, mapping=ColumnMapping.read(files / "postings.toml"), full=True)
    load(graph, passes, source=SOURCE, file=str(path), progress=QUIET, workers=0)


def test_without_a_change_nothing_is_done(graph: Graph, folder: Path) -> None:
    """Catches an update that encodes or writes what is right already."""
    before = state(graph)
    report = refresh(graph, folder, progress=QUIET)
    assert report.encoded == 0
    assert set(report.written) == {"JobCluster", "Student", "Skill", "Resource"}
    assert not any(report.written.values())
    assert report.postings == len(before["Job"]) > 1_000
    same(before, state(graph))


def test_an_update_comes_to_what_a_full_run_comes_to(graph: Graph, folder: Path, files: Path) -> None:
    """Catches a change that an update overlooks, whichever way it came, and vectors that it leaves behind."""
    before = state(graph)

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in rows[-9:-5]:
            row["responsibilities"] = f"Night shifts and much travel. {row['responsibilities']}"
        rows[-12]["headcount"] = "7"
        rows[-13]["salary"] = "50k-60k CNY/month"
        new = [{**row, "code": f"new{number}"} for number, row in enumerate(rows[-2:])]
        # Two are over and come again under another code; a posting that is over was asked for all the same.
        return rows[:-2] + new

    reload(graph, files, change)
    # An employer goes into another line of business, and a requirement ends: no row of a posting tells of either.
    [row] = graph.read(
        "MATCH (e:Employer) RETURN e.code AS code, COUNT { (e)<-[:POSTED_BY]-(:Job) } AS postings ORDER BY postings "
        "DESC LIMIT 1"
    )
    graph.write(
        "MATCH (e:Employer {code: $code})-[o:OPERATES_IN]->(i) MATCH (other:Industry) WHERE other.code < i.code "
        "WITH e, o, other ORDER BY other.code LIMIT 1 CREATE (e)-[n:OPERATES_IN]->(other) SET n = properties(o) "
        "DELETE o",
        code=row["code"],
    )
    graph.write("MATCH (:Job)-[r:REQUIRES]->() WITH r LIMIT 1 SET r.closedAt = datetime('2020-01-01T00:00Z')")
    graph.write("MATCH (:Student)-[t:TOOK]->() WHERE t.status = 'completed' WITH t LIMIT 40 SET t.score = 99.0")
    report = refresh(graph, folder, progress=QUIET)
    # Six changed, two new, one that lost a requirement, and those of the employer; some may be the same.
    assert 8 <= report.encoded <= 9 + row["postings"]
    assert report.written["JobCluster"] > 0
    assert 0 < report.written["Student"] < 80
    updated = state(graph)
    assert updated["Job"].keys() - before["Job"].keys() == {"demo:new0", "demo:new1"}
    assert moved(before, updated, "Job") == report.encoded
    inference.encode(graph, folder, again=True, progress=QUIET)
    inference.relate(graph, folder, again=True, progress=QUIET)
    inference.generate(graph, folder, progress=QUIET)
    same(updated, state(graph))


def test_vectors_of_what_is_gone_go_too(graph: Graph, folder: Path) -> None:
    """Catches the vector of a student who left, which would be found as a neighbour for ever."""
    [row] = graph.read("MATCH (s:Student) RETURN min(s.code) AS code")
    graph.write("MATCH (s:Student {code: $code}) SET s.closedAt = datetime('2020-01-01T00:00Z')", code=row["code"])
    refresh(graph, folder, progress=QUIET)
    assert row["code"] not in state(graph)["Student"]
    graph.write("MATCH (s:Student {code: $code}) REMOVE s.closedAt", code=row["code"])
    refresh(graph, folder, progress=QUIET)
    assert row["code"] in state(graph)["Student"]


def test_relations_wait_for_postings_that_changed(graph: Graph, folder: Path, files: Path) -> None:
    """Catches states that mix new counts with old texts: encoding was forgotten, or was ended halfway."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[-20]["requirements"] += " Fluent Esperanto."
        return rows

    reload(graph, files, change)
    with pytest.raises(JobError, match="1 postings that are new or changed"):
        inference.relate(graph, folder, progress=QUIET)
    assert inference.encode(graph, folder, progress=QUIET).written == 1
    inference.relate(graph, folder, progress=QUIET)


def test_what_came_into_the_vocabulary_later_is_unknown_to_the_encoder(graph: Graph, folder: Path) -> None:
    """Catches an update that fails at the first new skill or place, or that takes one for another."""
    before = state(graph)
    graph.write(
        "MATCH (j:Job)-[l:LOCATED_IN]->(:Region) WITH j, l ORDER BY j.code LIMIT 1 "
        "CREATE (s:Skill {code: 'a:first', name: 'First'}), (r:Region {code: 'a:first', name: 'First'}) "
        "CREATE (j)-[:REQUIRES {level: 0.5}]->(s) CREATE (j)-[:LOCATED_IN]->(r) DELETE l"
    )
    report = refresh(graph, folder, progress=QUIET)
    assert report.encoded == 1
    after = state(graph)
    assert moved(before, after, "Job") == 1
    inference.encode(graph, folder, again=True, progress=QUIET)
    again = state(graph)
    assert moved(after, again, "Job") == 0


def test_the_forecast_of_one_cluster_is_that_of_all(graph: Graph, folder: Path) -> None:
    """Catches a quick answer that differs from what was written, and a code that is not there."""
    refresh(graph, folder, progress=QUIET)
    written = state(graph)["Forecast"]
    runner = CliRunner()
    shown = json.loads(runner.invoke(app, ["forecast", "--artifact", str(folder), "--json"]).stdout)
    assert {row["cluster"] for row in shown} == written.keys()
    for row in shown:
        assert row["probabilities"] == pytest.approx(written[row["cluster"]][:5].tolist(), abs=1e-3)
    code = shown[2]["cluster"]
    answer = runner.invoke(app, ["forecast", code, "--artifact", str(folder), "--json", "--timing"])
    one = json.loads(answer.stdout)
    assert one["forecasts"] == shown[2]
    assert 0 < one["timing"]["computing ms"] < 100
    assert code in runner.invoke(app, ["forecast", "--artifact", str(folder)], env={"COLUMNS": "160"}).stdout
    with pytest.raises(JobError, match="demo:nowhere"):
        runner.invoke(app, ["forecast", "demo:nowhere", "--artifact", str(folder)], catch_exceptions=False)


def test_each_kind_of_vector_is_compared(graph: Graph, folder: Path) -> None:
    """Catches a comparison that passes over vectors that somebody spoiled."""
    right = state(graph)
    for label in LABELS:
        graph.write(
            f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL WITH n ORDER BY n.code LIMIT 1 "
            "SET n.embedding = [value IN n.embedding | value + 0.5]" + (", n.embeddingDigest = 'x'" * (label == "Job"))
        )
    report = refresh(graph, folder, progress=QUIET)
    assert report.encoded == 1
    assert set(report.written.values()) == {1}
    same(right, state(graph))


@pytest.mark.parametrize("few", [5_000, 0])
def test_few_and_many_postings_come_to_the_same(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Catches states that are made from the vectors that stood on the graph before, by the one way or the other."""
    refresh(graph, folder, progress=QUIET)
    right = state(graph)
    monkeypatch.setattr(job, "FEW", few)
    # The last month is what the states depend on most.
    graph.write(
        "MATCH (n:Job) WHERE n.embedding IS NOT NULL WITH n ORDER BY n.releasedOn DESC, n.code LIMIT 200 "
        "SET n.embedding = [value IN n.embedding | value + 0.5], n.embeddingDigest = 'x'"
    )
    report = refresh(graph, folder, progress=QUIET)
    assert report.encoded == 200
    assert not any(report.written.values())
    same(right, state(graph))


def test_an_index_that_a_killed_run_dropped_comes_back(graph: Graph, folder: Path) -> None:
    """Catches an update that leaves vectors that nobody can search, because it had nothing to write."""
    refresh(graph, folder, progress=QUIET)
    for label in LABELS:
        graph.schema(f"DROP INDEX {vectors.index(label).name}")
    assert refresh(graph, folder, progress=QUIET).encoded == 0
    for label in LABELS:
        assert [row["ready"] for row in graph.read(vectors.ready(label))] == [True], label


# A worker whose batches are small, so that it can die in the middle of a write.
WORKER = """
import sys
from pathlib import Path
from cypher.graph import Graph
from cypher.progress import Progress
from gnn.jobs import inference
from gnn.snapshot import texts
from gnn.writeback import embeddings, forecasts
texts.BLOCK, inference.BLOCKS, embeddings.BATCH, embeddings.SESSIONS, forecasts.FORECASTS = 40, 1, 5, 1, 1
with Graph.open() as graph:
    getattr(inference, sys.argv[1])(graph, Path(sys.argv[2]), progress=Progress.silent())
"""
WRITTEN = {
    "encode": "MATCH (n:Job) WHERE n.embedding IS NOT NULL RETURN count(n) AS n",
    "relate": "MATCH (n:Student|JobCluster|Skill|Resource) WHERE n.embedding IS NOT NULL RETURN count(n) AS n",
    "generate": "MATCH (n:Generation {status: 'writing', kind: 'forecast'}) RETURN count(n) AS n",
}


@pytest.mark.parametrize("step", list(WRITTEN))
def test_a_step_that_was_killed_is_run_again(graph: Graph, folder: Path, step: str) -> None:
    """Catches a step that cannot go on after SIGKILL, or that comes to another end."""
    refresh(graph, folder, progress=QUIET)
    right, before = state(graph), graph.read("MATCH (g:Generation {kind: 'forecast'}) RETURN collect(g.code) AS codes")
    labels = {"encode": "Job", "relate": "Student|JobCluster|Skill|Resource"}.get(step)
    if labels:
        graph.write(
            f"MATCH (n:{labels}) REMOVE n.embedding, n.embeddingGeneration"
            + (", n.embeddingDigest" if step == "encode" else "")
        )
    enough = random.randint(1, 300) if labels else 1
    worker = subprocess.Popen([sys.executable, "-c", WORKER, step, str(folder)], env=dict(os.environ))
    try:
        while worker.poll() is None and graph.read(WRITTEN[step])[0]["n"] < enough:
            time.sleep(0.001)
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.wait()
    assert worker.returncode == -signal.SIGKILL
    if labels:
        assert enough <= graph.read(WRITTEN[step])[0]["n"] < sum(len(right[label]) for label in labels.split("|"))
    else:
        # Readers still see the forecasts of the generation before.
        same(right, state(graph))
    report = getattr(inference, step)(graph, folder, progress=QUIET)
    if step == "encode":
        assert report.passed_over >= enough
    same(right, state(graph))
    left = graph.read("MATCH (g:Generation {kind: 'forecast', status: 'writing'}) RETURN count(g) AS n")
    assert left[0]["n"] == 0
    assert len(before[0]["codes"]) > 0


def test_the_state_of_postings_is_read_as_it_is(graph: Graph, folder: Path) -> None:
    """Catches postings laid to another cluster or month, and a digest that does not see the model or the posting."""
    history, found = read_past(graph, progress=QUIET)
    table = np.zeros(history.counts.shape)
    there = found.cluster >= 0
    np.add.at(table, (found.cluster[there], found.month[there]), 1.0)
    assert np.array_equal(table, history.counts)
    [generation] = found.generations.values
    assert not len(found.due(generation))
    assert len(found.due("fc:another")) == len(found)
    held, digests = found.held.copy(), found.digests.copy()
    held[:2], digests[-1] = ("", "other"), ""
    spoiled = replace(found, held=held, digests=digests)
    assert spoiled.due(generation).tolist() == [0, 1, len(found) - 1]
