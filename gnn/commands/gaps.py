"""The command ``fullcycle gaps``."""

import json
import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.config import GapConfig
from gnn.jobs import GapReport, compute_gaps

_ROWS = (
    ("students", "students", "{:,.0f}"),
    ("job clusters", "jobClusters", "{:,.0f}"),
    ("resources", "resources", "{:,.0f}"),
    ("capability units", "capabilities", "{:,.0f}"),
    ("gaps", "gaps", "{:,.0f}"),
    ("shortfalls", "lacks", "{:,.0f}"),
    ("bridging resources", "bridges", "{:,.0f}"),
    ("stated goals of which nothing is known", "goalsWithoutDemands", "{:,.0f}"),
    ("mean gap, in levels", "meanGap", "{:.3f}"),
    ("mean match", "meanMatch", "{:.3f}"),
    ("share of a gap that its best resource closes", "coverage", "{:.3f}"),
    ("seconds reading", "secondsReading", "{:.1f}"),
    ("seconds computing", "secondsComputing", "{:.1f}"),
    ("seconds writing", "secondsWriting", "{:.1f}"),
)


def gaps(
    goals: Annotated[int, typer.Option(min=1, help="Goals per student; stated goals are always kept.")] = 5,
    resources: Annotated[int, typer.Option(min=1, help="Resources per gap.")] = 5,
    least_units: Annotated[
        int, typer.Option(min=1, help="Capability units that a cluster must demand to be a goal nobody stated.")
    ] = 3,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of data that counts; all that is loaded.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Compute what students lack for their goals, and the resources that bridge it.

    The result is a new generation, which readers see as a whole once it is complete.
    """
    config = GapConfig(goals=goals, resources=resources, least_units=least_units)
    with Graph.open() as graph:
        progress = Progress.for_stream(sys.stderr)
        report = compute_gaps(graph, config, as_of=as_of.date() if as_of else None, progress=progress)
    if as_json:
        typer.echo(_json(report))
    else:
        _show(report)


def _json(report: GapReport) -> str:
    return json.dumps(
        {
            "generation": report.generation,
            "previous": report.previous,
            "pruned": list(report.pruned),
            "dataThrough": report.data_through.isoformat(),
            "metrics": report.metrics,
        },
        indent=2,
    )


def _show(report: GapReport) -> None:
    Console().print(f"Generation {report.generation} is active.", soft_wrap=True, highlight=False)
    table = Table(show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_row("data through", report.data_through.isoformat())
    for title, name, form in _ROWS:
        table.add_row(title, form.format(report.metrics[name]))
    Console().print(table)
