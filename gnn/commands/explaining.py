"""The command ``fullcycle gnn explain``."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.progress import Progress
from cypher.settings import Settings
from gnn.commands.app import app

if TYPE_CHECKING:
    from gnn.jobs.explaining import ExplainReport


@app.command()
def explain(
    cluster: Annotated[str, typer.Argument(help="Code of the job cluster.")],
    top: Annotated[int, typer.Option(min=1, help="Edges to show.")] = 10,
    artifact: Annotated[Path | None, typer.Option(help="Folder of one trained model; the newest otherwise.")] = None,
    models: Annotated[Path | None, typer.Option(help="Folder of models; beside the database otherwise.")] = None,
    through: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of data that counts; all that is loaded.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Say which edges of the graph mattered for the forecast of a cluster, checked by deleting each."""
    from gnn.artifact import latest
    from gnn.jobs import explaining

    folder = artifact or latest(models or Settings.from_environment().home / "models")
    with Graph.open() as graph:
        report = explaining.explain(
            graph,
            folder,
            cluster,
            top=top,
            through=through.date() if through else None,
            progress=Progress.for_stream(sys.stderr),
        )
    if as_json:
        typer.echo(json.dumps({**asdict(report), "month": report.month.isoformat()}, indent=2))
    else:
        _show(report)


def _show(report: "ExplainReport") -> None:
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in report.weights.items())
    title = f"{report.cluster} at the end of {report.month:%Y-%m}: x {report.change:+.3f}; channels: {weights}"
    table = Table("source", "at", "edge", "target", "at", "weight", "x without it", title=title)
    for each in report.edges:
        verb = f"{each.source_kind} {each.verb} {each.target_kind}"
        ends = (each.source, each.source_at, verb, each.target, each.target_at)
        table.add_row(*ends, f"{each.weight:.3f}", f"{each.effect:+.4f}")
    Console().print(table)
