"""How long the weekly update takes against a full run, and whether it comes to the same.

The model runs on everything; then, week after week, one posting in a hundred is changed, the file is loaded again, and
the update runs; then everything runs once more. The first updates show a server that has just been filled: it plans
every query anew and has not compiled what it runs. A server that is updated weekly has, so the figure is the median of
the later half of the weeks; the first stands beside it. Loading and the start of Python are in neither time. On a small
graph the fixed costs are most of the time, so that the ratio says nothing there.
"""

import csv
import random
import statistics
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.jobs.refresh import RefreshReport, refresh
from gnn.snapshot import read_embeddings
from tests.bench.campus import Campus
from tests.bench.figure import Figure

SILENT = Progress.silent()
RATIO, NEAR, ALL = 20.0, 1e-3, 20.0
"""Targets: how many times faster, how near, and seconds."""

SHARE = 0.01
WEEKS = 8
LABELS = ("Job", "JobCluster", "Student", "Skill", "Resource")

State = dict[tuple[str, str], np.ndarray]


def changed(files: Path, *, week: int = 0, share: float = SHARE) -> int:
    """Change the text of a share of the postings in their file, others each week, and return how many."""
    path, draw = files / "postings.csv", random.Random(week)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    count = max(1, round(share * len(rows)))
    for row in draw.sample(rows, count):
        row["responsibilities"] = f"Travel to {week + 2} other towns now and then. {row['responsibilities']}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return count


def state(graph: Graph) -> State:
    """All vectors and active forecasts, by label and code."""
    found = {
        (label, code): row
        for label in LABELS
        for code, row in zip(*read_embeddings(graph, label, progress=SILENT), strict=True)
    }
    rows = graph.read(
        "MATCH (p:ActivePointer {code: 'active'}) MATCH (f:Forecast {generation: p.forecastGeneration})"
        "<-[:HAS_FORECAST]-(c) RETURN c.code AS code, f.probabilities + [f.change, f.gap, f.warning] AS told"
    )
    return found | {("Forecast", row["code"]): np.array(row["told"]) for row in rows}


def apart(one: State, other: State) -> float:
    """Return the greatest difference of a value; infinite where one has what the other has not."""
    if one.keys() != other.keys():
        return float("inf")
    return max(float(np.abs(values - other[key]).max()) for key, values in one.items())


def run(graph: Graph, model: Path, *, again: bool) -> tuple[RefreshReport, float]:
    """Update, or compute everything: the report, and seconds."""
    begun = time.perf_counter()
    report = refresh(graph, model, again=again, progress=SILENT)
    return report, time.perf_counter() - begun


def refreshing(campus: Campus, model: Path, *, console: Console) -> list[Figure]:
    """Update after a change, run everything, and hold the two against each other.

    Arguments:
        campus: the graph and its files.
        model: folder of an artifact that was run on the graph.
        console: where the seconds of each step are shown.
    """
    nothing, idle = run(campus.graph, model, again=False)
    every = []
    for week in range(WEEKS):
        count = changed(campus.files, week=week)
        campus.load_postings()
        update, once = run(campus.graph, model, again=False)
        every.append(once)
    seconds = statistics.median(every[WEEKS // 2 :])
    after = state(campus.graph)
    full, whole = run(campus.graph, model, again=True)
    steps = Table("step", "update", "full run", title=f"{count:,} of {full.postings:,} postings changed", box=None)
    steps.add_row("postings encoded", f"{update.encoded:,}", f"{full.encoded:,}")
    for name, spent in update.seconds.items():
        steps.add_row(f"seconds {name}", f"{spent:.2f}", f"{full.seconds[name]:.2f}")
    console.print(steps)
    console.print("seconds of each week's update: " + ", ".join(f"{once:.2f}" for once in every), highlight=False)
    note = f"{whole:.1f} s against {seconds:.1f} s, in the first week {every[0]:.1f} s"
    return [
        Figure("update without a change", idle, "s", note=f"{nothing.encoded:,} postings encoded"),
        Figure("full run against an update of 1 %", whole / seconds, "times", RATIO, note=note),
        Figure("greatest difference of a vector or forecast", apart(after, state(campus.graph)), "", NEAR, most=True),
        Figure("full run without encoding", whole - full.seconds["encoding"], "s", ALL, most=True),
    ]
