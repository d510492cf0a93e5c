"""Plain aggregation written apart from `gnn.capability`, to hold its plain rule against."""

from dataclasses import dataclass

import numpy as np

from gnn.capability.vectors import Vectors, noisy_or
from gnn.config import GapConfig
from gnn.snapshot import COURSE_STATUS, PRACTICE, WORK, Edges, Floats, Places, Snapshot


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the abilities of students, ordered by student.

    Arguments:
        student: place of the student.
        source: place of a vector in the sources: a resource, or behind the resources a job cluster.
        strength: share of the vector that the student proves, 0 to 1.
    """

    student: Places
    source: Places
    strength: Floats


def evidence(snapshot: Snapshot, config: GapConfig) -> Evidence:
    """Return what speaks for the abilities of students.

    Strength of a course: score / 100 where it was completed (``config.unscored`` without a score), else 0; of a
    certificate, a competition, a project or practicum, an internship and a job: the shares in ``config``. A course
    without a status counts as completed if it has a score. What a student did twice counts once, by its best.
    """
    courses = snapshot.courses
    score, status = courses.columns[:2]
    completed = (status == COURSE_STATUS.index("completed")) | (np.isnan(status) & ~np.isnan(score))
    course = np.where(np.isnan(score), config.unscored, np.clip(np.nan_to_num(score) / 100.0, 0.0, 1.0)) * completed
    practice = _by_kind(
        snapshot.practice, PRACTICE, {"EARNED": config.earned, "ENTERED": config.entered, "WORKED_ON": config.worked_on}
    )
    work = _by_kind(snapshot.work, WORK, {"INTERNED_AT": config.interned, "EMPLOYED_AS": config.employed})
    student = np.concatenate((courses.start, snapshot.practice.start, snapshot.work.start)).astype(np.int64)
    source = np.concatenate((courses.end, snapshot.practice.end, snapshot.work.end + len(snapshot.resources)))
    sources = len(snapshot.resources) + len(snapshot.clusters)
    keys, place = np.unique(student * max(1, sources) + source, return_inverse=True)
    strength = np.zeros(len(keys))
    np.maximum.at(strength, place, np.concatenate((course, practice, work)))
    kept = strength > 0.0
    keys = keys[kept]
    return Evidence(
        (keys // max(1, sources)).astype(np.int32), (keys % max(1, sources)).astype(np.int32), strength[kept]
    )


def _by_kind(edges: Edges, kinds: tuple[str, ...], shares: dict[str, float]) -> Floats:
    return np.array([shares[kind] for kind in kinds])[edges.columns[0].astype(np.int32)]


def abilities(known: Evidence, config: GapConfig, *, sources: Vectors, first: int, last: int) -> Vectors:
    """Return a_u of the students from ``first`` up to ``last``, exclusive.

    Equation: a_uk = 1 - product over evidence e of (1 - q_ue * c_ek), where q is the strength of the evidence and c
    the vector of its source: what the resource supplies, or what the job cluster demands.

    Arguments:
        known: from `evidence`.
        sources: vectors of the resources, then of the clusters.
        first, last: places of students.
    """
    span = slice(*np.searchsorted(known.student, (first, last)))
    index, units, levels = sources.take(known.source[span])
    students = (known.student[span] - first)[index]
    shares = known.strength[span][index] * levels
    return noisy_or(students, units, shares, shape=(last - first, sources.size)).above(config.least_level)
