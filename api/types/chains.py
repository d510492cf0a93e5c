"""Gaps and chains: job goal -> gap -> resources, every number with its terms."""

from collections.abc import Awaitable, Callable
from typing import Any, Self

import strawberry

from api.loaders import Row
from api.types.jobs import JobCluster
from api.types.resources import Resource
from api.types.skills import Capability


@strawberry.type(description="What is demanded of one capability unit, what is held, and what is missing.")
class Shortfall:
    capability: Capability
    demanded: float
    held: float
    amount: float

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the shortfall of a row with ``capability``, ``name``, ``demanded``, ``held`` and ``amount``."""
        return cls(capability=Capability.of(row), demanded=row["demanded"], held=row["held"], amount=row["amount"])


@strawberry.type(description="Equation 15: what the goal demands and the student does not hold yet.")
class Gap:
    goal: JobCluster
    value: float
    match: float
    provisional: bool = strawberry.field(
        description="It was computed on request for a student without a record: with what the goal demands, as long as "
        "nothing is known that the student holds."
    )
    # Read when a query asks for them, so that a list of gaps reads all its shortfalls at once.
    shortfalls: strawberry.Private[Callable[[], Awaitable[list[Row]]]]

    @strawberry.field(description="The largest amount first; the sum of amounts equals the value.")
    async def lacks(self) -> list[Shortfall]:
        return [Shortfall.of(row) for row in await self.shortfalls()]


@strawberry.type(description="Equation 16, with its terms.")
class BridgingStep:
    resource: Resource
    score: float
    similarity_to_student: float
    similarity_to_goal: float
    contribution: float = strawberry.field(description="Share of the gap that it closes, 0 to 1.")
    covers: list[Shortfall] = strawberry.field(description="What it closes, unit by unit.")

    @classmethod
    def of(cls, row: Row, *, resource: Row, covers: list[Row]) -> Self:
        """Return the step of a row with the terms of its score, a row of ``serve/resources``, and what it covers."""
        return cls(
            resource=Resource.of(resource),
            score=row["score"],
            similarity_to_student=row["similarityToStudent"],
            similarity_to_goal=row["similarityToGoal"],
            contribution=row["contribution"],
            covers=[Shortfall.of(each) for each in covers],
        )


@strawberry.type(description="Job goal -> gap -> resources.")
class Chain:
    goal: JobCluster
    gap: Gap
    plan: strawberry.Private[Callable[[], Awaitable[list[BridgingStep]]]]

    @strawberry.field(description="Resources that narrow the gap, best first.")
    async def steps(self) -> list[BridgingStep]:
        return await self.plan()
