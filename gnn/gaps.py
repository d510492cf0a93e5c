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
        likelihood: how often students like this one come to the goal, 0 to 1, on a logarithmic scale.
    """

    student: Indexes
    cluster: Indexes
    own: NDArray[np.bool_]
    match: Floats
    rank: Indexes
    lacking: Floats
    value: Floats
    likelihood: Floats

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


def held_share(abilities: Floats, demands: Floats) -> Floats:
    """Return 1 - g / || b_j ||_1: the share of what each cluster demands that students hold, 0 to 1.

    Column by column, so that memory stays with [students, units].

    Arguments:
        abilities: a_u, 0 to 1. [students, units]
        demands: b_j, 0 to 1. [clusters, units]

    Returns:
        Shares, rounded; 0 of what demands nothing. [students, clusters]
    """
    found = np.zeros((len(abilities), len(demands)))
    for column, demanded in enumerate(demands):
        asked = np.flatnonzero(demanded)
        if len(asked):
            found[:, column] = np.minimum(abilities[:, asked], demanded[asked]).sum(axis=1) / demanded[asked].sum()
    return np.minimum(np.round(found, DECIMALS), 1.0)


def gaps(
    abilities: Floats,
    demands: Floats,
    *,
    own: NDArray[np.bool_],
    count: int,
    least_units: int = 1,
    likely: Floats | None = None,
    heat: Floats | None = None,
) -> Gaps:
    """Return the gaps of a chunk of students to their goals.

    Goals are those that the student stated, then the likeliest, up to ``count`` together; stated goals are kept even
    beyond it. A cluster that demands nothing known is no goal, and one that demands too few units is one only if the
    student stated it. Where two are equally likely, the one in demand comes first, then code decides. As long as
    nothing is known of likelihoods, matches stand for them, and a cluster that has nothing in common with the
    abilities of the student is a goal only if it was stated.

    Source: equation 15, g = || relu(b_j - a_u) ||_1.

    Arguments:
        abilities: a_u, 0 to 1. [students, units]
        demands: b_j, 0 to 1. [clusters, units]
        own: whether the student stated the goal. [students, clusters]
        count: goals per student, >= 1.
        least_units: units that a cluster must demand to be a goal which the student did not state, >= 1.
        likely: how likely each cluster is for the student, rounded, <= 0; larger is likelier. [students, clusters]
        heat: demand for each cluster, 0 to 1. [clusters]
    """
    match = cosine(unit_length(abilities), unit_length(demands))  # [students, clusters]
    own = own & (demands.max(axis=1, initial=0.0) > 0.0)
    broad = (demands > 0.0).sum(axis=1) >= least_units
    if likely is None:
        likely = np.where(match > 0.0, match - 1.0, -np.inf)
    # Stated goals lie between 1 and 2, in the same order as before; all others are 0 at most.
    raised = 1.0 + 1.0 / (1.0 - likely)
    scores = np.where(own, raised, np.where(broad, likely, -np.inf))
    order = np.arange(len(demands)) if heat is None else np.lexsort((np.arange(len(demands)), -heat))
    most = max(count, int(own.sum(axis=1).max(initial=0)))
    student, column, rank = best(scores[:, order], most)
    cluster = order[column]
    kept = (rank <= count) | own[student, cluster]
    student, cluster, rank = student[kept], cluster[kept], rank[kept]
    lacking = demands[cluster] - abilities[student]  # [gaps, units]
    lacking[lacking < LEAST_AMOUNT] = 0.0
    stated, fits, value = own[student, cluster], match[student, cluster], lacking.sum(axis=1)
    return Gaps(student, cluster, stated, fits, rank, lacking, value, np.zeros(len(student)))
