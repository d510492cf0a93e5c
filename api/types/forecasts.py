"""Forecasts of demand: equations 10 to 12 for one job cluster and one window of months."""

from datetime import date
from enum import Enum
from typing import Any, Self

import strawberry

from schema.derived import DEMAND_CLASSES


@strawberry.enum(description="What becomes of the demand; LOW_DEMAND by its level, the others by its change.")
class DemandClass(Enum):
    HIGH_GROWTH = "HIGH_GROWTH"
    GROWTH = "GROWTH"
    STABLE = "STABLE"
    DECLINE = "DECLINE"
    LOW_DEMAND = "LOW_DEMAND"


@strawberry.type(description="How probable a class is.")
class ClassProbability:
    demand_class: DemandClass
    probability: float


@strawberry.type(description="Equations 10 to 12: what is foretold of one job cluster.")
class Forecast:
    month: date = strawberry.field(description="First day of the months that are foretold.")
    demand_class: DemandClass
    probabilities: list[ClassProbability] = strawberry.field(description="Calibrated; they sum to 1 (equation 11).")
    intensity: float = strawberry.field(description="d, 0 to 1, on a logarithmic scale.")
    change: float = strawberry.field(description="delta: rate against the window before; 0.5 is half more.")
    gap: float = strawberry.field(description="q, 0 to 1: what students oriented to it lack of what it demands.")
    confidence: float = strawberry.field(description="c, 0 to 1.")
    warning: float = strawberry.field(description="r: warning index (equation 12).")
    focus: bool = strawberry.field(description="The warning index is above the threshold.")
    generation: strawberry.ID = strawberry.field(description="Generation of forecasts that wrote it.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the forecast of a row of ``serve/forecasts``."""
        pairs = zip(DEMAND_CLASSES, row["probabilities"], strict=True)
        return cls(
            month=row["month"].to_native(),
            demand_class=DemandClass[row["demandClass"]],
            probabilities=[ClassProbability(demand_class=DemandClass[name], probability=each) for name, each in pairs],
            intensity=row["intensity"],
            change=row["change"],
            gap=row["gap"],
            confidence=row["confidence"],
            warning=row["warning"],
            focus=row["focus"],
            generation=strawberry.ID(row["generation"]),
        )
