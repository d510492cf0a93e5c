"""What changes in lists and explanations when the input changes slightly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.benchmarks.explanations.measures import jaccard, mean, same_order
from gnn.benchmarks.explanations.stored import Explained
from gnn.capability import Basis
from gnn.config import GapConfig
from gnn.ranking import CHUNK, Behaviour, Ranker, plain_rules
from gnn.snapshot import Places, Snapshot
from schema.ranking import PATHS, named

Key = tuple[str, str]
"""Student and path."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a list shows: items in order, and the (goal, unit) that its sentences name."""

    items: tuple[str, ...]
    named: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much lists have in common, the means over students; NaN where nothing can be said.

    Arguments:
        path: of the lists.
        lists: pairs that were compared.
        items, named: Jaccard, 0 to 1.
        order: Spearman's rho, -1 to 1.
    """

    path: str
    lists: int
    items: float
    named: float
    order: float


def told_of(explained: Sequence[Explained]) -> dict[Key, Told]:
    """Return what stored lists show.

    Arguments:
        explained: items, of each list in order of rank.
    """
    lists: dict[Key, list[Explained]] = {}
    for each in explained:
        lists.setdefault((each.student, each.path), []).append(each)
    return {
        key: Told(tuple(each.item for each in items), frozenset[tuple[str, str]]().union(*(e.named for e in items)))
        for key, items in lists.items()
    }


def told_by(world: Snapshot, behaviour: Behaviour, config: GapConfig, students: NDArray[np.integer]) -> dict[Key, Told]:
    """Return what the lists of some students show, computed by settings that have been learned before.

    Arguments:
        world, behaviour: the input.
        config: of the generation, with all that it learned; nothing is learned anew.
        students: places.
    """
    basis = Basis.of(world, config)
    states = basis.states(config.state)
    rules = plain_rules(world, behaviour, config=config)
    ranker = Ranker(world, behaviour, basis.demand_levels, basis.supply_levels, rules.rules, rules.likelihood, config)
    found: dict[Key, Told] = {}
    every = np.sort(np.asarray(students, np.int32))
    for first in range(0, len(every), CHUNK):
        some = every[first : first + CHUNK]
        found |= _told(ranker, some, states.levels(some).dense())
    return found


def _told(ranker: Ranker, students: Places, abilities: NDArray[np.float64]) -> dict[Key, Told]:
    world = ranker.world
    standing = ranker.standing(students, abilities)
    gaps, lists = standing.gaps, ranker.lists(standing)
    lacking = {
        (int(students[row]), int(cluster)): amounts
        for row, cluster, amounts in zip(gaps.student, gaps.cluster, gaps.lacking, strict=True)
    }
    items: dict[Key, list[str]] = {}
    names: dict[Key, set[tuple[str, str]]] = {}
    columns = (lists.student.tolist(), lists.path.tolist(), lists.item.tolist(), lists.goal.tolist())
    for student, path, item, goal in zip(*columns, strict=True):
        key = (world.students[student], PATHS[path])
        missing = lacking[student, goal]
        told = named(_by_code(missing, world.capabilities))
        if PATHS[path] == "JOB":
            code = ranker.behaviour.openings.codes[item]
        else:
            code = world.resources[item]
            told += named(_by_code(np.minimum(missing, ranker.supply[item]), world.capabilities))
        items.setdefault(key, []).append(code)
        names.setdefault(key, set()).update((world.clusters[goal], unit) for unit in told)
    return {key: Told(tuple(codes), frozenset(names[key])) for key, codes in items.items()}


def _by_code(amounts: NDArray[np.float64], codes: Sequence[str]) -> dict[str, float]:
    return {codes[unit]: float(amounts[unit]) for unit in np.flatnonzero(amounts).tolist()}


def overlap(pairs: Sequence[tuple[Told, Told]], *, path: str) -> Overlap:
    """Return how much pairs of lists have in common."""
    return Overlap(
        path,
        len(pairs),
        mean([jaccard(one.items, other.items) for one, other in pairs]),
        mean([jaccard(one.named, other.named) for one, other in pairs]),
        mean([same_order(one.items, other.items) for one, other in pairs]),
    )


_NOTHING = Told((), frozenset())


def compared(before: Mapping[Key, Told], after: Mapping[Key, Told], students: Sequence[str]) -> list[Overlap]:
    """Return, path by path, how much the lists of some students before and after have in common.

    Arguments:
        before, after: what lists show.
        students: codes; those who have neither list are left out.
    """
    return _by_path(before, after, [(student, student) for student in students])


def strangers(told: Mapping[Key, Told], students: Sequence[str], *, seed: int) -> list[Overlap]:
    """Return, path by path, how much the lists of two students have in common who were drawn at random."""
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(students))
    pairs = [(students[one], students[other]) for one, other in zip(order, np.roll(order, 1), strict=True)]
    return _by_path(told, told, [pair for pair in pairs if pair[0] != pair[1]])


def _by_path(left: Mapping[Key, Told], right: Mapping[Key, Told], pairs: Sequence[tuple[str, str]]) -> list[Overlap]:
    found = []
    for path in PATHS:
        lists = [(left.get((one, path), _NOTHING), right.get((other, path), _NOTHING)) for one, other in pairs]
        found.append(overlap([(one, other) for one, other in lists if one.items or other.items], path=path))
    return found
