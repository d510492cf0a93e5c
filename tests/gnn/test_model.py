"""The demand model: learns a known law, never sees the future, does without what is missing, and repeats itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gnn.baselines.forecaster import may_fit
from gnn.config import DemandConfig
from gnn.dataset import dataset_of
from gnn.model import DemandModel
from gnn.network import DemandNetwork
from gnn.panel import Panel, rows
from schema.errors import SettingsError
from tests.gnn.demand import material

QUICK = DemandConfig(epochs=40, patience=40, width=16, learning_rate=1e-2, dropout=0.1)


@pytest.fixture(scope="module")
def fitted() -> DemandModel:
    given = material()
    model = DemandModel(QUICK, given)
    every = rows(given.panel)
    model.fit(given.panel, every, fit=may_fit(every, horizon=3), seed=0)
    return model


def test_the_channels_tell_more_than_the_series(fitted: DemandModel) -> None:
    """Catches a channel whose signal does not reach the heads: text and training carry most of this world."""
    given = fitted.material
    every = rows(given.panel)
    test = every.within(every.parts.test)
    alone = DemandModel(replace(QUICK, channels=("text",)), given.only(growth=False, market=False))
    alone.material = replace(alone.material, text=None)
    alone.fit(given.panel, every, fit=may_fit(every, horizon=3), seed=0)
    error = [
        float(np.std(every.change[test] - model.predict(given.panel, every, at=test).change))
        for model in (fitted, alone)
    ]
    assert error[0] < 0.8 * error[1]


def test_what_comes_later_changes_nothing(fitted: DemandModel) -> None:
    """Catches a leak: a forecast that moves when demand, text or training after its origin are rewritten."""
    given = fitted.material
    every = rows(given.panel)
    origin = every.parts.test.start
    at = every.origin == origin
    before = fitted.predict(given.panel, every, at=at)
    values = given.panel.values.copy()
    values[:, origin + 1 :] = 7.0
    text = given.text.copy()
    text[:, origin + 1 :] = 5.0
    later = replace(given, panel=replace(given.panel, values=values), text=text)
    other = DemandModel(QUICK, later, members=fitted.members, tau=fitted.tau, half=fitted.half)
    other.data = dataset_of(later, every, horizon=3, scaling=fitted.scaling)
    found = other.outlook(every, at=at)
    assert found.change == pytest.approx(before.change, abs=1e-5)


def test_the_same_seed_gives_the_same_numbers() -> None:
    """Catches anything drawn without a seed."""
    given = material(clusters=6, months=34)
    every = rows(given.panel)
    test = every.within(every.parts.test)
    found = []
    for seed in (1, 1, 2):
        model = DemandModel(replace(QUICK, epochs=8), given)
        model.fit(given.panel, every, fit=may_fit(every, horizon=3), seed=seed)
        found.append(model.predict(given.panel, every, at=test).probabilities)
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_weights_of_channels_sum_to_one_and_the_gap_is_a_share(fitted: DemandModel) -> None:
    """Catches a fusion that gives weight to nothing, and a gap out of range."""
    every = rows(fitted.material.panel)
    found = fitted.outlook(every, at=every.within(every.parts.test))
    assert found.weights.sum(axis=1) == pytest.approx(1.0)
    assert (found.weights > 0).all()
    assert ((found.gap > 0) & (found.gap < 1)).all()


def test_counts_alone_are_enough() -> None:
    """Catches a model that needs students or texts: what is missing is masked, and it still trains."""
    given = material(clusters=6, months=34, growth=False)
    counts = replace(given, text=None, gap=None)
    every = rows(counts.panel)
    model = DemandModel(replace(QUICK, epochs=5), counts)
    model.fit(counts.panel, every, fit=may_fit(every, horizon=3), seed=0)
    found = model.outlook(every, at=every.within(every.parts.test))
    assert np.isfinite(found.change).all()
    assert found.weights[:, 1] == pytest.approx(0.0)


def test_a_lost_channel_leaves_the_others(fitted: DemandModel) -> None:
    """Catches channel dropout that takes the last channel, which would make every number NaN."""
    network = DemandNetwork(replace(QUICK, channel_dropout=0.5), fitted.data).train()
    every = rows(fitted.material.panel)
    torch.manual_seed(0)
    told = network(fitted.data, torch.as_tensor(every.cluster), torch.as_tensor(every.origin))
    assert torch.isfinite(told.demand).all()
    assert (told.weights == 0).any(dim=1).float().mean() > 0.5


def test_settings_out_of_range_are_refused() -> None:
    """Catches a width that the heads of the attention do not divide, found only deep inside torch."""
    with pytest.raises(SettingsError, match="multiple of"):
        DemandConfig(width=33)
    with pytest.raises(SettingsError, match="channels"):
        DemandConfig(channels=("text", "smell"))


def test_a_panel_of_nothing_but_zeros_has_no_rows() -> None:
    """Catches a crash on clusters that never had a posting."""
    given = material(clusters=4, months=34)
    values = given.panel.values.copy()
    values[0] = 0.0
    panel = Panel("zeros", given.panel.clusters, given.panel.start, values)
    assert not (rows(panel).cluster == 0).any()
