"""The benchmark of the demand model itself, on a small graph."""

from collections.abc import Iterator
from io import StringIO

import pytest
from rich.console import Console

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import Connection
from tests.bench.figure import Figure, table
from tests.bench.gnn import main
from tests.bench.relation import figures
from tests.bench.snapshot import embeddings, reading
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
    results = reading(world) + embeddings(world)
    counts = {each.name: int(each.note.split()[0].replace(",", "")) for each in results}
    assert counts["relationships read, nodes included"] > counts["the same row by row (REQUIRES)"] == 300
    assert counts["embeddings written"] == counts["embeddings read"] == 60
    assert table(results).row_count == len(results)


def test_a_missed_target_is_told() -> None:
    """Would catch a benchmark that is content with anything."""
    assert Figure("read", 499_999.0, "a second", 500_000.0).missed
    assert not Figure("read", 500_000.0, "a second", 500_000.0).missed
    assert not Figure("read", 1.0, "a second").missed
    assert Figure("training", 60.1, "min", 60.0, most=True).missed
    assert not Figure("training", 59.9, "min", 60.0, most=True).missed
    assert Figure("difference", float("nan"), "", 1e-3, most=True).missed


def test_ours_is_held_against_the_better_stock_row() -> None:
    """Would catch a ratio to the slower one, and one that is upside down."""
    rows = {
        "ours": {"seconds": 3.2, "peak": 100.0, "edges": 9.0},
        "stock dgl": {"seconds": 2.0, "peak": 120.0, "edges": 9.0},
        "stock PyG": {"seconds": 4.0, "peak": 110.0, "edges": 9.0},
    }
    seconds, peak = figures(rows)
    assert (seconds.value, seconds.missed) == (1.6, True)
    assert (round(peak.value, 3), peak.missed) == (0.909, False)


@pytest.mark.bench
def test_all_parts_run() -> None:
    """Would catch a part that no longer runs, and one that is left out of the table."""
    output = StringIO()
    assert main(["--small"], console=Console(file=output, width=200)) == 0
    shown = output.getvalue()
    for name in (
        "relationships read", "embeddings written", "epoch of the relation channel", "training, paper size",
        "its peak memory, paper size", "forecast of a cluster, computed", "full run against an update",
        "greatest difference", "full run without encoding",
    ):  # fmt: skip
        assert f"\n{name}" in shown, shown
