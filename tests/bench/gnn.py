"""How fast the jobs read the training snapshot, and read and write embeddings, at the size of the paper.

``python -m tests.bench.gnn`` loads a synthetic world into an embedded server of its own, measures, and ends with
status 1 where a target is missed; ``--existing`` measures on the graph that the environment names and only reads it,
``--small`` sees whether it runs at all. Rates are the best of several rounds on a warm server; the first round is
shown beside them, and beside that the rate at which the same comes row by row.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.progress import Progress
from cypher.server import EmbeddedServer
from cypher.settings import VARIABLES, Settings
from etl.sources.university import PAPER
from gnn.snapshot import read_embeddings
from gnn.snapshot.relations import Relations, read_relations
from gnn.writeback import write_embeddings
from schema import clock
from schema.catalog import VECTOR_DIMENSIONS
from schema.errors import JobError
from tests.conftest import KEPT, free_port

SILENT = Progress.silent()
ROUNDS = 5
ROWS = "MATCH (job:Job)-[edge:REQUIRES]->(skill:Skill) RETURN job.code AS job, skill.code AS skill, edge.level AS level"
TARGETS = {"relationships read": 500_000.0, "embeddings read": 100_000.0, "embeddings written": 20_000.0}  # a second
SMALL = ("--postings", "300", "--students", "60", "--months", "15", "--clusters", "8")
_PAPER = tuple(
    word for name in ("postings", "students", "months", "clusters") for word in (f"--{name}", str(getattr(PAPER, name)))
)


@dataclass(frozen=True)
class Rate:
    """One line of the result: a number of things and the seconds that they took, in the best round and in the first.

    A target is a rate, or None where there is none.
    """

    name: str
    count: int
    seconds: float
    first: float
    target: float | None = None

    @property
    def rate(self) -> float:
        """Things a second, in the best round; infinite where nothing was to do, as with an index that was kept."""
        return self.count / self.seconds if self.seconds else math.inf

    @property
    def missed(self) -> bool:
        """Whether the target is missed."""
        return self.target is not None and self.rate < self.target


def timed(name: str, work: Callable[[], int], *, rounds: int = ROUNDS, target: float | None = None) -> Rate:
    """Run something several times; it returns how many things it did."""
    seconds, count = [], 0
    for _ in range(rounds):
        begun = time.perf_counter()
        count = work()
        seconds.append(time.perf_counter() - begun)
    return Rate(name, count, min(seconds), seconds[0], target)


def reading(graph: Graph, *, targets: bool) -> list[Rate]:
    """Read the training snapshot, nodes and all, and one type of it row by row."""
    target = TARGETS["relationships read"] if targets else None
    rate = timed("relationships read", lambda: len(_relations(graph)), target=target)
    rows = timed("the same row by row (REQUIRES)", lambda: sum(1 for _ in graph.stream(ROWS)), rounds=2)
    return [rate, rows]


def _relations(graph: Graph) -> Relations:
    return read_relations(graph, as_of=clock.now(), progress=SILENT)


def embeddings(graph: Graph, *, targets: bool) -> list[Rate]:
    """Write embeddings of all postings under two generations, the index dropped and made again, and read them."""
    codes = graph.read("MATCH (job:Job) RETURN collect(job.code) AS codes")[0]["codes"]
    drawn = np.random.default_rng(0)
    writing, indexing = [], []
    for generation in ("fc:bench:1", "fc:bench:2"):
        # Real vectors lie in clusters; drawn ones that do not make the index slower than it is.
        centres = drawn.normal(size=(80, VECTOR_DIMENSIONS))
        matrix = (centres[drawn.integers(0, 80, len(codes))] + drawn.normal(size=(len(codes), VECTOR_DIMENSIONS))) / 2
        report = write_embeddings(graph, "Job", codes, matrix, generation=generation, progress=SILENT)
        writing.append(report.seconds_writing)
        indexing.append(report.seconds_indexing)
        known, found = read_embeddings(graph, "Job", progress=SILENT)
        order = np.argsort(np.array(codes))
        if list(known) != sorted(codes) or not np.array_equal(found, matrix.astype(np.float32)[order]):
            raise JobError("embeddings that are not those that were written", where=generation)
    named = {name: rate if targets else None for name, rate in TARGETS.items()}
    return [
        Rate("embeddings written", len(codes), min(writing), writing[0], named["embeddings written"]),
        Rate("vector index made", len(codes), min(indexing), indexing[0]),
        timed(
            "embeddings read",
            lambda: len(read_embeddings(graph, "Job", progress=SILENT)[0]),
            target=named["embeddings read"],
        ),
    ]


def table(results: list[Rate]) -> Table:
    """Return the results as a table."""
    grid = Table(box=None, pad_edge=False)
    grid.add_column("what", no_wrap=True)
    for name in ("number", "seconds", "first", "per second", "target"):
        grid.add_column(name, justify="right", no_wrap=True)
    for each in results:
        grid.add_row(
            each.name,
            f"{each.count:,}",
            f"{each.seconds:.2f}",
            f"{each.first:.2f}",
            f"{each.rate:,.0f}",
            f"{each.target:,.0f}" if each.target else "-",
            style="red" if each.missed else None,
        )
    return grid


def own_environment(folder: Path) -> dict[str, str]:
    """Return the environment of an embedded server of its own in a folder."""
    names = {variable.name for variable in VARIABLES} - KEPT
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "FULLCYCLE_HOME": str(folder / "home"),
        "FULLCYCLE_BOLT_PORT": str(free_port()),
        "FULLCYCLE_HTTP_PORT": str(free_port()),
    }


def loaded(folder: Path, *, small: bool) -> Settings:
    """Load a synthetic world into an embedded server of its own and return its settings."""
    environment = own_environment(folder)
    settings = Settings.from_environment(environment)
    with Graph.open(settings) as graph:
        migrate(graph)
    sizes = SMALL if small else _PAPER
    command = [sys.executable, "-c", "from cypher.command import main; main()", "load", "demo", *sizes]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return settings


def options(arguments: list[str] | None) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m tests.bench.gnn", description=__doc__)
    parser.add_argument("--existing", action="store_true", help="only read, from the graph that the environment names")
    parser.add_argument("--write", action="store_true", help="with --existing: write embeddings there all the same")
    parser.add_argument("--small", action="store_true", help="a few hundred rows: does it run at all?")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None, *, console: Console | None = None) -> int:
    """Measure, print a table, and return 1 where a target is missed."""
    given = options(arguments)
    console = console or Console()
    console.print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", highlight=False)
    with tempfile.TemporaryDirectory(prefix="fullcycle-bench-") as folder:
        settings = Settings.from_environment() if given.existing else loaded(Path(folder), small=given.small)
        try:
            with Graph.open(settings) as graph:
                results = reading(graph, targets=not given.small)
                if given.write or not given.existing:
                    results += embeddings(graph, targets=not given.small)
        finally:
            if not given.existing:
                EmbeddedServer(settings).stop()
    console.print(table(results))
    console.print(
        "Targets hold at the size of the paper and on two cores that have nothing else to do.", highlight=False
    )
    return int(any(each.missed for each in results))


if __name__ == "__main__":
    sys.exit(main())
