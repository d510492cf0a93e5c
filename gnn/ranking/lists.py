"""Equation 20 for many students at once: the largest score again and again, redundancy of the rest counted anew."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.snapshot.gaps import Floats
from schema.ranking import TERMS, redundancy
from schema.scoring import DECIMALS

Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """Items of lists, ordered by student, path and rank.

    Arguments:
        student: place of the student.
        path: place of the list in `schema.ranking.PATHS`.
        rank: place in the list, from 1.
        item: place of the item: in the openings for the path JOB, else in the resources.
        goal: place of the job cluster that it leads to.
        score: R' of equation 20, rounded.
        match, gap, contribution, heat: m, d, b and h of equation 21.
        terms: values, in the order of `schema.ranking.TERMS`. [items, terms]
    """

    student: Indexes
    path: Indexes
    rank: Indexes
    item: Indexes
    goal: Indexes
    score: Floats
    match: Floats
    gap: Floats
    contribution: Floats
    heat: Floats
    terms: Floats

    def __len__(self) -> int:
        return len(self.student)

    def where(self, kept: NDArray[np.bool_] | Indexes) -> "Lists":
        """Return some of the items."""
        return Lists(*(getattr(self, name)[kept] for name in self.__slots__))

    @classmethod
    def join(cls, parts: "list[Lists]") -> "Lists":
        """Return lists of different students or paths together, in order."""
        if not parts:
            return cls.none()
        whole = cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))
        return whole.where(np.lexsort((whole.rank, whole.path, whole.student)))

    @classmethod
    def none(cls) -> "Lists":
        """Return no items."""
        places, values = np.empty(0, np.int64), np.empty(0)
        return cls(*(places,) * 5, *(values,) * 5, np.empty((0, len(TERMS))))


def reorder(
    base: Floats, group: Indexes, shown: Floats, *, tie: Indexes, gamma: float, count: int
) -> tuple[Indexes, Indexes, Floats, Floats]:
    """Return the lists of a chunk of students.

    Arguments:
        base: R of each candidate, minus infinity for what must not be listed. [students, candidates]
        group: number of the group of items that are alike, >= 0. [students, candidates]
        shown: how many of each group the student was shown or has used. [students, groups]
        tie: which of two equal candidates comes first: the smaller number. [students, candidates]
        gamma: weight of redundancy, >= 0.
        count: items of a list at most, >= 1.

    Returns:
        Rows (students, rising, each in order of rank), columns (candidates), scores R', and redundancies.
    """
    shown = shown.copy()
    students = np.arange(len(base))
    every = _competing(base - gamma * redundancy(shown[students[:, None], group]), gamma=gamma, count=count)
    base, group = np.take_along_axis(base, every, axis=1), np.take_along_axis(group, every, axis=1)
    tie = np.take_along_axis(tie, every, axis=1)
    steps = min(count, base.shape[1])
    never = np.iinfo(np.int64).max
    current = np.round(base - gamma * redundancy(shown[students[:, None], group]), DECIMALS)
    picked = np.full((len(base), steps), -1, np.int64)
    repeated, scores = np.zeros((len(base), steps)), np.full((len(base), steps), -np.inf)
    for step in range(steps):
        top = current.max(axis=1, initial=-np.inf)
        column = np.where(current == top[:, None], tie, never).argmin(axis=1)
        alive = top > -np.inf
        chosen = group[students, column]
        picked[:, step] = np.where(alive, every[students, column], -1)
        repeated[:, step], scores[:, step] = redundancy(shown[students, chosen]), top
        shown[students, chosen] += alive
        current[students, column] = -np.inf
        fresh = np.round(base - (gamma * redundancy(shown[students, chosen]))[:, None], DECIMALS)
        np.copyto(current, fresh, where=(group == chosen[:, None]) & (current > -np.inf))
    rows, ranks = np.nonzero(picked >= 0)
    return rows, picked[rows, ranks], scores[rows, ranks], repeated[rows, ranks]


def _competing(first: Floats, *, gamma: float, count: int) -> Indexes:
    """Return the candidates of each student that can be listed at all, and as many others as make the rows equal.

    Whatever is picked scores at least as much as the best that is left of the ``count`` best at first, and those lose
    no more than gamma times what ``count`` items of the like above them cost. [students, candidates]
    """
    columns = first.shape[1]
    if columns <= count:
        return np.broadcast_to(np.arange(columns), first.shape)
    limit = np.partition(first, columns - count, axis=1)[:, columns - count]
    # Rounding may lift a score by half a unit of the last decimal.
    least = limit - gamma * redundancy(float(count)) - 10.0**-DECIMALS
    width = min(columns, max(count, int(((first >= least[:, None]) & (first > -np.inf)).sum(axis=1).max(initial=0))))
    if width == columns:
        return np.broadcast_to(np.arange(columns), first.shape)
    found: Indexes = np.argpartition(-first, width - 1, axis=1)[:, :width]
    return found
