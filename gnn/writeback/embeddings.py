"""Embeddings onto nodes, label by label.

A node has one embedding, so that the vector index finds it, and no second one beside it for a generation to come. What
keeps readers from mixing is the property `embeddingGeneration`, which is set together with the vector: it names the
generation whose model made it, and vectors are compared only where it is the same. While the vectors of a label are
being replaced a search finds fewer neighbours, never wrong ones; it takes seconds, and longer until the index is back.

A write that was killed is run again: what was written stays, and the vector index, which is dropped for a large write
because it makes that several times slower, is made again whatever happened before.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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

LEAST = 100
"""Embeddings that are not parted any further."""

SESSIONS = 2
"""Sessions that write side by side."""

LARGE = 0.2
"""Share of a label's embeddings from which on the vector index is dropped for the write."""

MANY = 2000
"""Embeddings up to which it is never dropped: to make it again takes longer than to write them with it."""


@dataclass(frozen=True, slots=True)
class EmbeddingReport:
    """What a write of embeddings did.

    Arguments:
        label: of the nodes.
        generation: whose model made the vectors.
        written: embeddings that were written.
        passed_over: embeddings that were right already.
        forgotten: embeddings that were removed, of other generations or of nodes that take no part any more.
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
    changed: Collection[str] = (),
    held: Collection[str] | None = None,
    complete: bool = True,
    progress: Progress,
) -> EmbeddingReport:
    """Write the embeddings of a label, and see that they can be searched. It can be run again at any time.

    Nodes that carry the generation already are passed over, unless the arguments say otherwise.

    Arguments:
        graph: an open graph.
        label: a label whose nodes can have embeddings.
        codes: unified codes, none twice; one that is not in the graph is passed over.
        matrix: their vectors, finite and none all zeros, since those have no direction, [codes, 128].
        generation: code of the generation whose model made them.
        again: write over all vectors of the same generation.
        changed: codes whose vectors of the same generation are written over.
        held: codes of the nodes that carry the generation; None reads them.
        complete: these are all of the label; vectors of all other nodes are removed, of whatever generation.
        progress: shows the steps.

    Raises:
        JobError: the matrix is of another shape, or a vector cannot be compared.
        QueryError: nodes of this label have no embeddings.
        UnreachableError: the server went away and did not come back in time.
    """
    _check(codes, matrix)
    begun = time.monotonic()
    if held is None:
        held = () if again else graph.read(vectors.written(label), generation=generation)[0]["codes"]
    right = set() if again else set(held).difference(changed)
    wanted = [place for place, code in enumerate(codes) if code not in right]
    with searchable(graph, label, writes=len(wanted), total=len(codes) if complete else 0, progress=progress) as index:
        with progress.step(f"Writing embeddings of {label}", total=len(wanted), unit="embeddings") as step:
            put_embeddings(
                graph, label, [codes[place] for place in wanted], matrix[wanted], generation=generation, step=step
            )
        forgotten = forget_embeddings(graph, label, generation=generation, kept=codes) if complete else 0
        seconds = time.monotonic() - begun
    return EmbeddingReport(label, generation, len(wanted), len(codes) - len(wanted), forgotten, seconds, index.seconds)


@dataclass(slots=True)
class Index:
    """A vector index around a write.

    Arguments:
        dropped: it was, for the write.
        seconds: that it took to make it again; 0 where it was kept.
    """

    dropped: bool
    seconds: float = 0.0


@contextmanager
def searchable(graph: Graph, label: str, *, writes: int, total: int, progress: Progress) -> Iterator[Index]:
    """See that the vectors of a label can be searched when the block ends. The index is dropped for a large write.

    Where the block dies the index may be left dropped; the next one makes it.

    Arguments:
        graph: an open graph.
        label: a label whose nodes can have embeddings.
        writes: vectors that the block will write.
        total: vectors that the label will have; 0 never drops the index.
        progress: shows a step for the index.

    Raises:
        QueryError: nodes of this label have no embeddings.
        UnreachableError: the server went away and did not come back in time.
    """
    declared = vectors.index(label)
    index = Index(bool(total) and writes > max(LARGE * total, MANY))
    if index.dropped:
        graph.schema(f"DROP INDEX {declared.name} IF EXISTS")
    yield index
    if not index.dropped and any(row["ready"] for row in graph.read(vectors.ready(label))):
        return
    begun = time.monotonic()
    with progress.step(f"Indexing embeddings of {label}"):
        graph.schema(declared.create)
        migrate.await_indexes(graph)
    if index.dropped:
        index.seconds = time.monotonic() - begun


def put_embeddings(
    graph: Graph,
    label: str,
    codes: Sequence[str],
    matrix: NDArray[np.floating],
    *,
    generation: str,
    digests: Sequence[str] | None = None,
    step: Step,
) -> None:
    """Write vectors over whatever the nodes have; two sessions write side by side. Use it within `searchable`.

    Arguments:
        graph, label, codes, matrix, generation: as in `write_embeddings`.
        digests: of what each vector was made from; empty for none, [codes].
        step: is advanced by each vector.

    Raises:
        JobError: the matrix is of another shape, or a vector cannot be compared.
        UnreachableError: the server went away and did not come back in time.
    """
    _check(codes, matrix)
    statement = vectors.write(label, digests=digests is not None)

    # Few are written side by side too.
    batch = min(BATCH, max(LEAST, -(-len(codes) // SESSIONS)))

    def write(first: int) -> int:
        span = slice(first, first + batch)
        packed = [Vector(row.tobytes(), "f32") for row in matrix[span].astype(">f4")]
        given = {} if digests is None else {"digests": [each or None for each in digests[span]]}
        graph.write(statement, codes=list(codes[span]), vectors=packed, generation=generation, **given)
        return len(packed)

    with ThreadPoolExecutor(SESSIONS) as sessions:
        for done in sessions.map(write, range(0, len(codes), batch)):
            step.advance(done)


def forget_embeddings(graph: Graph, label: str, *, generation: str, kept: Collection[str]) -> int:
    """Remove the vectors of other generations, and those of nodes that are not among those to be kept.

    Arguments:
        graph, label: as in `write_embeddings`.
        generation: whose vectors stay.
        kept: codes of nodes that carry a vector by it.

    Returns:
        How many were removed.
    """
    [there] = graph.read(vectors.counted(label), generation=generation)
    if there["every"] == there["own"] == len(kept):
        return 0  # and so none is to be looked for
    gone = set(graph.read(vectors.written(label), generation=generation)[0]["codes"]).difference(kept)
    gone.update(graph.read(vectors.strangers(label), generation=generation)[0]["codes"])
    codes = sorted(gone)
    for first in range(0, len(codes), BATCH):
        graph.write(vectors.forget(label), codes=codes[first : first + BATCH])
    return len(codes)


def _check(codes: Sequence[str], matrix: NDArray[np.floating]) -> None:
    expected = (len(codes), VECTOR_DIMENSIONS)
    if matrix.shape != expected:
        raise JobError(f"a matrix of shape {matrix.shape}", f"{expected}: a row for each code", where="embeddings")
    if len(set(codes)) < len(codes):
        raise JobError("a code twice", "each node once", where="embeddings")
    single = matrix.astype(np.float32)
    bad = ~np.isfinite(single).all(axis=1) | ~single.any(axis=1)
    if bad.any():
        where = f"embedding of {codes[int(np.flatnonzero(bad)[0])]}"
        raise JobError(f"{int(bad.sum())} vectors that are all zeros or not finite", "a direction", where=where)
