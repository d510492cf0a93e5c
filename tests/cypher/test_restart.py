"""An embedded server that dies in the middle of a load: it is started again, and each batch is written once."""

import os
import random
import signal
import threading

import pytest

from cypher.graph import Graph
from cypher.server import EmbeddedServer
from tests.conftest import embedded_settings

BATCHES = 60
ROWS = 500
CREATE = "UNWIND range(1, $rows) AS n CREATE (:Sample {code: $key + ':' + n})"


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_load_goes_on_after_the_server_died(tmp_path, kind):
    """Would catch a batch that is lost or doubled, or a load that ends with the server."""
    settings = embedded_settings(tmp_path)
    embedded = EmbeddedServer(settings)
    try:
        with Graph.open(settings) as graph:
            graph.schema("CREATE CONSTRAINT FOR (node:LoadBatch) REQUIRE (node.code) IS UNIQUE")
            first = embedded.status().pid
            killer = threading.Timer(random.uniform(0.05, 0.5), os.kill, (first, kind))
            killer.start()
            done = [graph.write_batch(f"load:{n}", CREATE, rows=ROWS, key=str(n)) for n in range(BATCHES)]
            killer.join()
            # The timer may have come after the last batch; one more settles it either way.
            done.append(graph.write_batch("load:last", CREATE, rows=ROWS, key="last"))
            assert all(each is not None and each.nodes_created == ROWS for each in done)
            counted = "MATCH (n:Sample) RETURN count(n) AS nodes, count(DISTINCT n.code) AS codes"
            (record,) = graph.read(counted)
            assert (record["nodes"], record["codes"]) == ((BATCHES + 1) * ROWS,) * 2
            assert graph.clear_batches("load:") == BATCHES + 1
            assert embedded.status().pid != first
    finally:
        embedded.stop()
