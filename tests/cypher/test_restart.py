"""An embedded server that dies in the middle of a load: it is started again, and each batch is written once."""

import os
import random
import signal
import threading

from cypher.graph import Graph
from cypher.server import EmbeddedServer
from tests.conftest import embedded_settings

BATCHES = 60
ROWS = 500
CREATE = "UNWIND range(1, $rows) AS n CREATE (:Sample {code: $key + ':' + n})"


def test_load_goes_on_after_the_server_died(tmp_path):
    """Would catch a batch that is lost or doubled, or a load that ends with the server, killed or stopped."""
    settings = embedded_settings(tmp_path)
    embedded = EmbeddedServer(settings)
    try:
        with Graph.open(settings) as graph:
            graph.schema("CREATE CONSTRAINT FOR (node:LoadBatch) REQUIRE (node.code) IS UNIQUE")
            for kind in (signal.SIGKILL, signal.SIGTERM):
                first = embedded.status().pid
                killer = threading.Timer(random.uniform(0.05, 0.5), os.kill, (first, kind))
                killer.start()
                keys = [f"{kind.name}:{n}" for n in range(BATCHES)]
                done = [graph.write_batch(f"load:{key}", CREATE, rows=ROWS, key=key) for key in keys]
                killer.join()
                # The timer may have come after the last batch; one more finds the server gone either way.
                done.append(graph.write_batch(f"load:{kind.name}", CREATE, rows=ROWS, key=kind.name))
                assert all(each is not None and each.nodes_created == ROWS for each in done)
                assert embedded.status().pid != first
            (record,) = graph.read("MATCH (n:Sample) RETURN count(n) AS nodes, count(DISTINCT n.code) AS codes")
            assert (record["nodes"], record["codes"]) == (2 * (BATCHES + 1) * ROWS,) * 2
            assert graph.clear_batches("load:") == 2 * (BATCHES + 1)
    finally:
        embedded.stop()
