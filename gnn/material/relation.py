"""The heterogeneous graph laid out in time: students, courses, projects, skills, capabilities and clusters by month.

A node is a thing at a time: a cluster, skill or capability in a month, a course, project or student in a term. Edges
only lead from what is known to what comes after it, so whatever reaches the node of a cluster in a month through any
number of layers was known at the end of that month. Places of nodes are month * count + thing, or term * count +
thing.

    student  -took->       course      in the term; score, credits
    student  -worked_on->  project     in the term; certificates and competitions count as projects
    cluster  -asks->       skill       in the month; share of the cluster's postings that ask for it
    skill    -counts_for-> capability  in the month; weight of the mapping
    skill    -asked_by->   cluster     in the month; share
    capability -demanded_by-> cluster  in the month; demanded level, at most 1
    course   -trains_for-> cluster     last and second last known term; share of the core that it trains, age
    project  -trains_for-> cluster     the same
    cluster  -near->       cluster     in the month; cosine of what they ask for, its log, its ratio to the nearest
                                       three, one over its place among the nearest
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gnn.baselines.lags import correlation
from gnn.material.growth import LEAST, Growth
from gnn.material.profile import Profile
from gnn.panel import Panel, Rows
from gnn.snapshot import History

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

NEAREST = 8
"""Clusters that are looked at as neighbours of each."""

EDGE_TYPES = (
    ("student", "took", "course"),
    ("student", "worked_on", "project"),
    ("cluster", "asks", "skill"),
    ("skill", "counts_for", "capability"),
    ("skill", "asked_by", "cluster"),
    ("capability", "demanded_by", "cluster"),
    ("course", "trains_for", "cluster"),
    ("project", "trains_for", "cluster"),
    ("cluster", "near", "cluster"),
)


@dataclass(frozen=True, slots=True)
class Links:
    """Edges of one type.

    Arguments:
        source, target: places of nodes.
        values: what is known of each edge, [edges, values].
    """

    source: Places
    target: Places
    values: Floats

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, slots=True)
class Relation:
    """The graph in time.

    Arguments:
        nodes: number of nodes by type.
        inputs: what is known of nodes whose state does not come from another channel, [nodes, values] by type.
        links: edges by type, names as in EDGE_TYPES; a type without any edge is left out.
        students: student and term of each student node, [nodes, 2].
    """

    nodes: dict[str, int]
    inputs: dict[str, Floats]
    links: dict[tuple[str, str, str], Links]
    students: Places


def relation_of(history: History, profile: Profile, growth: Growth | None, *, months: range | None = None) -> Relation:
    """Return the graph of a history.

    Arguments:
        history: the past.
        profile: what clusters asked for.
        growth: sequences of students; None leaves them out.
        months: whose edges are wanted; None takes all. Nodes are those of all months and terms, so that places stay
            the same, and so do the states of nodes of these months and of terms: no edge leads from a month to another.
    """
    maker = _Maker(history, profile, months or range(history.months))
    links = {
        ("cluster", "asks", "skill"): maker.asks(),
        ("skill", "counts_for", "capability"): maker.counts_for(),
        ("capability", "demanded_by", "cluster"): maker.demanded_by(),
        ("cluster", "near", "cluster"): maker.near(),
    }
    asks = links["cluster", "asks", "skill"]
    links["skill", "asked_by", "cluster"] = Links(asks.target, asks.source, asks.values)
    nodes = {
        "cluster": history.months * len(history.clusters),
        "skill": history.months * len(history.skills),
        "capability": history.months * len(history.capabilities),
    }
    inputs = {"skill": maker.skills(asks)}
    students = np.zeros((0, 2), dtype=np.int64)
    if growth is not None:
        students = maker.students()
        nodes |= {kind: growth.terms * len(history.resources) for kind in ("course", "project")}
        nodes["student"] = len(students)
        for kind, verb, records in (
            ("course", "took", maker.courses()),
            ("project", "worked_on", maker.projects()),
        ):
            links["student", verb, kind] = maker.linked(students, records)
            inputs[kind] = maker.uptake(records)
            links[kind, "trains_for", "cluster"] = maker.trains_for(records, growth.known)
    return Relation(nodes, inputs, {name: each for name, each in links.items() if len(each)}, students)


def relation_of_series(panel: Panel, rows: Rows) -> Relation:
    """Return a graph of clusters alone: near are those whose series moved together in the training span.

    For institutions that have nothing but monthly counts.
    """
    table = panel.affinity
    if table is None:
        table = correlation(panel.values[:, : rows.parts.train.stop])
    count = len(panel.clusters)
    order = np.argsort(-table, axis=1, kind="stable")[:, :NEAREST]
    like = np.take_along_axis(table, order, axis=1)
    target = np.repeat(np.arange(count), order.shape[1])
    top = np.maximum(like[:, :3].sum(axis=1, keepdims=True), 1e-6)
    rank = np.broadcast_to(_ranks(like.shape[1]), like.shape)
    values = np.stack([like, np.log(like + 0.01), like / top, rank], axis=2)
    kept = like.ravel() > 0
    parts = [
        (month * count + order.ravel()[kept], month * count + target[kept], values.reshape(-1, 4)[kept])
        for month in range(panel.months)
    ]
    nodes = {"cluster": panel.months * count}
    return Relation(nodes, {}, {("cluster", "near", "cluster"): _joined(parts)}, np.zeros((0, 2), dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Records:
    """Student, resource, term and two values of each record."""

    student: NDArray[np.integer]
    resource: NDArray[np.integer]
    term: NDArray[np.integer]
    values: NDArray[np.float64]


class _Maker:
    def __init__(self, history: History, profile: Profile, months: range) -> None:
        self.history, self.profile, self.months = history, profile, months
        self.clusters, self.wanted = len(history.clusters), len(history.skills)
        self.units, self.resources = len(history.capabilities), len(history.resources)
        mappings = history.mappings
        shape = (self.wanted, self.units)
        self.mapping = sparse.csr_array((mappings.columns[0], (mappings.start, mappings.end)), shape=shape)

    def asks(self) -> Links:
        parts = []
        for month in self.months:
            table = sparse.coo_array(self.profile.at(month))
            cluster, skill = (np.asarray(each, np.int64) for each in table.coords)
            parts.append((month * self.clusters + cluster, month * self.wanted + skill, table.data[:, None]))
        return _joined(parts)

    def counts_for(self) -> Links:
        table = sparse.coo_array(self.mapping)
        skill, unit = (np.asarray(each, np.int64) for each in table.coords)
        parts = []
        for month in self.months:
            asked = np.zeros(self.wanted, bool)
            asked[self.profile.at(month).indices] = True
            here = asked[skill]
            parts.append(
                (month * self.wanted + skill[here], month * self.units + unit[here], table.data[here][:, None])
            )
        return _joined(parts)

    def demanded_by(self) -> Links:
        parts = []
        for month in self.months:
            table = sparse.coo_array(self.profile.at(month) @ self.mapping)
            cluster, unit = (np.asarray(each, np.int64) for each in table.coords)
            level = np.minimum(table.data, 1.0)[:, None]
            parts.append((month * self.units + unit, month * self.clusters + cluster, level))
        return _joined(parts)

    def near(self) -> Links:
        parts = []
        for month in self.months:
            found = self.profile.likeness(month)
            for cluster in range(self.clusters):
                span = slice(found.indptr[cluster], found.indptr[cluster + 1])
                order = np.argsort(-found.data[span], kind="stable")[:NEAREST]
                like = found.data[span][order]
                if not len(like):
                    continue
                values = np.stack([like, np.log(like + 0.01), like / like[:3].sum(), _ranks(len(like))], axis=1)
                base = month * self.clusters
                target = np.full(len(like), base + cluster)
                parts.append((base + found.indices[span][order].astype(np.int64), target, values))
        return _joined(parts)

    def skills(self, asks: Links) -> Floats:
        """How many clusters ask for a skill and how much, this month and against three months before."""
        months = self.history.months
        spread = np.bincount(asks.target, minlength=months * self.wanted).reshape(months, self.wanted)
        weight = np.bincount(asks.target, weights=asks.values[:, 0], minlength=months * self.wanted)
        weight = weight.reshape(months, self.wanted)
        asked = self.history.requirements
        fresh = np.zeros((months, self.wanted))
        np.add.at(fresh, (asked.month, asked.skill), asked.count)
        total = np.maximum(np.nan_to_num(self.history.counts).sum(axis=0), 1.0)
        share = np.log(fresh / total[:, None] + 1e-3)
        turn = share.copy()
        turn[3:] -= share[:-3]
        turn[:3] = 0.0
        columns = (np.log1p(spread), np.log1p(weight), share + 5.0, turn)
        return np.stack(columns, axis=2).reshape(-1, 4).astype(np.float32)

    def courses(self) -> _Records:
        courses = self.history.courses
        values = np.stack([np.nan_to_num(courses.score) / 100.0, np.nan_to_num(courses.credits) / 10.0], axis=1)
        return _Records(courses.student, courses.resource, courses.term, values)

    def projects(self) -> _Records:
        practice = self.history.practice
        values = np.stack([practice.kind == 2, np.log1p(np.nan_to_num(practice.hours)) / 5.0], axis=1)
        return _Records(practice.student, practice.resource, practice.term, values.astype(np.float64))

    def students(self) -> Places:
        """Each student in each term in which there is any record."""
        terms = len(self.history.terms)
        records = (self.courses(), self.projects())
        keys = np.unique(np.concatenate([each.student.astype(np.int64) * terms + each.term for each in records]))
        return np.stack([keys // terms, keys % terms], axis=1)

    def linked(self, students: Places, records: _Records) -> Links:
        width = int(students[:, 1].max(initial=0)) + 1
        keys = students[:, 0] * width + students[:, 1]
        source = np.searchsorted(keys, records.student.astype(np.int64) * width + records.term)
        target = records.term.astype(np.int64) * self.resources + records.resource
        return Links(source.astype(np.int64), target, records.values.astype(np.float32))

    def uptake(self, records: _Records) -> Floats:
        """How many took a resource in a term, and against the term before."""
        terms = len(self.history.terms)
        count = np.zeros((terms, self.resources))
        np.add.at(count, (records.term, records.resource), 1.0)
        level = np.log1p(count)
        turn = level.copy()
        turn[1:] -= level[:-1]
        turn[0] = 0.0
        return np.stack([level, turn], axis=2).reshape(-1, 2).astype(np.float32)

    def trains_for(self, records: _Records, known: Places) -> Links:
        """What was taken in the two terms known last leads to the clusters whose core it trains."""
        teaching = sparse.csr_array(
            (np.ones(len(self.history.teaching)), (self.history.teaching.start, self.history.teaching.end)),
            shape=(self.resources, self.wanted),
        )
        taken = [np.unique(records.resource[records.term == term]) for term in range(len(self.history.terms))]
        parts = []
        for month in self.months:
            leads = sparse.coo_array(teaching @ self.profile.core(month).T)
            resource, cluster = (np.asarray(each, np.int64) for each in leads.coords)
            for age in (0, 1):
                term = int(known[month]) - age
                if term < 0:
                    continue
                here = np.isin(resource, taken[term]) & (leads.data >= LEAST)
                values = np.stack([leads.data[here], np.full(here.sum(), float(age))], axis=1)
                parts.append((term * self.resources + resource[here], month * self.clusters + cluster[here], values))
        return _joined(parts)


def _ranks(count: int) -> NDArray[np.float64]:
    """One over the place among the nearest."""
    return 1.0 / np.arange(1, count + 1)


def _joined(parts: list[tuple[Places, Places, NDArray[np.float64]]]) -> Links:
    if not parts:
        return Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1), np.float32))
    source, target, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Links(source.astype(np.int64), target.astype(np.int64), values.astype(np.float32))
