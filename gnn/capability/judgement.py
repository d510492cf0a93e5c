"""How well states foretell what came of students: the heads, the errors, and what states are compared with."""

from dataclasses import dataclass

import numpy as np

from gnn.capability.outcomes import EARLIER, Before, Choices, Scores
from gnn.capability.pieces import Pieces, weights
from gnn.capability.state import evidence_of
from gnn.config import StateRule
from gnn.gaps import held_share
from gnn.snapshot import Floats

RIDGE = 1e-3
SCORES_COUNT = 500
"""Scores count together as so many outcomes at most. A student has dozens of them, all of one kind, and they speak of
courses: in full they would drown what is known beforehand of certificates, projects and work, of which they say little,
and what students enter, which is what goals and lists are made from."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of students in a span of time; either may be None where there is nothing of its kind."""

    scores: Scores | None
    choices: Choices | None


def score_weight(scores: int) -> float:
    """Return the weight of each of so many scores, above 0 and at most 1."""
    return min(1.0, SCORES_COUNT / max(1, scores))


def learned(before: Before, known: Pieces, rule: StateRule) -> Floats:
    """Return the levels of all cells by the learned rule."""
    strength = np.einsum("ev,ev->e", known.values[before.piece], weights(rule)[known.kind[before.piece]])
    held = _largest(before, strength * np.exp(-rule.decay * before.age))
    parts = evidence_of(before.part_level) * held[before.part_group]
    z = np.bincount(before.part_cell, parts, minlength=len(before.cell_row)).astype(np.float64)
    z += (rule.start + rule.start_score * before.score)[before.cell_row] * before.cell_brought
    found: Floats = -np.expm1(-z)
    return found


def plain(before: Before, known: Pieces) -> Floats:
    """Return the levels of all cells by the plain rule."""
    held = _largest(before, known.plain[before.piece])
    with np.errstate(divide="ignore"):
        logs = -np.log1p(-np.minimum(held[before.part_group] * before.part_level, 1.0))
    found: Floats = -np.expm1(-np.bincount(before.part_cell, logs, minlength=len(before.cell_row)))
    return found


def _largest(before: Before, strength: Floats) -> Floats:
    held = np.zeros(before.groups)
    np.maximum.at(held, before.group, strength)
    return held


def able(scores: Scores, levels: Floats) -> Floats:
    """Return the level in what each course teaches, 0 to 1."""
    parts = scores.weight * levels[scores.cell]
    return np.bincount(scores.target, parts, minlength=len(scores)).astype(np.float64)


def fit(choices: Choices, levels: Floats) -> Floats:
    """Return 1 - g / || b_j ||_1 for each student and cluster, 0 to 1. [choices, clusters]"""
    return held_share(levels.reshape(len(choices), -1), choices.demands)


def score_columns(scores: Scores, levels: Floats | None) -> Floats:
    """Return what a score is foretold from; without the state where there are no levels."""
    return scores.known if levels is None else np.column_stack((scores.known, able(scores, levels)))


def choice_columns(choices: Choices, levels: Floats | None) -> Floats:
    """Return what a choice is foretold from. [choices, clusters, columns]"""
    return choices.known if levels is None else np.dstack((choices.known, fit(choices, levels)))


def score_error(past: Scores, coming: Scores, *, levels: tuple[Floats | None, Floats | None]) -> Floats:
    """Return the errors on coming scores of a head and intercepts of courses that were fitted to past ones.

    Arguments:
        levels: of the cells of either; None leaves the states out.
    """
    before, after = score_columns(past, levels[0]), score_columns(coming, levels[1])
    size = 1 + int(max(past.course.max(), coming.course.max()))
    count = np.bincount(past.course, minlength=size)
    sums = np.column_stack([np.bincount(past.course, each, minlength=size) for each in (*before.T, past.score)])
    means = sums / np.maximum(count, 1)[:, None]
    inner = before - means[past.course, :-1]
    square = inner.T @ inner + RIDGE * np.eye(inner.shape[1])
    head = np.linalg.solve(square, inner.T @ (past.score - means[past.course, -1]))
    # Intercepts are drawn toward their mean, which also stands for courses that nobody took before.
    rest = past.score - before @ head
    usual = rest.mean()
    intercept = (np.bincount(past.course, rest - usual, minlength=size)) / (count + EARLIER) + usual
    found: Floats = after @ head + intercept[coming.course] - coming.score
    return found


def choice_head(columns: Floats, chosen: np.ndarray, *, steps: int = 25) -> Floats:
    """Return the weights of the columns in the softmax, by Newton's method with a slight penalty.

    Arguments:
        columns: [choices, clusters, columns].
        chosen: place of the cluster of each.
    """
    head = np.zeros(columns.shape[2])
    head[0] = 1.0
    picked = columns[np.arange(len(chosen)), chosen]
    for _ in range(steps):
        chance = np.exp(_log_chances(columns, head))
        mean = np.einsum("nj,njf->nf", chance, columns)
        slope = (picked - mean).sum(axis=0) - RIDGE * head
        curve = np.einsum("nj,njf,njg->fg", chance, columns, columns) - mean.T @ mean + RIDGE * np.eye(len(head))
        step = np.linalg.solve(curve, slope)
        head = head + step * min(1.0, 5.0 / max(1e-9, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-6:
            break
    return head


def _log_chances(columns: Floats, head: Floats) -> Floats:
    logits = columns @ head
    logits = logits - logits.max(axis=1, keepdims=True)
    found: Floats = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return found


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well something foretells; NaN where there was nothing to foretell.

    Arguments:
        scores, choices: how many outcomes of a kind were foretold.
        rmse: root of the mean squared error of scores, in points of 100; low is good.
        log_likelihood: mean log chance of the cluster that was entered; high is good.
    """

    scores: int
    choices: int
    rmse: float
    log_likelihood: float

    def gain(self, other: "Judgement") -> float:
        """Return how much more likely this makes all that was foretold than another does, in nats; above 0 is better.

        Errors of scores are taken for normal, each side with a variance of its own. Scores have their weight.
        """
        counted = score_weight(self.scores) * self.scores
        by_scores = counted * np.log(other.rmse / self.rmse) if self.scores else 0.0
        by_choices = self.choices * (self.log_likelihood - other.log_likelihood) if self.choices else 0.0
        return float(by_scores + by_choices)


def judge(past: Outcomes, coming: Outcomes, *, known: Pieces, rule: StateRule | str | None) -> Judgement:
    """Fit the heads on what came first, and measure on what came later.

    Arguments:
        past, coming: outcomes.
        known: evidence.
        rule: learned parameters, "plain" for the plain rule, None for no state at all: means and popularity.
    """

    def levels(before: Before) -> Floats | None:
        if rule is None:
            return None
        return learned(before, known, rule) if isinstance(rule, StateRule) else plain(before, known)

    rmse = likelihood = float("nan")
    scored = chose = 0
    if past.scores and coming.scores:
        both = levels(past.scores.before), levels(coming.scores.before)
        error = score_error(past.scores, coming.scores, levels=both)
        rmse, scored = float(np.sqrt(np.mean(error**2))), len(error)
    if past.choices and coming.choices:
        head = choice_head(choice_columns(past.choices, levels(past.choices.before)), past.choices.chosen)
        chances = _log_chances(choice_columns(coming.choices, levels(coming.choices.before)), head)
        likelihood = float(chances[np.arange(len(coming.choices)), coming.choices.chosen].mean())
        chose = len(chances)
    return Judgement(scored, chose, rmse, likelihood)
