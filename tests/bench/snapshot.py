"""How fast the jobs read the training snapshot, and read and write embeddings.

Rates are the best of several rounds on a warm server; beside them stands the rate at which the same comes row by row.
"""

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot import read_embeddings
from gnn.snapshot.relations import read_relations
from gnn.writeback import write_embeddings
from schema import clock
from schema.catalog import VECTOR_DIMENSIONS
from schema.errors import JobError
from tests.bench.figure import Figure, rate, timed

SILENT = Progress.silent()
ROUNDS = 5
ROWS = "MATCH (job:Job)-[edge:REQUIRES]->(skill:Skill) RETURN job.code AS job, skill.code AS skill, edge.level AS level"
RELATIONSHIPS, READ, WRITTEN = 500_000.0, 100_000.0, 20_000.0
"""Targets, each a second."""


def reading(graph: Graph) -> list[Figure]:
    """Read the training snapshot, nodes and all, and one type of it row by row."""

    def relations() -> int:
        return len(read_relations(graph, as_of=clock.now(), progress=SILENT))

    return [
        timed("relationships read, nodes included", relations, rounds=ROUNDS, target=RELATIONSHIPS),
        timed("the same row by row (REQUIRES)", lambda: sum(1 for _ in graph.stream(ROWS)), rounds=2),
    ]


def embeddings(graph: Graph) -> list[Figure]:
    """Write embeddings of all postings under two generations, the index dropped and made again, and read them."""
    codes = graph.read("MATCH (job:Job) RETURN collect(job.code) AS codes")[0]["codes"]
    drawn = np.random.default_rng(0)
    writing, indexing = [], []
    for generation in ("fc:bench:1", "fc:bench:2"):
        # Real vectors lie in clusters; drawn ones that do not make the index slower than it is.
        centres = drawn.normal(size=(80, VECTOR_DIMENSIONS))
        matrix = (centres[drawn.integers(0, 80, len(codes))] + drawn.normal(size=(len(codes), VECTOR_DIMENSIONS))) / 2
        report = write_embeddings(graph, "Job", codes, matrix, generation=generation, progress=SILENT)
        writing.append(report.seconds_writing)
        indexing.append(report.seconds_indexing)
        known, found = read_embeddings(graph, "Job", progress=SILENT)
        order = np.argsort(np.array(codes))
        if list(known) != sorted(codes) or not np.array_equal(found, matrix.astype(np.float32)[order]):
            raise JobError("embeddings that are not those that were written", where=generation)

    def read() -> int:
        return len(read_embeddings(graph, "Job", progress=SILENT)[0])

    return [
        rate("embeddings written", len(codes), writing, target=WRITTEN),
        rate("vector index made", len(codes), indexing),
        timed("embeddings read", read, rounds=ROUNDS, target=READ),
    ]
