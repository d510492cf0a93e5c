"""What students chose among what competed for them at that moment: what the weights of lists are learned from."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gnn.ranking.pool import places_of
from gnn.ranking.ranker import Ranker
from gnn.ranking.terms import Candidates, of_path
from gnn.snapshot.behaviour import KINDS, Actions
from gnn.snapshot.gaps import Floats
from schema.ranking import PATHS, TERMS, freshness

MOST_OF_ONE = 5
"""Choices of a list that one student has, the latest ones, each item once: nobody settles what others are shown."""
MOST_CHOICES = 1_500
"""Choices of a list that are learned from; of more, every n-th one is."""
TURNS = 16
"""Days into which the span is cut: what competed is told for each of them."""
LEARNED_TERMS = TERMS[:-1]
_FRESHNESS = TERMS.index("freshness")

Small = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Choices:
    """Items that students chose, with all that competed for the list.

    Arguments:
        values: of the terms but redundancy; the chosen item is the first. [terms, choices, items]
        there: whether there is an item. [choices, items]
        group: number of the group of items that are alike. [choices, items]
        shown: how many of each group the student had been shown or had used. [choices, groups]
    """

    values: Small
    there: NDArray[np.bool_]
    group: NDArray[np.int32]
    shown: Small

    def __len__(self) -> int:
        return len(self.there)

    @classmethod
    def join(cls, parts: "list[Choices]") -> "Choices":
        """Return the choices of several days together."""
        if not parts:
            none = np.zeros((0, 0), np.float32)
            return cls(np.zeros((len(LEARNED_TERMS), 0, 0), np.float32), none > 0, none.astype(np.int32), none)
        width = max(part.there.shape[1] for part in parts)
        groups = max(part.shown.shape[1] for part in parts)

        def wide(values: NDArray, size: int) -> NDArray:
            return np.pad(values, (*((0, 0),) * (values.ndim - 1), (0, size - values.shape[-1])))

        return cls(
            np.concatenate([wide(part.values, width) for part in parts], axis=1),
            np.concatenate([wide(part.there, width) for part in parts]),
            np.concatenate([wide(part.group, width) for part in parts]),
            np.concatenate([wide(part.shown, groups) for part in parts]),
        )


def of_many(chosen: Actions) -> Actions:
    """Return the first action on each item of a student, and of those the latest few of each list."""
    first = np.zeros(len(chosen), bool)
    width = len(chosen.items) + 1
    first[np.unique(chosen.student.astype(np.int64) * width + chosen.item, return_index=True)[1]] = True
    once = chosen.where(first)
    path = np.full(len(KINDS), len(PATHS))
    for number, name in enumerate(PATHS):
        path[of_path(name)] = number
    keys = once.student.astype(np.int64) * (len(PATHS) + 1) + path[once.item_kind]
    order = np.lexsort((-np.arange(len(once)), keys))  # the latest first
    rank = np.empty(len(once), np.int64)
    rank[order] = np.arange(len(once)) - np.searchsorted(keys[order], keys[order])
    return once.where(rank < MOST_OF_ONE)


def choices(ranker: Ranker, chosen: Actions, *, abilities: Floats) -> dict[str, Choices]:
    """Return what students chose among what competed for them, by list.

    The span is cut into few turns; what was out on the day of a choice competes as it did on the last day of its turn,
    but for its freshness, which is that of the day. An item that did not compete for the student at all teaches
    nothing.

    Arguments:
        ranker: of what was known before the choices.
        chosen: actions.
        abilities: a_u of all students. [students, units]
    """
    parts: dict[str, list[Choices]] = {path: [] for path in PATHS}
    openings = places_of(chosen.items, ranker.behaviour.openings.codes)
    resources = places_of(chosen.items, ranker.world.resources)
    if not len(chosen):
        return {path: Choices.join([]) for path in PATHS}
    turn = np.minimum((chosen.day - chosen.day.min()) * TURNS // max(1, int(np.ptp(chosen.day)) + 1), TURNS - 1)
    limits = {path: np.zeros(len(chosen), bool) for path in PATHS}
    for path, kept in limits.items():
        those = np.flatnonzero(np.isin(chosen.item_kind, of_path(path)))
        kept[those[:: max(1, -(-len(those) // MOST_CHOICES))]] = True
    wanted = np.logical_or.reduce(list(limits.values()))
    released = ranker.behaviour.openings.released
    for number in range(TURNS):
        now = np.flatnonzero(wanted & (turn == number))
        if not len(now):
            continue
        there = ranker.on(date.fromordinal(int(chosen.day[now].max())))
        students, row = np.unique(chosen.student[now], return_inverse=True)
        for path, candidates in there.candidates(there.standing(students, abilities[students])).items():
            mine = limits[path][now]
            items = (openings if path == "JOB" else resources)[chosen.item[now[mine]]]
            age = None
            if path == "JOB" and len(released):
                age = chosen.day[now[mine]][:, None] - released[candidates.item[row[mine]]]
            parts[path].append(_choices(candidates, row[mine], items, age=age))
    return {path: Choices.join(each) for path, each in parts.items()}


def _choices(
    found: Candidates, row: NDArray[np.integer], items: NDArray[np.integer], *, age: NDArray[np.integer] | None
) -> Choices:
    """Return choices among candidates.

    Arguments:
        found: what competed. [students, candidates]
        row: of the student of each choice.
        items: that were chosen.
        age: days since the release of each candidate; None where that does not matter. [choices, candidates]
    """
    out = found.free[row]
    if age is not None:
        out &= age >= 0
    met = (found.item[row] == items[:, None]) & (items >= 0)[:, None] & out
    known = np.flatnonzero(met.any(axis=1))
    row, out, column = row[known], out[known], met[known].argmax(axis=1) if met.shape[1] else known
    # The chosen one first, then all others that were there.
    key = np.where(out, 1, 2)
    key[np.arange(len(row)), column] = 0
    order = np.argsort(key, axis=1, kind="stable")[:, : int(out.sum(axis=1).max(initial=0))]
    values = np.stack([value[row[:, None], order] for value in found.values[:-1]]).astype(np.float32)
    if age is not None:
        days = np.take_along_axis(age[known], order, axis=1)
        values[_FRESHNESS] = freshness(np.maximum(days, 0).astype(np.float32))
    return Choices(
        values,
        np.take_along_axis(out, order, axis=1),
        found.group[row[:, None], order].astype(np.int32),
        found.shown[row].astype(np.float32),
    )
