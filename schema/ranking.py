"""The equations of stage and score (17 to 20), for one student and item, or for many at once.

Functions that take numbers take arrays as well: they use operators only. The jobs run them on whole matrices, the API
on the candidates of one student; so both follow one text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any

PATHS = ("JOB", "TRAINING", "ENTREPRENEURSHIP")
"""The three lists of a student."""

STAGES = ("enrolment", "training", "employment", "entrepreneurship")
"""Order of the four goals in every stage vector."""

SERVES: Mapping[str, tuple[float, float, float, float]] = {
    "Job": (0.0, 0.0, 1.0, 0.0),
    "Course": (0.2, 0.8, 0.0, 0.0),
    "Certificate": (0.0, 0.6, 0.4, 0.0),
    "Competition": (0.0, 0.7, 0.0, 0.3),
    "Practicum": (0.0, 0.4, 0.6, 0.0),
    "Project": (0.0, 0.3, 0.1, 0.6),
    "Mentor": (0.0, 0.0, 0.2, 0.8),
    "Policy": (0.0, 0.0, 0.2, 0.8),
    "Incubator": (0.0, 0.0, 0.0, 1.0),
    "Guidance": (0.4, 0.0, 0.6, 0.0),
    "Fair": (0.2, 0.0, 0.8, 0.0),
}
"""Which stages an item of a kind serves, in the order of `STAGES`; each row sums to 1. A stated rule, not learned."""

PATH_OF: Mapping[str, str] = {
    "Job": "JOB",
    "Course": "TRAINING",
    "Certificate": "TRAINING",
    "Competition": "TRAINING",
    "Practicum": "TRAINING",
    "Project": "ENTREPRENEURSHIP",
    "Mentor": "ENTREPRENEURSHIP",
    "Policy": "ENTREPRENEURSHIP",
    "Incubator": "ENTREPRENEURSHIP",
}
"""The list that an item of a kind competes for. Guidance and fairs stand in no list: chains and plans offer them."""

VENTURE_KINDS = ("Mentor", "Policy", "Incubator", "Project")
"""Kinds of resources whose use counts as venturing."""

TWELVE_MONTHS = 365
"""Days for which studies and behaviour count for the stage."""

PLAIN_HEAT = 0.5
"""Heat of a cluster of which nothing is foretold."""

DEGREE, CLOSED, REGION, PREREQUISITE = "DEGREE", "CLOSED", "REGION", "PREREQUISITE"
"""Gates that are named where they keep an item out of a list: a degree that is required, a day that is over, a region
that was asked for, a resource that comes first."""

NAMED = 3
"""Capability units that a sentence of an explanation names at most."""


def largest_first(amounts: Mapping[str, float]) -> list[str]:
    """Return the units of amounts above 0, the largest amount first, of equal ones the first by code.

    >>> largest_first({"sql": 0.5, "java": 0.5, "excel": 0.0, "rust": 0.7})
    ['rust', 'java', 'sql']
    """
    return sorted((unit for unit, amount in amounts.items() if amount > 0.0), key=lambda unit: (-amounts[unit], unit))


def named(amounts: Mapping[str, float]) -> list[str]:
    """Return the units that a sentence names: those of the `NAMED` largest amounts.

    >>> named({"sql": 0.5, "java": 0.5, "excel": 0.0, "talk": 0.1, "rust": 0.7})
    ['rust', 'java', 'sql']
    """
    return largest_first(amounts)[:NAMED]


TERMS = (
    "fit",
    "aim",
    "likelihood",
    "freshness",
    "heat",
    "compensation",
    "stage",
    "preference",
    "redundancy",
)
"""Terms of a score, in the order in which they are stored. What each measures, 0 to 1 unless it says otherwise:

fit: of a posting, the share of what it demands that the student holds; of a resource, sim(a_u, c_r).
aim: of a posting, 1 where the student stated its cluster as a goal; of a resource, sim(c_r, b_j) over the goals.
likelihood: how often students like this one come to its cluster, on a logarithmic scale, see `likelihood`.
freshness: how lately it was released, see `freshness`; 0 for a resource.
heat: h, demand for its cluster in the coming window.
compensation: b, share of the gap that it closes; of a posting, what the best resource toward its cluster closes.
stage: how much of the student's stage weights it serves, see `stage_fit`.
preference: what feedback says of its cluster and kind, -1 to 1 (equation 22).
redundancy: how much of the like was shown or used before, see `redundancy`; it counts against the item.
"""

MATCH_TERMS = ("fit", "aim", "likelihood", "freshness", "heat")
"""The terms that make f_match of equation 19 together."""

LISTED = 20
"""Items of a list that a job stores."""


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """Weights of the terms of one list, each >= 0; that of redundancy is gamma of equation 20 and is subtracted."""

    fit: float = 0.20
    aim: float = 0.10
    likelihood: float = 0.30
    freshness: float = 0.10
    heat: float = 0.05
    compensation: float = 0.15
    stage: float = 0.05
    preference: float = 0.15
    redundancy: float = 0.10

    def signed(self) -> tuple[float, ...]:
        """Return the weights in the order of `TERMS`, that of redundancy below 0."""
        return tuple(-self.redundancy if name == "redundancy" else getattr(self, name) for name in TERMS)

    @property
    def match(self) -> float:
        """rho_1 of equation 19: the weights of the match terms together."""
        return float(sum(getattr(self, name) for name in MATCH_TERMS))


def score(values: Sequence[Any], weights: ScoreWeights) -> Any:
    """Return R' = rho_1 f_match + rho_2 f_comp + rho_3 f_stage + preference - gamma redundancy.

    Source: equations 19 and 20; the preference is what equation 22 has learned of the student.

    Arguments:
        values: of the terms, in the order of `TERMS`; numbers, or arrays of one shape.

    >>> round(score([1.0] * len(TERMS), ScoreWeights()), 6)
    1.0
    """
    total: Any = 0.0
    for value, weight in zip(values, weights.signed(), strict=True):
        total = total + weight * value
    return total


def match(values: Sequence[Any], weights: ScoreWeights) -> Any:
    """Return m = f_match, 0 to 1: the mean of the match terms under their weights; 0 where all are 0.

    >>> round(match([0.5] * len(TERMS), ScoreWeights()), 6)
    0.5
    """
    whole = weights.match
    if whole <= 0.0:
        return 0.0 * values[0]
    total: Any = 0.0
    for name, value in zip(TERMS, values, strict=True):
        if name in MATCH_TERMS:
            total = total + getattr(weights, name) / whole * value
    return total


DECADES = 3.0
"""Powers of ten below the likeliest cluster at which the likelihood reaches 0."""


def likelihood(log10_ratio: Any) -> Any:
    """Return the likelihood term, 1 for the likeliest cluster, 0 for those `DECADES` powers of ten below it.

    Arguments:
        log10_ratio: log10(P(cluster | student) / max P), <= 0; a number or an array.

    >>> likelihood(0.0), likelihood(-1.5), likelihood(-9.0)
    (1.0, 0.5, 0.0)
    """
    raised = 1.0 + log10_ratio / DECADES
    return (raised + abs(raised)) / 2.0


FRESH_DAYS = 7.0
"""Days after which a posting counts as fresh by the factor 1 / sqrt(2)."""


def freshness(days: Any) -> Any:
    """Return the freshness of a posting that has been out for some days, >= 0: 1 on the first day, falling.

    >>> freshness(0.0), freshness(21.0)
    (1.0, 0.5)
    """
    return (1.0 + days / FRESH_DAYS) ** -0.5


def redundancy(alike: Any) -> Any:
    """Return Redundancy(x, H_u), 0 to 1, from how many of the like the student was shown or has used, >= 0.

    Two postings are alike when they are of one cluster, two resources when they are of one kind and prepare for one
    cluster. Items higher up in the same list count as shown.

    Source: equation 20.

    >>> redundancy(0.0), redundancy(3.0)
    (0.0, 0.5)
    """
    return alike / (alike + 3.0)


@dataclass(frozen=True, slots=True)
class StageRules:
    """W_z and b_z of equation 18.

    Arguments:
        weights: W_z, a row per stage weight, a column per part of z_u, in the order of `STAGES`.
        bias: b_z.
    """

    weights: tuple[tuple[float, ...], ...] = field(
        default=(
            (2.5, -0.5, -1.5, -0.5),
            (1.0, 2.0, -0.5, -0.5),
            (-1.5, 0.0, 3.0, -0.5),
            (-0.5, -0.5, 0.0, 4.0),
        )
    )
    bias: tuple[float, ...] = (-0.5, 0.3, 0.0, -1.2)


def stage_weights(state: Sequence[float], rules: StageRules, *, leaning: Sequence[float] = (0.0,) * 4) -> list[float]:
    """Return pi_u = softmax(W_z z_u + b_z + theta), which sums to 1.

    Source: equation 18.

    Arguments:
        state: z_u = [e, l, w, s] of equation 17, each 0 to 1.
        rules: W_z and b_z.
        leaning: theta, what feedback says of the four goals (equation 22); zeros before any.
    """
    raised = [
        sum(weight * part for weight, part in zip(row, state, strict=True)) + bias + lean
        for row, bias, lean in zip(rules.weights, rules.bias, leaning, strict=True)
    ]
    top = max(raised)
    parts = [exp(value - top) for value in raised]
    whole = sum(parts)
    return [part / whole for part in parts]


@dataclass(frozen=True, slots=True)
class Studies:
    """What the stage of a student is told from; counts are of the last twelve months.

    Arguments:
        progress: share of the planned studies that has passed, 0 to 1; 1 for a graduate.
        completed: courses completed, >= 0.
        searched: postings applied for or bookmarked, and internships, >= 0.
        ventured: projects, competitions, mentors, policies and incubators taken up, >= 0.
        founded: ventures founded, ever, >= 0.
    """

    progress: float = 0.0
    completed: int = 0
    searched: int = 0
    ventured: int = 0
    founded: int = 0


def stage_state(studies: Studies) -> list[float]:
    """Return z_u = [e_u, l_u, w_u, s_u], each 0 to 1.

    Equation 17, with e = 1 - progress, l = 1 - exp(-completed / 4), w = 1 - (1 - progress^3) exp(-searched / 3) and
    s = 1 - exp(-(founded + ventured / 6)).

    >>> stage_state(Studies(progress=1.0))
    [0.0, 0.0, 1.0, 0.0]
    """
    return [
        1.0 - studies.progress,
        1.0 - exp(-studies.completed / 4.0),
        1.0 - (1.0 - studies.progress**3) * exp(-studies.searched / 3.0),
        1.0 - exp(-(studies.founded + studies.ventured / 6.0)),
    ]


def stage_fit(stage: Sequence[Any], kind: str) -> Any:
    """Return f_stage: the share of the stage weights that an item of a kind serves, 0 to 1.

    >>> stage_fit([0.1, 0.2, 0.6, 0.1], "Job")
    0.6
    """
    total: Any = 0.0
    for weight, part in zip(stage, SERVES[kind], strict=True):
        if part:
            total = total + weight * part
    return total
