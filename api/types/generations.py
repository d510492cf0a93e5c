"""Generations and the figures that were measured on them."""

import json
from datetime import date, datetime
from typing import Any, Self

import strawberry


@strawberry.type(description="A measured figure.")
class Metric:
    name: str
    value: float


@strawberry.type(description="One run of the model jobs; every derived fact names the generation that wrote it.")
class Generation:
    code: strawberry.ID
    created_at: datetime
    activated_at: datetime | None
    data_through: date
    metrics: list[Metric]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the generation of a row of ``serve/generation``."""
        figures = json.loads(row["metrics"] or "{}")
        numbers = {name: value for name, value in figures.items() if isinstance(value, int | float)}
        return cls(
            code=strawberry.ID(row["code"]),
            created_at=row["createdAt"].to_native(),
            activated_at=row["activatedAt"].to_native() if row["activatedAt"] else None,
            data_through=row["dataThrough"].to_native(),
            metrics=[Metric(name=name, value=float(value)) for name, value in sorted(numbers.items())],
        )
