"""Gaps and chains: job goal -> gap -> resources, every number with its terms."""

from typing import Any, Self

import strawberry

from api.types.clusters import JobCluster
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
    lacks: list[Shortfall] = strawberry.field(description="The sum of amounts equals the value.")


@strawberry.type(description="Equation 16, with its terms.")
class BridgingStep:
    resource: Resource
    score: float
    similarity_to_student: float
    similarity_to_goal: float
    contribution: float = strawberry.field(description="Share of the gap that it closes, 0 to 1.")
    covers: list[Shortfall] = strawberry.field(description="What it closes, unit by unit.")


@strawberry.type(description="Job goal -> gap -> resources.")
class Chain:
    goal: JobCluster
    gap: Gap
    steps: list[BridgingStep]
