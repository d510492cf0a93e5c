"""Ports of the loopback interface: whether one is free, whether a Neo4j answers on it."""

import socket

import neo4j
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from cypher import process
from cypher.configuration import LOOPBACK
from schema.errors import ServerError

GRACE = 3.0  # seconds


def answers(port: int, *, auth: tuple[str, str], database: str) -> bool:
    """Whether the database answers a query over Bolt; AuthError passes through."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1.0).close()
        with neo4j.GraphDatabase.driver(f"bolt://{LOOPBACK}:{port}", auth=auth, connection_timeout=5.0) as driver:
            driver.execute_query("RETURN 1", database_=database)
    except AuthError:
        raise
    except (OSError, Neo4jError, DriverError):
        return False
    return True


def require_free(port: int, variable: str) -> None:
    """Raises ServerError, naming the `variable` that sets the port, unless a server can listen on `port`."""
    # A server that was killed a moment ago still holds its port while the system takes it apart.
    if not process.wait_until(lambda: _free(port, variable), GRACE, pause=0.1):
        raise ServerError(
            f"port {port} is taken by another program",
            f"a free port; end that program, or set {variable} to another port",
            where=variable,
        )


def _free(port: int, variable: str) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        # Something that listens on all addresses does not always hinder a bind to this one.
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise ServerError(f"port {port} needs root", f"{variable} from 1024 on", where=variable) from None
        except OSError:
            return False
    return True
