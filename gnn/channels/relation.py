"""The relation channel: attention over the heterogeneous graph in time, carried by dgl's kernels on a CPU.

Two layers: the first brings students to the courses and projects that they took, clusters to the skills that they ask
for, skills to capabilities, and near clusters to each other; the second brings all of these to the clusters. Edges
carry their level and age. The same layers run on the whole graph and on the blocks that dgl's sampler cuts out of it.

Attention of one edge type, with heads h (source: Velickovic et al., Graph Attention Networks, 2018, with a term for
the edge):

    alpha[e] = softmax over edges into v of LeakyReLU(a_s . W_s x[u] + a_t . W_t x[v] + a_e . r[e])
    message  = sum over e of alpha[e] V x[u]
"""

from collections.abc import Mapping
from typing import Any

import dgl
import torch
from dgl import ops
from dgl.dataloading import MultiLayerFullNeighborSampler, NeighborSampler
from torch import Tensor, nn

from gnn.channels import scatter
from gnn.channels.scatter import EdgeType
from gnn.channels.ways import hush
from gnn.material import Relation


def heterograph(relation: Relation) -> dgl.DGLGraph:
    """Return the graph in time as a dgl graph; the values of its edges lie under 'values'."""
    data = {name: (torch.as_tensor(each.source), torch.as_tensor(each.target)) for name, each in relation.links.items()}
    nodes = {name: count for name, count in relation.nodes.items() if any(name in (a, b) for a, _, b in data)}
    graph = dgl.heterograph(data, num_nodes_dict=nodes)
    for name, each in relation.links.items():
        graph.edges[name].data["values"] = torch.as_tensor(each.values)
    return graph


class EdgeAttention(nn.Module):
    """Attention over the edges of one type.

    Arguments:
        source, target, edge: values of the two ends and of the edge.
        width: of the message; a multiple of heads.
        heads: >= 1.
    """

    def __init__(self, source: int, target: int, *, edge: int, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.value = nn.Linear(source, width, bias=False)
        self.source = nn.Linear(source, heads, bias=False)
        self.target = nn.Linear(target, heads)
        self.edge = nn.Linear(edge, heads, bias=False)
        self.weighed = nn.Identity()  # whoever asks which edges counted listens here

    def weights(self, graph: Any, source: Tensor, target: Tensor) -> Tensor:
        """Return how much each edge counts; those into one node sum to 1, [edges, heads]."""
        kernels = _kernels(graph)
        score = kernels.u_add_v(graph, self.source(source), self.target(target)) + self.edge(graph.edata["values"])
        return self.weighed(kernels.edge_softmax(graph, nn.functional.leaky_relu(score, 0.2)))

    def forward(self, graph: Any, source: Tensor, target: Tensor) -> Tensor:
        """Return the messages, [target nodes, width]; 0 where no edge leads to."""
        weights = self.weights(graph, source, target)
        values = self.value(source).view(len(source), self.heads, -1)
        return _kernels(graph).u_mul_e_sum(graph, values, weights[:, :, None]).flatten(1)


class Layer(nn.Module):
    """One layer over several edge types: what a node was, plus what each type brings to it.

    Arguments:
        sizes: values of each node type before the layer.
        edges: values of each edge type's edges.
        width: values of each node type after the layer.
        heads: of the attention.
        dropout: 0 to 1.
    """

    def __init__(
        self, sizes: Mapping[str, int], *, edges: Mapping[EdgeType, int], width: int, heads: int, dropout: float
    ) -> None:
        super().__init__()
        self.types = tuple(edges)
        self.attention = nn.ModuleDict(
            {
                "|".join(name): EdgeAttention(sizes[name[0]], sizes[name[2]], edge=size, width=width, heads=heads)
                for name, size in edges.items()
            }
        )
        targets = sorted({target for _, _, target in edges})
        self.own = nn.ModuleDict({f"{name} own": nn.Linear(sizes[name], width) for name in targets})
        self.bent = nn.ModuleDict(
            {f"{name} bent": nn.Sequential(nn.GELU(), nn.Dropout(dropout), nn.Linear(width, width)) for name in targets}
        )

    def forward(self, graph: Any, sources: Mapping[str, Tensor], targets: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the state of each target node, [nodes, width] by type.

        Arguments:
            graph: the whole graph, or a block of it.
            sources, targets: states before the layer, by type; the same on the whole graph.
        """
        result = {}
        for name in sorted({target for _, _, target in self.types}):
            if name not in targets or not len(targets[name]):
                continue
            total = self.own[f"{name} own"](targets[name])
            for type_ in self.types:
                if type_[2] == name and graph.num_edges(type_):
                    total = total + self.attention["|".join(type_)](graph[type_], sources[type_[0]], targets[name])
            result[name] = total + self.bent[f"{name} bent"](total)
        return result

    def hush(self) -> None:
        """Let the first value of every state be 0."""
        for attention in self.attention.values():
            assert isinstance(attention, EdgeAttention)
            hush(attention.value)
        for bent in self.bent.values():
            assert isinstance(bent, nn.Sequential)
            hush(bent[-1])
        hush(*self.own.values())


class RelationChannel(nn.Module):
    """Two layers of attention that end at the clusters.

    Arguments:
        sizes: values of each node type.
        edges: values of each edge type's edges.
        width: of the result.
        heads: of the attention.
        dropout: 0 to 1.
    """

    def __init__(
        self, sizes: Mapping[str, int], *, edges: Mapping[EdgeType, int], width: int, heads: int, dropout: float
    ) -> None:
        super().__init__()
        first = {name: size for name, size in edges.items() if name[2] != "cluster" or name[0] == "cluster"}
        last = {name: size for name, size in edges.items() if name[2] == "cluster"}
        self.first = Layer(sizes, edges=first, width=width, heads=heads, dropout=dropout)
        reached = {target for _, _, target in first}
        middle = {name: width if name in reached else size for name, size in sizes.items()}
        self.last = Layer(middle, edges=last, width=width, heads=heads, dropout=dropout)

    def forward(self, graphs: Any, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the state of each cluster node, [nodes, width].

        Arguments:
            graphs: the whole graph, or the two blocks that a sampler cut out for some cluster nodes.
            inputs: values of the nodes by type; of a block's source nodes where blocks are given.
        """
        if isinstance(graphs, list | tuple):
            first, last = graphs
            reached = _targets(first, inputs)
            middle = reached | self.first(first, inputs, reached)
            return self.last(last, middle, _targets(last, middle))["cluster"]
        return self.layers(graphs, inputs)[0]

    def layers(self, graph: Any, inputs: Mapping[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the state of each cluster node, and those of all nodes that the first layer reached, by type.

        Arguments:
            graph: the whole graph.
            inputs: values of the nodes by type.
        """
        reached = self.first(graph, inputs, inputs)
        middle = dict(inputs) | reached
        return self.last(graph, middle, middle)["cluster"], reached


def _kernels(graph: Any) -> Any:
    return scatter if isinstance(graph, scatter.Edges) else ops


def _targets(block: Any, values: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The target nodes of a block are the first of its source nodes."""
    return {name: table[: block.num_dst_nodes(name)] for name, table in values.items() if name in block.dsttypes}


def blocks(graph: dgl.DGLGraph, clusters: Tensor, *, fanout: int | None = None) -> tuple[list[Any], dict[str, Tensor]]:
    """Cut out what some cluster nodes need, with dgl's neighbour sampler.

    Arguments:
        graph: the whole graph.
        clusters: places of cluster nodes.
        fanout: most edges of a type into a node; None takes all, and then the result is that of the whole graph.

    Returns:
        The two blocks for `RelationChannel.forward`, and the places of the nodes whose inputs they need, by type.
    """
    sampler = MultiLayerFullNeighborSampler(2) if fanout is None else NeighborSampler([fanout, fanout])
    nodes, _, found = sampler.sample(graph, {"cluster": clusters})
    for block in found:
        for name in block.canonical_etypes:
            places = block.edges[name].data[dgl.EID]
            block.edges[name].data["values"] = graph.edges[name].data["values"][places]
    return found, nodes
