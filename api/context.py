"""What one request carries: the way to the graph, its loaders, and the generations that it reads."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import strawberry

from api.gateway import Gateway
from api.loaders import Loaders, Row
from schema.scoring import BridgingWeights


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a generation that a chain computed on request must share with the stored ones.

    Arguments:
        resources: steps of a chain, >= 1.
        weights: of equation 16.
    """

    resources: int = 5
    weights: BridgingWeights = field(default_factory=BridgingWeights)

    @classmethod
    def of(cls, config: str | None) -> "Rules":
        """Read them from the settings of a generation, as JSON; what is not there is as in the jobs' defaults."""
        settings = json.loads(config or "{}")
        weights = BridgingWeights(**settings.get("weights", {}))
        return cls(int(settings.get("resources", cls().resources)), weights)


class Context:
    """The state of one request. It reads one generation of gaps and one of forecasts, whatever is activated meanwhile.

    Arguments:
        gateway: the way to the graph.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._active: asyncio.Task[Row] | None = None
        self.loaders = Loaders(gateway, self.generation_code, self.forecast_code)

    async def _read_active(self) -> dict[str, Any]:
        records = await self.gateway.read("serve/generation")
        return records[0].data() if records else {"code": None, "forecast": None}

    async def _found(self) -> Row:
        # Both generations are read at once, when the request first asks for either.
        if self._active is None:
            self._active = asyncio.create_task(self._read_active())
        return await self._active

    async def generation(self) -> Row | None:
        """Return the active generation as it was when the request first asked; None before the first one."""
        found = await self._found()
        return found if found["code"] is not None else None

    async def generation_code(self) -> str | None:
        """Return the code of that generation."""
        generation = await self.generation()
        return str(generation["code"]) if generation else None

    async def forecast_code(self) -> str | None:
        """Return the code of the generation of forecasts that was active then; None before the first one."""
        found = (await self._found())["forecast"]
        return None if found is None else str(found)


Info = strawberry.Info[Context, None]
