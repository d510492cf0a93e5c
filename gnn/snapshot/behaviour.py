"""What a ranker reads beyond the snapshot: who students are, what they did, what competes for them, as of an instant.

Days are ordinals. Kinds of items are numbered as in `KINDS`, kinds of actions as in `ACTIONS`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.snapshot.gaps import Edges, Floats, Places, Snapshot
from gnn.snapshot.terms import term_number, term_start
from schema.feedback import REWARDS
from schema.nodes import RESOURCE_KINDS
from schema.ranking import PLAIN_HEAT

KINDS = ("Job", *RESOURCE_KINDS)
"""Kinds of items; a posting is 0."""
ACTIONS = tuple(REWARDS)
"""Kinds of actions."""
EPOCH = date(1970, 1, 1).toordinal()
NEVER = 10_000_000
"""Ordinal of a day that does not come."""
_DAY = 86_400_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Profiles:
    """Students, in the order of the snapshot.

    Arguments:
        gender, region: as recorded; empty where it is not known.
        difficulty: whether marked as in need of help with employment.
        year, degree: year of study, and degree aimed at (ISCED 2011 level); NaN where it is not known.
        admitted, graduates: days; NaN where they are not known.
        founded: student and day of each foundation; 0 where the day is not known. [foundations, 2]
        interned: student and day of each internship: its first day, else that after its term; 0 where neither is known.
            [internships, 2]
    """

    gender: tuple[str, ...]
    region: tuple[str, ...]
    difficulty: NDArray[np.bool_]
    year: Floats
    degree: Floats
    admitted: Floats
    graduates: Floats
    founded: NDArray[np.int64]
    interned: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Actions:
    """What students did with items, in the order of student, time and key; a key of a student counts once.

    Arguments:
        student: place of the student.
        item: place of the item in `items`.
        kind: place of the kind of action in `ACTIONS`.
        item_kind: place of the kind of the item in `KINDS`.
        cluster: place of the job cluster of the item, of several the first by code; -1 for none.
        at: milliseconds since 1970.
        items: codes of postings and resources, in order.
    """

    student: Places
    item: Places
    kind: Places
    item_kind: Places
    cluster: Places
    at: NDArray[np.int64]
    items: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.student)

    @property
    def day(self) -> NDArray[np.int64]:
        """Days of the actions."""
        return self.at // _DAY + EPOCH

    def where(self, kept: NDArray[np.bool_]) -> "Actions":
        """Return the actions that a mask keeps."""
        names = ("student", "item", "kind", "item_kind", "cluster", "at")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


@dataclass(frozen=True, slots=True)
class Openings:
    """Postings, in the order of cluster, release (the latest first) and code; each in one cluster, the first by code.

    Arguments:
        codes: unified codes.
        cluster: place of the job cluster.
        released: day of release.
        closes: last day to apply; NEVER where there is none.
        closed: day on which it was closed; NEVER where it was not.
        education: least education, ISCED 2011 level; NaN where none is asked for.
        starts: where the demands of each begin in the next two, and where the last one's end.
        units, levels: capability units that it demands, and the levels, 0 to 1.
    """

    codes: tuple[str, ...]
    cluster: Places
    released: NDArray[np.int64]
    closes: NDArray[np.int64]
    closed: NDArray[np.int64]
    education: Floats
    starts: NDArray[np.int64]
    units: Places
    levels: Floats

    def __len__(self) -> int:
        return len(self.codes)

    def latest(self, day: date, pool: int) -> NDArray[np.int64]:
        """Return the places of the ``pool`` latest postings of each cluster that are out and open on a day."""
        today = day.toordinal()
        open_ = np.flatnonzero((self.released <= today) & (self.closes >= today) & (self.closed > today))
        clusters = self.cluster[open_]
        rank = np.arange(len(open_)) - np.searchsorted(clusters, clusters)
        return open_[rank < pool]


@dataclass(frozen=True, slots=True)
class Offers:
    """Resources, in the order of the snapshot.

    Arguments:
        kind: place of the kind in `KINDS`; -1 for none.
        cluster: place of the first job cluster by code that it prepares for; -1 for none.
        hours: effort; NaN where it is not known.
        ends: last day; NEVER where there is none.
        first: resource to the resource that comes first.
    """

    kind: Places
    cluster: Places
    hours: Floats
    ends: NDArray[np.int64]
    first: Edges


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a ranker reads beyond the snapshot; places are those of the snapshot.

    Arguments:
        day: the reference day: what is open, how fresh it is, how far studies have come.
        profiles: who students are.
        actions: what they did until the instant of the snapshot, which may be later than the reference day.
        openings: postings that compete on the reference day, and on other days if they were asked for.
        offers: what one has to know of resources.
        heat: demand for each job cluster, 0 to 1. [clusters]
    """

    day: date
    profiles: Profiles
    actions: Actions
    openings: Openings
    offers: Offers
    heat: Floats

    def before(self, day: date) -> "Behaviour":
        """Return the same as it was known at the end of an earlier day."""
        return replace(self, day=day, actions=self.actions.where(self.actions.day <= day.toordinal()))

    def offered(self, world: Snapshot, day: date) -> NDArray[np.bool_]:
        """Return which resources can be taken up on a day."""
        still = self.offers.ends >= day.toordinal()
        if day < self.day:
            return still
        return world.offered if day == self.day else world.offered & still


def reference_day(world: Snapshot) -> date:
    """Return the day from which ages and stages are counted: the last day of data, of which its generation tells."""
    return min(world.data_through, world.as_of.date())


def read_behaviour(
    graph: Graph,
    world: Snapshot,
    *,
    day: date | None = None,
    since: date | None = None,
    until: date | None = None,
    pool: int = 100,
    optional: float = 0.5,
    progress: Progress,
) -> Behaviour:
    """Read what a ranker needs.

    Arguments:
        graph: an open graph.
        world: the snapshot; its instant says which behaviour counts.
        day: the reference day; None takes `reference_day`.
        since: an earlier day; the latest postings of it, and all released from then on, are read too.
        until: a later day; postings released until then are read too, and compete from their release on.
        pool: postings of a job cluster that compete on one day, >= 1.
        optional: weight of a skill that is a plus, not a must, 0 to 1.
        progress: shows a step.

    Raises:
        UnreachableError: no server answers.
    """
    day = day or reference_day(world)
    since, until = min(since or day, day), max(until or day, day)
    with progress.step("Reading behaviour", total=5) as step:
        rows = graph.read(query("snapshot/profiles"), asOf=world.as_of)[0]["students"]
        profiles = _profiles(rows, world)
        step.advance(1)
        rows = graph.read(query("snapshot/offers"), asOf=world.as_of)[0]["resources"]
        offers = _offers(rows, world)
        step.advance(1)
        records = graph.stream(query("snapshot/actions"), asOf=world.as_of)
        actions = _actions(((record["student"], record["actions"]) for record in records), world, offers)
        step.advance(1)
        records = graph.stream(
            query("snapshot/posting-demands"),
            asOf=world.as_of,
            day=day,
            since=since,
            openAt=world.as_of if since == day else min(world.as_of, datetime.combine(since, time.max, UTC)),
            until=until,
            pool=pool,
            optional=optional,
        )
        openings = _openings(((record["cluster"], record["postings"]) for record in records), world, day)
        step.advance(1)
        heat = np.full(len(world.clusters), PLAIN_HEAT)
        place = {code: number for number, code in enumerate(world.clusters)}
        for record in graph.read(query("snapshot/heat"), day=day):
            if record["cluster"] in place:
                heat[place[record["cluster"]]] = record["intensity"]
        step.advance(1)
    return Behaviour(day, profiles, actions, openings, offers, heat)


def _numbers(values: Sequence[float | None], missing: float = float("nan")) -> Floats:
    return np.array([missing if value is None else value for value in values], float)


def _days(values: Sequence[int | None]) -> NDArray[np.int64]:
    return np.array([NEVER if value is None else value + EPOCH for value in values], np.int64)


def _profiles(rows: Sequence[Sequence], world: Snapshot) -> Profiles:
    found = {row[0]: row for row in rows}
    nothing: Sequence[Any] = (*(None,) * 8, [], [])
    known = [found.get(code, nothing) for code in world.students]
    columns = zip(*known, strict=True) if known else ((),) * 10
    _, gender, region, difficulty, year, degree, admitted, graduates, founded, interned = columns
    return Profiles(
        tuple(each or "" for each in gender),
        tuple(each or "" for each in region),
        np.array([bool(each) for each in difficulty], bool),
        _numbers(year),
        _numbers(degree),
        _numbers(admitted) + EPOCH,
        _numbers(graduates) + EPOCH,
        _pairs([[day + EPOCH if day >= 0 else 0 for day in days] for days in founded]),
        _pairs([[_interned(begun, half) for begun, half in every] for every in interned]),
    )


def _pairs(days: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    found = [(place, day) for place, each in enumerate(days) for day in sorted(each)]
    return np.array(found, np.int64).reshape(-1, 2)


def _interned(day: int | None, term: str | None) -> int:
    if day is not None:
        return day + EPOCH
    return _after(term)


@lru_cache(maxsize=1024)
def _after(term: str | None) -> int:
    """Return the day after a term, 0 for what is none; there are few terms, and many internships."""
    day = term_start(np.array([term_number(term) + 1.0]))[0]
    return 0 if np.isnan(day) else int(day)


def _offers(rows: Sequence[Sequence], world: Snapshot) -> Offers:
    place = {code: number for number, code in enumerate(world.resources)}
    found = {row[0]: row for row in rows}
    known = [found.get(code, (code, None, None, [])) for code in world.resources]
    firsts = [
        (number, place[code]) for number, row in enumerate(known) for code in dict.fromkeys(row[3]) if code in place
    ]
    cluster = np.full(len(world.resources), -1, np.int32)
    # Targets are in the order of resource and cluster: written backwards, the first cluster stays.
    cluster[world.targets.start[::-1]] = world.targets.end[::-1]
    starts, ends = zip(*firsts, strict=True) if firsts else ((), ())
    return Offers(
        np.where(world.kinds < 0, -1, world.kinds + 1).astype(np.int32),
        cluster,
        _numbers([row[1] for row in known]),
        _days([row[2] for row in known]),
        Edges.of(starts, ends),
    )


def _actions(records: Iterable[tuple[str, Sequence]], world: Snapshot, offers: Offers) -> Actions:
    students = {code: number for number, code in enumerate(world.students)}
    clusters = {code: number for number, code in enumerate(world.clusters)}
    resources = {code: number for number, code in enumerate(world.resources)}
    kinds = {kind: number for number, kind in enumerate(ACTIONS)}
    rows: list[tuple[int, int, str, str, int, int, int]] = []
    for code, actions in records:
        student = students.get(code)
        if student is None:
            continue
        seen: set[str] = set()
        for at, key, item, kind, job, cluster in sorted(
            (at, key or "", item, kind, job, cluster or "") for item, kind, at, key, job, cluster in actions
        ):
            resource = -1 if job else resources.get(item, -1)
            if key in seen or kind not in kinds or not (job or resource >= 0):
                continue
            seen.add(key)
            item_kind = 0 if job else int(offers.kind[resource])
            if item_kind >= 0:
                belongs = clusters.get(cluster, -1) if job else int(offers.cluster[resource])
                rows.append((student, at, key, item, kinds[kind], item_kind, belongs))
    rows.sort()
    items = tuple(sorted({row[3] for row in rows}))
    place = {code: number for number, code in enumerate(items)}
    whole = np.array([(row[0], row[1], place[row[3]], *row[4:]) for row in rows], np.int64).reshape(-1, 6)
    return Actions(
        student=whole[:, 0].astype(np.int32),
        item=whole[:, 2].astype(np.int32),
        kind=whole[:, 3].astype(np.int32),
        item_kind=whole[:, 4].astype(np.int32),
        cluster=whole[:, 5].astype(np.int32),
        at=whole[:, 1],
        items=items,
    )


def _openings(records: Iterable[tuple[str, Sequence]], world: Snapshot, day: date) -> Openings:
    clusters = {code: number for number, code in enumerate(world.clusters)}
    units = {code: number for number, code in enumerate(world.capabilities)}
    found = sorted((clusters[code], postings) for code, postings in records if code in clusters)
    rows, seen = [], set()
    for cluster, postings in found:
        for posting in postings:
            if posting[0] not in seen:
                seen.add(posting[0])
                rows.append((cluster, posting))
    demanded = [
        [(units[unit], level) for unit, level in zip(row[5], row[6], strict=True) if unit in units] for _, row in rows
    ]
    closed = _days([row[3] for _, row in rows])
    # What was closed by the instant is over on the reference day, though that may lie before the closing.
    instant, today = world.as_of.date().toordinal(), day.toordinal()
    closed = np.where(closed <= instant, np.minimum(closed, today), np.int64(NEVER))
    flat = [entry for entries in demanded for entry in sorted(entries)]
    return Openings(
        tuple(row[0] for _, row in rows),
        np.array([cluster for cluster, _ in rows], np.int32),
        _days([row[1] for _, row in rows]),
        _days([row[2] for _, row in rows]),
        closed,
        _numbers([row[4] for _, row in rows]),
        np.concatenate(([0], np.cumsum([len(entries) for entries in demanded], dtype=np.int64))).astype(np.int64),
        np.array([unit for unit, _ in flat], np.int32),
        np.minimum(np.array([level for _, level in flat], float), 1.0),
    )
