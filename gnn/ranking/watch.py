"""By what is stored beside the results of a student, tell whether a list of postings can have changed since.

Of each goal two numbers are kept: what a posting of it scores before its own terms, and from which score on it is
picked at some rank. With the digests of the postings that are listed they tell who is concerned by a change, and what
it does not concern need not be computed or read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.ranking.changes import JOB, LEAST, needed
from gnn.ranking.digests import Digests
from gnn.ranking.grounds import Grounds
from gnn.ranking.lists import Lists
from gnn.ranking.pool import Pool
from gnn.ranking.terms import Standing, best_steps, preferences, seen, stage_terms
from gnn.rows import entries
from gnn.snapshot.gaps import Floats
from schema.ranking import score

_HEAD = 2
_GOAL = 4


@dataclass(frozen=True, slots=True)
class Watch:
    """What is kept of some students.

    Arguments:
        digest: of what they rest on, see `digests`. [students]
        goal: places of the clusters of their goals; -1 fills up. [students, goals]
        best: largest share of the gap toward it that one resource closes. [students, goals]
        plain: score of a posting of the goal, but for fit, freshness and redundancy. [students, goals]
        needed: score without redundancy from which on a posting of the goal is picked. [students, goals]
        listed: digests of the postings that are listed; 0 fills up. [students, listed]
    """

    digest: Digests
    goal: NDArray[np.int64]
    best: Floats
    plain: Floats
    needed: Floats
    listed: Digests

    def __len__(self) -> int:
        return len(self.digest)

    @classmethod
    def of(cls, grounds: Grounds, standing: Standing, lists: Lists, *, digest: Digests, postings: Digests) -> "Watch":
        """Return it for the students of a standing.

        Arguments:
            grounds: on which the lists were made.
            lists: of these students.
            digest: of what they rest on.
            postings: digests of the postings of the pool, in its order.
        """
        weights, goal = grounds.rules.weights["JOB"], standing.goal
        jobs = lists.where(lists.path == JOB)
        gap, kind = standing.gaps, np.zeros_like(goal)
        shown = seen(standing, goal, kind)
        heat = np.where(goal >= 0, grounds.behaviour.heat[np.maximum(goal, 0)], 0.0) if goal.size else goal * 0.0
        best = standing.of_goals(best_steps(standing.bridges, len(gap)))
        values = (
            0.0,
            standing.of_goals(gap.own.astype(float)),
            standing.of_goals(gap.likelihood),
            0.0,
            heat,
            best,
            np.broadcast_to(stage_terms(standing.stage)[:, :1], goal.shape),
            preferences(standing, goal, kind),
            0.0,
        )
        wanted = needed(standing, jobs, shown, gamma=weights.redundancy, listed=grounds.rules.listed)
        into, places = entries(jobs.student, standing.student)
        listed = np.zeros((len(goal), grounds.rules.listed), np.uint64)
        at = np.searchsorted(grounds.pool.places, jobs.item[places])
        listed[into, jobs.rank[places] - 1] = postings[at]
        return cls(digest, goal, best, score(values, weights), wanted, listed)

    def pack(self) -> list[bytes]:
        """Return the bytes of each student."""
        goals = self.goal.shape[1]
        row = np.empty((len(self), _HEAD + _GOAL * goals + self.listed.shape[1]), np.uint64)
        row[:, 0], row[:, 1] = self.digest, goals
        middle = np.stack((self.goal.astype(float), self.best, self.plain, self.needed), axis=2).reshape(len(self), -1)
        row[:, _HEAD : _HEAD + _GOAL * goals] = middle.view(np.uint64)
        row[:, _HEAD + _GOAL * goals :] = self.listed
        return [each.tobytes() for each in row]

    @classmethod
    def unpack(cls, packed: Sequence[bytes | None], *, listed: int) -> "Watch":
        """Return what was packed; of what is missing or of another form, a digest of 0.

        Arguments:
            listed: items of a list.
        """
        rows = [np.frombuffer(each or b"", np.uint64, len(each or b"") // 8) for each in packed]
        sizes = [_goals(row, listed) for row in rows]
        most, count = max(sizes, default=0), len(rows)
        digest, goal = np.zeros(count, np.uint64), np.full((count, max(most, 0)), -1, np.int64)
        best, plain, wanted = np.zeros(goal.shape), np.zeros(goal.shape), np.full(goal.shape, np.inf)
        shelf = np.zeros((count, listed), np.uint64)
        for place, (row, size) in enumerate(zip(rows, sizes, strict=True)):
            if size >= 0:
                digest[place] = row[0]
                middle = row[_HEAD : _HEAD + _GOAL * size].view(np.float64).reshape(size, _GOAL)
                goal[place, :size], best[place, :size], plain[place, :size], wanted[place, :size] = middle.T
                shelf[place] = row[_HEAD + _GOAL * size :]
        return cls(digest, goal, best, plain, wanted, shelf)

    def concerned(
        self, grounds: Grounds, students: NDArray[np.int64], abilities: Floats, *, came: Pool, present: Digests
    ) -> NDArray[np.bool_]:
        """Return whose lists of postings can have changed.

        Arguments:
            grounds: as of now.
            students: places, rising; those that this is of.
            abilities: a_u. [students, units]
            came: the postings that compete now and did not as they do.
            present: digests of all that compete.
        """
        found = ((self.listed != 0) & ~np.isin(self.listed, present)).any(axis=1)
        weights = grounds.rules.weights["JOB"]
        degree = grounds.behaviour.profiles.degree[students]
        degree = np.where(np.isnan(degree), np.inf, degree)
        for cluster in np.flatnonzero(np.diff(came.starts)).tolist():
            shelf = came.shelf(cluster)
            who, slot = np.nonzero((self.goal == cluster) & ~found[:, None])
            values = (shelf.fit(abilities[who]), 0.0, 0.0, shelf.fresh, *(0.0,) * 5)
            base = self.plain[who, slot][:, None] + score(values, weights)
            enters = (base >= self.needed[who, slot][:, None] - LEAST) & (shelf.education <= degree[who, None])
            found[who[enters.any(axis=1)]] = True
        return found


def _goals(row: NDArray[np.uint64], listed: int) -> int:
    """Return the number of goals that a row has places for; -1 where it is of another form."""
    if len(row) < _HEAD + listed or len(row) != _HEAD + _GOAL * int(row[1]) + listed:
        return -1
    return int(row[1])


def arrived(pool: Pool, present: Digests, before: Digests) -> Pool:
    """Return the postings of a pool that did not compete before as they do."""
    places = pool.places[~np.isin(present, before)]
    return Pool.among(pool.openings, pool.day, demands=pool.demands, places=places)
