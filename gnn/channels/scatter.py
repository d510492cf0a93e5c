"""The three graph kernels of the relation channel in torch alone, named as those of `dgl.ops` and giving the same.

They run wherever torch runs, so on a GPU too, which the build of dgl for CPUs cannot reach; on a CPU those of dgl are
faster. Edges can be taken away from a plain graph, which is how explanations are checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

EdgeType = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of one type.

    Arguments:
        source, target: places of nodes, [edges].
        targets: number of target nodes.
        data: values of the edges, by name.
    """

    source: Tensor
    target: Tensor
    targets: int
    data: dict[str, Tensor]

    @property
    def edata(self) -> dict[str, Tensor]:
        """Values of the edges, under dgl's name."""
        return self.data

    def only(self, kept: Tensor) -> "Edges":
        """Return the edges of a mask or of places."""
        data = {name: each[kept] for name, each in self.data.items()}
        return Edges(self.source[kept], self.target[kept], self.targets, data)


@dataclass(frozen=True, slots=True)
class Graph:
    """A heterogeneous graph, or a block of one; its names are dgl's.

    Arguments:
        edges: by type.
        counts: nodes by type; of a block its target nodes.
        origin: the dgl graph that it was made of, from which a sampler can cut blocks.
    """

    edges: Mapping[EdgeType, Edges]
    counts: Mapping[str, int]
    origin: Any = None

    @property
    def canonical_etypes(self) -> list[EdgeType]:
        """Types of edges."""
        return list(self.edges)

    @property
    def ntypes(self) -> list[str]:
        """Types of nodes."""
        return list(self.counts)

    dsttypes = ntypes

    def num_nodes(self, name: str) -> int:
        """Number of nodes of a type."""
        return self.counts[name]

    num_dst_nodes = num_nodes

    def num_edges(self, type_: EdgeType) -> int:
        """Number of edges of a type."""
        return len(self.edges[type_].source)

    def __getitem__(self, type_: EdgeType) -> Edges:
        return self.edges[type_]

    def only(self, kept: Mapping[EdgeType, Tensor]) -> "Graph":
        """Return the graph with the edges of some types cut down to masks."""
        edges = {type_: each.only(kept[type_]) if type_ in kept else each for type_, each in self.edges.items()}
        return replace(self, edges=edges)


def plain(graph: Any, *, device: torch.device) -> Graph:
    """Return a dgl graph, or a block of one, as tensors on a device."""
    edges = {}
    for type_ in graph.canonical_etypes:
        source, target = graph.edges(etype=type_)
        data = {name: table.to(device) for name, table in graph.edges[type_].data.items()}
        edges[type_] = Edges(source.to(device), target.to(device), graph.num_dst_nodes(type_[2]), data)
    counts = {name: graph.num_dst_nodes(name) for name in graph.dsttypes}
    return Graph(edges, counts, None if graph.is_block else graph)


def u_add_v(edges: Edges, source: Tensor, target: Tensor) -> Tensor:
    """Return the sum of the values of both ends of each edge, [edges, ...]."""
    return source[edges.source] + target[edges.target]


def edge_softmax(edges: Edges, score: Tensor) -> Tensor:
    """Return the softmax of scores over the edges into each node, in single precision, [edges, heads]."""
    score = score.float()
    place = edges.target[:, None].expand_as(score)
    with torch.no_grad():
        most = score.new_full((edges.targets, score.shape[1]), float("-inf"))
        most = most.scatter_reduce(0, place, score, "amax")
    share = torch.exp(score - most[edges.target])
    total = score.new_zeros((edges.targets, score.shape[1])).index_add(0, edges.target, share)
    return share / total[edges.target]


def u_mul_e_sum(edges: Edges, source: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted sum of what leads into each node, [targets, ...]."""
    message = source[edges.source] * weights
    return message.new_zeros((edges.targets, *message.shape[1:])).index_add(0, edges.target, message)
