"""How lists are judged: the place of what came next, what lists hold beside it, and how sure the figures are.

Each event has one right answer, so Recall@k is the share of events whose answer is among the first k, NDCG@k the mean
of 1 / log2(1 + rank) of those, and MRR the mean of 1 / rank. Items of one score stand in any order: what counts is
the mean over all such orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

CUTS = (5, 10, 20)
HEADLINE = "ndcg@10"
"""The metric by which rows are held against each other."""
METRICS = (*(f"recall@{cut}" for cut in CUTS), *(f"ndcg@{cut}" for cut in CUTS), "mrr")
DECIMALS = 12
"""Scores are compared after rounding to so many decimals."""
LEAST = 30
"""Events that a group must have to be compared."""


def standing(scores: Floats, place: int) -> tuple[int, int]:
    """Return how many items are scored better than one, and how many the same, itself among them.

    >>> standing(np.array([0.5, 2.0, 0.5, 0.1]), 0)
    (1, 2)
    """
    rounded = np.round(scores, DECIMALS)
    return int((rounded > rounded[place]).sum()), int((rounded == rounded[place]).sum())


def top(scores: Floats, count: int) -> Places:
    """Return the places of the best, best first; equal scores in the order given. Fewer where there are not so many.

    >>> top(np.array([0.5, 2.0, 0.5, 0.1]), 3).tolist()
    [1, 0, 2]
    """
    rounded = np.round(scores, DECIMALS)
    count = min(count, len(rounded))
    if count == 0:
        return np.zeros(0, np.int64)
    edge = np.partition(rounded, len(rounded) - count)[len(rounded) - count]
    kept = np.flatnonzero(rounded >= edge)
    return kept[np.argsort(-rounded[kept], kind="stable")][:count]


def gains(better: Places, same: Places) -> dict[str, Floats]:
    """Return every metric event by event: what is to be expected when items of one score are shuffled.

    Arguments:
        better, same: of the right answers, from `standing`. [events]

    >>> found = gains(np.array([0, 2, 0]), np.array([1, 1, 10]))
    >>> found["recall@5"].tolist(), found["ndcg@5"].round(3).tolist(), found["mrr"].round(3).tolist()
    ([1.0, 1.0, 0.5], [1.0, 0.5, 0.295], [1.0, 0.333, 0.293])
    """
    last = better + same
    most = int(last.max(initial=0))
    ranks = np.arange(1, most + 1)
    found: dict[str, Floats] = {}
    for cut in CUTS:
        found[f"recall@{cut}"] = _block((ranks <= cut).astype(np.float64), better, last)
    for cut in CUTS:
        found[f"ndcg@{cut}"] = _block(np.where(ranks <= cut, 1.0 / np.log2(1.0 + ranks), 0.0), better, last)
    found["mrr"] = _block(1.0 / ranks, better, last)
    return found


def _block(worth: Floats, first: Places, last: Places) -> Floats:
    """Return the mean worth of the ranks from first + 1 to last."""
    sums = np.concatenate([[0.0], np.cumsum(worth)])
    return np.asarray((sums[last] - sums[first]) / np.maximum(last - first, 1))


def coverage(lists: Sequence[Places], offered: int) -> float:
    """Return the share of what was on offer that stands in at least one list, 0 to 1.

    >>> coverage([np.array([1, 2]), np.array([2, 3])], 6)
    0.5
    """
    shown = {int(item) for each in lists for item in each}
    return len(shown) / offered if offered else float("nan")


def novelty(lists: Sequence[Places], known: Floats) -> float:
    """Return the mean surprise of what is shown, -log2 of how known it is, in bits.

    Arguments:
        lists: items shown.
        known: share of earlier behaviour that fell on each item or on its like, above 0. [items]
    """
    shown = np.concatenate(lists) if len(lists) else np.zeros(0, np.int64)
    return float(-np.log2(known[shown]).mean()) if len(shown) else float("nan")


def diversity(lists: Sequence[Places], *, cluster: Places, kind: Places) -> float:
    """Return the mean share in which two items of one list differ, 0 to 1: half for the cluster, half for the kind.

    Where all items are of one kind, the cluster alone counts. Items without a cluster differ from all others.

    >>> diversity([np.array([0, 1])], cluster=np.array([4, 4]), kind=np.array([0, 1]))
    0.5
    """
    share = 0.5 if len(np.unique(kind)) > 1 else 0.0
    found = []
    for each in lists:
        pairs = len(each) * (len(each) - 1)
        if pairs:
            known = cluster[each] >= 0
            same = (cluster[each][:, None] == cluster[each]) & known[:, None] & known
            alike = kind[each][:, None] == kind[each]
            like = (1 - share) * (same.sum() - known.sum()) + share * (alike.sum() - len(each))
            found.append(1.0 - like / pairs)
    return float(np.mean(found)) if found else float("nan")


def gini(counts: Floats) -> float:
    """Return the Gini index of how often items were shown, 0 where all equally often, towards 1 where one alone.

    >>> gini(np.array([1.0, 1.0, 1.0])), round(gini(np.array([0.0, 0.0, 3.0])), 3)
    (0.0, 0.667)
    """
    ordered = np.sort(counts)
    total = ordered.sum()
    if not len(ordered) or total <= 0:
        return 0.0
    places = np.arange(1, len(ordered) + 1)
    return float(max(0.0, (2 * places - len(ordered) - 1) @ ordered / (len(ordered) * total)))


@dataclass(frozen=True, slots=True)
class Span:
    """A mean and the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


class Bootstrap:
    """Draws users again, with all their events; the draws are the same for every row, so that differences are paired.

    Arguments:
        users: user of each event. [events]
        draws: >= 1.
        seed: of the draws.
    """

    def __init__(self, users: Places, *, draws: int = 1000, seed: int = 0) -> None:
        self._names, self._place = np.unique(users, return_inverse=True)
        generator = np.random.default_rng(seed)
        many = len(self._names)
        self._weights = generator.multinomial(many, np.full(many, 1 / max(many, 1)), size=draws).astype(np.float64)

    def span(self, values: Floats) -> Span:
        """Return the mean of an event's value, or of a difference of two, with its interval.

        Arguments:
            values: [events].
        """
        if not len(values):
            return Span(float("nan"), float("nan"), float("nan"))
        sums = np.bincount(self._place, values, len(self._names))
        counts = np.bincount(self._place, minlength=len(self._names)).astype(np.float64)
        drawn = (self._weights @ sums) / np.maximum(self._weights @ counts, 1e-12)
        low, high = np.quantile(drawn, [0.025, 0.975])
        return Span(float(values.mean()), float(low), float(high))


def by_group(values: Floats, groups: Sequence[str]) -> dict[str, float]:
    """Return the mean of each group that has `LEAST` events or more.

    Arguments:
        values: [events].
        groups: of each event; "" is none.
    """
    names = np.asarray(groups)
    found = {}
    for name in sorted(set(groups) - {""}):
        here = names == name
        if int(here.sum()) >= LEAST:
            found[name] = float(values[here].mean())
    return found


def gap(means: Mapping[str, float]) -> float:
    """Return by how much the best group is above the worst; 0 where there are not two to compare.

    >>> gap({"a": 0.25, "b": 0.5})
    0.25
    """
    return max(means.values()) - min(means.values()) if len(means) > 1 else 0.0
