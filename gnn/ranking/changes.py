"""After a change of postings: exactly the students whose lists of postings can change, and their lists made anew.

A list changes only where a posting of it changed or went, or where one that came or changed is picked. Whether it is
can be told without picking anew: at some rank it would have to score, with what stands above, as much as what was
picked there. Demands, goals and weights are those of the generation; they change with the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnn.ranking.candidates import postings
from gnn.ranking.lists import Lists
from gnn.ranking.pool import Pool, places_of
from gnn.ranking.ranker import Ranker
from gnn.ranking.terms import Standing
from gnn.rows import entries
from gnn.snapshot.gaps import Floats
from schema.ranking import PATHS, redundancy

JOB = PATHS.index("JOB")
LEAST = 1e-11
"""Differences of scores below it may be rounding; who is that close is made anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of postings means for the pool.

    Arguments:
        gone: places, among the openings before, of what competed and does not any more as it did.
        came: places, among the openings after, of what competes now and did not as it does.
    """

    gone: NDArray[np.int64]
    came: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Lists after a change.

    Arguments:
        lists: of all students, with places among the openings after.
        concerned: places of the students whose lists of postings were made anew.
        avoided: share of the students whose lists were not, 0 to 1.
    """

    lists: Lists
    concerned: NDArray[np.int64]
    avoided: float


def change(before: Ranker, after: Ranker) -> Change:
    """Return what changed between two pools of the same world."""
    old, new = _facts(before.pool), _facts(after.pool)
    gone = [place for code, (place, facts) in old.items() if code not in new or new[code][1] != facts]
    came = [place for code, (place, facts) in new.items() if code not in old or old[code][1] != facts]
    return Change(np.array(sorted(gone), np.int64), np.array(sorted(came), np.int64))


def _facts(pool: Pool) -> dict[str, tuple[int, Any]]:
    """Return place and all that a list depends on, by code."""
    known = pool.openings
    found: dict[str, tuple[int, Any]] = {}
    for place in pool.places.tolist():
        span = slice(known.starts[place], known.starts[place + 1])
        facts = (
            int(known.cluster[place]),
            int(known.released[place]),
            known.education[place : place + 1].tobytes(),
            known.units[span].tobytes(),
            known.levels[span].tobytes(),
        )
        found[known.codes[place]] = (place, facts)
    return found


def concerned(after: Ranker, standings: Iterable[Standing], lists: Lists, *, changed: Change) -> NDArray[np.int64]:
    """Return the places of the students whose lists of postings can change, rising.

    Arguments:
        after: with the postings after the change.
        standings: of all students, as of the last run.
        lists: of that run, with places among the openings before.
        changed: from `change`.
    """
    jobs = lists.where(lists.path == JOB)
    found = [jobs.student[np.isin(jobs.item, changed.gone)]]
    pool = Pool.among(after.behaviour.openings, after.today, demands=after.demands, places=changed.came)
    weights = after.rules.weights["JOB"]
    for standing in standings:
        candidates = postings(after, standing, pool)
        wanted = needed(standing, jobs, candidates.shown, gamma=weights.redundancy, listed=after.rules.listed)
        base = candidates.base(weights)
        if base.shape[1]:
            limit = np.take_along_axis(wanted, candidates.group, axis=1)
            enters = (base > -np.inf) & (base >= limit - LEAST)
            found.append(standing.student[enters.any(axis=1)])
    return np.unique(np.concatenate(found)).astype(np.int64)


def needed(standing: Standing, jobs: Lists, shown: Floats, *, gamma: float, listed: int) -> Floats:
    """Return the score without redundancy from which on a posting is picked at some rank. [students, goals]

    Minus infinity where a list has room.

    Arguments:
        jobs: lists of postings of these students.
        shown: actions of late toward postings of each goal. [students, goals]
        gamma: weight of redundancy.
        listed: items of a list.
    """
    goal = standing.goal
    into, places = entries(jobs.student, standing.student)
    picked = np.full((len(goal), listed), -2, np.int64)
    score = np.full((len(goal), listed), -np.inf)
    picked[into, jobs.rank[places] - 1], score[into, jobs.rank[places] - 1] = jobs.goal[places], jobs.score[places]
    found, above = np.full(goal.shape, np.inf), shown.copy()
    for rank in range(listed):
        np.minimum(found, score[:, rank, None] + gamma * redundancy(above), out=found)
        above += picked[:, rank, None] == goal
    return found


def refreshed(before: Ranker, after: Ranker, standings: Iterable[Standing], lists: Lists) -> Refreshed:
    """Return all lists after a change of postings; equal to a full run on the same generation.

    Arguments:
        before, after: with the postings before and after.
        standings: of all students, as of the last run, in order.
        lists: of that run.
    """
    every = list(standings)
    who = concerned(after, every, lists, changed=change(before, after))
    moved = places_of(before.behaviour.openings.codes, after.behaviour.openings.codes)
    kept = lists.where(~((lists.path == JOB) & np.isin(lists.student, who)))
    jobs = kept.path == JOB
    item = kept.item.copy()
    item[jobs] = moved[item[jobs]]
    fields = {name: getattr(kept, name) for name in Lists.__slots__} | {"item": item}
    parts = [Lists(**fields)]
    for standing in every:
        rows = np.flatnonzero(np.isin(standing.student, who))
        if len(rows):
            parts.append(after.listed(postings(after, standing.for_postings(rows))))
    count = sum(len(standing.student) for standing in every)
    return Refreshed(Lists.join(parts), who, 1.0 - len(who) / max(1, count))
