"""What the explanations of stored lists stand on in the graph: whether chains are full, and of what kind they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cypher.graph import Graph
from cypher.library import query
from gnn.config import GapConfig
from schema import ranking
from schema.errors import JobError
from schema.ranking import TERMS, named

TOLERANCE = 1e-6
"""Numbers that differ by less add up."""
BATCH = 50
"""Students that are read at once."""
HOPS = ("terms", "goal", "gap", "units", "item")
"""Where a chain can fail, in the order in which it is looked at."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Generation:
    """The generation that is measured.

    Arguments:
        code: its code.
        through: its last day of data.
        config: its settings.
    """

    code: str
    through: date
    config: GapConfig


@dataclass(frozen=True, slots=True)
class Explained:
    """An item of a stored list, as far as its explanation is measured.

    Arguments:
        student, path, rank, item, goal: which it is, by codes.
        fails: the first of `HOPS` that fails; empty where the chain is full.
        kind: of the chain.
        units: that the goal demands, codes.
        named: (goal, unit) that the sentences name.
    """

    student: str
    path: str
    rank: int
    item: str
    goal: str
    fails: str
    kind: str
    units: frozenset[str]
    named: frozenset[tuple[str, str]]


def generation_of(graph: Graph) -> Generation:
    """Return the active generation.

    Raises:
        JobError: there is none.
    """
    for row in graph.read(query("serve/generation")):
        if row["code"] is not None:
            return Generation(row["code"], row["dataThrough"].to_native(), GapConfig.of(row["config"]))
    raise JobError("no generation", "`fullcycle gaps` to be run first", where="bench --task explanations")


def read_explained(graph: Graph, generation: Generation, students: Sequence[str]) -> Iterator[Explained]:
    """Read the items of the stored lists of some students, and judge them.

    Arguments:
        graph: an open graph.
        generation: whose lists.
        students: codes.

    Raises:
        UnreachableError: no server answers.
    """
    for first in range(0, len(students), BATCH):
        codes = list(students[first : first + BATCH])
        for row in graph.read(query("report/explained"), codes=codes, generation=generation.code):
            gaps = {gap["goal"]: gap for gap in row["gaps"]}
            held = dict(row["abilities"])
            for item in row["items"]:
                yield _explained(row["code"], item, gaps.get(item["goal"]), held, generation.config)


def _explained(student: str, item: Row, gap: Row | None, held: Mapping[str, float], config: GapConfig) -> Explained:
    supply: dict[str, float] = dict(item["units"])
    lacking = {} if gap is None else {unit: amount for unit, _, _, amount in gap["lacks"]}
    closed = {} if item["kind"] == "Job" else _closed(lacking, supply)
    return Explained(
        student,
        item["path"],
        item["rank"],
        item["item"],
        item["goal"] or "",
        _fails(item, gap, held, config),
        _kind(item, gap, lacking=lacking, closed=closed),
        frozenset() if gap is None else frozenset(unit for unit, _ in gap["demands"]),
        frozenset((item["goal"], unit) for unit in (*named(lacking), *named(closed))),
    )


def _closed(lacking: Mapping[str, float], supply: Mapping[str, float]) -> dict[str, float]:
    return {unit: min(amount, supply[unit]) for unit, amount in lacking.items() if supply.get(unit, 0.0) > 0.0}


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE


def _fails(item: Row, gap: Row | None, held: Mapping[str, float], config: GapConfig) -> str:
    """Return the first hop that fails, or nothing."""
    if not _terms_hold(item, config):
        return "terms"
    if gap is None or not _near(gap["value"], item["gap"]):
        return "goal"
    if gap["value"] <= TOLERANCE and not gap["lacks"]:
        return "gap"
    if not _units_hold(gap, held):
        return "units"
    return "" if _item_holds(item, gap) else "item"


def _terms_hold(item: Row, config: GapConfig) -> bool:
    terms, weights = item["terms"], config.ranking.weights[item["path"]]
    if terms is None or len(terms) != len(TERMS):
        return False
    by_name = dict(zip(TERMS, terms, strict=True))
    return (
        _near(ranking.score(terms, weights), item["score"])
        and _near(ranking.match(terms, weights), item["match"])
        and _near(by_name["compensation"], item["contribution"])
        and _near(by_name["heat"], item["heat"])
    )


def _units_hold(gap: Row, held: Mapping[str, float]) -> bool:
    demanded = dict(gap["demands"])
    lacks = gap["lacks"]
    return (
        bool(lacks)
        and _near(sum(amount for _, _, _, amount in lacks), gap["value"])
        and all(
            amount > 0.0
            and _near(amount, asked - has)
            and _near(asked, demanded.get(unit, 0.0))
            and _near(has, held.get(unit, 0.0))
            for unit, asked, has, amount in lacks
        )
    )


def _item_holds(item: Row, gap: Row) -> bool:
    share = item["contribution"]
    if item["kind"] == "Job":
        best = max((contribution for _, _, contribution in gap["bridges"]), default=0.0)
        return bool(item["leads"]) and best > 0.0 and _near(share, best)
    lacking = {unit: amount for unit, _, _, amount in gap["lacks"]}
    closed = sum(_closed(lacking, dict(item["units"])).values()) / gap["value"]
    return closed > 0.0 and _near(share, min(1.0, closed))


def _kind(item: Row, gap: Row | None, *, lacking: Mapping[str, float], closed: Mapping[str, float]) -> str:
    if gap is None:
        return "no goal"
    goal = "stated" if gap["own"] else "likely"
    if item["kind"] == "Job":
        asks = "asks for it" if any(unit in lacking for unit, _ in item["units"]) else "by its cluster"
        best = max(gap["bridges"], key=lambda bridge: bridge[2], default=None)
        return f"{goal}, {asks}, {best[1] if best else 'no step'}"
    links = [word for word, holds in (("prepares", item["leads"]), ("closes", closed)) if holds]
    return f"{goal}, {' and '.join(links) or 'unlinked'}, {item['kind']}"
