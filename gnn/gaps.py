"""Equation 15 for many students at once: their goals, and what each goal demands that they do not hold yet.

The same arithmetic for one student and goal is in `schema.scoring`; tests hold the two against each other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.order import Indexes, best
from gnn.snapshot import Floats
from schema.scoring import DECIMALS, LEAST_AMOUNT


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps of a chunk of students, ordered by student, then rank.

    Arguments:
        student: row of the student in the chunk.
        cluster: place of the goal.
        own: whether the student stated the goal.
        match: cosine similarity of abilities and demands, 0 to 1.
        rank: place among the student's goals, from 1.
        lacking: shortfall in each capability unit, 0 to 1. [gaps, units]
        value: sum of the shortfalls, >= 0.
    """

    student: Indexes
    cluster: Indexes
    own: NDArray[np.bool_]
    match: Floats
    rank: Indexes
    lacking: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.student)


def unit_length(matrix: Floats) -> Floats:
    """Return the rows scaled to length 1; rows of zeros stay. Products of such rows are cosine similarities."""
    # Scaling by the largest level first keeps tiny levels from underflowing when squared.
    top = matrix.max(axis=1, keepdims=True, initial=0.0)
    scaled = np.divide(matrix, top, out=np.zeros_like(matrix), where=top > 0)
    length = np.linalg.norm(scaled, axis=1, keepdims=True)
    unit: Floats = np.divide(scaled, length, out=scaled, where=length > 0)
    return unit


def cosine(left: Floats, right: Floats) -> Floats:
    """Return the cosine similarities of rows of unit length, 0 to 1, rounded as `scoring.DECIMALS` says."""
    products: Floats = np.round(left @ right.T, DECIMALS)  # [rows of left, rows of right]
    return np.minimum(products, 1.0, out=products)


def gaps(abilities: Floats, demands: Floats, *, own: NDArray[np.bool_], count: int, least_units: int = 1) -> Gaps:
    """Return the gaps of a chunk of students to their goals.

    Goals are those that the student stated, then the best by match, up to ``count`` together; stated goals are kept
    even beyond it. A cluster that demands nothing known is no goal, and one that has nothing in common with the
    abilities of the student (match 0) or demands too few units is one only if the student stated it. Equal matches go
    by code.

    Source: equation 15, g = || relu(b_j - a_u) ||_1.

    Arguments:
        abilities: a_u, 0 to 1. [students, units]
        demands: b_j, 0 to 1. [clusters, units]
        own: whether the student stated the goal. [students, clusters]
        count: goals per student, >= 1.
        least_units: units that a cluster must demand to be a goal which the student did not state, >= 1.
    """
    match = cosine(unit_length(abilities), unit_length(demands))  # [students, clusters]
    own = own & (demands.max(axis=1, initial=0.0) > 0.0)
    broad = (demands > 0.0).sum(axis=1) >= least_units
    scores = np.where(own, match + 2.0, np.where((match > 0.0) & broad, match, -np.inf))
    most = max(count, int(own.sum(axis=1).max(initial=0)))
    student, cluster, rank = best(scores, most)
    kept = (rank <= count) | own[student, cluster]
    student, cluster, rank = student[kept], cluster[kept], rank[kept]
    lacking = demands[cluster] - abilities[student]  # [gaps, units]
    lacking[lacking < LEAST_AMOUNT] = 0.0
    return Gaps(student, cluster, own[student, cluster], match[student, cluster], rank, lacking, lacking.sum(axis=1))
