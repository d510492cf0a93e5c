"""Fingerprints of graphs on the real server."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypher.fingerprint import Fingerprint, difference, fingerprint, items
from cypher.fingerprint import _canonical as canonical
from cypher.graph import Graph
from cypher.server import Connection

NODES = (
    "CREATE (:Skill {code: 's:1', name: 'Café 技能', weights: [0.5, 1.0], at: datetime('2026-01-01T00:00:00Z')})",
    "CREATE (:Skill {code: 's:2', day: date('2026-01-01'), count: 1, open: true})",
    "CREATE (:Resource:Course {code: 'r:1', name: 'Databases'})",
)
EDGES = (
    "MATCH (a {code: 'r:1'}), (b {code: 's:1'}) CREATE (a)-[:TEACHES {level: 0.5}]->(b)",
    "MATCH (a {code: 's:1'}), (b {code: 's:2'}) CREATE (a)-[:BROADER]->(b)",
)


def drawn(graph: Graph, *statements: str) -> Fingerprint:
    """Replace the graph by one that the statements make."""
    graph.write("MATCH (node) DETACH DELETE node")
    for statement in statements:
        graph.write(statement)
    return fingerprint(graph)


@pytest.fixture
def graph(empty_graph: Connection) -> Any:
    """An empty graph."""
    with Graph(empty_graph) as opened:
        yield opened


def test_same_graph_made_in_another_order(graph: Graph) -> None:
    """Would catch a hash that depends on numbering or order, or that misses a node, a relationship or a kind label."""
    before = drawn(graph, *NODES, *EDGES)
    after = drawn(graph, "CREATE (:Other)", *NODES[::-1], "MATCH (node:Other) DELETE node", *EDGES[::-1])
    assert before == after and before.digest == after.digest and difference(before, after) == []
    assert {name: part.count for name, part in before.nodes.items()} == {"Skill": 2, "Course:Resource": 1}
    assert {name: part.count for name, part in before.relationships.items()} == {"TEACHES": 1, "BROADER": 1}
    assert len(list(items(graph))) == 5


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("MATCH (node {code: 's:2'}) SET node.count = 1.0", "Skill: 2 nodes before and after, but not the same"),
        ("MATCH (node {code: 's:2'}) SET node.count = '1'", "Skill: 2 nodes before and after, but not the same"),
        ("MATCH (node {code: 's:2'}) SET node.day = '2026-01-01'", "Skill: 2 nodes before and after"),
        ("MATCH (node {code: 's:1'}) SET node.weights = [1.0, 0.5]", "Skill: 2 nodes before and after"),
        ("MATCH (node {code: 's:1'}) SET node.at = datetime('2026-01-01T00:00:00.001Z')", "Skill: 2 nodes before"),
        ("MATCH (node {code: 'r:1'}) REMOVE node:Course", "Course:Resource: 1 nodes before, 0 after"),
        ("CREATE ()", "(no label): 0 nodes before, 1 after"),
        ("MATCH (a)-[edge:TEACHES]->(b) CREATE (a)-[:TEACHES {level: 0.5}]->(b)", "TEACHES: 1 relationships before, 2"),
        ("MATCH (a)-[edge:TEACHES]->(b) SET edge.level = 0.25", "TEACHES: 1 relationships before and after, but"),
        ("MATCH (a)-[edge:BROADER]->(b) DELETE edge CREATE (b)-[:BROADER]->(a)", "BROADER: 1 relationships before and"),
    ],
)
def test_every_change_is_named(graph: Graph, change: str, sentence: str) -> None:
    """Would catch a change of type, value, label, direction or number that leaves the hash as it was."""
    before = drawn(graph, *NODES, *EDGES)
    after = drawn(graph, *NODES, *EDGES, change)
    assert before.digest != after.digest
    assert any(each.startswith(sentence) for each in difference(before, after)), difference(before, after)


def test_bookkeeping_does_not_count(graph: Graph) -> None:
    """Would catch a comparison that fails for the times of two loads, or that leaves held rows out with them."""
    before = drawn(graph, *NODES)
    mine = "CREATE (:Load {code: 'load:1'})-[:OF]->(:Skill {code: 's:3'}) CREATE (:LoadBatch {code: 'b'})"
    graph.write(mine)
    graph.write("MATCH (node {code: 's:3'}) DETACH DELETE node")
    assert fingerprint(graph) == before
    assert "Load" in fingerprint(graph, leave_out=()).nodes
    graph.write("CREATE (:HeldRow {code: 'held:1'})")
    assert difference(before, fingerprint(graph)) == ["HeldRow: 0 nodes before, 1 after"]


VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4), st.randoms())
def test_order_of_properties_does_not_count(properties: dict[str, Any], draw: Any) -> None:
    """Would catch a form that follows the order in which the server hands properties out."""
    names = list(properties)
    draw.shuffle(names)
    assert canonical(properties) == canonical({name: properties[name] for name in names})


@given(VALUES, VALUES)
def test_different_values_differ(one: Any, other: Any) -> None:
    """Would catch two values of different types or content that are written alike: 1 and 1.0, NaN and infinity."""
    same = repr(one) == repr(other)
    assert (canonical([one]) == canonical([other])) == same


def test_what_is_no_number() -> None:
    """Would catch infinity and what is no number being written alike."""
    texts = {canonical({"value": [float(each)]}) for each in ("nan", "inf", "-inf")}
    texts |= {canonical({"value": "null"}), canonical({"value": ["NaN"]}), canonical({"value": b"\x00"})}
    assert len(texts) == 6
