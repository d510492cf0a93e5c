"""How long the lists of one student take, computed at once in the process of the service.

``python -m tests.bench.recommend --existing`` measures on the graph that the environment names, which must hold a
generation, and only reads it; without the option a tiny university is loaded and its gaps are computed first, to see
whether it runs at all. It ends with status 1 where a target is missed. Targets hold at the size of the paper, on two
cores that have nothing else to do.

What is measured is what a user meets after the service has started: it is started as `fullcycle serve` starts it, it
warms itself, and then each student is asked for once. What the warming took stands beside. With ``--restart`` the
embedded Neo4j is stopped and started first, so that the service finds a server that has answered nothing yet; with
``--cold`` the service does not warm itself.
"""

import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from api.app import application
from api.chains import listed_chain
from api.context import Context
from api.explain import Explained, Language, sentences
from api.gateway import Gateway
from api.recommend import Pools
from api.recommend.facts import own_of
from api.recommend.lists import computed
from api.recommend.pools import settle
from api.recommendations import facts_of, recommended
from api.warming import warm
from cypher.server import Connection, EmbeddedServer, connection
from cypher.settings import Settings
from cypher.threads import one_thread
from schema.ranking import PATHS
from tests.bench.figure import Figure, table

STUDENTS = 300
COMPUTED, COMPUTED_HIGH, WITH_READS = 5.0, 30.0, 30.0
"""Targets, in milliseconds: half of the computations, 19 of 20 of them, and 19 of 20 with all that is read."""
QUERY = """query ($student: ID!, $path: RecommendationPath!) { student(code: $student) { stage { training }
  recommendations(path: $path) { rank score item { ... on Job { title } ... on Resource { name } }
    explanation { match gap contribution heat sentences }
    chain { gap { value lacks { amount } } steps { score resource { name } } } } } }"""


def quantiles(
    name: str, seconds: Sequence[float], *, half: float | None = None, most: float | None = None
) -> list[Figure]:
    """Return the median and the 95th percentile, in milliseconds, with their targets."""
    ordered = sorted(1_000 * each for each in seconds)
    note = f"{len(ordered):,} students"
    return [
        Figure(f"{name}, p50", ordered[len(ordered) // 2], "ms", half, most=True, note=note),
        Figure(f"{name}, p95", ordered[int(len(ordered) * 0.95)], "ms", most, most=True, note=note),
    ]


async def measured(reached: Connection, *, cold: bool = False) -> list[Figure]:
    """Measure on a graph.

    Arguments:
        reached: where it is.
        cold: the service does not warm itself.
    """
    with one_thread():
        async with Gateway(reached) as gateway:
            return await _measured(gateway, cold=cold)


async def _measured(gateway: Gateway, *, cold: bool) -> list[Figure]:
    """Measure over a gateway."""
    pools = Pools()
    begun = time.perf_counter()
    first = Context(gateway, pools)
    pool, generation, days = await first.pool(), await first.generation(), await first.days()
    loading = time.perf_counter() - begun
    if pool is None or generation is None:
        raise SystemExit("the graph holds no generation: run `fullcycle gaps` first")
    begun = time.perf_counter()
    warmed = 0 if cold else await warm(gateway, pools)
    warming = time.perf_counter() - begun
    settle()  # as the service does
    reading: list[float] = []
    codes = await _students(gateway)
    for code in codes:
        begun = time.perf_counter()
        await _everything(Context(gateway, pools), code)
        reading.append(time.perf_counter() - begun)
    rows = [row for row in await first.loaders.facts.load_many(codes) if row is not None]
    alone: list[float] = []
    without: list[float] = []
    for row in [*rows[:5], *rows]:
        for times, given in ((alone, row), (without, dict(row, gaps=[], abilities=[]))):
            begun = time.perf_counter()
            own = own_of(given, pool, days, created=generation["createdAt"].to_native())
            for path in PATHS:
                for each in computed(pool, own, path, days=days):
                    Explained.of(each.terms, pool.rules.ranking.weights[path], gap=each.gap)
            times.append(time.perf_counter() - begun)
    gc.unfreeze()
    note = f"{len(pool.postings):,} postings, {len(pool.offers):,} resources, {len(pool.clusters.names)} clusters"
    return [
        Figure("snapshot read", loading, "s", note=note),
        Figure("the service warms itself", warming, "s", note=f"{warmed:,} students; clients are answered meanwhile"),
        *quantiles("three lists computed", alone[5:], half=COMPUTED, most=COMPUTED_HIGH),
        *quantiles("three lists of a student without a record", without[5:]),
        *quantiles("three lists with chains, sentences and reads", reading, most=WITH_READS),
    ]


async def _students(gateway: Gateway) -> list[str]:
    records = await gateway.read("serve/student-page", classGroup=None, major=None, after="", first=101)
    codes = [record["code"] for record in records]
    while len(records) == 101 and len(codes) < 20 * STUDENTS:
        records = await gateway.read("serve/student-page", classGroup=None, major=None, after=codes[-1], first=101)
        codes += [record["code"] for record in records]
    return codes[:: max(1, len(codes) // STUDENTS)][:STUDENTS]


async def _everything(context: Context, student: str) -> None:
    """Compute the lists of a student anew with all that a client may ask about them, whatever is stored."""
    row = await context.loaders.facts.load(student)
    if row is not None:
        row["recommended"] = []
    pool, own = await context.pool(), await context.own(student)
    if pool is None or own is None:
        return
    days = await context.days()
    lists = await asyncio.gather(*(recommended(context, student, path=path, first=20) for path in PATHS))
    goals = {each.goal for found in lists for each in found}
    chains = await asyncio.gather(*(listed_chain(context, student, goal=goal) for goal in sorted(goals)))
    await asyncio.gather(*(part() for chain in chains if chain for part in (chain.gap.lacks, chain.steps)))
    for path, found in zip(PATHS, lists, strict=True):
        for each in found:
            told = Explained.of(each.terms, pool.rules.ranking.weights[path], gap=each.gap)
            facts = facts_of(pool, own, each, days=days, language=Language.EN)
            sentences(told, facts, Language.EN)


async def answered(reached: Connection) -> list[Figure]:
    """Measure whole requests through GraphQL, one path each."""
    app = application(reached)
    async with app.router.lifespan_context(app):
        codes = await _students(app.state.gateway)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            seconds: list[float] = []
            for number, code in enumerate(codes):
                body: dict[str, Any] = {"query": QUERY, "variables": {"student": code, "path": PATHS[number % 3]}}
                begun = time.perf_counter()
                answer = await http.post("/graphql", json=body)
                seconds.append(time.perf_counter() - begun)
                if "errors" in json.loads(answer.content):
                    raise SystemExit(answer.text)
        return quantiles("one list through GraphQL", seconds)


def options(arguments: list[str] | None) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m tests.bench.recommend", description=__doc__)
    parser.add_argument("--existing", action="store_true", help="measure on the graph that the environment names")
    parser.add_argument(
        "--restart", action="store_true", help="with --existing: stop and start the embedded Neo4j first"
    )
    parser.add_argument("--cold", action="store_true", help="the service does not warm itself")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None, *, console: Console | None = None) -> int:
    """Measure, print a table, and return 1 where a target is missed."""
    given = options(arguments)
    console = console or Console(width=160)
    console.print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", highlight=False)
    if given.existing:
        settings = Settings.from_environment()
        if given.restart:
            EmbeddedServer(settings).stop()
        figures = everything(connection(settings), cold=given.cold)
    else:
        from cypher.progress import Progress
        from gnn.config import GapConfig
        from gnn.jobs import compute_gaps
        from tests.bench.campus import TINY, campus

        with tempfile.TemporaryDirectory(prefix="fullcycle-bench-") as folder, campus(TINY, Path(folder)) as made:
            compute_gaps(made.graph, GapConfig(), progress=Progress.silent())
            reached = connection(Settings.from_environment(made.environment))
            figures = [each.untargeted() for each in everything(reached, cold=given.cold)]
    console.print(table(figures))
    return int(any(each.missed for each in figures))


def everything(reached: Connection, *, cold: bool = False) -> list[Figure]:
    """Measure all on a graph.

    Arguments:
        reached: where it is.
        cold: the service does not warm itself.
    """
    return [*asyncio.run(measured(reached, cold=cold)), *asyncio.run(answered(reached))]


if __name__ == "__main__":
    sys.exit(main())
