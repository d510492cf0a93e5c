"""Skills, capability units, levels of capability, and what speaks for them."""

from datetime import date
from typing import Any, Self

import strawberry

from api.context import Info
from api.errors import check_count


@strawberry.type(description="A unit of ability: one coordinate of every capability vector.")
class Capability:
    code: strawberry.ID
    name: str

    @strawberry.field(description="Skills that count towards it, the heaviest first.")
    async def skills(self, info: Info, first: int | None = 20) -> list["Skill"]:
        most = check_count("first", first, default=20)
        rows = await info.context.loaders.capability_skills.load(self.code)
        return [Skill.of(row) for row in rows[:most]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the capability of a row with ``capability`` and ``name``."""
        return cls(code=strawberry.ID(row["capability"]), name=row["name"] or row["capability"])


@strawberry.type(description="How much of a skill counts towards a capability unit.")
class CapabilityWeight:
    capability: Capability
    weight: float


@strawberry.type(description="A level, 0 to 1, of a capability unit.")
class CapabilityLevel:
    capability: Capability
    level: float

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the level of a row with ``capability``, ``name`` and ``level``."""
        return cls(capability=Capability.of(row), level=row["level"])


@strawberry.type(description="A skill of the vocabulary.")
class Skill:
    code: strawberry.ID
    name: str
    aliases: list[str]

    @strawberry.field(description="Capability units that it counts towards, the heaviest first.")
    async def capabilities(self, info: Info) -> list[CapabilityWeight]:
        rows = await info.context.loaders.skill_capabilities.load(self.code)
        return [CapabilityWeight(capability=Capability.of(row), weight=row["weight"]) for row in rows]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the skill of a row of ``serve/skills``."""
        return cls(code=strawberry.ID(row["code"]), name=row["name"] or row["code"], aliases=row["aliases"])


@strawberry.type(description="One thing in a student's record that speaks for a capability unit.")
class Evidence:
    type: str = strawberry.field(description="Relationship of the graph, such as TOOK or EARNED.")
    source: strawberry.ID = strawberry.field(description="Code of the resource, job cluster, venture or major.")
    name: str | None
    term: str | None = strawberry.field(description="Half of an academic year, such as 2023-1.")
    day: date | None
    score: float | None = strawberry.field(description="Percent of the maximum.")
    result: str | None
    level: float | None = strawberry.field(description="Level that the source has in the unit, 0 to 1.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the evidence of a row of ``explain/evidence``."""
        given = {name: row[name] for name in ("type", "name", "term", "score", "result", "level")}
        day = row["day"].to_native() if row["day"] else None
        return cls(source=strawberry.ID(row["source"]), day=day, **given)
