"""The facts of the benchmark out of the graph."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.benchmarks.recommend.facts import KINDS, NEVER, Acts, Careers, Facts, Goods, People, Places, Records
from gnn.config import GapConfig
from gnn.snapshot.packed import Categories, Links, Nodes, Reader
from gnn.snapshot.relations import classified
from schema import clock
from schema.errors import JobError
from schema.model import MODEL
from schema.nodes import RESOURCE_KINDS

Floats = NDArray[np.float64]

_STUDENT = ("gender", "regionText", "difficulty", "admittedOn", "graduatesOn")
_LINKS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Job", "IN_CLUSTER"): (),
    ("Job", "REQUIRES"): ("level",),
    ("Resource", "PREPARES_FOR"): (),
    ("Resource", "TEACHES"): ("level",),
    ("Student", "STUDIES"): (),
    ("Student", "AIMS_AT"): (),
    ("Student", "INTERACTED"): ("at", "kind"),
    ("Student", "EMPLOYED_AS"): ("startedOn", "status"),
    ("Student", "INTERNED_AT"): ("startedOn", "jobCluster", "term"),
    ("Student", "TOOK"): ("term", "score", "status"),
    ("Student", "EARNED"): ("term",),
    ("Student", "ENTERED"): ("term",),
    ("Student", "WORKED_ON"): ("term",),
}
_EPOCH = np.datetime64("1970-01-01", "D")


def read_facts(graph: Graph, *, progress: Progress) -> Facts:
    """Read everything, of whatever day; `Facts.before` cuts it off.

    Raises:
        JobError: there is no student, or nothing to recommend.
        UnreachableError: no server answers.
    """
    as_of = clock.now()
    with Reader(graph, as_of=as_of) as reader:
        asked = {
            "Student": reader.ask_nodes("Student", *_STUDENT),
            "Major": reader.ask_nodes("Major"),
            "JobCluster": reader.ask_nodes("JobCluster", "rule"),
            "Skill": reader.ask_nodes("Skill", "name"),
            "Employer": reader.ask_nodes("Employer"),
            "Job": reader.ask_nodes("Job", "name", "releasedOn", "closesOn", "closedAt", closed=True),
            "Resource": reader.ask_nodes("Resource", "name", "startsOn", "endsOn", "closedAt", closed=True),
        }
        kinds = {kind: reader.ask_nodes(kind, closed=True) for kind in RESOURCE_KINDS}
        under_way = {key: reader.ask_links(key[1], key[0], *columns) for key, columns in _LINKS.items()}
        with progress.step("Reading students, postings, resources", unit="nodes") as step:
            nodes: dict[str, Nodes] = {}
            for label, each in asked.items():
                nodes[label] = reader.nodes(each)
                step.advance(len(nodes[label]))
            nodes["JobCluster"] = classified(nodes["JobCluster"])
            kind_of = {code: kind for kind, each in kinds.items() for code in reader.nodes(each).codes}
        links: dict[tuple[str, str], Links] = {}
        with progress.step("Reading what students did", unit="relationships") as step:
            for key, waiting in under_way.items():
                for end, found in reader.links(waiting, nodes[key[0]], nodes).items():
                    links[key[1], end] = found
                    step.advance(len(found))
    if not len(nodes["Student"]) or not len(nodes["Job"]) + len(nodes["Resource"]):
        given = f"{len(nodes['Student'])} students, {len(nodes['Job'])} postings, {len(nodes['Resource'])} resources"
        raise JobError(given, "at least one student, and something to recommend", where="bench --task recommend")
    return _facts(nodes, links, kind_of)


def last_day(facts: Facts) -> float:
    """Return the last day of data: of what students did with items, else of the latest release.

    Raises:
        JobError: nothing of either is there.
    """
    released = facts.jobs.starts[facts.jobs.starts < NEVER]
    found = facts.acts.at if len(facts.acts) else released
    if not len(found):
        raise JobError("neither an interaction nor a posting with a day", "some", where="bench --task recommend")
    return float(found.max())


def _facts(nodes: Mapping[str, Nodes], links: Mapping[tuple[str, str], Links], kind_of: Mapping[str, str]) -> Facts:
    clusters, skills = nodes["JobCluster"], nodes["Skill"]
    jobs = nodes["Job"]
    resources = nodes["Resource"]
    job_goods = _goods(
        jobs,
        tuple("Job" for _ in jobs.codes),
        belongs=links["IN_CLUSTER", "JobCluster"],
        skills=links["REQUIRES", "Skill"],
        spans=(days(jobs.number("releasedOn")), _sooner(jobs, "closesOn")),
        shape=(len(clusters), len(skills)),
    )
    resource_goods = _goods(
        resources,
        tuple(kind_of.get(code, "") for code in resources.codes),
        belongs=links["PREPARES_FOR", "JobCluster"],
        skills=links["TEACHES", "Skill"],
        spans=(days(resources.number("startsOn")), _sooner(resources, "endsOn")),
        shape=(len(clusters), len(skills)),
    )
    # A posting without a day of release cannot be placed in time.
    job_goods.starts[np.isnan(job_goods.starts)] = NEVER
    resource_goods.starts[np.isnan(resource_goods.starts)] = 0.0
    return Facts(
        day=NEVER,
        clusters=clusters.codes,
        skills=skills.codes,
        words=_texts(skills, "name"),
        people=_people(nodes, links),
        jobs=job_goods,
        resources=resource_goods,
        acts=_acts(links, jobs=len(jobs)),
        careers=_careers(links, clusters=clusters.codes),
        records=_records(links),
    )


def _texts(nodes: Nodes, name: str) -> tuple[str, ...]:
    found: Categories = nodes.category(name)
    values = (*found.values, "")
    return tuple(values[place] for place in found.places.tolist())


def days(numbers: Floats) -> Floats:
    """Return days since 1970 from days as yyyymmdd; NaN stays.

    >>> days(np.array([19700102.0, np.nan])).tolist()
    [1.0, nan]
    """
    known = ~np.isnan(numbers)
    whole = numbers[known].astype(np.int64)
    months = (whole // 10000 - 1970) * 12 + whole // 100 % 100 - 1
    begin = months.astype("datetime64[M]").astype("datetime64[D]")
    found = np.full(len(numbers), np.nan)
    found[known] = (begin - _EPOCH).astype(np.int64) + whole % 100 - 1
    return found


def term_days(term: str) -> tuple[float, float]:
    """Return the first day of a term and the day from which its results are known; terms begin on 09-01 and 03-01.

    >>> term_days("1970-1")
    (243.0, 424.0)
    """
    year, half = int(term[:4]), int(term[-1])
    first = datetime(year, 9, 1, tzinfo=UTC) if half == 1 else datetime(year + 1, 3, 1, tzinfo=UTC)
    then = datetime(year + 1, 3, 1, tzinfo=UTC) if half == 1 else datetime(year + 1, 9, 1, tzinfo=UTC)
    zero = datetime.combine(datetime(1970, 1, 1, tzinfo=UTC).date(), time.min, UTC)
    return float((first - zero).days), float((then - zero).days)


def _sooner(nodes: Nodes, name: str) -> Floats:
    """Return the last day on offer: the one stated, or that before a source closed it."""
    stated = np.nan_to_num(days(nodes.number(name)), nan=NEVER)
    closed = np.nan_to_num(days(nodes.number("closedAt")), nan=NEVER)
    return np.asarray(np.minimum(stated, closed))


def _goods(
    nodes: Nodes,
    kind: tuple[str, ...],
    *,
    belongs: Links,
    skills: Links,
    spans: tuple[Floats, Floats],
    shape: tuple[int, int],
) -> Goods:
    count = len(nodes)
    cluster = np.full(count, -1, np.int64)
    cluster[belongs.start[::-1]] = belongs.end[::-1]
    ones = np.ones(len(belongs))
    level = np.nan_to_num(skills.number("level"), nan=0.5)
    return Goods(
        codes=nodes.codes,
        names=_texts(nodes, "name"),
        kind=kind,
        cluster=cluster,
        prepares=csr_array((ones, (belongs.start, belongs.end)), shape=(count, shape[0])),
        skills=csr_array((level, (skills.start, skills.end)), shape=(count, shape[1])),
        starts=spans[0],
        ends=spans[1],
    )


def _people(nodes: Mapping[str, Nodes], links: Mapping[tuple[str, str], Links]) -> People:
    students, studies = nodes["Student"], links["STUDIES", "Major"]
    major = np.full(len(students), -1, np.int64)
    major[studies.start[::-1]] = studies.end[::-1]
    marked = students.number("difficulty")
    aims, jobs = links["AIMS_AT", "JobCluster"], links["AIMS_AT", "Job"]
    belongs = links["IN_CLUSTER", "JobCluster"]
    cluster = np.full(len(nodes["Job"]), -1, np.int64)
    cluster[belongs.start[::-1]] = belongs.end[::-1]
    through = cluster[jobs.end]
    start = np.concatenate([aims.start, jobs.start[through >= 0]]).astype(np.int64)
    end = np.concatenate([aims.end, through[through >= 0]]).astype(np.int64)
    stated: Places = np.unique(np.stack([start, end]), axis=1) if len(start) else np.zeros((2, 0), np.int64)
    return People(
        codes=students.codes,
        major=major,
        majors=nodes["Major"].codes,
        admitted=days(students.number("admittedOn")),
        graduates=days(students.number("graduatesOn")),
        groups={
            "gender": _texts(students, "gender"),
            "region": _texts(students, "regionText"),
            "difficulty": tuple("" if np.isnan(each) else "marked" if each else "not marked" for each in marked),
        },
        aims=stated,
    )


def _acts(links: Mapping[tuple[str, str], Links], *, jobs: int) -> Acts:
    parts = []
    for end, first in (("Job", 0), ("Resource", jobs)):
        found = links["INTERACTED", end]
        named = found.category("kind")
        place = np.array([*(KINDS.index(value) if value in KINDS else -1 for value in named.values), -1], np.int64)
        parts.append((found.start, found.end.astype(np.int64) + first, place[named.places], days(found.number("at"))))
    student, item, kind, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = (kind >= 0) & ~np.isnan(at)
    order = np.flatnonzero(kept)[np.lexsort((kind[kept], item[kept], student[kept], at[kept]))]
    return Acts(student[order].astype(np.int64), item[order], kind[order], at[order])


def _careers(links: Mapping[tuple[str, str], Links], *, clusters: tuple[str, ...]) -> Careers:
    jobs, terms = links["EMPLOYED_AS", "JobCluster"], links["INTERNED_AT", "Employer"]
    place = {code: number for number, code in enumerate(clusters)}
    named = terms.category("jobCluster")
    cluster = np.array([*(place.get(code, -1) for code in named.values), -1], np.int64)[named.places]
    student = np.concatenate([jobs.start, terms.start]).astype(np.int64)
    goes = np.concatenate([jobs.end.astype(np.int64), cluster])
    at = np.concatenate([days(jobs.number("startedOn")), days(terms.number("startedOn"))])
    intern = np.concatenate([np.zeros(len(jobs), bool), np.ones(len(terms), bool)])
    kept = (goes >= 0) & ~np.isnan(at)
    order = np.flatnonzero(kept)[np.lexsort((goes[kept], student[kept], at[kept]))]
    return Careers(student[order], goes[order], at[order], intern[order])


def _records(links: Mapping[tuple[str, str], Links]) -> Records:
    config = GapConfig()
    parts = []
    fixed = {"EARNED": config.earned, "ENTERED": config.entered, "WORKED_ON": config.worked_on}
    for type_ in ("TOOK", *fixed):
        label = MODEL.node(MODEL.relationship(type_).ends[0]).label
        found = links[type_, label]
        named = found.category("term")
        spans = np.array([*(term_days(value) for value in named.values), (np.nan, np.nan)]).reshape(-1, 2)
        begun, known = spans[named.places].T
        strength = np.full(len(found), fixed.get(type_, 0.0))
        if type_ == "TOOK":
            status = found.category("status")
            values = (*status.values, "")
            done = np.array([value in ("completed", "") for value in values])[status.places]
            marks = np.clip(found.number("score") / 100.0, 0.0, 1.0)
            strength = np.where(done, np.where(np.isnan(marks), config.unscored, marks), 0.0)
        parts.append((found.start.astype(np.int64), found.end.astype(np.int64), begun, known, strength))
    student, resource, begun, known, strength = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = ~np.isnan(begun)
    return Records(student[kept], resource[kept], begun[kept], known[kept], strength[kept])
