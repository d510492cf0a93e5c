"""What is the same for every student that is ranked, and where a chunk of students stands on it.

Nothing of one student depends on what others did, but for what was learned before.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gnn.bridging import Bridges, bridges
from gnn.capability.entrants import major_rows
from gnn.config import GapConfig
from gnn.gaps import Gaps, cosine, gaps, held_share, unit_length
from gnn.ranking import terms
from gnn.ranking.leaning import Leanings, Sparse, leanings, shown
from gnn.ranking.likelihood import Likelihood, history
from gnn.ranking.pool import Pool, places_of, used
from gnn.ranking.stage import Counts, counts, stages
from gnn.ranking.terms import Standing
from gnn.rows import marked
from gnn.snapshot.behaviour import KINDS, Behaviour
from gnn.snapshot.gaps import Edges, Floats, Snapshot
from schema.ranking import likelihood as likelihood_term
from schema.rules import RankingRules

Indexes = NDArray[np.int64]


_TIMELESS = (
    "tie", "leanings", "shown", "finished", "used_postings", "used_resources", "targets", "ways", "to_goal",
)  # fmt: skip
"""What does not depend on the day, and is prepared once."""


@dataclass(frozen=True)
class Grounds:
    """All that lists depend on beside the students themselves.

    Arguments:
        world, behaviour: what is known.
        demands: b_j, 0 to 1. [clusters, units]
        supply: c_r, 0 to 1. [resources, units]
        rules: weights and sizes.
        likelihood: P(cluster | student).
        config: goals and resources of a student.
        done: student to resource; None takes that of the snapshot.
        day: the day of the lists; None takes the reference day.
    """

    world: Snapshot
    behaviour: Behaviour
    demands: Floats
    supply: Floats
    rules: RankingRules
    likelihood: Likelihood
    config: GapConfig = field(default_factory=GapConfig)
    done: Edges | None = None
    day: date | None = None

    def on(self, day: date) -> Self:
        """Return the same for lists of another day: of what is out and fresh then. What students did stays."""
        moved = replace(self, day=day)
        moved.__dict__.update({name: getattr(self, name) for name in _TIMELESS})
        return moved

    @property
    def today(self) -> date:
        """The day of the lists."""
        return self.day or self.behaviour.day

    @cached_property
    def pool(self) -> Pool:
        """The postings that compete."""
        return Pool.of(self.behaviour.openings, self.today, demands=self.demands, size=self.rules.pool)

    @cached_property
    def tie(self) -> Indexes:
        """Place of each opening where scores are equal: later release first, then code."""
        known = self.behaviour.openings
        order = np.lexsort((np.argsort(np.argsort(np.array(known.codes, object))), -known.released))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        return place

    @cached_property
    def leanings(self) -> Leanings:
        """What students lean to."""
        return leanings(self.behaviour.actions, len(self.world.students), self.rules.feedback)

    @cached_property
    def studies(self) -> Counts:
        """What the stages of students are told from."""
        return counts(self.world, self.behaviour, self.today)

    @cached_property
    def shown(self) -> Sparse:
        """Actions of late by kind and cluster."""
        return shown(self.behaviour.actions, len(self.world.clusters), self.rules.recent)

    @cached_property
    def finished(self) -> Edges:
        """Student to resource that was done."""
        return self.world.done if self.done is None else self.done

    @cached_property
    def used_postings(self) -> Edges:
        """Student to opening that was used or dismissed."""
        actions = self.behaviour.actions
        return used(actions, places_of(actions.items, self.behaviour.openings.codes))

    @cached_property
    def used_resources(self) -> Edges:
        """Student to resource that was used or dismissed."""
        actions = self.behaviour.actions
        return used(actions, places_of(actions.items, self.world.resources))

    @cached_property
    def targets(self) -> Indexes:
        """Clusters that resources prepare for; as many rows as one has at most, -1 fills up. [most, resources]"""
        known = self.world.targets
        place = np.arange(len(known)) - np.searchsorted(known.start, known.start)
        found = np.full((int(place.max(initial=-1)) + 1, len(self.world.resources)), -1, np.int64)
        found[place, known.start] = known.end
        return found

    @cached_property
    def ways(self) -> Floats:
        """c_r scaled to length 1. [resources, units]"""
        return unit_length(self.supply)

    @cached_property
    def to_goal(self) -> Floats:
        """sim(c_r, b_j). [clusters, resources]"""
        return cosine(unit_length(self.demands), self.ways)

    def nearness(self, students: NDArray[np.integer], abilities: Floats) -> Floats:
        """Return log10(P(cluster | student) / max P) of some students, <= 0. [students, clusters]

        Arguments:
            students: places.
            abilities: a_u. [students, units]
        """
        clusters = len(self.world.clusters)
        return self.likelihood.log10_ratio(
            major_rows(self.world, students),
            held_share(abilities, self.demands),
            marked(self.world.goals, students, clusters).astype(float),
            history(self.behaviour.actions, students, clusters),
        )

    def gaps(self, students: NDArray[np.integer], abilities: Floats) -> Gaps:
        """Return the gaps of some students to their goals, with likelihoods.

        Arguments:
            students: places, in order.
            abilities: a_u. [students, units]
        """
        own = marked(self.world.goals, students, len(self.world.clusters))
        ratio = self.nearness(students, abilities)
        found = gaps(
            abilities,
            self.demands,
            own=own,
            count=self.config.goals,
            least_units=self.config.least_units,
            likely=ratio,
            heat=self.behaviour.heat,
        )
        return replace(found, likelihood=likelihood_term(ratio[found.student, found.cluster]))

    def stages(self, students: NDArray[np.integer]) -> Floats:
        """Return pi_u of some students. [students, stages]"""
        return stages(self.studies.of(students), self.rules.stage, self.leanings.stage[students])

    def standing(self, students: NDArray[np.integer], abilities: Floats, *, best: Floats | None = None) -> Standing:
        """Return where some students stand: their goals, by likelihood, and the gaps toward them.

        Arguments:
            students: places, in order.
            abilities: a_u. [students, units]
            best: largest share of the gap toward each goal that one resource closes, where that is known already; then
                no other resource is looked for. [students, goals]
        """
        who: Indexes = np.asarray(students, np.int64)
        world = self.world
        found = self.gaps(who, abilities)
        goal, row = terms.slots(found, len(who))
        bridging = (
            self._bridges(found, who, abilities) if best is None else Bridges.alone(best[:, : goal.shape[1]][goal >= 0])
        )
        width = len(KINDS) * max(1, len(world.clusters))
        return Standing(
            who,
            abilities,
            found,
            bridging,
            goal,
            row,
            self.stages(who),
            self.leanings.kind[who],
            self.leanings.cluster.dense(who, len(world.clusters)),
            self.shown.dense(who, width),
        )

    def _bridges(self, found: Gaps, students: Indexes, abilities: Floats) -> Bridges:
        gone = ~self.behaviour.offered(self.world, self.today)
        barred = marked(self.finished, students, len(self.world.resources)) | gone
        return bridges(
            found,
            self.supply,
            abilities=abilities,
            demands=self.demands,
            barred=barred,
            count=self.config.resources,
            weights=self.config.weights,
        )
