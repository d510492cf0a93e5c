"""What competes for the lists of a chunk of students, with terms and gates: postings, and resources."""

import numpy as np
from numpy.typing import NDArray

from gnn.gaps import cosine, unit_length
from gnn.ranking import terms
from gnn.ranking.grounds import Grounds
from gnn.ranking.pool import Pool
from gnn.ranking.terms import Candidates, Standing
from gnn.rows import entries, marked
from gnn.snapshot.behaviour import KINDS
from gnn.snapshot.gaps import Floats
from schema.ranking import redundancy
from schema.scoring import DECIMALS

Indexes = NDArray[np.int64]


def postings(grounds: Grounds, standing: Standing, pool: Pool | None = None) -> Candidates:
    """Return the postings that compete for the students of a standing: those of their goals.

    Arguments:
        pool: postings that compete; None takes all that do on the day.
    """
    pool, goal = grounds.pool if pool is None else pool, standing.goal
    sizes = np.diff(pool.starts)
    students, width = len(goal), int(sizes.max(initial=0))
    shape = (*goal.shape, width)
    item = np.full(shape, -1, np.int64)
    fit, fresh, asked = np.zeros(shape), np.zeros(shape), np.full(shape, -np.inf)
    flat = goal.ravel()
    order = np.argsort(flat, kind="stable")
    order = order[np.searchsorted(flat[order], 0) :]
    edges = np.flatnonzero(np.diff(flat[order], prepend=-1, append=-1))
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        who, slot = np.divmod(order[first:last], goal.shape[1])
        shelf = pool.shelf(int(flat[order[first]]))
        size = len(shelf)
        item[who, slot, :size] = shelf.item
        fit[who, slot, :size] = shelf.fit(standing.abilities[who])
        fresh[who, slot, :size], asked[who, slot, :size] = shelf.fresh, shelf.education
    columns = goal.shape[1] * width

    def spread(values: NDArray) -> NDArray:  # [students, goals] to [students, candidates]
        return np.broadcast_to(values[:, :, None], shape).reshape(students, columns)

    gap = standing.gaps
    jobs = np.zeros_like(goal)
    item = item.reshape(students, columns)
    gate = np.zeros(item.shape, np.int8)
    # Where nobody knows what a student aims at, no degree is too high.
    degree = grounds.behaviour.profiles.degree[standing.student]
    gate[asked.reshape(students, columns) > np.where(np.isnan(degree), np.inf, degree)[:, None]] = terms.DEGREE
    into, places = entries(grounds.used_postings.start, standing.student)
    who, column = np.nonzero(item[into] == grounds.used_postings.end[places][:, None])
    gate[into[who], column] = terms.USED
    number = np.broadcast_to(np.arange(goal.shape[1]), goal.shape)
    group = spread(number)
    history_of = terms.seen(standing, goal, jobs)
    best = terms.best_steps(standing.bridges, len(gap))
    values = (
        fit.reshape(students, columns),
        spread(standing.of_goals(gap.own.astype(float))),
        spread(standing.of_goals(gap.likelihood)),
        fresh.reshape(students, columns),
        spread(np.where(goal >= 0, grounds.behaviour.heat[np.maximum(goal, 0)] if columns else 0.0, 0.0)),
        spread(standing.of_goals(best)),
        spread(np.broadcast_to(terms.stage_terms(standing.stage)[:, :1], goal.shape)),
        spread(terms.preferences(standing, goal, jobs)),
        terms.repeated(group, history_of) if columns else np.zeros((students, 0)),
    )
    return Candidates(
        "JOB",
        standing.student,
        item,
        spread(goal),
        group,
        gate,
        values,
        spread(standing.of_goals(gap.value)),
        group,
        history_of,
        np.where(item >= 0, grounds.tie[item] if len(grounds.tie) else 0, np.iinfo(np.int64).max),
    )


def resources(grounds: Grounds, standing: Standing, shelf: Indexes) -> Candidates:
    """Return the resources that compete for the students of a standing.

    Arguments:
        shelf: places of the resources that are looked at.
    """
    goal = standing.goal
    students, width = len(goal), goal.shape[1]
    shape = (students, len(shelf))
    slot, prepared, share = _led(grounds, standing, shelf)
    rows = np.arange(students)[:, None]
    at = np.maximum(slot, 0)
    kind = grounds.behaviour.offers.kind[shelf].astype(np.int64)
    # What depends on student, kind and goal alone is told once for each of them.
    group = kind * max(1, width) + at
    kinds = np.repeat(np.arange(len(KINDS)), max(1, width))[None, :]
    goals = np.tile(goal if width else np.full((students, 1), -1, np.int64), len(KINDS))  # [students, groups]
    shown = terms.seen(standing, goals, kinds)
    heat = np.where(goals >= 0, grounds.behaviour.heat[np.maximum(goals, 0)], 0.0)
    gap = np.tile(standing.of_goals(standing.gaps.value), len(KINDS)) if width else np.zeros(goals.shape)
    likely = np.tile(standing.of_goals(standing.gaps.likelihood), len(KINDS)) if width else gap
    known = slot >= 0
    led = np.where(known, goals[rows, group], -1)
    values = (
        cosine(unit_length(standing.abilities), grounds.ways[shelf]),
        np.where(known, grounds.to_goal[np.maximum(led, 0), shelf], 0.0),
        np.where(prepared, likely[rows, group], 0.0),
        np.zeros(shape),
        np.where(known, heat[rows, group], 0.0),
        share,
        terms.stage_terms(standing.stage)[:, kind],
        terms.preferences(standing, goals, kinds)[rows, group],
        redundancy(shown)[rows, group],
    )
    return Candidates(
        "",
        standing.student,
        np.broadcast_to(shelf, shape),
        led,
        slot,
        _resource_gates(grounds, standing, shelf, known),
        values,
        np.where(known, gap[rows, group], 0.0),
        group,
        shown,
        np.broadcast_to(np.arange(len(shelf)), shape),
    )


def _led(grounds: Grounds, standing: Standing, shelf: Indexes) -> tuple[Indexes, NDArray[np.bool_], Floats]:
    """Return the goal that each resource leads to, as its place among those of the student; -1 where to none.

    Of the goals that it prepares for, the likeliest; else that of whose gap it closes the most; of equals, the better
    goal. Beside it stand whether it prepares for it, and the share of the gap that it closes.
    """
    goal = standing.goal
    students, width = len(goal), goal.shape[1]
    shape = (students, len(shelf))
    rows, columns = np.nonzero(goal >= 0)
    slot_of = np.full((students, standing.clusters + 1), -1, np.int64)  # the last column stands for no cluster
    slot_of[rows, goal[rows, columns]] = columns
    likely = np.concatenate((standing.of_goals(standing.gaps.likelihood), np.full((students, 1), -1.0)), axis=1)
    slot, chosen = np.full(shape, -1, np.int64), np.full(shape, -1.0)
    for targets in grounds.targets:
        own = slot_of[:, targets[shelf]]
        raised = np.take_along_axis(likely, own, axis=1)
        better = (raised > chosen) | ((raised == chosen) & (own >= 0) & (own < slot))
        np.copyto(slot, own, where=better)
        np.copyto(chosen, raised, where=better)
    prepared = slot >= 0
    closes = terms.shares(standing, grounds.supply[shelf], demands=grounds.demands)
    most, helped = np.zeros(shape), np.full(shape, -1, np.int64)
    for number in range(width):
        rounded = np.round(closes[number], DECIMALS)
        helps = rounded > most
        np.copyto(most, rounded, where=helps)
        np.copyto(helped, number, where=helps)
    slot = np.where(prepared, slot, helped)
    if not width:
        return slot, prepared, np.zeros(shape)
    share = np.take_along_axis(closes, np.maximum(slot, 0)[None], axis=0)[0]
    return slot, prepared, share


def _resource_gates(grounds: Grounds, standing: Standing, shelf: Indexes, leads: NDArray[np.bool_]) -> NDArray[np.int8]:
    resources = len(grounds.world.resources)
    done = marked(grounds.finished, standing.student, resources)
    gate = np.where(leads, 0, terms.UNRELATED).astype(np.int8)
    first = grounds.behaviour.offers.first
    if len(first):
        behind = np.zeros(done.shape, bool)
        later, starts = np.unique(first.start, return_index=True)
        behind[:, later] = np.logical_or.reduceat(~done[:, first.end], starts, axis=1)
        gate[behind[:, shelf]] = terms.PREREQUISITE
    # The last one written names it: what a student did or used, and what is over, says more.
    gate[marked(grounds.used_resources, standing.student, resources)[:, shelf]] = terms.USED
    gate[done[:, shelf]] = terms.DONE
    gate[:, ~grounds.behaviour.offered(grounds.world, grounds.today)[shelf]] = terms.CLOSED
    return gate
