"""Learn the parameters of equation 14 from what came of students. The only module of the room that imports torch.

The parameters are the most likely ones under a prior: minus log likelihood of scores (normal errors, weighted, see
`gnn.capability.judgement.SCORES_COUNT`) and of entered clusters (softmax), plus for each parameter half the square of
its log against the log of the documented default. So little evidence leaves the default, and none leaves it exactly.
Heads are fitted along, see `gnn.capability.outcomes`.
"""

from dataclasses import asdict

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from gnn.capability.judgement import Outcomes, score_weight
from gnn.capability.outcomes import Before, Choices, Scores
from gnn.capability.pieces import FEATURES, KINDS, VALUES, Pieces
from gnn.capability.state import evidence_of
from gnn.config import StateRule

SPREAD = 1.0
"""Standard deviation of the log of a parameter under the prior."""
REACH = 6.0
"""How far the log of a parameter may go from the prior's."""
HEAD = (1.0, 0.0, 0.0, 1.0)
"""Where the head of the softmax begins: log share, goal, turned to, fit."""
DIGITS = 5
"""Significant digits that are kept of a parameter: beyond them machines differ."""


class _States:
    """Levels of the cells of some states as a function of the parameters."""

    def __init__(self, before: Before, known: Pieces) -> None:
        self.piece, inverse = np.unique(before.piece, return_inverse=True)
        self.values = torch.from_numpy(known.values[self.piece])
        self.kind = torch.from_numpy(known.kind[self.piece].astype(np.int64))
        self.term = torch.from_numpy(inverse.astype(np.int64))
        self.age = torch.from_numpy(before.age)
        self.group = torch.from_numpy(before.group)
        self.groups = before.groups
        self.single = before.groups == len(before.piece)
        self.part_group = torch.from_numpy(before.part_group)
        self.part_cell = torch.from_numpy(before.part_cell)
        self.x = torch.from_numpy(evidence_of(before.part_level))
        self.brought = torch.from_numpy(before.cell_brought)
        self.score = torch.from_numpy(before.score[before.cell_row])

    def levels(self, weights: dict[str, Tensor]) -> Tensor:
        table = torch.zeros(len(KINDS), VALUES, dtype=torch.float64)
        rows = [
            torch.stack([weights[name] for name in names] + [table[0, 0]] * (VALUES - len(names)))
            for names in FEATURES.values()
        ]
        table = torch.stack(rows)
        strength = (self.values * table[self.kind]).sum(dim=1)[self.term] * torch.exp(-weights["decay"] * self.age)
        if not self.single:
            empty = torch.zeros(self.groups, dtype=torch.float64)
            strength = empty.scatter_reduce(0, self.group, strength, "amax", include_self=False)
        z = (weights["start"] + weights["start_score"] * self.score) * self.brought
        z = z.index_add(0, self.part_cell, self.x * strength[self.part_group])
        return -torch.expm1(-z)


class _Scores:
    """Minus log likelihood of scores, with the best head for the given levels."""

    def __init__(self, found: Scores, known: Pieces) -> None:
        self.states = _States(found.before, known)
        self.target, self.cell = torch.from_numpy(found.target), torch.from_numpy(found.cell)
        self.weight, self.score = torch.from_numpy(found.weight), torch.from_numpy(found.score)
        self.known = torch.from_numpy(found.known)
        courses, place = np.unique(found.course, return_inverse=True)
        self.course = torch.from_numpy(place.astype(np.int64))
        self.count = torch.from_numpy(np.bincount(place, minlength=len(courses)).astype(float))
        self.within = self._within(self.score[:, None])[:, 0]

    def _within(self, columns: Tensor) -> Tensor:
        """Return columns less their means by course: intercepts of courses then need no fitting."""
        sums = torch.zeros(len(self.count), columns.shape[1], dtype=torch.float64).index_add(0, self.course, columns)
        return columns - (sums / self.count[:, None])[self.course]

    def loss(self, weights: dict[str, Tensor]) -> Tensor:
        levels = self.states.levels(weights)
        able = torch.zeros_like(self.score).index_add(0, self.target, self.weight * levels[self.cell])
        columns = self._within(torch.cat((self.known, able[:, None]), dim=1))
        size = columns.shape[1]
        square = columns.T @ columns + 1e-3 * torch.eye(size, dtype=torch.float64)
        error = columns @ torch.linalg.solve(square, columns.T @ self.within) - self.within
        counted = score_weight(len(self.score)) * len(self.score)
        return 0.5 * counted * torch.log((error**2).mean())


class _Choices:
    """Minus log likelihood of the clusters entered."""

    def __init__(self, found: Choices, known: Pieces) -> None:
        self.states = _States(found.before, known)
        self.known, self.chosen = torch.from_numpy(found.known), torch.from_numpy(found.chosen)
        asked = [np.flatnonzero(each) for each in found.demands]
        width = max(1, max((len(each) for each in asked), default=1))
        units, level = np.zeros((len(asked), width), np.int64), np.zeros((len(asked), width))
        for row, each in enumerate(asked):
            units[row, : len(each)], level[row, : len(each)] = each, found.demands[row, each]
        self.units, self.level = torch.from_numpy(units), torch.from_numpy(level)
        self.whole = torch.from_numpy(np.maximum(level.sum(axis=1), 1e-9))

    def loss(self, weights: dict[str, Tensor], head: Tensor) -> Tensor:
        levels = self.states.levels(weights).reshape(len(self.chosen), -1)
        fit = torch.minimum(levels[:, self.units], self.level).sum(dim=2) / self.whole
        logits = self.known @ head[:-1] + fit * head[-1]
        return torch.nn.functional.cross_entropy(logits, self.chosen, reduction="sum")


def fit(past: Outcomes, known: Pieces, *, start: StateRule | None = None, steps: int = 60) -> StateRule:
    """Return the most likely parameters. The same outcomes give the same parameters.

    Arguments:
        past: outcomes to learn from.
        known: evidence, from `pieces`.
        start: where the search begins; None begins at the documented defaults.
        steps: most steps of the search, >= 1.
    """
    names = tuple(asdict(StateRule()))
    middle = _logs(StateRule())
    scores = _Scores(past.scores, known) if past.scores else None
    choices = _Choices(past.choices, known) if past.choices else None

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        given = torch.tensor(point, requires_grad=True)
        logs, head = given[: len(names)], given[len(names) :]
        weights = dict(zip(names, torch.exp(logs), strict=True))
        total = 0.5 * (((logs - middle) / SPREAD) ** 2).sum() + 0.5e-3 * (head**2).sum()
        if scores:
            total = total + scores.loss(weights)
        if choices:
            total = total + choices.loss(weights, head)
        (slope,) = torch.autograd.grad(total, given)
        return float(total.detach()), slope.numpy()

    # The search of scipy, not of torch.optim, whose first use costs more than the whole search.
    first = np.concatenate((_logs(start or StateRule()).numpy(), HEAD))
    reach = [(value - REACH, value + REACH) for value in middle.tolist()] + [(-100.0, 100.0)] * len(HEAD)
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=reach, options={"maxiter": steps, "ftol": 1e-7})
    values = np.exp(found.x[: len(names)]).tolist()
    return StateRule(**{name: float(f"{value:.{DIGITS}g}") for name, value in zip(names, values, strict=True)})


def _logs(rule: StateRule) -> Tensor:
    return torch.log(torch.tensor([max(value, 1e-6) for value in asdict(rule).values()], dtype=torch.float64))
