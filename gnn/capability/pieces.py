"""The pieces of evidence that a student shows, family by family: the features x of equation 14.

A piece has a kind, up to four values, and the day since when it is known. What it moves is settled by its source, a
vector over the capability units: of a resource what it supplies, of an internship or a job what the cluster demands, of
a venture what its line of business asks for. So unit k is moved by evidence that maps to unit k, and by no other.

Values are 0 to 1 and rise with the result:

==============  =============================================================================================
course          a mark counts up to the pass mark (60) in proportion; passed; mark above 60, 1 at 100; attendance
certificate     held, which a failed one is not; result
competition     entered; result
practicum, internship, project   done and not failed; result
employment, venture, completion  done
engagement      registered; completed
==============  =============================================================================================

A completed course without a mark counts like ``config.unscored``, a result that is not known like PLAIN. A course that
runs or was withdrawn from is no evidence yet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.config import GapConfig, StateRule
from gnn.snapshot import COURSE_STATUS, ENGAGEMENTS, PRACTICE, WORK, Edges, Floats, Places, Snapshot, term_start
from schema.nodes import RESOURCE_KINDS

PASS_MARK = 60.0
PLAIN = 0.5
"""Result of what has none."""
VALUES = 4

FEATURES = {
    "course": ("course_tried", "course_passed", "course_mark", "course_attendance"),
    "completion": ("completion",),
    "certificate": ("certificate", "certificate_result"),
    "competition": ("competition", "competition_result"),
    "practicum": ("practicum", "practicum_result"),
    "internship": ("internship", "internship_result"),
    "employment": ("employment",),
    "project": ("project", "project_result"),
    "venture": ("venture",),
    "engagement": ("engagement", "engagement_completed"),
}
"""Kinds of evidence, and the weights of their values, by name in `StateRule`."""

KINDS = tuple(FEATURES)
_FOUNDERS = tuple(RESOURCE_KINDS.index(kind) for kind in ("Mentor", "Policy", "Incubator"))
_PROJECT = RESOURCE_KINDS.index("Project")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of evidence, ordered by student, then source.

    Arguments:
        student: place of the student.
        source: place of the vector: a resource, behind these a cluster, behind these a line of business.
        kind: place in KINDS.
        values: 0 to 1. [pieces, VALUES]
        known: ordinal of the day since when it is known; minus infinity where nobody said.
        plain: strength by the plain rule, 0 to 1.
    """

    student: Places
    source: Places
    kind: Places
    values: Floats
    known: Floats
    plain: Floats

    def __len__(self) -> int:
        return len(self.student)

    def take(self, places: NDArray[np.integer]) -> "Pieces":
        """Return some of the pieces."""
        return Pieces(*(getattr(self, name)[places] for name in self.__slots__))


def weights(rule: StateRule) -> Floats:
    """Return the weights of the values of each kind. [KINDS, VALUES]"""
    found = np.zeros((len(KINDS), VALUES))
    for row, names in enumerate(FEATURES.values()):
        found[row, : len(names)] = [getattr(rule, name) for name in names]
    return found


def pieces(snapshot: Snapshot, config: GapConfig) -> Pieces:
    """Return all evidence of a snapshot."""
    beyond, behind = len(snapshot.resources), len(snapshot.resources) + len(snapshot.clusters)
    venture = _few(snapshot.ventures, "venture", np.ones(len(snapshot.ventures)))
    parts = [
        _courses(snapshot.courses, config),
        _practice(snapshot, config),
        _moved(_work(snapshot.work, config), beyond),
        _moved(venture, behind),
        _engagements(snapshot),
    ]
    whole = Pieces(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pieces.__slots__))
    return whole.take(np.lexsort((whole.known, whole.kind, whole.source, whole.student)))


def _moved(part: Pieces, behind: int) -> Pieces:
    return Pieces(part.student, part.source + np.int32(behind), part.kind, part.values, part.known, part.plain)


def _few(edges: Edges, kind: str, *values: Floats, known: Floats | None = None, plain: Floats | None = None) -> Pieces:
    count = len(edges)
    columns = np.zeros((count, VALUES))
    for column, each in enumerate(values):
        columns[:, column] = each
    since = edges.columns[0] if known is None else known
    kinds = np.full(count, KINDS.index(kind), np.int32)
    since = np.where(np.isnan(since), -np.inf, since)
    return Pieces(edges.start, edges.end, kinds, columns, since, np.zeros(count) if plain is None else plain)


def _courses(courses: Edges, config: GapConfig) -> Pieces:
    score, status, attendance, term = courses.columns
    marked = ~np.isnan(score)
    passed = (status == COURSE_STATUS.index("completed")) | (np.isnan(status) & marked)
    failed = (status == COURSE_STATUS.index("failed")) & marked
    mark = np.clip(np.where(marked, score, 100.0 * config.unscored), 0.0, 100.0)
    counted = _where(passed | failed)
    part = _few(
        courses,
        "course",
        np.minimum(mark / PASS_MARK, 1.0),
        passed.astype(float),
        np.where(passed, np.maximum(mark - PASS_MARK, 0.0) / (100.0 - PASS_MARK), 0.0),
        np.clip(np.nan_to_num(attendance), 0.0, 1.0),
        known=term_start(term + 1),
        plain=np.where(passed, np.where(marked, mark / 100.0, config.unscored), 0.0),
    )
    return part.take(counted)


def _practice(snapshot: Snapshot, config: GapConfig) -> Pieces:
    edges = snapshot.practice
    type_, result, term = edges.columns
    project = snapshot.kinds[edges.end] == _PROJECT
    kinds = np.array([KINDS.index(kind) for kind in ("certificate", "competition", "practicum")], np.int32)
    kind = np.where(
        (type_ == PRACTICE.index("WORKED_ON")) & project, KINDS.index("project"), kinds[type_.astype(np.int32)]
    ).astype(np.int32)
    entered = type_ == PRACTICE.index("ENTERED")
    # An entry counts however it ended: there is no failing in a competition.
    done = entered | ~(result == 0.0)
    plain = np.array([config.earned, config.entered, config.worked_on])[type_.astype(np.int32)]
    part = _few(
        edges,
        "practicum",
        done.astype(float),
        np.nan_to_num(result, nan=PLAIN),
        known=term_start(term + 1),
        plain=plain,
    )
    return Pieces(part.student, part.source, kind, part.values, part.known, part.plain)


def _work(work: Edges, config: GapConfig) -> Pieces:
    type_, result, term, day = work.columns
    intern = type_ == WORK.index("INTERNED_AT")
    # What came of an internship is known when its term is over; that someone works, from the first day.
    ended = term_start(term + 1)
    part = _few(
        work,
        "employment",
        (~intern | ~(result == 0.0)).astype(float),
        np.where(intern, np.nan_to_num(result, nan=PLAIN), 0.0),
        known=np.where(intern & ~np.isnan(ended), ended, day),
        plain=np.where(intern, config.interned, config.employed),
    )
    kind = np.where(intern, KINDS.index("internship"), KINDS.index("employment")).astype(np.int32)
    return Pieces(part.student, part.source, kind, part.values, part.known, part.plain)


def _engagements(snapshot: Snapshot) -> Pieces:
    edges = snapshot.engagements
    kind, day = edges.columns
    completed = kind == ENGAGEMENTS.index("complete")
    founders = np.isin(snapshot.kinds[edges.end], _FOUNDERS)
    part = _few(edges, "completion", np.ones(len(edges)), np.where(founders & completed, 1.0, 0.0), known=day)
    kinds = np.where(founders, KINDS.index("engagement"), KINDS.index("completion")).astype(np.int32)
    found = Pieces(part.student, part.source, kinds, part.values, part.known, part.plain)
    return found.take(_where(founders | completed))


def _where(kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.flatnonzero(kept)
