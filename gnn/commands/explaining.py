"""The command ``fullcycle gnn explain``."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from gnn.commands.app import app
from gnn.commands.options import AsJson, Model, Models, Through, artifact_folder, last_day, shown

if TYPE_CHECKING:
    from gnn.jobs.explaining import ExplainReport


@app.command()
def explain(
    cluster: Annotated[str, typer.Argument(help="Code of the job cluster.")],
    top: Annotated[int, typer.Option(min=1, help="Edges to show.")] = 10,
    artifact: Model = None,
    models: Models = None,
    through: Through = None,
    as_json: AsJson = False,
) -> None:
    """Say which edges of the graph mattered for the forecast of a cluster, checked by deleting each."""
    from gnn.jobs import explaining

    folder = artifact_folder(artifact, models)
    with Graph.open() as graph:
        report = explaining.explain(graph, folder, cluster, top=top, through=last_day(through), progress=shown())
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
