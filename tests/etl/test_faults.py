"""Loads that are killed at random moments, and servers that are killed under a load: the end is always the same graph.

FULLCYCLE_FAULTS says how many moments of each kind are tried, FULLCYCLE_FAULTS_SEED which; without it they are new
every time, and the message of a failure names it.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest

from cypher import process
from cypher.fingerprint import Fingerprint, Item, difference, fingerprint, items
from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import EmbeddedServer
from cypher.settings import VARIABLES, Settings
from etl.report import LoadReport
from etl.sources.university import World, changed, generate
from tests.conftest import KEPT, WIPE, embedded_settings
from tests.etl.loader import STEPS, load_day

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("FULLCYCLE_FAULTS", "3"))
SEED = int(os.environ.get("FULLCYCLE_FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
WORLD = World(postings=400, students=60, months=15, clusters=8, start="2023-01")
AT = {"first": datetime(2024, 1, 1, tzinfo=UTC), "next": datetime(2024, 1, 9, tzinfo=UTC)}
EARLIEST, LATEST = 0.05, 0.95  # of what a load takes
ATTEMPTS = 4
DEADLINE = 300.0  # seconds for one loader


class Run:
    """A loader in a process of its own.

    Arguments:
        settings: of the server.
        folder: files of the day.
        day: "first" or "next".
        workers: processes that read text.
    """

    def __init__(self, settings: Settings, folder: Path, *, day: str, workers: int) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in {v.name for v in VARIABLES}}
        environment |= {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {
            "FULLCYCLE_HOME": str(settings.home),
            "FULLCYCLE_BOLT_PORT": str(settings.bolt_port),
            "FULLCYCLE_HTTP_PORT": str(settings.http_port),
            "FULLCYCLE_HEAP": f"{settings.heap}m",
            "FULLCYCLE_PAGECACHE": f"{settings.pagecache}m",
            "FULLCYCLE_START_DEADLINE": f"{settings.start_deadline:.0f}",
        }
        command = [sys.executable, "-m", "tests.etl.loader", str(folder), day, AT[day].isoformat()]
        self.process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            env=environment,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.errors = ""
        self.begun: dict[str, float] = {}
        self._changed = threading.Condition()
        assert self.process.stdout is not None and self.process.stderr is not None
        self._threads = [
            threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True),
            threading.Thread(target=self._collect, args=(self.process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            with self._changed:
                self.begun[line.strip()] = time.monotonic()
                self._changed.notify_all()
        with self._changed:
            self.begun.setdefault("closed", time.monotonic())
            self._changed.notify_all()

    def _collect(self, lines: IO[str]) -> None:
        self.errors = lines.read()

    def wait_for(self, step: str) -> bool:
        """Wait until a step begins; False where the process ends before."""
        with self._changed:
            self._changed.wait_for(lambda: {step, "closed"} & set(self.begun), DEADLINE)
        return step in self.begun

    def end(self) -> int:
        """Wait for the end; return the exit status."""
        try:
            status = self.process.wait(DEADLINE)
        finally:
            self.process.kill()
        for thread in self._threads:
            thread.join()
        return status

    def children(self) -> list[int]:
        """Processes that it has started, where the system tells."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []


def gone(pids: list[int]) -> bool:
    """Wait until none of some processes lives."""
    return process.wait_until(lambda: not any(process.identity(pid) for pid in pids), 20.0)


class Arena:
    """A server that may be killed, a university in files, and what uninterrupted loads of it give."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.server = EmbeddedServer(settings)
        self.folders = {"first": folder / "first", "next": folder / "next"}
        generate(WORLD, self.folders["first"])
        changed(WORLD, self.folders["first"], self.folders["next"])
        text = (self.folders["first"] / "postings.toml").read_bytes()
        (self.folders["next"] / "postings.toml").write_bytes(text)
        self.seconds: dict[str, dict[str, float]] = {}
        self.expected: dict[str, Fingerprint] = {}
        self._items: dict[str, Counter[Item]] = {}
        self._present: str | None = None
        with Graph.open(settings) as graph:
            migrate(graph)
            for day in STEPS:
                run = Run(settings, self.folders[day], day=day, workers=0)
                assert run.end() == 0, run.errors
                names = [*STEPS[day], "end"]
                begun = [run.begun[name] for name in names]
                self.seconds[day] = {
                    name: later - sooner for name, sooner, later in zip(names, begun[:-1], begun[1:], strict=False)
                }
                self.expected[day] = fingerprint(graph)
                self._items[day] = Counter(items(graph))
        self._present = "next"

    def prepare(self, day: str) -> None:
        """Bring the graph to where the load of a day begins."""
        if day == "next" and self._present == "first":
            return
        self.wipe()
        if day == "next":
            self.load("first")
            self.check("first", "uninterrupted")

    def wipe(self) -> None:
        """Remove all nodes; constraints and indexes stay."""
        with Graph.open(self.settings) as graph:
            graph.schema(WIPE)
        self._present = None

    def load(self, day: str) -> list[LoadReport]:
        """Load a day's files to the end, in this process."""
        with Graph.open(self.settings) as graph:
            return load_day(graph, self.folders[day], day=day, at=AT[day], workers=0, begin=lambda name: None)

    def differs(self, day: str) -> bool:
        """Whether the graph is another one than that of an uninterrupted load."""
        with Graph.open(self.settings) as graph:
            return fingerprint(graph) != self.expected[day]

    def check(self, day: str, story: str) -> None:
        """Compare the graph with that of an uninterrupted load, and name what differs."""
        with Graph.open(self.settings) as graph:
            found = fingerprint(graph)
            if found != self.expected[day]:
                present = Counter(items(graph))
                lost, gained = self._items[day] - present, present - self._items[day]
                shown = [
                    f"  {mark} {item.text.decode()[:300]}"
                    for mark, some in (("-", lost), ("+", gained))
                    for item in list(some)[:5]
                ]
                pytest.fail("\n".join((story, *difference(self.expected[day], found), *shown)))
        self._present = day

    def kill(self, draw: random.Random, *, day: str, victim: str, workers: int, inside: str | None) -> tuple[str, Run]:
        """Start a load and kill it, or the server, at a random moment; return the story and the ended run.

        Arguments:
            draw: where the moment comes from.
            day: files to load.
            victim: "loader" or "server".
            workers: processes that read text.
            inside: step in which the moment lies; None for any.
        """
        seconds = self.seconds[day]
        steps = [inside] if inside else list(seconds)
        span = sum(seconds[step] for step in steps)
        for attempt in range(ATTEMPTS):
            self.prepare(day)
            moment = draw.uniform(EARLIEST, LATEST) * span / 2**attempt
            offset = moment
            for step in steps:
                if offset < seconds[step]:
                    break
                offset -= seconds[step]
            story = (
                f"FULLCYCLE_FAULTS_SEED={SEED}: {victim} killed in the load of the {day} day, "
                f"{offset:.3f} s into {step}, {workers} workers"
            )
            run = Run(self.settings, self.folders[day], day=day, workers=workers)
            try:
                begun = run.wait_for(step)
                if begun:
                    time.sleep(max(0.0, run.begun[step] + offset - time.monotonic()))
                children = run.children()
                if begun and run.process.poll() is None and "end" not in run.begun:
                    self._strike(run, victim)
                    run.end()
                    assert gone(children), f"{story}: processes that read text live on"
                    return story, run
                assert run.end() == 0, f"{story}: {run.errors}"
            finally:
                run.process.kill()
            self._present = day  # it was faster than the moment: once more, earlier
        pytest.fail(f"{story}: the load always ended before")

    def _strike(self, run: Run, victim: str) -> None:
        if victim == "loader":
            run.process.kill()
            return
        pid = self.server.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A server of its own, since it gets killed."""
    folder = tmp_path_factory.mktemp("faults")
    settings = embedded_settings(folder / "home")
    try:
        yield Arena(settings, folder)
    finally:
        EmbeddedServer(settings).stop()


def rounds(victim: str) -> list[tuple[str, int, str | None, random.Random]]:
    """Day, workers, step and source of chance of each round.

    The first day has new rows only; the next has new, changed, repeated and closed ones. Every other moment lies among
    the postings, where all the kinds of statements are.
    """
    return [
        (
            "first" if number % 2 == 0 else "next",
            (2, 0, 1)[number % 3],
            "postings" if number % 4 < 2 else None,
            random.Random(f"{SEED} {victim} {number}"),
        )
        for number in range(ROUNDS)
    ]


def test_the_loads_do_what_they_should(arena: Arena) -> None:
    """Would catch a trial that proves nothing, because nothing is held back, changed or closed in it."""
    expected = arena.expected["next"].nodes
    for label in ("Job", "Skill", "Employer", "Student", "HeldRow", "CandidateTerm"):
        assert label in expected, expected
    assert arena.expected["next"].relationships["INTERACTED"].count > 100
    assert difference(arena.expected["first"], arena.expected["next"])


def test_loader_killed_at_any_moment(arena: Arena) -> None:
    """Would catch a batch lost, doubled or half written, and worker processes that outlive their loader."""
    cut_short = 0
    for day, workers, inside, draw in rounds("loader"):
        story, run = arena.kill(draw, day=day, victim="loader", workers=workers, inside=inside)
        assert run.process.returncode == -signal.SIGKILL, story
        cut_short += arena.differs(day)
        arena.load(day)
        arena.check(day, story)
    assert cut_short, f"FULLCYCLE_FAULTS_SEED={SEED}: no kill left anything to do"


def test_server_killed_at_any_moment(arena: Arena) -> None:
    """Would catch a batch lost or doubled with the server, and a loader that fails without a word or with status 0."""
    for day, workers, inside, draw in rounds("server"):
        story, run = arena.kill(draw, day=day, victim="server", workers=workers, inside=inside)
        if run.process.returncode == 0:  # it waited and went on
            arena.check(day, story)
            assert all(each.nothing_changed for each in arena.load(day)), story
        else:
            assert run.process.returncode == 1, f"{story}: {run.errors}"
            assert "fullcycle: " in run.errors and "Traceback" not in run.errors, f"{story}: {run.errors}"
            arena.load(day)
        arena.check(day, story)
