"""The prompt of `fullcycle db shell`: statements in, tables out."""

import contextlib
import sys
from collections.abc import Iterator

from neo4j import Result
from neo4j.exceptions import DriverError, Neo4jError
from rich.console import Console

from cypher.graph import Graph
from cypher.server import Connection
from cypher.terminal import grid, printable

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


def run(graph: Graph) -> None:
    """Read and run statements until the end of the input; exit status 1 where a piped one failed.

    Tables go to standard output, the rest to standard error.
    """
    console, notes = Console(), Console(stderr=True)
    failed = False
    place: Connection = graph.connection
    with graph.session() as session:
        notes.print(f"{place.uri}, database {place.database}", style="dim", markup=False)
        for text in statements():
            try:
                result: Result = session.run(text)
                records = result.fetch(LIMIT)
                if result.keys():
                    rows = [[value if value is None else str(value) for value in each.values()] for each in records]
                    console.print(grid(result.keys(), rows))
                more = result.peek() is not None
                changed = result.consume().counters
                shown = f"the first {LIMIT:,} rows; there are more" if more else f"{len(records):,} rows"
                notes.print(shown + (f", {changed}" if changed.contains_updates else ""), style="dim", markup=False)
            except (Neo4jError, DriverError) as error:
                failed = True
                notes.print(printable(str(error)), style="red", markup=False)
    if failed and not sys.stdin.isatty():
        sys.exit(1)
