"""Job clusters: what they demand and how many postings they had."""

from datetime import date
from typing import Any, Self

import strawberry

from api.context import Info
from api.errors import check_first
from api.types.skills import CapabilityLevel
from schema.clock import first_of_month

LONGEST_HISTORY = 600
"""Months that a history may ask for."""


@strawberry.type(description="Postings that were released in a month.")
class DemandPoint:
    month: date
    postings: int


@strawberry.type(description="Jobs of one occupation.")
class JobCluster:
    code: strawberry.ID
    name: str

    @strawberry.field(description="Postings by month, the last months that have any, oldest first.")
    async def history(self, info: Info, last: int = 24) -> list[DemandPoint]:
        kept = check_first(last, most=LONGEST_HISTORY)
        rows = await info.context.loaders.history.load(self.code)
        return [
            DemandPoint(month=first_of_month(row["month"]), postings=row["postings"]) for row in rows[-kept:] if kept
        ]

    @strawberry.field(description="Capability units that it demands, the highest level first.")
    async def demands(self, info: Info, first: int = 20) -> list[CapabilityLevel]:
        rows = await info.context.loaders.demands.load(self.code)
        return [CapabilityLevel.of(row) for row in rows[: check_first(first)]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the cluster of a row with ``code`` and ``name``."""
        return cls(code=strawberry.ID(row["code"]), name=row["name"] or row["code"])
