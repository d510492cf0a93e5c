"""Sampled blocks and plain torch give what the whole graph and dgl give, and half precision stays near."""

from collections.abc import Callable
from dataclasses import replace

import dgl
import numpy as np
import pytest
import torch

from gnn.baselines.forecaster import may_fit
from gnn.batches import Batches, cut_of, edges_of
from gnn.channels.relation import EdgeAttention
from gnn.channels.scatter import plain
from gnn.config import DemandConfig
from gnn.dataset import Dataset, dataset_of
from gnn.device import Place
from gnn.model import DemandModel
from gnn.network import DemandNetwork, Told
from gnn.panel import Rows, rows
from gnn.parallel import Ranks
from gnn.train import Samples, objective, train, weights
from schema.errors import SettingsError
from tests.gnn.relations import related

SURE = DemandConfig(epochs=6, patience=6, width=16, learning_rate=1e-2, dropout=0.0, channel_dropout=0.0, balance=0.5)
SAMPLED = replace(SURE, full_graph_limit=0, fanout=0, batch=100_000)
PLAIN = Place(plain=True)


@pytest.fixture(scope="module")
def every() -> Rows:
    return rows(related(clusters=6, months=32).panel)


@pytest.fixture(scope="module")
def data(every: Rows) -> Dataset:
    return dataset_of(related(clusters=6, months=32), every, horizon=3)


def step(network: DemandNetwork, data: Dataset, every: Rows, told: Callable[[Samples], Told]) -> tuple[float, list]:
    """Loss and gradients of one step over the training span."""
    samples = Samples.of(every, every.within(every.parts.train))
    network.zero_grad(set_to_none=True)
    loss = objective(
        network.config, data, every, samples=samples, weight=weights(network.config, samples), told=told(samples),
        every=samples.cluster, ranks=Ranks(),
    )  # fmt: skip
    loss.backward()
    return float(loss.detach()), [torch.zeros(1) if each.grad is None else each.grad for each in network.parameters()]


@pytest.mark.parametrize("torch_only", [False, True])
def test_blocks_give_loss_and_gradients_of_the_whole(data: Dataset, every: Rows, torch_only: bool) -> None:
    """Catches rows that read the block of another row, lost edges, and a kernel whose gradient is wrong."""
    torch.manual_seed(3)
    network = DemandNetwork(SURE, data)
    whole = step(network, data, every, lambda each: network(data, each.cluster, each.origin))

    def cut(each: Samples) -> Told:
        found = cut_of(data, each.cluster, each.origin, torch_only=torch_only)
        return network(data, each.cluster, each.origin, cut=found)

    parts = step(network, data, every, cut)
    assert parts[0] == pytest.approx(whole[0], abs=1e-5)
    for one, other in zip(parts[1], whole[1], strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_one_batch_with_all_neighbours_trains_as_the_whole_graph(data: Dataset, every: Rows) -> None:
    """Catches a loss, schedule or check that differs once rows come in batches."""
    spans = {"fit": every.within(every.parts.train), "check": every.within(every.parts.valid), "seed": 4}
    _, whole = train(SURE, data, every, **spans)
    _, parts = train(SAMPLED, data, every, **spans)
    assert parts.fit == pytest.approx(whole.fit, abs=2e-4)
    assert parts.check == pytest.approx(whole.check, abs=2e-4)
    assert whole.fit[-1] < whole.fit[0]


def test_a_model_above_the_limit_foretells_in_batches(every: Rows) -> None:
    """Catches predictions from sampled neighbours, and batches that come back in another order."""
    given = related(clusters=6, months=32)
    model = DemandModel(replace(SAMPLED, fanout=2, batch=37, epochs=2), given)
    model.fit(given.panel, every, fit=may_fit(every, horizon=3), seed=0)
    at = np.ones(len(every), dtype=bool)
    parts = model.outlook(every, at=at)
    model.config = SURE
    whole = model.outlook(every, at=at)
    assert np.exp(parts.logits) == pytest.approx(np.exp(whole.logits), abs=1e-4)
    for name in ("change", "gap", "weights", "fused"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), abs=1e-4)


def test_sampled_training_learns_and_repeats_itself(data: Dataset, every: Rows) -> None:
    """Catches a sampler without a seed, a fan-out that is not heeded, and steps that leave the loss as it was."""
    config = replace(SAMPLED, batch=60, fanout=2, epochs=5)
    spans = {"fit": every.within(every.parts.train), "check": every.within(every.parts.valid), "seed": 4}
    curves = [train(each, data, every, **spans)[1] for each in (config, config, replace(config, fanout=0))]
    assert curves[0].fit == curves[1].fit
    assert curves[0].fit != curves[2].fit
    assert curves[0].fit[-1] < curves[0].fit[0]


def test_a_pass_holds_every_row_once(data: Dataset, every: Rows) -> None:
    """Catches rows that are learned from twice or left out, and batches that are the same in each pass."""
    samples = Samples.of(every, every.within(every.parts.train))
    config = replace(SAMPLED, batch=50)
    passes = []
    for rank in range(2):
        batches = Batches(config, data, samples.cluster, samples.origin, ranks=Ranks(rank, 2), seed=1)
        passes.append([[batch.own for batch in batches.epoch(number)] for number in range(2)])
        assert len(batches) == -(-len(samples.cluster) // 50)
        assert max(len(batch.rows) for batch in batches.epoch(0)) <= 50
    for number in range(2):
        held = torch.cat([own for each in passes for own in each[number]])
        assert sorted(held.tolist()) == list(range(len(samples.cluster)))
    assert not torch.equal(passes[0][0][0], passes[0][1][0])


def test_blocks_of_a_batch_are_smaller_than_the_graph(data: Dataset, every: Rows) -> None:
    """Catches a batch that reads the whole graph after all."""
    samples = Samples.of(every, every.within(every.parts.train))
    few = cut_of(data, samples.cluster[:6], samples.origin[:6])
    assert few.blocks[0].num_edges() < edges_of(data) / 4


def test_plain_attention_is_that_of_dgl() -> None:
    """Catches a softmax over the wrong edges, and nodes without edges that are not 0."""
    torch.manual_seed(0)
    ends = torch.randint(0, 30, (2, 90)), torch.randint(0, 12, (2, 90))
    graph = dgl.heterograph({("a", "to", "b"): (ends[0][0], ends[1][0])}, num_nodes_dict={"a": 30, "b": 20})
    graph.edges["to"].data["values"] = torch.randn(90, 3)
    attention = EdgeAttention(4, 5, edge=3, width=8, heads=2)
    source, target = torch.randn(30, 4), torch.randn(20, 5)
    type_ = ("a", "to", "b")
    other = plain(graph, device=torch.device("cpu"))
    found = attention(other[type_], source, target)
    assert torch.allclose(found, attention(graph[type_], source, target), atol=1e-6)
    assert not found[12:].any()
    # Scores far apart must not overflow.
    with torch.no_grad():
        attention.edge.weight.mul_(1e3)
    assert torch.allclose(attention(other[type_], source, target), attention(graph[type_], source, target), atol=1e-5)


def test_training_on_plain_graphs_is_that_on_dgl(every: Rows) -> None:
    """Catches a model that a GPU, where dgl does not run, would train differently; sampling from it works too."""
    given = dataset_of(related(clusters=6, months=32), every, horizon=3)
    spans = {"fit": every.within(every.parts.train), "check": None, "seed": 4}
    _, first = train(SURE, given, every, **spans)
    _, second = train(SURE, PLAIN.put(given), every, place=PLAIN, **spans)
    _, third = train(SAMPLED, PLAIN.put(given), every, place=PLAIN, **spans)
    assert second.fit == pytest.approx(first.fit, abs=2e-4)
    assert third.fit == pytest.approx(first.fit, abs=2e-4)


def test_half_precision_is_finite_and_near(every: Rows) -> None:
    """Catches a density in bfloat16, whose errors would swamp the loss, and a setting that is not heeded."""
    half = Place(half=True, plain=True)
    given = half.put(dataset_of(related(clusters=6, months=32), every, horizon=3))
    spans = {"fit": every.within(every.parts.train), "check": every.within(every.parts.valid), "seed": 4}
    network, curve = train(SURE, given, every, place=half, **spans)
    _, whole = train(SURE, given, every, place=PLAIN, **spans)
    assert np.isfinite(curve.fit).all()
    assert curve.fit == pytest.approx(whole.fit, abs=0.05)
    assert curve.fit != whole.fit
    assert all(each.dtype == torch.float32 for each in network.parameters())


def test_a_batch_of_nothing_is_refused() -> None:
    """Catches an endless pass."""
    with pytest.raises(SettingsError, match="batch"):
        DemandConfig(batch=0)
    with pytest.raises(SettingsError, match="fanout"):
        DemandConfig(fanout=-1)
