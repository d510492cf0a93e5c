"""The commands ``fullcycle gnn``: pre-train, train, encode, relate, generate, forecast, refresh, drift.

torch is imported by the commands that need it, when they run.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from gnn.commands.options import (
    Again,
    AsJson,
    Encoder,
    Limits,
    Model,
    Models,
    Through,
    artifact_folder,
    drift_limits,
    last_day,
    models_folder,
    shown,
    text_settings,
)
from schema.derived import DEMAND_CLASSES

if TYPE_CHECKING:
    from gnn.drift import DriftReport
    from gnn.jobs.foretelling import Latest
    from gnn.writeback import ForecastReport

app = typer.Typer(help="Train the demand model, and run it on the graph.", no_args_is_help=True)


@app.command()
def pretrain(through: Through = None, models: Models = None, as_json: AsJson = False) -> None:
    """Learn a tokenizer and a small encoder from the postings in the graph."""
    from gnn.jobs import training

    with Graph.open() as graph:
        folder = training.pretrain(
            graph, text_settings(None), models=models_folder(models), through=last_day(through), progress=shown()
        )
    _show({"encoder": str(folder)}, as_json=as_json)


@app.command()
def train(
    encoder: Encoder = None,
    text: Annotated[bool, typer.Option(help="Read the texts of postings.")] = True,
    epochs: Annotated[int, typer.Option(min=1, help="Most passes over the rows.")] = 80,
    seed: Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")] = 0,
    full_graph_limit: Annotated[
        int, typer.Option(min=0, help="Edges above which training runs on sampled blocks.")
    ] = 4_000_000,
    through: Through = None,
    models: Models = None,
    as_json: AsJson = False,
) -> None:
    """Train the demand model on the graph, measure it on the last tenth of the months, and keep it."""
    from gnn.config import DemandConfig
    from gnn.jobs import training
    from gnn.parallel import first

    with Graph.open() as graph:
        report = training.train(
            graph,
            DemandConfig(epochs=epochs, seed=seed, full_graph_limit=full_graph_limit),
            text_settings(encoder) if text else None,
            models=models_folder(models),
            through=last_day(through),
            progress=shown(),
        )
    if first():
        _show({"artifact": str(report.folder), **report.metrics}, as_json=as_json)


@app.command()
def encode(
    artifact: Model = None,
    models: Models = None,
    again: Again = False,
    through: Through = None,
    as_json: AsJson = False,
) -> None:
    """Encode the postings that are new or changed, and write their vectors onto the graph."""
    from gnn.jobs import inference

    with Graph.open() as graph:
        report = inference.encode(
            graph, artifact_folder(artifact, models), again=again, through=last_day(through), progress=shown()
        )
    _show(
        {"written": report.written, "passed over": report.passed_over, "forgotten": report.forgotten}, as_json=as_json
    )


@app.command()
def relate(
    artifact: Model = None,
    models: Models = None,
    again: Again = False,
    through: Through = None,
    as_json: AsJson = False,
) -> None:
    """Reason over the graph and write the vectors of clusters, students, skills and resources."""
    from gnn.jobs import inference

    with Graph.open() as graph:
        report = inference.relate(
            graph, artifact_folder(artifact, models), again=again, through=last_day(through), progress=shown()
        )
    _show(_written(report.written, report.vectors), as_json=as_json)


@app.command()
def generate(artifact: Model = None, models: Models = None, through: Through = None, as_json: AsJson = False) -> None:
    """Make forecasts from the vectors of clusters, and let readers see them."""
    from gnn.jobs import inference

    with Graph.open() as graph:
        report = inference.generate(
            graph, artifact_folder(artifact, models), through=last_day(through), progress=shown()
        )
    _show(_forecasts(report), as_json=as_json)


@app.command()
def run(artifact: Model = None, models: Models = None, through: Through = None) -> None:
    """Encode, relate and generate, one process after the other. Run it again where one of them was ended."""
    options = ["--artifact", str(artifact_folder(artifact, models))]
    if through:
        options += ["--through", through.date().isoformat()]
    for step in ("encode", "relate", "generate"):
        typer.echo(f"{step} ...", err=True)
        command = [sys.executable, "-c", "from cypher.command import main; main()", "gnn", step, *options]
        if status := subprocess.run(command, check=False).returncode:
            typer.echo(f"{step} ended with status {status}; what it did is kept, run this again", err=True)
            raise typer.Exit(1)


@app.command()
def refresh(
    artifact: Model = None,
    models: Models = None,
    again: Again = False,
    limit: Limits = None,
    through: Through = None,
    as_json: AsJson = False,
) -> None:
    """Bring vectors and forecasts up to date after a load, and say whether it is time to train again."""
    limits = drift_limits(limit)
    from gnn.jobs.refresh import refresh as run_refresh

    with Graph.open() as graph:
        report = run_refresh(
            graph,
            artifact_folder(artifact, models),
            drift=limits,
            again=again,
            through=last_day(through),
            progress=shown(),
        )
    if as_json:
        found = {"encoded": report.encoded, "postings": report.postings, "written": report.written}
        found |= {"seconds": report.seconds, "forecasts": asdict(report.forecasts), "drift": _drift(report.drift)}
        typer.echo(json.dumps(found, indent=2))
        return
    lines: dict[str, Any] = {"postings encoded": f"{report.encoded:,} of {report.postings:,}"}
    lines |= {f"vectors of {label} written": f"{count:,}" for label, count in report.written.items()}
    lines |= {f"seconds {name}": seconds for name, seconds in report.seconds.items()}
    _show(lines | _forecasts(report.forecasts), as_json=False)
    _show_drift(report.drift)


@app.command()
def drift(
    limit: Limits = None,
    artifact: Model = None,
    models: Models = None,
    through: Through = None,
    as_json: AsJson = False,
) -> None:
    """Say whether what comes in and what came still fit the model, or whether it is time to train again."""
    limits = drift_limits(limit)
    from gnn.jobs import drifting

    with Graph.open() as graph:
        report = drifting.drift(
            graph, artifact_folder(artifact, models), config=limits, through=last_day(through), progress=shown()
        )
    if as_json:
        typer.echo(json.dumps(_drift(report), indent=2))
    else:
        _show_drift(report)


@app.command()
def forecast(
    cluster: Annotated[str | None, typer.Argument(help="Code of a job cluster; all of them otherwise.")] = None,
    artifact: Model = None,
    models: Models = None,
    timing: Annotated[bool, typer.Option(help="Also show what it took, the median of 20 times.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the latest forecast of a job cluster, made from its stored state; nothing is written."""
    from gnn import artifact as artifacts
    from gnn.jobs.foretelling import Foreteller, latest

    foreteller = Foreteller(artifacts.read(artifact_folder(artifact, models)))
    wanted = None if cluster is None else [cluster]
    with Graph.open() as graph:
        found = [latest(graph, foreteller, clusters=wanted) for _ in range(20 if timing else 1)]
    rows, times = _rows(found[0]), {}
    if timing:
        times = {
            "reading ms": 1000 * statistics.median(each.seconds_reading for each in found),
            "computing ms": 1000 * statistics.median(each.seconds_computing for each in found),
        }
    if as_json:
        given = rows if cluster is None else rows[0]
        typer.echo(json.dumps({"forecasts": given, "timing": times} if timing else given, indent=2, default=str))
    elif cluster is not None:
        plain = {name: str(value) if isinstance(value, list | dict) else value for name, value in rows[0].items()}
        _show(plain | times, as_json=False)
    else:
        _show_forecasts(rows)
        if times:
            _show(times, as_json=False)


def _rows(latest: "Latest") -> list[dict[str, Any]]:
    """Forecasts as they are shown."""
    found, rows = latest.found, []
    for place, code in enumerate(latest.codes):
        rows.append(
            {
                "cluster": code,
                "name": latest.names[place],
                "month": latest.month,
                "demand": DEMAND_CLASSES[found.label[place]].replace("_", " ").lower(),
                "probabilities": found.probabilities[place].round(3).tolist(),
                "before": float(found.before[place]),
                "expected": round(float(found.expected[place]), 1),
                "change": round(float(found.change[place]), 4),
                "intensity": [round(float(each[place]), 4) for each in (found.lower, found.intensity, found.upper)],
                "gap": round(float(found.gap[place]), 4),
                "confidence": round(float(found.confidence[place]), 4),
                "warning": round(float(found.warning[place]), 4),
                "focus": bool(found.focus[place]),
                "channels": dict(zip(found.channels, found.weights[place].round(3).tolist(), strict=True)),
            }
        )
    return rows


def _show_forecasts(rows: list[dict[str, Any]]) -> None:
    table = Table(title=f"Demand from {rows[0]['month']} on", title_justify="left")
    names = ("cluster", "demand", "before", "expected", "change", "gap", "confidence", "warning", "focus")
    for name in names:
        left = name in ("cluster", "demand")
        table.add_column(name, justify="left" if left else "right", no_wrap=name == "cluster")
    for row in sorted(rows, key=lambda row: -row["warning"]):
        cells = {**row, "change": f"{row['change']:+.0%}", "focus": "yes" if row["focus"] else ""}
        table.add_row(
            *(f"{cells[name]:,.4g}" if isinstance(cells[name], float) else str(cells[name]) for name in names)
        )
    Console().print(table)


def _written(written: Mapping[str, int], vectors: Mapping[str, int]) -> dict[str, Any]:
    return {label: {"written": count, "vectors": vectors[label]} for label, count in written.items()}


def _forecasts(report: "ForecastReport") -> dict[str, Any]:
    return {
        "generation": report.generation,
        "previous": report.previous,
        "focus": len(report.focus),
        "entered focus": len(report.entered),
        "proposed resources": report.proposals,
    }


def _drift(report: "DriftReport") -> dict[str, Any]:
    signs = [{**asdict(sign), "value": None if sign.value != sign.value else sign.value, "drifted": sign.drifted}
             for sign in report.signs]  # fmt: skip
    return {"retrain": report.retrain, "sentence": report.sentence, "signs": signs}


def _show_drift(report: "DriftReport") -> None:
    table = Table("sign", "value", "limit", "from")
    for sign in report.signs:
        value = "too few" if sign.value != sign.value else f"{sign.value:.3f}"
        style = "red" if sign.drifted else None
        table.add_row(sign.name, value, f"{sign.limit:.3f}", f"{sign.count:,}", style=style)
    Console().print(table)
    typer.echo(report.sentence)


def _show(report: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, indent=2))
        return
    table = Table(show_header=False)
    for name, value in report.items():
        table.add_row(name, f"{value:,.4g}" if isinstance(value, float) else str(value))
    Console().print(table)
