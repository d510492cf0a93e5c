"""What came of students, each with the state before it: what the states are learned from, and measured by.

Two things are foretold from a state. The score of a course, from the state on the first day of its term:

    score = intercept of the course + h . (deviations of the student so far, score at admission, able)
    able  = sum over units k of c_ck a_uk / sum over units of c_ck

with c the course's supply. Courses have intercepts of their own because later ones are harder: without them students
would seem to forget. And the cluster that a student enters as an intern or graduate, from the state on the day
before, by a softmax over all clusters of

    h . (log share of the cluster among the entries of the major so far, stated as a goal, turned to, fit)
    fit = 1 - g / || b_j ||_1,    g of equation 15

where turned to is log(1 + pieces of evidence whose source was made for the cluster), whatever came of them: what
someone chose to do tells where they want to go, and without it, wishes would be taken for abilities.
All deviations and shares count what was known before. Heads h are fitted for each kind of state anew, so a state is
judged by what it tells beside the averages. Demands and supplies are those of the snapshot, whatever the day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.capability import entrants
from gnn.capability.pieces import Pieces
from gnn.capability.state import YEAR, evidence_of
from gnn.capability.vectors import Vectors
from gnn.rows import entries, marked
from gnn.snapshot import COURSE_STATUS, Floats, Snapshot, term_start

EARLIER = 5.0
"""Usual scores that the mean of a course or a student so far begins with."""
USUAL = 75.0
"""Score of a course of which none is known yet."""

Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Before:
    """States of students at instants, as sums that wait for weights.

    A term is one piece of evidence of one row; equal sources of a row make a group, of which the strongest term counts.
    A cell is a unit of a row that is asked for; z of the cell is its share of ``brought`` and the sum over its
    parts of x times the strength of the group.

    Arguments:
        piece, group, age: of each term; ages in years. Terms are ordered by group.
        groups: number of groups.
        part_group, part_cell: of each part; ordered by cell.
        part_level: c of each part.
        cell_row, cell_unit, cell_brought: of each cell; x(d) of what the major leads to.
        score: at admission, of each row, 0 to 1, 0 where unknown.
    """

    piece: Indexes
    group: Indexes
    age: Floats
    groups: int
    part_group: Indexes
    part_cell: Indexes
    part_level: Floats
    cell_row: Indexes
    cell_unit: Indexes
    cell_brought: Floats
    score: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of courses with the states before them.

    Arguments:
        before: the states.
        target, cell, weight: which cells make up able of which score, and with which weight; ordered by score.
        known: what is known beside the state. [scores, 2]
        course: place of the course.
        score: 0 to 100.
    """

    before: Before
    target: Indexes
    cell: Indexes
    weight: Floats
    known: Floats
    course: Indexes
    score: Floats

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True, slots=True)
class Choices:
    """Clusters that students entered, with the states before.

    Arguments:
        before: the states; their cells are all units, row by row.
        known: what is known beside the state. [choices, clusters, 3]
        chosen: place of the cluster.
        demands: b_j. [clusters, units]
    """

    before: Before
    known: Floats
    chosen: Indexes
    demands: Floats

    def __len__(self) -> int:
        return len(self.chosen)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that both kinds of outcomes are made from.

    Arguments:
        snapshot: the graph.
        known: evidence, from `pieces`.
        sources: vectors of the sources of evidence.
        demands: b_j. [clusters, units]
    """

    snapshot: Snapshot
    known: Pieces
    sources: Vectors
    demands: Floats


@dataclass(frozen=True, slots=True)
class Marks:
    """Marked course records in order of term, and what was known of the student when the term began.

    Arguments:
        student, course: places.
        term: number of the term.
        score: 0 to 100.
        known: mean deviation of the student so far from the means of the courses so far, and the score at admission,
            in percent. [records, 2]
    """

    student: Indexes
    course: Indexes
    term: Floats
    score: Floats
    known: Floats

    def __len__(self) -> int:
        return len(self.score)

    @property
    def begun(self) -> Floats:
        """Ordinals of the first days of the terms."""
        return term_start(self.term)


def marks(snapshot: Snapshot) -> Marks:
    """Return the scores of completed and failed courses."""
    score, status, _, term = snapshot.courses.columns
    counted = ~np.isnan(score) & ~np.isnan(term)
    counted &= np.isnan(status) | np.isin(status, [COURSE_STATUS.index(each) for each in ("completed", "failed")])
    place = np.flatnonzero(counted)
    place = place[np.argsort(term[place], kind="stable")]
    student = snapshot.courses.start[place].astype(np.int64)
    course = snapshot.courses.end[place].astype(np.int64)
    admission = snapshot.admission if len(snapshot.admission) else np.full(len(snapshot.students), np.nan)
    typical = float(np.nanmean(admission)) if (~np.isnan(admission)).any() else 0.0
    deviation = score[place] - _so_far(course, term[place], score[place], usual=USUAL)
    standing = _so_far(student, term[place], deviation, usual=0.0)
    known = np.column_stack((standing, 100.0 * np.nan_to_num(admission, nan=typical)[student]))
    return Marks(student, course, term[place], score[place], known)


def _so_far(group: Indexes, term: Floats, score: Floats, *, usual: float) -> Floats:
    """Return the mean score of each record's group in earlier terms, drawn toward the usual one.

    Arguments:
        group, term, score: of records in order of term.
    """
    first = np.unique(term, return_index=True)[1]
    found = np.empty(len(score))
    sums, count = np.zeros(group.max(initial=-1) + 1), np.zeros(group.max(initial=-1) + 1)
    for start, end in zip(first, [*first[1:], len(term)] if len(term) else [], strict=True):
        span = slice(start, end)
        found[span] = (sums[group[span]] + EARLIER * usual) / (count[group[span]] + EARLIER)
        np.add.at(sums, group[span], score[span])
        np.add.at(count, group[span], 1.0)
    return found


def scores(facts: Facts, found: Marks, places: Indexes) -> Scores:
    """Return some marks with the states before them.

    Arguments:
        places: of the marks.
    """
    units = facts.sources.size
    target, unit, level = facts.sources.take(found.course[places].astype(np.int32))
    total = np.bincount(target, level, minlength=len(places))
    keys, row = np.unique(found.student[places] * 10_000 + found.term[places].astype(np.int64), return_inverse=True)
    wanted, cell = np.unique(row[target] * np.int64(units) + unit, return_inverse=True)
    before = states_before(facts, keys // 10_000, term_start((keys % 10_000).astype(float)), wanted=wanted)
    weight = level / total[target]
    return Scores(before, target, cell, weight, found.known[places], found.course[places], found.score[places])


def choices(facts: Facts, entered: entrants.Entries, places: Indexes) -> Choices:
    """Return some entries with the states before them.

    Arguments:
        places: of the entries.
    """
    snapshot = facts.snapshot
    student, day = entered.student[places].astype(np.int64), entered.day[places]
    wanted = np.arange(len(places) * facts.sources.size, dtype=np.int64)
    before = states_before(facts, student, day - 1.0, wanted=wanted)
    goals = marked(snapshot.goals, student, len(snapshot.clusters)).astype(float)
    popular = np.empty(goals.shape)
    rows = entrants.major_rows(snapshot, student)
    for instant, here in _by_term(day - 1.0):
        popular[here] = entrants.smoothed(entrants.counts(entered, snapshot, before=instant))[rows[here]]
    known = np.stack((np.log(popular), goals, np.log1p(_turned(facts, student, day - 1.0))), axis=2)
    return Choices(before, known, entered.cluster[places].astype(np.int64), facts.demands)


def _turned(facts: Facts, student: Indexes, instant: Floats) -> Floats:
    """Return how many pieces of evidence of each student came, by an instant, from what was made for a cluster.

    Arguments:
        student, instant: of each row.

    Returns:
        Numbers. [rows, clusters]
    """
    clusters, targets = len(facts.snapshot.clusters), facts.snapshot.targets
    row, piece = _seen(facts.known, student, instant)
    entry, target = entries(targets.start, facts.known.source[piece])
    keys = row[entry] * np.int64(clusters) + targets.end[target]
    return np.bincount(keys, minlength=len(student) * clusters).reshape(-1, clusters).astype(float)


def _seen(known: Pieces, student: Indexes, instant: Floats) -> tuple[Indexes, Indexes]:
    """Return the pieces of students that were known at instants: the row of each, and its place."""
    row, piece = entries(known.student, student)
    # What has no date may have come later, so it does not count here.
    seen = (known.known[piece] <= instant[row]) & np.isfinite(known.known[piece])
    return row[seen], piece[seen]


def _by_term(days: Floats) -> list[tuple[float, Indexes]]:
    """Return the first days of terms, each with the places of the days that fall into the term."""
    if not len(days):
        return []
    low, high = int(days.min()) // 365 * 2, int(days.max()) // 365 * 2
    starts = term_start(np.arange(low - 4, high + 4, dtype=float))
    term = np.searchsorted(starts, days, side="right") - 1
    return [(float(starts[each]), np.flatnonzero(term == each)) for each in np.unique(term).tolist()]


def states_before(facts: Facts, student: Indexes, instant: Floats, *, wanted: Indexes) -> Before:
    """Return the states of students at instants.

    Arguments:
        student, instant: of each row.
        wanted: cells that are asked for, row * units + unit, rising.
    """
    known, snapshot, units = facts.known, facts.snapshot, facts.sources.size
    row, piece = _seen(known, student, instant)
    fresh = np.ones(len(row), bool)
    fresh[1:] = (row[1:] != row[:-1]) | (known.source[piece][1:] != known.source[piece][:-1])
    group = np.cumsum(fresh) - 1
    index, unit, level = facts.sources.take(known.source[piece[fresh]])
    keys = row[fresh][index] * np.int64(units) + unit
    cell = np.minimum(np.searchsorted(wanted, keys), max(0, len(wanted) - 1))
    asked = np.flatnonzero(wanted[cell] == keys) if len(wanted) else np.empty(0, np.int64)
    asked = asked[np.argsort(cell[asked], kind="stable")]
    cell_row, cell_unit = wanted // units, wanted % units
    brought = np.empty((len(student), units))
    entered, rows = entrants.entries(snapshot), entrants.major_rows(snapshot, student)
    for start, here in _by_term(instant):
        brought[here] = evidence_of(entrants.profiles(snapshot, facts.demands, entered=entered, before=start))[
            rows[here]
        ]
    score = np.nan_to_num(snapshot.admission)[student] if len(snapshot.admission) else np.zeros(len(student))
    return Before(
        piece=piece,
        group=group,
        age=(instant[row] - known.known[piece]) / YEAR,
        groups=int(fresh.sum()),
        part_group=index[asked],
        part_cell=cell[asked],
        part_level=level[asked],
        cell_row=cell_row,
        cell_unit=cell_unit,
        cell_brought=brought[cell_row, cell_unit],
        score=score,
    )
