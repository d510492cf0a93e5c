"""`fullcycle db`: the database itself, embedded or named by NEO4J_URI."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from cypher import backup as archives
from cypher import fingerprint as prints
from cypher import migrate as migrations
from cypher import picture as drawing
from cypher.graph import Graph
from cypher.progress import Progress
from cypher.server import EmbeddedServer, connection
from cypher.settings import Settings
from schema.errors import ServerError

app = typer.Typer(help="Start, stop, migrate, check, save and query the database.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def _progress() -> Progress:
    return Progress.for_stream(sys.stderr)


def _show(values: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(values, default=str, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in values.items():
        table.add_row(name, "" if value is None else str(value))
    Console().print(table)


@app.command()
def up(as_json: Json = False) -> None:
    """Start the embedded Neo4j, or find the running one; with NEO4J_URI set, see that it answers."""
    settings = Settings.from_environment()
    found = connection(settings, progress=_progress())
    with Graph(found, settings) as graph:
        (record,) = graph.read("RETURN 1 AS one")
    assert record["one"] == 1
    _show({"uri": found.uri, "database": found.database, "embedded": settings.embedded}, as_json=as_json)


@app.command()
def down(as_json: Json = False) -> None:
    """Stop the embedded Neo4j; its data stays."""
    settings = Settings.from_environment()
    if not settings.embedded:
        raise ServerError("NEO4J_URI is set", "the embedded server: unset it, or stop that server where it runs")
    stopped = EmbeddedServer(settings, _progress()).stop()
    if as_json:
        _show({"stopped": stopped}, as_json=True)
    else:
        typer.echo("stopped" if stopped else "was not running")


@app.command()
def status(as_json: Json = False) -> None:
    """Say where the database is and whether it answers; exit status 1 where it does not."""
    settings = Settings.from_environment()
    values: dict[str, Any] = {"embedded": settings.embedded}
    if settings.embedded:
        server = EmbeddedServer(settings).status()
        values |= {
            "running": server.running,
            "version": server.version,
            "pid": server.pid,
            "bolt": server.address.bolt if server.address else None,
            "http": server.address.http if server.address else None,
            "since": server.since.isoformat(timespec="seconds") if server.since else None,
            "home": str(server.home),
        }
    else:
        values |= {"uri": settings.uri, "running": True}
    if values["running"]:
        with Graph(connection(settings, start=False), settings) as graph:
            # The server lists its parts, Cypher among them since 2025.
            (record,) = graph.read(
                "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' "
                "RETURN versions[0] AS version, edition"
            )
            values |= record.data()
    _show(values, as_json=as_json)
    if not values["running"]:
        raise typer.Exit(1)


@app.command()
def migrate(as_json: Json = False) -> None:
    """Apply the migrations that the graph does not have yet."""
    with Graph.open() as graph:
        applied = migrations.migrate(graph)
    if as_json:
        typer.echo(orjson.dumps([dataclasses.asdict(each) for each in applied], default=str).decode())
    for each in () if as_json else applied:
        typer.echo(f"applied {each.code} {each.name}")
    if not applied and not as_json:
        typer.echo("nothing to apply")


@app.command()
def verify(as_json: Json = False) -> None:
    """Compare the live catalog with the declared one; name each difference, exit status 1 where there is one."""
    with Graph.open() as graph:
        differences = migrations.verify(graph)
    if as_json:
        typer.echo(orjson.dumps([dataclasses.asdict(each) for each in differences], default=str).decode())
    for each in () if as_json else differences:
        typer.echo(str(each))
    if differences:
        raise typer.Exit(1)
    if not as_json:
        typer.echo("the live catalog is as declared")


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="File to write, such as graph.dump.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there already.")] = False,
) -> None:
    """Write the embedded store to a file with the server's own dump; the server is stopped meanwhile."""
    written = archives.backup(Settings.from_environment(), path, overwrite=overwrite, progress=_progress())
    typer.echo(f"wrote {written}")


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="File that `backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Replace the embedded store by a saved one; all that is in it now is lost."""
    if not yes:
        typer.confirm("Replace all data of the embedded database?", abort=True)
    archives.restore(Settings.from_environment(), path, progress=_progress())
    typer.echo(f"restored {path}")


@app.command()
def fingerprint(as_json: Json = False) -> None:
    """Hash all that is in the graph: two graphs are the same exactly where their hashes are."""
    with Graph.open() as graph:
        found = prints.fingerprint(graph)
    if as_json:
        _show(found.as_json(), as_json=True)
        return
    counts = {name: f"{part.count:,}" for kind in (found.nodes, found.relationships) for name, part in kind.items()}
    _show({"digest": found.digest, **counts}, as_json=False)


@app.command()
def picture(path: Annotated[Path, typer.Argument(help="SVG file to write.")]) -> None:
    """Draw the graph as it is: labels, relationship types, and how many there are of each."""
    with Graph.open() as graph:
        path.write_text(drawing.svg(*drawing.read(graph)), encoding="utf-8")
    typer.echo(f"wrote {path}")


@app.command()
def shell() -> None:
    """Type Cypher: a statement ends with a semicolon; `:exit` or Ctrl-D leaves."""
    from cypher.commands.shell import run

    with Graph.open() as graph:
        run(graph)
