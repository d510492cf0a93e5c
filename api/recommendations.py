"""The lists of a student as a request asks for them: stored ones as they stand, others computed at once."""

import asyncio
from datetime import timedelta

import numpy as np

from api.context import Context
from api.explain import Facts, Language
from api.recommend import Own, Pool, Ranked
from api.recommend.facts import actions_of, stage_of
from api.recommend.lists import computed, excluded, stands, stored
from api.recommend.pool import Floats, Names, Postings
from api.recommend.settings import Days
from schema.delivery import Priority, is_closing, priority
from schema.feedback import fold
from schema.ranking import named

CLOSED_DAYS = 60
"""Postings that have been over for longer are not told of."""


async def recommended(
    context: Context, student: str, *, path: str, first: int, region: str | None = None
) -> list[Ranked]:
    """Return a list of a student.

    A stored list is told as the jobs wrote it, unless something has changed since: what the student did, a posting
    that came to a goal, an item that is over. Then it is computed anew, by the same equations.

    Arguments:
        context: of the request.
        student: code of the student.
        path: one of `schema.ranking.PATHS`.
        first: items at most.
        region: code or name of the only region that the student wants to work in; None for all.
    """
    pool, own, row = await asyncio.gather(
        context.pool_of(student), context.own(student), context.loaders.facts.load(student)
    )
    if pool is None or own is None or row is None:
        return []
    # Another variant of an experiment makes other lists than those that are stored.
    as_stored = region is None and pool.rules.ranking == (await context.rules()).ranking
    if as_stored and stands(row["recommended"], path, pool=pool, own=own):
        return stored(row["recommended"], path)[:first]
    days = await context.days()
    found = computed(pool, own, path, days=days, region=region)
    over: set[str] = set()
    while found:
        # What has ended since the snapshot was read goes, and what stood behind it moves up.
        ended = await context.over([each.item for each in found])
        if not ended:
            break
        over |= ended
        found = computed(pool, own, path, days=days, region=region, without=over)
    return found[:first]


async def kept_out(context: Context, student: str, *, path: str, first: int, region: str | None = None) -> list[Ranked]:
    """Return what a gate keeps out of a list of a student, best first, with the gates and the score it would have had.

    Arguments: as of `recommended`.
    """
    pool, own = await asyncio.gather(context.pool_of(student), context.own(student))
    if pool is None or own is None:
        return []
    days = await context.days()
    closed = None
    if path == "JOB" and own.goals:
        records = await context.gateway.read(
            "serve/pool-closed",
            clusters=[goal.code for goal in own.goals],
            day=days.reference,
            today=days.today,
            after=days.reference - timedelta(days=CLOSED_DAYS),
            most=pool.rules.ranking.listed,
            optional=pool.rules.optional,
        )
        rows = {record["cluster"]: record["postings"] for record in records}
        closed = Postings.of(rows, {}, pool.units, pool.clusters)
    return excluded(pool, own, path, days=days, most=first, region=region, closed=closed)


async def stage(context: Context, student: str) -> list[float] | None:
    """Return the stage weights of a student, in the order of `schema.ranking.STAGES`; None for an unknown one."""
    row, rules, days = await asyncio.gather(
        context.loaders.facts.load(student), context.ranking(student), context.days()
    )
    if row is None:
        return None
    actions = actions_of(row)
    leaning = fold(actions, rules.feedback)
    return stage_of(row, actions, leaning, rules=rules, days=days)


def _of(names: Names, language: Language) -> tuple[str, ...]:
    return names.chinese if language is Language.ZH else names.english


def _named(pool: Pool, amounts: Floats) -> list[int]:
    """Return the places of the units that a sentence names."""
    units = np.flatnonzero(amounts).tolist()
    return [pool.units.places[code] for code in named({pool.units.codes[unit]: float(amounts[unit]) for unit in units})]


def priority_of(pool: Pool, ranked: Ranked, days: Days) -> Priority | None:
    """Return when to apply for an item of a list; None for a resource and for what a gate keeps out.

    Arguments:
        pool: the snapshot.
        ranked: the item.
        days: of the generation.
    """
    if ranked.kind != "Job" or ranked.gates:
        return None
    place = pool.clusters.names.places.get(ranked.goal)
    return priority(
        ranked.value("fit"),
        ranked.value("compensation"),
        closing=is_closing(ranked.closes, today=days.today),
        demand=None if place is None else pool.clusters.classes[place],
    )


def change_of(pool: Pool, ranked: Ranked) -> float | None:
    """Return delta, the change that is foretold of the demand for an item's goal; None where nothing is.

    Arguments:
        pool: the snapshot.
        ranked: the item.
    """
    place = pool.clusters.names.places.get(ranked.goal)
    return None if place is None else pool.clusters.changes[place]


def facts_of(pool: Pool, own: Own, ranked: Ranked, *, days: Days, language: Language) -> Facts:
    """Return what the sentences about an item name.

    Arguments:
        pool: the snapshot.
        own: the student.
        ranked: the item.
        days: of the generation.
        language: of the names.
    """
    place = pool.clusters.names.places.get(ranked.goal)
    goal = next((each for each in own.goals if each.code == ranked.goal), None)
    if place is None or goal is None:
        return Facts(is_job=ranked.kind == "Job", goal=ranked.goal)
    names = _of(pool.units, language)
    lacking = _named(pool, goal.lacking)
    covers: list[str] = []
    resource = pool.offers.places.get(ranked.item)
    if resource is not None:
        closed = np.minimum(goal.lacking, pool.offers.supply[resource])
        covers = [names[unit] for unit in _named(pool, closed)]
    step = goal.best_step
    return Facts(
        is_job=ranked.kind == "Job",
        goal=_of(pool.clusters.names, language)[place],
        lacking=[(names[unit], float(goal.lacking[unit])) for unit in lacking],
        covers=covers,
        step=step[1] if step else None,
        demand=pool.clusters.classes[place],
        priority=priority_of(pool, ranked, days),
        closes=ranked.closes if is_closing(ranked.closes, today=days.today) else None,
    )
