"""The commands ``fullcycle gnn``: pre-train, train, encode, relate, forecast, evaluate.

torch is imported by the commands that need it, when they run.
"""

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.progress import Progress
from cypher.settings import Settings

if TYPE_CHECKING:
    from gnn.channels.text import TextConfig

app = typer.Typer(help="Train the demand model, and run it on the graph.", no_args_is_help=True)

Through = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of data that counts; all that is loaded.")
]
Models = Annotated[Path | None, typer.Option(help="Folder of trained models; beside the database otherwise.")]
Model = Annotated[Path | None, typer.Option("--artifact", help="Folder of one trained model; the newest otherwise.")]
Encoder = Annotated[
    str | None, typer.Option(help="Name or folder of a Hugging Face checkpoint; a small one is trained here otherwise.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


@app.command()
def pretrain(through: Through = None, models: Models = None, as_json: AsJson = False) -> None:
    """Learn a tokenizer and a small encoder from the postings in the graph."""
    from gnn.jobs import training

    with Graph.open() as graph:
        folder = training.pretrain(
            graph, _text(None), models=_models(models), through=_day(through), progress=_progress()
        )
    _show({"encoder": str(folder)}, as_json=as_json)


@app.command()
def train(
    encoder: Encoder = None,
    text: Annotated[bool, typer.Option(help="Read the texts of postings.")] = True,
    epochs: Annotated[int, typer.Option(min=1, help="Most passes over the rows.")] = 160,
    seed: Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")] = 0,
    through: Through = None,
    models: Models = None,
    as_json: AsJson = False,
) -> None:
    """Train the demand model on the graph, measure it on the last tenth of the months, and keep it."""
    from gnn.config import DemandConfig
    from gnn.jobs import training

    with Graph.open() as graph:
        report = training.train(
            graph,
            DemandConfig(epochs=epochs, seed=seed),
            _text(encoder) if text else None,
            models=_models(models),
            through=_day(through),
            progress=_progress(),
        )
    _show({"artifact": str(report.folder), **report.metrics}, as_json=as_json)


@app.command()
def encode(artifact: Model = None, models: Models = None, through: Through = None, as_json: AsJson = False) -> None:
    """Encode the postings and write their vectors onto the graph."""
    from gnn.jobs import inference

    with Graph.open() as graph:
        report = inference.encode(graph, _artifact(artifact, models), through=_day(through), progress=_progress())
    _show({"written": report.written, "passed over": report.passed_over}, as_json=as_json)


@app.command()
def relate(artifact: Model = None, models: Models = None, through: Through = None, as_json: AsJson = False) -> None:
    """Reason over the graph and write the vectors of clusters, students, skills and resources."""
    from gnn.jobs import inference

    with Graph.open() as graph:
        report = inference.relate(graph, _artifact(artifact, models), through=_day(through), progress=_progress())
    _show(report.written, as_json=as_json)


@app.command()
def forecast(artifact: Model = None, models: Models = None, through: Through = None, as_json: AsJson = False) -> None:
    """Make forecasts from the vectors of clusters, and let readers see them."""
    from gnn.jobs import inference

    with Graph.open() as graph:
        report = inference.generate(graph, _artifact(artifact, models), through=_day(through), progress=_progress())
    _show(
        {
            "generation": report.generation,
            "previous": report.previous,
            "focus": len(report.focus),
            "entered focus": len(report.entered),
            "proposed resources": report.proposals,
        },
        as_json=as_json,
    )


def _day(through: datetime | None) -> date | None:
    return through.date() if through else None


def _progress() -> Progress:
    return Progress.for_stream(sys.stderr)


def _models(given: Path | None) -> Path:
    return given or Settings.from_environment().home / "models"


def _artifact(given: Path | None, models: Path | None) -> Path:
    from gnn.artifact import latest

    return given or latest(_models(models))


def _text(encoder: str | None) -> "TextConfig":
    from gnn.channels.text import TextConfig

    return TextConfig(encoder=encoder)


def _show(report: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, indent=2))
        return
    table = Table(show_header=False)
    for name, value in report.items():
        table.add_row(name, f"{value:,.4g}" if isinstance(value, float) else str(value))
    Console().print(table)
