"""Recommendations: items with their rank, score, explanation and chain, and what gates keep out."""

from enum import Enum
from typing import Annotated, Self

import strawberry

from api import explain
from api.chains import listed_chain
from api.context import Context, Info
from api.explain import Explained
from api.recommend import Ranked
from api.recommendations import change_of, facts_of, priority_of
from api.types.chains import Chain
from api.types.jobs import Job
from api.types.resources import Resource
from schema import delivery, ranking
from schema.errors import InputError


@strawberry.enum(description="Which list of a student.")
class RecommendationPath(Enum):
    JOB = "JOB"
    TRAINING = "TRAINING"
    ENTREPRENEURSHIP = "ENTREPRENEURSHIP"


strawberry.enum(
    delivery.Priority,
    name="DeliveryPriority",
    description="NOW: the student holds enough of it, and it closes soon or few of the like will come. PREPARE: the "
    "student holds too little, and something closes much of the gap in time. NEXT: all others, in the order of the "
    "list.",
)
Language = strawberry.enum(explain.Language, description="Language of sentences.")
Recommendable = Annotated[Job | Resource, strawberry.union("Recommendable", description="What can be recommended.")]
Preferred = Annotated[
    explain.Language | None, strawberry.argument(description="Language of the sentences; English where it is left out.")
]


@strawberry.type(description="Equation 18: weights sum to 1.")
class StageWeights:
    enrolment: float
    training: float
    employment: float
    entrepreneurship: float

    @classmethod
    def of(cls, weights: list[float]) -> Self:
        """Return the weights in the order of `schema.ranking.STAGES`."""
        enrolment, training, employment, entrepreneurship = weights
        return cls(enrolment=enrolment, training=training, employment=employment, entrepreneurship=entrepreneurship)


@strawberry.type(description="One term of equations 19 and 20: its weight, below 0 where it counts against the item.")
class ScoreTerm:
    name: str
    weight: float
    value: float
    product: float


@strawberry.type(description="Equation 21, with the terms of equations 19 and 20; terms sum to the score.")
class Explanation:
    match: float = strawberry.field(description="m: how well the student and the item fit, 0 to 1.")
    gap: float = strawberry.field(description="d: what the student lacks toward the goal, summed.")
    contribution: float = strawberry.field(
        description="b: share of the gap that the resource closes; of a job, what the best resource toward it closes."
    )
    heat: float = strawberry.field(description="h: demand for the goal, 0 to 1; 0.5 where nothing is foretold.")
    terms: list[ScoreTerm]
    ranked: strawberry.Private[Ranked]
    student: strawberry.Private[str]
    explained: strawberry.Private[Explained]

    @strawberry.field(
        description="Why this, what is missing, what closes it, whether it is worth the time now; made from the terms."
    )
    async def sentences(self, info: Info, language: Preferred = explain.Language.EN) -> list[str]:
        pool, own = await info.context.pool(), await info.context.own(self.student)
        if pool is None or own is None:
            return []
        chosen = language or explain.Language.EN
        facts = facts_of(pool, own, self.ranked, days=await info.context.days(), language=chosen)
        return explain.sentences(self.explained, facts, chosen)


async def _explanation(context: Context, student: str, ranked: Ranked, path: str) -> Explanation:
    weights = (await context.ranking(student)).weights[path]
    found = Explained.of(ranked.terms, weights, gap=ranked.gap)
    return Explanation(
        match=found.match,
        gap=found.gap,
        contribution=found.contribution,
        heat=found.heat,
        terms=[
            ScoreTerm(name=each.name, weight=each.weight, value=each.value, product=each.product)
            for each in found.terms
        ],
        ranked=ranked,
        student=student,
        explained=found,
    )


async def _item(context: Context, ranked: Ranked) -> Job | Resource:
    loader = context.loaders.jobs if ranked.kind == "Job" else context.loaders.resources
    row = await loader.load(ranked.item)
    if row is None:
        raise InputError(f"item {ranked.item!r} has just been removed", "the same request again")
    return Job.of(row) if ranked.kind == "Job" else Resource.of(row)


@strawberry.type
class _Ranked:
    """What is told of an item in the same way, whether it stands in a list or is kept out of it."""

    ranked: strawberry.Private[Ranked]
    student: strawberry.Private[str]
    path: strawberry.Private[str]

    @strawberry.field(description="The posting or resource.")
    async def item(self, info: Info) -> Recommendable:
        return await _item(info.context, self.ranked)

    @strawberry.field(description="Why it stands in the list, or would have stood in it.")
    async def explanation(self, info: Info) -> Explanation:
        return await _explanation(info.context, self.student, self.ranked, self.path)


@strawberry.type(description="An item of a list.")
class Recommendation(_Ranked):
    rank: int
    score: float
    provisional: bool = strawberry.field(
        description="It was computed on request from what the jobs do not know yet: a student without a record, "
        "something that the student did since, or a posting that came since."
    )
    generation: strawberry.ID

    @strawberry.field(
        description="Of a posting, when to apply: what suits best stands first, this says what cannot wait and what "
        "should. Null for a resource."
    )
    async def priority(self, info: Info) -> delivery.Priority | None:
        pool = await info.context.pool()
        return None if pool is None else priority_of(pool, self.ranked, await info.context.days())

    @strawberry.field(
        description="delta: change that is foretold of the demand for its goal, as a rate against the window before; "
        "null where nothing is foretold."
    )
    async def demand_change(self, info: Info) -> float | None:
        pool = await info.context.pool()
        return None if pool is None else change_of(pool, self.ranked)

    @strawberry.field(description="The chain toward the goal that the item leads to.")
    async def chain(self, info: Info) -> Chain | None:
        return await listed_chain(info.context, self.student, goal=self.ranked.goal)

    @classmethod
    def of(cls, ranked: Ranked, *, student: str, path: str, generation: str) -> Self:
        """Return the recommendation of an item of a list."""
        return cls(
            rank=ranked.rank,
            score=ranked.score,
            provisional=ranked.provisional,
            generation=strawberry.ID(generation),
            ranked=ranked,
            student=student,
            path=path,
        )


@strawberry.enum(description="A hard condition: it keeps an item out of a list, whatever its score.")
class GateKind(Enum):
    DEGREE = ranking.DEGREE
    CLOSED = ranking.CLOSED
    REGION = ranking.REGION
    PREREQUISITE = ranking.PREREQUISITE


@strawberry.type(description="A hard condition that an item does not meet.")
class Gate:
    kind: GateKind
    asked: str = strawberry.field(
        description="The degree that is required, the last day to apply, the region that was asked for, or the "
        "resource that comes first."
    )


@strawberry.type(description="An item that a gate keeps out of a list.")
class Exclusion(_Ranked):
    gates: list[Gate]
    score: float = strawberry.field(description="The score that it would have had above all others.")

    @classmethod
    def of(cls, ranked: Ranked, *, student: str, path: str) -> Self:
        """Return the exclusion of an item that gates keep out."""
        gates = [Gate(kind=GateKind[kind], asked=asked) for kind, asked in ranked.gates]
        return cls(gates=gates, score=ranked.score, ranked=ranked, student=student, path=path)
