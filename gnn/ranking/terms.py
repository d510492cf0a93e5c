"""The nine terms of equation 19 and 20 for all candidates of a chunk of students, and the gates that keep items out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gnn.bridging import Bridges
from gnn.gaps import Gaps
from gnn.ranking.leaning import toward
from gnn.snapshot.behaviour import KINDS
from gnn.snapshot.gaps import Floats
from schema import ranking
from schema.ranking import PATH_OF, ScoreWeights, redundancy, score, stage_fit
from schema.scoring import DECIMALS

Indexes = NDArray[np.int64]

GATES = ("", ranking.DEGREE, ranking.CLOSED, "DONE", "USED", ranking.PREREQUISITE, "UNRELATED")
"""What keeps an item out of a list; the first is nothing. UNRELATED: it leads to no goal and closes no gap."""
DEGREE, CLOSED, DONE, USED, PREREQUISITE, UNRELATED = range(1, len(GATES))
_PATHS = tuple(PATH_OF.get(kind, "") for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Candidates:
    """All that competes for one list of a chunk of students.

    Arguments:
        path: the list.
        student: places of the students. [students]
        item: place in the openings for the path JOB, else in the resources; -1 fills up. [students, candidates]
        goal: place of the job cluster that it leads to; -1 for none. [students, candidates]
        slot: place of that goal among the goals of the student. [students, candidates]
        gate: place in `GATES` of what keeps it out. [students, candidates]
        values: of the terms, in the order of `schema.ranking.TERMS`; of redundancy, what history alone makes of it.
            [students, candidates] each
        gap: value of the student's gap toward the goal. [students, candidates]
        group: number of the items that are alike. [students, candidates]
        shown: how many of each group the student was shown or has used. [students, groups]
        tie: which of two equal candidates comes first: the smaller number. [students, candidates]
    """

    path: str
    student: Indexes
    item: Indexes
    goal: Indexes
    slot: Indexes
    gate: NDArray[np.int8]
    values: tuple[Floats, ...]
    gap: Floats
    group: Indexes
    shown: Floats
    tie: Indexes

    @property
    def free(self) -> NDArray[np.bool_]:
        """What no gate keeps out. [students, candidates]"""
        return (self.gate == 0) & (self.item >= 0)

    def span(self, path: str, first: int, last: int) -> "Candidates":
        """Return the columns from ``first`` up to ``last``, exclusive, as those of a list."""
        names = ("item", "goal", "slot", "gate", "gap", "group", "tie")
        kept = {name: getattr(self, name)[:, first:last] for name in names}
        return replace(self, path=path, values=tuple(value[:, first:last] for value in self.values), **kept)

    def scores(self, weights: ScoreWeights) -> Floats:
        """Return R' before anything is listed, rounded; minus infinity for what must not be. [students, candidates]"""
        found: Floats = np.round(score(self.values, weights), DECIMALS)
        return np.where(self.free, found, -np.inf)

    def base(self, weights: ScoreWeights) -> Floats:
        """Return R, the score without redundancy; minus infinity for what must not be listed."""
        plain = score((*self.values[:-1], 0.0), weights)
        found: Floats = np.where(self.free, plain, -np.inf)
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a chunk of students stands: goals, gaps, and all that their terms are made of.

    Arguments:
        student: places. [students]
        abilities: a_u. [students, units]
        gaps: their gaps, with likelihoods.
        bridges: the resources that narrow each.
        goal: place of the cluster of each goal, best first; -1 fills up. [students, goals]
        row: row of its gap. [students, goals]
        stage: pi_u. [students, stages]
        kind: leaning to kinds of items. [students, KINDS]
        cluster: leaning to clusters. [students, clusters]
        shown: actions of late by kind and cluster. [students, KINDS * clusters]
    """

    student: Indexes
    abilities: Floats
    gaps: Gaps
    bridges: Bridges
    goal: Indexes
    row: Indexes
    stage: Floats
    kind: Floats
    cluster: Floats
    shown: Floats

    def of_goals(self, values: Floats, missing: float = 0.0) -> Floats:
        """Return values of the gaps by student and goal. [students, goals]"""
        return np.where(self.row >= 0, values[self.row] if len(values) else missing, missing)

    def for_postings(self, rows: Indexes) -> "Standing":
        """Return the standing of some of the students as far as lists of postings need it: gaps stay with all.

        Arguments:
            rows: of the students in this standing, rising.
        """
        kept = {
            name: getattr(self, name)[rows]
            for name in ("student", "abilities", "goal", "row", "stage", "kind", "cluster", "shown")
        }
        return replace(self, **kept)

    @property
    def clusters(self) -> int:
        """Number of job clusters."""
        return self.cluster.shape[1]


def slots(gaps: Gaps, students: int) -> tuple[Indexes, Indexes]:
    """Return goal and row of each gap by student and rank, -1 where there is none. [students, goals]"""
    place = np.arange(len(gaps)) - np.searchsorted(gaps.student, gaps.student)
    width = int(place.max(initial=-1)) + 1
    goal, row = np.full((students, width), -1, np.int64), np.full((students, width), -1, np.int64)
    goal[gaps.student, place], row[gaps.student, place] = gaps.cluster, np.arange(len(gaps))
    return goal, row


def of_path(path: str) -> list[int]:
    """Return the places in `KINDS` of the kinds of items that compete for a list."""
    return [place for place, each in enumerate(_PATHS) if each == path]


def stage_terms(stage: Floats) -> Floats:
    """Return the stage term of each kind of item. [students, KINDS]"""
    columns = [stage[:, place] for place in range(stage.shape[1])]
    return np.stack([stage_fit(columns, kind) + np.zeros(len(stage)) for kind in KINDS], axis=1)


def best_steps(bridges: Bridges, gaps: int) -> Floats:
    """Return the largest contribution among the resources of each gap; 0 where there is none. [gaps]"""
    found = np.zeros(gaps)
    np.maximum.at(found, bridges.gap, bridges.contribution)
    return found


def shares(standing: Standing, supply: Floats, *, demands: Floats) -> Floats:
    """Return the share of each gap that each resource closes, 0 to 1. [goals, students, resources]

    Arguments:
        supply: c_r. [resources, units]
        demands: b_j, which tells the units that can be lacking. [clusters, units]
    """
    gaps = standing.gaps
    found = np.zeros((standing.goal.shape[1], len(standing.student), len(supply)))
    place = np.arange(len(gaps)) - np.searchsorted(gaps.student, gaps.student)
    order = np.argsort(gaps.cluster, kind="stable")
    edges = np.flatnonzero(np.diff(gaps.cluster[order], prepend=-1, append=-1))
    suppliers = [np.flatnonzero(column) for column in supply.T]
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        rows = order[first:last]
        closed = np.zeros((len(rows), len(supply)))
        for unit in np.flatnonzero(demands[gaps.cluster[rows[0]]]).tolist():
            who = suppliers[unit]
            if len(who):
                closed[:, who] += np.minimum(gaps.lacking[rows, unit][:, None], supply[who, unit])
        value = gaps.value[rows][:, None]
        np.divide(closed, value, out=closed, where=value > 0.0)
        found[place[rows], gaps.student[rows]] = np.minimum(closed, 1.0, out=closed)
    return found


def preferences(standing: Standing, goal: Indexes, kind: Indexes) -> Floats:
    """Return the preference for items by goal and kind, -1 to 1; of no goal, that for the kind alone."""
    rows = np.arange(len(standing.student))[:, None]
    of_cluster = np.where(goal >= 0, standing.cluster[rows, np.maximum(goal, 0)], 0.0)
    return toward(of_cluster, standing.kind[rows, kind])


def seen(standing: Standing, goal: Indexes, kind: Indexes) -> Floats:
    """Return the actions of late on items of a kind and goal."""
    rows = np.arange(len(standing.student))[:, None]
    columns = kind * max(1, standing.clusters) + np.maximum(goal, 0)
    return np.where(goal >= 0, standing.shown[rows, columns], 0.0)


def repeated(group: Indexes, shown: Floats) -> Floats:
    """Return what history alone makes of redundancy."""
    found: Floats = redundancy(shown[np.arange(len(shown))[:, None], group])
    return found
