"""Training begins at the linear forecast, with every set of channels and with whatever is missing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gnn.baselines.forecaster import may_fit
from gnn.baselines.regression import PENALTIES, ridge
from gnn.config import DemandConfig
from gnn.dataset import Dataset, dataset_of
from gnn.heads import LEAST_SPREAD
from gnn.material import Material
from gnn.model import DemandModel
from gnn.network import DemandNetwork
from gnn.panel import rows
from gnn.start import SEASONS, Start, begin, best_start
from gnn.train import WARM
from tests.gnn.demand import material

GIVEN = material(clusters=6, months=34)
CASES = {
    "all": (GIVEN, DemandConfig()),
    "text of many values": (replace(GIVEN, text=np.tile(GIVEN.text, (1, 1, 9))), DemandConfig(directions=2)),
    "no relations": (GIVEN, DemandConfig(channels=("text", "growth"))),
    "no training": (GIVEN.only(growth=False), DemandConfig(channels=("text", "relation"))),
    "counts": (Material(GIVEN.panel), DemandConfig()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fresh_network_says_what_ridge_regression_says(name: str) -> None:
    """Catches a channel that adds something of its own, weights laid on other values, and a share that fusion takes."""
    given, config = CASES[name]
    every = rows(given.panel)
    data = dataset_of(given, every, horizon=3)
    torch.manual_seed(0)
    network = DemandNetwork(config, data).eval()
    learn = every.label >= 0
    cluster, origin = torch.as_tensor(every.cluster[learn]), torch.as_tensor(every.origin[learn])
    change = torch.as_tensor(every.change[learn])
    begin(network, data, cluster=cluster, origin=origin, change=change, start=Start(0.02))
    with torch.no_grad():
        said = network(data, cluster, origin).demand[:, 0].numpy()
        parts = [table[cluster, origin].double().numpy() for table in network.plain(data).values()]
    design = np.concatenate([*parts, np.ones((len(said), 1))], axis=1)
    expected = design @ ridge(design, change.numpy(), penalty=0.02)
    assert said == pytest.approx(expected, abs=2e-4)
    assert np.std(expected) > 0.1 * np.std(change.numpy())


@pytest.mark.parametrize(("months", "expected"), [(12, max(PENALTIES)), (400, min(PENALTIES))])
def test_the_penalty_is_that_of_the_least_error_on_rows_not_learned_from(months: int, expected: float) -> None:
    """Catches a choice by the rows learned from, which always take the smallest, and one by the greatest error.

    Changes are a plain sum of what is seen plus noise: with few rows a straight line fits the noise, with many it does
    not.
    """
    given = material(clusters=6, months=420)
    every = rows(given.panel)
    data = dataset_of(Material(given.panel), every, horizon=3)
    torch.manual_seed(0)
    network = DemandNetwork(DemandConfig(), data).eval()
    draw = np.random.default_rng(0)

    def part(origins: range) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        cluster, origin = (torch.as_tensor(each.ravel()) for each in np.meshgrid(np.arange(6), origins))
        seen = torch.cat([table[cluster, origin] for table in network.plain(data).values()], dim=1).numpy()
        noise = draw.normal(size=len(seen)) * (3.0 if months == 12 else 0.01)
        return cluster, origin, torch.as_tensor(0.1 * seen.sum(axis=1) + noise)

    found = best_start(network, data, learn=part(range(4, 4 + months)), check=part(range(405, 418)))
    assert found.penalty == expected


def _dated(own: float, *, noise: float) -> tuple[DemandNetwork, Dataset, tuple[torch.Tensor, ...], np.ndarray]:
    """Rows of 12 clusters over four years whose change is a season, stronger in one half than in the other."""
    given = material(clusters=12, months=60)
    every = rows(given.panel)
    data = dataset_of(Material(given.panel), every, horizon=3)
    torch.manual_seed(0)
    network = DemandNetwork(DemandConfig(), data).eval()
    cluster, origin = (torch.as_tensor(each.ravel()) for each in np.meshgrid(np.arange(12), np.arange(3, 60)))
    season = np.sin(2 * np.pi * data.month.numpy() / 12)[origin.numpy()]
    strength = 1.0 + own * np.where(cluster.numpy() < 6, 1.0, -1.0)
    change = strength * season + noise * np.random.default_rng(0).normal(size=len(season))
    return network, data, (cluster, origin, torch.as_tensor(change)), strength * season


def test_a_cluster_may_have_a_season_of_its_own() -> None:
    """Catches seasons laid on other clusters or months, and a share of them that fusion takes."""
    network, data, (cluster, origin, change), truth = _dated(0.5, noise=0.05)
    errors = {}
    for season in SEASONS:
        start = Start(0.001, season)
        begin(network, data, cluster=cluster, origin=origin, change=change, start=start)
        with torch.no_grad():
            said = network(data, cluster, origin).demand[:, 0].numpy()
        errors[season] = float(np.sqrt(np.square(said - truth).mean()))
    assert errors[0.0] > 0.25
    assert errors[0.8] < 0.05


def test_a_fresh_network_is_as_sure_as_its_errors_allow() -> None:
    """Catches a start that is sure of some rows by chance, and one whose spread is not that of its errors."""
    network, data, (cluster, origin, change), _ = _dated(0.0, noise=0.3)
    begin(network, data, cluster=cluster, origin=origin, change=change, start=Start(0.001))
    with torch.no_grad():
        said = network(data, cluster, origin).demand
    assert said[:, 1:].std(dim=0).max() < 1e-6
    narrow = float(torch.exp(said[0, 1])) + LEAST_SPREAD
    assert narrow == pytest.approx(float((change - said[:, 0]).std()), rel=0.15)


@pytest.mark.parametrize("own", [0.0, 0.5])
def test_seasons_of_their_own_are_chosen_where_there_are_any(own: float) -> None:
    """Catches a choice that always takes them, or never."""
    network, data, (cluster, origin, change), _ = _dated(own, noise=0.2)
    learn, check = origin < 45, origin >= 45
    parts = [tuple(each[there] for each in (cluster, origin, change)) for there in (learn, check)]
    found = best_start(network, data, learn=parts[0], check=parts[1])
    assert (found.season > 0) == (own > 0)


def test_the_last_fit_begins_as_the_validation_span_chose() -> None:
    """Catches a last fit on all rows that chooses anew by what it learns from, and a number that is not kept to."""
    every = rows(GIVEN.panel)
    chosen, fit = {}, may_fit(every, horizon=3)
    for name, given in (("open", None), ("fixed", 0.3), ("anywhere", 0.0)):
        model = DemandModel(DemandConfig(epochs=1, patience=1, width=8, hidden=8, ridge=given), GIVEN)
        model.fit(GIVEN.panel, every, fit=fit, seed=0)
        chosen[name] = model.curves[0].start.penalty
        if name == "open":
            assert chosen[name] in PENALTIES[1:]  # what rows learned from would choose is the first
            again = DemandModel(replace(model.config, ridge=chosen[name]), GIVEN)
            again.fit(GIVEN.panel, every, fit=fit, seed=0)
            for one, other in zip(model.members[0].parameters(), again.members[0].parameters(), strict=True):
                assert torch.equal(one, other)
    assert (chosen["fixed"], chosen["anywhere"]) == (0.3, 0.0)


def test_the_start_is_not_kept_before_the_rate_has_risen() -> None:
    """Catches a model whose gap was never learned, because its demand was best before anything was."""
    every = rows(GIVEN.panel)
    model = DemandModel(DemandConfig(epochs=10, patience=1, width=8, hidden=8, learning_rate=1.0), GIVEN)
    model.fit(GIVEN.panel, every, fit=may_fit(every, horizon=3), seed=0)
    [curve] = model.curves
    assert min(curve.check) == curve.check[0]
    assert curve.best > WARM * 10
