"""What ``fullcycle gnn bench --task explanations`` runs and shows."""

import json
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from gnn.commands.options import shown

if TYPE_CHECKING:
    from datetime import date

    from gnn.benchmarks.explanations.bench import Measured, PathFigures

NAME = "explanations"


def measured(*, students: int | None, seed: int, through: "date | None", out: Path) -> "Measured":
    """Measure the explanations of the active generation, and keep the figures.

    Arguments:
        students: drawn at most; None for the default.
        seed: of all that is drawn.
        through: last day of data that counts; None for all.
        out: folder of results.
    """
    from gnn.benchmarks.explanations.bench import STUDENTS, measure
    from gnn.benchmarks.store import write_json

    with Graph.open() as graph:
        found = measure(graph, students=students or STUDENTS, seed=seed, through=through, progress=shown())
    write_json(out / f"{NAME}.json", found.json())
    return found


def tables(found: "Measured") -> list[Table]:
    """Return the figures as tables."""
    chains = Table(title=f"Explanations of {found.students} students, data through {found.through.isoformat()}")
    chains.add_column("")
    for each in found.paths:
        chains.add_column(each.path, justify="right")
    for head, cells in _rows(found.paths):
        chains.add_row(head, *cells)
    moved = Table(title="What stays when the input changes slightly")
    for head in ("what changes", "students", "list", "items", "named units", "order"):
        moved.add_column(head, justify="left" if head in ("what changes", "list") else "right")
    for change in found.stability:
        for place, same in enumerate(change.overlaps):
            begins = (change.change, str(change.students)) if place == 0 else ("", "")
            moved.add_row(*begins, same.path, _number(same.items), _number(same.named), _number(same.order))
        moved.add_section()
    return [chains, moved]


def _rows(paths: "Sequence[PathFigures]") -> list[tuple[str, list[str]]]:
    return [
        ("items", [f"{each.items:,}" for each in paths]),
        ("with a full chain", [_share(each.full) for each in paths]),
        *((f"  fails at {hop}", [f"{each.fails[hop]:,}" for each in paths]) for hop in paths[0].fails),
        ("diversity of path types", [_number(each.diversity) for each in paths]),
        ("  kinds in a list", [_number(each.kinds, 1) for each in paths]),
        ("  kinds in all lists", [str(each.possible) for each in paths]),
        ("items with evidence", [_share(each.recency.linked) for each in paths]),
        ("  median age, days", [_number(each.recency.median, 0) for each in paths]),
        ("  within a year", [_share(each.recency.late) for each in paths]),
    ]


def _number(value: float, digits: int = 3) -> str:
    return "-" if isnan(value) else f"{value:,.{digits}f}"


def _share(value: float) -> str:
    return "-" if isnan(value) else f"{100 * value:.1f} %"


def show(found: "Measured", *, as_json: bool) -> None:
    """Print the tables, or the figures as JSON."""
    if as_json:
        typer.echo(json.dumps(found.json(), indent=2))
        return
    console = Console()
    for table in tables(found):
        console.print(table)
