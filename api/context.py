"""What one request carries: the way to the graph, its loaders, and the one generation that it reads."""

import asyncio
import json
from typing import Any

import strawberry

from api.gateway import Gateway
from api.loaders import Loaders
from schema.scoring import BridgingWeights


class Context:
    """The state of one request. It reads one generation, even if another is activated meanwhile.

    Arguments:
        gateway: the way to the graph.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._generation: asyncio.Task[dict[str, Any] | None] | None = None
        self.loaders = Loaders(gateway, self.generation_code)

    async def _read_generation(self) -> dict[str, Any] | None:
        records = await self.gateway.read("serve/generation")
        return records[0].data() if records else None

    async def generation(self) -> dict[str, Any] | None:
        """Return the active generation as it was when the request first asked; None before the first one."""
        if self._generation is None:
            self._generation = asyncio.create_task(self._read_generation())
        return await self._generation

    async def generation_code(self) -> str | None:
        """Return the code of that generation."""
        generation = await self.generation()
        return generation["code"] if generation else None

    async def weights(self) -> BridgingWeights:
        """Return the weights of equation 16 with which the generation was computed."""
        generation = await self.generation()
        config = json.loads(generation["config"] or "{}") if generation else {}
        return BridgingWeights(**config.get("weights", {}))


Info = strawberry.Info[Context, None]
