"""Statements for the embeddings of nodes, composed from the declared model, and their vector indexes.

An embedding is stored as a list of 32-bit floats, as the vector index wants it. It travels as VECTOR values, which
hold at most 4,096 numbers: one a node into the graph, blocks of many nodes out of it.
"""

from functools import cache

from schema.catalog import INDEXES, VECTOR_DIMENSIONS, Index
from schema.errors import QueryError

EACH = 4096 // VECTOR_DIMENSIONS
"""Embeddings in one vector."""

BLOCK = 20 * EACH
"""Embeddings in one record."""


@cache
def index(label: str) -> Index:
    """Return the vector index of a label.

    Raises:
        QueryError: nodes of this label have no embeddings.
    """
    found = {each.labels[0]: each for each in INDEXES if each.kind == "VECTOR"}
    if label not in found:
        raise QueryError(f"embeddings of {label}", f"one of {', '.join(found)}")
    return found[label]


@cache
def read(label: str) -> str:
    """Return a query for embeddings; columns of its records: codes, a list; vectors, each of up to EACH embeddings one
    after the other; generations, those that occur. Parameters: $generation, null for whatever there is; $part and
    $parts, as in `cypher.packed`.
    """
    index(label)
    part = f"vectors[at..at + {EACH}]"
    joined = f"reduce(all = [], each IN {part} | all + each)"
    return (
        f"CYPHER 25 MATCH (node:{label}) WHERE id(node) % $parts = $part AND node.embedding IS NOT NULL "
        f"AND ($generation IS NULL OR node.embeddingGeneration = $generation) "
        f"WITH collect(node) AS every UNWIND range(0, size(every) - 1, {BLOCK}) AS first "
        f"CALL (every, first) {{ UNWIND every[first..first + {BLOCK}] AS node "
        "RETURN collect(node.code) AS codes, collect(node.embedding) AS vectors, "
        "collect(DISTINCT coalesce(node.embeddingGeneration, '')) AS generations } "
        f"RETURN codes, generations, [at IN range(0, size(vectors) - 1, {EACH}) WHERE at < size(vectors) | "
        f"vector({joined}, size({part}) * {VECTOR_DIMENSIONS}, FLOAT32)] AS vectors"
    )


@cache
def write(label: str) -> str:
    """Return a statement that sets embeddings; parameters: $codes, $vectors, $generation. Codes that are not in the
    graph are passed over.
    """
    index(label)
    return (
        f"CYPHER 25 UNWIND range(0, size($codes) - 1) AS place MATCH (node:{label} {{code: $codes[place]}}) "
        "SET node.embeddingGeneration = $generation WITH node, $vectors[place] AS vector "
        "CALL db.create.setNodeVectorProperty(node, 'embedding', vector)"
    )


@cache
def written(label: str) -> str:
    """Return a query for the codes of nodes that carry an embedding of $generation; column: codes."""
    index(label)
    return (
        f"MATCH (node:{label}) WHERE node.embeddingGeneration = $generation AND node.embedding IS NOT NULL "
        "RETURN collect(node.code) AS codes"
    )


@cache
def forget(label: str) -> str:
    """Return a statement that removes embeddings of other generations than $generation, at most $most at a time."""
    index(label)
    return (
        f"MATCH (node:{label}) WHERE node.embedding IS NOT NULL "
        "AND coalesce(node.embeddingGeneration, '') <> $generation "
        "WITH node LIMIT $most REMOVE node.embedding, node.embeddingGeneration"
    )
