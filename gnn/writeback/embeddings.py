"""Embeddings onto nodes, label by label.

A node has one embedding, so that the vector index finds it, and no second one beside it for a generation to come. What
keeps readers from mixing is the property `embeddingGeneration`, which is set together with the vector: it names the
generation whose model made it, and vectors are compared only where it is the same. While the vectors of a label are
being replaced a search finds fewer neighbours, never wrong ones; it takes seconds, and longer until the index is back.

A write that was killed is run again: nodes that carry the generation already are passed over, and the vector index,
which is dropped for a large write because it makes that several times slower, is made again whatever happened before.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from neo4j.vector import Vector
from numpy.typing import NDArray

from cypher import migrate, vectors
from cypher.graph import Graph
from cypher.progress import Progress, Step
from schema.catalog import VECTOR_DIMENSIONS
from schema.errors import JobError

BATCH = 1000
"""Embeddings in one transaction."""

SESSIONS = 2
"""Sessions that write side by side."""

LARGE = 0.2
"""Share of a label's embeddings from which on the vector index is dropped for the write."""


@dataclass(frozen=True, slots=True)
class EmbeddingReport:
    """What a write of embeddings did.

    Arguments:
        label: of the nodes.
        generation: whose model made the vectors.
        written: embeddings that were written.
        passed_over: embeddings that carried the generation already.
        forgotten: embeddings of other generations that were removed.
        seconds_writing: without the index.
        seconds_indexing: until the index answers again; 0 where it was kept.
    """

    label: str
    generation: str
    written: int
    passed_over: int
    forgotten: int
    seconds_writing: float
    seconds_indexing: float


def write_embeddings(
    graph: Graph,
    label: str,
    codes: Sequence[str],
    matrix: NDArray[np.floating],
    *,
    generation: str,
    again: bool = False,
    complete: bool = True,
    progress: Progress,
) -> EmbeddingReport:
    """Write the embeddings of a label, and see that they can be searched. It can be run again at any time.

    Arguments:
        graph: an open graph.
        label: a label whose nodes can have embeddings.
        codes: unified codes, none twice; one that is not in the graph is passed over.
        matrix: their vectors, finite and none all zeros, since those have no direction, [codes, 128].
        generation: code of the generation whose model made them.
        again: also write over vectors of the same generation, as an update does with changed nodes.
        complete: these are all of the label; vectors of other generations are removed.
        progress: shows the steps.

    Raises:
        JobError: the matrix is of another shape, or a vector cannot be compared.
        QueryError: nodes of this label have no embeddings.
        UnreachableError: the server went away and did not come back in time.
    """
    packed = _checked(codes, matrix)
    index = vectors.index(label)
    begun = time.monotonic()
    held = set(graph.read(vectors.written(label), generation=generation)[0]["codes"])
    wanted = [place for place, code in enumerate(codes) if again or code not in held]
    dropped = len(wanted) > LARGE * len(codes) and complete
    if dropped:
        graph.schema(f"DROP INDEX {index.name} IF EXISTS")
    with progress.step(f"Writing embeddings of {label}", total=len(wanted), unit="embeddings") as step:
        _write(graph, label, [(codes[place], packed[place]) for place in wanted], generation=generation, step=step)
    forgotten = _forget(graph, label, generation=generation) if complete else 0
    written = time.monotonic()
    with progress.step(f"Indexing embeddings of {label}"):
        graph.schema(index.create)
        migrate.await_indexes(graph)
    ended = time.monotonic()
    passed_over = len(codes) - len(wanted)
    seconds = ended - written if dropped else 0.0
    return EmbeddingReport(label, generation, len(wanted), passed_over, forgotten, written - begun, seconds)


def _checked(codes: Sequence[str], matrix: NDArray[np.floating]) -> list[bytes]:
    """Return each vector as the driver sends it."""
    expected = (len(codes), VECTOR_DIMENSIONS)
    if matrix.shape != expected:
        raise JobError(f"a matrix of shape {matrix.shape}", f"{expected}: a row for each code", where="embeddings")
    if len(set(codes)) < len(codes):
        raise JobError("a code twice", "each node once", where="embeddings")
    single = matrix.astype(">f4")
    bad = ~np.isfinite(single).all(axis=1) | ~single.any(axis=1)
    if bad.any():
        where = f"embedding of {codes[int(np.flatnonzero(bad)[0])]}"
        raise JobError(f"{int(bad.sum())} vectors that are all zeros or not finite", "a direction", where=where)
    return [row.tobytes() for row in single]


def _write(graph: Graph, label: str, rows: Sequence[tuple[str, bytes]], *, generation: str, step: Step) -> None:
    statement = vectors.write(label)

    def write(first: int) -> int:
        batch = rows[first : first + BATCH]
        packed = [Vector(raw, "f32") for _, raw in batch]
        graph.write(statement, codes=[code for code, _ in batch], vectors=packed, generation=generation)
        return len(batch)

    with ThreadPoolExecutor(SESSIONS) as sessions:
        for done in sessions.map(write, range(0, len(rows), BATCH)):
            step.advance(done)


def _forget(graph: Graph, label: str, *, generation: str) -> int:
    """Remove vectors of other generations and return how many."""
    total = 0
    while removed := graph.write(vectors.forget(label), generation=generation, most=10 * BATCH).properties_set:
        total += removed // 2
    return total
