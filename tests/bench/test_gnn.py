"""The benchmark of reading and writing itself, on a small graph."""

from collections.abc import Iterator

import pytest

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import Connection
from tests.bench.gnn import Rate, embeddings, reading, table
from tests.gnn.snapshot.worlds import build


@pytest.fixture
def world(empty_graph: Connection) -> Iterator[Graph]:
    """A small world on the session's server."""
    with Graph(empty_graph) as opened:
        migrate(opened)
        build(opened)
        yield opened


def test_reading_and_writing_are_measured(world: Graph) -> None:
    """Would catch a benchmark that no longer runs, or that measures nothing."""
    results = reading(world, targets=False) + embeddings(world, targets=False)
    counts = {each.name: each.count for each in results}
    assert counts["relationships read"] > counts["the same row by row (REQUIRES)"] == 300
    assert counts["embeddings written"] == counts["embeddings read"] == 60
    assert table(results).row_count == len(results)


def test_a_missed_target_is_told() -> None:
    """Would catch a benchmark that is content with anything."""
    assert Rate("read", 499_999, 1.0, 2.0, 500_000.0).missed
    assert not Rate("read", 500_000, 1.0, 2.0, 500_000.0).missed
    assert not Rate("read", 1, 1.0, 1.0).missed
