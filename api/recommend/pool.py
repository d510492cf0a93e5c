"""The snapshot that lists are computed over: what one generation says of clusters, resources and postings, as arrays.

Codes stand in order; everything else names them by place.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.recommend.settings import Days, Rules
from schema.nodes import RESOURCE_KINDS
from schema.ranking import PATH_OF, PATHS, PLAIN_HEAT

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Rows = Sequence[Any]

NEVER = date.max.toordinal()
DAY = date.toordinal


def directions(matrix: Floats) -> Floats:
    """Return the rows scaled to length 1; rows of zeros stay. Products of such rows are cosine similarities."""
    # Scaling by the largest level first keeps tiny levels from underflowing when squared.
    top = matrix.max(axis=-1, keepdims=True, initial=0.0)
    scaled = np.divide(matrix, top, out=np.zeros_like(matrix), where=top > 0)
    length = np.linalg.norm(scaled, axis=-1, keepdims=True)
    unit: Floats = np.divide(scaled, length, out=scaled, where=length > 0)
    return unit


@dataclass(frozen=True, slots=True)
class Names:
    """Things with a code, in order of code.

    Arguments:
        codes, english, chinese: of each; where there is no Chinese name, the English one stands in.
        places: place by code.
    """

    codes: tuple[str, ...]
    english: tuple[str, ...]
    chinese: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, rows: Rows) -> "Names":
        """Return the names of rows that begin with code, name, and Chinese name or None; in order of code."""
        codes = tuple(row[0] for row in rows)
        return cls(codes, tuple(row[1] for row in rows), tuple(row[2] or row[1] for row in rows), _places(codes))

    def __len__(self) -> int:
        return len(self.codes)


def _places(codes: Sequence[str]) -> dict[str, int]:
    return {code: place for place, code in enumerate(codes)}


@dataclass(frozen=True, slots=True)
class Clusters:
    """Job clusters that can be a goal.

    Arguments:
        names: of the clusters.
        postings: number of each. [clusters]
        demands: b_j, 0 to 1. [clusters, units]
        directions: the same, each row of length 1.
        heat: h, 0 to 1. [clusters]
        classes, changes: demand class of each, and delta, the change of its demand as a rate; None where nothing is
            foretold.
    """

    names: Names
    postings: Floats
    demands: Floats
    directions: Floats
    heat: Floats
    classes: tuple[str | None, ...]
    changes: tuple[float | None, ...]

    @classmethod
    def of(cls, rows: Rows, units: Names) -> "Clusters":
        """Return the clusters of the rows of ``serve/pool-clusters``."""
        demands = levels([row[4] for row in rows], units)
        heat = [PLAIN_HEAT if row[5] is None else row[5] for row in rows]
        return cls(
            Names.of(rows),
            np.array([row[3] for row in rows], np.float64),
            demands,
            directions(demands),
            np.array(heat, np.float64),
            tuple(row[6] for row in rows),
            tuple(row[7] for row in rows),
        )


def levels(vectors: Sequence[Sequence[tuple[str, float]]], units: Names) -> Floats:
    """Return sparse vectors as rows. [vectors, units]"""
    matrix = np.zeros((len(vectors), len(units)))
    known = units.places
    for place, vector in enumerate(vectors):
        for unit, level in vector:
            if unit in known:
                matrix[place, known[unit]] = level
    return matrix


@dataclass(frozen=True, slots=True)
class Shelf:
    """Resources on offer, in order of code.

    Arguments:
        codes, titles, hours, terms: of each; hours and term may be None.
        kind: place of the kind of each in `RESOURCE_KINDS`. [resources]
        supply: c_r, 0 to 1. [resources, units]
        columns: the same, unit by unit. [units, resources]
        directions: the same, each row of length 1. [resources, units]
        prepares: whether the resource prepares for the cluster. [clusters, resources]
        after: codes of what comes first, by place, for those that have any.
        places: place by code.
    """

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    hours: tuple[float | None, ...]
    terms: tuple[str | None, ...]
    kind: Places
    supply: Floats
    columns: Floats
    directions: Floats
    prepares: Flags
    after: Mapping[int, tuple[str, ...]]
    places: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(cls, rows: Rows, units: Names, clusters: Names) -> "Shelf":
        """Return the resources of rows of ``serve/pool-resources``."""
        supply = levels([row[7] for row in rows], units)
        prepares = np.zeros((len(clusters), len(rows)), bool)
        for place, row in enumerate(rows):
            for cluster in row[5]:
                if cluster in clusters.places:
                    prepares[clusters.places[cluster], place] = True
        codes = tuple(row[0] for row in rows)
        return cls(
            codes,
            tuple(row[1] for row in rows),
            tuple(row[3] for row in rows),
            tuple(row[4] for row in rows),
            np.array([RESOURCE_KINDS.index(row[2]) for row in rows], np.intp),
            supply,
            np.ascontiguousarray(supply.T),
            directions(supply),
            prepares,
            {place: tuple(row[6]) for place, row in enumerate(rows) if row[6]},
            _places(codes),
        )

    def part(self, places: Sequence[int]) -> "Shelf":
        """Return some of the resources, in the same order."""
        kept = np.array(places, np.intp)
        codes = tuple(self.codes[place] for place in places)
        return Shelf(
            codes,
            tuple(self.titles[place] for place in places),
            tuple(self.hours[place] for place in places),
            tuple(self.terms[place] for place in places),
            self.kind[kept],
            self.supply[kept],
            np.ascontiguousarray(self.supply[kept].T),
            self.directions[kept],
            np.ascontiguousarray(self.prepares[:, kept]),
            {new: self.after[place] for new, place in enumerate(places) if place in self.after},
            _places(codes),
        )

    def among(self, codes: Collection[str]) -> Flags:
        """Return which resources have one of some codes. [resources]"""
        flags = np.zeros(len(self), bool)
        flags[[self.places[code] for code in codes if code in self.places]] = True
        return flags

    def closes(self, lacking: Floats) -> Floats:
        """Return what each resource closes of some shortfalls, summed. [resources]"""
        units = np.flatnonzero(lacking)
        closed: Floats = np.minimum(self.columns[units], lacking[units, None]).sum(axis=0)
        return closed


@dataclass(frozen=True, slots=True)
class Postings:
    """Open postings, by cluster, in each the latest first, then by code.

    Arguments:
        codes: of the postings.
        cluster: place of the cluster. [postings]
        released, closes: day of release, and last day to apply or `NEVER`, as ordinals.
        education: least ISCED level; 0 where none is asked for.
        regions: codes of the regions of each.
        demands: b_x; that of the cluster where the posting maps to nothing. [postings, units]
        whole: sum of the demands.
        arrived: whether it was written after the generation was made.
        order: place among all, the latest first, then by code: it settles ties.
        starts: where each cluster begins, and the end. [clusters + 1]
    """

    codes: tuple[str, ...]
    cluster: Places
    released: Places
    closes: Places
    education: Places
    regions: tuple[tuple[str, ...], ...]
    demands: Floats
    whole: Floats
    arrived: Flags
    order: Places
    starts: Places

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(cls, rows: Mapping[str, Rows], later: Mapping[str, Rows], units: Names, clusters: Clusters) -> "Postings":
        """Return the postings of rows of ``serve/pool-postings`` and, written later, ``serve/pool-arrivals``.

        Arguments:
            rows, later: by code of the cluster.
            units: capability units.
            clusters: job clusters; postings of others are left out.
        """
        places = clusters.names.places
        found: list[tuple[int, int, str, Any, bool]] = []
        for part, arrived in ((rows, False), (later, True)):
            for code, postings in part.items():
                if code in places:
                    found += [(places[code], -_ordinal(row[1]), row[0], row, arrived) for row in postings]
        found.sort(key=lambda each: each[:3])
        # A posting of several clusters counts in the first.
        once: dict[str, tuple[int, int, str, Any, bool]] = {}
        for each in found:
            once.setdefault(each[2], each)
        found = list(once.values())
        cluster = np.array([each[0] for each in found], np.intp)
        released = np.array([-each[1] for each in found], np.intp)
        demands = levels([each[3][5] for each in found], units)
        bare = demands.max(axis=1, initial=0.0) <= 0.0
        demands[bare] = clusters.demands[cluster[bare]]
        order = np.empty(len(found), np.intp)
        order[sorted(range(len(found)), key=lambda place: found[place][1:3])] = np.arange(len(found))
        return cls(
            tuple(each[2] for each in found),
            cluster,
            released,
            np.array([NEVER if each[3][2] is None else _ordinal(each[3][2]) for each in found], np.intp),
            np.array([each[3][3] or 0 for each in found], np.intp),
            tuple(tuple(each[3][4]) for each in found),
            demands,
            demands.sum(axis=1),
            np.array([each[4] for each in found], bool),
            order,
            np.searchsorted(cluster, np.arange(len(clusters.names) + 1)),
        )


def _ordinal(day: Any) -> int:
    return DAY(day) if isinstance(day, date) else int(day.to_ordinal())


@dataclass(frozen=True, slots=True)
class Pool:
    """All that lists are made from, beside what is the student's own.

    Arguments:
        generation, forecast: codes of the generations that it shows; forecast is None before the first.
        rules, days: of the generation.
        units: capability units.
        clusters, postings: of the jobs.
        offers: all resources on offer.
        shelves: those of each path.
        majors: share of the students of a major who go to each cluster. [clusters]
        regions: codes and names of a region and of all that it lies in, by code.
        rows: as read, to add arrivals to.
    """

    generation: str
    forecast: str | None
    rules: Rules
    days: Days
    units: Names
    clusters: Clusters
    postings: Postings
    offers: Shelf
    shelves: Mapping[str, Shelf]
    majors: Mapping[str, Floats]
    regions: Mapping[str, frozenset[str]]
    rows: Mapping[str, Rows]

    def with_arrivals(self, later: Mapping[str, Rows]) -> "Pool":
        """Return the pool with other postings that were written after the generation."""
        return replace(self, postings=Postings.of(self.rows, later, self.units, self.clusters))


def shelves(offers: Shelf) -> dict[str, Shelf]:
    """Return the resources of each path."""
    paths = [PATH_OF.get(RESOURCE_KINDS[kind]) for kind in offers.kind.tolist()]
    return {path: offers.part([place for place, each in enumerate(paths) if each == path]) for path in PATHS}


def majors(rows: Rows, clusters: Names) -> dict[str, Floats]:
    """Return the shares of rows of ``serve/pool-majors``, of majors that have any."""
    shares: dict[str, Floats] = {}
    for major, pairs in rows:
        if pairs:
            shares[major] = np.zeros(len(clusters))
            for cluster, share in pairs:
                if cluster in clusters.places:
                    shares[major][clusters.places[cluster]] = share
    return shares
