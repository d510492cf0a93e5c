"""Explanations of forecasts: the edges that are named are those without which the forecast moves."""

import random

import numpy as np
import pytest
import torch

from gnn.baselines.forecaster import may_fit
from gnn.config import DemandConfig
from gnn.explanation import Case
from gnn.model import DemandModel
from gnn.panel import rows
from tests.gnn.relations import related

QUICK = DemandConfig(epochs=60, patience=60, width=16, learning_rate=1e-2, dropout=0.1, channels=("text", "relation"))
TOP = 4


@pytest.fixture(scope="module")
def model() -> DemandModel:
    """A model of the world in which one of the skills that a cluster asks for tells what comes."""
    given = related()
    every = rows(given.panel)
    found = DemandModel(QUICK, given)
    found.fit(given.panel, every, fit=may_fit(every, horizon=3), seed=0)
    return found


@pytest.fixture(scope="module")
def cases(model: DemandModel) -> list[Case]:
    """Forecasts of several clusters at the end of several months."""
    months = model.material.panel.months
    return [
        Case(model.members[0], model.data, cluster=cluster, origin=origin)
        for cluster in range(10) for origin in (months - 1, months - 6)
    ]  # fmt: skip


def numbers(edges: list) -> dict:
    found: dict = {}
    for each in edges:
        found.setdefault(each.type, []).append(each.number)
    return found


def test_without_the_named_edges_the_forecast_moves_more(cases: list[Case]) -> None:
    """Catches effects of other edges: as many random ones of the same types must move x less, alone and together."""
    draw = random.Random(0)
    alone, together = [], []
    for case in cases:
        whole = float(case.told().demand[0, 0])
        every = case.counted()
        # Those that push the same way; the effects of others would cancel out.
        top = [each for each in every if each.effect * every[0].effect > 0][:TOP]
        other = []
        for type_, held in numbers(top).items():
            rest = [each for each in every if each.type == type_ and each.number not in held]
            other += draw.sample(rest, min(len(held), len(rest)))
        alone.append(
            [sum(abs(case.without({each.type: [each.number]}) - whole) for each in few) for few in (top, other)]
        )
        together.append([abs(case.without(numbers(few)) - whole) for few in (top, other)])
    for found in (np.array(alone), np.array(together)):
        assert (found[:, 0] > found[:, 1]).mean() >= 0.8
        assert found[:, 0].mean() > 2.5 * found[:, 1].mean()


def test_measured_effects_are_those_of_single_edges_in_order(cases: list[Case]) -> None:
    """Catches edges whose effect is that of another one, and an order by something else."""
    case = cases[2]
    whole = float(case.told().demand[0, 0])
    found = case.measured(6)
    assert len(found) == 6
    sizes = [abs(each.effect) for each in found]
    assert sizes == sorted(sizes, reverse=True)
    for each in found:
        assert each.effect == pytest.approx(case.without({each.type: [each.number]}) - whole, abs=1e-6)
        assert 0.0 <= each.weight <= 1.0


def test_ends_of_edges_are_those_of_the_graph(model: DemandModel, cases: list[Case]) -> None:
    """Catches places within a block that are taken for places in the graph."""
    relation = model.material.relation
    assert relation is not None
    for each in cases[3].counted():
        links = relation.links[each.type]
        assert (links.source[each.number], links.target[each.number]) == (each.source, each.target)


def test_the_first_order_tells_what_deleting_does(cases: list[Case]) -> None:
    """Catches a sign or a share that is wrong: foretold and measured effects of single edges must agree."""
    pairs = []
    for case in cases[:6]:
        whole = float(case.told().demand[0, 0])
        for each in case.counted()[:8]:
            pairs.append((each.effect, case.without({each.type: [each.number]}) - whole))
    foretold, measured = np.array(pairs).T
    assert np.corrcoef(foretold, measured)[0, 1] > 0.9


def test_a_case_is_the_forecast_of_the_model(model: DemandModel, cases: list[Case]) -> None:
    """Catches an explanation of some other forecast, and channels' weights that do not sum to one."""
    months = model.material.panel.months
    with torch.no_grad():
        told = model.members[0](model.data, torch.tensor([3]), torch.tensor([months - 1]))
    case = cases[6]
    assert torch.allclose(case.told().demand, told.demand, atol=1e-5)
    weights = case.weights()
    assert sum(weights.values()) == pytest.approx(1.0, abs=1e-5)
    assert weights["growth"] == 0.0
    assert case.without({}) == pytest.approx(float(told.demand[0, 0]), abs=1e-5)
    # Explaining leaves no trace in the network.
    assert not any(each._forward_hooks for each in model.members[0].modules())
