"""GraphQL over HTTP, health, and errors as a client sees them."""

import json
import logging
import re
import time
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import application
from api.endpoint import CONSOLE
from api.gateway import Gateway
from cypher.server import Connection
from cypher.settings import Secret
from tests.api.conftest import Client
from tests.conftest import free_port

GENERATION = "{ generation { code } }"
JSON = {"content-type": "application/json"}


@pytest.fixture
def lonely():
    """The service where no Neo4j answers."""
    connection = Connection(f"bolt://127.0.0.1:{free_port()}", "neo4j", Secret("secret"), "neo4j")
    with Client(application(connection)) as opened:
        opened.app.state.gateway = Gateway(connection, patience=0.5)
        yield opened


def test_post_and_get_answer_alike(world, client):
    """Would catch one of the two ways of asking that GraphQL over HTTP names being closed."""
    posted = client.post("/graphql", json={"query": GENERATION})
    got = client.get(f"/graphql?query={quote(GENERATION)}", headers={"accept": "application/json"})
    assert posted.status_code == got.status_code == 200
    assert posted.headers["content-type"] == "application/json"
    assert posted.json() == got.json() == {"data": {"generation": {"code": "t:g2"}}}
    query = "query A($code: ID!) { student(code: $code) { code } } query B { generation { code } }"
    named = {"query": query, "variables": {"code": "u:2"}, "operationName": "A"}
    assert client.post("/graphql", json=named).json() == {"data": {"student": {"code": "u:2"}}}
    parameters = {"query": query, "variables": json.dumps({"code": "u:2"}), "operationName": "A"}
    assert client.get("/graphql", params=parameters).json() == {"data": {"student": {"code": "u:2"}}}


def test_introspection_is_open(graph, client):
    """Would catch tools that cannot read the schema."""
    answer = client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert answer.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", JSON),
        (b"", JSON),
        (b"null", JSON),
        (b"5", JSON),
        (b'"query"', JSON),
        (b"[]", JSON),
        (b'[{"query": "{ generation { code } }"}]', JSON),
        (b"\xff\xfe", JSON),
        (b'{"query": NaN}', JSON),
        (b"[" * 100_000, JSON),
        (b"{}", JSON),
        (b'{"query": null}', JSON),
        (b'{"query": 5}', JSON),
        (b'{"query": "{ generation { code } }", "variables": []}', JSON),
        (b'{"query": "{ generation { code } }", "operationName": 5}', JSON),
        (b'{"query": "{ generation { code } }", "operationName": "X"}', JSON),
        (b'{"query": "mutation { x }"}', {"content-type": "text/plain"}),
        (b'{"query": "{ generation { code } }"}', {"content-type": ""}),
        (b"query=x", {"content-type": "application/x-www-form-urlencoded"}),
    ],
)
def test_a_malformed_request_is_the_clients_mistake(client, body, headers):
    """Would catch a body that makes the service fail, which clients and monitors take for its own fault."""
    answer = client.post("/graphql", content=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert "Traceback" not in answer.text


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("query", "variables", "operationName", "extensions"), VALUES)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=40) | VALUES.map(json.dumps) | REQUESTS.map(json.dumps))
def test_no_body_makes_the_service_fail(client, body):
    """Would catch any shape of body that is answered with 500."""
    answer = client.post("/graphql", content=body, headers=JSON)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ generation { code ", "Syntax Error"),
        ("{ generation { nothing } }", "Cannot query field 'nothing'"),
        ("{ student { code } }", "of type 'ID!' is required"),
        ("query ($code: ID!) { student(code: $code) { code } }", "Variable '$code'"),
        ("{ a " * 2_000 + "}" * 2_000, ""),
    ],
)
def test_a_wrong_query_says_what_is_wrong(client, query, message):
    """Would catch a mistake in a query that is hidden, or that fails with the service's own error."""
    answer = client.post("/graphql", json={"query": query})
    assert answer.status_code in (200, 400)
    if message:
        [error] = answer.json()["errors"]
        assert message in error["message"]
        assert error["extensions"] == {"code": "INVALID"}
        assert error["locations"]


def test_other_ways_are_closed(client):
    """Would catch a method or a host name that is answered though nothing serves it."""
    assert client.get("/nothing").status_code == 404
    # A page of another site, whose name its owner makes to point at this machine, must not read students.
    for host in ("evil.example", "127.0.0.1.evil.example", ""):
        assert client.get("/health", headers={"host": host}).status_code == 400
    assert client.get("/health", headers={"host": "localhost:8000"}).status_code == 200


def test_browsers_get_a_page_that_loads_nothing_else(client):
    """Would catch a page that is empty without the Internet."""
    page = client.get("/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.text == CONSOLE.read_text(encoding="utf-8")
    # Neither an address nor an attribute, a style or a module that loads one.
    assert re.findall(r"https?:|\bsrc=|\burl\(|@import|\bimport\b|<link (?!rel=\"icon\" href=\"data:)", page.text) == []
    assert re.findall(r"fetch\(([^,]*)", page.text) == ['"/graphql"']
    assert client.get("/").headers["location"] == "/graphql"


def test_health_names_the_generation(world, client):
    """Would catch a service that says nothing about what it serves."""
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "generation": "t:g2"})


def test_without_neo4j_it_says_so_soon(lonely, caplog):
    """Would catch a wait that outlasts every client, a bare 500, and a log that fills with tracebacks."""
    started = time.monotonic()
    answer = lonely.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unreachable"
    assert "fullcycle db up" in answer.json()["reason"]
    answer = lonely.post("/graphql", json={"query": GENERATION})
    assert answer.status_code == 200
    [error] = answer.json()["errors"]
    assert error["extensions"] == {"code": "UNREACHABLE"}
    assert "fullcycle db up" in error["message"]
    assert error["path"] == ["generation"]
    assert "secret" not in answer.text
    assert time.monotonic() - started < 15
    assert "Traceback" not in caplog.text


def test_unexpected_errors_are_masked(world, client, recorder, caplog):
    """Would catch inner workings that reach a client, and an error that leaves no trace for its operator."""

    def fail(name):
        raise ZeroDivisionError("the inner workings")

    recorder.after = fail
    with caplog.at_level(logging.ERROR):
        answer = client.post("/graphql", json={"query": GENERATION})
    assert answer.json() == {
        "data": {"generation": None},
        "errors": [
            {
                "message": "internal error",
                "locations": [{"line": 1, "column": 3}],
                "path": ["generation"],
                "extensions": {"code": "INTERNAL"},
            }
        ],
    }
    assert "the inner workings" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_in_a_query_of_ours_is_masked(world, client):
    """Would catch Cypher shown to clients: here the index that a query reads is gone."""
    world.schema("DROP INDEX skill_search")
    try:
        answer = client.post("/graphql", json={"query": '{ skills(search: "x") { code } }'})
    finally:
        from schema.catalog import CATALOG

        world.schema(next(each.create for each in CATALOG if each.name == "skill_search"))
        world.schema("CALL db.awaitIndexes(60)")
    [error] = answer.json()["errors"]
    assert (error["message"], error["extensions"]) == ("internal error", {"code": "INTERNAL"})
