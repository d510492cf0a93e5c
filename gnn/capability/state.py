"""The states of students, equation 14, from arrays that are prepared once and then serve any set of students.

By the learned rule

    a_uk = 1 - exp(-z_uk)
    z_uk = (start + start_score * score_u) * x(d_mk) + sum over pieces e of w . v_e * exp(-decay * age_e) * x(c_ek)
    x(c) = -log(1 - c), c at most MOST

where d_m is what the major leads to (`gnn.capability.entrants`), v_e are the values of a piece and c_e is its source
(`gnn.capability.pieces`), and ages are in years. By the plain rule, where there is too little to learn from,

    a_uk = 1 - product over pieces e of (1 - q_e * c_ek)

with fixed strengths q_e, see `pieces`; the learned rule with a weight of 1 on everything is that noisy-or. The weights
are the rows of W1 to W4, the same in every unit. Of several pieces of one source, the strongest counts.

A level never falls when evidence is added or a result gets better, since values, weights and x are >= 0 and values rise
with results; it falls slowly as evidence grows old.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.capability import entrants
from gnn.capability.pieces import Pieces, pieces, weights
from gnn.capability.vectors import Vectors, noisy_or
from gnn.config import GapConfig
from gnn.rows import spans
from gnn.snapshot import Floats, Places, Snapshot

MOST = 0.95
"""Levels of a source above it are taken for it: one certain source would otherwise settle a unit for good."""
YEAR = 365.25


def evidence_of(levels: Floats) -> Floats:
    """Return x(c) = -log(1 - c), c at most MOST."""
    return -np.log1p(-np.minimum(levels, MOST))


def strongest(student: Places, source: Places, strength: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the first entry and the largest strength of each run of one student and source.

    Arguments:
        student, source, strength: of pieces in order.
    """
    if not len(student):
        return np.empty(0, np.int64), strength
    fresh = (student[1:] != student[:-1]) | (source[1:] != source[:-1])
    first = np.flatnonzero(np.concatenate(([True], fresh)))
    return first, np.maximum.reduceat(strength, first)


@dataclass(frozen=True, slots=True)
class States:
    """All that the states of students are computed from, ready for any of them.

    Arguments:
        learned: whether the learned rule is used; the plain one otherwise.
        least: levels below it are taken for 0.
        starts: where the evidence of each student begins in the next two, and where the last one's ends.
        source: place of the vector of each piece.
        strength: of each piece, >= 0.
        sources: vectors of all sources: x(c) by the learned rule, c by the plain one.
        brought: share of x(d) that each student brings along, >= 0; empty by the plain rule.
        major: row of each student in ``profiles``.
        profiles: x(d). [majors + 1, units]
    """

    learned: bool
    least: float
    starts: NDArray[np.int64]
    source: Places
    strength: Floats
    sources: Vectors
    brought: Floats
    major: NDArray[np.int64]
    profiles: Floats

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        config: GapConfig,
        *,
        sources: Vectors,
        demands: Floats,
        known: Pieces | None = None,
        profiles: Floats | None = None,
    ) -> "States":
        """Prepare the states as of the last day of data, by ``config.state``, or by the plain rule without it.

        Arguments:
            sources: vectors of the resources, then the clusters, then the lines of business.
            demands: b_j. [clusters, units]
            known: evidence; None takes that of the snapshot.
            profiles: what majors lead to; None takes it from the entries of the snapshot. [majors + 1, units]
        """
        known = pieces(snapshot, config) if known is None else known
        rule, today = config.state, float(snapshot.data_through.toordinal())
        students = np.arange(len(snapshot.students))
        if rule is None:
            strength = known.plain
            vectors, brought, led = sources, np.empty(0), np.empty((0, sources.size))
        else:
            age = np.where(np.isinf(known.known), 0.0, np.maximum(today - known.known, 0.0)) / YEAR
            strength = np.einsum("ev,ev->e", known.values, weights(rule)[known.kind]) * np.exp(-rule.decay * age)
            vectors = Vectors(sources.starts, sources.units, evidence_of(sources.levels), sources.size)
            score = np.nan_to_num(snapshot.admission) if len(snapshot.admission) else np.zeros(len(students))
            brought = rule.start + rule.start_score * score
            if profiles is None:
                profiles = entrants.profiles(snapshot, demands, entered=entrants.entries(snapshot), before=np.inf)
            led = evidence_of(profiles)
        first, strength = strongest(known.student, known.source, strength)
        counted = strength > 0.0
        first, strength = first[counted], strength[counted]
        starts = np.searchsorted(known.student[first], np.arange(len(students) + 1))
        rows = entrants.major_rows(snapshot, students)
        return cls(
            rule is not None,
            config.least_level,
            starts,
            known.source[first],
            strength,
            vectors,
            brought,
            rows,
            led,
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def levels(self, students: NDArray[np.integer]) -> Vectors:
        """Return a_u of some students, in the order given.

        Arguments:
            students: places.
        """
        students = np.asarray(students, np.int64)
        rows, held = spans(self.starts[students], self.starts[students + 1])
        index, units, levels = self.sources.take(self.source[held])
        shares = self.strength[held][index] * levels
        shape = (len(students), self.sources.size)
        if not self.learned:
            return noisy_or(rows[index], units, shares, shape=shape).above(self.least)
        keys = rows[index] * np.int64(shape[1]) + units
        total = np.bincount(keys, shares, minlength=shape[0] * shape[1]).astype(np.float64)  # z; of nothing, integers
        total = total.reshape(shape) + self.brought[students, None] * self.profiles[self.major[students]]
        matrix = -np.expm1(-total)
        matrix[matrix < self.least] = 0.0
        return Vectors.of(matrix)
