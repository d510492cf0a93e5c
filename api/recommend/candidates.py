"""What may stand in a list, with its terms, and what a gate keeps out of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from api.recommend.facts import Own, similarity
from api.recommend.pool import NEVER, Flags, Floats, Places, Pool, Postings, Shelf, directions
from api.recommend.settings import Days
from schema.nodes import RESOURCE_KINDS
from schema.ranking import CLOSED, DEGREE, PREREQUISITE, REGION, TERMS, freshness, stage_fit
from schema.scoring import DECIMALS

SHOWN = len(TERMS) - 1
"""Terms that do not depend on what stands above: all but redundancy, which is the last."""


@dataclass(slots=True)
class Candidates:
    """Candidates of one list, in the order that settles ties.

    Arguments:
        codes, kinds: of each; the kind is "Job" or that of the resource.
        goals: place of the goal among the student's. [candidates]
        terms: those before redundancy, 0 to 1, the preference -1 to 1. [terms - 1, candidates]
        groups: number of the group of items that are alike. [candidates]
        seen: actions of late on items of each group. [groups]
        fresh: whether it was written after the generation was made.
        closes: last day to apply for each, as ordinals, or `NEVER`. [candidates]
        gates: names of the gates that each does not pass, and what they ask for; by place.
    """

    codes: Sequence[str]
    kinds: Sequence[str]
    goals: Places
    terms: Floats
    groups: Places
    seen: Floats
    fresh: Flags
    closes: Places
    gates: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)


def postings(
    pool: Pool, own: Own, days: Days, *, region: str | None = None, among: Postings | None = None
) -> Candidates:
    """Return the postings of the student's goals.

    Arguments:
        pool: the snapshot.
        own: the student.
        days: of the generation.
        region: code or name of the only region that the student wants; None for all.
        among: other postings than those of the snapshot, such as closed ones.
    """
    among = pool.postings if among is None else among
    most = pool.rules.ranking.pool
    starts = among.starts.tolist()
    spans = [(starts[goal.place], min(starts[goal.place] + most, starts[goal.place + 1])) for goal in own.goals]
    found = [np.arange(start, end) for start, end in spans]
    places = np.concatenate([*found, np.zeros(0, np.intp)]).astype(np.intp)
    goals = np.repeat(np.arange(len(spans)), [end - start for start, end in spans]).astype(np.intp)
    if own.used:
        kept = np.array([among.codes[place] not in own.used for place in places.tolist()], bool)
        places, goals = places[kept], goals[kept]
    settled = np.argsort(among.order[places])
    places, goals = places[settled], goals[settled]
    terms = np.zeros((SHOWN, len(places)))
    if len(places):
        held = np.minimum(among.demands[places], own.abilities).sum(axis=1)
        whole = among.whole[places]
        terms[0] = np.minimum(1.0, np.divide(held, whole, out=np.zeros_like(held), where=whole > 0.0))
        per_goal = np.array(
            [
                (
                    float(goal.own),
                    goal.likelihood,
                    pool.clusters.heat[goal.place],
                    goal.best_step[2] if goal.best_step else 0.0,
                    own.leaning.toward("Job", goal.code),
                )
                for goal in own.goals
            ]
        )
        terms[1], terms[2] = per_goal[goals, 0], per_goal[goals, 1]
        terms[3] = freshness(np.maximum(0.0, days.reference.toordinal() - among.released[places]))
        terms[4], terms[5], terms[7] = per_goal[goals, 2], per_goal[goals, 3], per_goal[goals, 4]
        terms[6] = stage_fit(own.stage, "Job")
    return Candidates(
        [among.codes[place] for place in places.tolist()],
        ["Job"] * len(places),
        goals,
        terms,
        goals,
        _seen(own, [("Job", goal.code) for goal in own.goals]),
        among.arrived[places],
        among.closes[places],
        _job_gates(pool, own, days, places, among=among, region=region),
    )


def _seen(own: Own, alike: Sequence[tuple[str, str]]) -> Floats:
    """Return how many of the latest actions were on items of each kind and job cluster. [groups]"""
    met = Counter((action.item_kind, action.cluster) for action in own.recent)
    return np.array([met[pair] for pair in alike], np.float64)


def _job_gates(
    pool: Pool, own: Own, days: Days, places: Places, *, among: Postings, region: str | None
) -> dict[int, list[tuple[str, str]]]:
    gates: dict[int, list[tuple[str, str]]] = {}
    # Postings from elsewhere are those that are over, whatever day they named.
    over = days.today.toordinal() if among is pool.postings else NEVER
    if own.degree is not None:
        for each in np.flatnonzero(among.education[places] > own.degree).tolist():
            gates.setdefault(each, []).append((DEGREE, f"ISCED {among.education[places[each]]}"))
    for each in np.flatnonzero(among.closes[places] < over).tolist():
        gates.setdefault(each, []).append((CLOSED, date.fromordinal(int(among.closes[places[each]])).isoformat()))
    if region is not None:
        for each, place in enumerate(places.tolist()):
            if not any(region in pool.regions.get(code, ()) for code in among.regions[place]):
                gates.setdefault(each, []).append((REGION, region))
    return gates


def resources(pool: Pool, own: Own, path: str) -> Candidates:
    """Return the resources of a path that lead to a goal of the student, and that the student has not done or used.

    Arguments:
        pool: the snapshot.
        own: the student.
        path: TRAINING or ENTREPRENEURSHIP.
    """
    shelf = pool.shelves[path]
    if not own.goals or not len(shelf):
        return _none()
    ends = np.array([goal.place for goal in own.goals])
    likely = np.array([goal.likelihood for goal in own.goals])
    shares = np.zeros((len(own.goals), len(shelf)))  # [goals, resources]
    for row, goal in enumerate(own.goals):
        if goal.value > 0.0:
            np.minimum(1.0, shelf.closes(goal.lacking) / goal.value, out=shares[row])
    prepares = shelf.prepares[ends]
    prepared: Flags = prepares.max(axis=0)
    # Where two are equal the better goal wins, which stands first.
    goals = np.where(
        prepared,
        np.argmax(np.where(prepares, likely[:, None], -1.0), axis=0),
        np.argmax(np.round(shares, DECIMALS), axis=0),
    )
    kept = np.flatnonzero((prepared | (shares.max(axis=0) > 0.0)) & ~shelf.among(own.done | own.used))
    goals, prepared = goals[kept], prepared[kept]
    terms = np.zeros((SHOWN, len(kept)))
    terms[0] = similarity(shelf.directions, directions(own.abilities))[kept]
    toward = similarity(shelf.directions, pool.clusters.directions[ends].T)  # [resources, goals]
    terms[1] = toward[kept, goals]
    terms[2] = np.where(prepared, likely[goals], 0.0)
    terms[4] = pool.clusters.heat[ends][goals]
    terms[5] = shares[goals, kept]
    # Alike are resources of one kind and goal.
    pairs, group = np.unique(shelf.kind[kept] * len(ends) + goals, return_inverse=True)
    alike = [(RESOURCE_KINDS[pair // len(ends)], own.goals[pair % len(ends)].code) for pair in pairs.tolist()]
    if alike:
        terms[6] = np.array([stage_fit(own.stage, kind) for kind, _ in alike])[group]
        terms[7] = np.array([own.leaning.toward(kind, code) for kind, code in alike])[group]
    return Candidates(
        [shelf.codes[place] for place in kept.tolist()],
        [RESOURCE_KINDS[kind] for kind in shelf.kind[kept].tolist()],
        goals,
        terms,
        group.astype(np.intp),
        _seen(own, alike),
        np.zeros(len(kept), bool),
        np.full(len(kept), NEVER, np.intp),
        _resource_gates(pool, own, shelf, kept),
    )


def _resource_gates(pool: Pool, own: Own, shelf: Shelf, kept: Places) -> dict[int, list[tuple[str, str]]]:
    gates: dict[int, list[tuple[str, str]]] = {}
    for place, first in shelf.after.items():
        missing = [code for code in first if code not in own.done]
        if missing:
            each = int(np.searchsorted(kept, place))
            if each < len(kept) and kept[each] == place:
                gates[each] = [(PREREQUISITE, _title(pool, code)) for code in missing]
    return gates


def _title(pool: Pool, code: str) -> str:
    place = pool.offers.places.get(code)
    return code if place is None else pool.offers.titles[place]


def _none() -> Candidates:
    places = np.zeros(0, np.intp)
    return Candidates([], [], places, np.zeros((SHOWN, 0)), places, np.zeros(0), np.zeros(0, bool), places)
