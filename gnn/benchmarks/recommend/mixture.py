"""Ours on a log of interactions: a learned mixture of what the rows say.

Without students, courses and postings there is nothing of `gnn.ranking` to build on but behaviour, so ours mixes what
behaviour says in several ways. The score is the sum of the scores of the parts times a weight each, 0 or more. The
weights are learned on the validation span, which lies before the test: the parts learn from what was before that span,
and the weights from which items came in it, by maximum likelihood of a softmax over the candidates. Then each weight is
tried twice and half as large, as long as that raises NDCG@10 on the validation span. Where a single part is better
there than the mixture, that part is taken. At last the parts learn once more, from all before the test, and the weights
stay.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from gnn.benchmarks.recommend.metrics import HEADLINE, gains, standing
from gnn.benchmarks.recommend.sequences import Past, Row

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

MOST = 3_000
"""Steps of the validation span that weights are learned from; of more, every n-th is."""
MOST_CELLS = 12_000_000
"""Steps times items of the validation span at most, so that memory stays bounded."""
OTHERS = 200
"""Candidates that an item is held against while weights are learned, drawn; NDCG looks at all."""
ROUNDS = 3
PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps to foretell: users and items. [steps]"""

    user: Places
    item: Places

    def __len__(self) -> int:
        return len(self.user)


def candidates(past: Past, users: Places, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which items could come next: known ones that a user did not have. [users, items]"""
    return np.asarray(known[None, :] & ~(past.seen[users].toarray() > 0))


def standings(scores: Floats, free: NDArray[np.bool_], items: Places) -> tuple[Places, Places]:
    """Return where items stand among the candidates: how many better ones, and how many of the same score.

    Arguments:
        scores: [steps, items].
        free: which are candidates. [steps, items]
        items: the right answers. [steps]
    """
    found = [
        standing(np.where(each, row, -np.inf), item)
        for row, each, item in zip(scores, free, items.tolist(), strict=True)
    ]
    return np.array([each[0] for each in found], np.int64), np.array([each[1] for each in found], np.int64)


class Mixture:
    """The mixture.

    Arguments:
        parts: makes the parts, fresh.
        start: of the validation span; it ends where the past that is given ends.
    """

    name = "ours"

    def __init__(self, parts: Callable[[], Sequence[Row]], start: float) -> None:
        self.parts, self.start = parts, start

    def learn(self, past: Past, *, seed: int) -> None:
        """Learn weights and parts."""
        early = past.before(self.start)
        asked = validation(past, early)
        self.weights: Mapping[str, float] = {each.name: 1.0 for each in self.parts()}
        self.scale: Mapping[str, float] = dict.fromkeys(self.weights, 1.0)
        if len(asked):
            self._weigh(early, asked, seed=seed)
        self._rows = [each for each in self.parts() if self.weights[each.name] > 0]
        for each in self._rows:
            each.learn(past, seed=seed)

    def scores(self, users: Places) -> Floats:
        """Return the weighted sum."""
        found = None
        for each in self._rows:
            part = self.weights[each.name] / self.scale[each.name] * each.scores(users)
            found = part if found is None else found + part
        assert found is not None
        return np.asarray(found)

    def _weigh(self, early: Past, asked: Steps, *, seed: int) -> None:
        known = np.bincount(early.item, minlength=early.items) > 0
        free = candidates(early, asked.user, known)
        rows = list(self.parts())
        said = []
        for each in rows:
            each.learn(early, seed=seed)
            said.append(each.scores(asked.user))
        # Of one size, so that the penalty means the same for all.
        scales = [max(_spread(each, free), 1e-9) for each in said]
        values = np.stack([each / scale for each, scale in zip(said, scales, strict=True)])
        weights = _likeliest(values, free, asked.item, seed=seed)
        weights = _better(values, free, asked.item, weights)
        names = [each.name for each in rows]
        self.weights = dict(zip(names, weights.tolist(), strict=True))
        self.scale = dict(zip(names, scales, strict=True))


def _spread(scores: Floats, free: NDArray[np.bool_]) -> float:
    """Return the standard deviation of the scores of candidates within a user, on average."""
    kept = np.where(free, scores, np.nan)
    return float(np.nanmean(np.nanstd(kept, axis=1)))


def validation(past: Past, early: Past) -> Steps:
    """Return the steps of the validation span by users who were there before, to items that were; every n-th of many.

    Arguments:
        past: what was before the test.
        early: what was before the validation span.
    """
    known = np.bincount(early.item, minlength=early.items) > 0
    there = np.bincount(early.user, minlength=early.users) > 0
    kept = np.flatnonzero((past.at >= early.now) & known[past.item] & there[past.user])
    most = max(1, min(MOST, MOST_CELLS // max(past.items, 1)))
    kept = kept[:: max(1, -(-len(kept) // most))]
    return Steps(past.user[kept], past.item[kept])


def _likeliest(values: Floats, free: NDArray[np.bool_], items: Places, *, seed: int) -> Floats:
    """Return the weights, >= 0, under which the items are likeliest.

    Arguments:
        values: [parts, steps, items].
        free: candidates. [steps, items]
        items: the right answers. [steps]
    """
    generator = np.random.default_rng(seed)
    steps = np.arange(len(items))
    keys = np.where(free, generator.random(free.shape), -1.0)
    keys[steps, items] = 2.0
    width = min(OTHERS, free.shape[1])
    drawn = np.argpartition(-keys, width - 1, axis=1)[:, :width]
    # The right answer first.
    place = (drawn == items[:, None]).argmax(axis=1)
    drawn[steps, place], drawn[:, 0] = drawn[:, 0].copy(), items
    there = np.take_along_axis(keys, drawn, axis=1) > -1.0
    told = np.stack([np.take_along_axis(each, drawn, axis=1) for each in values])

    def loss(weights: Floats) -> tuple[float, Floats]:
        raised = np.where(there, np.tensordot(weights, told, axes=1), -np.inf)
        raised -= raised.max(axis=1, keepdims=True)
        chance = np.exp(raised)
        chance /= chance.sum(axis=1, keepdims=True)
        slope = np.einsum("psi,si->p", told, chance) - told[:, :, 0].sum(axis=1)
        lost = -np.log(chance[:, 0] + 1e-300).sum() / len(items) + PENALTY * float(weights @ weights)
        return float(lost), slope / len(items) + 2 * PENALTY * weights

    start = np.full(len(values), 0.5)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(values))
    return np.asarray(found.x)


def _better(values: Floats, free: NDArray[np.bool_], items: Places, weights: Floats) -> Floats:
    """Return weights whose NDCG@10 over all candidates is no smaller, nor smaller than that of a single part."""

    def worth(given: Floats) -> float:
        better, same = standings(np.tensordot(given, values, axes=1), free, items)
        return float(gains(better, same)[HEADLINE].mean())

    tried = [weights, *np.eye(len(values))]
    reached = [worth(each) for each in tried]
    best = int(np.argmax(reached))
    weights, most = tried[best].copy(), reached[best]
    typical = max(float(weights.max()), 1e-9)
    for _ in range(ROUNDS):
        before = most
        for part in range(len(values)):
            for value in (weights[part] * 2 or typical / 4, weights[part] / 2, 0.0):
                again = weights.copy()
                again[part] = value
                if again.sum() > 0 and (now := worth(again)) > most:
                    weights, most = again, now
        if most == before:
            break
    return weights
