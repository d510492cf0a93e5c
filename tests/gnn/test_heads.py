"""Heads, fusion, losses and calibration: probabilities that are some, and weights that mean what they say."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gnn.calibrate import scaled, temperature
from gnn.fusion import GatedFusion
from gnn.heads import below, class_logits, log_density
from gnn.losses import class_balance, contrast, time_decay
from schema.demand import Cuts, demand_class
from schema.derived import DEMAND_CLASSES

CUTS = Cuts(20.0, (-0.2, 0.1, 0.4))
parameters = arrays(np.float32, (6, 4), elements=st.floats(-2, 2, width=32))


@given(parameters, arrays(np.float32, 6, elements=st.integers(0, 300).map(float)))
def test_class_probabilities_sum_to_one(values: np.ndarray, last: np.ndarray) -> None:
    """Catches stretches of the change that overlap or leave a hole."""
    chance = torch.exp(class_logits(torch.as_tensor(values), torch.as_tensor(last), cuts=CUTS))
    assert chance.sum(dim=1).numpy() == pytest.approx(1.0, abs=1e-3)
    assert (chance > 0).all()


@given(st.integers(0, 200), st.integers(0, 400))
def test_a_certain_change_names_its_class(last: int, coming: int) -> None:
    """Catches cut points on the wrong side: a very narrow distribution must name the class of the definition."""
    change = float(np.log((coming + 1) / (last + 1)))
    if min(abs(change - cut) for cut in CUTS.change) < 0.06 or abs(coming - CUTS.low) < 3:
        return
    told = torch.tensor([[change, -9.0, -9.0, -9.0]])
    logits = class_logits(told, torch.tensor([float(last)]), cuts=CUTS)
    if abs(change - float(np.log(20.5 / (last + 1)))) < 0.08:
        return
    assert DEMAND_CLASSES[int(logits.argmax())] == demand_class(last, coming, cuts=CUTS)


@given(parameters)
def test_density_and_distribution_belong_together(values: np.ndarray) -> None:
    """Catches a density that is not the slope of the distribution."""
    told = torch.as_tensor(values, dtype=torch.float64)
    grid = torch.linspace(-12, 12, 4001, dtype=torch.float64)
    for row in told:
        every = row.expand(len(grid), -1)
        # log_density leaves out the constant of the normal distribution.
        mass = torch.trapezoid(torch.exp(log_density(every, grid)) / np.sqrt(2 * np.pi), grid)
        inside = below(every[-1:], grid[-1:]) - below(every[:1], grid[:1])
        assert float(mass) == pytest.approx(float(inside), abs=2e-2)


@given(
    arrays(np.float32, (5, 3, 4), elements=st.floats(-3, 3, width=32)), st.lists(st.booleans(), min_size=3, max_size=3)
)
def test_fusion_weighs_only_what_is_there(vectors: np.ndarray, there: list[bool]) -> None:
    """Catches a channel that counts although it is missing, and weights that do not sum to 1."""
    if not any(there):
        return
    torch.manual_seed(0)
    fusion = GatedFusion(4)
    torch.nn.init.normal_(fusion.weight)
    present = torch.tensor(there).expand(5, -1)
    fused, weights = fusion(torch.as_tensor(vectors), present)
    assert weights.sum(dim=1).detach().numpy() == pytest.approx(1.0, abs=1e-5)
    assert (weights[:, ~torch.tensor(there)] == 0).all()
    other = torch.as_tensor(vectors).clone()
    other[:, ~torch.tensor(there)] = 99.0
    assert torch.allclose(fusion(other, present)[0], fused)


def test_later_samples_and_rare_classes_weigh_more() -> None:
    """Catches a decay that grows with age, and a balance that favours the frequent class."""
    decay = time_decay(torch.tensor([0.0, 10.0, 20.0]), rate=0.1)
    assert decay.tolist() == pytest.approx([1.0, np.exp(-1), np.exp(-2)])
    weight = class_balance(torch.tensor([0, 0, 0, 1]), power=1.0)
    assert weight[3] > weight[0]
    assert float(weight.mean()) == pytest.approx(1.0)
    assert class_balance(torch.tensor([0, 0, 0, 1]), power=0.0).tolist() == pytest.approx([1.0] * 4)


def test_contrast_prefers_clusters_that_lie_together() -> None:
    """Catches a contrastive term with the wrong sign."""
    cluster = torch.tensor([0, 0, 1, 1])
    together = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    mixed = together[[0, 2, 1, 3]]
    assert contrast(together, cluster) < contrast(mixed, cluster)
    assert float(contrast(together, torch.arange(4))) == 0.0


@given(st.floats(0.4, 3.0), st.integers(0, 5))
def test_temperature_finds_what_it_was_made_with(tau: float, seed: int) -> None:
    """Catches a temperature that is applied the wrong way round: labels drawn at a known one must give it back."""
    draw = np.random.default_rng(seed)
    logits = draw.normal(0, 2, (4_000, 5))
    chance = scaled(logits, tau)
    label = (draw.random(4_000)[:, None] > np.cumsum(chance, axis=1)).sum(axis=1).clip(0, 4)
    assert temperature(logits, label) == pytest.approx(tau, rel=0.15)


def test_temperature_keeps_the_order_of_classes() -> None:
    """Catches a scaling that changes which class is named."""
    logits = np.random.default_rng(0).normal(0, 2, (50, 5))
    assert (scaled(logits, 3.0).argmax(axis=1) == logits.argmax(axis=1)).all()
    assert temperature(np.zeros((0, 5)), np.zeros(0, dtype=np.int64)) == 1.0
