"""Staged plans toward a goal."""

from typing import Self

import strawberry

from api.context import Info
from api.plans import Planned
from api.types.chains import Shortfall
from api.types.jobs import JobCluster
from api.types.resources import Resource
from schema.errors import InputError


@strawberry.type(description="One resource of a plan.")
class PlanStep:
    term: int = strawberry.field(description="1 for the next term.")
    half: str = strawberry.field(description="The same as a half of an academic year, such as 2024-1.")
    hours: float | None
    closes: float = strawberry.field(description="Share of the whole gap that it closes, 0 to 1.")
    covers: list[Shortfall] = strawberry.field(description="What it closes of what the steps before left open.")
    code: strawberry.Private[str]

    @strawberry.field
    async def resource(self, info: Info) -> Resource:
        row = await info.context.loaders.resources.load(self.code)
        if row is None:
            raise InputError(f"resource {self.code!r} has just been removed", "the same request again")
        return Resource.of(row)


@strawberry.type(description="Resources by term that close much of a gap, first things first, within the hours.")
class Plan:
    goal: JobCluster
    gap: float = strawberry.field(description="The gap before the first step.")
    steps: list[PlanStep]
    closed: float = strawberry.field(description="Share of the gap that all steps close together, 0 to 1.")
    remaining: float = strawberry.field(description="The gap after the last step.")

    @classmethod
    def of(cls, planned: Planned) -> Self:
        """Return a plan."""
        steps = []
        for step, covers, half, hours in zip(planned.steps, planned.covers, planned.terms, planned.hours, strict=True):
            amount = sum(step.covers.values())
            steps.append(
                PlanStep(
                    term=step.term,
                    half=half,
                    hours=hours,
                    closes=amount / planned.value if planned.value else 0.0,
                    covers=[Shortfall.of(row) for row in covers],
                    code=step.code,
                )
            )
        amount = sum(sum(step.covers.values()) for step in planned.steps)
        return cls(
            goal=JobCluster.of({"code": planned.goal["cluster"], "name": planned.goal["name"]}),
            gap=planned.value,
            steps=steps,
            closed=min(1.0, amount / planned.value) if planned.value else 0.0,
            remaining=max(0.0, planned.value - amount),
        )
