"""The prompt of `fullcycle db shell`: statements in, tables out."""

import contextlib
import sys
from collections.abc import Iterator

from neo4j import Record, Result
from neo4j.exceptions import DriverError, Neo4jError
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.server import Connection

with contextlib.suppress(ImportError):
    import readline  # noqa: F401 - importing it gives input() a history

LIMIT = 1_000
"""Rows that are shown."""


def statements() -> Iterator[str]:
    """Yield the statements that are typed or piped in, each up to its semicolon."""
    parts: list[str] = []
    while True:
        try:
            line = input(("cypher> " if not parts else "   ...> ") if sys.stdin.isatty() else "")
        except EOFError:
            break
        if not parts and line.strip() in (":exit", ":quit"):
            return
        parts.append(line)
        if line.rstrip().endswith(";"):
            yield "\n".join(parts).rstrip().rstrip(";")
            parts.clear()
    if "".join(parts).strip():
        yield "\n".join(parts)


def table(records: list[Record], keys: tuple[str, ...]) -> Table:
    """Return records as a table."""
    grid = Table(*keys)
    for record in records:
        grid.add_row(*(str(value) for value in record.values()))
    return grid


def run(graph: Graph) -> None:
    """Read and run statements until the end of the input; exit status 1 where a piped one failed."""
    console = Console()
    failed = False
    place: Connection = graph.connection
    with graph.session() as session:
        console.print(f"{place.uri}, database {place.database}", style="dim")
        for text in statements():
            try:
                result: Result = session.run(text)
                records = result.fetch(LIMIT)
                if result.keys():
                    console.print(table(records, result.keys()))
                changed = result.consume().counters
                console.print(
                    f"{len(records)} rows" + (f", {changed}" if changed.contains_updates else ""), style="dim"
                )
            except (Neo4jError, DriverError) as error:
                failed = True
                console.print(str(error), style="red", markup=False)
    if failed and not sys.stdin.isatty():
        sys.exit(1)
