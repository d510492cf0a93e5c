"""The benchmark of the lists of one student, on a drawn world."""

import random
from collections.abc import Iterator

import pytest

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import Connection
from tests.api import drawn
from tests.bench.recommend import everything


@pytest.fixture
def world(empty_graph: Connection) -> Iterator[Connection]:
    """A drawn world on the session's server."""
    generator = random.Random(4)
    made = drawn.world(generator)
    with Graph(empty_graph) as opened:
        migrate(opened)
        drawn.write(opened, made, [drawn.student(generator, made, f"u:{place}") for place in range(4)])
    yield empty_graph


def test_every_figure_is_measured(world: Connection) -> None:
    """Would catch a benchmark that no longer runs, or that leaves the promised figures out."""
    figures = {each.name: each for each in everything(world)}
    assert figures["three lists computed, p50"].target == 5.0
    assert figures["three lists with chains, sentences and reads, p95"].target == 30.0
    assert all(each.value > 0.0 for each in figures.values())
