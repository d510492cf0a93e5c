"""Everything that results of students are computed from under the rules of the active generation, read as of now."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn import ranking, snapshot
from gnn.capability import Basis, Kept, States, Vectors
from gnn.config import GapConfig
from gnn.gaps import Gaps
from gnn.ranking import Likelihood, Ranker, digests
from gnn.rows import entries
from gnn.snapshot import Edges, Floats, Snapshot
from gnn.writeback.update import Names
from schema.errors import JobError

Part = TypeVar("Part", Basis, Ranker)

_OF_STUDENTS = ("courses", "practice", "work", "ventures", "engagements", "goals", "done")


@dataclass(frozen=True)
class Ground:
    """What is known now, under the rules of a generation.

    Arguments:
        generation: code of the generation.
        competing: digests of the postings that competed when it was last brought up to date.
        basis: vectors of the generation, evidence of now.
        ranker: makes gaps and lists.
    """

    generation: str
    competing: digests.Digests
    basis: Basis
    ranker: Ranker

    @classmethod
    def read(cls, graph: Graph, *, progress: Progress) -> "Ground":
        """Read it.

        Arguments:
            graph: an open graph.
            progress: shows the steps.

        Raises:
            JobError: there is no generation, or it keeps nothing to go on from.
        """
        rows = graph.read(query("snapshot/kept"))
        if not rows or rows[0]["basis"] is None:
            given = (
                "no generation of gaps" if not rows else f"generation {rows[0]['generation']}, of an earlier version"
            )
            raise JobError(given, "a run of `fullcycle gaps` first", where="gaps")
        row = rows[0]
        kept, config = Kept.unpack(bytes(row["basis"])), GapConfig.of(row["config"])
        world = snapshot.read(graph, as_of=kept.as_of, open_only=config.open_only, codes=kept.codes, progress=progress)
        behaviour = ranking.read_behaviour(
            graph,
            world,
            until=world.as_of.date(),
            pool=config.ranking.pool,
            optional=config.optional,
            progress=progress,
        )
        # What came out after the last day of data of the generation is as fresh as can be.
        openings = behaviour.openings
        released = np.minimum(openings.released, behaviour.day.toordinal())
        behaviour = replace(behaviour, openings=replace(openings, released=released))
        basis = kept.basis(world, config)
        competing = np.frombuffer(bytes(row["competing"]), np.uint64)
        return cls(row["generation"], competing, basis, _ranker(basis, behaviour, kept))

    @property
    def world(self) -> Snapshot:
        """The snapshot."""
        return self.basis.world

    @property
    def as_of(self) -> date | None:
        """The day that the generation was asked for."""
        return self.basis.kept.as_of if self.basis.kept else None

    @property
    def config(self) -> GapConfig:
        """Settings of the generation."""
        return self.basis.config

    @cached_property
    def states(self) -> States:
        """States of all students."""
        return self.basis.states(self.config.state)

    @cached_property
    def common(self) -> bytes:
        """Digest of what is the same for all students."""
        return digests.of_common(self.ranker)

    @cached_property
    def present(self) -> digests.Digests:
        """Digests of the postings that compete."""
        return digests.of_postings(self.ranker.pool)

    @property
    def names(self) -> Names:
        """Codes of all that places stand for."""
        world = self.world
        postings = self.ranker.behaviour.openings.codes
        return Names(world.students, world.capabilities, world.clusters, world.resources, postings)

    def of(self, students: NDArray[np.integer]) -> "Ground":
        """Return the same, with the evidence and behaviour of some students alone: enough to make these anew.

        Arguments:
            students: places, rising.
        """
        who = np.asarray(students, np.int64)
        world, behaviour = self.world, self.ranker.behaviour
        kept: dict[str, Any] = {name: _of(getattr(world, name), who) for name in _OF_STUDENTS}
        fewer = replace(world, **kept)
        chosen = np.zeros(len(world.students), bool)
        chosen[who] = True
        behaviour = replace(behaviour, actions=behaviour.actions.where(chosen[behaviour.actions.student]))
        basis = _sharing(self.basis, world=fewer)
        return replace(self, basis=basis, ranker=_sharing(self.ranker, world=fewer, behaviour=behaviour))

    def with_evidence(self, **edges: Any) -> "Ground":
        """Return the same after students showed other evidence.

        Arguments:
            edges: relationships of students by their name in the snapshot, such as ``courses``.
        """
        changed = _sharing(self.basis, world=replace(self.world, **edges))
        return replace(self, basis=changed, ranker=_sharing(self.ranker, world=changed.world))

    def profiles(self, students: NDArray[np.integer]) -> "Profiles":
        """Compute abilities, gaps and stages of some students.

        Arguments:
            students: places, rising.
        """
        levels = self.states.levels(students)
        abilities = levels.dense()
        who = np.asarray(students, np.int64)
        return Profiles(who, levels, abilities, self.ranker.gaps(who, abilities), self.ranker.stages(who))


_SHARED = (
    "demand_levels", "supply_levels", "sources", "ventures", "profiles", "pool", "tie", "targets", "ways", "to_goal",
)  # fmt: skip
"""What does not depend on students, and stays when those change."""


def _sharing(before: Part, **changes: Any) -> Part:
    """Return the same with changes to students; what is the same for all of them is not prepared again."""
    after = replace(before, **changes)
    after.__dict__.update({name: each for name, each in before.__dict__.items() if name in _SHARED})
    return after


@dataclass(frozen=True, slots=True)
class Profiles:
    """What some students can do, what they lack, and where they stand.

    Arguments:
        students: places.
        levels: a_u.
        abilities: the same. [students, units]
        gaps: toward their goals.
        stages: pi_u. [students, stages]
    """

    students: NDArray[np.int64]
    levels: Vectors
    abilities: Floats
    gaps: Gaps
    stages: Floats


def _of(edges: Edges, students: NDArray[np.int64]) -> Edges:
    _, places = entries(edges.start, students)
    return Edges(edges.start[places], edges.end[places], tuple(column[places] for column in edges.columns))


def _ranker(basis: Basis, behaviour: ranking.Behaviour, kept: Kept) -> Ranker:
    config = basis.config
    likelihood = Likelihood(kept.shares, config.likelihood)
    return Ranker(basis.world, behaviour, basis.demand_levels, basis.supply_levels, config.ranking, likelihood, config)
