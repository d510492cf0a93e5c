"""One student as the lists see the student: goals with their gaps, abilities, stage, behaviour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import log10
from typing import Any

import numpy as np

from api.recommend.pool import Flags, Floats, Pool, directions
from api.recommend.settings import Days
from schema import ranking
from schema.feedback import SEARCHES, USED, VENTURES, Action, Leaning, fold
from schema.ranking import VENTURE_KINDS, Studies
from schema.rules import RankingRules
from schema.scoring import DECIMALS, LEAST_AMOUNT

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of a student, with the gap toward it.

    Arguments:
        code: of the job cluster.
        place: of the cluster in the pool.
        own: whether the student stated it.
        likelihood: how often students like this one come to it, 0 to 1, on a logarithmic scale.
        lacking: shortfalls, 0 to 1. [units]
        value: sum of the shortfalls.
        steps: code, name and contribution of the resources that narrow the gap and that the student has not done,
            best first.
    """

    code: str
    place: int
    own: bool
    likelihood: float
    lacking: Floats
    value: float
    steps: tuple[tuple[str, str, float], ...]

    @property
    def best_step(self) -> tuple[str, str, float] | None:
        """The step that closes the most."""
        return max(self.steps, key=lambda step: step[2], default=None)


@dataclass(frozen=True, slots=True)
class Own:
    """All of a student that lists depend on.

    Arguments:
        code: of the student.
        degree: ISCED level aimed at; None where it is not known.
        abilities: a_u, 0 to 1. [units]
        goals: best first.
        known: whether the generation holds gaps of the student.
        changed: whether the student did something that the generation does not know.
        done: codes of resources that are done.
        used: codes of items that the student applied for, registered for, completed or dismissed.
        leaning: what behaviour says of the student.
        stage: pi_u, in the order of `ranking.STAGES`.
        recent: the latest actions, as many as count for redundancy.
    """

    code: str
    degree: int | None
    abilities: Floats
    goals: tuple[Goal, ...]
    known: bool
    changed: bool
    done: frozenset[str]
    used: frozenset[str]
    leaning: Leaning
    stage: list[float]
    recent: tuple[Action, ...]

    @property
    def provisional(self) -> bool:
        """Whether what is told of the student was not made by the jobs, or is older than what the student did."""
        return self.changed or not self.known


def actions_of(row: Row) -> list[Action]:
    """Return what a student did, in order of time; a key counts once.

    Arguments:
        row: of ``serve/student-facts``.
    """
    found: dict[str, Action] = {}
    for each in row["actions"]:
        at = each["at"].to_native()
        key = each["key"] or f"{each['item']} {at.isoformat()}"
        if key not in found:
            found[key] = Action(at, key, each["kind"], each["itemKind"], each["cluster"])
    return sorted(found.values(), key=lambda action: (action.at, action.key))


def _day(value: Any) -> date | None:
    return None if value is None else value if isinstance(value, date) else value.to_native()


def studies_of(row: Row, actions: Sequence[Action], days: Days) -> Studies:
    """Return what the stage of a student is told from.

    Arguments:
        row: of ``serve/student-facts``.
        actions: of the student.
        days: of the generation.
    """
    since = datetime.combine(days.year_before, datetime.max.time(), UTC)
    late = [action for action in actions if action.at > since]
    searched = sum(action.item_kind == "Job" and action.kind in SEARCHES for action in late)
    ventured = sum(action.item_kind in VENTURE_KINDS and action.kind in VENTURES for action in late)
    return Studies(
        progress=_progress(row, days.reference),
        completed=row["completed"],
        searched=searched + row["interned"],
        ventured=ventured + row["ventured"],
        founded=row["founded"],
    )


def _progress(row: Row, day: date) -> float:
    start, end = _day(row["admittedOn"]), _day(row["graduatesOn"])
    if start is not None and end is not None and end > start:
        return min(1.0, max(0.0, (day - start) / (end - start)))
    return 0.5 if row["year"] is None else min(1.0, row["year"] / 4.0)


def stage_of(row: Row, actions: Sequence[Action], leaning: Leaning, *, rules: RankingRules, days: Days) -> list[float]:
    """Return pi_u of equation 18, in the order of `ranking.STAGES`."""
    state = ranking.stage_state(studies_of(row, actions, days))
    return ranking.stage_weights(state, rules.stage, leaning=leaning.stage)


def own_of(row: Row, pool: Pool, days: Days, *, created: datetime) -> Own:
    """Return a student as the lists see the student.

    Arguments:
        row: of ``serve/student-facts``.
        pool: snapshot of the generation that the row was read for.
        days: of the generation.
        created: when the generation was made.
    """
    rules = pool.rules.ranking
    actions = actions_of(row)
    leaning = fold(actions, rules.feedback)
    abilities = _vector(row["abilities"], pool)
    done = frozenset(row["done"])
    updated = row["updatedAt"]
    # A late action has an early instant; the student's own says when it was recorded.
    changed = (updated is not None and updated.to_native() > created) or any(action.at > created for action in actions)
    used = frozenset(each["item"] for each in row["actions"] if each["kind"] in USED)
    stored = tuple(_stored_goal(each, pool, done) for each in row["gaps"] if each["goal"] in pool.clusters.names.places)
    return Own(
        code=row["code"],
        degree=row["degree"],
        abilities=abilities,
        goals=stored or _first_goals(row, pool, abilities=abilities, done=done),
        known=bool(stored),
        changed=changed,
        done=done,
        used=used,
        leaning=leaning,
        stage=stage_of(row, actions, leaning, rules=rules, days=days),
        recent=tuple(actions[len(actions) - min(len(actions), rules.recent) :]),
    )


def _vector(pairs: Sequence[tuple[str, float]], pool: Pool) -> Floats:
    vector = np.zeros(len(pool.units))
    places = pool.units.places
    for unit, level in pairs:
        if unit in places:
            vector[places[unit]] = level
    return vector


def _stored_goal(row: Row, pool: Pool, done: frozenset[str]) -> Goal:
    return Goal(
        row["goal"],
        pool.clusters.names.places[row["goal"]],
        row["own"],
        row["likelihood"],
        _vector(row["lacks"], pool),
        row["value"],
        tuple((code, name, share) for code, name, share in row["bridges"] if code not in done),
    )


def _first_goals(row: Row, pool: Pool, *, abilities: Floats, done: frozenset[str]) -> tuple[Goal, ...]:
    """Return the goals of a student of whom the jobs know nothing yet: the stated ones, then where others go."""
    shares = pool.majors.get(row["major"], pool.clusters.postings)
    known: Flags = pool.clusters.demands.max(axis=1, initial=0.0) > 0.0
    if not known.any():
        return ()
    codes = pool.clusters.names.codes
    aims = {pool.clusters.names.places[code] for code in row["aims"] if code in pool.clusters.names.places}
    broad: Flags = (pool.clusters.demands > 0.0).sum(axis=1) >= pool.rules.least_units
    best = sorted(
        (place for place in np.flatnonzero(known & broad & (shares > 0.0)).tolist() if place not in aims),
        key=lambda place: (-shares[place], -pool.clusters.heat[place], codes[place]),
    )
    stated = sorted(
        (place for place in aims if known[place]),
        key=lambda place: (-shares[place], -pool.clusters.heat[place], codes[place]),
    )
    places = stated + best[: max(0, pool.rules.goals - len(stated))]
    top = float(shares.max())
    return tuple(
        _first_goal(
            place,
            pool,
            share=float(shares[place]) / top if top > 0.0 else 0.0,
            own=place in aims,
            abilities=abilities,
            done=done,
        )
        for place in places
    )


def _first_goal(place: int, pool: Pool, *, share: float, own: bool, abilities: Floats, done: frozenset[str]) -> Goal:
    lacking = _lacking(pool.clusters.demands[place], abilities)
    value = float(lacking.sum())
    likely = float(ranking.likelihood(log10(share))) if share > 0.0 else 0.0
    code = pool.clusters.names.codes[place]
    steps = tuple(_steps(place, pool, lacking=lacking, value=value, abilities=abilities, done=done))
    return Goal(code, place, own, likely, lacking, value, steps)


def _steps(
    place: int, pool: Pool, *, lacking: Floats, value: float, abilities: Floats, done: frozenset[str]
) -> list[tuple[str, str, float]]:
    """Return the resources that the jobs would store for a gap: code, name and contribution, best first."""
    offers = pool.offers
    if not len(offers) or value <= 0.0:
        return []
    covers = offers.closes(lacking)
    usable = np.flatnonzero((covers > 0.0) & ~offers.among(done))
    weights = pool.rules.weights
    to_student = similarity(offers.directions, directions(abilities))[usable]
    to_goal = similarity(offers.directions, pool.clusters.directions[place])[usable]
    scores = np.round(weights.to_student * to_student + weights.to_goal * to_goal - weights.gap * value, DECIMALS)
    # The offers stand in order of code, which settles ties.
    best = usable[np.argsort(-scores, kind="stable")[: pool.rules.resources]].tolist()
    return [(offers.codes[each], offers.titles[each], min(1.0, float(covers[each]) / value)) for each in best]


def shortfalls(own: Own, pool: Pool, place: int) -> Floats:
    """Return what a student lacks toward a job cluster: as it is stored, else by equation 15. [units]

    Arguments:
        own: the student.
        pool: the snapshot.
        place: of the cluster.
    """
    stored = next((goal.lacking for goal in own.goals if goal.place == place), None)
    return _lacking(pool.clusters.demands[place], own.abilities) if stored is None else stored


def _lacking(demands: Floats, abilities: Floats) -> Floats:
    lacking: Floats = demands - abilities
    lacking[lacking < LEAST_AMOUNT] = 0.0
    return lacking


def similarity(left: Floats, right: Floats) -> Floats:
    """Return the cosine similarities of rows of length 1 with columns of that length, rounded as the jobs do."""
    products: Floats = np.minimum(np.round(left @ right, DECIMALS), 1.0)
    return products
