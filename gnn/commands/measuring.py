"""The commands that measure: bench, evaluate, card.

torch is imported by the commands that need it, when they run.
"""

import json
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.benchmarks.sets import LINKS, SETS, UNIVERSITY
from gnn.benchmarks.trial import SPLITS
from gnn.commands import explanations, recommending
from gnn.commands.app import app
from gnn.commands.options import (
    AsJson,
    Encoder,
    Model,
    Models,
    Through,
    artifact_folder,
    home,
    last_day,
    print_page,
    shown,
    text_settings,
)
from schema.errors import InputError, JobError, SettingsError

if TYPE_CHECKING:
    from gnn.benchmarks.bench import Plan
    from gnn.benchmarks.verdict import Ceiling
    from gnn.channels.text import TextConfig
    from gnn.config import DemandConfig

Found = tuple[str, dict[str, Any]]

Out = Annotated[Path | None, typer.Option(help="Folder of tables and results; beside the database otherwise.")]


@app.command()
def bench(
    sets: Annotated[list[str] | None, typer.Option("--set", help=f"One of {', '.join(SETS)}; all otherwise.")] = None,
    rows: Annotated[
        list[str] | None, typer.Option("--row", help="Name of a row that is wanted; all otherwise.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of each row.")] = 3,
    first_seed: Annotated[int, typer.Option(min=0, help="First of the seeds.")] = 0,
    split: Annotated[str, typer.Option(help="time, or random-leaking, which shows what leakage adds.")] = "time",
    origins: Annotated[
        int | None, typer.Option(min=1, help="Test spans, each before the other; what a set is tabled with otherwise.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder with the public data; shared/data beside the checkout otherwise.")
    ] = None,
    out: Out = None,
    world: Annotated[
        Path | None, typer.Option(help="world.json of the synthetic university that is loaded; names its ceiling.")
    ] = None,
    ceiling: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Accuracy of an oracle on the last tenth of the months.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="JSON file with settings of the demand model that differ from the defaults.")
    ] = None,
    text: Annotated[bool, typer.Option(help="Read the texts of postings.")] = True,
    encoder: Encoder = None,
    through: Through = None,
    check_leaks: Annotated[
        bool, typer.Option(help="Also rewrite what comes after the origins and see whether ours moves.")
    ] = False,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads of the trees.")] = 1,
    task: recommending.Task = "demand",
    interactions: recommending.Interactions = None,
    held_out: recommending.Months = 6,
    most: recommending.Most = None,
    bound: recommending.Bound = 0.1,
    test_share: recommending.TestShare = 0.1,
    as_json: AsJson = False,
) -> None:
    """Hold demand model or recommendations against baselines and judge them; run it again to go on where it was killed.

    With --task recommend next steps of students are held out in order of time, and ranked by ours and by others. With
    --task explanations the explanations of stored lists are measured: full chains, diversity, recency, stability.
    """
    if task not in recommending.TASKS:
        raise SettingsError(f"task {task!r}", " or ".join(recommending.TASKS), where="--task")
    if task == explanations.NAME:
        figures = explanations.measured(
            students=most, seed=first_seed, through=last_day(through), out=out or home() / "bench"
        )
        explanations.show(figures, as_json=as_json)
        return
    if task == "recommend":
        measured = recommending.Recommending(
            seeds=tuple(range(first_seed, first_seed + seeds)),
            rows=tuple(rows or ()),
            out=out or home() / "bench",
            world=world,
            months=held_out,
            most=most,
            bound=bound,
            test=test_share,
        )
        recommending.show(measured.log(interactions) if interactions else measured.graph(), as_json=as_json)
        return
    chosen = tuple(sets or SETS)
    if unknown := set(chosen) - set(SETS):
        raise SettingsError(f"set {', '.join(sorted(unknown))}", ", ".join(SETS), where="--set")
    if split not in SPLITS:
        raise SettingsError(f"split {split!r}", " or ".join(SPLITS), where="--split")
    from gnn.benchmarks import summary
    from gnn.benchmarks.bench import Plan
    from gnn.benchmarks.verdict import Ceiling

    given = Ceiling(ceiling) if ceiling else None
    run = _Bench(
        Plan(
            seeds=tuple(range(first_seed, first_seed + seeds)),
            rows=tuple(rows or ()),
            split=split,
            origins=origins,
            check_leaks=check_leaks,
        ),
        out=out or home() / "bench",
        data=data,
        ceiling=Ceiling.of(_read(world), where=str(world)) if world else given,
        config=_config(settings),
        texts=text_settings(encoder) if text else None,
        through=last_day(through),
        threads=threads,
    )
    found = []
    for name in sorted(chosen, key=SETS.index):
        if name == LINKS and (split != "time" or rows):
            run.progress.say(f"{LINKS}: left out, it has neither a random split nor rows to choose from")
            continue
        found.append(run.university() if name == UNIVERSITY else run.links() if name == LINKS else run.series(name))
        # A page after each set: what is killed later leaves it.
        page = summary.write(run.out)
    if as_json:
        typer.echo(json.dumps([table for _, table in found], indent=2))
        return
    for markdown, _ in found:
        print_page(markdown)
    if found:
        Console().print(f"Written to {page}", soft_wrap=True, highlight=False)


@app.command()
def evaluate(artifact: Model = None, models: Models = None, as_json: AsJson = False) -> None:
    """Hold past forecasts in the graph against what came, beside the figures that a model was measured with."""
    from gnn.jobs import evaluation

    with Graph.open() as graph:
        report = evaluation.evaluate(graph, progress=shown())
    folder = _folder(artifact, models)
    figures = evaluation.own_figures(folder) if folder else {}
    if as_json:
        typer.echo(json.dumps({**report.json(), "artifact": str(folder) if folder else None, "figures": figures}))
        return
    console = Console()
    table = Table(title=f"Past forecasts, by what is known through {report.through.isoformat()}")
    for head in evaluation.HEADS:
        table.add_column(head, justify="left" if head == "generation" else "right")
    for line in report.lines:
        table.add_row(*line.cells())
    if report.lines:
        console.print(table)
    console.print(report.verdict, soft_wrap=True, highlight=False)
    if not folder:
        console.print("No trained model is here: `fullcycle gnn train` makes one.")
        return
    own = Table(title=f"Figures of {folder.name}, from its own training", show_header=False)
    for name, value in figures.items():
        own.add_row(name, f"{value:,.4g}")
    console.print(own)


@app.command()
def card(artifact: Model = None, models: Models = None, out: Out = None, as_json: AsJson = False) -> None:
    """Write the card of a trained model: what it is for, what it rests on, what was measured, what it is not for."""
    from gnn import card as cards

    path = cards.write(artifact_folder(artifact, models), bench=out or home() / "bench")
    if as_json:
        typer.echo(json.dumps({"card": str(path)}))
    else:
        print_page(path.read_text(encoding="utf-8"))
        Console().print(f"Written to {path}", soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class _Bench:
    """Runs sets; each gives its Markdown and its JSON."""

    plan: "Plan"
    out: Path
    data: Path | None
    ceiling: "Ceiling | None"
    config: "DemandConfig"
    texts: "TextConfig | None"
    through: date | None
    threads: int
    progress: Progress = field(default_factory=shown)

    def university(self) -> Found:
        from gnn.benchmarks.bench import bench
        from gnn.benchmarks.university import University

        with Graph.open() as graph:
            folder = self.out / "texts"
            source = University(
                graph, self.config, self.texts, folder, self.progress, through=self.through, threads=self.threads
            )
            found = bench(source, self.plan, out=self.out, ceiling=self.ceiling, say=self.progress.say)
        return found.markdown(), found.json()

    def series(self, name: str) -> Found:
        from gnn.benchmarks.bench import bench
        from gnn.benchmarks.sets import public

        source = public(name, self.data, config=self.config, threads=self.threads)
        found = bench(source, self.plan, out=self.out, say=self.progress.say)
        return found.markdown(), found.json()

    def links(self) -> Found:
        from gnn.benchmarks.links import bench_links
        from gnn.benchmarks.sets import place

        folder = place(LINKS, self.data)
        say = self.progress.say
        found = bench_links(folder, out=self.out, seeds=self.plan.seeds, threads=self.threads, say=say)
        return found.markdown(), found.json()


def _config(path: Path | None) -> "DemandConfig":
    """Return the settings of a file, the defaults for those that it does not name."""
    from gnn.config import DemandConfig

    given = _read(path) if path else {}
    names = [each.name for each in fields(DemandConfig)]
    if foreign := set(given) - set(names):
        raise SettingsError(f"setting {', '.join(sorted(foreign))}", ", ".join(names), where=str(path))
    if "channels" in given:
        given["channels"] = tuple(given["channels"])
    return DemandConfig(**given)


def _folder(given: Path | None, models: Path | None) -> Path | None:
    """Return the folder that was named, else the newest one, else None."""
    try:
        return artifact_folder(given, models)
    except JobError:
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("no such file", "a JSON file", where=str(path)) from error
    except ValueError as error:
        raise InputError(f"no JSON: {error}", "a JSON file", where=str(path)) from error
    if not isinstance(found, dict):
        raise InputError(f"a JSON {type(found).__name__}", "names with values", where=str(path))
    return found
