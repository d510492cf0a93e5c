"""The command ``fullcycle gaps``."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.config import GapConfig
from gnn.jobs import GapReport, compute_gaps, update_gaps

_ROWS = (
    ("students", "students", "{:,.0f}"),
    ("job clusters", "jobClusters", "{:,.0f}"),
    ("resources", "resources", "{:,.0f}"),
    ("capability units", "capabilities", "{:,.0f}"),
    ("gaps", "gaps", "{:,.0f}"),
    ("shortfalls", "lacks", "{:,.0f}"),
    ("bridging resources", "bridges", "{:,.0f}"),
    ("recommendations", "recommendations", "{:,.0f}"),
    ("shares of majors", "leads", "{:,.0f}"),
    ("stated goals of which nothing is known", "goalsWithoutDemands", "{:,.0f}"),
    ("scores of courses to learn states from", "stateScores", "{:,.0f}"),
    ("clusters entered to learn states from", "stateEntries", "{:,.0f}"),
    ("error on held-out scores, learned", "stateScoreError", "{:.3f}"),
    ("error on held-out scores, plain", "stateScoreErrorPlain", "{:.3f}"),
    ("error on held-out scores, averages alone", "stateScoreErrorAverages", "{:.3f}"),
    ("log likelihood of held-out entries, learned", "stateEntryLogLikelihood", "{:.3f}"),
    ("log likelihood of held-out entries, plain", "stateEntryLogLikelihoodPlain", "{:.3f}"),
    ("log likelihood of held-out entries, popularity alone", "stateEntryLogLikelihoodAverages", "{:.3f}"),
    ("clusters come to, to learn likelihoods from", "listsArrivals", "{:,.0f}"),
    ("steps to learn stages from", "listsSteps", "{:,.0f}"),
    ("choices of postings to learn weights from", "listsChoicesJob", "{:,.0f}"),
    ("choices of training to learn weights from", "listsChoicesTraining", "{:,.0f}"),
    ("choices of support to learn weights from", "listsChoicesEntrepreneurship", "{:,.0f}"),
    ("mean gap, in levels", "meanGap", "{:.3f}"),
    ("mean match", "meanMatch", "{:.3f}"),
    ("share of a gap that its best resource closes", "coverage", "{:.3f}"),
    ("seconds reading", "secondsReading", "{:.1f}"),
    ("seconds learning states", "secondsLearning", "{:.1f}"),
    ("seconds learning lists", "secondsLearningLists", "{:.1f}"),
    ("seconds computing", "secondsComputing", "{:.1f}"),
    ("seconds listing", "secondsListing", "{:.1f}"),
    ("seconds writing", "secondsWriting", "{:.1f}"),
    ("seconds writing lists", "secondsWritingLists", "{:.1f}"),
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
    plain: Annotated[
        bool, typer.Option("--plain", help="Learn nothing: plain aggregation, and all postings count alike.")
    ] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only bring the active generation up to date, by its own settings.")
    ] = False,
    profiles: Annotated[
        bool, typer.Option("--profiles", help="With --changed: abilities, gaps and stages only, of who changed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Compute what students lack for their goals, the resources that bridge it, and what to recommend.

    The result is a new generation, which readers see as a whole once it is complete. With --changed, what a change of
    postings or of students concerns is computed anew within the active one, and nothing is learned.
    """
    if changed:
        _update(profiles, as_json)
        return
    if profiles:
        raise typer.BadParameter("--profiles goes with --changed")
    settings = GapConfig.plain if plain else GapConfig
    config = settings(goals=goals, resources=resources, least_units=least_units)
    with Graph.open() as graph:
        progress = Progress.for_stream(sys.stderr)
        report = compute_gaps(graph, config, as_of=as_of.date() if as_of else None, progress=progress)
    if as_json:
        typer.echo(_json(report))
    else:
        _show(report)


def _update(profiles: bool, as_json: bool) -> None:
    with Graph.open() as graph:
        report = update_gaps(graph, profiles_only=profiles, progress=Progress.for_stream(sys.stderr))
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"untouched": report.untouched, "avoided": report.avoided}, indent=2))
        return
    Console().print(f"Generation {report.generation} is up to date.", soft_wrap=True, highlight=False)
    table = _figures()
    for title, value in (
        ("students", report.students),
        ("students made anew", report.renewed),
        ("students whose postings were listed anew", report.relisted),
        ("students who are gone", report.gone),
        ("postings that compete anew", report.came),
        ("values that differed", report.changed),
    ):
        table.add_row(title, f"{value:,}")
    table.add_row("share of the students left alone", f"{report.untouched:.3f}")
    table.add_row("share of the lists left alone", f"{report.avoided:.3f}")
    for phase, seconds in report.seconds.items():
        table.add_row(f"seconds {phase.lower()}", f"{seconds:.1f}")
    Console().print(table)


def _figures() -> Table:
    """Return an empty table of figures and their values."""
    table = Table(show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    return table


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
    table = _figures()
    table.add_row("data through", report.data_through.isoformat())
    learned = "learned" if report.metrics["stateLearned"] else "by plain aggregation"
    table.add_row("states of students", learned)
    table.add_row("weights of lists", "learned" if report.metrics["listsLearned"] else "as documented")
    for title, name, form in _ROWS:
        if name in report.metrics:
            table.add_row(title, form.format(report.metrics[name]))
    Console().print(table)
