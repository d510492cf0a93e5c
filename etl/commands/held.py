"""What was held back: listed, counted and released."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.console import Console

from cypher.graph import Graph
from cypher.terminal import grid, printable

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Source = Annotated[str | None, typer.Option(help="Of this source only.")]
Rule = Annotated[str | None, typer.Option(help="Of this reason only, such as duplicate.")]


def held(
    source: Source = None,
    rule: Rule = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List rows that were held back, with file, line, column and reason."""
    from etl.release import held as read

    with Graph.open() as graph:
        rows = read(graph, source=source, rule=rule)
    if as_json:
        typer.echo(orjson.dumps([asdict(row) for row in rows[:limit]]).decode())
        return
    console = Console()
    shown = [(row.code, f"{row.file}:{row.line}", row.column, row.reason) for row in rows[:limit]]
    console.print(grid(("code", "where", "column", "reason"), shown))
    for (stage, name), count in sorted(Counter((row.stage, row.rule) for row in rows).items()):
        console.print(printable(f"  {stage}: {name}: {count:,}"), markup=False, highlight=False)


def release(
    codes: Annotated[list[str] | None, typer.Argument(help="Codes that `held` shows.")] = None,
    rule: Rule = None,
    source: Source = None,
    as_json: Json = False,
) -> None:
    """Let screened postings pass: they are loaded at once. Exit status 1 where one cannot go in."""
    from etl.release import release as run

    with Graph.open() as graph:
        done = run(graph, codes=codes or None, rule=rule, source=source)
    if as_json:
        typer.echo(orjson.dumps(asdict(done)).decode())
    else:
        typer.echo(f"{len(done.loaded):,} loaded, {len(done.waiting):,} wait for the next load of their file")
        for code, reason in done.refused.items():
            typer.echo(printable(f"refused: {code}: {reason}"), err=True)
    if done.refused:
        raise typer.Exit(1)


def candidates(
    limit: Annotated[int, typer.Option(min=1, help="Terms to show at most.")] = 50, as_json: Json = False
) -> None:
    """List terms of postings that look like skills and match none, the most frequent first."""
    from etl.candidates import top

    with Graph.open() as graph:
        terms = top(graph, limit)
    if as_json:
        typer.echo(orjson.dumps([asdict(term) for term in terms]).decode())
        return
    Console().print(grid(("term", "postings"), [(term.term, f"{term.postings:,}") for term in terms]))


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    for command in (held, release, candidates):
        app.command()(command)
