"""The graph as of an instant, as arrays. The only module of the package that reads asserted facts.

Facts dated after the instant, and relationships that a source closed before it, are left out. The queries run one
after the other: load first, then compute.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.snapshot.results import result_share
from gnn.snapshot.terms import last_term, term_number
from schema import clock
from schema.nodes import RESOURCE_KINDS

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
PRACTICE = ("EARNED", "ENTERED", "WORKED_ON")
WORK = ("INTERNED_AT", "EMPLOYED_AS")
ENGAGEMENTS = ("register", "complete")
COURSE_STATUS = ("completed", "failed", "withdrawn", "enrolled")
_ALL_TERMS = "9999-9"
_MILLION = 1e6
_KINDS = {kind: place for place, kind in enumerate(RESOURCE_KINDS)}


@dataclass(frozen=True, slots=True)
class Edges:
    """Relationships as parallel arrays, ordered by start, end and columns, so that sums do not depend on the server.

    Arguments:
        start, end: places in the code lists of the snapshot.
        columns: values of each relationship; NaN where there is none.
    """

    start: Places
    end: Places
    columns: tuple[Floats, ...] = ()

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, start: Sequence[int], end: Sequence[int], *columns: Sequence[float]) -> "Edges":
        """Return edges in order, from columns in any order."""
        starts, ends = np.asarray(start, np.int32), np.asarray(end, np.int32)
        values = tuple(np.asarray(each, np.float64) for each in columns)
        keys: list[NDArray[Any]] = [*reversed(values), ends, starts]
        order = np.lexsort(keys)
        return cls(starts[order], ends[order], tuple(each[order] for each in values))


def _none(columns: int) -> Edges:
    return Edges.of((), (), *((),) * columns)


def _nowhere() -> Places:
    return np.empty(0, np.int32)


def _nothing() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the gap job needs to know. Codes are in order; everything else names them by place.

    Arguments:
        as_of: the instant, UTC.
        data_through: last day of data that is known.
        capabilities, skills, clusters, resources, students: codes.
        offered: per resource, whether students can still take it up.
        postings: per cluster, the number of postings; old ones count less, see `read`.
        mappings: skill to capability unit; weight.
        broader, same_skills: skill to skill.
        requirements: cluster to skill; level, confidence, optional (1 or 0), number of postings that say so; old ones
            count less here too.
        standards: cluster to skill; level, essential (1 or 0).
        same_clusters: cluster to cluster; how sure, 0 to 1.
        teaching: resource to skill; level.
        courses: student to resource; score 0 to 100, place of the status in COURSE_STATUS, attendance 0 to 1, number
            of the term.
        practice: student to resource; place of the type in PRACTICE, result 0 to 1, number of the term.
        work: student to cluster; place of the type in WORK, result 0 to 1, number of the term, first day.
        goals: student to cluster.
        done: student to resource.
        majors, industries: codes; only lines of business in which students founded something.
        kinds: per resource, the place of its kind in `schema.nodes.RESOURCE_KINDS`; -1 for none.
        audiences: per resource, for whom it is, as written; empty where nobody said so.
        major: per student, the place of the major, of several the first by code; -1 for none.
        admission, admitted: per student, the score at admission, 0 to 1, and the day; NaN where not known.
        targets: resource to cluster.
        signings: student to cluster; first day.
        ventures: student to industry; first day.
        industry_clusters: industry to cluster; number of postings.
        engagements: student to resource; place of the kind in ENGAGEMENTS, day.

    Terms are numbered as `term_start` takes them; days are ordinals; both are NaN where they are not known.
    """

    as_of: datetime
    data_through: date
    capabilities: tuple[str, ...]
    skills: tuple[str, ...]
    clusters: tuple[str, ...]
    resources: tuple[str, ...]
    students: tuple[str, ...]
    offered: NDArray[np.bool_]
    postings: Floats
    mappings: Edges
    broader: Edges
    same_skills: Edges
    requirements: Edges
    standards: Edges
    same_clusters: Edges
    teaching: Edges
    courses: Edges
    practice: Edges
    work: Edges
    goals: Edges
    done: Edges
    majors: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    kinds: Places = field(default_factory=_nowhere)
    audiences: tuple[str, ...] = ()
    major: Places = field(default_factory=_nowhere)
    admission: Floats = field(default_factory=_nothing)
    admitted: Floats = field(default_factory=_nothing)
    targets: Edges = field(default_factory=lambda: _none(0))
    signings: Edges = field(default_factory=lambda: _none(1))
    ventures: Edges = field(default_factory=lambda: _none(1))
    industry_clusters: Edges = field(default_factory=lambda: _none(1))
    engagements: Edges = field(default_factory=lambda: _none(2))


@dataclass(frozen=True, slots=True)
class Codes:
    """What a reader holds fast of an earlier snapshot: anything else of these kinds is left out.

    Arguments:
        data_through: last day of data.
        capabilities, clusters, majors, industries: codes, in order.
    """

    data_through: date
    capabilities: tuple[str, ...]
    clusters: tuple[str, ...]
    majors: tuple[str, ...]
    industries: tuple[str, ...]


_OF_VECTORS = (
    "mappings", "broader-skills", "same-skills", "requirements", "standards", "same-clusters", "teaching", "signings",
    "industry-clusters",
)  # fmt: skip
"""What only the vectors of clusters and resources, and the shares of majors, are made from."""


def read(
    graph: Graph,
    *,
    as_of: date | None = None,
    open_only: bool = False,
    half_life: float | None = None,
    codes: Codes | None = None,
    progress: Progress,
) -> Snapshot:
    """Read the snapshot.

    Arguments:
        graph: an open graph.
        as_of: the last day that counts; results of a term are known from the day after its end. Without it all that
            is loaded counts, except what is dated after today.
        open_only: count only postings that one can still apply to.
        half_life: days after which a posting counts half, from the last day of data; None counts all alike.
        codes: what holds from an earlier snapshot; then what vectors of clusters and resources are made from is not
            read, and stays empty.
        progress: shows a step per query.

    Raises:
        UnreachableError: no server answers.
    """
    instant = clock.now() if as_of is None else datetime.combine(as_of, time.max, UTC)
    reader = _Reader(
        graph,
        {
            "asOf": instant,
            "day": instant.date(),
            "openOnly": open_only,
            "halfLife": half_life,
            "lastTerm": _ALL_TERMS if as_of is None else last_term(as_of, ended=True),
            "begunTerm": _ALL_TERMS if as_of is None else last_term(as_of, ended=False),
        },
    )
    with progress.step("reading the graph", total=25) as step:
        last = reader.rows("data-through")[0]["dataThrough"]
        through = codes.data_through if codes else last.to_native() if last is not None else instant.date()
        reader.give("through", through)
        step.advance(1)
        names: dict[str, dict[str, int]] = {}
        for label in ("capabilities", "skills", "students", "majors"):
            held = codes is not None and label != "students"
            names[label] = _places(getattr(codes, label, ()) if held else reader.rows(label)[0]["codes"])
            step.advance(1)
        if codes is None:
            counted = {row["cluster"]: row["postings"] / _MILLION for row in reader.rows("job-clusters")}
        else:
            counted = dict.fromkeys(codes.clusters, 0.0)
        step.advance(1)
        offers = {code: facts for code, *facts in reader.rows("resources")[0]["resources"]}
        step.advance(1)
        capabilities, skills, students = names["capabilities"], names["skills"], names["students"]
        clusters, resources = _places(counted), _places(offers)
        industries = reader.starts("industry-clusters") if codes is None else _places(codes.industries)
        found: dict[str, Edges] = {}
        for name, start, end, columns in (
            ("mappings", skills, capabilities, (_number,)),
            ("broader-skills", skills, skills, ()),
            ("same-skills", skills, skills, ()),
            ("requirements", clusters, skills, (_number, _number, _number, _millionths)),
            ("standards", clusters, skills, (_number, _number)),
            ("same-clusters", clusters, clusters, (_certain,)),
            ("teaching", resources, skills, (_number,)),
            ("targets", resources, clusters, ()),
            ("courses-taken", students, resources, (_number, COURSE_STATUS, _number, term_number)),
            ("practice", students, resources, (PRACTICE, result_share, term_number)),
            ("work", students, clusters, (WORK, result_share, term_number, _day)),
            ("signings", students, clusters, (_day,)),
            ("ventures", students, industries, (_day,)),
            ("industry-clusters", industries, clusters, (_number,)),
            ("engagements", students, resources, (ENGAGEMENTS, _day)),
            ("admissions", students, names["majors"], (_number, _day)),
            ("goals", students, clusters, ()),
            ("done", students, resources, ()),
        ):
            if codes is not None and name in _OF_VECTORS:
                found[name] = _none(len(columns))
            else:
                found[name] = reader.edges(name, start, ends=end, columns=columns)
            step.advance(1)
    major, admission, admitted = _first(found.pop("admissions"), len(students))
    return Snapshot(
        as_of=instant,
        data_through=through,
        capabilities=tuple(capabilities),
        skills=tuple(skills),
        clusters=tuple(clusters),
        resources=tuple(resources),
        students=tuple(students),
        offered=np.fromiter((offers[code][0] for code in resources), bool, len(resources)),
        postings=np.fromiter((counted[code] for code in clusters), float, len(clusters)),
        mappings=found["mappings"],
        broader=found["broader-skills"],
        same_skills=found["same-skills"],
        requirements=found["requirements"],
        standards=found["standards"],
        same_clusters=found["same-clusters"],
        teaching=found["teaching"],
        courses=found["courses-taken"],
        practice=found["practice"],
        work=found["work"],
        goals=found["goals"],
        done=found["done"],
        majors=tuple(names["majors"]),
        industries=tuple(industries),
        kinds=np.fromiter((_KINDS.get(offers[code][1], -1) for code in resources), np.int32, len(resources)),
        audiences=tuple(offers[code][2] or "" for code in resources),
        major=major,
        admission=admission,
        admitted=admitted,
        targets=found["targets"],
        signings=found["signings"],
        ventures=found["ventures"],
        industry_clusters=found["industry-clusters"],
        engagements=found["engagements"],
    )


def _first(studies: Edges, students: int) -> tuple[Places, Floats, Floats]:
    """Return major, score at admission, 0 to 1, and day of admission of each student, by the first major."""
    major, score, day = np.full(students, -1, np.int32), np.full(students, np.nan), np.full(students, np.nan)
    one, entry = np.unique(studies.start, return_index=True)
    major[one], score[one] = studies.end[entry], np.clip(studies.columns[0][entry] / 100.0, 0.0, 1.0)
    day[one] = studies.columns[1][entry]
    return major, score, day


def _places(codes: Any) -> dict[str, int]:
    return {code: place for place, code in enumerate(sorted(codes))}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _millionths(value: int) -> float:
    return value / _MILLION


def _day(value: Any) -> float:
    return float("nan") if value is None else float(value.to_native().toordinal())


def _certain(value: float | None) -> float:
    return 1.0 if value is None else float(value)


class _Reader:
    def __init__(self, graph: Graph, arguments: Mapping[str, Any]) -> None:
        self._graph = graph
        self._given = dict(arguments)
        self._kept: dict[str, list[Any]] = {}

    def give(self, name: str, value: Any) -> None:
        """Set an argument that an earlier query told."""
        self._given[name] = value

    def _arguments(self, name: str) -> dict[str, Any]:
        return {each.name: self._given[each.name] for each in query(f"snapshot/{name}").parameters}

    def rows(self, name: str) -> list[Any]:
        return self._graph.read(query(f"snapshot/{name}"), **self._arguments(name))

    def starts(self, name: str) -> dict[str, int]:
        """Return places of all codes at which the relationships of a query begin; it is not sent again for them."""
        self._kept[name] = self.rows(name)
        return _places(record["start"] for record in self._kept[name])

    def edges(self, name: str, starts: Mapping[str, int], *, ends: Mapping[str, int], columns: Sequence[Any]) -> Edges:
        """Read one query of relationships; an end that is not in the lists is closed, and the relationship with it.

        A column is a function from value to number, or the tuple of strings in which the value has its place.
        """
        start, end = array("i"), array("i")
        values = [array("d") for _ in columns]
        readers = [each if callable(each) else _place_in(each) for each in columns]
        kept = self._kept.pop(name, None)
        for record in kept or self._graph.stream(query(f"snapshot/{name}"), **self._arguments(name)):
            place = starts.get(record["start"])
            if place is None:
                continue
            for code, *cells in record["ends"]:
                other = ends.get(code)
                if other is not None:
                    start.append(place)
                    end.append(other)
                    for column, reader, cell in zip(values, readers, cells, strict=True):
                        column.append(reader(cell))
        return Edges.of(start, end, *values)


def _place_in(values: Sequence[str]) -> Any:
    places = {value: float(place) for place, value in enumerate(values)}
    return lambda value: places.get(value, float("nan"))
