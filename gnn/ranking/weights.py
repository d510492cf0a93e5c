"""The weights of a list, learned from choices: learning to rank, held near the documented weights.

The chance of a choice is a softmax over the scores of the *contenders*, the best of the list by the documented weights;
choices from further down are left out. Over the whole pool the likelihood would rise the most by telling what nobody
ever chooses from all the rest, and that says nothing of the order at the top, where lists are read.

Where the chosen items do not stand higher by the learned weights than by the documented ones, as NDCG@10 measures, the
documented ones stay.

The weight of redundancy cannot be learned like this: behaviour always asks for more of the same, and says nothing of
what a list as a whole is good for. It stays as documented where that is cheap, and is smaller where it is dear.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gnn.ranking.choices import LEARNED_TERMS, Choices
from gnn.ranking.likelihood import fit_choice
from gnn.ranking.lists import reorder
from gnn.snapshot.gaps import Floats
from schema.ranking import LISTED, ScoreWeights

LEAST_CHOICES = 100
"""Choices of a list, those among contenders, below which its weights stay as documented."""
CONTENDERS = 2 * LISTED
"""Items that stand for the top of a list, so many that good ones which are not yet listed are among them."""
PENALTY = 100.0
"""Of the squared distance of the weights, which sum to 1, from the documented ones; the loss sums over choices."""
KEPT = {"fit": 0.25, "compensation": 0.25, "stage": 0.25}
"""Share of their documented weight that terms keep, whatever behaviour says: lists are there for what a student is able
to do, what closes a gap and suits the stage, not only for what students would take up anyway."""
CUT = 10
"""Places of a list that NDCG looks at."""
REDUNDANCIES = (1.0, 0.5, 0.3)
"""Shares of the documented weight of redundancy that are tried; the last is the least that a list keeps."""
DEAR = 0.01
"""Share of NDCG@10 that redundancy may cost."""


def learn_weights(found: Choices, *, prior: ScoreWeights | None = None) -> ScoreWeights:
    """Return the weights under which the chosen items come first, or the documented ones where choices are few.

    Arguments:
        found: choices.
        prior: documented weights.
    """
    prior = prior or ScoreWeights()
    given = np.array([getattr(prior, name) for name in LEARNED_TERMS])
    given /= given.sum()
    row, column = contenders(found, given)
    if len(row) < LEAST_CHOICES:
        return prior
    raised = _likeliest(found, row, column, given=given)
    whole = float(raised.sum())
    if not np.isfinite(whole) or whole <= 0.0:
        return prior
    least = np.array([KEPT.get(name, 0.0) for name in LEARNED_TERMS]) * given
    weights = np.maximum(raised / whole, least)
    weights /= weights.sum()
    if top_gain(found, weights) <= top_gain(found, given):
        return prior
    shared = np.round(weights, 4)
    shared[np.argmax(shared)] += 1.0 - shared.sum()
    learned = replace(prior, **dict(zip(LEARNED_TERMS, np.round(shared, 4).tolist(), strict=True)))
    return replace(learned, redundancy=affordable(found, learned))


def affordable(found: Choices, weights: ScoreWeights) -> float:
    """Return the largest weight of redundancy, of few, that costs no more than `DEAR`, else the least of them.

    Arguments:
        found: choices.
        weights: of the other terms; that of redundancy is the one that shares are of.
    """
    plain = _scores(found, np.array([getattr(weights, name) for name in LEARNED_TERMS])).astype(float)
    tie = np.broadcast_to(np.arange(plain.shape[1]), plain.shape)
    group, shown = found.group.astype(np.int64), found.shown.astype(float)

    def gain(gamma: float) -> float:
        row, column, _, _ = reorder(plain, group, shown, tie=tie, gamma=gamma, count=CUT)
        place = np.arange(len(row)) - np.searchsorted(row, row) + 1.0
        return float((1.0 / np.log2(1.0 + place[column == 0])).sum())

    tried = [round(weights.redundancy * share, 4) for share in REDUNDANCIES]
    reached = [gain(gamma) for gamma in tried]
    least = (1.0 - DEAR) * max(*reached, gain(0.0))
    return next((gamma for gamma, each in zip(tried, reached, strict=True) if each >= least), tried[-1])


def contenders(found: Choices, weights: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the choices of one of the best items, and these best items, the chosen one first.

    Arguments:
        found: choices.
        weights: of the terms. [terms]

    Returns:
        Rows of the choices, and columns of their contenders. [rows], [rows, contenders]
    """
    scores = _scores(found, weights)
    row = np.flatnonzero((scores > scores[:, :1]).sum(axis=1) < CONTENDERS) if scores.shape[1] else np.arange(0)
    width = min(CONTENDERS, scores.shape[1])
    best = scores[row]
    best[:, :1] = np.inf
    return row, np.argpartition(-best, width - 1, axis=1)[:, :width] if len(row) else np.zeros((0, width), np.int64)


def top_gain(found: Choices, weights: Floats) -> float:
    """Return NDCG@10 of the chosen items by a score without redundancy; of equal scores the mean place counts."""
    scores = _scores(found, weights)
    own = scores[:, :1]
    place = 1.0 + (scores > own).sum(axis=1) + 0.5 * ((scores == own).sum(axis=1) - 1)
    return float(np.where(place <= CUT, 1.0 / np.log2(1.0 + place), 0.0).mean()) if len(found) else 0.0


def _scores(found: Choices, weights: Floats) -> NDArray[np.float32]:
    scores = np.tensordot(weights.astype(np.float32), found.values, axes=1)  # [choices, items]
    return np.where(found.there, scores, np.float32(-np.inf))


def _likeliest(found: Choices, row: NDArray[np.int64], column: NDArray[np.int64], *, given: Floats) -> Floats:
    """Return the weights, not scaled, under which the chosen ones of the contenders are likeliest. [terms]"""
    # The chosen item scored above all, so it may stand anywhere among the contenders.
    chosen = (column == 0).argmax(axis=1)
    values = found.values[:, row[:, None], column].astype(float)
    # What is not there must never be chosen: a further feature of weight 1 that is minus infinity, nearly.
    offset = np.where(found.there[row[:, None], column], 0.0, -1e9)
    scale = _scale(values, chosen, offset=offset, weights=given)
    return fit_choice(values, chosen, prior=scale * given, penalty=PENALTY / scale**2, offset=offset)


def _scale(values: Floats, chosen: NDArray[np.integer], *, offset: Floats, weights: Floats) -> float:
    """Return by how much the documented weights have to be raised to tell choices best, 1 to 100."""
    # scipy's optimizers are slow to import, and not needed where nothing is learned.
    from scipy.optimize import minimize_scalar  # noqa: PLC0415

    score = np.tensordot(weights, values, axes=1)  # [choices, items]
    own = score[np.arange(len(score)), chosen]

    def loss(log_scale: float) -> float:
        raised = np.exp(log_scale) * score + offset
        top = raised.max(axis=1, keepdims=True)
        return float((np.log(np.exp(raised - top).sum(axis=1)) + top[:, 0] - np.exp(log_scale) * own).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(0.0, np.log(100.0)), method="bounded").x))
