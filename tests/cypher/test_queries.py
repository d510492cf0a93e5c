"""Every query file of the package, held against a real server: its plan, its columns, its sample run.

A new query file needs nothing here. Lines ``// example NAME: VALUE`` in its header let it be run as well.
"""

import re

import pytest

from cypher import library, statement
from cypher.migrate import migrate
from schema.model import MODEL

NEVER = re.compile(r"AllNodesScan|AllRelationshipsScan")
ONLY_DECLARED = re.compile(r"LabelScan|LabelsScan|TypeScan|TypesScan|DynamicLabel|DynamicType")
KINDS = {"read": {"r"}, "write": {"w", "rw"}}
NAMES = library.queries()


@pytest.fixture
def graph(empty_graph):
    """An empty graph with the declared catalog."""
    migrate(empty_graph)
    return empty_graph


@pytest.fixture(scope="module")
def crowd():
    """Statement that puts nodes under every label: on an empty label a scan costs nothing and the planner takes it."""
    labels = ", ".join(
        f"(:{label} {{code: toString(n), name: toString(n), source: toString(n % 50)}})" for label in MODEL.labels()
    )
    return f"UNWIND range(1, 200) AS n CREATE {labels}"


def operators(plan):
    """Return the names of all operators of a plan."""
    name = plan["operatorType"].partition("@")[0]
    return [name, *(inner for child in plan.get("children", ()) for inner in operators(child))]


def test_plans_start_from_an_index(graph, crowd):
    """Would catch a query that reads all nodes, or all of a label without saying why, and a lie about the mode."""
    graph.write(crowd)
    graph.read("CALL db.awaitIndexes(60)")
    graph.schema("CALL db.prepareForReplanning(60)")
    faults = []
    for query in NAMES:
        summary = graph.explain(query)
        if summary.query_type not in KINDS[query.mode]:
            faults.append(f"{query.name}: mode {query.mode}, but the server calls it {summary.query_type}")
        for operator in operators(summary.plan):
            if NEVER.search(operator) or (ONLY_DECLARED.search(operator) and not query.scan):
                faults.append(f"{query.name}: {operator}")
    assert faults == []


def test_scan_is_declared_only_where_the_plan_scans(graph, crowd):
    """Would catch a stale excuse that would hide a later scan."""
    graph.write(crowd)
    excused = [query for query in NAMES if query.scan]
    idle = [each.name for each in excused if not any(map(ONLY_DECLARED.search, operators(graph.explain(each).plan)))]
    assert idle == []


@pytest.mark.parametrize("query", [each for each in NAMES if each.mode == "read"], ids=lambda query: query.name)
def test_ranked_result_has_a_total_order(query):
    """Would catch a LIMIT without ORDER BY, which gives other rows every time."""
    text = statement.blanked(query.text)
    for found in re.finditer(r"\bLIMIT\b", text):
        before = text[: found.start()]
        assert re.search(r"\bLIMIT\s+1\b", text[found.start() :]) or "ORDER BY" in before, (
            f"{query.name}: LIMIT without ORDER BY"
        )


@pytest.mark.parametrize("query", [each for each in NAMES if each.example is not None], ids=lambda query: query.name)
def test_sample_run_gives_the_declared_columns(graph, query):
    """Would catch a query that the server takes and that then gives other columns or types than declared."""
    if query.mode == "write":
        graph.write(query, **query.example)
        return
    with graph._session("READ") as session:
        result = session.run(query.text, query.example)
        assert set(result.keys()) == {each.name for each in query.columns}
        for record in result:
            faults = [f"{each.name}: {fault}" for each in query.columns if (fault := each.fault(record[each.name]))]
            assert faults == []
