"""The ceiling on a synthetic university: whoever knows what drives each student, but not what chance brings.

The generator writes what it draws from beside its files; nothing of it is computed here. The oracle puts candidates in
the order of their true chance, which no order can be expected to beat. Its figures are of the same events as all rows.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, OUTCOMES, STUDENTS
from schema.errors import InputError

FILES = ("students.csv", "recency.csv", "postings.csv")
_MONTHS = np.datetime64("1970-01", "M")


@dataclass(frozen=True, slots=True)
class Truth:
    """What drives behaviour, as the generator wrote it.

    Arguments:
        ways: by student, the clusters with the share of the visits that go there and how often one goes far.
        eager: by student, how often it comes.
        recency: chance of the posting so many places behind the latest of its cluster. [places]
        postings: by posting, its cluster and its month, counted from 1970.
    """

    ways: Mapping[str, tuple[tuple[str, float, float], ...]]
    eager: Mapping[str, float]
    recency: Floats
    postings: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, world: Path) -> "Truth":
        """Return what lies beside the world.json of a synthetic university.

        Raises:
            InputError: it is not there, or is not what the generator writes.
        """
        folder = world.parent / "truth"
        try:
            ways, eager = {}, {}
            for row in _rows(folder / FILES[0]):
                parts = (each.rsplit(":", 2) for each in row["ways"].split())
                ways[row["student"]] = tuple((code, float(share), float(far)) for code, share, far in parts)
                eager[row["student"]] = float(row["eagerness"])
            recency = np.array([float(row["chance"]) for row in _rows(folder / FILES[1])])
            postings = {row["posting"]: (row["cluster"], _month(row["month"])) for row in _rows(folder / FILES[2])}
        except (KeyError, ValueError) as error:
            given = f"{type(error).__name__}: {error}"
            raise InputError(given, "the files of `fullcycle load demo --folder`", where=str(folder)) from error
        return cls(ways, eager, recency, postings)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError as error:
        expected = "what `fullcycle load demo --folder` of this version writes beside world.json"
        raise InputError(f"no {path.name}", expected, where=str(path.parent)) from error


def _month(label: str) -> int:
    return int((np.datetime64(label, "M") - _MONTHS).astype(np.int64))


class Oracle:
    """Puts candidates in the order of their true chance.

    Arguments:
        truth: of the world that is loaded.
    """

    name = "ceiling: the oracle"

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Bring the truth into the order of the graph's codes; nothing is learned.

        Raises:
            InputError: the truth is of another world.
        """
        self.facts = facts
        students = [_own(code) for code in facts.people.codes]
        if not any(code in self.truth.ways for code in students):
            raise InputError("no student of the graph is in the truth", "the world that is loaded", where="--world")
        place = {_own(code): number for number, code in enumerate(facts.clusters)}
        self._share = np.zeros((len(students), len(place)))
        self._far = np.zeros_like(self._share)
        for row, code in enumerate(students):
            for cluster, share, far in self.truth.ways.get(code, ()):
                if cluster in place:
                    self._share[row, place[cluster]] = share
                    self._far[row, place[cluster]] = far
        self._eager = np.array([self.truth.eager.get(code, 0.0) for code in students])
        known = [self.truth.postings.get(_own(code), ("", 0)) for code in facts.jobs.codes]
        self._cluster = np.array([place.get(cluster, -1) for cluster, _ in known], np.int64)
        self._month = np.array([month for _, month in known], np.int64)
        # The generator counts postings in the order of its own codes.
        self._order = np.array(sorted(range(len(known)), key=[_own(code) for code in facts.jobs.codes].__getitem__))
        shelf = np.bincount(np.maximum(facts.resources.cluster, 0), minlength=len(place)).astype(np.float64)
        self._shelf = np.maximum(shelf, 1.0)
        self._recency: dict[int, Floats] = {}

    @cached_property
    def _first_days(self) -> Floats:
        """First day of each month from 1970 on."""
        months = (_MONTHS + np.arange(1_200)).astype("datetime64[D]")
        return np.asarray((months - np.datetime64("1970-01-01", "D")).astype(np.float64))

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return the chance of each candidate, up to a factor that is the same for all."""
        if task == OUTCOMES:
            return self._share[who, items]
        if task == STUDENTS:
            cluster = self._cluster[who]
            chance = self._share[items, cluster] * self._far[items, cluster]
            return np.asarray(chance * (self._eager[items] + 1e-9))
        if task == APPLICATIONS:
            cluster = self._cluster[items]
            goes = self._share[who, cluster] * self._far[who, cluster] * (cluster >= 0)
            return np.asarray(goes * self._latest(day)[items])
        cluster = self.facts.resources.cluster[items]
        return np.asarray(self._share[who, cluster] * self._far[who, cluster] * (cluster >= 0) / self._shelf[cluster])

    def _latest(self, day: float) -> Floats:
        """Return the chance of each posting within its cluster, by how many of those out by then are later."""
        month = int(np.searchsorted(self._first_days, day, side="right")) - 1
        if month not in self._recency:
            out = self._order[(self._month[self._order] <= month) & (self._cluster[self._order] >= 0)]
            ordered = out[np.argsort(self._cluster[out], kind="stable")]
            ends = np.cumsum(np.bincount(self._cluster[out], minlength=len(self.facts.clusters)))
            back = ends[self._cluster[ordered]] - 1 - np.arange(len(ordered))
            chance = np.append(self.truth.recency, 0.0)[np.minimum(back, len(self.truth.recency))]
            # A cluster with fewer postings: its first one takes what would fall behind it.
            many = np.diff(ends, prepend=0)
            first = np.flatnonzero(back == many[self._cluster[ordered]] - 1)
            left = 1.0 - np.append(np.cumsum(self.truth.recency), 1.0)[np.minimum(back[first], len(self.truth.recency))]
            chance[first] += np.maximum(left, 0.0)
            found = np.zeros(len(self._cluster))
            found[ordered] = chance
            self._recency[month] = found
        return self._recency[month]


def _own(code: str) -> str:
    """Return a code as its source has it."""
    return code.rpartition(":")[2]
