"""What one request carries: the way to the graph, its loaders, and the generations that it reads."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import strawberry

from api.gateway import Gateway
from api.loaders import Loaders, Row
from api.recommend import Own, Pool, Pools
from api.recommend.facts import own_of
from api.recommend.settings import Days, Rules
from schema import clock
from schema.experiment import Experiment
from schema.rules import RankingRules

Made = TypeVar("Made")


class Context:
    """The state of one request. It reads one generation of gaps and one of forecasts, whatever is activated meanwhile.

    Arguments:
        gateway: the way to the graph.
        pools: the snapshots of the process; None where the request needs none.
        experiment: two configurations that are served side by side; None for that of the generation alone.
    """

    def __init__(self, gateway: Gateway, pools: Pools | None = None, *, experiment: Experiment | None = None) -> None:
        self.gateway = gateway
        self.experiment = experiment
        self.now = clock.now()
        self._pools = pools if pools is not None else Pools()
        self._active: asyncio.Task[Row] | None = None
        self._pool: asyncio.Task[Pool | None] | None = None
        self._rules: Rules | None = None
        self._kept: dict[tuple[str, ...], asyncio.Task[Any]] = {}
        self.loaders = Loaders(gateway, self.generation_code, self.forecast_code, self._facts_arguments, self._ends)

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

    async def rules(self) -> Rules:
        """Return the settings of the active generation; those that are documented before the first."""
        generation = await self.generation()
        # Every item that is explained asks for them.
        if self._rules is None:
            self._rules = Rules.of(generation["config"] if generation else None)
        return self._rules

    async def ranking(self, student: str) -> RankingRules:
        """Return the rules by which the lists of a student are made: those of the generation, or of a variant."""
        experiment = self.experiment
        if experiment is None:
            return (await self.rules()).ranking
        return await self.once(("ranking", student), lambda: self._variant(student, experiment))

    async def _variant(self, student: str, experiment: Experiment) -> RankingRules:
        return experiment.rules(experiment.variant(student), (await self.rules()).ranking)

    async def days(self) -> Days:
        """Return the days from which the generation is looked at; before the first those of what is loaded."""
        generation = await self.generation()
        if generation is not None:
            return Days.of(generation["dataThrough"].to_native(), generation["createdAt"].to_native(), now=self.now)
        [record] = await self.gateway.read("snapshot/data-through", day=self.now.date())
        through = record["dataThrough"].to_native() if record["dataThrough"] is not None else self.now.date()
        return Days(through, self.now.date())

    async def _facts_arguments(self) -> dict[str, Any]:
        code, days = await asyncio.gather(self.generation_code(), self.days())
        return {
            "generation": code,
            "now": self.now,
            "day": days.reference,
            "today": days.today,
            "since": days.year_before,
            "terms": days.terms,
        }

    async def pool(self) -> Pool | None:
        """Return the snapshot of the generation that the request reads; None before the first."""
        if self._pool is None:
            self._pool = asyncio.create_task(self._read_pool())
        return await self._pool

    async def _read_pool(self) -> Pool | None:
        generation = await self.generation()
        return None if generation is None else await self._pools.current(self.gateway, generation)

    async def pool_of(self, student: str) -> Pool | None:
        """Return the snapshot with the rules by which the lists of a student are made."""
        pool = await self.pool()
        if pool is None or self.experiment is None:
            return pool
        return replace(pool, rules=replace(pool.rules, ranking=await self.ranking(student)))

    async def own(self, student: str) -> Own | None:
        """Return a student as the lists see the student; None for an unknown one and before the first generation."""
        return await self.once(("own", student), lambda: self._read_own(student))

    async def _read_own(self, student: str) -> Own | None:
        generation, pool, row = await asyncio.gather(
            self.generation(), self.pool_of(student), self.loaders.facts.load(student)
        )
        if generation is None or pool is None or row is None:
            return None
        return own_of(row, pool, await self.days(), created=generation["createdAt"].to_native())

    async def over(self, codes: list[str]) -> set[str]:
        """Return which postings and resources are over: closed by a source, past their last day, or gone.

        Postings end by the days of the generation; resources are on offer today or not, as the jobs see them.
        """
        ended = await self.loaders.over.load_many(codes)
        return {code for code, each in zip(codes, ended, strict=True) if each}

    async def _ends(self) -> dict[str, Any]:
        return {"today": (await self.days()).today, "offered": self.now.date()}

    async def once(self, key: tuple[str, ...], make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """Return what is made under a key, made once in a request.

        Arguments:
            key: what it is, then codes; the second one is that of the student whom it is about.
            make: makes it.
        """
        if key not in self._kept:
            self._kept[key] = asyncio.create_task(make())
        made: Made = await self._kept[key]
        return made

    def forget(self, student: str) -> None:
        """Forget what was read of a student who has done something since."""
        self.now = max(self.now, clock.now())
        self._kept = {key: kept for key, kept in self._kept.items() if key[1] != student}
        with contextlib.suppress(KeyError):
            self.loaders.facts.clear(student)


Info = strawberry.Info[Context, None]
