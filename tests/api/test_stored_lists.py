"""End to end: lists that the service computes at once are those that the jobs store, on a tiny demo university."""

import asyncio

import pytest

from api.context import Context
from api.gateway import Gateway
from api.recommend import Pools
from api.recommend.lists import computed, stands, stored
from cypher.progress import Progress
from etl.sources.university import World
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from schema.ranking import PATHS
from tests.gnn.tiny import university

TINY = World(postings=1_200, students=120, months=20, clusters=8, seed=9, start="2022-01", interactions=2_500)


@pytest.fixture(scope="module")
def world(connection, driver, tmp_path_factory):
    """The university after one run of the job."""
    with university(connection, driver, TINY, folder=tmp_path_factory.mktemp("parity")) as graph:
        compute_gaps(graph, GapConfig(), progress=Progress.silent())
        yield graph


def test_computed_lists_equal_those_that_the_job_stores(world, connection):
    """Would catch a term, a goal, a gate, a tie or an order in which service and job part, for any student and list."""
    codes = [record["code"] for record in world.read("MATCH (s:Student) RETURN s.code AS code ORDER BY code")]

    async def both():
        async with Gateway(connection) as gateway:
            context = Context(gateway, Pools())
            pool, days = await context.pool(), await context.days()
            for code in codes:
                own, row = await context.own(code), await context.loaders.facts.load(code)
                for path in PATHS:
                    kept = stored(row["recommended"], path)
                    yield (
                        (code, path),
                        computed(pool, own, path, days=days),
                        kept,
                        stands(row["recommended"], path, pool=pool, own=own),
                    )

    async def compare():
        items = 0
        async for where, ours, theirs, stand in both():
            assert [each.item for each in ours] == [each.item for each in theirs], where
            assert stand is bool(theirs), where
            for mine, other in zip(ours, theirs, strict=True):
                assert (mine.goal, mine.kind, mine.rank, mine.provisional) == (
                    other.goal,
                    other.kind,
                    other.rank,
                    False,
                ), where
                assert mine.score == pytest.approx(other.score, abs=1e-9)
                assert mine.gap == pytest.approx(other.gap, abs=1e-9)
                assert list(mine.terms) == pytest.approx(list(other.terms), abs=1e-9)
                items += 1
        return items

    assert asyncio.run(compare()) > 10 * len(codes)
