"""Rows of each step of training, and what of the graph they need.

Below `full_graph_limit` edges a step takes all rows on the whole graph. Above it rows come in batches, and the relation
channel runs on the blocks that dgl's sampler cuts out for them. Rows of one month stay together: they share skills,
courses and neighbours, so that a batch needs little of the graph.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import dgl
import numpy as np
import torch
from torch import Tensor

from gnn.channels.relation import blocks
from gnn.channels.scatter import Graph, plain
from gnn.config import DemandConfig
from gnn.dataset import Dataset
from gnn.parallel import Ranks


@dataclass(frozen=True, slots=True)
class Cut:
    """What some rows need of the graph.

    Arguments:
        blocks: for the two layers.
        nodes: places of the nodes that the first block reads, by type.
        order: place of each row among the target nodes of the last block, [rows].
    """

    blocks: tuple[Any, Any]
    nodes: dict[str, Tensor]
    order: Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one step.

    Arguments:
        rows: places of the rows of all processes, [rows].
        own: those of this process, a part of `rows`.
        cut: what the own rows need of the graph; None where they read the whole graph.
    """

    rows: Tensor
    own: Tensor
    cut: Cut | None


def edges_of(data: Dataset) -> int:
    """Return the number of edges of the graph."""
    return sum(data.graph.num_edges(type_) for type_ in data.graph.canonical_etypes)


def cut_of(data: Dataset, cluster: Tensor, origin: Tensor, *, fanout: int = 0, torch_only: bool = False) -> Cut:
    """Cut out what rows need.

    Arguments:
        data: its graph is cut.
        cluster, origin: places of the rows.
        fanout: most edges of a type into a node; 0 takes all, and then the result is that of the whole graph.
        torch_only: plain blocks even where dgl could carry them.
    """
    device, graph = data.series.device, data.graph
    held = graph.origin if isinstance(graph, Graph) else graph
    chosen, order = torch.unique((origin * data.series.shape[0] + cluster).cpu(), return_inverse=True)
    found, nodes = blocks(held, chosen, fanout=fanout or None)
    if torch_only or isinstance(graph, Graph):
        found = [plain(block, device=device) for block in found]
    return Cut((found[0], found[1]), {name: each.to(device) for name, each in nodes.items()}, order.to(device))


class Batches:
    """Batches of rows.

    Arguments:
        config: its limit, batch and fan-out count.
        data: material of the rows.
        cluster, origin: places of the rows, [rows].
        ranks: processes that share each batch.
        seed: of the order and of the sampler; None keeps the order and takes all neighbours, as for predictions.
    """

    def __init__(
        self, config: DemandConfig, data: Dataset, cluster: Tensor, origin: Tensor, *, ranks: Ranks, seed: int | None
    ) -> None:
        self._data, self._cluster, self._origin, self._ranks, self._seed = data, cluster, origin, ranks, seed
        related = "relation" in config.channels
        self._sampled = related and edges_of(data) > config.full_graph_limit
        self._parted = related and ranks.size > 1
        self._fanout = config.fanout if seed is not None else 0
        self._count = max(1, -(-len(cluster) // config.batch)) if self._sampled else 1
        self._whole: Batch | None = None

    def __len__(self) -> int:
        return self._count

    def epoch(self, number: int = 0) -> Iterator[Batch]:
        """Yield the batches of one pass over the rows; the same number gives the same batches."""
        if not self._sampled:
            if self._whole is None:
                self._whole = self._batch(torch.arange(len(self._cluster)), fanout=0, cut=self._parted)
            yield self._whole
            return
        for step, rows in enumerate(np.array_split(self._order(number), self._count)):
            if self._seed is not None and self._fanout:
                dgl.seed(hash((self._seed, number, step, self._ranks.rank)) % 2**31)
            yield self._batch(torch.as_tensor(rows), fanout=self._fanout, cut=True)

    def _order(self, number: int) -> np.ndarray:
        origin = self._origin.cpu().numpy()
        if self._seed is None or self._count == 1:
            return np.arange(len(origin))
        months = np.random.default_rng((self._seed, number)).permutation(int(origin.max()) + 1)
        return np.argsort(months[origin], kind="stable")

    def _batch(self, rows: Tensor, *, fanout: int, cut: bool) -> Batch:
        device = self._cluster.device
        own = rows[self._ranks.share(len(rows))].to(device)
        found = cut_of(self._data, self._cluster[own], self._origin[own], fanout=fanout) if cut else None
        return Batch(rows.to(device), own, found)
