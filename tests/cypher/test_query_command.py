"""`fullcycle query` as a user calls it."""

import json

import pytest
from typer.testing import CliRunner

from cypher.commands.query import app
from cypher.graph import Graph
from schema.errors import QueryError


@pytest.fixture
def graph(empty_graph):
    with Graph(empty_graph) as opened:
        opened.write(
            "CREATE (:Sample {code: 'a', on: date('2024-03-01')})-[:PART_OF {share: 0.5}]->(:Sample {code: '学'})"
        )
        yield opened


@pytest.fixture
def call():
    """Run a command line and return what it prints; errors of the project pass through to the caller."""

    def run(*words):
        result = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_list_names_every_query(call):
    """Would catch a list that a script cannot read, or that leaves a room out."""
    listed = json.loads(call("list", "--json"))
    assert {"report/labels", "audit/active-generation"} <= {each["name"] for each in listed}
    assert all(set(each) == {"name", "mode", "sentence"} for each in listed)
    assert [each["name"] for each in json.loads(call("list", "audit", "--json"))] == [
        each["name"] for each in listed if each["name"].startswith("audit/")
    ]
    assert "report/labels" in call("list")


def test_show_gives_header_and_text(call):
    """Would catch a query that cannot be read before it is run."""
    assert call("show", "report/labels").startswith("// How many nodes")
    assert json.loads(call("show", "report/labels", "--json"))["columns"] == [
        "label: string",
        "nodes: integer, 1 or more",
    ]


def test_run_counts_labels_and_relationships(graph, call):
    """Would catch counts that are stale, or that count by end label as well."""
    assert json.loads(call("run", "report/labels", "--json")) == [{"label": "Sample", "nodes": 2}]
    assert json.loads(call("run", "report/relationships", "--json")) == [{"type": "PART_OF", "relationships": 1}]
    assert "Sample" in call("run", "report/labels")
    assert call("run", "audit/active-generation") == "no rows\n"


def test_quarantine_is_grouped(graph, call):
    """Would catch a report that mixes sources or reasons, or forgets what was released."""
    graph.write(
        "UNWIND [['a', 'quarantine', 'pay', null], ['a', 'quarantine', 'pay', true], ['a', 'screening', 'date', null], "
        "['b', 'quarantine', 'pay', null]] AS row "
        "CREATE (:HeldRow {code: randomUUID(), source: row[0], stage: row[1], rule: row[2], released: row[3]})"
    )
    rows = [list(each.values()) for each in json.loads(call("run", "report/quarantine", "--json"))]
    assert rows == [
        ["a", "quarantine", "pay", 2, 1],
        ["a", "screening", "date", 1, 0],
        ["b", "quarantine", "pay", 1, 0],
    ]


def test_active_generation_is_shown(graph, call):
    """Would catch a query that shows another generation than the one that readers see."""
    graph.write(
        "CREATE (:ActivePointer {code: 'active', generation: 'g2'}) WITH * UNWIND ['g1', 'g2'] AS code "
        "CREATE (:Generation {code: code, createdAt: datetime('2024-01-01T00:00:00Z')})"
    )
    rows = json.loads(call("run", "audit/active-generation", "--json"))
    assert [(each["code"], each["createdAt"]) for each in rows] == [("g2", "2024-01-01T00:00:00.000000000+00:00")]


def test_cypher_reads_all_kinds_of_values(graph, call):
    """Would catch a value that JSON cannot hold and that ends in a stack trace."""
    path = "MATCH path = (a:Sample {code: $code})-[edge]->(b)"
    text = f"{path} RETURN a, edge, path, a.on AS on, 0.0 / 0.0 AS nan, b.code AS b"
    (row,) = json.loads(call("cypher", text, "-p", "code=a", "--json"))
    node = {"labels": ["Sample"], "properties": {"code": "a", "on": "2024-03-01"}}
    edge = {"type": "PART_OF", "properties": {"share": 0.5}}
    other = {"labels": ["Sample"], "properties": {"code": "学"}}
    assert row == {"a": node, "edge": edge, "path": [node, edge, other], "on": "2024-03-01", "nan": "nan", "b": "学"}
    assert "学" in call("cypher", text, "-p", "code=a")


def test_one_row_of_many_columns_can_be_read(graph, call):
    """Would catch a chain whose ten columns share the width of a terminal, three letters each."""
    lacks = "[{name: 'statistics', amount: 0.25}, {name: 'writing', amount: 0.5}]"
    shown = call("cypher", f"RETURN 1 AS one, 2 AS two, 3 AS three, 4 AS four, [5] AS five, {lacks} AS lacks").split(
        "\n"
    )
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown if "│" in line]
    assert cells[:5] == [["one", "1"], ["two", "2"], ["three", "3"], ["four", "4"], ["five", "[5]"]]
    assert [name for name, _ in cells[5:]] == ["lacks", ""]
    assert ["statistics" in cells[5][1], "writing" in cells[6][1]] == [True, True]


def test_rows_of_many_columns_follow_the_width_of_the_terminal(graph, call, monkeypatch):
    """Would catch twelve columns of three letters each on a narrow terminal, and blocks where a table can be read."""
    text = "UNWIND [1, 2] AS one RETURN one, 2 AS two, 3 AS three, 4 AS four, 5 AS five, 'sixth' AS six, 7 AS seven"
    monkeypatch.setenv("COLUMNS", "80")
    assert [call("cypher", text).count(name) for name in ("seven", "sixth")] == [2, 2]
    monkeypatch.setenv("COLUMNS", "160")
    assert [call("cypher", text).count(name) for name in ("seven", "sixth")] == [1, 2]


def test_control_characters_do_not_reach_the_terminal(graph, call):
    """Would catch data that moves the cursor or rings the bell."""
    shown = call("cypher", "RETURN $text AS text", "-p", 'text="a\\u001b[2Jb [bold]"')
    assert "\x1b" not in shown
    assert "a\\x1b[2Jb [bold]" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "report/nothing"], "query 'report/nothing'"),
        (["run", "report/labels", "-p", "x=1"], "argument 'x'"),
        (["run", "report/labels", "-p", "x"], "NAME=VALUE"),
        (["cypher", "RETURN $x AS x", "-p", "x=1", "-p", "x=2"], "'x' twice"),
        (["cypher", "CREATE (:Sample)"], "(?i)read access mode"),
        (["cypher", "MATCH (n RETURN n"], "Invalid input"),
    ],
)
def test_wrong_calls_raise_with_a_reason(graph, call, words, message):
    """Would catch a wrong call that ends with status 0, or in an error of the driver."""
    with pytest.raises(QueryError, match=message):
        call(*words)
