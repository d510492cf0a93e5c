"""Every query file of the package, held against a real server: its plan, its columns, its sample run.

A new query file needs nothing here. Lines ``// example NAME: VALUE`` in its header let it be run as well.
"""

import re

import pytest

from cypher import library, statement
from cypher.graph import Graph
from cypher.migrate import migrate
from schema.model import MODEL

NEVER = re.compile(r"AllNodesScan|AllRelationshipsScan")
ONLY_DECLARED = re.compile(r"LabelScan|LabelsScan|TypeScan|TypesScan|DynamicLabel|DynamicType")
KINDS = {"read": {"r"}, "write": {"w", "rw"}}
QUERIES = library.queries()


@pytest.fixture(scope="module")
def catalog(connection):
    """A graph with the declared catalog, opened once for all queries."""
    with Graph(connection) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def graph(catalog, empty_graph):
    """The same without nodes."""
    return catalog


SINGLE = {"ActivePointer": 1, "Generation": 3}


@pytest.fixture
def crowded_graph(graph):
    """Nodes under every label and relationships of every type, in numbers that the planner takes seriously.

    On an empty label a scan costs nothing, and the planner takes it.
    """
    for label in MODEL.labels():
        create = f"CREATE (:{label} {{code: toString(n), name: toString(n), source: toString(n % 50)}})"
        graph.write(f"UNWIND range(1, $count) AS n {create}", count=SINGLE.get(label, 200))
    for each in MODEL.relationships:
        ends = f"MATCH (start:{each.starts[0]}) MATCH (end:{each.ends[0]} {{code: start.code}})"
        graph.write(f"{ends} CREATE (start)-[:{each.type}]->(end)")
    graph.schema("CALL db.prepareForReplanning(60)")
    return graph


def operators(plan):
    """Return the names of all operators of a plan."""
    name = plan["operatorType"].partition("@")[0]
    return [name, *(inner for child in plan.get("children", ()) for inner in operators(child))]


def test_plans_start_from_an_index(crowded_graph):
    """Would catch a query that reads all nodes, or all of a label without saying why, and a lie about the mode."""
    faults = []
    for query in QUERIES:
        summary = crowded_graph.explain(query)
        if summary.query_type not in KINDS[query.mode]:
            faults.append(f"{query.name}: mode {query.mode}, but the server calls it {summary.query_type}")
        for operator in operators(summary.plan):
            if NEVER.search(operator) or (ONLY_DECLARED.search(operator) and not query.scan):
                faults.append(f"{query.name}: {operator}")
    assert faults == []


# A scene in Bloom is a set: its limit keeps the drawing small, and no order would be seen.
RANKED = [each for each in QUERIES if each.mode == "read" and not each.name.startswith("bloom/")]


@pytest.mark.parametrize("query", RANKED, ids=lambda query: query.name)
def test_limited_result_is_ordered(query):
    """Would catch a result that is cut without an order, and so has other rows every time."""
    result = re.split(r"\bRETURN\b", statement.blanked(query.text))[-1]
    assert "LIMIT" not in result or "ORDER BY" in result


@pytest.mark.parametrize("query", [each for each in QUERIES if each.example is not None], ids=lambda query: query.name)
def test_sample_run_gives_the_declared_columns(graph, query):
    """Would catch a query that the server takes and that then gives other columns or types than declared."""
    if query.mode == "write":
        graph.write(query, **query.example)
        return
    with graph.session("READ") as session:
        result = session.run(query.text, query.example)
        assert set(result.keys()) == {each.name for each in query.columns}
        for record in result:
            faults = [f"{each.name}: {fault}" for each in query.columns if (fault := each.fault(record[each.name]))]
            assert faults == []
