"""All measures of explanations of the active generation, on students who are drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import snapshot
from gnn.benchmarks.explanations.changes import fewer_postings, one_dropped, one_point
from gnn.benchmarks.explanations.measures import evenness, mean
from gnn.benchmarks.explanations.recency import Evidence, Recency
from gnn.benchmarks.explanations.stability import Overlap, compared, strangers, told_by, told_of
from gnn.benchmarks.explanations.stored import HOPS, Explained, generation_of, read_explained
from gnn.benchmarks.recommend.table import plain
from gnn.capability import Basis
from gnn.ranking import read_behaviour
from schema.errors import JobError
from schema.ranking import PATHS

STUDENTS = 200
"""Students who are drawn where nobody says otherwise."""
STORED, STRANGERS = "nothing: stored lists", "reference: two students at random"


@dataclass(frozen=True, slots=True)
class PathFigures:
    """What is measured of the lists of one path.

    Arguments:
        path: of the lists.
        lists, items: how many.
        full: share of items with a full chain, 0 to 1.
        fails: items whose chain is not full, by the hop that fails first.
        diversity: evenness of the kinds of chains in a list, 0 to 1, the mean over lists.
        kinds, possible: kinds in a list, the mean; and in all lists together.
        recency: of the evidence.
    """

    path: str
    lists: int
    items: int
    full: float
    fails: Mapping[str, int]
    diversity: float
    kinds: float
    possible: int
    recency: Recency


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of lists and explanations stays after a change.

    Arguments:
        change: what was changed.
        students: whom it concerns.
        overlaps: by path.
    """

    change: str
    students: int
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured.

    Arguments:
        generation: code.
        through: its last day of data.
        students: who were drawn.
        paths: figures by path.
        stability: by change; the first holds stored lists against computed ones, the last is the reference.
    """

    generation: str
    through: date
    students: int
    paths: tuple[PathFigures, ...]
    stability: tuple[Moved, ...]

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values; NaN becomes None."""
        found: dict[str, Any] = plain(asdict(self) | {"through": self.through.isoformat()})
        return found


def measure(
    graph: Graph, *, students: int = STUDENTS, seed: int = 0, through: date | None = None, progress: Progress
) -> Measured:
    """Measure the explanations of the active generation.

    Arguments:
        graph: an open graph.
        students: who are drawn at most, >= 1.
        seed: of all that is drawn.
        through: last day of data that counted when the generation was made; None for all that is loaded.
        progress: shows the steps.

    Raises:
        JobError: there is no generation, or it has no lists.
        UnreachableError: no server answers.
    """
    generation = generation_of(graph)
    config = generation.config
    world = snapshot.read(
        graph, as_of=through, open_only=config.open_only, half_life=config.half_life, progress=progress
    )
    behaviour = read_behaviour(graph, world, pool=config.ranking.pool, optional=config.optional, progress=progress)
    draw = np.random.default_rng(seed)
    places = np.sort(draw.permutation(len(world.students))[:students])
    codes = [world.students[place] for place in places.tolist()]
    with progress.step("Measuring explanations", total=5) as step:
        explained = list(read_explained(graph, generation, codes))
        if not explained:
            raise JobError("no lists in the generation", "`fullcycle gaps` to be run first", where="explanations")
        evidence = Evidence(Basis.of(world, config), generation.through)
        paths = tuple(_figures(path, [each for each in explained if each.path == path], evidence) for path in PATHS)
        step.advance(1)
        told = told_by(world, behaviour, config, places)
        moved = [Moved(STORED, len(codes), tuple(compared(told_of(explained), told, codes)))]
        step.advance(1)
        for change in (
            one_point(world, behaviour, places, seed=seed),
            one_dropped(world, behaviour, places, seed=seed),
            fewer_postings(graph, world, behaviour, places, seed=seed, config=config),
        ):
            now = told_by(change.world, change.behaviour, config, places)
            concerned = [world.students[place] for place in change.students.tolist()]
            moved.append(Moved(change.name, len(concerned), tuple(compared(told, now, concerned))))
            step.advance(1)
    moved.append(Moved(STRANGERS, len(codes), tuple(strangers(told, codes, seed=seed))))
    return Measured(generation.code, generation.through, len(codes), paths, tuple(moved))


def _figures(path: str, items: Sequence[Explained], evidence: Evidence) -> PathFigures:
    lists: dict[str, list[str]] = {}
    for each in items:
        lists.setdefault(each.student, []).append(each.kind)
    possible = len({each.kind for each in items})
    fails = Counter(each.fails for each in items)
    return PathFigures(
        path,
        len(lists),
        len(items),
        fails[""] / len(items) if items else float("nan"),
        {hop: fails[hop] for hop in HOPS},
        mean([evenness(kinds, possible=possible) for kinds in lists.values()]),
        mean([float(len(set(kinds))) for kinds in lists.values()]),
        possible,
        evidence.recency(items),
    )
