"""The packed way of reading, held against rows that the server gives one by one."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypher import packed
from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot.packed import Categories, categories
from gnn.snapshot.relations import RELATIONSHIPS, read_relations
from schema.errors import QueryError
from tests.gnn.snapshot.worlds import build

SILENT = Progress.silent()
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def drawn(graph) -> Graph:
    """A random world, a hub with more relationships than a vector can hold, and holes in the server's numbering."""
    graph.write("UNWIND range(1, 50) AS n CREATE (:Student {code: 'gone:' + n})")
    build(graph)
    graph.write("MATCH (n:Student) WHERE n.code STARTS WITH 'gone' DELETE n")
    graph.write(
        "MATCH (s:Student {code: 'u:1'}), (r:Resource {code: 'r:3'}) UNWIND range(1, 5000) AS n "
        "CREATE (s)-[:TOOK {term: '2021-1', score: n / 50.0}]->(r)"
    )
    graph.write("MATCH (s:Skill {code: 's:3'}) SET s.closedAt = datetime('2024-01-01T00:00:00Z')")
    return graph


def plain(graph, start, type_, end, columns):
    """Return the relationships row by row, days as numbers and what is missing as None."""
    counts = "" if end in ("Job", "Resource") else "AND coalesce(b.closedAt > $now, true) "
    counts += "" if start in ("Job", "Resource") else "AND coalesce(a.closedAt > $now, true) "
    rows = graph.read(
        f"MATCH (a:{start})-[edge:{type_}]->(b:{end}) WHERE coalesce(edge.closedAt > $now, true) {counts}"
        "AND coalesce(a.rule, '') <> 'unclassified' AND coalesce(b.rule, '') <> 'unclassified' "
        "RETURN a.code AS a, b.code AS b, properties(edge) AS values",
        now=NOW,
    )
    return Counter((row["a"], row["b"], *(number(row["values"].get(name)) for name in columns)) for row in rows)


def number(value):
    """Return a value as it is read: days and instants as numbers."""
    if hasattr(value, "year"):
        return float(value.year * 10000 + value.month * 100 + value.day)
    return float(value) if isinstance(value, bool | int) else value


def told(column):
    """Return a column as a list of texts or numbers, None where there is none."""
    if isinstance(column, Categories):
        return [column.values[place] if place >= 0 else None for place in column.places]
    return [None if np.isnan(value) else float(value) for value in column]


def counted(found, key, columns):
    """Return the relationships that were read as `plain` does."""
    start, _, end = key
    links = found.links[key]
    return Counter(
        zip(
            [found.nodes[start].codes[place] for place in links.start],
            [found.nodes[end].codes[place] for place in links.end],
            *(told(links.columns[name]) for name in columns),
            strict=True,
        )
    )


def test_every_relationship_is_the_one_that_rows_show(drawn):
    """Would catch lists that slip against each other where a value is missing, a lost block, a wrong end or a type
    that is read twice."""
    found = read_relations(drawn, as_of=NOW, progress=SILENT)
    met = 0
    for (start, type_, end), links in found.links.items():
        columns = RELATIONSHIPS[start, type_]
        rows = counted(found, (start, type_, end), columns)
        assert rows == plain(drawn, start, type_, end, columns), (start, type_, end)
        met += len(links) > 0
    assert met >= len(RELATIONSHIPS)
    assert len(found.links["Student", "TOOK", "Resource"]) > packed.WIDTH


def test_many_relationships_of_few_columns_lose_none(drawn):
    """Would catch a record of more numbers than a vector can hold, and relationships that begin at another label."""
    two = "ORDER BY node.code LIMIT 2 WITH collect(node) AS found WITH found[0] AS a, found[1] AS b"
    many = "UNWIND range(1, 5000) AS n CREATE (a)-[:SAME_AS {score: n / 5000.0}]->(b)"
    drawn.write(f"MATCH (node:JobCluster) WITH node {two} {many}")
    drawn.write(f"MATCH (node:Skill) WITH node {two} CREATE (a)-[:SAME_AS]->(b)")
    found = read_relations(drawn, as_of=NOW, only=[("JobCluster", "SAME_AS"), ("Skill", "SAME_AS")], progress=SILENT)
    for label in ("JobCluster", "Skill"):
        columns = RELATIONSHIPS[label, "SAME_AS"]
        rows = counted(found, (label, "SAME_AS", label), columns)
        assert rows == plain(drawn, label, "SAME_AS", label, columns), label
    assert len(found.links["JobCluster", "SAME_AS", "JobCluster"]) >= 5_000 > packed.WIDTH
    assert 0 < len(found.links["Skill", "SAME_AS", "Skill"]) < 5_000


def test_nodes_are_in_order_with_their_properties(drawn):
    """Would catch properties that belong to another node, and closed or unclassified nodes that count."""
    nodes = read_relations(drawn, as_of=NOW, only=[], progress=SILENT).nodes
    assert nodes["JobCluster"].codes == ("j:0", "j:1", "j:2", "j:3")
    assert "s:3" not in nodes["Skill"].codes and len(nodes["Skill"]) == 11
    students = nodes["Student"]
    assert list(students.codes) == sorted(students.codes)
    rows = drawn.read("MATCH (s:Student) RETURN s {.*} AS row ORDER BY s.code")
    for name in ("admittedOn", "admissionScore", "degree", "regionText"):
        assert told(students.columns[name]) == [number(row["row"].get(name)) for row in rows]


def test_order_does_not_depend_on_the_server(drawn, connection):
    """Would catch arrays that differ from run to run, and with them every number that is computed from them."""
    first = read_relations(drawn, as_of=NOW, progress=SILENT)
    # Nodes that are written again get other numbers: the order in which the server gives them changes.
    drawn.write("MATCH (a:Student)-[r:INTERACTED]->(b) WITH a, b, properties(r) AS p, r ORDER BY rand() DELETE r "
                "CREATE (a)-[n:INTERACTED]->(b) SET n = p")  # fmt: skip
    second = read_relations(drawn, as_of=NOW, progress=SILENT)
    for key, links in first.links.items():
        other = second.links[key]
        assert links.start.tolist() == other.start.tolist() and links.end.tolist() == other.end.tolist()
        for name, column in links.columns.items():
            assert told(column) == told(other.columns[name])


def test_what_is_not_declared_is_refused():
    """Would catch a misspelt property, which the server reads as missing everywhere."""
    with pytest.raises(QueryError, match="scores"):
        packed.relationships("TOOK", "Student", ("scores",))
    with pytest.raises(QueryError, match="embedding"):
        packed.nodes("Job", ("embedding",))
    with pytest.raises(QueryError, match="Job"):
        packed.relationships("TOOK", "Job")


@given(st.lists(st.sampled_from(["", "a", "b", "安", "a b"])))
def test_categories_give_the_texts_back(rows):
    """Would catch a place that names another text."""
    column = categories(iter(rows))
    assert [column.values[place] if place >= 0 else "" for place in column.places] == rows
    assert list(column.values) == sorted(set(rows) - {""})
