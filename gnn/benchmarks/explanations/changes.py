"""Small changes of the input: the world as it would be had one score, one record or some postings been different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from gnn.config import GapConfig
from gnn.ranking import Behaviour
from gnn.snapshot import COURSE_STATUS, Edges, Floats, Snapshot
from gnn.snapshot.behaviour import Openings

Indexes = NDArray[np.int64]
Counts = Mapping[str, tuple[float, Mapping[tuple[str, float, float, float], float]]]
"""By cluster, what some postings count, and what they count for each (skill, level, confidence, optional)."""

POINT = 1.0
"""Points by which a score is changed, up or down."""
REMOVED = 0.01
"""Share of the postings that are removed."""
_BEGINNING, _EVER = date(1900, 1, 1), datetime(1900, 1, 1, tzinfo=UTC)
_MILLION = 1e6
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Changed:
    """A world that differs slightly.

    Arguments:
        name: what was changed.
        world, behaviour: with the change.
        students: places of those whom it concerns.
    """

    name: str
    world: Snapshot
    behaviour: Behaviour
    students: Indexes


def _without(edges: Edges, gone: Indexes) -> Edges:
    kept = np.ones(len(edges), bool)
    kept[gone] = False
    return Edges(edges.start[kept], edges.end[kept], tuple(column[kept] for column in edges.columns))


def _one_each(edges: Edges, wanted: NDArray[np.bool_], draw: np.random.Generator) -> Indexes:
    """Return the place of one relationship of each start, drawn among those that are wanted."""
    places = np.flatnonzero(wanted)
    places = places[np.argsort(draw.random(len(places)), kind="stable")]
    _, first = np.unique(edges.start[places], return_index=True)
    return places[first]


def one_point(world: Snapshot, behaviour: Behaviour, students: Indexes, *, seed: int) -> Changed:
    """Return the world in which one course of each student was marked a point better or worse, drawn alike.

    Arguments:
        students: places of those whose scores are changed.
    """
    draw = np.random.default_rng(seed)
    score, *others = world.courses.columns
    chosen = _one_each(world.courses, ~np.isnan(score) & np.isin(world.courses.start, students), draw)
    marks: Floats = score.copy()
    up = (draw.random(len(chosen)) < 0.5) & (marks[chosen] + POINT <= 100.0) | (marks[chosen] - POINT < 0.0)
    marks[chosen] += np.where(up, POINT, -POINT)
    courses = Edges(world.courses.start, world.courses.end, (marks, *others))
    concerned = world.courses.start[chosen].astype(np.int64)
    return Changed("one score, a point up or down", replace(world, courses=courses), behaviour, concerned)


def one_dropped(world: Snapshot, behaviour: Behaviour, students: Indexes, *, seed: int) -> Changed:
    """Return the world in which one record of each student was never made: a course with its result, a certificate, a
    competition, a project or a practicum. What it was about counts as not done, unless another record says so.

    Arguments:
        students: places of those who lose a record.
    """
    draw = np.random.default_rng(seed)
    status = world.courses.columns[1]
    taken = np.isnan(status) | (status == COURSE_STATUS.index("completed"))
    both = Edges(
        np.concatenate((world.courses.start, world.practice.start)),
        np.concatenate((world.courses.end, world.practice.end)),
    )
    counts = np.concatenate((taken, np.ones(len(world.practice), bool)))
    gone = _one_each(both, counts & np.isin(both.start, students), draw)
    left = _without(both, gone)
    still = set(zip(left.start.tolist(), left.end.tolist(), strict=True))
    lost = set(zip(both.start[gone].tolist(), both.end[gone].tolist(), strict=True)) - still
    pairs = zip(world.done.start.tolist(), world.done.end.tolist(), strict=True)
    undone = np.flatnonzero([pair in lost for pair in pairs])
    courses, practice = gone[gone < len(world.courses)], gone[gone >= len(world.courses)] - len(world.courses)
    less = replace(
        world,
        courses=_without(world.courses, courses),
        practice=_without(world.practice, practice),
        done=_without(world.done, undone),
    )
    return Changed("one record of evidence less", less, behaviour, both.start[gone].astype(np.int64))


def fewer_postings(
    graph: Graph, world: Snapshot, behaviour: Behaviour, students: Indexes, *, seed: int, config: GapConfig
) -> Changed:
    """Return the world without some of the postings, drawn at random, `REMOVED` of all.

    Arguments: as of `without_postings`, and
        students: places of those who are looked at.

    Raises:
        UnreachableError: no server answers.
    """
    draw = np.random.default_rng(seed)
    day = world.as_of.date()
    [row] = graph.read(query("snapshot/posting-codes"), after=_BEGINNING, through=day, changed=_EVER)
    codes = np.array(sorted(row["codes"]), object)
    gone = draw.choice(codes, size=max(1, round(REMOVED * len(codes))), replace=False).tolist()
    less, left = without_postings(graph, world, behaviour, gone, config=config)
    return Changed("1 % of the postings less", less, left, students)


def without_postings(
    graph: Graph, world: Snapshot, behaviour: Behaviour, gone: Sequence[str], *, config: GapConfig
) -> tuple[Snapshot, Behaviour]:
    """Return world and behaviour without some postings: neither demands count them, nor do they compete.

    What the lines of business of ventures ask for still counts them, and so does what students did with them.

    Arguments:
        graph: from which the world was read; tells what each posting adds to the demands.
        gone: codes of the postings.
        config: settings with which the world was read.

    Raises:
        UnreachableError: no server answers.
    """
    counts = _counts(graph, world, gone, config=config)
    requirements, postings = world.requirements, world.postings.copy()
    level, confidence, optional, many = requirements.columns
    many = many.copy()
    keys = zip(requirements.start.tolist(), requirements.end.tolist(), level, confidence, optional, strict=True)
    for place, (cluster, skill, *how) in enumerate(keys):
        found = counts.get(world.clusters[cluster])
        if found is not None:
            many[place] -= found[1].get((world.skills[skill], *map(float, how)), 0.0)
    for place, code in enumerate(world.clusters):
        if code in counts:
            postings[place] = max(0.0, postings[place] - counts[code][0])
    changed = Edges(requirements.start, requirements.end, (level, confidence, optional, many))
    less = replace(world, postings=postings, requirements=_without(changed, np.flatnonzero(many < _LEAST)))
    return less, replace(behaviour, openings=_closed(behaviour.openings, gone))


def _counts(graph: Graph, world: Snapshot, codes: Sequence[str], *, config: GapConfig) -> Counts:
    found = {}
    rows = graph.read(
        query("snapshot/requirements-of"),
        codes=list(codes),
        asOf=world.as_of,
        day=world.as_of.date(),
        openOnly=config.open_only,
        through=world.data_through,
        halfLife=config.half_life,
    )
    for row in rows:
        asked: dict[tuple[str, float, float, float], float] = {}
        for skill, level, confidence, optional, weight in row["requirements"]:
            key = (skill, float(level), float(confidence), float(optional))
            asked[key] = asked.get(key, 0.0) + weight / _MILLION
        found[row["cluster"]] = (row["postings"] / _MILLION, asked)
    return found


def _closed(openings: Openings, codes: Sequence[str]) -> Openings:
    """Return the openings with some that are closed ever since."""
    closed = openings.closed.copy()
    among = set(codes)
    closed[[place for place, code in enumerate(openings.codes) if code in among]] = 0
    return replace(openings, closed=closed)
