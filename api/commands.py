"""`fullcycle serve`: the service until Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer

from api.app import application
from api.experiments import read
from api.listener import answer, listen
from api.settings import HOST, ServiceSettings
from cypher.server import connection
from cypher.settings import Settings


def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="TCP port, 0 for a free one; FULLCYCLE_API_PORT otherwise.")
    ] = None,
    experiment: Annotated[
        Path | None, typer.Option(help="JSON file of two configurations of lists, served to halves of the students.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only see whether the port can be had, and end.")] = False,
) -> None:
    """Serve GraphQL on loopback at /graphql, and /health, until Ctrl-C."""
    chosen = ServiceSettings.from_environment().port if port is None else port
    if check:
        listen(chosen).close()
        return
    divided = read(experiment) if experiment is not None else None
    listener = listen(chosen)
    app = application(connection(Settings.from_environment()), ready=True, experiment=divided)
    typer.echo(f"GraphQL: http://{HOST}:{listener.getsockname()[1]}/graphql   (Ctrl-C ends)")
    answer(app, listener)
