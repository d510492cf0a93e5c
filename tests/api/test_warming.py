"""A service that has just started asks itself for lists, on the real server."""

import asyncio

import pytest

from api.app import application
from api.gateway import Gateway
from api.recommend import Pools
from api.warming import warm
from cypher.server import Connection
from cypher.settings import Secret
from schema.errors import UnreachableError
from tests.api.conftest import Client, Recorder


async def warmed(gateway, **bounds):
    """Return of how many students lists were asked for."""
    async with gateway:
        return await warm(gateway, Pools(), **bounds)


def test_it_reads_what_clients_ask_for(world, connection):
    """Would catch a warming that asks for nothing, or leaves out a query that each answer needs."""
    recorder = Recorder(connection)
    assert asyncio.run(warmed(recorder)) == 2
    each = {name: recorder.names.count(name) for name in ("serve/student-facts", "serve/lacks", "serve/bridges")}
    assert each == {"serve/student-facts": 2, "serve/lacks": 1, "serve/bridges": 1}
    assert {"serve/over", "serve/jobs", "serve/resources", "serve/pool-postings"} <= set(recorder.names)


@pytest.mark.parametrize(("bounds", "asked"), [({"students": 1}, 1), ({"seconds": 0.0}, 0)])
def test_it_ends(world, connection, bounds, asked):
    """Would catch a warming without an end on a large graph or a slow server."""
    assert asyncio.run(warmed(Gateway(connection), **bounds)) == asked


def test_an_empty_graph_is_fine(graph, connection):
    """Would catch a service that fails before anything has been loaded or computed."""
    assert asyncio.run(warmed(Gateway(connection))) == 0
    graph.write("CREATE (:Student {code: 'u:1'})")
    assert asyncio.run(warmed(Gateway(connection))) == 0


def test_a_server_that_is_away_is_fine():
    """Would catch a failure of the warming that reaches the service."""
    nowhere = Gateway(Connection("bolt://127.0.0.1:1", "", Secret(""), "neo4j"), patience=0.2)
    assert asyncio.run(warmed(nowhere)) == 0


@pytest.mark.parametrize("error", [UnreachableError("gone", "a server"), RuntimeError("unforeseen")])
def test_the_service_answers_whatever_becomes_of_it(world, connection, monkeypatch, error):
    """Would catch a service that ends with its warming, or that a client cannot ask while it goes on."""
    read = Gateway.read

    async def failing(self, name, **parameters):
        if name == "serve/student-page":
            raise error
        return await read(self, name, **parameters)

    monkeypatch.setattr(Gateway, "read", failing)
    with Client(application(connection, ready=True)) as client:
        answer = client.post("/graphql", json={"query": '{ student(code: "u:1") { code } }'})
        assert answer.json() == {"data": {"student": {"code": "u:1"}}}
        assert client.get("/health").status_code == 200
        assert client.ended(client.app.state.warming)


def test_what_it_asks_for_counts_as_shown_to_nobody(world, connection, monkeypatch):
    """Would catch records of an experiment that no student has seen."""

    async def write(self, name, **parameters):
        raise AssertionError(name)

    monkeypatch.setattr(Gateway, "write", write)
    assert asyncio.run(warmed(Gateway(connection))) == 2
