"""Equations 17 and 18 for all students: in which stage each is, and the weights W_z, learned where behaviour tells."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnn.snapshot.behaviour import ACTIONS, KINDS, Behaviour
from gnn.snapshot.gaps import COURSE_STATUS, PRACTICE, Floats, Snapshot
from gnn.snapshot.terms import term_start
from schema.feedback import SEARCHES, VENTURES
from schema.nodes import RESOURCE_KINDS
from schema.ranking import (
    SERVES,
    STAGES,
    TWELVE_MONTHS,
    VENTURE_KINDS,
    StageRules,
    Studies,
    stage_state,
    stage_weights,
)

_SEARCHES = tuple(ACTIONS.index(kind) for kind in SEARCHES)
_VENTURES = tuple(ACTIONS.index(kind) for kind in VENTURES)
_VENTURE_KINDS = tuple(KINDS.index(kind) for kind in VENTURE_KINDS)
_PROJECT = RESOURCE_KINDS.index("Project")

LEAST_STEPS = 200
"""Steps taken by students below which the documented weights stay as they are."""
SPREAD = 0.25
"""Standard deviation of the prior of a weight, as a share of its documented size (of 1 for the bias)."""
REACH = 0.5
"""How far a learned weight may move from the documented one, as a share of it (of 1 for the bias): no sign turns."""
SHARES = (1.0, 0.75, 0.5, 0.25)
"""Shares of what was learned that are tried until the weights still mean what stages mean, see `sensible`."""

SERVED = np.array([SERVES[kind] for kind in KINDS])  # [KINDS, stages]


def progress(behaviour: Behaviour, day: date) -> Floats:
    """Return the share of their planned studies that students have behind them, 0 to 1; 0.5 where nothing is known."""
    known = behaviour.profiles
    length = known.graduates - known.admitted
    with np.errstate(divide="ignore", invalid="ignore"):
        passed = np.where(length > 0, (day.toordinal() - known.admitted) / length, np.nan)
    passed = np.where(np.isnan(passed), known.year / 4.0, passed)
    return np.clip(np.where(np.isnan(passed), 0.5, passed), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the stages of all students are told from, see `schema.ranking.Studies`. [students] each"""

    progress: Floats
    completed: NDArray[np.int64]
    searched: NDArray[np.int64]
    ventured: NDArray[np.int64]
    founded: NDArray[np.int64]

    def of(self, students: NDArray[np.integer]) -> list[Studies]:
        """Return those of some students."""
        columns = (getattr(self, name)[students].tolist() for name in self.__slots__)
        return [Studies(*row) for row in zip(*columns, strict=True)]


def counts(world: Snapshot, behaviour: Behaviour, day: date) -> Counts:
    """Return what the stage of every student is told from on a day.

    Counted are the twelve months before it. Of courses, competitions and projects the term must be over. Behaviour
    counts until the instant of the snapshot, also where the day lies before it.
    """
    today, since = day.toordinal(), day.toordinal() - TWELVE_MONTHS
    count = len(world.students)

    def within(days: NDArray[Any]) -> NDArray[np.bool_]:
        return (days > since) & (days <= today)

    _, status, _, term = world.courses.columns
    done = np.isnan(status) | (status == COURSE_STATUS.index("completed"))
    completed = _count(world.courses.start[done & within(term_start(term + 1))], count)
    type_, _, term = world.practice.columns
    project = (type_ == PRACTICE.index("WORKED_ON")) & (world.kinds[world.practice.end] == _PROJECT)
    ventured = (project | (type_ == PRACTICE.index("ENTERED"))) & within(term_start(term + 1))
    actions = behaviour.actions
    late = actions.day > since
    searched = late & (actions.item_kind == 0) & np.isin(actions.kind, _SEARCHES)
    supported = late & np.isin(actions.item_kind, _VENTURE_KINDS) & np.isin(actions.kind, _VENTURES)
    founded, interned = behaviour.profiles.founded, behaviour.profiles.interned
    return Counts(
        progress(behaviour, day),
        completed,
        _count(actions.student[searched], count) + _count(interned[within(interned[:, 1]), 0], count),
        _count(actions.student[supported], count) + _count(world.practice.start[ventured], count),
        _count(founded[founded[:, 1] <= today, 0], count),
    )


def _count(students: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    return np.bincount(students, minlength=count).astype(np.int64)


def states(known: Sequence[Studies]) -> Floats:
    """Return z_u of some students. [students, stages]"""
    return np.array([stage_state(each) for each in known], float).reshape(-1, len(STAGES))


def stages(known: Sequence[Studies], rules: StageRules, leaning: Floats) -> Floats:
    """Return pi_u of some students. [students, stages]

    Arguments:
        known: what it is told from.
        rules: W_z and b_z.
        leaning: theta of the four goals. [students, stages]
    """
    found = [
        stage_weights(stage_state(each), rules, leaning=lean)
        for each, lean in zip(known, leaning.tolist(), strict=True)
    ]
    return np.array(found, float).reshape(-1, len(STAGES))


def learn_stage(states: Floats, kinds: NDArray[np.integer], *, prior: StageRules | None = None) -> StageRules:
    """Return W_z and b_z that foretell best which kinds of items students took up next.

    The most probable ones under a normal prior around the documented weights, never further from them than `REACH`, and
    so much of the way there as keeps them `sensible`: what is on offer and what is asked for differ too much between
    the kinds for behaviour alone to say what a stage means. With few steps the documented weights stay.

    P(kind | u) is proportional to how often the kind is taken up at all and to how much of pi_u it serves.

    Arguments:
        states: z_u of who took each step. [steps, stages]
        kinds: of the item taken up, places in `KINDS`. [steps]
    """
    prior = prior or StageRules()
    if len(kinds) < LEAST_STEPS:
        return prior
    # scipy's optimizers are slow to import, and not needed where nothing is learned.
    from scipy.optimize import minimize  # noqa: PLC0415

    weights, bias = np.array(prior.weights), np.array(prior.bias)
    start = np.concatenate((weights, bias[:, None]), axis=1)  # [stages, stages + 1]
    reach = REACH * np.concatenate((np.abs(weights), np.ones((len(bias), 1))), axis=1)
    spread = np.concatenate((SPREAD * np.abs(weights), np.full((len(bias), 1), SPREAD)), axis=1)
    spread[spread == 0.0] = 1.0
    met = Counter(np.asarray(kinds).tolist())
    often = np.array([met.get(kind, 0) for kind in range(len(KINDS))], float)  # [KINDS]
    given = np.concatenate((states, np.ones((len(states), 1))), axis=1)  # [steps, stages + 1]
    own = SERVED[kinds]  # [steps, stages]

    def loss(flat: Floats) -> tuple[float, Floats]:
        moved = flat.reshape(start.shape)
        raised = given @ moved.T
        raised -= raised.max(axis=1, keepdims=True)
        pi = np.exp(raised)
        pi /= pi.sum(axis=1, keepdims=True)  # [steps, stages]
        served = (pi * own).sum(axis=1)
        whole = pi @ (often @ SERVED)
        # d log(pi . c) / d raised = pi * c / (pi . c) - pi; the difference of two such terms loses its pi.
        slope = pi * own / served[:, None] - pi * (often @ SERVED) / whole[:, None]
        away = (moved - start) / spread
        value = float(np.log(whole).sum() - np.log(served).sum() + 0.5 * (away**2).sum())
        return value, (away / spread - slope.T @ given).ravel()

    bounds = list(zip((start - reach).ravel(), (start + reach).ravel(), strict=True))
    found = minimize(loss, start.ravel(), jac=True, bounds=bounds, method="L-BFGS-B").x.reshape(start.shape)
    for share in SHARES:
        moved = np.round(start + share * (np.clip(found, start - reach, start + reach) - start), 4)
        rules = StageRules(tuple(tuple(row) for row in moved[:, :-1].tolist()), tuple(moved[:, -1].tolist()))
        if sensible(rules):
            return rules
    return prior


def sensible(rules: StageRules) -> bool:
    """Tell whether weights mean what stages mean: beginners train, finalists look for jobs, founders found.

    Held to are students of every kind of diligence: in the first year training weighs more than employment; in the last
    one employment weighs more than training, and more than it did in the first; who founds something or takes up
    mentors and projects weighs entrepreneurship more than who does not.
    """
    for completed in (2, 4, 6):
        first = _pi(rules, Studies(0.1, completed))
        last = _pi(rules, Studies(0.95, completed))
        plain = _pi(rules, Studies(0.6, completed, 1))
        ventured, founded = _pi(rules, Studies(0.6, completed, 1, 3)), _pi(rules, Studies(0.6, completed, 1, 3, 1))
        training = first[1] > first[2]
        employment = last[2] > last[1] and last[2] > first[2]
        if not (training and employment and plain[3] < ventured[3] < founded[3]):
            return False
    return True


def _pi(rules: StageRules, known: Studies) -> list[float]:
    return stage_weights(stage_state(known), rules)
