"""``fullcycle query``: the named queries, listed, shown and run; and any Cypher that only reads."""

import json
import math
from collections.abc import Sequence
from functools import singledispatch
from typing import Annotated, Any

import neo4j.graph
import typer
from rich.console import Console

from cypher import library
from cypher.graph import Graph
from cypher.terminal import grid, page
from schema.errors import QueryError

WIDEST = 5
"""Columns that always stand side by side. Those of a single row are written below one another where there are more, and
those of many rows where the terminal leaves a column less than LEAST.
"""

LEAST = 12
"""Letters of a column that can still be read."""

app = typer.Typer(help="List, show and run the named queries, or read with Cypher.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="One argument; repeat it for several."),
]
Name = Annotated[str, typer.Argument(help="Name of the query, such as report/labels.")]


@app.command("list")
def list_queries(
    room: Annotated[str | None, typer.Argument(help=f"Only one room: {', '.join(library.ROOMS)}.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the named queries with what they are for."""
    found = library.queries(room)
    if as_json:
        _print_json([{"name": each.name, "mode": each.mode, "sentence": each.sentence} for each in found])
    else:
        _print_table(["name", "mode", "sentence"], [[each.name, each.mode, each.sentence] for each in found])


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show a query: its parameters, its columns, its text."""
    query = library.query(name)
    if as_json:
        _print_json(
            {
                "name": query.name,
                "sentence": query.sentence,
                "mode": query.mode,
                "parameters": [str(each) for each in query.parameters],
                "columns": [str(each) for each in query.columns],
                "text": query.text,
            }
        )
    else:
        typer.echo(query.path.read_text(encoding="utf-8").rstrip())


@app.command()
def run(name: Name, parameter: Parameters = None, as_json: AsJson = False) -> None:
    """Run a named query; values are read by the declared types."""
    query = library.query(name)
    arguments = query.read_arguments(_pairs(parameter or [], where=name))
    with Graph.open() as graph:
        if query.mode == "write":
            _print_changes(graph.write(query, **arguments), as_json=as_json)
        else:
            records = graph.read(query, **arguments)
            _print_records([each.name for each in query.columns], records, as_json=as_json)


@app.command("cypher")
def read_cypher(
    text: Annotated[str, typer.Argument(help="Cypher that only reads; the server refuses any other.")],
    parameter: Parameters = None,
    as_json: AsJson = False,
) -> None:
    """Read with Cypher of your own; values are JSON, or text where they are not."""
    arguments = {name: _value(value) for name, value in _pairs(parameter or [], where="cypher").items()}
    with Graph.open() as graph:
        records = graph.read(text, **arguments)
    _print_records(list(records[0].keys()) if records else [], records, as_json=as_json)


def _pairs(texts: Sequence[str], *, where: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise QueryError(f"'{text}'", "NAME=VALUE", where=f"{where} --parameter")
        if name in pairs:
            raise QueryError(f"'{name}' twice", "each parameter once", where=f"{where} --parameter")
        pairs[name] = value
    return pairs


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _print_records(columns: list[str], records: Sequence[neo4j.Record], *, as_json: bool) -> None:
    rows = [[_plain(each[column]) for column in columns] for each in records]
    if as_json:
        _print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        _print_table(columns, rows)
    else:
        typer.echo("no rows")


def _print_changes(counters: neo4j.SummaryCounters, *, as_json: bool) -> None:
    changes = {name: count for name, count in vars(counters).items() if not name.startswith("_")}
    if as_json:
        _print_json(changes)
    else:
        typer.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in changes.items()) or "no changes")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    console = Console()
    narrow = len(rows) == 1 or console.width < LEAST * len(columns)
    if narrow and len(columns) > WIDEST:
        for row in rows:
            console.print(page(columns, row))
    else:
        console.print(grid(columns, rows))


@singledispatch
def _plain(value: Any) -> Any:
    """Return a value of the graph as JSON has it: times as ISO 8601, nodes with labels and properties."""
    return value.iso_format() if hasattr(value, "iso_format") else value


@_plain.register
def _(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


@_plain.register
def _(value: list) -> list[Any]:  # type: ignore[type-arg]
    return [_plain(each) for each in value]


@_plain.register
def _(value: dict) -> dict[str, Any]:  # type: ignore[type-arg]
    return {name: _plain(each) for name, each in value.items()}


@_plain.register(bytes)
@_plain.register(bytearray)
def _(value: bytes) -> str:
    return value.hex()


@_plain.register
def _(value: neo4j.graph.Node) -> dict[str, Any]:
    return {"labels": sorted(value.labels), "properties": _plain(dict(value))}


@_plain.register
def _(value: neo4j.graph.Relationship) -> dict[str, Any]:
    return {"type": value.type, "properties": _plain(dict(value))}


@_plain.register
def _(value: neo4j.graph.Path) -> list[Any]:
    edges = zip(value.relationships, value.nodes[1:], strict=True)
    return [_plain(value.nodes[0]), *(_plain(step) for pair in edges for step in pair)]
