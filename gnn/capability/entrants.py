"""What students bring along: the admission features x_adm of equation 14.

Nobody measures the abilities of a new student unit by unit. What is known is the major, and what its students went on
to: the clusters that they entered as interns or graduates. A new student is taken to hold a share of what these demand;
how much of it is learned, and may depend on the score at admission. The profile of a major counts entries before an
instant only, so no student's state knows what came later.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.snapshot import WORK, Floats, Places, Snapshot, term_start

SHRINK = 10.0
"""Entries that the mean over all majors counts as, and over all clusters before that."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Clusters that students entered: as interns, by contract, as employees; ordered by day.

    Arguments:
        student: place of the student.
        cluster: place of the cluster.
        day: ordinal of the first day.
    """

    student: Places
    cluster: Places
    day: Floats

    def __len__(self) -> int:
        return len(self.student)


def entries(snapshot: Snapshot) -> Entries:
    """Return all entries of a snapshot of which the day is known."""
    type_, _, term, first = snapshot.work.columns
    begun = term_start(term)
    day = np.where(np.isnan(first) & (type_ == WORK.index("INTERNED_AT")), begun, first)
    signed = snapshot.signings
    student = np.concatenate((snapshot.work.start, signed.start))
    cluster = np.concatenate((snapshot.work.end, signed.end))
    day = np.concatenate((day, signed.columns[0]))
    order = np.lexsort((cluster, student, day))
    order = order[~np.isnan(day[order])]
    return Entries(student[order], cluster[order], day[order])


def counts(entered: Entries, snapshot: Snapshot, *, before: float) -> Floats:
    """Return how many students of each major entered each cluster before a day. [majors, clusters]"""
    size = (len(snapshot.majors), len(snapshot.clusters))
    known = np.flatnonzero((entered.day < before) & (snapshot.major[entered.student] >= 0))
    keys = snapshot.major[entered.student[known]].astype(np.int64) * size[1] + entered.cluster[known]
    found: Floats = np.bincount(keys, minlength=size[0] * size[1]).reshape(size).astype(float)
    return found


def smoothed(counted: Floats, *, total: Floats | None = None) -> Floats:
    """Return the shares of the clusters among the entries of each major, smoothed. [majors + 1, clusters]

    Few entries of a major leave the shares of all majors together, and few of all leave clusters alike. The last row
    is for students whose major is not known.

    Arguments:
        counted: entries. [majors, clusters]
        total: entries of all students; None takes those counted. [clusters]
    """
    clusters = max(1, counted.shape[1])
    total = counted.sum(axis=0) if total is None else total
    whole = (total + SHRINK / clusters) / (total.sum() + SHRINK)
    own = (counted + SHRINK * whole) / (counted.sum(axis=1, keepdims=True) + SHRINK)
    return np.vstack((own, whole))


def profiles(snapshot: Snapshot, demands: Floats, *, entered: Entries, before: float) -> Floats:
    """Return what the clusters that students of a major enter demand, on average. [majors + 1, units]

    Arguments:
        demands: b_j, 0 to 1. [clusters, units]
        entered: from `entries`.
        before: ordinal of a day; later entries do not count.
    """
    found: Floats = smoothed(counts(entered, snapshot, before=before)) @ demands
    return found


def major_rows(snapshot: Snapshot, students: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the row of each student in `profiles`."""
    major = snapshot.major[students].astype(np.int64) if len(snapshot.major) else np.full(len(students), -1)
    return np.where(major < 0, len(snapshot.majors), major)
