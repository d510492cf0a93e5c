"""The gap job: read the graph, compute capabilities, gaps, bridges and lists, write and activate a generation."""

import time
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import snapshot, writeback
from gnn.capability import Basis, Kept, States
from gnn.config import GapConfig
from gnn.jobs import listing
from gnn.jobs.ground import Ground
from gnn.jobs.listing import Behaved
from gnn.ranking import Ranker, digests
from gnn.ranking.digests import Digests
from gnn.ranking.watch import Watch
from gnn.snapshot import Snapshot
from gnn.writeback import Writer
from schema.errors import JobError

PHASES = ("Reading", "Computing", "Listing", "Writing", "WritingLists")
"""What the seconds of a run are spent on."""
CHUNK_BYTES = 256 * 1024 * 1024
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
    listed: int = 0
    leads: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))


def compute_gaps(
    graph: Graph,
    config: GapConfig | None = None,
    *,
    as_of: date | None = None,
    same_rules: bool = False,
    progress: Progress,
) -> GapReport:
    """Compute gaps, bridging resources and lists of all students, and make them the active generation.

    Where ``config.learned``, the states of students are learned first from what came of them, unless ``config.state``
    has parameters already; the generation keeps the parameters with the other settings. Where there is too little to
    learn from, or the plain rule foretells better, that one is used, and the metrics say so. What lists are made by is
    learned likewise, unless ``config.ranking`` was.

    It can be run again at any time: a run that dies leaves the active generation as it is, and the next one deletes
    what was left behind. Two runs at once do not mix: the later one wins, the earlier one ends with a JobError.

    Arguments:
        graph: an open graph.
        config: settings; None takes the defaults.
        as_of: last day of data that counts; None takes all that is loaded.
        same_rules: take vectors of clusters and resources, settings and day of the active generation, whatever else is
            given: what an update comes to, but as a new generation, all of it made anew.
        progress: shows the steps.

    Raises:
        JobError: there is nothing to compute on, or another run took over.
        UnreachableError: the server went away and did not come back in time.
    """
    config = config or GapConfig()
    tally = _Tally()
    before = writeback.active(graph)
    started = time.monotonic()
    if same_rules:
        ground = Ground.read(graph, progress=progress)
        basis, states, ranker, config = ground.basis, ground.states, ground.ranker, ground.config
        learned = {"stateLearned": float(config.state is not None), "listsLearned": float(config.ranking.learned)}
        as_of, started = ground.as_of, _clock(tally, "Reading", started)
    else:
        basis, known = _read(graph, config, as_of=as_of, progress=progress)
        started = _clock(tally, "Reading", started)
        states, ranker, config, learned = _learned(basis, known)
    world = basis.world
    started = _clock(tally, "Computing", started)
    writeback.take_over(graph)
    pruned = writeback.prune(graph, progress)
    writer = Writer(graph, config, data_through=world.data_through, units=world.capabilities)
    postings = digests.of_postings(ranker.pool)
    kept = Kept.of(basis, ranker.likelihood.shares, as_of=as_of)
    writer.keep(basis=kept.pack(), competing=postings.tobytes())
    writer.levels("demands", basis.demands, codes=world.clusters)
    writer.levels("supplies", basis.supply, codes=world.resources)
    tally.leads += writer.leads(ranker.likelihood.shares, majors=world.majors, clusters=world.clusters)
    _clock(tally, "Writing", started)
    with progress.step("Computing gaps and lists", len(world.students), unit="students") as step:
        common = digests.of_common(ranker)
        chunk = _Chunk(world, config, ranker=ranker, states=states, common=common, postings=postings)
        for first in range(0, len(world.students), chunk.size):
            last = min(first + chunk.size, len(world.students))
            chunk.run(writer, tally, first=first, last=last)
            step.advance(last - first)
    metrics = _metrics(basis, tally) | learned
    writer.activate(metrics, gaps=tally.gaps)
    writeback.renew_proposals(graph)
    pruned += writeback.prune(graph, progress)
    return GapReport(writer.code, before.code if before else None, tuple(pruned), world.data_through, metrics)


def _read(graph: Graph, config: GapConfig, *, as_of: date | None, progress: Progress) -> tuple[Basis, Behaved]:
    """Read the graph, and compute the vectors of clusters and resources."""
    world = snapshot.read(graph, as_of=as_of, open_only=config.open_only, half_life=config.half_life, progress=progress)
    known = listing.read(graph, world, config, progress=progress)
    _require(bool(world.capabilities), "no capability units", "a skill vocabulary to be loaded first")
    _require(bool(world.students), "no students", "students to be loaded first")
    basis = Basis.of(world, config)
    wanted = "postings with skills, or an occupation standard, to be loaded first, and skills that map to capabilities"
    _require(len(basis.demands.levels) > 0, "no job cluster demands any capability", wanted)
    return basis, known


def _learned(basis: Basis, known: Behaved) -> tuple[States, Ranker, GapConfig, dict[str, float]]:
    """Return states of students, what makes lists, the settings with what was learned, and figures on it."""
    learned = basis.learn()
    config = replace(basis.config, state=learned.state)
    ranker, config, more = listing.ranker(known, basis, config)
    return basis.states(learned.state), ranker, config, learned.metrics | more


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
    ranker: Ranker
    states: States
    common: bytes
    postings: Digests

    @property
    def size(self) -> int:
        """Students in a chunk: all matrices of a chunk together take about CHUNK_BYTES."""
        goals, units = self.config.goals, len(self.world.capabilities)
        per_student = len(self.world.clusters) * 12 + len(self.world.resources) * (3 * goals + 30)
        per_student += units * goals * (1 + self.config.resources) + 20 * goals * self.config.ranking.pool
        return max(1, min(1_000, CHUNK_BYTES // (8 * per_student)))

    def run(self, writer: Writer, tally: _Tally, *, first: int, last: int) -> None:
        """Compute and write the students from ``first`` up to ``last``, exclusive."""
        world, who = self.world, np.arange(first, last)
        started = time.monotonic()
        sparse = self.states.levels(who)
        abilities = sparse.dense()  # [students, units]
        standing = self.ranker.standing(who, abilities)
        found, bridging = standing.gaps, standing.bridges
        stated = int(np.searchsorted(world.goals.start, last) - np.searchsorted(world.goals.start, first))
        tally.unknown_goals += stated - int(found.own.sum())
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
        lists = self.ranker.lists(standing)
        started = _clock(tally, "Listing", started)
        students = world.students[first:last]
        tally.abilities += writer.levels("abilities", sparse, codes=students)
        writer.gaps(
            found,
            bridging,
            demands=self.ranker.demands,
            abilities=abilities,
            students=students,
            clusters=world.clusters,
            resources=world.resources,
        )
        started = _clock(tally, "Writing", started)
        tally.listed += writer.recommendations(
            lists,
            students=world.students,
            postings=self.ranker.behaviour.openings.codes,
            resources=world.resources,
            clusters=world.clusters,
        )
        digest = digests.of_students(self.ranker, who, abilities, common=self.common)
        watch = Watch.of(self.ranker, standing, lists, digest=digest, postings=self.postings)
        writer.states(watch.pack(), standing.stage, students=students)
        _clock(tally, "WritingLists", started)


def _metrics(basis: Basis, tally: _Tally) -> dict[str, float]:
    world = basis.world
    return {
        "capabilities": float(len(world.capabilities)),
        "jobClusters": float(len(world.clusters)),
        "resources": float(len(world.resources)),
        "students": float(len(world.students)),
        "demands": float(len(basis.demands.levels)),
        "supplies": float(len(basis.supply.levels)),
        "abilities": float(tally.abilities),
        "gaps": float(tally.gaps),
        "lacks": float(tally.lacks),
        "bridges": float(tally.bridges),
        "recommendations": float(tally.listed),
        "leads": float(tally.leads),
        "goalsWithoutDemands": float(tally.unknown_goals),
        "meanGap": tally.value / max(1, tally.gaps),
        "meanMatch": tally.match / max(1, tally.gaps),
        # Share of a gap that its best resource closes, over the gaps that are not closed yet.
        "coverage": tally.closed / max(1, tally.open_gaps),
        **{f"seconds{phase}": round(seconds, 3) for phase, seconds in tally.seconds.items()},
    }
