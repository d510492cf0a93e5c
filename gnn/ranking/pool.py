"""What competes for the students: the latest open postings of each job cluster on a day, as padded arrays."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gnn.ranking.leaning import USED_ACTIONS
from gnn.snapshot.behaviour import ACTIONS, Actions, Behaviour, Openings
from gnn.snapshot.gaps import COURSE_STATUS, Edges, Floats, Places, Snapshot
from gnn.snapshot.terms import term_start
from schema.ranking import freshness

_COMPLETE = ACTIONS.index("complete")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The postings of one cluster that compete on a day, the latest first, then by code.

    Arguments:
        item: places in the openings. [postings]
        units, levels: what each demands, padded with level 0. [postings, most units]
        whole: sum of the levels. [postings]
        fresh: freshness on the day. [postings]
        education: least education; minus infinity where none is asked for. [postings]
    """

    item: NDArray[np.int64]
    units: Places
    levels: Floats
    whole: Floats
    fresh: Floats
    education: Floats

    def __len__(self) -> int:
        return len(self.item)

    def fit(self, abilities: Floats) -> Floats:
        """Return sum_k min(a_uk, b_xk) / sum_k b_xk: how much of its demands is held. [students, postings]

        Arguments:
            abilities: a_u, 0 to 1. [students, units]
        """
        found = np.zeros((len(abilities), len(self)))
        for column in range(self.units.shape[1]):
            held: Floats = abilities[:, self.units[:, column]]
            found += np.minimum(held, self.levels[:, column], out=held)
        np.divide(found, self.whole, out=found, where=self.whole > 0.0)
        return np.minimum(found, 1.0, out=found)


@dataclass(frozen=True, slots=True)
class Pool:
    """The postings that compete on a day, by cluster.

    Arguments:
        openings: all postings that were read.
        day: the day.
        demands: b_j, which stands for a posting of which nothing is known. [clusters, units]
        starts: where each cluster begins in ``places``, and where the last one ends.
        places: of the postings that compete, by cluster.
    """

    openings: Openings
    day: date
    demands: Floats
    starts: NDArray[np.int64]
    places: NDArray[np.int64]
    shelves: dict[int, Shelf] = field(default_factory=dict)

    @classmethod
    def of(cls, openings: Openings, day: date, *, demands: Floats, size: int) -> "Pool":
        """Return the pool of a day.

        Arguments:
            size: postings of a cluster that compete, >= 1.
        """
        return cls.among(openings, day, demands=demands, places=openings.latest(day, size))

    @classmethod
    def among(cls, openings: Openings, day: date, *, demands: Floats, places: NDArray[np.int64]) -> "Pool":
        """Return a pool of some postings.

        Arguments:
            places: of the postings, rising.
        """
        starts = np.searchsorted(openings.cluster[places], np.arange(len(demands) + 1))
        return cls(openings, day, demands, starts, places)

    def shelf(self, cluster: int) -> Shelf:
        """Return the postings of a cluster; they are prepared once."""
        if cluster not in self.shelves:
            self.shelves[cluster] = self._shelf(cluster)
        return self.shelves[cluster]

    def _shelf(self, cluster: int) -> Shelf:
        known = self.openings
        item = self.places[self.starts[cluster] : self.starts[cluster + 1]]
        lengths = known.starts[item + 1] - known.starts[item]
        asked = np.flatnonzero(self.demands[cluster])
        width = max(int(lengths.max(initial=0)), len(asked) if (lengths == 0).any() else 0)
        column = np.arange(width)
        there = column < lengths[:, None]
        places = np.where(there, known.starts[item][:, None] + column, 0)
        units = np.where(there, known.units[places], 0) if len(known.units) else np.zeros(there.shape, np.int32)
        levels = np.where(there, known.levels[places], 0.0) if len(known.units) else np.zeros(there.shape)
        silent = np.flatnonzero(lengths == 0)
        if len(silent):
            units[silent, : len(asked)], levels[silent, : len(asked)] = asked, self.demands[cluster, asked]
        return Shelf(
            item,
            units.astype(np.int32),
            levels,
            levels.sum(axis=1),
            freshness((self.day.toordinal() - known.released[item]).astype(float)),
            np.where(np.isnan(known.education[item]), -np.inf, known.education[item]),
        )


def places_of(codes: tuple[str, ...], among: tuple[str, ...]) -> Places:
    """Return the place of each code among others; -1 where it is none of them."""
    place = {code: number for number, code in enumerate(among)}
    return np.array([place.get(code, -1) for code in codes], np.int32)


def used(actions: Actions, places: Places) -> Edges:
    """Return which items each student has used or dismissed.

    Arguments:
        places: of `Actions.items`; -1 for those that do not matter.
    """
    kept = np.isin(actions.kind, USED_ACTIONS) & (places[actions.item] >= 0) if len(actions) else np.zeros(0, bool)
    return Edges.of(actions.student[kept].tolist(), places[actions.item[kept]].tolist())


def done_before(world: Snapshot, behaviour: Behaviour, day: date) -> Edges:
    """Return which resources each student had done, or was doing, on a day; a failed course may be done again."""
    _, status, _, term = world.courses.columns
    gone = np.isin(status, (COURSE_STATUS.index("failed"), COURSE_STATUS.index("withdrawn")))
    courses = ~gone & (term_start(term) <= day.toordinal())
    practice = term_start(world.practice.columns[-1]) <= day.toordinal()
    actions = behaviour.actions.where(behaviour.actions.day <= day.toordinal())
    finished = actions.where((actions.kind == _COMPLETE) & (actions.item_kind > 0))
    resource = places_of(finished.items, world.resources)[finished.item] if len(finished) else np.empty(0, np.int32)
    kept = resource >= 0
    return Edges.of(
        np.concatenate((world.courses.start[courses], world.practice.start[practice], finished.student[kept])).tolist(),
        np.concatenate((world.courses.end[courses], world.practice.end[practice], resource[kept])).tolist(),
    )
