"""What students did term by term, and which clusters their training leads to: input of the growth channel."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gnn.material.profile import FIRST, Profile
from gnn.snapshot import COURSE_STATUS, PRACTICE, History

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

ACTS = ("completed", "failed", "withdrawn", "credits", "score", "attendance", *PRACTICE, "interned")
LEAST = 0.1
"""Training that leads to a cluster by less than this is no training for it."""

MOST_TURN = 1.5
"""Larger changes of a log share from one term to the next are cut off: they come from very few courses."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Sequences of students by term.

    Arguments:
        acts: counts, means and shares by term, in the order of ACTS, unknown ones 0, [students, terms, acts].
        portrait: admission score and degree, standardised, and whether each is known, [students, 4].
        known: last term whose records are known at the end of each month, -1 for none, [months].
        student, term, cluster: of each piece of training that leads to a cluster, ordered by term, cluster, student.
        weight: how much of the cluster's core it trains, above 0, [pieces].
        share: log share of each cluster in all training of a term, and its change against the term before, both by what
            clusters asked for when the term became known, [terms, clusters, 2].
    """

    acts: Floats
    portrait: Floats
    known: Places
    student: Places
    term: Places
    cluster: Places
    weight: Floats
    share: Floats

    @property
    def terms(self) -> int:
        """Number of terms."""
        return int(self.acts.shape[1])


def growth_of(history: History, profile: Profile, *, until: int, first: int = 0) -> Growth | None:
    """Return the sequences of a history, or None where there are no course records.

    Arguments:
        history: what students did.
        profile: what clusters asked for.
        until: month from which on students are left out of the statistics that numbers are standardised with.
        first: term from which on it matters what training leads to which cluster; shares of earlier ones are 0.
    """
    if not len(history.courses) or not history.terms:
        return None
    known = known_terms(history)
    pieces = []
    shares = [np.zeros((len(history.clusters), 2))] * min(first, len(history.terms) - 1)
    for term in range(len(shares), len(history.terms)):
        # What clusters ask for is taken from the month in which the term's records become known.
        there = known >= term
        leads = _leads(history, profile, month=int(np.argmax(there)) if there.any() else history.months - 1)
        now, before = (_log_share(history, leads, term=each) for each in (term, term - 1))
        turn = np.clip(now - before, -MOST_TURN, MOST_TURN) if term else np.zeros(len(now))
        shares.append(np.stack([now, turn], axis=1))
        pieces.append(_pieces(history, leads, term=term))
    student, terms, cluster, weight = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return Growth(
        acts=_acts(history),
        portrait=_portrait(history, until),
        known=known,
        student=student,
        term=terms,
        cluster=cluster,
        weight=weight.astype(np.float32),
        share=np.stack(shares).astype(np.float32),
    )


def known_terms(history: History) -> Places:
    """Return the last term whose records are known at the end of each month: the next one has begun by then.

    Term 2023-1 begins in September 2023 and 2023-2 in March 2024; so 2023-1 is known from March 2024 on.
    """
    numbers = np.array([_number(term) for term in history.terms])
    first = history.start.year * 12 + history.start.month - 1
    months = first + np.arange(history.months)
    over = (months - 8) // 6 - 1  # the term before the one that runs
    return np.asarray(np.searchsorted(numbers, over, side="right") - 1)


def _number(term: str) -> int:
    year, _, half = term.partition("-")
    return 2 * int(year) + int(half) - 1


def _leads(history: History, profile: Profile, *, month: int) -> NDArray[np.float64]:
    """How much of the core of each cluster a resource trains, [resources, clusters]."""
    teaching = sparse.csr_array(
        (np.ones(len(history.teaching)), (history.teaching.start, history.teaching.end)),
        shape=(len(history.resources), len(history.skills)),
    )
    leads = (teaching @ profile.core(max(month, FIRST)).T).toarray()
    leads[leads < LEAST] = 0.0
    return np.asarray(leads)


def _done(history: History, term: int) -> Places:
    courses = history.courses
    return np.flatnonzero((courses.status == COURSE_STATUS.index("completed")) & (courses.term == term))


def _log_share(history: History, leads: NDArray[np.float64], *, term: int) -> NDArray[np.float64]:
    """Log share of each cluster in the training of a term. One is added, so that nothing is not minus infinity."""
    taken = np.bincount(history.courses.resource[_done(history, term)], minlength=len(leads))
    mass = taken @ leads + 1.0
    return np.asarray(np.log(mass / mass.sum()))


def _pieces(
    history: History, leads: NDArray[np.float64], *, term: int
) -> tuple[Places, Places, Places, NDArray[np.float64]]:
    """Completed courses spread over the clusters whose core they train: student, term, cluster, weight."""
    here = _done(history, term)
    piece, cluster = np.nonzero(leads[history.courses.resource[here]])
    weight = leads[history.courses.resource[here][piece], cluster]
    count = np.int64(len(history.students))
    unique, place = np.unique(history.courses.student[here][piece] + cluster * count, return_inverse=True)
    summed = np.bincount(place, weights=weight, minlength=len(unique))
    terms = np.full(len(unique), term, dtype=np.int64)
    return unique % count, terms, unique // count, summed.astype(np.float64)


def _acts(history: History) -> Floats:
    courses, practice, internships = history.courses, history.practice, history.internships
    shape = (len(history.students), len(history.terms))

    def summed(
        student: NDArray[np.integer], term: NDArray[np.integer], values: NDArray[np.float64] | None = None
    ) -> NDArray[Any]:
        places = np.ravel_multi_index((student, term), shape)
        return np.bincount(places, values, minlength=shape[0] * shape[1]).reshape(shape)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        there = ~np.isnan(values)
        student, term = courses.student[there], courses.term[there]
        return summed(student, term, values[there]) / np.maximum(summed(student, term), 1.0)

    found = {
        "credits": summed(courses.student, courses.term, np.nan_to_num(courses.credits) / 10.0),
        "score": mean(courses.score / 100.0),
        "attendance": mean(courses.attendance),
        "interned": summed(internships.student, internships.term),
    }
    for status in ("completed", "failed", "withdrawn"):
        here = courses.status == COURSE_STATUS.index(status)
        found[status] = summed(courses.student[here], courses.term[here])
    for place, kind in enumerate(PRACTICE):
        here = practice.kind == place
        found[kind] = summed(practice.student[here], practice.term[here])
    return np.stack([found[name] for name in ACTS], axis=2, dtype=np.float32)


def _portrait(history: History, until: int) -> Floats:
    early = np.nan_to_num(history.students.admitted, nan=-1.0) < until
    columns = []
    for values in (history.students.score, history.students.degree):
        there = ~np.isnan(values)
        told = there & early
        mean, spread = (values[told].mean(), values[told].std()) if told.any() else (0.0, 1.0)
        columns += [np.where(there, (np.nan_to_num(values) - mean) / max(spread, 1e-6), 0.0), there.astype(float)]
    return np.stack(columns, axis=1).astype(np.float32)
