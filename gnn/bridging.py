"""Equation 16 for many gaps at once: the resources that narrow each gap, best first, with the terms of their scores.

The same arithmetic for one gap and resource is in `schema.scoring`; tests hold the two against each other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.gaps import Gaps, cosine, unit_length
from gnn.order import Indexes, best
from gnn.snapshot import Floats
from schema.scoring import DECIMALS, BridgingWeights


@dataclass(frozen=True, slots=True)
class Bridges:
    """Resources for gaps, ordered by gap, then rank.

    Arguments:
        gap: row of the gap.
        resource: place of the resource.
        score: s of equation 16.
        to_student: sim(a_u, c_r), 0 to 1.
        to_goal: sim(c_r, b_j), 0 to 1.
        contribution: share of the gap that the resource closes, above 0, to 1.
        rank: place for the gap, from 1.
    """

    gap: Indexes
    resource: Indexes
    score: Floats
    to_student: Floats
    to_goal: Floats
    contribution: Floats
    rank: Indexes

    def __len__(self) -> int:
        return len(self.gap)

    @classmethod
    def none(cls) -> "Bridges":
        """Return no resources."""
        places, values = np.empty(0, np.int64), np.empty(0)
        return cls(places, places, values, values, values, values, places)

    @classmethod
    def alone(cls, best: Floats) -> "Bridges":
        """Return one nameless resource for each gap, of which only the contribution is known.

        Arguments:
            best: share of each gap that it closes. [gaps]
        """
        gap, unknown = np.arange(len(best)), np.full(len(best), np.nan)
        return cls(gap, np.full(len(best), -1), unknown, unknown, unknown, best, np.ones(len(best), np.int64))


def bridges(
    found: Gaps,
    supply: Floats,
    *,
    abilities: Floats,
    demands: Floats,
    barred: NDArray[np.bool_],
    count: int,
    weights: BridgingWeights,
) -> Bridges:
    """Return the best resources of each gap.

    A resource comes into question when it supplies a unit that is lacking and is not barred. Equal scores go by code.

    Source: equation 16, s = mu sim(a_u, c_r) + nu sim(c_r, b_j) - xi g.

    Arguments:
        found: gaps of a chunk of students.
        supply: c_r, 0 to 1. [resources, units]
        abilities: a_u of the chunk, 0 to 1. [students, units]
        demands: b_j, 0 to 1. [clusters, units]
        barred: what a student must not be offered: done before, or no longer on offer. [students, resources]
        count: resources per gap, >= 1.
        weights: mu, nu, xi.
    """
    ways = unit_length(supply)
    goals, goal = np.unique(found.cluster, return_inverse=True)
    to_student = cosine(unit_length(abilities), ways)  # [students, resources]
    to_goal = cosine(unit_length(demands[goals]), ways)  # [goals, resources]
    helps = (found.lacking > 0).astype(np.float32) @ (supply > 0).astype(np.float32).T > 0  # [gaps, resources]
    helps &= ~barred[found.student]
    scores = weights.to_student * to_student[found.student]
    scores += weights.to_goal * to_goal[goal]
    scores -= weights.gap * found.value[:, None]
    scores = np.round(scores, DECIMALS, out=scores)
    scores[~helps] = -np.inf
    gap, resource, rank = best(scores, count)
    closed = np.minimum(found.lacking[gap], supply[resource]).sum(axis=1)
    return Bridges(
        gap,
        resource,
        scores[gap, resource],
        to_student[found.student[gap], resource],
        to_goal[goal[gap], resource],
        np.minimum(closed / found.value[gap], 1.0),
        rank,
    )
