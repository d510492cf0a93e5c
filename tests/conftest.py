"""One real Neo4j for the whole test session: never the user's, and never one that is in use."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import neo4j
import pytest

from cypher.server import Connection, EmbeddedServer
from cypher.server import connection as reach
from cypher.settings import VARIABLES, Settings

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

# Jars are the same for everyone and are never changed, so the user's cache is used.
KEPT = {"FULLCYCLE_CACHE"}
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def embedded_settings(home: Path, **variables: str) -> Settings:
    """Settings of an embedded server under `home` on free ports, with little memory."""
    cache = {name: os.environ[name] for name in ("FULLCYCLE_CACHE", "XDG_CACHE_HOME", "HOME") if name in os.environ}
    return Settings.from_environment(
        cache
        | {
            "FULLCYCLE_HOME": str(home),
            "FULLCYCLE_BOLT_PORT": str(free_port()),
            "FULLCYCLE_HTTP_PORT": str(free_port()),
            "FULLCYCLE_HEAP": "768m",
            "FULLCYCLE_PAGECACHE": "128m",
            "FULLCYCLE_START_DEADLINE": "180",
        }
        | variables
    )


@pytest.fixture(scope="session", autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Hides the user's server and store from every test; what a test starts by mistake ends with the session."""
    # A time limit ends pytest by SIGTERM: without this the server would be left behind.
    signal.signal(signal.SIGTERM, lambda number, _: pytest.exit(f"ended by signal {number}", 128 + number))
    home = tmp_path_factory.mktemp("session") / "home"
    settings = embedded_settings(home)
    with pytest.MonkeyPatch.context() as patch:
        for variable in VARIABLES:
            if variable.name not in KEPT:
                patch.delenv(variable.name, raising=False)
        patch.setenv("FULLCYCLE_HOME", str(home))
        patch.setenv("FULLCYCLE_BOLT_PORT", str(settings.bolt_port))
        patch.setenv("FULLCYCLE_HTTP_PORT", str(settings.http_port))
        patch.setenv("FULLCYCLE_HEAP", "768m")
        patch.setenv("FULLCYCLE_PAGECACHE", "128m")
        yield home
    EmbeddedServer(settings).stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def server(isolated: Path) -> Iterator[EmbeddedServer]:
    """The embedded server of the session; NEO4J_URI and its sisters name it for commands under test."""
    embedded = EmbeddedServer(Settings.from_environment())
    found = reach(embedded.settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_URI", found.uri)
        patch.setenv("NEO4J_USERNAME", found.username)
        patch.setenv("NEO4J_PASSWORD", found.password.reveal())
        patch.setenv("NEO4J_DATABASE", found.database)
        yield embedded


@pytest.fixture(scope="session")
def connection(server: EmbeddedServer) -> Connection:
    """How to reach the session's server."""
    return reach(Settings.from_environment())


@pytest.fixture(scope="session")
def driver(connection: Connection) -> Iterator[neo4j.Driver]:
    """A driver on the session's server, for looking at the graph from outside the code under test."""
    auth = (connection.username, connection.password.reveal())
    with neo4j.GraphDatabase.driver(connection.uri, auth=auth) as opened:
        yield opened


@pytest.fixture
def empty_graph(connection: Connection, driver: neo4j.Driver) -> Connection:
    """The session's server without any node or relationship; constraints and indexes stay."""
    with driver.session(database=connection.database) as session:
        session.run(WIPE).consume()
    return connection
