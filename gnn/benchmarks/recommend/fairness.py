"""How evenly groups come to be seen, and an order that keeps the difference within a bound.

Where students are ranked for a posting, being far up is what there is to give. The exposure of a rank is
1 / log2(1 + rank). Of each group is told its share of all exposure over its share of all candidates: 1 is even. The
exposure gap is the largest of these ratios less the smallest.

Where items are ranked for a student, groups may be shown different things. Of each group is told how far the clusters
that it is shown are from those that all are shown: half the sum of the absolute differences of the shares, 0 to 1.

`Ledger` is the option that bounds the first gap. It is off unless asked for: it takes the attribute as an input, and
whether that is lawful and wanted is for those who run the service to say.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def weight(length: int) -> Floats:
    """Return the exposure of each rank of a list of a length, from rank 1."""
    return np.asarray(1.0 / np.log2(2.0 + np.arange(length)))


def exposures(lists: Sequence[Places], pools: Sequence[Mapping[str, int]], *, group: Sequence[str]) -> dict[str, float]:
    """Return each group's share of the exposure over its share of the candidates; groups of "" are left out.

    Arguments:
        lists: numbers of those shown, best first.
        pools: of each list, how many candidates there were by group.
        group: of each number.
    """
    seen: dict[str, float] = {}
    there: dict[str, float] = {}
    for each, pool in zip(lists, pools, strict=True):
        known = {name: count for name, count in pool.items() if name}
        whole = sum(known.values())
        if not whole or not len(each):
            continue
        gained = weight(len(each))
        for number, share in zip(each.tolist(), gained.tolist(), strict=True):
            if name := group[number]:
                seen[name] = seen.get(name, 0.0) + share
        for name, count in known.items():
            there[name] = there.get(name, 0.0) + count / whole * float(gained.sum())
    total, base = sum(seen.values()), sum(there.values())
    if not total:
        return {}
    return {name: seen.get(name, 0.0) / total / (each / base) for name, each in sorted(there.items()) if each > 0}


def apart(lists: Sequence[Places], *, cluster: Places, group: Sequence[str]) -> dict[str, float]:
    """Return how far what each group is shown is from what all are shown, 0 to 1.

    Arguments:
        lists: items shown, best first.
        cluster: of each item; -1 for none.
        group: of each list.
    """
    count = int(cluster.max(initial=-1)) + 2
    names = sorted(set(group) - {""})
    shown = {name: np.zeros(count) for name in names}
    for each, name in zip(lists, group, strict=True):
        if name:
            np.add.at(shown[name], cluster[each] + 1, weight(len(each)))
    whole = sum(shown.values(), np.zeros(count))
    if whole.sum() <= 0:
        return {}
    every = whole / whole.sum()
    return {
        name: float(np.abs(found / found.sum() - every).sum() / 2) for name, found in shown.items() if found.sum() > 0
    }


class Ledger:
    """Puts lists in order again, so that over all of them the exposure of each group stays near its share.

    With each list a group earns its share of the candidates in exposure. At each rank the best candidate comes next, of
    those whose group has not had more than (1 + bound) times what it earned; but where groups have had less than
    (1 - bound) times that, the best candidate of the one that lacks most. The books go on from list to list, so that
    small groups, which a single short list has no room for, get their turn. With bound 1 and more nothing is owed.

    Amortised over lists as in Biega, Gummadi and Weikum, "Equity of attention", SIGIR 2018, by the greedy of Geyik,
    Ambler and Kenthapadi, "Fairness-aware ranking in search and recommendation systems", KDD 2019.

    Arguments:
        bound: 0 for the very shares, to 1.
    """

    def __init__(self, bound: float) -> None:
        self.bound = bound
        self.had: dict[str, float] = {}
        self.earned: dict[str, float] = {}

    def order(
        self, best: Sequence[int], group: Sequence[str], *, shares: Mapping[str, float], length: int
    ) -> list[int]:
        """Return a list, and keep its exposure in the books.

        Arguments:
            best: numbers of candidates, best first.
            group: of each number; "" is owed nothing, and never has too much.
            shares: by group, its share of all candidates, 0 to 1.
            length: of the list, >= 0.
        """
        queues: dict[str, list[int]] = {}
        rank = {number: place for place, number in enumerate(best)}
        for number in reversed(best):
            queues.setdefault(group[number], []).append(number)
        found: list[int] = []
        for gained in weight(min(length, len(best))).tolist():
            for name, share in shares.items():
                self.earned[name] = self.earned.get(name, 0.0) + share * gained
            name = self._next(queues, rank)
            found.append(queues[name].pop())
            self.had[name] = self.had.get(name, 0.0) + gained
        return found

    def _next(self, queues: Mapping[str, Sequence[int]], rank: Mapping[int, int]) -> str:
        there = [name for name, queue in queues.items() if queue]
        lacks = {name: (1.0 - self.bound) * self.earned.get(name, 0.0) - self.had.get(name, 0.0) for name in there}
        owed = [name for name in there if name and lacks[name] > 0.0]
        if owed and self.bound < 1.0:
            return max(owed, key=lambda name: (lacks[name], -rank[queues[name][-1]]))
        most = 1.0 + self.bound
        modest = [name for name in there if not name or self.had.get(name, 0.0) <= most * self.earned.get(name, 0.0)]
        return min(modest if modest and self.bound < 1.0 else there, key=lambda name: rank[queues[name][-1]])
