"""An update: after a change of the graph, exactly the results that it concerns, within the active generation.

Vectors of clusters and resources, shares of majors, the reference day and all weights stay those of the generation, as
for a student that the service computes anew. So the results of a student change with the student's own evidence and
behaviour, with what is the same for all (resources, heat), or, as to lists of postings, with the postings that compete.
The first two are told by a digest that was written beside the results, the third by `gnn.ranking.watch`.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from cypher.threads import one_thread
from gnn.capability import Vectors
from gnn.jobs.ground import Ground
from gnn.ranking import digests
from gnn.ranking.candidates import postings
from gnn.ranking.terms import Standing
from gnn.ranking.watch import Watch, arrived
from gnn.snapshot import Floats
from gnn.writeback import update
from gnn.writeback.gaps import Row
from gnn.writeback.update import Change
from schema import clock
from schema.ranking import PATHS

BATCH = 250
"""Students of one transaction, all of whose results are made anew."""
MANY = 2_000
"""Students that are looked at together."""
PROFILES = 500
"""Students of one transaction, of whom abilities, gaps and stages alone are made anew."""
SESSIONS = 2
"""Transactions of profiles that run side by side."""


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did.

    Arguments:
        generation: code of the active generation, which it changed.
        students: students that there are.
        renewed: students whose abilities, gaps and lists were made anew.
        relisted: students of whom the list of postings alone was.
        gone: students who are none any more, of whom nothing is left.
        came: postings that compete now and did not as they do.
        changed: properties and relationships that differed and were written.
        seconds: by phase: Reading, Finding, Computing, Writing. Profiles are computed while others are written, and
            count as Writing.
    """

    generation: str
    students: int
    renewed: int
    relisted: int
    gone: int
    came: int
    changed: int
    seconds: dict[str, float]

    @property
    def untouched(self) -> float:
        """Share of the students of whom nothing was made anew, 0 to 1."""
        return 1.0 - (self.renewed + self.relisted) / max(1, self.students)

    @property
    def avoided(self) -> float:
        """Share of the lists that were not made anew, 0 to 1: there is one of each path for a student."""
        return 1.0 - (len(PATHS) * self.renewed + self.relisted) / max(1, len(PATHS) * self.students)


@dataclass(frozen=True, slots=True)
class Found:
    """Who is concerned.

    Arguments:
        renewed: places of students of whom everything is made anew.
        relisted: places of those of whom the list of postings is.
        best: of those, the share of each gap that one resource closes at most. [students, goals]
        digest: of all students.
        gone: codes of students who are none any more.
        came: number of postings that compete now and did not as they do.
    """

    renewed: NDArray[np.int64]
    relisted: NDArray[np.int64]
    best: Floats
    digest: digests.Digests
    gone: tuple[str, ...]
    came: int


def update_gaps(
    graph: Graph, *, profiles_only: bool = False, everyone: bool = False, progress: Progress
) -> UpdateReport:
    """Bring the active generation up to date, and write only what differs.

    It can be run again at any time: a run that dies leaves each student as before or as after it, and the next one goes
    on. A full run that activates another generation meanwhile ends it with a JobError.

    Arguments:
        graph: an open graph.
        profiles_only: abilities, gaps and stages of students who changed, and nothing else; resources of gaps and lists
            follow with the next update.
        everyone: make everything anew, whoever is concerned; what there is stays where it is right.
        progress: shows the steps.

    Raises:
        JobError: there is no generation to bring up to date, or another one became active.
        UnreachableError: the server went away and did not come back in time.
    """
    started = time.monotonic()
    ground = Ground.read(graph, progress=progress)
    read = time.monotonic()
    found = find(graph, ground, everyone=everyone)
    seconds = {"Reading": read - started, "Finding": time.monotonic() - read, "Computing": 0.0, "Writing": 0.0}
    writer = _Writer(graph, ground, seconds)
    if profiles_only:
        for some in _batches(found.renewed, MANY):
            writer.profiles(some)
        relisted = 0
    else:
        relisted = len(found.relisted)
        total = len(found.renewed) + relisted
        with progress.step("Computing what changed", total, unit="students") as step:
            for some in _batches(found.renewed, BATCH):
                writer.renew(some, found.digest[some])
                step.advance(len(some))
            for place in range(0, relisted, 2 * BATCH):
                span = slice(place, place + 2 * BATCH)
                some = found.relisted[span]
                writer.relist(some, found.digest[some], found.best[span])
                step.advance(len(some))
        if found.gone:
            writer.write(update.gone(found.gone))
        update.done(graph, ground.generation, ground.present.tobytes())
    writer.close()
    return UpdateReport(
        ground.generation,
        len(ground.world.students),
        len(found.renewed),
        relisted,
        0 if profiles_only else len(found.gone),
        found.came,
        writer.changed,
        {name: round(each, 3) for name, each in seconds.items()},
    )


def find(graph: Graph, ground: Ground, *, everyone: bool = False) -> Found:
    """Find who is concerned by what changed.

    Arguments:
        graph: an open graph.
        ground: as of now.
        everyone: take everyone.
    """
    world, ranker = ground.world, ground.ranker
    [row] = graph.read(query("snapshot/kept-students"), generation=ground.generation)
    states = {code: bytes(state) if state else None for code, state in row["students"]}
    gone = tuple(sorted(code for code in states.keys() - set(world.students) if states[code]))
    came = arrived(ranker.pool, ground.present, ground.competing)
    renewed, relisted, best, every = [], [], [], []
    for who in _batches(np.arange(len(world.students)), MANY):
        abilities = ground.states.levels(who).dense()
        digest = digests.of_students(ranker, who, abilities, common=ground.common)
        watch = Watch.unpack([states.get(world.students[each]) for each in who.tolist()], listed=ranker.rules.listed)
        other = (digest != watch.digest) | everyone
        moved = ~other & watch.concerned(ranker, who, abilities, came=came, present=ground.present)
        renewed.append(who[other])
        relisted.append(who[moved])
        best.append(watch.best[moved])
        every.append(digest)
    none = np.empty(0, np.int64)
    return Found(
        np.concatenate([none, *renewed]),
        np.concatenate([none, *relisted]),
        _wide(best),
        np.concatenate([np.empty(0, np.uint64), *every]),
        gone,
        len(came.places),
    )


def _wide(parts: Sequence[Floats]) -> Floats:
    """Return matrices one below the other, zeros where one is narrower."""
    width = max((part.shape[1] for part in parts), default=0)
    return np.concatenate([np.zeros((0, width)), *(np.pad(p, ((0, 0), (0, width - p.shape[1]))) for p in parts)])


def _batches(students: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    return [students[first : first + size] for first in range(0, len(students), size)]


class _Writer:
    """Makes students anew and writes them, batch by batch."""

    def __init__(self, graph: Graph, ground: Ground, seconds: dict[str, float]) -> None:
        self._graph = graph
        self._ground = ground
        self._seconds = seconds
        self._ledger = f"gaps-update:{ground.generation}:{clock.now().isoformat()}:"
        self._batches = 0
        self.changed = 0

    def profiles(self, students: NDArray[np.int64]) -> None:
        """Make abilities, gaps and stages anew."""
        started = time.monotonic()
        self._batches += 1
        key = f"{self._ledger}{self._batches}:"
        self.changed += write_profiles(self._graph, self._ground, students, key=key)
        self._clock("Writing", started)

    def renew(self, students: NDArray[np.int64], digest: digests.Digests) -> None:
        """Make everything anew."""
        started = time.monotonic()
        change, levels, standing = self._listed(students, digest, PATHS)
        change.profiles(levels, standing.gaps)
        change.bridges(standing.gaps, standing.bridges, generation=self._ground.generation)
        self._clock("Computing", started)
        self.write(change.steps)

    def relist(self, students: NDArray[np.int64], digest: digests.Digests, best: Floats) -> None:
        """Make the lists of postings anew; gaps are as they were.

        Arguments:
            best: share of each gap that one resource closes at most. [students, goals]
        """
        started = time.monotonic()
        change, _, _ = self._listed(students, digest, PATHS[:1], best=best)
        self._clock("Computing", started)
        self.write(change.steps)

    def write(self, steps: Sequence[tuple[str, list[Row]]]) -> None:
        """Write one batch."""
        started = time.monotonic()
        self._batches += 1
        self.changed += update.write(self._graph, self._ground.generation, steps, key=f"{self._ledger}{self._batches}")
        self._clock("Writing", started)

    def close(self) -> None:
        """Forget which batches were written."""
        self._graph.clear_batches(self._ledger)

    def _listed(
        self, students: NDArray[np.int64], digest: digests.Digests, paths: Sequence[str], *, best: Floats | None = None
    ) -> tuple[Change, Vectors, Standing]:
        ground, ranker = self._ground, self._ground.ranker
        levels = ground.states.levels(students)
        standing = ranker.standing(students, levels.dense(), best=best)
        lists = ranker.lists(standing) if len(paths) > 1 else ranker.listed(postings(ranker, standing))
        watch = Watch.of(ranker, standing, lists, digest=digest, postings=ground.present)
        change = Change(ground.names, students)
        change.marked(watch.pack(), standing.stage)
        change.lists(lists, paths)
        return change, levels, standing

    def _clock(self, phase: str, started: float) -> None:
        self._seconds[phase] += time.monotonic() - started


def write_profiles(graph: Graph, ground: Ground, students: NDArray[np.int64], *, key: str) -> int:
    """Make abilities, gaps and stages of some students anew, write what differs, and return how many values did.

    Several sessions write side by side, each batch in a transaction of its own, while the next one is computed.

    Arguments:
        graph: an open graph.
        ground: with the evidence of these students, at the least.
        students: places, rising.
        key: what the names of the batches begin with.

    Raises:
        JobError: another generation became active.
        UnreachableError: the server went away and did not come back in time.
    """
    batches = _batches(students, PROFILES)

    def write(number: int) -> int:
        some = batches[number]
        found, change = ground.profiles(some), Change(ground.names, some)
        change.marked([None] * len(some), found.stages)
        change.profiles(found.levels, found.gaps)
        return update.write(graph, ground.generation, change.steps, key=f"{key}{number}")

    with one_thread(), ThreadPoolExecutor(SESSIONS, thread_name_prefix="profiles") as pool:
        return sum(pool.map(write, range(len(batches))))
