"""The demo university as a load: generated into a folder, then read like anyone's own files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from cypher.graph import Graph
from etl.candidates import after_load
from etl.commands.outcome import progress
from etl.load import load
from etl.mapping import ColumnMapping
from etl.report import LoadReport
from etl.sources import postings, tables, vocabulary
from etl.sources.university import PAPER, SMALL, World, generate

SOURCE = "demo"
BEFORE = ("job_clusters", "employers")
AFTER = (
    "resources",
    "policies",
    "students",
    "course_records",
    "certificates",
    "competitions",
    "practice",
    "internships",
    "outcomes",
    "ventures",
    "interactions",
)


def world_of(
    *, postings: int | None, students: int | None, months: int | None, clusters: int | None, seed: int | None
) -> World:
    """Return the world of some sizes; those of the paper's postings get its months and clusters too."""
    base = PAPER if (postings or 0) >= PAPER.postings else SMALL
    given: dict[str, Any] = {
        "postings": postings,
        "students": students,
        "months": months,
        "clusters": clusters,
        "seed": seed,
    }
    return replace(base, **{name: value for name, value in given.items() if value is not None})


def load_demo(graph: Graph, world: World, *, folder: Path, workers: int, quiet: bool) -> list[LoadReport]:
    """Generate a world and load it.

    Arguments:
        graph: where to.
        world: sizes and seed.
        folder: where its files are written.
        workers: worker processes that read text.
        quiet: say nothing of the ceiling on standard output.
    """
    shown = progress()
    manifest = generate(world, folder, progress=shown)
    if not quiet:
        Console().print(f"Synthetic world, digest {manifest.digest[:16]}\n{manifest.ceiling}", markup=False)
    reports = [load(graph, vocabulary.builders(), source=vocabulary.SOURCE, file="vocabulary", progress=shown)]
    for name in BEFORE:
        reports.append(_table(graph, name, folder))
    passes = postings.builders(folder / "postings.csv", mapping=ColumnMapping.read(folder / "postings.toml"), full=True)
    reports.append(
        load(
            graph,
            passes,
            source=SOURCE,
            file=str(folder / "postings.csv"),
            progress=shown,
            workers=workers,
            after=(after_load,),
        )
    )
    for name in AFTER:
        reports.append(_table(graph, name, folder))
    return reports


def _table(graph: Graph, name: str, folder: Path) -> LoadReport:
    path = folder / f"{name}.csv"
    passes = tables.builders(tables.table(name), path, source=SOURCE, full=True)
    return load(graph, passes, source=SOURCE, file=str(path), progress=progress())
