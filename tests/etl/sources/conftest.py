"""A graph with its catalog and nothing in it, and the real data where it lies beside the checkout."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import Connection

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def bare_graph(empty_graph: Connection) -> Iterator[Graph]:
    """An empty graph with constraints and indexes."""
    with Graph(empty_graph) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def real_data() -> Path:
    """The folder of public data sets; a test that needs it is skipped where it is not."""
    if not DATA.is_dir():
        pytest.skip("the real data is not here: ../shared/data beside the checkout")
    return DATA
