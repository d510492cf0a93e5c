"""Which edges of the graph mattered for a forecast: attention x gradient, checked by taking edges away.

An edge e into node v has attention alpha[e]; g[e] is the derivative of the foretold change x by alpha[e]. Without e the
others into v share its attention, so that to first order x moves by

    alpha[e] * (mean - g[e]) / (1 - alpha[e]),   mean = sum over edges f into v of alpha[f] * g[f]

and by -g[e] where e is the only one. One backward pass gives this for every edge of both layers and all heads; for the
edges that move x most the forecast is then computed again without each of them.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

import dgl
import torch
from torch import Tensor

from gnn.batches import Cut, cut_of
from gnn.channels.scatter import Edges, EdgeType
from gnn.dataset import Dataset
from gnn.fusion import CHANNELS
from gnn.network import DemandNetwork, Told

SOLE = 1e-4
"""An edge whose attention leaves less than this to others counts as the only one into its node."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An edge that counted.

    Arguments:
        type: source, verb and target.
        number: place of the edge among those of its type.
        source, target: places of its nodes.
        weight: its attention, mean over heads and layers, 0 to 1.
        effect: how far x moves once the edge is gone: by the first order, or measured.
    """

    type: EdgeType
    number: int
    source: int
    target: int
    weight: float
    effect: float


class Case:
    """One forecast, ready to be asked what it rests on.

    Arguments:
        network: a trained network with the relation channel.
        data: the material.
        cluster, origin: places of the cluster and of the month at whose end is foretold.
    """

    def __init__(self, network: DemandNetwork, data: Dataset, *, cluster: int, origin: int) -> None:
        self._network, self._data = network.eval(), data
        self._row = tuple(torch.tensor([place], device=data.series.device) for place in (cluster, origin))
        with torch.no_grad():
            tables, self._inputs, _ = network.own(data)
            self._own = {name: table[self._row] for name, table in tables.items()}
        self._cut = cut_of(data, *self._row, torch_only=True)

    def told(self) -> Told:
        """Return what is foretold."""
        with torch.no_grad():
            return self._told(self._cut)

    def weights(self) -> dict[str, float]:
        """Return how much each channel counted; sum 1."""
        return dict(zip(CHANNELS, self.told().weights[0].tolist(), strict=True))

    def counted(self) -> list[Counted]:
        """Return every edge that the forecast reads, those first that move x most by the first order."""
        seen: dict[tuple[int, EdgeType], Tensor] = {}
        with ExitStack() as stack, torch.enable_grad():
            for layer, held in enumerate(self._layers()):
                for name, attention in held.attention.items():
                    stack.callback(attention.weighed.register_forward_hook(_keeper(seen, layer, name)).remove)
            change = self._told(self._cut).demand[0, 0]
        slopes = torch.autograd.grad(change, list(seen.values()), allow_unused=True)
        found: dict[tuple[EdgeType, int], Counted] = {}
        for ((layer, type_), alpha), slope in zip(seen.items(), slopes, strict=True):
            if slope is not None:
                for each in self._ranked(layer, type_, alpha=alpha.detach(), slope=slope):
                    before = found.get((type_, each.number))
                    found[type_, each.number] = each if before is None else _joined(before, each)
        return sorted(found.values(), key=lambda each: (-abs(each.effect), each.type, each.number))

    def without(self, edges: Mapping[EdgeType, list[int]]) -> float:
        """Return the change x that is foretold without some edges, numbers by type."""
        blocks = []
        for block in self._cut.blocks:
            kept = {}
            for type_, numbers in edges.items():
                held = block[type_].data[dgl.EID]
                kept[type_] = ~torch.isin(held, torch.tensor(numbers, device=held.device))
            blocks.append(block.only(kept))
        with torch.no_grad():
            return float(self._told(replace(self._cut, blocks=(blocks[0], blocks[1]))).demand[0, 0])

    def measured(self, top: int) -> list[Counted]:
        """Return the edges that move x most, with their measured effects, the largest first.

        Arguments:
            top: most edges.
        """
        whole = float(self.told().demand[0, 0])
        found = [
            replace(each, effect=self.without({each.type: [each.number]}) - whole) for each in self.counted()[:top]
        ]
        return sorted(found, key=lambda each: (-abs(each.effect), each.type, each.number))

    def _layers(self) -> list:
        assert self._network.relation is not None, "a network with the relation channel"
        return [self._network.relation.first, self._network.relation.last]

    def _told(self, cut: Cut) -> Told:
        related = self._network.related(self._data, self._inputs, *self._row, cut=cut)
        return self._network.ended(self._own | {"relation": related})

    def _ranked(self, layer: int, type_: EdgeType, *, alpha: Tensor, slope: Tensor) -> list[Counted]:
        edges: Edges = self._cut.blocks[layer][type_]
        mean = alpha.new_zeros((edges.targets, alpha.shape[1])).index_add(0, edges.target, alpha * slope)
        rest = 1.0 - alpha
        moved = torch.where(rest > SOLE, alpha * (mean[edges.target] - slope) / rest.clamp_min(SOLE), -slope).sum(dim=1)
        numbers = edges.data[dgl.EID]
        ends = _ends(self._data, type_, numbers)
        columns = (numbers.tolist(), *ends, alpha.mean(dim=1).tolist(), moved.tolist())
        return [Counted(type_, *row) for row in zip(*columns, strict=True)]


def _ends(data: Dataset, type_: EdgeType, numbers: Tensor) -> tuple[list[int], list[int]]:
    """Places of both nodes of some edges in the whole graph."""
    held = getattr(data.graph, "origin", data.graph)
    source, target = held.find_edges(numbers.cpu(), etype=type_)
    return source.tolist(), target.tolist()


def _keeper(seen: dict[tuple[int, EdgeType], Tensor], layer: int, name: str):  # type: ignore[no-untyped-def]
    source, verb, target = name.split("|")

    def keep(module: torch.nn.Module, given: tuple[Tensor, ...], weights: Tensor) -> None:
        seen[layer, (source, verb, target)] = weights

    return keep


def _joined(one: Counted, other: Counted) -> Counted:
    """The same edge in both layers."""
    return replace(one, weight=(one.weight + other.weight) / 2, effect=one.effect + other.effect)
