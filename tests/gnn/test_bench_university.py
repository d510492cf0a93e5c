"""The loaded graph as a set of the benchmark, on a real graph."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from etl.sources.university import World
from gnn import card
from gnn.benchmarks.bench import Plan, bench
from gnn.benchmarks.sets import OURS
from gnn.benchmarks.trial import Trial
from gnn.benchmarks.university import DIRECTIONS, STEPS, University, principal, training_of
from gnn.benchmarks.verdict import Ceiling
from gnn.config import DemandConfig
from gnn.model import DemandModel
from gnn.snapshot import read_history
from tests.gnn.tiny import SMALL, university

TINY = World(postings=1_200, students=100, months=24, clusters=8, seed=5, start="2022-01")
QUICK = DemandConfig(epochs=3, patience=3, width=16)
QUIET = Progress.silent()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the world lie."""
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture(scope="module")
def graph(connection, driver, folder) -> Iterator[Graph]:
    """A tiny synthetic university, loaded once for the tests of this module."""
    with university(connection, driver, TINY, folder=folder) as opened:
        yield opened


def test_an_earlier_panel_is_what_was_known_then(graph: Graph, tmp_path: Path) -> None:
    """Catches an earlier trial whose neighbours or counts know later postings."""
    source = University(graph, QUICK, None, tmp_path, QUIET)
    whole, early = source.panel(), source.panel(20)
    assert early.months == 20 and early.start == whole.start
    np.testing.assert_array_equal(early.values, whole.values[:, :20])
    through = whole.month(20) - timedelta(days=1)
    alone = University(graph, QUICK, None, tmp_path, QUIET, through=through).panel()
    np.testing.assert_array_equal(early.affinity, alone.affinity)


def test_it_runs_and_is_found_again(graph: Graph, folder: Path, tmp_path: Path) -> None:
    """Catches a set that is read differently each time, and a ceiling that is laid on another world's rows."""
    source = University(graph, QUICK, None, tmp_path / "texts", QUIET)
    plan = Plan(seeds=(0,), rows=("majority", OURS), draws=10)
    ceiling = Ceiling.of(json.loads((folder / "world.json").read_text()), where="world.json")
    first = bench(source, plan, out=tmp_path, ceiling=ceiling)
    assert (first.fits, first.settings) == (2, QUICK.hash)
    assert "| of the ceiling |" in first.markdown()
    again = bench(University(graph, QUICK, None, tmp_path, QUIET), plan, out=tmp_path, ceiling=Ceiling(0.8, rows=1))
    assert (again.fits, again.found) == (0, 2)
    assert "| of the ceiling |" not in again.markdown()
    assert again.table.json() == first.table.json()


def test_texts_and_rows_beside(graph: Graph, tmp_path: Path) -> None:
    """Catches an ablation with the wrong channels, baselines that lack inputs of ours, vectors made twice."""
    source = University(graph, QUICK, SMALL, tmp_path, QUIET)
    trial = Trial.of(source.panel())
    made = {each.name: each for each in source.forecasters(trial, seed=0)}
    assert len(made) == 14 and list(made)[-1] == OURS
    for name, channels in STEPS.items():
        step = made[name]
        assert isinstance(step, DemandModel)
        assert step.config.channels == channels and step.material.market is None
        assert (step.material.growth is not None) == ("growth" in channels)
        assert (step.material.relation is not None) == ("relation" in channels)
    ours = made[OURS]
    assert isinstance(ours, DemandModel) and ours.material.text is not None and ours.material.market is not None
    training = training_of(ours.material)
    assert training is not None
    width = DIRECTIONS + SMALL.leads + training.shape[2]
    assert made["XGBoost"].extra.shape == (*trial.panel.values.shape, width)  # type: ignore[attr-defined]
    empty = trial.panel.values == 0
    assert np.isnan(ours.material.text[empty]).all() and not np.isnan(ours.material.text[~empty]).any()
    [kept] = tmp_path.glob("*.npz")
    written = kept.stat().st_mtime_ns
    again = source.forecasters(trial, seed=0)[-1]
    assert isinstance(again, DemandModel)
    np.testing.assert_array_equal(again.material.text, ours.material.text)
    assert kept.stat().st_mtime_ns == written


def test_directions_come_from_the_training_span() -> None:
    """Catches a mean or a direction that follows from later months."""
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(6, 20, 12))
    vectors[0, 3] = np.nan
    other = vectors.copy()
    other[:, 15:] = 9 * draw.normal(size=(6, 5, 12))
    one, two = (principal(each, stop=15) for each in (vectors, other))
    np.testing.assert_allclose(one[:, :15], two[:, :15])
    assert one.shape == (6, 20, DIRECTIONS) and np.isnan(one[0, 3]).all()


def test_what_a_card_tells_of_the_data(graph: Graph, tmp_path: Path) -> None:
    """Catches counts of another graph, and spans that are a month off."""
    history = read_history(graph, progress=QUIET)
    rows = Trial.of(University(graph, QUICK, None, tmp_path, QUIET).panel()).rows
    found = card.data_of(history, rows)
    assert (found.clusters, found.months, found.first, found.last) == (8, 24, "2022-01", "2023-12")
    assert found.students == graph.read("MATCH (s:Student) RETURN count(s) AS n")[0]["n"]
    # Origins are the months 2 to 20, as 21 to 23 are the outcome of the last; a tenth of them, rounded up, is the test.
    assert found.test == ("2023-08", "2023-09")
    assert found.rows[2] == int(rows.within(range(19, 21)).sum())
