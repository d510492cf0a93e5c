"""The benchmark and the simulation on a real graph: a tiny synthetic university."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cypher.graph import Graph
from cypher.progress import Progress
from etl.sources.university import World
from gnn.benchmarks.recommend.bench import Plan, bench
from gnn.benchmarks.recommend.facts import KINDS, NEVER, Facts
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, OUTCOMES, STUDENTS, TASKS, HoldOut, hold_out
from gnn.benchmarks.recommend.material import Material, read_material
from gnn.benchmarks.recommend.oracle import Oracle, Truth
from gnn.benchmarks.recommend.ours import Ours
from gnn.benchmarks.recommend.reading import days, last_day, read_facts
from gnn.benchmarks.recommend.roster import rows
from gnn.benchmarks.recommend.session import ask
from gnn.benchmarks.recommend.simulated import Setting, keep
from gnn.benchmarks.recommend.simulation import simulate
from gnn.commands import app
from schema.errors import InputError
from tests.gnn.tiny import university

TINY = World(postings=1_200, students=100, months=24, clusters=8, interactions=1_500, seed=5, start="2022-01")
QUIET = Progress.silent()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the world lie."""
    return tmp_path_factory.mktemp("recommend")


@pytest.fixture(scope="module")
def graph(connection, driver, folder) -> Iterator[Graph]:
    """A tiny synthetic university, loaded once for the tests of this module."""
    with university(connection, driver, TINY, folder=folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def facts(graph: Graph) -> Facts:
    """Its facts."""
    return read_facts(graph, progress=QUIET)


@pytest.fixture(scope="module")
def held(facts: Facts) -> HoldOut:
    """The steps of its last four months."""
    end = last_day(facts) + 1.0
    return hold_out(facts, start=end - 120.0, end=end)


@pytest.fixture(scope="module")
def material(graph: Graph, held: HoldOut) -> Material:
    """What was known before them."""
    return read_material(graph, start=held.start, end=held.end, progress=QUIET)


@pytest.fixture(scope="module")
def ours(material: Material, held: HoldOut) -> Ours:
    """Ours, learned."""
    found = Ours(material)
    found.learn(held.known, seed=0)
    return found


def test_the_facts_are_those_of_the_files(facts: Facts, folder: Path) -> None:
    """Catches acts, outcomes or goals that are lost or given to somebody else on the way through the graph."""
    with (folder / "interactions.csv").open(encoding="utf-8", newline="") as file:
        given = Counter((row["student"], row["item"], row["kind"]) for row in csv.DictReader(file))
    codes = [*facts.jobs.codes, *facts.resources.codes]
    found = Counter(
        (facts.people.codes[student].rpartition(":")[2], codes[item].rpartition(":")[2], KINDS[kind])
        for student, item, kind in zip(*(each.tolist() for each in _columns(facts)), strict=True)
    )
    # Postings that the loader held back have no acts.
    assert not found - given
    assert sum(found.values()) > 0.9 * sum(given.values())
    assert len(facts.people) == TINY.students
    assert (facts.jobs.starts[facts.jobs.starts < NEVER] >= days(np.array([20220101.0]))[0]).all()
    assert (facts.jobs.cluster >= 0).mean() > 0.9


def _columns(facts: Facts) -> tuple[np.ndarray, ...]:
    return facts.acts.student, facts.acts.item, facts.acts.kind


def test_all_rows_run_and_the_oracle_is_above(held: HoldOut, material: Material, folder: Path, tmp_path: Path) -> None:
    """Catches a row that fails on a task, an oracle that is laid on other codes, and a table without ours."""
    wanted = ("popularity", "skill overlap", "plain equations", "ours")
    kept = {name: row for name, row in rows(material).items() if name in wanted}
    truth = Truth.of(folder / "world.json")
    found = bench(held, kept, Plan(seeds=(0,), draws=50), out=tmp_path, ceiling=lambda: Oracle(truth))
    assert {table.task for table in found.tables} == set(TASKS)
    figures = {
        (table.task, line.name): line.metrics["ndcg@10"]
        for table in found.tables
        for line in (*table.lines, table.ceiling)
        if line
    }
    for task in (OUTCOMES, APPLICATIONS, STUDENTS):
        assert figures[task, "ceiling: the oracle"] > figures[task, "popularity"] + 0.05
        assert figures[task, "ours"] > figures[task, "popularity"]
    assert json.loads((tmp_path / "recommend.json").read_text(encoding="utf-8"))["tasks"]


def test_the_truth_of_another_world_is_refused(held: HoldOut, folder: Path) -> None:
    """Catches a ceiling of students who are not there."""
    truth = Truth.of(folder / "world.json")
    with pytest.raises(InputError):
        Oracle(replace(truth, ways={"nobody": ()})).learn(held.known, seed=0)


def test_lists_are_those_of_the_engine(held: HoldOut, ours: Ours) -> None:
    """Catches a list that the benchmark puts in another order than the job does."""
    task = held.tasks[APPLICATIONS]
    [shown] = ask(held, ours, task, [0]).shown
    student, day = int(task.student[0]), int(task.at[0])
    engine = ours.engine.on(np.datetime64(day, "D").item())
    lists = engine.lists(engine.standing(np.array([student]), ours.abilities[[student]]))
    codes = [engine.behaviour.openings.codes[item] for item in lists.item[lists.path == 0].tolist()]
    allowed = set(held.candidates(task, 0).tolist())
    expected = [code for code in codes if held.facts.jobs.codes.index(code) in allowed]
    count = min(len(expected), len(shown))
    assert count > 5
    assert [held.facts.jobs.codes[item] for item in shown[:count].tolist()] == expected[:count]


def test_the_simulation_is_paired_and_used_items_are_gone(ours: Ours, tmp_path: Path) -> None:
    """Catches arms that differ before there is any feedback, feedback without effect, and pictures of nothing."""
    setting = Setting(users=20, weeks=3, shown=5, seeds=(0, 1))
    found = simulate(ours.engine, ours.abilities, setting)
    first = [found.series(arm, "worth")[:, 0].tolist() for arm in ("without", "with")]
    assert first[0] == first[1]
    assert found.series("without", "worth")[:, 1:].tolist() != found.series("with", "worth")[:, 1:].tolist()
    assert found.json() == simulate(ours.engine, ours.abilities, setting).json()
    for path in keep(found, tmp_path):
        assert path.stat().st_size > 100


def test_the_commands_run(graph: Graph, folder: Path, tmp_path: Path) -> None:
    """Catches an option that is not passed on."""
    runner = CliRunner()
    arguments = ["bench", "--task", "recommend", "--world", str(folder / "world.json"), "--out", str(tmp_path)]
    rest = ["--held-out", "4", "--most", "20", "--row", "popularity", "--row", "ours", "--seeds", "1", "--json"]
    result = runner.invoke(app, [*arguments, *rest])
    assert result.exit_code == 0, result.output
    assert {each["task"] for each in json.loads(result.stdout)["tasks"]} == set(TASKS)
    log = tmp_path / "log.csv"
    log.write_text(_log(), encoding="utf-8")
    result = runner.invoke(app, ["bench", "--task", "recommend", "--interactions", str(log), "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "at least level" in result.stdout
    assert "no user" in (tmp_path / "log.held.csv").read_text(encoding="utf-8")
    assert runner.invoke(app, ["bench", "--task", "nothing"]).exit_code != 0


def _log() -> str:
    draw = np.random.default_rng(0)
    lines = [f"{user},{(user + step) % 9},{100 * step + user}" for step in range(6) for user in range(40)]
    return "user,item,time\n,1,2\n" + "\n".join(str(line) for line in draw.permutation(lines)) + "\n"


def test_nothing_later_moves_a_list(graph: Graph, held: HoldOut, ours: Ours) -> None:
    """Catches a leak on the way through the graph: what students did after the hold-out begins is rewritten. Last."""
    start = np.datetime64(int(held.start), "D").item()
    graph.write(
        "MATCH (student:Student)-[edge:INTERACTED]->() WHERE edge.at >= datetime({date: date($day)}) "
        "SET edge.kind = 'apply'",
        day=start,
    )
    graph.write(
        "MATCH (student:Student)-[edge:EMPLOYED_AS]->() WHERE edge.startedOn >= date($day) DETACH DELETE edge",
        day=start,
    )
    facts = read_facts(graph, progress=QUIET)
    again = Ours(read_material(graph, start=held.start, end=held.end, progress=QUIET))
    again.learn(facts.before(held.start), seed=0)
    for name in (APPLICATIONS, "training", OUTCOMES, STUDENTS):
        task = held.tasks[name]
        before, after = (ask(held, each, task, range(min(10, len(task)))) for each in (ours, again))
        np.testing.assert_array_equal(before.better, after.better)
        np.testing.assert_array_equal(before.lists, after.lists)
