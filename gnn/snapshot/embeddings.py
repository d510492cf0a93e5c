"""The vectors that an earlier job wrote onto nodes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
from neo4j import Record
from numpy.typing import NDArray

from cypher import vectors
from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot.packed import SESSIONS
from schema.catalog import VECTOR_DIMENSIONS
from schema.errors import JobError


def read_embeddings(
    graph: Graph,
    label: str,
    *,
    generation: str | None = None,
    codes: Sequence[str] | None = None,
    progress: Progress,
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Read the embeddings of a label; two sessions read side by side.

    Arguments:
        graph: an open graph.
        label: a label whose nodes can have embeddings.
        generation: code of the generation whose model made them; None takes the one that there is.
        codes: of the nodes that are wanted; None takes all.
        progress: shows one step, which counts embeddings.

    Returns:
        Codes in order, and the vectors, [codes, 128].

    Raises:
        JobError: no generation is named and there are vectors of several, which cannot be compared.
        QueryError: nodes of this label have no embeddings.
        UnreachableError: no server answers.
    """
    statement = vectors.read(label, some=codes is not None)

    def share(part: int) -> list[Record]:
        if codes is not None:
            return list(graph.stream(statement, generation=generation, codes=list(codes[part::SESSIONS])))
        return list(graph.stream(statement, generation=generation, part=part, parts=SESSIONS))

    with progress.step(f"Reading embeddings of {label}", unit="embeddings") as step:
        with ThreadPoolExecutor(SESSIONS) as sessions:
            records = list(chain.from_iterable(sessions.map(share, range(SESSIONS))))
        found = sorted({each for record in records for each in record["generations"]})
        if generation is None and len(found) > 1:
            given = f"embeddings of {label} of {', '.join(each or 'no generation' for each in found)}"
            expected = "those of one: a run was interrupted, run it again; or the name of the generation"
            raise JobError(given, expected, where="embeddings")
        known = [code for record in records for code in record["codes"]]
        raw = b"".join(vector.raw() for record in records for vector in record["vectors"])
        step.advance(len(known))
    matrix = np.frombuffer(raw, ">f4").reshape(-1, VECTOR_DIMENSIONS)
    order = np.array(sorted(range(len(known)), key=known.__getitem__), np.intp)
    return tuple(known[place] for place in order.tolist()), matrix[order].astype(np.float32)
