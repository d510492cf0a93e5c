"""Ours on a log: what one part knows is used, and nothing later than the test moves a score."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gnn.benchmarks.recommend import tuning
from gnn.benchmarks.recommend.interactions import Log, read_log
from gnn.benchmarks.recommend.log_bench import bench_log, split
from gnn.benchmarks.recommend.mixture import Mixture
from gnn.benchmarks.recommend.sequences import Frequent, LinearAutoencoder, Past, Transitions
from gnn.benchmarks.recommend.tuning import Tuned, grids, tune
from schema.errors import JobError
from tests.gnn.benchmarks_recommend import oulad

OULAD = Path(__file__).resolve().parents[4] / "shared" / "data" / "oulad"


def walk(seed: int = 0, *, users: int = 120, items: int = 30, steps: int = 12) -> Log:
    """Return users who go from each item to the next one, beginning anywhere, with a slip now and then."""
    draw = np.random.default_rng(seed)
    rows = {}
    for user in range(users):
        item, at = int(draw.integers(items)), float(draw.random() * 100)
        for _ in range(steps):
            rows.setdefault((user, item), at)
            at += float(draw.random())
            item = (item + 1) % items if draw.random() < 0.9 else int(draw.integers(items))
    user, item = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    at = np.array(list(rows.values()))
    order = np.argsort(at, kind="stable")
    return Log(
        tuple(f"u{place:03d}" for place in range(users)),
        tuple(f"i{place:03d}" for place in range(items)),
        user[order],
        item[order],
        at[order],
    )


def test_ours_is_level_with_the_best(tmp_path: Path) -> None:
    """Catches weights that are learned against the answer, and a part that is lost on the way."""
    found = bench_log(walk(), name="walk", out=tmp_path, draws=100, network=False)
    [table] = found.tables
    scores = {line.name: line.metrics["ndcg@10"] for line in table.lines}
    assert scores["transitions"] > scores["popularity"] + 0.2
    assert scores["ours"] > scores["transitions"] - 0.02
    assert found.verdicts[0].met
    assert (tmp_path / "recommend.walk.md").exists()


def test_nothing_later_moves_a_score() -> None:
    """Catches a weight or a count that looks into the test."""
    log = walk()
    past, start, _ = split(log)
    later = log.at >= past.now
    other = Log(log.users, log.items, log.user, np.where(later, 0, log.item), log.at)
    said = []
    for each in (log, other):
        known, begin, _ = split(each)
        tuned = tune(known, begin, network=False)
        ours = Mixture(lambda tuned=tuned: [each.make() for each in tuned], begin)
        ours.learn(known, seed=0)
        said.append(ours.scores(np.arange(20)))
    assert start == begin
    np.testing.assert_array_equal(said[0], said[1])


def test_the_best_setting_of_the_validation_span_is_taken(tmp_path: Path) -> None:
    """Catches a grid that is not judged, a worst setting that is taken, and a row that the report says nothing of."""
    past, start, _ = split(walk())
    seen: list[str] = []

    def keep(name: str, make: Callable[[], float]) -> float:
        seen.append(name)
        return make()

    tuned = tune(past, start, network=False, keep=keep)
    expected = grids(1.0, network=False)
    assert {each.name: tuple(each.tried) for each in tuned} == {name: tuple(grid) for name, grid in expected.items()}
    assert len(seen) == sum(len(grid) for grid in expected.values())
    for each in tuned:
        assert each.tried[each.chosen] == max(each.tried.values())
        assert each.make().name == each.name
    popular = next(each for each in tuned if each.name == Frequent.name)
    assert len(set(popular.tried.values())) > 1
    found = bench_log(walk(), name="walk", out=tmp_path, draws=10, network=False)
    assert all(str(each) in found.about for each in tuned)


def test_lightgcn_is_a_row_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Catches a row that is left out, and settings of the grid that do not reach the network."""
    monkeypatch.setattr(tuning, "LAYERS", (1, 2))
    monkeypatch.setattr(tuning, "PACES", ((1, 0.03), (40, 0.03)))
    monkeypatch.setattr(tuning, "BATCH", 256)
    log = walk(users=60, items=12, steps=8)
    found = bench_log(log, name="walk", out=tmp_path, draws=10)
    [table] = found.tables
    assert "LightGCN" in [line.name for line in table.lines]
    past, start, _ = split(log)
    network = next(each for each in tune(past, start) if each.name == "LightGCN")
    assert isinstance(network, Tuned)
    assert len(network.tried) == 4
    assert len(set(network.tried.values())) > 1
    assert found.settings["tuned"]["LightGCN"]["chosen"] == network.chosen


@pytest.mark.parametrize("share", [0.1, 0.2, 0.4])
def test_the_test_is_the_last_share(share: float) -> None:
    """Catches a share that is not passed on, and a validation span that reaches into the test."""
    log = walk()
    past, start, asked = split(log, test=share)
    assert len(past.user) == pytest.approx((1 - share) * len(log), abs=2)
    assert (past.at >= start).sum() == pytest.approx(0.1 * len(log), abs=2)
    assert past.at.max() < past.now
    assert 0 < len(asked) <= len(log) - len(past.user)


def test_the_autoencoder_is_the_minimum() -> None:
    """Catches a sign or a diagonal that is not 0: no small step may lower the ridge loss."""
    draw = np.random.default_rng(0)
    seen = draw.random((30, 6)) < 0.4
    user, item = np.nonzero(seen)
    past = Past(user, item, np.arange(len(user), dtype=float), 30, 6, 1e9)
    row = LinearAutoencoder(reg=2.0)
    row.learn(past, seed=0)
    weights = row._weights
    matrix = seen.astype(float)

    def loss(given: np.ndarray) -> float:
        return float(((matrix - matrix @ given) ** 2).sum() + 2.0 * (given**2).sum())

    assert np.diag(weights) == pytest.approx(0.0)
    for _ in range(50):
        step = 1e-3 * draw.standard_normal(weights.shape)
        np.fill_diagonal(step, 0.0)
        assert loss(weights + step) > loss(weights)


def test_transitions_are_chances() -> None:
    """Catches rows that do not sum to 1."""
    past, _, _ = split(walk())
    row = Transitions()
    row.learn(past, seed=0)
    found = np.exp(row.scores(np.arange(30)))
    assert (found.sum(axis=1) <= 1.0 + 1e-9).all()
    assert (found > 0).all()


def test_users_who_never_come_back() -> None:
    """Catches a benchmark of nothing."""
    count = 30
    log = Log(
        tuple(map(str, range(count))), ("one",), np.arange(count), np.zeros(count, np.int64), np.arange(count) * 1.0
    )
    with pytest.raises(JobError):
        split(log)


@pytest.mark.skipif(not OULAD.exists(), reason="the public data are not here")
def test_oulad_is_a_log(tmp_path: Path) -> None:
    """Catches a converter that loses submissions, on the real files."""
    path = tmp_path / "oulad.csv"
    oulad.write(OULAD, path)
    log = read_log(path)
    assert not log.held
    assert len(log.users) > 28_000
    assert 60 < len(log.items) < 120
    past, _, asked = split(log)
    assert len(asked) > 5_000
    assert len(past.user) > 150_000
