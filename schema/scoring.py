"""The equations of gap and bridging as plain arithmetic over sparse vectors, for one student, goal and resource.

A vector is a mapping from capability code to level; a missing code is level 0. The jobs use the same equations on
whole matrices; tests hold the two against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

Vector = Mapping[str, float]

DECIMALS = 12
"""Scores are compared after rounding to so many decimals, so that the order in which a sum is taken, which differs
between machines and between one student and many, does not break ties."""

LEAST_AMOUNT = 1e-9
"""Shortfalls below it are rounding, and taken for 0."""


@dataclass(frozen=True, slots=True)
class BridgingWeights:
    """Weights of equation 16.

    Arguments:
        to_student: mu, weight of the resource's likeness to what the student can do, >= 0.
        to_goal: nu, weight of the resource's likeness to what the goal demands, >= 0.
        gap: xi, weight of the gap, >= 0.
    """

    to_student: float = 0.3
    to_goal: float = 0.7
    gap: float = 0.05


def similarity(left: Vector, right: Vector) -> float:
    """Return the cosine similarity of two vectors of levels, 0 to 1; 0 where either is empty.

    >>> similarity({"a": 1.0}, {"a": 0.5})
    1.0
    """
    # Scaling by the largest level first keeps tiny levels from underflowing when squared.
    top_left, top_right = max(left.values(), default=0.0), max(right.values(), default=0.0)
    if top_left <= 0.0 or top_right <= 0.0:
        return 0.0
    a = {key: value / top_left for key, value in left.items()}
    b = {key: value / top_right for key, value in right.items()}
    product = sum(value * b.get(key, 0.0) for key, value in a.items())
    norms = sqrt(sum(value * value for value in a.values())) * sqrt(sum(value * value for value in b.values()))
    return min(1.0, product / norms)


def shortfalls(demanded: Vector, held: Vector) -> dict[str, float]:
    """Return relu(b_j - a_u) unit by unit, without the zeros.

    Source: equation 15. Arguments are levels, 0 to 1; so is each shortfall.

    >>> shortfalls({"sql": 0.8, "java": 0.2}, {"sql": 0.5, "java": 0.9})
    {'sql': 0.30000000000000004}
    """
    amounts = {unit: level - held.get(unit, 0.0) for unit, level in demanded.items()}
    return {unit: amount for unit, amount in amounts.items() if amount > 0.0}


def gap(demanded: Vector, held: Vector) -> float:
    """Return g = || relu(b_j - a_u) ||_1, the sum of the shortfalls, >= 0.

    Source: equation 15.

    >>> gap({"sql": 0.75, "java": 0.5}, {"sql": 0.5})
    0.75
    """
    return sum(shortfalls(demanded, held).values())


def covered(lacking: Vector, supplied: Vector) -> dict[str, float]:
    """Return how much of each shortfall a resource closes: the smaller of the shortfall and its supply.

    >>> covered({"sql": 0.5, "java": 0.25}, {"sql": 0.25, "excel": 1.0})
    {'sql': 0.25}
    """
    amounts = {unit: min(amount, supplied.get(unit, 0.0)) for unit, amount in lacking.items()}
    return {unit: amount for unit, amount in amounts.items() if amount > 0.0}


def contribution(lacking: Vector, supplied: Vector) -> float:
    """Return the share of the gap that a resource closes, 0 to 1; 0 where there is no gap.

    >>> contribution({"sql": 0.5, "java": 0.5}, {"sql": 0.25})
    0.25
    """
    whole = sum(lacking.values())
    return min(1.0, sum(covered(lacking, supplied).values()) / whole) if whole > 0.0 else 0.0


def bridging(
    similarity_to_student: float, similarity_to_goal: float, gap_value: float, *, weights: BridgingWeights
) -> float:
    """Return s = mu sim(a_u, c_r) + nu sim(c_r, b_j) - xi g, the bridging score.

    Source: equation 16. Similarities are 0 to 1, the gap is >= 0; the score is at most mu + nu.

    >>> bridging(0.5, 1.0, 2.0, weights=BridgingWeights(0.25, 0.75, 0.125))
    0.625
    """
    return weights.to_student * similarity_to_student + weights.to_goal * similarity_to_goal - weights.gap * gap_value
