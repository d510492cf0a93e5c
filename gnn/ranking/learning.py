"""What lists are made by, learned from what students did after a day, told from what was known on it.

Three things are learned: where students go (`likelihood`), what stages mean (`stage`), and here the weights of the
terms, by learning to rank: each positive action chooses one of the items that competed at that moment, and the chance
of a choice is a softmax over their scores. The weights are >= 0, held near the documented ones, and scaled so that
they sum to 1; that of redundancy stays as documented, since what students do next says nothing of what a list as a
whole is good for. Where there are few actions, everything stays as documented.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gnn.config import GapConfig
from gnn.ranking.leaning import positives
from gnn.ranking.likelihood import Likelihood, arrivals, fit_choice, learn_likelihood, shares
from gnn.ranking.pool import done_before, places_of
from gnn.ranking.ranker import Ranker
from gnn.ranking.stage import counts, learn_stage, states
from gnn.ranking.terms import Candidates, of_path
from gnn.rows import marked
from gnn.snapshot.behaviour import KINDS, Actions, Behaviour
from gnn.snapshot.gaps import Floats, Places, Snapshot
from schema.ranking import PATHS, TERMS, ScoreWeights
from schema.rules import RankingRules

SPAN = 183
"""Days before the reference day whose actions are learned from, unless somebody says otherwise."""
LEAST_CHOICES = 200
"""Choices of a list below which its weights stay as documented."""
MOST_OF_ONE = 5
"""Choices of a list that one student has, the latest ones, each item once: nobody settles what others are shown."""
MOST_CHOICES = 1_500
"""Choices of a list that are learned from; of more, every n-th one is."""
OTHERS = 60
"""Items that a choice is held against, drawn among those that competed."""
TURNS = 16
"""Days into which the span is cut: what competed is told for each of them."""
PENALTY = 100.0
"""Of the squared distance of the weights, which sum to 1, from the documented ones; the loss sums over choices."""
LEARNED_TERMS = TERMS[:-1]
KEPT = {"compensation": 0.25, "stage": 0.25}
"""Share of their documented weight that terms keep, whatever behaviour says: lists are there for what closes a gap and
suits the stage, not only for what students would take up anyway."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What lists are made by.

    Arguments:
        rules: weights and sizes.
        likelihood: P(cluster | student).
        counts: what it was learned from, by name.
    """

    rules: RankingRules
    likelihood: Likelihood
    counts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """Items that students chose, with the terms of what else competed.

    Arguments:
        values: of the terms but redundancy; the chosen item is the first. [terms, choices, items]
        there: whether there is an item. [choices, items]
    """

    values: Floats
    there: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.there)


def plain_rules(world: Snapshot, behaviour: Behaviour, *, config: GapConfig | None = None) -> Learned:
    """Return the weights of settings as they are, with the shares of majors counted; what learning falls back to."""
    config = config or GapConfig()
    counted = shares(world, arrivals(world, behaviour.actions, through=behaviour.day))
    return Learned(config.ranking, Likelihood(counted, config.likelihood))


def learn_rules(
    world: Snapshot,
    behaviour: Behaviour,
    *,
    begun: date,
    abilities_of: Callable[[Places], Floats],
    demands: Floats,
    supply: Floats,
    config: GapConfig | None = None,
    rules: RankingRules | None = None,
) -> Learned:
    """Return what lists are made by, learned from what students did after a day.

    Arguments:
        world: the snapshot.
        behaviour: read with ``since=begun``, so that what competed on each day is known.
        begun: the day on which is known what choices are told from.
        abilities_of: returns a_u of some students as of that day. [students, units]
        demands: b_j. [clusters, units]
        supply: c_r. [resources, units]
        config: goals and resources of a student.
        rules: documented weights and sizes; None takes those of ``config``.
    """
    config = config or GapConfig()
    rules = rules or config.ranking
    past = behaviour.before(begun)
    everyone = np.arange(len(world.students), dtype=np.int32)
    own = marked(world.goals, everyone, len(world.clusters)).astype(float)
    abilities = abilities_of(everyone)
    likelihood, came = learn_likelihood(
        world, behaviour, begun=begun, abilities=abilities, demands=demands, own=own, prior=config.likelihood
    )
    chosen = positives(behaviour.actions)
    chosen = chosen.where((chosen.day > begun.toordinal()) & (chosen.day <= behaviour.day.toordinal()))
    chosen = _of_many(chosen)
    known = counts(world, past, begun).of(chosen.student)
    stage = learn_stage(states(known), chosen.item_kind, prior=rules.stage)
    then = shares(world, arrivals(world, past.actions, through=begun))
    ranker = Ranker(
        world,
        past,
        demands,
        supply,
        replace(rules, stage=stage),
        Likelihood(then, likelihood.weights),
        config,
        done=done_before(world, behaviour, begun),
    )
    found = choices(ranker, chosen, abilities=abilities)
    weights = {path: learn_weights(each, prior=rules.weights[path]) for path, each in found.items()}
    learned_from = {"arrivals": float(came), "steps": float(len(chosen))}
    learned_from |= {f"choices{path.title()}": float(len(each)) for path, each in found.items()}
    moved = any(weights[path] != rules.weights[path] for path in PATHS)
    return Learned(replace(rules, weights=weights, stage=stage, learned=moved), likelihood, learned_from)


def _of_many(chosen: Actions) -> Actions:
    """Return the first action on each item of a student, and of those the latest few of each list."""
    first = np.zeros(len(chosen), bool)
    width = len(chosen.items) + 1
    first[np.unique(chosen.student.astype(np.int64) * width + chosen.item, return_index=True)[1]] = True
    once = chosen.where(first)
    path = np.full(len(KINDS), len(PATHS))
    for number, name in enumerate(PATHS):
        path[of_path(name)] = number
    keys = once.student.astype(np.int64) * (len(PATHS) + 1) + path[once.item_kind]
    order = np.lexsort((-np.arange(len(once)), keys))  # the latest first
    rank = np.empty(len(once), np.int64)
    rank[order] = np.arange(len(once)) - np.searchsorted(keys[order], keys[order])
    return once.where(rank < MOST_OF_ONE)


def choices(ranker: Ranker, chosen: Actions, *, abilities: Floats) -> dict[str, Choices]:
    """Return what students chose among what competed for them, by list.

    The span is cut into few turns; what was out on the day of a choice competes as it did on the last day of its turn.
    An item that did not compete for the student at all teaches nothing.

    Arguments:
        ranker: of what was known before the choices.
        chosen: actions.
        abilities: a_u of all students. [students, units]
    """
    parts: dict[str, list[tuple[Floats, NDArray[np.bool_]]]] = {path: [] for path in PATHS}
    openings = places_of(chosen.items, ranker.behaviour.openings.codes)
    resources = places_of(chosen.items, ranker.world.resources)
    if not len(chosen):
        return {path: _joined([]) for path in PATHS}
    turn = np.minimum((chosen.day - chosen.day.min()) * TURNS // max(1, int(np.ptp(chosen.day)) + 1), TURNS - 1)
    limits = {path: np.zeros(len(chosen), bool) for path in PATHS}
    for path, kept in limits.items():
        those = np.flatnonzero(np.isin(chosen.item_kind, of_path(path)))
        kept[those[:: max(1, -(-len(those) // MOST_CHOICES))]] = True
    wanted = np.logical_or.reduce(list(limits.values()))
    drawn, released = np.random.default_rng(0), ranker.behaviour.openings.released
    for number in range(TURNS):
        now = np.flatnonzero(wanted & (turn == number))
        if not len(now):
            continue
        there = ranker.on(date.fromordinal(int(chosen.day[now].max())))
        students, row = np.unique(chosen.student[now], return_inverse=True)
        for path, candidates in there.candidates(there.standing(students, abilities[students])).items():
            mine = limits[path][now]
            items = (openings if path == "JOB" else resources)[chosen.item[now[mine]]]
            out = candidates.free[row[mine]]
            if path == "JOB":
                out &= released[candidates.item[row[mine]]] <= chosen.day[now[mine]][:, None]
            parts[path].append(_choices(candidates, row[mine], items, out=out, drawn=drawn))
    return {path: _joined(each) for path, each in parts.items()}


def _choices(
    found: Candidates,
    row: NDArray[np.integer],
    items: NDArray[np.integer],
    *,
    out: NDArray[np.bool_],
    drawn: np.random.Generator,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return terms of each chosen item and of others, [terms, choices, items], and whether there is an item.

    Arguments:
        found: what competed. [students, candidates]
        row: of the student of each choice.
        items: that were chosen.
        out: what could be chosen. [choices, candidates]
        drawn: draws the others.
    """
    width = min(OTHERS, found.item.shape[1])
    if not len(row) or not width:
        return np.empty((len(LEARNED_TERMS), 0, width)), np.empty((0, width), bool)
    met = (found.item[row] == items[:, None]) & (items >= 0)[:, None] & out
    known = np.flatnonzero(met.any(axis=1))
    row, free, column = row[known], out[known], met[known].argmax(axis=1)
    # The drawn ones are those with the largest random numbers; the chosen one comes first.
    keys = np.where(free, drawn.random(free.shape), -1.0)
    keys[np.arange(len(row)), column] = 2.0
    others = np.argsort(-keys, axis=1)[:, :width]
    there = np.take_along_axis(keys, others, axis=1) > -1.0
    return np.stack([value[row[:, None], others] for value in found.values[:-1]]), there


def _joined(parts: list[tuple[Floats, NDArray[np.bool_]]]) -> Choices:
    width = max((there.shape[1] for _, there in parts), default=0)
    values = [np.pad(value, ((0, 0), (0, 0), (0, width - value.shape[2]))) for value, _ in parts]
    theres = [np.pad(there, ((0, 0), (0, width - there.shape[1]))) for _, there in parts]
    if not parts:
        return Choices(np.zeros((len(LEARNED_TERMS), 0, 0)), np.zeros((0, 0), bool))
    return Choices(np.concatenate(values, axis=1), np.concatenate(theres))


def learn_weights(found: Choices, *, prior: ScoreWeights | None = None) -> ScoreWeights:
    """Return the weights under which the chosen items come first, or the documented ones where choices are few.

    Arguments:
        found: choices.
        prior: documented weights.
    """
    prior = prior or ScoreWeights()
    if len(found) < LEAST_CHOICES:
        return prior
    given = np.array([getattr(prior, name) for name in LEARNED_TERMS])
    given /= given.sum()
    # What is not there must never be chosen: a further feature of weight 1 that is minus infinity, nearly.
    offset = np.where(found.there, 0.0, -1e9)
    scale = _scale(found.values, offset, given)
    penalty = PENALTY / scale**2
    raised = fit_choice(
        found.values, np.zeros(len(found), np.int64), prior=scale * given, penalty=penalty, offset=offset
    )
    whole = float(raised.sum())
    if not np.isfinite(whole) or whole <= 0.0:
        return prior
    least = np.array([KEPT.get(name, 0.0) for name in LEARNED_TERMS]) * given
    shared = np.maximum(raised / whole, least)
    shared = np.round(shared / shared.sum(), 4)
    shared[np.argmax(shared)] += 1.0 - shared.sum()
    return replace(prior, **dict(zip(LEARNED_TERMS, np.round(shared, 4).tolist(), strict=True)))


def _scale(values: Floats, offset: Floats, weights: Floats) -> float:
    """Return by how much the documented weights have to be raised to tell choices best, 1 to 100."""
    # scipy's optimizers are slow to import, and not needed where nothing is learned.
    from scipy.optimize import minimize_scalar  # noqa: PLC0415

    score = np.tensordot(weights, values, axes=1)  # [choices, items]

    def loss(log_scale: float) -> float:
        raised = np.exp(log_scale) * score + offset
        top = raised.max(axis=1, keepdims=True)
        return float((np.log(np.exp(raised - top).sum(axis=1)) + top[:, 0] - raised[:, 0]).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(0.0, np.log(100.0)), method="bounded").x))
