"""The socket on which the service listens, and the loop that answers on it."""

import contextlib
import socket

import uvicorn
from starlette.applications import Starlette

from api.settings import HOST
from schema.errors import ServerError

GRACE = 10
"""Seconds that running requests get to end when the service is stopped."""


def listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback.

    Arguments:
        port: TCP port; 0 takes a free one.

    Raises:
        ServerError: the port is taken, or not ours to take.
    """
    # The protocol is named, since asyncio sends small answers at once only on sockets that say that they are TCP.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        expected = "a free port; end what holds it, or name another one with --port or FULLCYCLE_API_PORT"
        raise ServerError(f"port {port}: {error.strerror}", expected, where="serve") from error
    return listener


def answer(app: Starlette, listener: socket.socket) -> None:
    """Answer requests until Ctrl-C; what runs then is finished first.

    Raises:
        ServerError: the service did not start.
    """
    # The asyncio loop with httptools keeps waiting times even when many connections are open.
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)
    # Uvicorn raises the signal again once all is closed; Ctrl-C is how this command ends.
    with listener, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise ServerError("the service did not start", "see the lines above", where="serve")
