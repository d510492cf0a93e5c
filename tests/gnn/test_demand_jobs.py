"""Train, encode, relate and forecast on a real graph: each hands over to the next through the graph alone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from etl.sources.university import World
from gnn import artifact as artifacts
from gnn.config import DemandConfig
from gnn.dataset import dataset_of
from gnn.jobs import explaining, inference, training
from gnn.jobs.texts import with_text
from gnn.jobs.training import TrainReport
from gnn.material import material_of
from gnn.panel import rows
from gnn.snapshot import read_embeddings, read_history, read_past
from schema.errors import JobError, SettingsError
from tests.gnn.channels.interruption import Killed, Killing
from tests.gnn.tiny import SMALL, university

TINY = World(postings=1_500, students=120, months=20, clusters=8, seed=3, start="2022-01")
QUICK = DemandConfig(epochs=4, patience=4, width=16)
QUIET = Progress.silent()


@pytest.fixture(scope="module")
def graph(connection, driver, tmp_path_factory) -> Iterator[Graph]:
    """A tiny synthetic university, loaded once for the tests of this module."""
    with university(connection, driver, TINY, folder=tmp_path_factory.mktemp("tiny")) as opened:
        yield opened


@pytest.fixture(scope="module")
def trained(graph: Graph, tmp_path_factory) -> TrainReport:
    """A model of a few epochs; what it is worth does not matter here."""
    return training.train(graph, QUICK, SMALL, models=tmp_path_factory.mktemp("models"), progress=QUIET)


def test_what_training_leaves_behind(trained: TrainReport) -> None:
    """Catches an artifact that cannot be used without training again, and figures that were not measured."""
    assert {path.name for path in trained.folder.iterdir()} >= {
        "demand.json", "demand.safetensors", "curves.json", "curves.png", "confusion.png", "text",
    }  # fmt: skip
    assert trained.folder == artifacts.latest(trained.folder.parent)
    again = artifacts.read(trained.folder)
    assert again.code == trained.code
    assert again.config == QUICK
    assert 0 <= trained.metrics["testAccuracy"] <= 1
    assert trained.metrics["testRows"] > 0
    assert len(json.loads((trained.folder / "curves.json").read_text())[0]["fit"]) <= QUICK.epochs


def test_forecasts_follow_from_the_vectors_on_the_graph(graph: Graph, trained: TrainReport) -> None:
    """Catches a hand-over that loses something: the forecast from stored vectors must be that of the whole network."""
    with pytest.raises(JobError, match="encode"):
        inference.relate(graph, trained.folder, progress=QUIET)
    encoded = inference.encode(graph, trained.folder, progress=QUIET)
    assert encoded.written > 1_000
    with pytest.raises(JobError, match="relate"):
        inference.generate(graph, trained.folder, progress=QUIET)
    related = inference.relate(graph, trained.folder, progress=QUIET)
    assert set(related.written) == {"JobCluster", "Skill", "Student", "Resource"}
    report = inference.generate(graph, trained.folder, progress=QUIET)
    found = graph.read(
        "MATCH (c:JobCluster)-[:HAS_FORECAST]->(f:Forecast {generation: $generation}) "
        "RETURN c.code AS code, f.change AS change, f.probabilities AS probabilities ORDER BY code",
        generation=report.generation,
    )
    assert len(found) == 8
    assert all(sum(row["probabilities"]) == pytest.approx(1.0) for row in found)
    # The same without the graph in between.
    artifact = artifacts.read(trained.folder)
    history = read_history(graph, progress=QUIET)
    material = inference.material_for(graph, artifact, trained.folder, history=history, progress=QUIET)
    every = inference.rows_for(artifact, material)
    data = dataset_of(material, every, horizon=QUICK.horizon, scaling=artifact.scaling)
    import torch

    network = artifact.network(data)
    last = torch.full((len(history.clusters),), history.months - 1)
    with torch.no_grad():
        told = network(data, torch.arange(len(history.clusters)), last)
    expected = dict(zip(history.clusters, np.expm1(told.demand[:, 0].double().numpy()), strict=True))
    for row in found:
        assert row["change"] == pytest.approx(expected[row["code"]], abs=1e-5)


def test_states_of_the_last_month_need_no_earlier_one(graph: Graph, trained: TrainReport) -> None:
    """Catches an edge or a term that is left out of what an update reads, though a vector depends on it."""
    import torch

    inference.encode(graph, trained.folder, progress=QUIET)
    artifact = artifacts.read(trained.folder)
    history, postings = read_past(graph, progress=QUIET)
    whole = inference.material_for(graph, artifact, trained.folder, history=history, progress=QUIET)
    months = artifact.config.lags
    last = inference.latest_material(artifact, history)
    last = with_text(graph, artifact, trained.folder, last, postings=postings, months=months, progress=QUIET)
    assert whole.relation is not None
    assert last.relation is not None
    assert sum(map(len, last.relation.links.values())) < sum(map(len, whole.relation.links.values()))
    found = []
    for material in (whole, last):
        every = inference.rows_for(artifact, material)
        data = dataset_of(material, every, horizon=QUICK.horizon, scaling=artifact.scaling)
        with torch.no_grad():
            found.append(inference.states_of(artifact.network(data), data, history))
    assert found[0].keys() == found[1].keys() == {"JobCluster", "Skill", "Student", "Resource"}
    for label, (codes, vectors) in found[0].items():
        assert found[1][label][0] == codes
        assert found[1][label][1] == pytest.approx(vectors, abs=1e-5), label


def test_a_job_run_again_changes_nothing(graph: Graph, trained: TrainReport) -> None:
    """Catches a second run that writes vectors again, or other ones."""
    inference.encode(graph, trained.folder, progress=QUIET)
    before = read_embeddings(graph, "Job", progress=QUIET)
    again = inference.encode(graph, trained.folder, progress=QUIET)
    assert again.written == 0
    assert again.passed_over == len(before[0])
    after = read_embeddings(graph, "Job", progress=QUIET)
    assert np.array_equal(before[1], after[1])


def test_an_explanation_names_what_the_graph_holds(graph: Graph, trained: TrainReport) -> None:
    """Catches places that are named by the code of something else, and an explanation of another forecast."""
    inference.encode(graph, trained.folder, progress=QUIET)
    cluster = read_history(graph, progress=QUIET).clusters[2]
    report = explaining.explain(graph, trained.folder, cluster, top=60, progress=QUIET)
    assert len(report.edges) == 60
    assert sum(report.weights.values()) == pytest.approx(1.0, abs=1e-5)
    labels = {"cluster": "JobCluster", "skill": "Skill", "capability": "Capability", "student": "Student"}
    for each in report.edges:
        for kind, code in ((each.source_kind, each.source), (each.target_kind, each.target)):
            label = labels.get(kind, "Resource")
            assert graph.read(f"MATCH (n:{label} {{code: $code}}) RETURN n.code AS code", code=code)
        assert (each.source_at[4:] in ("-1", "-2")) == (each.source_kind in ("course", "project", "student"))
    # A skill that a cluster asks for is one that its postings require.
    asked = [each for each in report.edges if each.verb == "asked_by" and each.target == cluster]
    assert asked
    for each in asked:
        assert graph.read(
            "MATCH (:JobCluster {code: $cluster})<-[:IN_CLUSTER]-(:Job)-[:REQUIRES]->(s:Skill {code: $skill}) "
            "RETURN s.code AS code LIMIT 1",
            cluster=cluster, skill=each.source,
        )  # fmt: skip
    with pytest.raises(JobError, match="nowhere"):
        explaining.explain(graph, trained.folder, "nowhere", progress=QUIET)


def test_an_artifact_does_not_lose_members(graph: Graph, tmp_path: Path) -> None:
    """Catches a training of three networks of which the artifact silently keeps the first."""
    with pytest.raises(SettingsError, match="3 members"):
        training.train(graph, replace(QUICK, members=3), None, models=tmp_path, progress=QUIET)


def test_a_killed_training_keeps_the_posting_encoder(graph: Graph, tmp_path: Path) -> None:
    """Catches hours of work on texts that are done again, and a half-written artifact that a job would take."""
    with pytest.raises(Killed):
        training.train(graph, QUICK, SMALL, models=tmp_path, progress=Killing("Training the demand model", 2))
    with pytest.raises(JobError, match="gnn train"):
        artifacts.latest(tmp_path)
    again = training.train(graph, QUICK, SMALL, models=tmp_path, progress=Killing("Adapting", 1))
    assert (again.folder / "text" / "posting.safetensors").exists()
    assert artifacts.latest(tmp_path) == again.folder


def test_other_material_is_refused(graph: Graph, trained: TrainReport) -> None:
    """Catches weights that are loaded into a network of another shape, or silently left out."""
    artifact = artifacts.read(trained.folder)
    history = read_history(graph, progress=QUIET)
    material = replace(material_of(history), growth=None, text=None)
    every = rows(material.panel, future=True)
    data = dataset_of(material, every, horizon=3)
    with pytest.raises(JobError, match="other inputs"):
        artifact.network(data)


def test_without_a_model_the_error_says_what_to_run(tmp_path: Path) -> None:
    """Catches a bare FileNotFoundError."""
    with pytest.raises(JobError, match="gnn train"):
        artifacts.latest(tmp_path)
    with pytest.raises(JobError, match="gnn train"):
        artifacts.read(tmp_path)


def test_no_edge_leads_from_the_future(graph: Graph) -> None:
    """Catches a leak in the graph in time: an edge from a later month or an unfinished term into a cluster's month."""
    history = read_history(graph, progress=QUIET)
    material = material_of(history)
    relation, growth = material.relation, material.growth
    assert relation is not None and growth is not None
    clusters, resources = len(history.clusters), len(history.resources)
    counts = {"cluster": clusters, "skill": len(history.skills), "capability": len(history.capabilities)}
    for (source, _, target), links in relation.links.items():
        if source in counts and target in counts:
            assert (links.source // counts[source] == links.target // counts[target]).all()
        elif target == "cluster":
            term, month = links.source // resources, links.target // clusters
            assert (term <= growth.known[month]).all()
        else:
            assert (relation.students[links.source, 1] == links.target // resources).all()


def test_an_earlier_day_gives_what_was_known_then(graph: Graph) -> None:
    """Catches profiles, neighbours or training that know later postings: a history cut off agrees with the whole."""
    whole = read_history(graph, progress=QUIET)
    cut = whole.months - 5
    month = material_of(whole).panel.month(cut)
    early = material_of(read_history(graph, through=month.replace(day=1) - timedelta(days=1), progress=QUIET), until=9)
    late = material_of(whole, until=9)
    assert early.panel.months == cut
    assert np.array_equal(early.panel.values, late.panel.values[:, :cut])
    assert early.market is not None and late.market is not None
    assert np.allclose(early.market, late.market[:, :cut])
    name = ("cluster", "near", "cluster")
    assert early.relation is not None and late.relation is not None
    limit = cut * len(whole.clusters)
    kept = late.relation.links[name].target < limit
    assert np.array_equal(early.relation.links[name].source, late.relation.links[name].source[kept])
    assert np.allclose(early.relation.links[name].values, late.relation.links[name].values[kept])
