"""Chains: stored ones as the jobs wrote them, others computed from the stored vectors by the same equations."""

import asyncio
from functools import partial
from operator import itemgetter

from api.context import Context
from api.loaders import Row
from api.recommend import Goal, Own, Pool
from api.recommend.facts import similarity
from api.recommend.pool import directions
from api.recommend.settings import Rules
from api.types.chains import BridgingStep, Chain, Gap
from api.types.jobs import JobCluster
from schema import clock, scoring
from schema.ranking import largest_first
from schema.scoring import DECIMALS, LEAST_AMOUNT, Vector


def stored_gap(context: Context, row: Row) -> Gap:
    """Return a gap as the jobs wrote it.

    Arguments:
        context: of the request.
        row: with ``gap``, ``goal``, ``goalName``, ``value`` and ``match``.
    """
    return Gap(
        goal=JobCluster.of({"code": row["goal"], "name": row["goalName"]}),
        value=row["value"],
        match=row["match"],
        provisional=False,
        shortfalls=partial(context.loaders.lacks.load, row["gap"]),
    )


async def gaps_of(context: Context, student: str, *, first: int) -> list[Gap]:
    """Return the gaps of a student toward the student's goals, best goals first.

    Where the jobs have stored none, they are those that the provisional lists of the student are made from.

    Arguments:
        context: of the request.
        student: code of the student.
        first: gaps at most.
    """
    rows = await context.loaders.gaps.load(student)
    if rows:
        return [stored_gap(context, row) for row in rows[:first]]
    pool, own = await asyncio.gather(context.pool(), context.own(student))
    if pool is None or own is None:
        return []
    return [_provisional(pool, own, goal) for goal in own.goals[:first]]


def _provisional(pool: Pool, own: Own, goal: Goal) -> Gap:
    async def shortfalls() -> list[Row]:
        return shortfall_rows(pool, own, goal.place, dict(zip(pool.units.codes, goal.lacking.tolist(), strict=True)))

    return Gap(
        goal=JobCluster.of({"code": goal.code, "name": pool.clusters.names.english[goal.place]}),
        value=goal.value,
        match=float(similarity(directions(own.abilities), pool.clusters.directions[goal.place])),
        provisional=True,
        shortfalls=shortfalls,
    )


def shortfall_rows(pool: Pool, own: Own, cluster: int, amounts: Vector) -> list[Row]:
    """Return rows of shortfalls, the largest amount first.

    Arguments:
        pool: the snapshot.
        own: the student.
        cluster: place of the goal.
        amounts: by code of the unit; those of 0 are left out.
    """
    rows = [(code, pool.units.places[code]) for code in largest_first(amounts)]
    return [
        {
            "capability": code,
            "name": pool.units.english[unit],
            "demanded": float(pool.clusters.demands[cluster, unit]),
            "held": float(own.abilities[unit]),
            "amount": amounts[code],
        }
        for code, unit in rows
    ]


async def chain_of(context: Context, student: str, *, goal: str) -> Chain | None:
    """Return the chain of a student toward a goal; items of a list that lead to one goal share it.

    Arguments:
        context: of the request.
        student: code of the student.
        goal: code of a job cluster, or of a job, which stands for its cluster.

    Returns:
        None where the goal is unknown or demands nothing that is known, and before the first generation.
    """
    return await context.once(("chain", student, goal), lambda: _chain(context, student, goal))


async def listed_chain(context: Context, student: str, *, goal: str) -> Chain | None:
    """Return the chain of a student toward the goal of an item of a list: stored gaps have been read with the lists.

    Arguments:
        context: of the request.
        student: code of the student.
        goal: code of a job cluster.
    """
    facts = await context.loaders.facts.load(student)
    for row in facts["gaps"] if facts is not None else ():
        if row["goal"] == goal:
            return _stored(context, row)
    return await chain_of(context, student, goal=goal)


def _stored(context: Context, row: Row) -> Chain:
    gap = stored_gap(context, row)
    return Chain(goal=gap.goal, gap=gap, plan=partial(_stored_steps, context, row["gap"]))


async def _chain(context: Context, student: str, goal: str) -> Chain | None:
    generation, cluster = await asyncio.gather(context.generation(), context.loaders.goals.load(goal))
    if generation is None or cluster is None:
        return None
    rows = await context.loaders.gaps.load(student)
    for row in rows:
        if row["goal"] == cluster["cluster"]:
            return _stored(context, row)
    return await _computed(context, student, cluster=cluster, generation=generation, known=bool(rows))


async def _stored_steps(context: Context, gap: str) -> list[BridgingStep]:
    return [BridgingStep.of(row, resource=row, covers=row["covers"]) for row in await context.loaders.bridges.load(gap)]


async def _computed(context: Context, student: str, *, cluster: Row, generation: Row, known: bool) -> Chain | None:
    demands, abilities = await asyncio.gather(
        context.loaders.demands.load(cluster["cluster"]), context.loaders.abilities.load(student)
    )
    if not demands:
        return None
    toward = _Toward(
        context, student, cluster["cluster"], demands=demands, held=_vector(abilities), generation=generation["code"]
    )
    goal = JobCluster.of({"code": cluster["cluster"], "name": cluster["name"]})
    gap = Gap(goal=goal, value=toward.value, match=toward.match, provisional=not known, shortfalls=toward.shortfalls)
    return Chain(goal=goal, gap=gap, plan=toward.steps)


def _vector(rows: list[Row]) -> Vector:
    return {row["capability"]: row["level"] for row in rows}


def _similarity(left: Vector, right: Vector) -> float:
    return round(scoring.similarity(left, right), DECIMALS)


class _Toward:
    """One student and one goal for which no gap is stored."""

    def __init__(
        self, context: Context, student: str, goal: str, *, demands: list[Row], held: Vector, generation: str
    ) -> None:
        self._context = context
        self._student = student
        self._goal = goal
        self._generation = generation
        self._names = {row["capability"]: row["name"] for row in demands}
        self._held = held
        self._demanded = _vector(demands)
        amounts = scoring.shortfalls(self._demanded, held)
        self._lacking = {unit: amount for unit, amount in amounts.items() if amount >= LEAST_AMOUNT}
        self.value = sum(self._lacking.values())
        self.match = _similarity(held, self._demanded)

    async def shortfalls(self) -> list[Row]:
        """Return what is lacking, unit by unit, the largest amount first."""
        return self._rows(self._lacking)

    async def steps(self) -> list[BridgingStep]:
        """Return the resources that narrow the gap, best first: those that the jobs would have stored."""
        return await self._context.once(("steps", self._student, self._goal), self._read_steps)

    async def _read_steps(self) -> list[BridgingStep]:
        [record] = await self._context.gateway.read(
            "serve/bridging-candidates",
            student=self._student,
            generation=self._generation,
            units=sorted(self._lacking),
            day=clock.now().date(),
        )
        rules = await self._context.rules()
        supplies = {code: dict(zip(units, levels, strict=True)) for code, units, levels in record["candidates"]}
        rows = [self._row(code, supplied, rules) for code, supplied in supplies.items()]
        rows.sort(key=itemgetter("code"))
        rows.sort(key=itemgetter("score"), reverse=True)
        best = rows[: rules.resources]
        resources = await self._context.loaders.resources.load_many([row["code"] for row in best])
        return [
            BridgingStep.of(row, resource=resource, covers=self._rows(scoring.covered(self._lacking, row["supplied"])))
            for row, resource in zip(best, resources, strict=True)
            if resource is not None
        ]

    def _row(self, code: str, supplied: Vector, rules: Rules) -> Row:
        to_student = _similarity(self._held, supplied)
        to_goal = _similarity(supplied, self._demanded)
        score = scoring.bridging(to_student, to_goal, self.value, weights=rules.weights)
        return {
            "code": code,
            "supplied": supplied,
            "score": round(score, DECIMALS),
            "similarityToStudent": to_student,
            "similarityToGoal": to_goal,
            "contribution": scoring.contribution(self._lacking, supplied),
        }

    def _rows(self, amounts: Vector) -> list[Row]:
        return [
            {
                "capability": unit,
                "name": self._names[unit],
                "demanded": self._demanded[unit],
                "held": self._held.get(unit, 0.0),
                "amount": amounts[unit],
            }
            for unit in largest_first(amounts)
        ]
