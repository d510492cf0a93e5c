"""The three lists of students, from arrays."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cypher.progress import Progress
from gnn.ranking import terms
from gnn.ranking.candidates import postings, resources
from gnn.ranking.grounds import Grounds
from gnn.ranking.lists import Lists, reorder
from gnn.ranking.terms import Candidates, Standing
from gnn.snapshot.gaps import Floats, Places
from schema.ranking import PATHS, match

CHUNK = 500
"""Students of a chunk: its matrices take some hundred megabytes at 3,000 resources."""


class Ranker(Grounds):
    """Makes the lists of students, on grounds that are the same for all of them."""

    def candidates(self, standing: Standing, *, offered: bool = False) -> dict[str, Candidates]:
        """Return all that competes for each list.

        Arguments:
            offered: leave out the resources that nobody can take up; else a gate names them.
        """
        found = {"JOB": postings(self, standing)}
        kinds = self.behaviour.offers.kind
        wanted = self.behaviour.offered(self.world, self.today) if offered else np.ones(len(kinds), bool)
        shelves = [np.flatnonzero(np.isin(kinds, terms.of_path(path)) & wanted) for path in PATHS[1:]]
        every, last = resources(self, standing, np.concatenate(shelves)), 0
        for path, shelf in zip(PATHS[1:], shelves, strict=True):
            first, last = last, last + len(shelf)
            found[path] = every.span(path, first, last)
        return found

    def lists(self, standing: Standing) -> Lists:
        """Return the three lists of the students of a standing."""
        parts = [self.listed(found) for found in self.candidates(standing, offered=True).values()]
        return Lists.join(parts)

    def listed(self, found: Candidates) -> Lists:
        """Return one list of the students of a standing, from all that competes for it."""
        weights = self.rules.weights[found.path]
        row, column, score, repeated = reorder(
            found.base(weights),
            found.group,
            found.shown,
            tie=found.tie,
            gamma=weights.redundancy,
            count=self.rules.listed,
        )
        values = [value[row, column] for value in found.values[:-1]]
        values.append(repeated)
        return Lists(
            student=found.student[row],
            path=np.full(len(row), PATHS.index(found.path)),
            rank=np.arange(len(row)) - np.searchsorted(row, row) + 1,
            item=found.item[row, column],
            goal=found.goal[row, column],
            score=score,
            match=np.clip(match(values, weights), 0.0, 1.0),
            gap=found.gap[row, column],
            contribution=values[5],
            heat=values[4],
            terms=np.stack(values, axis=1) if len(row) else np.empty((0, len(values))),
        )


def rank(
    ranker: Ranker,
    students: NDArray[np.integer],
    abilities_of: Callable[[Places], Floats],
    *,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Lists:
    """Return the three lists of many students, chunk by chunk, so that memory stays bounded.

    Arguments:
        ranker: from which they are computed.
        students: places, in order.
        abilities_of: returns a_u of some students. [students, units]
        chunk: students at once, >= 1.
        progress: shows a step; None shows nothing.
    """
    parts: list[Lists] = []
    with (progress or Progress.silent()).step("Ranking", total=len(students), unit="students") as step:
        for first in range(0, len(students), chunk):
            some = np.asarray(students[first : first + chunk], np.int32)
            parts.append(ranker.lists(ranker.standing(some, abilities_of(some))))
            step.advance(len(some))
    return Lists.join(parts)


def scores_of(ranker: Ranker, students: NDArray[np.integer], abilities: Floats) -> dict[str, tuple[Candidates, Floats]]:
    """Return all candidates of some students for each list, and their scores before anything is listed.

    Arguments:
        ranker: from which they are computed; `Ranker.on` another day where that is meant.
        students: places; not so many that all their candidates do not fit into memory, `CHUNK` do.
        abilities: a_u. [students, units]
    """
    found = ranker.candidates(ranker.standing(students, abilities))
    return {path: (each, each.scores(ranker.rules.weights[path])) for path, each in found.items()}
