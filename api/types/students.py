"""Students and their classes."""

from typing import Any, Self

import strawberry

from api.chains import chain_of, stored_gap
from api.context import Info
from api.errors import check_count
from api.types.chains import Chain, Gap
from api.types.skills import CapabilityLevel


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

    @strawberry.field(description="Gaps toward the student's goals, best goals first.")
    async def gaps(self, info: Info, first: int | None = 5) -> list[Gap]:
        most = check_count("first", first, default=5)
        rows = await info.context.loaders.gaps.load(self.code)
        return [stored_gap(info.context, row) for row in rows[:most]]

    @strawberry.field(
        description="The chain toward a job cluster, or toward that of a job: as the jobs stored it, else computed "
        "from the stored vectors. Null where the goal is unknown or demands nothing that is known."
    )
    async def chain(self, info: Info, goal: strawberry.ID) -> Chain | None:
        return await chain_of(info.context, self.code, goal=goal)

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the student of a row of ``serve/students``."""
        group = row["classGroup"]
        return cls(
            code=strawberry.ID(row["code"]),
            major=row["major"],
            class_group=ClassGroup.of(group) if group else None,
        )
