"""The way from the graph to the snapshot: read once a generation, swapped as one reference, renewed when postings come.

What was read of a generation stays as it is for whoever holds it; a request asks for the snapshot of the generation
that it reads, and never sees another one.
"""

import asyncio
import gc
import logging
import time
from datetime import timedelta
from typing import Any

from api.gateway import Gateway
from api.recommend.pool import Clusters, Names, Pool, Postings, Shelf, majors, shelves
from api.recommend.settings import Days, Rules
from schema import clock
from schema.errors import FullCycleError

LOOKED_EVERY = 1.0
"""Seconds between two looks for new postings."""
WATCHED_EVERY = 5.0
"""Seconds between two looks for another generation, while nobody asks."""
ARRIVAL_DAYS = 60
"""Postings that were released so many days before the reference day, or later, may join as new ones."""
KEPT = 2
"""Snapshots that are kept: the active one, and the one before it for requests that still read it."""

Stamp = tuple[int, Any]
_log = logging.getLogger("fullcycle.api")


class Pools:
    """The snapshots of this process.

    Arguments:
        every: seconds between two looks for new postings; 0 looks each time.
        least: postings of a job cluster that are read, at the least; those of the generation's rules otherwise.
    """

    def __init__(self, *, every: float = LOOKED_EVERY, least: int = 0) -> None:
        self._every = every
        self._least = least
        self._held: dict[tuple[str, str | None], asyncio.Task[_Held]] = {}
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def generations(self) -> list[str]:
        """Codes of the generations of which there is a snapshot that has been read, the latest last."""
        return [code for (code, _), task in self._held.items() if task.done() and not task.cancelled()]

    async def current(self, gateway: Gateway, generation: dict[str, Any]) -> Pool:
        """Return the snapshot of a generation, with the postings that came since.

        Arguments:
            gateway: the way to the graph.
            generation: a row of ``serve/generation``.

        Raises:
            UnreachableError: no server answers.
        """
        key = (str(generation["code"]), generation["forecast"])
        task = self._held.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._held[key] = asyncio.create_task(_read(gateway, generation, self._least))
            while len(self._held) > KEPT:
                self._held.pop(next(iter(self._held)))
        # A request that goes away must not end the reading that others wait for.
        held = await asyncio.shield(task)
        if time.monotonic() - held.looked >= self._every:
            await self._look(gateway, generation, held)
        return held.pool

    async def _look(self, gateway: Gateway, generation: dict[str, Any], held: "_Held") -> None:
        held.looked = time.monotonic()
        stamp = await _stamp(gateway)
        if stamp == held.stamp:
            return
        held.pool = await _with_arrivals(gateway, generation, held.pool)
        if stamp[1] != held.stamp[1] and (self._refreshing is None or self._refreshing.done()):
            # A load may have closed postings and resources: all is read again, and served until then as it was.
            self._refreshing = asyncio.create_task(self._refresh(gateway, generation, held))
        held.stamp = stamp

    async def _refresh(self, gateway: Gateway, generation: dict[str, Any], held: "_Held") -> None:
        try:
            held.pool = (await _read(gateway, generation, self._least)).pool
        except FullCycleError as error:
            _log.warning("the snapshot was not renewed: %s", error)

    async def close(self) -> None:
        """End what is still being read."""
        tasks = [task for task in (*self._held.values(), self._refreshing) if task is not None and not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def watch(gateway: Gateway, pools: Pools, *, every: float = WATCHED_EVERY) -> None:
    """Keep the snapshot of the active generation ready for ever, so that no request waits until one has been read.

    Arguments:
        gateway: the way to the graph.
        pools: where it is kept.
        every: seconds between two looks.
    """
    known: list[str] = []
    try:
        while True:
            try:
                records = await gateway.read("serve/generation")
                if records and records[0]["code"] is not None:
                    await pools.current(gateway, records[0].data())
            except FullCycleError as error:
                # Requests that need it say so themselves; the next look may find the server again.
                _log.debug("no snapshot yet: %s", error)
            if pools.generations != known:
                known = pools.generations
                settle()
            await asyncio.sleep(every)
    finally:
        gc.unfreeze()


def settle() -> None:
    """Take what has been read out of the garbage collector's rounds.

    A snapshot lives long and refers to nothing in circles; a collector that walks it now and then holds up requests.
    """
    gc.collect()
    gc.freeze()


class _Held:
    """A snapshot, and when and at which stamp it was looked at last."""

    def __init__(self, pool: Pool, stamp: Stamp, looked: float) -> None:
        self.pool = pool
        self.stamp = stamp
        self.looked = looked


async def _stamp(gateway: Gateway) -> Stamp:
    [record] = await gateway.read("serve/pool-stamp")
    return record["postings"], record["loadedAt"]


async def _read(gateway: Gateway, generation: dict[str, Any], least: int) -> _Held:
    rules = Rules.of(generation["config"])
    created = generation["createdAt"].to_native()
    days = Days.of(generation["dataThrough"].to_native(), created, now=clock.now())
    code = str(generation["code"])
    stamp = await _stamp(gateway)
    [units] = await gateway.read("serve/pool-units")
    forecast = generation["forecast"]
    [clusters] = await gateway.read("serve/pool-clusters", generation=code, forecast=forecast, day=days.reference)
    [resources] = await gateway.read("serve/pool-resources", generation=code, today=clock.now().date())
    [leads] = await gateway.read("serve/pool-majors", generation=code)
    [regions] = await gateway.read("serve/pool-regions")
    postings = await gateway.read(
        "serve/pool-postings",
        day=days.reference,
        today=days.today,
        since=created,
        most=max(rules.ranking.pool, least),
        optional=rules.optional,
    )

    def build() -> Pool:
        names = Names.of(units["units"])
        jobs = Clusters.of(clusters["clusters"], names)
        offers = Shelf.of(resources["resources"], names, jobs.names)
        rows = {record["cluster"]: record["postings"] for record in postings}
        return Pool(
            code,
            forecast,
            rules,
            days,
            names,
            jobs,
            Postings.of(rows, {}, names, jobs),
            offers,
            shelves(offers),
            majors(leads["majors"], jobs.names),
            {code: frozenset(words) for code, words in regions["regions"]},
            rows,
        )

    # The building takes the processor for a while; other requests go on meanwhile.
    pool = await asyncio.to_thread(build)
    return _Held(await _with_arrivals(gateway, generation, pool), stamp, time.monotonic())


async def _with_arrivals(gateway: Gateway, generation: dict[str, Any], pool: Pool) -> Pool:
    records = await gateway.read(
        "serve/pool-arrivals",
        after=pool.days.reference - timedelta(days=ARRIVAL_DAYS),
        since=generation["createdAt"].to_native(),
        today=clock.now().date(),
        most=pool.rules.ranking.pool,
        optional=pool.rules.optional,
    )
    later = {record["cluster"]: record["postings"] for record in records}
    if not later and not pool.postings.arrived.any():
        return pool
    return await asyncio.to_thread(pool.with_arrivals, later)
