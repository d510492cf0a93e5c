"""How fast files get into the graph, beside the server's own offline importer on the same rows.

``python -m tests.bench.load`` measures at the size of the paper and ends with status 1 where a target is missed.
Each load is a process of its own, measured from its start to its end, on an embedded server of its own.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import EmbeddedServer
from cypher.settings import VARIABLES, Settings
from etl.sources import university
from etl.sources.university import PAPER, World, changed, generate
from schema.errors import JobError
from tests.bench import offline
from tests.bench.memory import Peak, cpu_seconds
from tests.conftest import KEPT, free_port

SMALL = World(postings=300, students=60, months=15, clusters=8)
FIRST = ("vocabulary", "job_clusters", "employers", "resources", "students")
MEMORY = 1024.0  # MiB
TARGETS = {"new": 90.0, "again": 10.0, "next day": 20.0}  # seconds on two cores, at the size of the paper

Counts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Measured:
    """One line of the result; a target of None says that there is none.

    ``cpu`` are the seconds of all cores, those of the server with them: where two cores have less than half of it to
    show for the time that passed, something else was running.
    """

    name: str
    records: int
    seconds: float
    cpu: float
    peak: float
    target: float | None = None

    @property
    def missed(self) -> bool:
        """Whether a target is missed."""
        slow = self.target is not None and self.seconds > self.target
        return slow or (self.target is not None and self.peak > MEMORY)


class Cost(NamedTuple):
    """What a load cost: seconds on the clock, seconds of all cores, greatest memory in MiB."""

    seconds: float
    cpu: float
    peak: float


class Bench:
    """A server of its own, the files of two days, and loaders that are measured.

    Arguments:
        world: sizes.
        folder: for the server and the files.
        workers: processes that read text, beside the loader.
        targets: whether targets hold at this size.
        console: where to say what goes on.
    """

    def __init__(self, world: World, folder: Path, *, workers: int, targets: bool, console: Console) -> None:
        self.world = world
        self.folder = folder
        self.workers = workers
        self.targets = targets
        self.console = console
        self.environment = {name: value for name, value in os.environ.items() if name not in _VARIABLES - KEPT}
        self.environment |= {
            "FULLCYCLE_HOME": str(folder / "home"),
            "FULLCYCLE_BOLT_PORT": str(free_port()),
            "FULLCYCLE_HTTP_PORT": str(free_port()),
        }
        self.settings = Settings.from_environment(self.environment)
        self.server = EmbeddedServer(self.settings)

    def load(self, folder: Path, *names: str, at: datetime) -> tuple[Counts, Cost]:
        """Load files in a process of its own; return counts and what it cost."""
        command = [sys.executable, "-m", "tests.bench.loading", str(folder), at.isoformat(), str(self.workers), *names]
        begun, before = time.monotonic(), self.cpu()
        process = subprocess.Popen(
            command, env=self.environment, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
        )
        peak = Peak(process)
        output, _ = process.communicate()
        seconds = time.monotonic() - begun
        peak.join()
        if process.returncode:
            raise JobError(f"the load of {', '.join(names)} ended with status {process.returncode}")
        counts: Counts = orjson.loads(output)
        if names != FIRST:
            for name, report in counts.items():
                self.console.print(f"  {name}: {_told(report)}", markup=False, highlight=False)
        return counts, Cost(seconds, self.cpu() - before, peak.mebibytes)

    def cpu(self) -> float:
        """Seconds of all cores that ended loaders and the server have used until now."""
        pid = self.server.status().pid
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime + (cpu_seconds(pid) if pid is not None else 0.0)

    def run(self) -> list[Measured]:
        """Measure everything."""
        world, target = self.world, TARGETS if self.targets else {}
        files, later = self.files(world)
        end = _end(world)
        with Graph.open(self.settings) as graph:
            migrate(graph)
        self.load(files, *FIRST, at=end)
        records = world.postings + world.interaction_count
        counts, cost = self.load(files, "postings", "interactions", at=end)
        _require(counts, read=records, changed=0, unchanged=0, closed=0)
        results = [Measured("new", records, *cost, target.get("new"))]
        counts, cost = self.load(files, "postings", at=end)
        _require(counts, read=world.postings, new=0, changed=0, closed=0)
        results.append(Measured("again", world.postings, *cost, target.get("again")))
        results.append(self.importer())
        counts, cost = self.load(later, "postings", "interactions", at=end + timedelta(days=8))
        _require(counts, read=records)
        results.append(Measured("next day", records, *cost, target.get("next day")))
        results.append(self.twice())
        return results

    def importer(self) -> Measured:
        """The rows that are in the graph now, through the server's own importer; writing them out is not counted."""
        folder = self.folder / "offline"
        with Graph.open(self.settings) as graph:
            made = offline.export(graph, folder / "files")
        before = self.cpu()
        seconds = offline.run(self.server, made, folder / "store")
        cost = Cost(seconds, self.cpu() - before, 0.0)
        self.console.print(f"  importer: {made.nodes:,} nodes, {made.relationships:,} relationships", highlight=False)
        shutil.rmtree(folder)
        return Measured("offline importer", self.world.postings + self.world.interaction_count, *cost)

    def twice(self) -> Measured:
        """New postings from a file twice as long: the memory is what counts."""
        world = replace(self.world, postings=2 * self.world.postings, interactions=0)
        files, _ = self.files(world)
        self.server.stop()
        shutil.rmtree(self.settings.home)
        with Graph.open(self.settings) as graph:
            migrate(graph)
        self.load(files, *FIRST, at=_end(world))
        counts, cost = self.load(files, "postings", at=_end(world))
        _require(counts, read=world.postings, changed=0, unchanged=0)
        unhurried = float("inf") if self.targets else None
        return Measured("new, twice as long", world.postings, *cost, unhurried)

    def files(self, world: World) -> tuple[Path, Path]:
        """The files of two days of a world, made where they are not there yet."""
        name = blake2b(f"{world} {_generator()}".encode(), digest_size=6).hexdigest()
        folder = Path(tempfile.gettempdir()) / f"fullcycle-bench-{world.postings}-{name}"
        today, later = folder / "today", folder / "later"
        if not (folder / "complete").exists():
            self.console.print(f"Writing a synthetic world of {world.postings:,} postings", highlight=False)
            generate(world, today)
            if world.interaction_count:
                changed(world, today, later)
                shutil.copy(today / "postings.toml", later)
            (folder / "complete").touch()
        return today, later


_VARIABLES = {variable.name for variable in VARIABLES}


def _generator() -> str:
    """Digest of the code that makes the files: cached files of another version are not used."""
    code = sorted(Path(university.__file__).parent.glob("*.py"))
    return blake2b(b"".join(path.read_bytes() for path in code), digest_size=8).hexdigest()


def _end(world: World) -> datetime:
    """The instant at which the window of a world ends."""
    year, month = divmod(world.window.end, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _told(report: dict[str, Any]) -> str:
    """What a load did, in a line."""
    kinds = ("read", "new", "changed", "unchanged", "repeated", "closed")
    totals = {kind: sum(each[kind] for each in report["passes"]) for kind in kinds}
    shown = [f"{count:,} {kind}" for kind, count in totals.items() if count]
    return f"{', '.join(shown)}, {report['heldBack']:,} held back, {report['seconds']:.1f} s"


def _require(counts: Counts, **expected: int) -> None:
    """Refuse to measure a load that did something else."""
    for name, value in expected.items():
        found = sum(each[name] for report in counts.values() for each in report["passes"])
        if found != value:
            raise JobError(f"{name} {found:,}", f"{value:,}", where=", ".join(counts))


def table(results: list[Measured]) -> Table:
    """Return the results as a table."""
    grid = Table(box=None, pad_edge=False)
    grid.add_column("load", no_wrap=True)
    for name in ("records", "seconds", "target", "share of it", "CPU s", "records/s", "peak MiB"):
        grid.add_column(name, justify="right", no_wrap=True)
    for each in results:
        timed = each.target is not None and each.target != float("inf")
        grid.add_row(
            each.name,
            f"{each.records:,}",
            f"{each.seconds:.1f}",
            f"{each.target:.0f}" if timed else "-",
            f"{each.seconds / each.target:.2f}" if timed and each.target else "-",
            f"{each.cpu:.1f}",
            f"{each.records / each.seconds:,.0f}",
            f"{each.peak:,.0f}" if each.peak else "-",
            style="red" if each.missed else None,
        )
    return grid


def options(arguments: list[str] | None) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--postings", type=int, default=PAPER.postings, help="postings of the world")
    parser.add_argument("--workers", type=int, default=1, help="processes that read text, beside the loader")
    parser.add_argument("--small", action="store_true", help="a few hundred rows: does it run at all?")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None, *, console: Console | None = None) -> int:
    """Measure, print a table, and return 1 where a target is missed."""
    given = options(arguments)
    console = console or Console()
    world = SMALL if given.small else replace(PAPER, postings=given.postings)
    targets = world.postings >= PAPER.postings
    console.print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", highlight=False)
    with tempfile.TemporaryDirectory(prefix="fullcycle-bench-") as folder:
        bench = Bench(world, Path(folder), workers=given.workers, targets=targets, console=console)
        try:
            results = bench.run()
        finally:
            bench.server.stop()
    console.print(table(results))
    console.print("Targets hold at the size of the paper and on two cores; memory: at most 1,024 MiB.", highlight=False)
    return int(any(each.missed for each in results))


if __name__ == "__main__":
    sys.exit(main())
