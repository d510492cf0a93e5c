"""The graph as of an instant, as arrays. The only module of the package that reads asserted facts.

Facts dated after the instant, and relationships that a source closed before it, are left out. The queries run one
after the other: load first, then compute.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from schema import clock

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
PRACTICE = ("EARNED", "ENTERED", "WORKED_ON")
WORK = ("INTERNED_AT", "EMPLOYED_AS")
COURSE_STATUS = ("completed", "failed", "withdrawn", "enrolled")
_ALL_TERMS = "9999-9"


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the gap job needs to know. Codes are in order; everything else names them by place.

    Arguments:
        as_of: the instant, UTC.
        data_through: last day of data that is known.
        capabilities, skills, clusters, resources, students: codes.
        offered: per resource, whether students can still take it up.
        postings: per cluster, the number of postings.
        mappings: skill to capability unit; weight.
        broader, same_skills: skill to skill.
        requirements: cluster to skill; level, confidence, optional (1 or 0), number of postings that say so.
        standards: cluster to skill; level, essential (1 or 0).
        same_clusters: cluster to cluster; how sure, 0 to 1.
        teaching: resource to skill; level.
        courses: student to resource; score 0 to 100, place of the status in COURSE_STATUS.
        practice: student to resource; place of the type in PRACTICE.
        work: student to cluster; place of the type in WORK.
        goals: student to cluster.
        done: student to resource.
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


def last_term(day: date, *, ended: bool) -> str:
    """Return the last term that has begun by a day, or has ended before it. Terms start on 09-01 and on 03-01.

    >>> last_term(date(2024, 3, 1), ended=False), last_term(date(2024, 3, 1), ended=True)
    ('2023-2', '2023-1')
    """
    # Terms are numbered from the first half of year 0; three months decide which one a day lies in.
    number = day.year * 2 + (day.month >= 3) + (day.month >= 9) - 2 - ended
    return f"{number // 2}-{number % 2 + 1}"


def read(graph: Graph, *, as_of: date | None = None, open_only: bool = False, progress: Progress) -> Snapshot:
    """Read the snapshot.

    Arguments:
        graph: an open graph.
        as_of: the last day that counts; results of a term are known from the day after its end. Without it all that
            is loaded counts, except what is dated after today.
        open_only: count only postings that one can still apply to.
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
            "lastTerm": _ALL_TERMS if as_of is None else last_term(as_of, ended=True),
            "begunTerm": _ALL_TERMS if as_of is None else last_term(as_of, ended=False),
        },
    )
    with progress.step("reading the graph", total=18) as step:
        names: dict[str, dict[str, int]] = {}
        for label in ("capabilities", "skills", "students"):
            names[label] = _places(reader.rows(label)[0]["codes"])
            step.advance(1)
        counted = {row["cluster"]: row["postings"] for row in reader.rows("job-clusters")}
        step.advance(1)
        offers = dict(reader.rows("resources")[0]["resources"])
        step.advance(1)
        capabilities, skills, students = names["capabilities"], names["skills"], names["students"]
        clusters, resources = _places(counted), _places(offers)
        found: dict[str, Edges] = {}
        for name, start, end, columns in (
            ("mappings", skills, capabilities, (_number,)),
            ("broader-skills", skills, skills, ()),
            ("same-skills", skills, skills, ()),
            ("requirements", clusters, skills, (_number, _number, _number, _number)),
            ("standards", clusters, skills, (_number, _number)),
            ("same-clusters", clusters, clusters, (_certain,)),
            ("teaching", resources, skills, (_number,)),
            ("courses-taken", students, resources, (_number, COURSE_STATUS)),
            ("practice", students, resources, (PRACTICE,)),
            ("work", students, clusters, (WORK,)),
            ("goals", students, clusters, ()),
            ("done", students, resources, ()),
        ):
            found[name] = reader.edges(name, start, ends=end, columns=columns)
            step.advance(1)
        through = reader.rows("data-through")[0]["dataThrough"]
        step.advance(1)
    return Snapshot(
        as_of=instant,
        data_through=through.to_native() if through is not None else instant.date(),
        capabilities=tuple(capabilities),
        skills=tuple(skills),
        clusters=tuple(clusters),
        resources=tuple(resources),
        students=tuple(students),
        offered=np.fromiter((offers[code] for code in resources), bool, len(resources)),
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
    )


def _places(codes: Any) -> dict[str, int]:
    return {code: place for place, code in enumerate(sorted(codes))}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _certain(value: float | None) -> float:
    return 1.0 if value is None else float(value)


class _Reader:
    def __init__(self, graph: Graph, arguments: Mapping[str, Any]) -> None:
        self._graph = graph
        self._given = arguments

    def _arguments(self, name: str) -> dict[str, Any]:
        return {each.name: self._given[each.name] for each in query(f"snapshot/{name}").parameters}

    def rows(self, name: str) -> list[Any]:
        return self._graph.read(query(f"snapshot/{name}"), **self._arguments(name))

    def edges(self, name: str, starts: Mapping[str, int], *, ends: Mapping[str, int], columns: Sequence[Any]) -> Edges:
        """Read one query of relationships; an end that is not in the lists is closed, and the relationship with it.

        A column is a function from value to number, or the tuple of strings in which the value has its place.
        """
        start, end = array("i"), array("i")
        values = [array("d") for _ in columns]
        readers = [each if callable(each) else _place_in(each) for each in columns]
        for record in self._graph.stream(query(f"snapshot/{name}"), **self._arguments(name)):
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
