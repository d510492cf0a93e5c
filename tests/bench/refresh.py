"""How long the weekly update takes against a full run, and whether it comes to the same, at the size of the paper.

``python -m tests.bench.refresh`` loads a synthetic world into an embedded server of its own, trains a model for a few
passes (what it foretells does not matter here), runs it on everything, changes one posting in a hundred, loads the file
again, updates, and runs everything once more. It ends with status 1 where the update takes more than a twentieth of the
full run, or leaves other vectors or forecasts than that. ``--small`` sees whether it runs at all: there the fixed costs
are most of the time, so the ratio says nothing. Loading and the start of Python are in neither time.
"""

import csv
import os
import random
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.progress import Progress
from cypher.server import EmbeddedServer
from cypher.settings import Settings
from etl.commands.demo import SOURCE, load_demo
from etl.load import load
from etl.mapping import ColumnMapping
from etl.sources import postings
from etl.sources.university import PAPER, World
from gnn.channels.text import TextConfig
from gnn.config import DemandConfig
from gnn.jobs import training
from gnn.jobs.refresh import RefreshReport, refresh
from gnn.snapshot import read_embeddings
from tests.bench.gnn import own_environment

SILENT = Progress.silent()
TARGET = 20
NEAR = 1e-3
SMALL = World(postings=1_500, students=120, months=20, clusters=8, seed=3, start="2022-01")
LABELS = ("Job", "JobCluster", "Student", "Skill", "Resource")
TEXTS = {
    "full": TextConfig(pretrain_steps=10, epochs=1),
    "small": TextConfig(vocabulary=400, length=32, hidden=16, pretrain_steps=3, epochs=1, text_size=8, skill_size=8),
}


def changed(files: Path, *, share: float) -> int:
    """Change the text of a share of the postings in their file, and return how many."""
    path, draw = files / "postings.csv", random.Random(0)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    count = max(1, round(share * len(rows)))
    for row in draw.sample(rows, count):
        row["responsibilities"] = f"Travel to other towns now and then. {row['responsibilities']}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return count


def state(graph: Graph) -> dict[tuple[str, str], np.ndarray]:
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


def apart(one: dict[tuple[str, str], np.ndarray], other: dict[tuple[str, str], np.ndarray]) -> float:
    """Return the greatest difference of a value; infinite where one has what the other has not."""
    if one.keys() != other.keys():
        return float("inf")
    return max(float(np.abs(values - other[key]).max()) for key, values in one.items())


def run(graph: Graph, folder: Path, *, again: bool) -> tuple[RefreshReport, float, float]:
    """Update, or compute everything: the report, seconds, and seconds of this process's own computing."""
    begun, computing = time.perf_counter(), time.process_time()
    report = refresh(graph, folder, again=again, progress=SILENT)
    return report, time.perf_counter() - begun, time.process_time() - computing


def options(arguments: list[str] | None) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m tests.bench.refresh", description=__doc__)
    parser.add_argument("--share", type=float, default=0.01, help="share of the postings that is changed")
    parser.add_argument("--small", action="store_true", help="a few hundred rows: does it run at all?")
    return parser.parse_args(arguments)


def measure(graph: Graph, folder: Path, *, small: bool, share: float, console: Console) -> bool:
    """Load, train, run, change, update and run again; print the table, and return whether the targets are met."""
    files = folder / "files"
    load_demo(graph, SMALL if small else PAPER, folder=files, workers=0 if small else 1, quiet=True)
    settings = DemandConfig(epochs=3, patience=3)
    texts = TEXTS["small" if small else "full"]
    model = training.train(graph, settings, texts, models=folder / "models", progress=SILENT).folder
    run(graph, model, again=False)
    count = changed(files, share=share)
    path = files / "postings.csv"
    passes = postings.builders(path, mapping=ColumnMapping.read(files / "postings.toml"), full=True)
    load(graph, passes, source=SOURCE, file=str(path), progress=SILENT, workers=0)
    update, seconds, computing = run(graph, model, again=False)
    after = state(graph)
    full, whole_seconds, whole_computing = run(graph, model, again=True)
    difference = apart(after, state(graph))
    table = Table("what", "update", "full run", "ratio", title=f"{count:,} of {full.postings:,} postings changed")
    table.add_row("postings encoded", f"{update.encoded:,}", f"{full.encoded:,}", "")
    for name, once in update.seconds.items():
        table.add_row(f"seconds {name}", f"{once:.2f}", f"{full.seconds[name]:.2f}", "")
    ratio = whole_seconds / seconds
    table.add_row("seconds", f"{seconds:.2f}", f"{whole_seconds:.2f}", f"{ratio:.1f}")
    table.add_row("seconds of own computing", f"{computing:.2f}", f"{whole_computing:.2f}", "")
    console.print(table)
    console.print(f"Greatest difference of a vector or a forecast: {difference:.1e}", highlight=False)
    return difference <= NEAR and (small or ratio >= TARGET)


def main(arguments: list[str] | None = None, *, console: Console | None = None) -> int:
    """Measure on a server of its own, and return 1 where a target is missed."""
    given = options(arguments)
    console = console or Console()
    console.print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", highlight=False)
    with tempfile.TemporaryDirectory(prefix="fullcycle-bench-") as name:
        folder = Path(name)
        settings = Settings.from_environment(own_environment(folder))
        try:
            with Graph.open(settings) as graph:
                migrate(graph)
                met = measure(graph, folder, small=given.small, share=given.share, console=console)
        finally:
            EmbeddedServer(settings).stop()
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
