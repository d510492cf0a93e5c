"""Resources: what trains or supports."""

from enum import Enum
from typing import Any, Self

import strawberry

from api.context import Info
from api.types.skills import CapabilityLevel


@strawberry.enum(description="What a resource is.")
class ResourceKind(Enum):
    COURSE = "COURSE"
    CERTIFICATE = "CERTIFICATE"
    COMPETITION = "COMPETITION"
    PRACTICUM = "PRACTICUM"
    PROJECT = "PROJECT"
    MENTOR = "MENTOR"
    POLICY = "POLICY"
    INCUBATOR = "INCUBATOR"
    GUIDANCE = "GUIDANCE"
    FAIR = "FAIR"


@strawberry.enum(description="Level of a policy.")
class PolicyLevel(Enum):
    MACRO = "MACRO"
    MESO = "MESO"
    MICRO = "MICRO"


@strawberry.type(description="Something that trains or supports.")
class Resource:
    code: strawberry.ID
    name: str
    kind: ResourceKind
    policy_level: PolicyLevel | None = strawberry.field(description="Of policies only.")

    @strawberry.field(description="Capability units that it supplies, the highest level first.")
    async def improves(self, info: Info) -> list[CapabilityLevel]:
        return [CapabilityLevel.of(row) for row in await info.context.loaders.supplies.load(self.code)]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the resource of a row of ``serve/resources``."""
        level = row["policyLevel"]
        return cls(
            code=strawberry.ID(row["code"]),
            name=row["name"] or row["code"],
            kind=ResourceKind[row["kind"].upper()],
            policy_level=PolicyLevel[level.upper()] if level else None,
        )
