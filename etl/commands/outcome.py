"""How a load ends: the report on the terminal or as JSON, and the exit status."""

import sys
from collections.abc import Iterable

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cypher.progress import Progress
from cypher.terminal import printable
from etl.report import LoadReport

QUARANTINED = 3
"""Exit status of a load whose good rows went in while some rows could not be read."""


def progress() -> Progress:
    """Return bars on a terminal and plain lines elsewhere, on standard error."""
    return Progress.for_stream(sys.stderr)


def table(reports: Iterable[LoadReport]) -> Table:
    """Return the counts of loads as a table."""
    grid = Table("pass", box=None, pad_edge=False)
    for name in ("read", "new", "changed", "same", "again", "held", "closed", "s"):
        grid.add_column(name, justify="right", no_wrap=True)
    for report in reports:
        for each in report.passes:
            counts = (each.read, each.new, each.changed, each.unchanged, each.repeated)
            held = each.held_back + each.still_held
            name = f"{report.source}: {each.title}"
            grid.add_row(
                Text(printable(name)), *(f"{n:,}" for n in (*counts, held, each.closed)), f"{each.seconds:.1f}"
            )
    return grid


def finish(reports: list[LoadReport], *, as_json: bool, tolerate: float) -> None:
    """Show what the loads did and end the command with the status that they deserve.

    Arguments:
        reports: one a source.
        as_json: JSON on standard output instead of a table.
        tolerate: share of rows, 0 to 1, that may be quarantined without a word in the exit status.

    Raises:
        typer.Exit: with status 3 where more rows than tolerated could not be read.
    """
    if as_json:
        typer.echo(orjson.dumps([each.as_json() for each in reports], option=orjson.OPT_INDENT_2).decode())
    else:
        _show(reports)
    quarantined = sum(each.quarantined for each in reports)
    read = sum(each.read for each in reports)
    if quarantined > tolerate * read:
        typer.echo(f"{quarantined:,} of {read:,} rows are in quarantine: `fullcycle load held` lists them", err=True)
        raise typer.Exit(QUARANTINED)


def _show(reports: list[LoadReport]) -> None:
    console = Console()
    console.print(table(reports))
    reasons = [
        (f"{report.source}: {each.title}", rule, count)
        for report in reports
        for each in report.passes
        for rule, count in (*sorted(each.held.items()), *sorted(each.notes.items()))
    ]
    for place, rule, count in reasons:
        console.print(printable(f"  {place}: {rule}: {count:,}"), markup=False, highlight=False)
    if all(each.nothing_changed for each in reports):
        console.print("Nothing changed.")
