"""Staged plans: which resources, in which terms, close the most of a gap within the hours that there are."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from api.chains import shortfall_rows
from api.context import Context
from api.loaders import Row
from api.recommend import Own, Pool
from api.recommend.facts import shortfalls
from api.recommend.pool import Floats
from api.recommend.settings import Days
from schema.planning import Limits, Offer, Step, plan
from schema.scoring import DECIMALS

OFFERED = 60
"""Resources that close the most of a gap and so may stand in a plan, beside those that have to come before them."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with all that is told of it.

    Arguments:
        goal: code and name of the job cluster.
        value: the gap before the first step.
        steps: in order of term.
        covers: what each step closes of what the steps before it left open, as rows of shortfalls.
        terms: label of the term of each step.
        hours: effort of each step; None where it is not known.
    """

    goal: Row
    value: float
    steps: list[Step]
    covers: list[list[Row]]
    terms: list[str]
    hours: list[float | None]


async def plan_of(context: Context, student: str, *, goal: str, limits: Limits) -> Planned | None:
    """Return a plan of a student toward a goal.

    Arguments:
        context: of the request.
        student: code of the student.
        goal: code of a job cluster, or of a job, which stands for its cluster.
        limits: that the plan keeps to.

    Returns:
        None where the goal is unknown or demands nothing that is known, and before the first generation.
    """
    pool, own, cluster = await asyncio.gather(context.pool(), context.own(student), context.loaders.goals.load(goal))
    if pool is None or own is None or cluster is None:
        return None
    place = pool.clusters.names.places.get(cluster["cluster"])
    if place is None or not pool.clusters.demands[place].max(initial=0.0) > 0.0:
        return None
    days = await context.days()
    lacking = shortfalls(own, pool, place)
    over: set[str] = set()
    while True:
        steps = _steps(pool, own, days, lacking, limits=limits, without=over)
        ended = await context.over([step.code for step in steps])
        if not ended:
            break
        over |= ended
    return Planned(
        cluster,
        float(lacking.sum()),
        steps,
        [shortfall_rows(pool, own, place, step.covers) for step in steps],
        [days.term_ahead(step.term) for step in steps],
        [pool.offers.hours[pool.offers.places[step.code]] for step in steps],
    )


def _steps(
    pool: Pool, own: Own, days: Days, lacking: Floats, *, limits: Limits, without: Collection[str]
) -> list[Step]:
    units = np.flatnonzero(lacking)
    if not len(units) or not len(pool.offers):
        return []
    offers = pool.offers
    covers = np.round(offers.closes(lacking), DECIMALS)
    left_out = own.done | own.used | set(without)
    # The offers stand in order of code, which settles ties.
    useful = [
        place
        for place in np.argsort(-covers, kind="stable").tolist()
        if covers[place] > 0.0 and offers.codes[place] not in left_out
    ][:OFFERED]
    wanted, waiting = dict.fromkeys(useful), list(useful)
    while waiting:
        for code in offers.after.get(waiting.pop(), ()):
            first = offers.places.get(code)
            if first is not None and first not in wanted and code not in left_out:
                wanted[first] = None
                waiting.append(first)
    names = pool.units.codes
    offered = [
        Offer(
            offers.codes[place],
            {names[unit]: float(offers.supply[place, unit]) for unit in units.tolist()},
            offers.hours[place] or 0.0,
            offers.after.get(place, ()),
            days.ahead(offers.terms[place]),
        )
        for place in wanted
    ]
    return plan({names[unit]: float(lacking[unit]) for unit in units.tolist()}, offered, limits=limits, done=own.done)
