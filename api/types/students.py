"""Students and their classes."""

from typing import Annotated, Any, Self

import strawberry

from api import experiments, recommendations
from api.chains import chain_of, gaps_of
from api.context import Info
from api.errors import check_count
from api.plans import plan_of
from api.types.chains import Chain, Gap
from api.types.plans import Plan
from api.types.recommendations import Exclusion, Recommendation, RecommendationPath, StageWeights
from api.types.skills import CapabilityLevel, Evidence
from schema.errors import InputError
from schema.planning import Limits

MOST_STEPS, MOST_TERMS = 12, 12
"""Steps and terms that a plan may ask for."""
Region = Annotated[
    str | None,
    strawberry.argument(description="Code or name of the only region that the student wants to work in; jobs only."),
]


@strawberry.type(description="An administrative class of students.")
class ClassGroup:
    code: strawberry.ID
    name: str
    size: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the class of a row with ``code``, ``name`` and ``size``."""
        return cls(code=strawberry.ID(row["code"]), name=row["name"] or row["code"], size=row["size"])


@strawberry.type(description="A student or graduate.")
class Student:
    code: strawberry.ID
    major: str | None
    class_group: ClassGroup | None

    @strawberry.field(description="What the student can do, the highest level first.")
    async def abilities(self, info: Info) -> list[CapabilityLevel]:
        return [CapabilityLevel.of(row) for row in await info.context.loaders.abilities.load(self.code)]

    @strawberry.field(
        description="What speaks for a capability of the student: which course with which mark, which project, which "
        "job; what has the highest level in the unit first."
    )
    async def evidence(self, info: Info, capability: strawberry.ID, first: int | None = 20) -> list[Evidence]:
        most = check_count("first", first, default=20)
        generation = await info.context.generation_code()
        if generation is None:
            return []
        records = await info.context.gateway.read(
            "explain/evidence", student=self.code, capability=capability, generation=generation
        )
        return [Evidence.of(record.data()) for record in records[:most]]

    @strawberry.field(
        description="Gaps toward the student's goals, best goals first: as the jobs stored them, computed at once for "
        "a student without a record."
    )
    async def gaps(self, info: Info, first: int | None = 5) -> list[Gap]:
        most = check_count("first", first, default=5)
        return await gaps_of(info.context, self.code, first=most)

    @strawberry.field(
        description="The chain toward a job cluster, or toward that of a job: as the jobs stored it, else computed "
        "from the stored vectors. Null where the goal is unknown or demands nothing that is known."
    )
    async def chain(self, info: Info, goal: strawberry.ID) -> Chain | None:
        return await chain_of(info.context, self.code, goal=goal)

    @strawberry.field(
        description="A staged plan toward a job cluster, or toward that of a job: again and again the resource, with "
        "what has to come first, that closes the most. Null where `chain` is null."
    )
    async def plan(
        self,
        info: Info,
        goal: strawberry.ID,
        *,
        steps: int | None = 4,
        terms: int | None = 4,
        hours: Annotated[
            float | None, strawberry.argument(description="Effort in one term at most; null for no limit.")
        ] = 160.0,
    ) -> Plan | None:
        if hours is not None and not hours >= 0.0:
            raise InputError(f"hours: {hours}", "0 or more")
        limits = Limits(
            steps=check_count("steps", steps, default=4, most=MOST_STEPS, least=1),
            terms=check_count("terms", terms, default=4, most=MOST_TERMS, least=1),
            hours=hours,
        )
        planned = await plan_of(info.context, self.code, goal=goal, limits=limits)
        return Plan.of(planned) if planned else None

    @strawberry.field(
        description="How much each stage of the employment cycle is the student's now, by record and behaviour."
    )
    async def stage(self, info: Info) -> StageWeights | None:
        weights = await recommendations.stage(info.context, self.code)
        return StageWeights.of(weights) if weights else None

    @strawberry.field(
        description="What the student should look at next, the best first: as the jobs stored it, computed at once "
        "where something has changed since. At most as many as the jobs store."
    )
    async def recommendations(
        self, info: Info, path: RecommendationPath, *, first: int | None = 10, region: Region = None
    ) -> list[Recommendation]:
        most = check_count("first", first, default=10)
        found = await recommendations.recommended(info.context, self.code, path=path.value, first=most, region=region)
        await experiments.record_shown(info.context, self.code, path.value, found)
        generation = await info.context.generation_code()
        return [
            Recommendation.of(each, student=self.code, path=path.value, generation=generation or "") for each in found
        ]

    @strawberry.field(
        description="Items that a hard condition keeps out of a list, with the score that they would have had, the "
        "best first; of jobs also those that closed in the last two months."
    )
    async def excluded(
        self, info: Info, path: RecommendationPath, *, first: int | None = 10, region: Region = None
    ) -> list[Exclusion]:
        most = check_count("first", first, default=10)
        found = await recommendations.kept_out(info.context, self.code, path=path.value, first=most, region=region)
        return [Exclusion.of(each, student=self.code, path=path.value) for each in found]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the student of a row of ``serve/students``."""
        group = row["classGroup"]
        return cls(
            code=strawberry.ID(row["code"]),
            major=row["major"],
            class_group=ClassGroup.of(group) if group else None,
        )
