"""The relation channel: the same on the whole graph and on blocks, and only what counts is brought along."""

import numpy as np
import pytest
import torch

from gnn.channels.relation import RelationChannel, blocks, heterograph
from gnn.material import Links, Relation

COUNTS = {"student": 40, "course": 15, "skill": 20, "cluster": 12}
SIZES = {"student": 5, "course": 2, "skill": 4, "cluster": 6}


@pytest.fixture(scope="module")
def relation() -> Relation:
    """A drawn graph of four kinds of nodes."""
    draw = np.random.default_rng(0)

    def links(source: str, target: str, edges: int) -> Links:
        ends = [draw.integers(0, COUNTS[kind], edges) for kind in (source, target)]
        return Links(ends[0], ends[1], draw.random((edges, 2)).astype(np.float32))

    return Relation(
        COUNTS,
        {},
        {
            ("student", "took", "course"): links("student", "course", 90),
            ("cluster", "asks", "skill"): links("cluster", "skill", 60),
            ("skill", "asked_by", "cluster"): links("skill", "cluster", 60),
            ("course", "trains_for", "cluster"): links("course", "cluster", 40),
            ("cluster", "near", "cluster"): links("cluster", "cluster", 30),
        },
        np.zeros((0, 2), dtype=np.int64),
    )


@pytest.fixture(scope="module")
def channel(relation: Relation) -> RelationChannel:
    """A channel with drawn weights."""
    torch.manual_seed(0)
    edges = dict.fromkeys(relation.links, 2)
    return RelationChannel(SIZES, edges=edges, width=8, heads=2, dropout=0.0).eval()


def values() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return {kind: torch.randn(COUNTS[kind], size) for kind, size in SIZES.items()}


def test_blocks_with_all_neighbours_give_the_same(relation: Relation, channel: RelationChannel) -> None:
    """Catches a sampler that loses edges, or edge values that belong to other edges."""
    graph, inputs = heterograph(relation), values()
    whole = channel(graph, inputs)
    chosen = torch.tensor([7, 2, 11])
    parts, nodes = blocks(graph, chosen)
    found = channel(parts, {kind: inputs[kind][places] for kind, places in nodes.items()})
    assert torch.allclose(found, whole[chosen], atol=1e-5)


def test_fewer_neighbours_give_something_else(relation: Relation, channel: RelationChannel) -> None:
    """Catches a fan-out that is not heeded."""
    graph, inputs = heterograph(relation), values()
    parts, nodes = blocks(graph, torch.arange(COUNTS["cluster"]), fanout=1)
    found = channel(parts, {kind: inputs[kind][places] for kind, places in nodes.items()})
    assert found.shape == (COUNTS["cluster"], 8)
    assert not torch.allclose(found, channel(graph, inputs), atol=1e-4)


def test_attention_into_a_node_sums_to_one(relation: Relation, channel: RelationChannel) -> None:
    """Catches a softmax over the wrong edges."""
    graph, inputs = heterograph(relation), values()
    name = ("student", "took", "course")
    weights = channel.first.attention["|".join(name)].weights(graph[name], inputs["student"], inputs["course"])
    total = torch.zeros(COUNTS["course"], 2).index_add(0, graph.edges(etype=name)[1], weights)
    reached = torch.bincount(graph.edges(etype=name)[1], minlength=COUNTS["course"]) > 0
    assert torch.allclose(total[reached], torch.ones(int(reached.sum()), 2), atol=1e-5)


def test_what_no_path_leads_from_does_not_count(relation: Relation, channel: RelationChannel) -> None:
    """Catches a node that reaches a cluster without an edge: a student who took nothing moves nothing."""
    graph, inputs = heterograph(relation), values()
    whole = channel(graph, inputs)
    idle = sorted(set(range(COUNTS["student"])) - set(relation.links["student", "took", "course"].source.tolist()))
    assert idle
    inputs["student"][idle] += 100.0
    assert torch.equal(channel(graph, inputs), whole)
