"""Equation 22 for all students: what each leans to after all that it did, and what it was shown or used lately.

Each student is folded alone, by `schema.feedback.fold`, so that what one does moves nobody else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from gnn.rows import dense
from gnn.snapshot.behaviour import ACTIONS, KINDS, Actions
from gnn.snapshot.gaps import Floats, Places
from schema.feedback import OF_KIND, POSITIVE, USED, Action, FeedbackRules, fold
from schema.ranking import STAGES

POSITIVE_ACTIONS = tuple(ACTIONS.index(kind) for kind in POSITIVE)
USED_ACTIONS = tuple(ACTIONS.index(kind) for kind in USED)


@dataclass(frozen=True, slots=True)
class Sparse:
    """Values of a matrix, ordered by row.

    Arguments:
        row, column: places.
        value: at each.
    """

    row: Places
    column: Places
    value: Floats

    def dense(self, rows: NDArray[np.integer], columns: int) -> Floats:
        """Return some rows as a matrix. [rows, columns]"""
        return dense(self.row, self.column, self.value, rows=rows, columns=columns)

    @classmethod
    def of(cls, rows: list[tuple[int, int, float]]) -> "Sparse":
        """Return the matrix of (row, column, value) in any order."""
        row, column, value = zip(*sorted(rows), strict=True) if rows else ((), (), ())
        return cls(np.array(row, np.int32), np.array(column, np.int32), np.array(value, float))


@dataclass(frozen=True, slots=True)
class Leanings:
    """What students lean to.

    Arguments:
        stage: theta of the four goals. [students, stages]
        kind: of the kinds of items. [students, KINDS]
        cluster: of job clusters. [students, clusters]
    """

    stage: Floats
    kind: Floats
    cluster: Sparse


def leanings(actions: Actions, students: int, rules: FeedbackRules) -> Leanings:
    """Return what every student leans to after all actions."""
    stage, kind = np.zeros((students, len(STAGES))), np.zeros((students, len(KINDS)))
    clusters: list[tuple[int, int, float]] = []
    columns = (actions.student, actions.at, actions.kind, actions.item_kind, actions.cluster)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for student, group in groupby(rows, key=itemgetter(0)):
        # Keys were settled when the actions were read; their order stands for them here.
        done = [
            Action(
                datetime.fromtimestamp(at / 1000, UTC),
                f"{number:09}",
                ACTIONS[what],
                KINDS[item_kind],
                str(cluster) if cluster >= 0 else None,
            )
            for number, (_, at, what, item_kind, cluster) in enumerate(group)
        ]
        found = fold(done, rules)
        stage[student] = found.stage
        for name, value in found.kind.items():
            kind[student, KINDS.index(name)] = value
        clusters.extend((student, int(name), value) for name, value in found.cluster.items())
    return Leanings(stage, kind, Sparse.of(clusters))


def toward(cluster: Floats, kind: Floats) -> Floats:
    """Return the preference for items, -1 to 1: `schema.feedback.Leaning.toward` for arrays."""
    found: Floats = np.maximum(-1.0, np.minimum(1.0, cluster + OF_KIND * kind))
    return found


def shown(actions: Actions, clusters: int, recent: int) -> Sparse:
    """Return how many of the latest actions of each student met an item of a kind and job cluster.

    Arguments:
        clusters: number of job clusters.
        recent: actions of a student that count, the latest first.

    Returns:
        Columns are kind * clusters + cluster.
    """
    last = np.searchsorted(actions.student, actions.student, side="right")
    kept = actions.where((last - np.arange(len(actions)) <= recent) & (actions.cluster >= 0))
    width = len(KINDS) * max(1, clusters)
    keys = kept.student.astype(np.int64) * width + kept.item_kind * max(1, clusters) + kept.cluster
    found, count = np.unique(keys, return_counts=True)
    return Sparse((found // width).astype(np.int32), (found % width).astype(np.int32), count.astype(float))


def positives(actions: Actions) -> Actions:
    """Return the actions that say that a student wants an item."""
    return actions.where(np.isin(actions.kind, POSITIVE_ACTIONS))
