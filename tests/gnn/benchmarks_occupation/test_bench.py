"""Features look back only, the network learns, ours is a mixture, and the last half-year stays unseen."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch

from gnn.benchmarks.occupation_skill import bench, network
from gnn.benchmarks.occupation_skill.features import EARLIEST, LAGS, pairs
from gnn.benchmarks.occupation_skill.ranking import ranking
from gnn.benchmarks.occupation_skill.release import Demand
from schema.errors import JobError
from tests.gnn.benchmarks_occupation.publishing import industry

SMALL = network.Settings(width=8, heads=2, hidden=8, steps=10, batch=6)


def tabled(demand: Demand, seeds: tuple[int, ...] = (0, 1)) -> bench.Forecasts:
    """Forecasts of the last half-year, quickly."""
    last = demand.half_years - 1
    return bench.forecasts(demand.until(last), seeds=seeds, settings=SMALL, rounds=4, threads=1)


@pytest.fixture(scope="module")
def made() -> Demand:
    """An industry of seven half-years."""
    return industry(half_years=7)


@pytest.fixture(scope="module")
def first(made: Demand) -> bench.Forecasts:
    """Forecasts of its last half-year."""
    return tabled(made)


def changed(demand: Demand, half: int) -> Demand:
    """The same industry with one half-year that is all different."""
    shares = demand.shares.copy()
    shares[half] = np.where(shares[half] > 0, 0.0, 0.5)
    return dataclasses.replace(demand, shares=shares)


def test_the_last_half_year_is_not_seen(made: Demand, first: bench.Forecasts) -> None:
    """Catches any leak of the half-year to forecast into features, fitting or the weight; the one before does count."""
    other = tabled(changed(made, made.half_years - 1))
    assert other.weight == first.weight
    for name, scores in first.scores.items():
        for got, expected in zip(other.scores[name], scores, strict=True):
            np.testing.assert_array_equal(got, expected)
    before = tabled(changed(made, made.half_years - 2))
    for name, scores in first.scores.items():
        assert any((got != expected).any() for got, expected in zip(before.scores[name], scores, strict=True)), name


def test_features_do_not_look_ahead(made: Demand) -> None:
    """Catches a feature of the half-year itself or a later one."""
    half = made.half_years - 2
    expected = pairs(made, half)
    for later in range(half, made.half_years):
        got = pairs(changed(made, later), half)
        np.testing.assert_array_equal(got.values, expected.values)
        np.testing.assert_array_equal(got.lags, expected.lags)
    # Each known lag counts.
    for lag in range(1, LAGS + 1):
        assert not np.array_equal(pairs(changed(made, half - lag), half).values, expected.values)


def test_features_before_the_first_half_year_are_missing(made: Demand) -> None:
    """Catches an unknown lag that is told as "nobody asked for it", and too short a past."""
    early = pairs(made, EARLIEST)
    place = early.names.index(f"log share {LAGS} back")
    assert np.isnan(early.values[:, :, place]).all()
    assert not np.isnan(pairs(made, LAGS).values).any()
    with pytest.raises(JobError):
        pairs(made, EARLIEST - 1)


def test_a_seed_gives_the_same_scores_again(made: Demand, first: bench.Forecasts) -> None:
    """Catches a seed that is not used, and rows that are the same whatever the seed."""
    again = tabled(made)
    for name in (bench.NETWORK, bench.TREES, bench.OURS):
        for got, expected in zip(again.scores[name], first.scores[name], strict=True):
            np.testing.assert_array_equal(got, expected)
        assert not np.array_equal(*first.scores[name])


def test_the_network_learns_from_the_graph() -> None:
    """Catches messages that do not arrive: with features that say nothing, only the edges can rank the pairs."""
    demand = industry(half_years=6, occupations=20, skills=40, seed=1)
    blind = [dataclasses.replace(pairs(demand, half), values=np.zeros((20, 40, 1), np.float32), names=("nothing",))
             for half in range(EARLIEST, 6)]  # fmt: skip
    truths = [demand.shares[half] > 0 for half in range(EARLIEST, 5)]
    settings = network.Settings(steps=150, batch=20)
    scores = network.forecast(blind[:-1], truths, blind[-1], clusters=demand.clusters, seed=0, settings=settings)
    known = ranking(scores, demand.shares[5] > 0).auc
    # Edges of another industry: the same network, states and truth, and messages that say nothing about this one.
    strange = [dataclasses.replace(each, lags=each.lags[:, ::-1, ::-1]) for each in blind]
    scores = network.forecast(blind[:-1], truths, strange[-1], clusters=demand.clusters, seed=0, settings=settings)
    assert known > 70
    assert known > ranking(scores, demand.shares[5] > 0).auc


def test_the_ranking_loss_looks_at_the_highest_of_the_others() -> None:
    """Catches a loss in which true pairs compete with each other, or in which the others count alike."""
    truth = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    scores = torch.tensor([[3.0, 1.0, 2.0, -1.0]], requires_grad=True)
    got = network.loss(scores, truth, ranked=1.0)
    others = np.exp(2.0) + np.exp(-1.0)
    expected = -np.mean([np.log(np.exp(own) / (np.exp(own) + others)) for own in (3.0, 1.0)])
    assert float(got.detach()) == pytest.approx(expected, abs=1e-6)
    got.backward()
    assert scores.grad is not None
    assert scores.grad[0, 2] > 10 * scores.grad[0, 3] > 0


def test_ours_lies_between_its_experts(first: bench.Forecasts, made: Demand) -> None:
    """Catches a weight that is not used, or used the wrong way round."""
    graph, boosted = first.scores[bench.NETWORK][0], first.scores[bench.TREES][0]
    np.testing.assert_array_equal(bench.mixed(graph, boosted, 0.0), boosted / boosted.std())
    np.testing.assert_array_equal(bench.mixed(graph, boosted, 1.0), graph / graph.std())
    np.testing.assert_array_equal(first.scores[bench.OURS][0], bench.mixed(graph, boosted, first.weight))
    truth = made.shares[-1] > 0
    weight, validation = bench.choose([(truth + 0.0, np.random.default_rng(0).random(truth.shape), truth)])
    assert weight > 0.5
    assert validation[bench.OURS].auc == pytest.approx(100.0)


def test_the_weight_is_chosen_on_all_trials(made: Demand) -> None:
    """Catches a weight that one lucky seed or half-year decides, and evidence that is divided taken for the network."""
    truth = made.shares[-1] > 0
    noise = np.random.default_rng(0).random(truth.shape)
    network_wins, trees_win = (truth + 0.0, noise, truth), (noise, truth + 0.0, truth)
    weight, validation = bench.choose([network_wins, trees_win, trees_win])
    assert weight < 0.5
    assert validation[bench.TREES].auc > validation[bench.NETWORK].auc
    assert bench.choose([network_wins] * 3)[0] > 0.5
    # The network is better on average, and not by more than the trials differ.
    divided, validation = bench.choose([trees_win, network_wins, network_wins])
    assert divided < 0.5
    assert validation[bench.TREES].auc < validation[bench.NETWORK].auc


def test_the_weight_looks_at_two_half_years_and_every_seed(made: Demand) -> None:
    """Catches a half-year or a seed that is left out, and an expert that saw the half-year it is judged on."""
    fitted: list[str] = []

    def keep(name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        fitted.append(name)
        return make()

    past = made.until(EARLIEST + 3)
    bench.forecasts(past, seeds=(0, 1), settings=SMALL, rounds=2, threads=1, keep=keep)
    halves = [EARLIEST, EARLIEST + 1, EARLIEST + 2]
    expected = {
        f"{kind} until {half} seed {seed}" for kind in ("trees", "network") for half in halves for seed in (0, 1)
    }
    assert sorted(fitted) == sorted(expected)


def test_the_table_says_mean_interval_and_every_seed(made: Demand, first: bench.Forecasts) -> None:
    """Catches an interval that is a deviation, and a row that is left out."""
    table = bench.table(made, seeds=(0, 1), settings=SMALL, rounds=4, threads=1)
    assert [row.name for row in table.rows] == list(first.scores)
    row = next(row for row in table.rows if row.name == bench.OURS)
    low, high = sorted(seed.auc for seed in row.seeds)
    assert row.mean.auc == pytest.approx((low + high) / 2)
    # Two seeds: deviation (high - low) / sqrt(2), of the mean half of the range, times Student's 12.706.
    assert row.interval.auc == pytest.approx(12.706 * (high - low) / 2)


def test_too_short_a_past_is_refused(made: Demand) -> None:
    """Catches a weight that is chosen on a half-year that the experts were fitted on."""
    with pytest.raises(JobError):
        bench.forecasts(made.until(EARLIEST + 1), seeds=(0,), settings=SMALL, rounds=1)


def test_progress_is_told(made: Demand) -> None:
    """Catches a silent run of many minutes."""
    told: list[str] = []
    steps = dataclasses.replace(SMALL, steps=50)
    bench.forecasts(made.until(6), seeds=(0,), settings=steps, rounds=2, threads=1, progress=told.append)
    assert any("loss" in text for text in told)
    assert any("weighs" in text for text in told)
