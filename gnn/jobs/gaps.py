"""The gap job: read the graph, compute capabilities, gaps and bridging resources, write and activate a generation."""

import time
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import capability, snapshot, writeback
from gnn.bridging import bridges
from gnn.capability import Evidence, Vectors
from gnn.config import GapConfig
from gnn.gaps import gaps
from gnn.snapshot import Edges, Snapshot
from gnn.writeback import Writer
from schema.errors import JobError

CHUNK_BYTES = 128 * 1024 * 1024
"""Memory that the matrices of one chunk of students may take, roughly."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What a run of the gap job did.

    Arguments:
        generation: code of the generation that is active now.
        previous: code of the one that was active before, or None.
        pruned: codes of deleted generations.
        data_through: last day of data that it knows.
        metrics: counts, means and seconds by name; the same as on the generation.
    """

    generation: str
    previous: str | None
    pruned: tuple[str, ...]
    data_through: date
    metrics: dict[str, float]


@dataclass(slots=True)
class _Tally:
    """Sums over the chunks, for the metrics."""

    gaps: int = 0
    lacks: int = 0
    bridges: int = 0
    abilities: int = 0
    open_gaps: int = 0
    value: float = 0.0
    match: float = 0.0
    closed: float = 0.0
    unknown_goals: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: {"Reading": 0.0, "Computing": 0.0, "Writing": 0.0})


def compute_gaps(
    graph: Graph, config: GapConfig | None = None, *, as_of: date | None = None, progress: Progress
) -> GapReport:
    """Compute gaps and bridging resources of all students, and make them the active generation.

    It can be run again at any time: a run that dies leaves the active generation as it is, and the next one deletes
    what was left behind. Two runs at once do not mix: the later one wins, the earlier one ends with a JobError.

    Arguments:
        graph: an open graph.
        config: settings; None takes the defaults.
        as_of: last day of data that counts; None takes all that is loaded.
        progress: shows the steps.

    Raises:
        JobError: there is nothing to compute on, or another run took over.
        UnreachableError: the server went away and did not come back in time.
    """
    config = config or GapConfig()
    tally = _Tally()
    before = writeback.active(graph)
    started = time.monotonic()
    world = snapshot.read(graph, as_of=as_of, open_only=config.open_only, progress=progress)
    started = _clock(tally, "Reading", started)
    _require(bool(world.capabilities), "no capability units", "a skill vocabulary to be loaded first")
    _require(bool(world.students), "no students", "students to be loaded first")
    mapping = capability.skill_units(world)
    demands = capability.demands(world, config, mapping=mapping)
    supply = capability.supply(world, config, mapping=mapping)
    wanted = "postings with skills, or an occupation standard, to be loaded first, and skills that map to capabilities"
    _require(len(demands.levels) > 0, "no job cluster demands any capability", wanted)
    started = _clock(tally, "Computing", started)
    writeback.take_over(graph)
    pruned = writeback.prune(graph, progress)
    writer = Writer(graph, config, data_through=world.data_through, units=world.capabilities)
    writer.levels("demands", demands, codes=world.clusters)
    writer.levels("supplies", supply, codes=world.resources)
    _clock(tally, "Writing", started)
    with progress.step("Computing gaps", len(world.students), unit="students") as step:
        sources = supply.over(demands)
        known = capability.evidence(world, config)
        chunk = _Chunk(world, config, demands=demands.dense(), supply=supply.dense(), known=known, sources=sources)
        for first in range(0, len(world.students), chunk.size):
            last = min(first + chunk.size, len(world.students))
            chunk.run(writer, tally, first=first, last=last)
            step.advance(last - first)
    metrics = _metrics(world, tally, demands=demands, supply=supply)
    writer.activate(metrics, gaps=tally.gaps)
    pruned += writeback.prune(graph, progress)
    return GapReport(writer.code, before.code if before else None, tuple(pruned), world.data_through, metrics)


def _require(holds: bool, given: str, expected: str) -> None:
    if not holds:
        raise JobError(given, expected, where="gaps")


def _clock(tally: _Tally, phase: str, started: float) -> float:
    """Add the seconds since ``started`` to a phase, and return the present moment."""
    moment = time.monotonic()
    tally.seconds[phase] += moment - started
    return moment


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Computes and writes one chunk of students after the other, so that memory stays bounded."""

    world: Snapshot
    config: GapConfig
    demands: np.ndarray  # [clusters, units]
    supply: np.ndarray  # [resources, units]
    known: Evidence
    sources: Vectors

    @property
    def size(self) -> int:
        """Students in a chunk: all matrices of a chunk together take about CHUNK_BYTES."""
        goals, units = self.config.goals, len(self.world.capabilities)
        per_student = len(self.world.clusters) + len(self.world.resources) * (goals + 1)
        per_student += units * goals * (1 + self.config.resources)
        return max(1, min(1_000, CHUNK_BYTES // (8 * 3 * per_student)))

    def run(self, writer: Writer, tally: _Tally, *, first: int, last: int) -> None:
        """Compute and write the students from ``first`` up to ``last``, exclusive."""
        world, config = self.world, self.config
        started = time.monotonic()
        sparse = capability.abilities(self.known, config, sources=self.sources, first=first, last=last)
        abilities = sparse.dense()  # [students, units]
        own = _marked(world.goals, first, last=last, columns=len(world.clusters))
        barred = _marked(world.done, first, last=last, columns=len(world.resources)) | ~world.offered
        found = gaps(abilities, self.demands, own=own, count=config.goals, least_units=config.least_units)
        bridging = bridges(
            found,
            self.supply,
            abilities=abilities,
            demands=self.demands,
            barred=barred,
            count=config.resources,
            weights=config.weights,
        )
        tally.unknown_goals += int(own.sum()) - int(found.own.sum())
        tally.gaps += len(found)
        tally.lacks += int(np.count_nonzero(found.lacking))
        tally.bridges += len(bridging)
        tally.open_gaps += int(np.count_nonzero(found.value))
        tally.value += float(found.value.sum())
        tally.match += float(found.match.sum())
        best = np.zeros(len(found))
        np.maximum.at(best, bridging.gap, bridging.contribution)
        tally.closed += float(best.sum())
        started = _clock(tally, "Computing", started)
        students = world.students[first:last]
        tally.abilities += writer.levels("abilities", sparse, codes=students)
        writer.gaps(
            found,
            bridging,
            demands=self.demands,
            abilities=abilities,
            students=students,
            clusters=world.clusters,
            resources=world.resources,
        )
        _clock(tally, "Writing", started)


def _marked(edges: Edges, first: int, *, last: int, columns: int) -> np.ndarray:
    """Return which of the students from ``first`` up to ``last`` has a relationship to which column."""
    marked = np.zeros((last - first, columns), bool)
    span = slice(*np.searchsorted(edges.start, (first, last)))
    marked[edges.start[span] - first, edges.end[span]] = True
    return marked


def _metrics(world: Snapshot, tally: _Tally, *, demands: Vectors, supply: Vectors) -> dict[str, float]:
    return {
        "capabilities": float(len(world.capabilities)),
        "jobClusters": float(len(world.clusters)),
        "resources": float(len(world.resources)),
        "students": float(len(world.students)),
        "demands": float(len(demands.levels)),
        "supplies": float(len(supply.levels)),
        "abilities": float(tally.abilities),
        "gaps": float(tally.gaps),
        "lacks": float(tally.lacks),
        "bridges": float(tally.bridges),
        "goalsWithoutDemands": float(tally.unknown_goals),
        "meanGap": tally.value / max(1, tally.gaps),
        "meanMatch": tally.match / max(1, tally.gaps),
        # Share of a gap that its best resource closes, over the gaps that are not closed yet.
        "coverage": tally.closed / max(1, tally.open_gaps),
        **{f"seconds{phase}": round(seconds, 3) for phase, seconds in tally.seconds.items()},
    }
