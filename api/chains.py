"""Chains: stored ones as the jobs wrote them, others computed from the stored vectors by the same equations."""

from typing import Any

from api.context import Context
from api.loaders import Row
from api.types.chains import BridgingStep, Chain, Gap, Shortfall
from api.types.clusters import JobCluster
from api.types.resources import Resource
from schema import scoring

STEPS = 5
"""Resources of a chain that is computed on request."""


async def stored_gap(context: Context, row: Row) -> Gap:
    """Return a gap as the jobs wrote it.

    Arguments:
        context: of the request.
        row: with the gap's ``gap``, ``goal``, ``goalName``, ``value`` and ``match``.
    """
    lacks = await context.loaders.lacks.load(row["gap"])
    return Gap(
        goal=JobCluster.of({"code": row["goal"], "name": row["goalName"]}),
        value=row["value"],
        match=row["match"],
        lacks=[Shortfall.of(each) for each in lacks],
    )


async def chain_of(context: Context, student: str, *, goal: str) -> Chain | None:
    """Return the chain of a student toward a goal.

    Arguments:
        context: of the request.
        student: code of the student.
        goal: code of a job cluster, or of a job, which stands for its cluster.

    Returns:
        None where the goal is unknown, or before the first generation.
    """
    generation = await context.generation_code()
    found = await context.gateway.read("serve/goal", goal=goal)
    if generation is None or not found:
        return None
    cluster = found[0]["code"]
    for row in await context.loaders.gaps.load(student):
        if row["goal"] == cluster:
            return await _stored(context, row)
    return await _computed(context, student, cluster=found[0].data(), generation=generation)


async def _stored(context: Context, row: Row) -> Chain:
    gap = await stored_gap(context, row)
    steps = [_step(each, each["covers"]) for each in await context.loaders.bridges.load(row["gap"])]
    return Chain(goal=gap.goal, gap=gap, steps=steps)


def _step(row: Row, covers: list[Row]) -> BridgingStep:
    return BridgingStep(
        resource=Resource.of(row),
        score=row["score"],
        similarity_to_student=row["similarityToStudent"],
        similarity_to_goal=row["similarityToGoal"],
        contribution=row["contribution"],
        covers=[Shortfall.of(each) for each in covers],
    )


def _vector(rows: list[Row]) -> dict[str, float]:
    return {row["capability"]: row["level"] for row in rows}


async def _computed(context: Context, student: str, *, cluster: Row, generation: str) -> Chain:
    """Return the chain toward a goal for which no gap is stored, from the same vectors and equations."""
    demands = await context.loaders.demands.load(cluster["code"])
    held = _vector(await context.loaders.abilities.load(student))
    demanded = _vector(demands)
    names = {row["capability"]: row["name"] for row in demands}
    lacking = scoring.shortfalls(demanded, held)

    def shortfalls(amounts: dict[str, float]) -> list[Row]:
        rows: list[Row] = [
            {
                "capability": unit,
                "name": names[unit],
                "demanded": demanded[unit],
                "held": held.get(unit, 0.0),
                "amount": amount,
            }
            for unit, amount in amounts.items()
        ]
        return sorted(rows, key=lambda row: (-row["amount"], row["capability"]))

    value = scoring.gap(demanded, held)
    goal = JobCluster.of(cluster)
    gap = Gap(
        goal=goal,
        value=value,
        match=scoring.similarity(held, demanded),
        lacks=[Shortfall.of(row) for row in shortfalls(lacking)],
    )
    weights = await context.weights()
    ranked: list[tuple[float, str, dict[str, Any], list[Row]]] = []
    for record in await context.gateway.read(
        "serve/bridging-candidates", student=student, generation=generation, units=sorted(lacking)
    ):
        supplied = _vector(record["supplies"])
        to_student = scoring.similarity(held, supplied)
        to_goal = scoring.similarity(supplied, demanded)
        row = {
            **record.data(),
            "score": scoring.bridging(to_student, to_goal, value, weights=weights),
            "similarityToStudent": to_student,
            "similarityToGoal": to_goal,
            "contribution": scoring.contribution(lacking, supplied),
        }
        ranked.append((-row["score"], row["code"], row, shortfalls(scoring.covered(lacking, supplied))))
    ranked.sort(key=lambda each: each[:2])
    return Chain(goal=goal, gap=gap, steps=[_step(row, covers) for _, _, row, covers in ranked[:STEPS]])
