"""How much of what a cluster demands its students lack, month by month: truth of the second task (equations 4, 15)."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gnn.material.growth import Growth
from gnn.material.profile import FIRST, Profile
from gnn.snapshot import COURSE_STATUS, History

Floats = NDArray[np.float64]

UNSCORED = 0.6
"""Share learned in a completed course without a score; the same as in the gap job."""

MOST = 0.99
"""A single course never teaches all of a capability unit."""


def shortfall_of(history: History, profile: Profile, growth: Growth) -> Floats:
    """Return the mean gap of the students whose training leads to a cluster, as a share of what it demands.

    The gap of a student is the sum of relu(b - a) over the capability units (equation 15), divided by the sum of b. The
    levels a add up over the student's completed courses by noisy-or; b is the share of postings times the mapping.
    Students of the term that was known last are looked at, weighed by how much of their training leads to the cluster.

    Returns:
        [clusters, months], 0 to 1, NaN where no student is on the way.
    """
    mapping = sparse.csr_array(
        (history.mappings.columns[0], (history.mappings.start, history.mappings.end)),
        shape=(len(history.skills), len(history.capabilities)),
    )
    teaching = sparse.csr_array(
        (np.nan_to_num(history.teaching.columns[0], nan=0.5), (history.teaching.start, history.teaching.end)),
        shape=(len(history.resources), len(history.skills)),
    )
    supply = np.minimum((teaching @ mapping).toarray(), MOST)  # [resources, units]
    by_term = np.full((growth.terms, len(history.clusters)), np.nan)
    missing = np.zeros((len(history.students), len(history.capabilities)))  # log of what is still to be learned
    for term in range(growth.terms):
        _learn(missing, history, supply, term=term)
        there = growth.known >= term
        month = int(np.argmax(there)) if there.any() else history.months - 1
        demand = np.minimum((profile.at(max(month, FIRST)) @ mapping).toarray(), 1.0)
        by_term[term] = _mean_gap(1.0 - np.exp(missing), demand, growth, term=term)
    known = growth.known
    return np.where(known[None] >= 0, by_term[np.maximum(known, 0)].T, np.nan)


def _learn(missing: Floats, history: History, supply: Floats, *, term: int) -> None:
    courses = history.courses
    here = np.flatnonzero((courses.term == term) & (courses.status == COURSE_STATUS.index("completed")))
    score = np.nan_to_num(courses.score[here] / 100.0, nan=UNSCORED)
    for first in range(0, len(here), 20_000):
        span = slice(first, first + 20_000)
        taught = supply[courses.resource[here][span]] * score[span, None]
        np.add.at(missing, courses.student[here][span], np.log1p(-taught))


def _mean_gap(ability: Floats, demand: Floats, growth: Growth, *, term: int) -> Floats:
    span = slice(*np.searchsorted(growth.term, (term, term + 1)))
    total = np.zeros(len(demand))
    weight = np.bincount(growth.cluster[span], weights=growth.weight[span], minlength=len(demand))
    full = demand.sum(axis=1)
    for first in range(span.start, span.stop, 20_000):
        part = slice(first, min(first + 20_000, span.stop))
        cluster = growth.cluster[part]
        gap = np.maximum(demand[cluster] - ability[growth.student[part]], 0.0).sum(axis=1)
        np.add.at(total, cluster, growth.weight[part] * gap / np.maximum(full[cluster], 1e-9))
    return np.where((weight > 0) & (full > 0), total / np.maximum(weight, 1e-9), np.nan)
