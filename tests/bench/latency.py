"""How long the forecast of one job cluster takes from its stored state, and that of all."""

import statistics
import time
from pathlib import Path

from cypher.graph import Graph
from gnn import artifact as artifacts
from gnn.jobs.foretelling import Foreteller, latest
from tests.bench.figure import Figure

ROUNDS = 200
COMPUTED, WITH_READING, ALL = 1.0, 5.0, 20.0
"""Targets: milliseconds, milliseconds, seconds."""


def latency(graph: Graph, model: Path) -> list[Figure]:
    """Make forecasts from the stored states of a model that was run on the graph."""
    foreteller = Foreteller(artifacts.read(model))
    codes = latest(graph, foreteller).codes
    ones = [latest(graph, foreteller, clusters=[codes[place % len(codes)]]) for place in range(ROUNDS)]
    computed = 1_000 * statistics.median(each.seconds_computing for each in ones)
    read = 1_000 * statistics.median(each.seconds_computing + each.seconds_reading for each in ones)
    begun = time.perf_counter()
    every = latest(graph, foreteller)
    note = f"median of {ROUNDS}"
    return [
        Figure("forecast of a cluster, computed", computed, "ms", COMPUTED, most=True, note=note),
        Figure("forecast of a cluster, graph read", read, "ms", WITH_READING, most=True, note=note),
        Figure(
            "forecasts of all clusters, graph read",
            time.perf_counter() - begun,
            "s",
            ALL,
            most=True,
            note=f"{len(every.codes):,} clusters, from stored states",
        ),
    ]
