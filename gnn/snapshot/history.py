"""The past of demand and of training, month by month and term by term, as arrays: what the demand model learns from.

A history ends with a month, and holds nothing of a later day. A posting counts in the month of its release, whether
or not it is open by now. What came of a term is known once the next one has begun (terms begin on 09-01 and 03-01).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot.gaps import COURSE_STATUS, PRACTICE, Edges
from gnn.snapshot.packed import Categories, Floats, Links, Places
from gnn.snapshot.records import (
    INTEREST,
    OUTCOME_STATUS,
    Courses,
    Interests,
    Internships,
    Outcomes,
    Practice,
    Requirements,
    Students,
)
from gnn.snapshot.relations import Relations, read_relations
from gnn.snapshot.span import Span, day_number, last_day, span_of
from gnn.snapshot.terms import last_term
from schema import clock


@dataclass(frozen=True, slots=True)
class History:
    """The past until the end of a month. Codes are in order; everything else names them by place.

    Arguments:
        through: last day that counts: the last of a month.
        start: first day of the first month.
        clusters, skills, capabilities, resources: codes; the unclassified cluster is left out.
        terms: half-years of which there are records, in order.
        grades: results of practice that are words.
        counts: postings by month of release, [clusters, months].
        requirements: what they ask for.
        students: what is known of students at admission; those admitted later are left out.
        courses, practice, internships, outcomes, interests: what students did.
        aims: student to cluster; month in which it was stated, as a place, or NaN.
        ventures: foundations by month, [months].
        mappings: skill to capability unit; weight.
        broader, same_skills: skill to skill.
        same_clusters: cluster to cluster; how sure, 0 to 1, or NaN.
        standards: cluster to skill; level, essential (1, 0 or NaN).
        teaching: resource to skill; level.
        prepares: resource to cluster.
    """

    through: date
    start: date
    clusters: tuple[str, ...]
    skills: tuple[str, ...]
    capabilities: tuple[str, ...]
    resources: tuple[str, ...]
    terms: tuple[str, ...]
    grades: tuple[str, ...]
    counts: Floats
    requirements: Requirements
    students: Students
    courses: Courses
    practice: Practice
    internships: Internships
    outcomes: Outcomes
    interests: Interests
    aims: Edges
    ventures: Floats
    mappings: Edges
    broader: Edges
    same_skills: Edges
    same_clusters: Edges
    standards: Edges
    teaching: Edges
    prepares: Edges

    @property
    def span(self) -> Span:
        """The months."""
        return Span(self.start, self.through)

    @property
    def months(self) -> int:
        """Number of months."""
        return int(self.counts.shape[1])

    @property
    def first_month(self) -> int:
        """The first month, counted from year 0: 12 * year + month - 1."""
        return self.span.first_month


def read_history(graph: Graph, *, through: date | None = None, progress: Progress) -> History:
    """Read the history of demand and training.

    Arguments:
        graph: an open graph.
        through: last day that counts; the history ends with the last month that is over by then. Without it the
            latest release says how far the data reach: its month counts where no more than a week of it is missing.
        progress: shows the steps.

    Raises:
        JobError: no posting of a cluster lies within.
        UnreachableError: no server answers.
    """
    as_of = instant_of(through)
    relations = read_relations(graph, as_of=as_of, progress=progress)
    return history_of(relations, through=last_day(relations.nodes["Job"], as_of.date(), given=through is not None))


def instant_of(through: date | None) -> datetime:
    """Return the end of a day, or now."""
    return clock.now() if through is None else datetime.combine(through, time.max, UTC)


def history_of(relations: Relations, *, through: date) -> History:
    """Return the history that lies in relations, counted and cut off.

    Arguments:
        relations: everything that counts, of whatever time.
        through: last day that counts: the last of a month.

    Raises:
        JobError: no posting of a cluster lies within.
    """
    return _Chronicle(relations, through).history()


class _Chronicle:
    """Counts relations month by month, and leaves out what is later than a day.

    Arguments:
        relations: everything that counts, of whatever time.
        through: last day that counts: the last of a month.
    """

    def __init__(self, relations: Relations, through: date) -> None:
        self.links, self.nodes = relations.links, relations.nodes
        self.through = through
        self.day = day_number(through)
        self.last_term = last_term(through, ended=True)
        jobs, students = self.nodes["Job"], self.nodes["Student"]
        self.released = jobs.number("releasedOn")
        belongs = self.links["Job", "IN_CLUSTER", "JobCluster"]
        self.belongs = belongs.where(self.released[belongs.start] <= self.day)
        span = span_of(jobs, belongs, through=through)
        self.start, self.months, self.first_month = span.start, span.months, span.first_month
        later = students.number("admittedOn") > self.day
        self.students = students.without(later)
        # Places after those who come later are left out; -1 for those.
        self.place = np.where(later, -1, np.cumsum(~later) - 1).astype(np.int32)
        self.records = {
            type_: self._of_students(type_, "Resource") for type_ in ("TOOK", "EARNED", "ENTERED", "WORKED_ON")
        }
        self.internships = self._of_students("INTERNED_AT", "Employer")
        found = {value for each in (*self.records.values(), self.internships) for value in _met(each.category("term"))}
        self.terms = tuple(sorted(found))

    def month(self, days: Floats) -> Floats:
        """Return months as places, from days as yyyymmdd; NaN stays."""
        number = days // 10000 * 12 + days // 100 % 100 - 1
        return number - self.first_month

    def _of_students(self, type_: str, end: str) -> Links:
        """Return relationships of students whose term is over or whose day has come."""
        found = self.links["Student", type_, end]
        kept = self.place[found.start] >= 0
        if "term" in found.columns:
            term = found.category("term")
            over = np.array([value <= self.last_term for value in term.values] + [False])
            kept &= over[term.places]
        for name in ("startedOn", "statedOn", "at"):
            if name in found.columns and type_ != "INTERNED_AT":
                kept &= ~(found.number(name) > self.day)
        found = found.where(kept)
        return Links(self.place[found.start], found.end, found.columns)

    def history(self) -> History:
        """Return the history."""
        counts = np.zeros((len(self.nodes["JobCluster"]), self.months))
        month = self.month(self.released[self.belongs.start]).astype(np.int64)
        np.add.at(counts, (self.belongs.end, month), 1.0)
        grades, practice = self._practice()
        return History(
            through=self.through,
            start=self.start,
            clusters=self.nodes["JobCluster"].codes,
            skills=self.nodes["Skill"].codes,
            capabilities=self.nodes["Capability"].codes,
            resources=self.nodes["Resource"].codes,
            terms=self.terms,
            grades=grades,
            counts=counts,
            requirements=self._requirements(),
            students=self._students(),
            courses=self._courses(),
            practice=practice,
            internships=self._internships(),
            outcomes=self._outcomes(),
            interests=self._interests(),
            aims=self._aims(),
            ventures=self._ventures(),
            mappings=_edges(self.links["Skill", "MAPS_TO", "Capability"]),
            broader=_edges(self.links["Skill", "BROADER", "Skill"]),
            same_skills=_edges(self.links["Skill", "SAME_AS", "Skill"]),
            same_clusters=_edges(self.links["JobCluster", "SAME_AS", "JobCluster"]),
            standards=_edges(self.links["JobCluster", "TYPICALLY_REQUIRES", "Skill"]),
            teaching=_edges(self.links["Resource", "TEACHES", "Skill"]),
            prepares=_edges(self.links["Resource", "PREPARES_FOR", "JobCluster"]),
        )

    def _clusters_of(self, jobs: Places) -> tuple[NDArray[np.int64], Places]:
        """Return rows and clusters: each row once for each cluster of its posting; a later posting has none."""
        # `belongs` is in the order of postings.
        first = np.searchsorted(self.belongs.start, jobs, side="left")
        number = np.searchsorted(self.belongs.start, jobs, side="right") - first
        rows = np.repeat(np.arange(len(jobs)), number)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number)
        return rows, self.belongs.end[first[rows] + within]

    def _requirements(self) -> Requirements:
        required = self.links["Job", "REQUIRES", "Skill"]
        rows, clusters = self._clusters_of(required.start)
        month = self.month(self.released[required.start[rows]]).astype(np.int64)
        keys, (cluster, at, skill) = _distinct(
            (clusters, len(self.nodes["JobCluster"])),
            (month, self.months),
            (required.end[rows], len(self.nodes["Skill"])),
        )
        count = np.bincount(keys, minlength=len(cluster)).astype(np.float64)
        plus = np.nan_to_num(required.number("optional")[rows])
        return Requirements(cluster, at, skill, count, np.bincount(keys, plus, len(cluster)) / count)

    def _students(self) -> Students:
        known = self.students
        region = known.category("regionText")
        regions = tuple(sorted(_met(region)))
        studies = self.links["Student", "STUDIES", "Major"]
        major = np.full(len(self.place), -1, np.int32)
        # The last one written stays: the first by code, where there are several.
        major[studies.start[::-1]] = studies.end[::-1]
        return Students(
            codes=known.codes,
            admitted=self.month(known.number("admittedOn")),
            graduates=self.month(known.number("graduatesOn")),
            score=known.number("admissionScore"),
            degree=known.number("degree"),
            region=_among(region, regions),
            regions=regions,
            major=major[self.place >= 0],
            majors=self.nodes["Major"].codes,
        )

    def _courses(self) -> Courses:
        took = self.records["TOOK"]
        return Courses(
            student=took.start,
            resource=took.end,
            term=_among(took.category("term"), self.terms),
            score=took.number("score"),
            attendance=took.number("attendance"),
            credits=took.number("credits"),
            status=_among(took.category("status"), COURSE_STATUS),
        )

    def _practice(self) -> tuple[tuple[str, ...], Practice]:
        parts = [self.records[type_] for type_ in PRACTICE]
        results = [part.category("result") for part in parts]
        grades = tuple(sorted({value for each in results for value in _met(each) if np.isnan(_number(value))}))
        numbers = [np.array([*map(_number, each.values), np.nan])[each.places] for each in results]
        hours = [part.number("hours") if "hours" in part.columns else np.full(len(part), np.nan) for part in parts]
        return grades, Practice(
            student=np.concatenate([part.start for part in parts]),
            resource=np.concatenate([part.end for part in parts]),
            term=np.concatenate([_among(part.category("term"), self.terms) for part in parts]),
            kind=np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts]),
            result=np.concatenate(numbers),
            grade=np.concatenate([_among(each, grades) for each in results]),
            hours=np.concatenate(hours),
        )

    def _internships(self) -> Internships:
        found = self.internships
        cluster = _among(found.category("jobCluster"), self.nodes["JobCluster"].codes)
        term = _among(found.category("term"), self.terms)
        kept = np.flatnonzero(cluster >= 0)
        order = kept[np.lexsort((term[kept], cluster[kept], found.start[kept]))]
        return Internships(found.start[order], cluster[order], term[order])

    def _outcomes(self) -> Outcomes:
        found = self._of_students("EMPLOYED_AS", "JobCluster")
        found = found.where(~np.isnan(found.number("startedOn")))
        month = self.month(found.number("startedOn")).astype(np.int32)
        status = _among(found.category("status"), OUTCOME_STATUS)
        return Outcomes(found.start, found.end, month, status, found.number("salary"))

    def _interests(self) -> Interests:
        found = self._of_students("INTERACTED", "Job")
        found = found.where(~np.isnan(found.number("at")))
        rows, clusters = self._clusters_of(found.end)
        month = self.month(found.number("at")).astype(np.int64)[rows]
        least = int(month.min(initial=0))
        keys, (student, cluster, at, kind) = _distinct(
            (found.start[rows], len(self.students)),
            (clusters, len(self.nodes["JobCluster"])),
            (month - least, self.months - least),
            (_among(found.category("kind"), INTEREST)[rows], len(INTEREST)),
        )
        count = np.bincount(keys, minlength=len(student)).astype(np.float64)
        return Interests(student, cluster, at + np.int32(least), kind, count)

    def _aims(self) -> Edges:
        own, through_job = self._of_students("AIMS_AT", "JobCluster"), self._of_students("AIMS_AT", "Job")
        rows, clusters = self._clusters_of(through_job.end)
        start = np.concatenate([own.start, through_job.start[rows]])
        end = np.concatenate([own.end, clusters])
        stated = self.month(np.concatenate([own.number("statedOn"), through_job.number("statedOn")[rows]]))
        found = Edges.of(start.tolist(), end.tolist(), stated.tolist())
        first = np.ones(len(found), bool)
        first[1:] = (found.start[1:] != found.start[:-1]) | (found.end[1:] != found.end[:-1])
        return Edges(found.start[first], found.end[first], (found.columns[0][first],))

    def _ventures(self) -> Floats:
        """Count each foundation once, by the first day that one of its founders names."""
        found = self._of_students("FOUNDED", "Venture")
        month = self.month(found.number("startedOn"))
        founded = np.full(len(self.nodes["Venture"]), np.inf)
        np.fmin.at(founded, found.end, month)
        within = founded[(founded >= 0) & (founded < self.months)].astype(np.int64)
        return np.bincount(within, minlength=self.months).astype(np.float64)


def _edges(links: Links) -> Edges:
    return Edges(links.start, links.end, tuple(links.number(name) for name in links.columns))


def _met(column: Categories) -> set[str]:
    """Return the texts that rows of a column have."""
    return {column.values[place] for place in np.unique(column.places).tolist() if place >= 0}


def _among(column: Categories, values: Sequence[str]) -> Places:
    """Return the place of each row's text among given values; -1 where it is none of them."""
    place = {value: at for at, value in enumerate(values)}
    return np.array([*(place.get(value, -1) for value in column.values), -1], np.int32)[column.places]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _distinct(*columns: tuple[NDArray[np.int64] | Places, int]) -> tuple[NDArray[np.intp], tuple[Places, ...]]:
    """Return for each row the place of its combination of values, and the combinations in order.

    Arguments:
        columns: values and how many there can be, [rows].
    """
    widths = tuple(max(width, 1) for _, width in columns)
    keys = np.ravel_multi_index([np.asarray(values, np.int64) for values, _ in columns], widths)
    found, places = np.unique(keys, return_inverse=True)
    return places, tuple(each.astype(np.int32) for each in np.unravel_index(found, widths))
