"""Statements for the embeddings of nodes, composed from the declared model, and their vector indexes.

An embedding is stored as a list of 32-bit floats, as the vector index wants it. It travels as VECTOR values, which
hold at most 4,096 numbers: one a node into the graph, blocks of many nodes out of it.
"""

from functools import cache

from schema.catalog import INDEXES, VECTOR_DIMENSIONS, Index
from schema.errors import QueryError
from schema.model import MODEL

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
def read(label: str, *, some: bool = False) -> str:
    """Return a query for embeddings; columns of its records: codes, a list; vectors, each of up to EACH embeddings one
    after the other; generations, those that occur. Parameters: $generation, null for whatever there is; $part, counted
    from 0, and $parts, the share that one of so many sessions reads; in place of these $codes, where some are wanted.
    """
    index(label)
    which = f"MATCH (node:{label}) WHERE id(node) % $parts = $part AND"
    if some:
        which = f"UNWIND $codes AS code MATCH (node:{label} {{code: code}}) WHERE"
    part = f"vectors[at..at + {EACH}]"
    joined = f"reduce(all = [], each IN {part} | all + each)"
    return (
        f"CYPHER 25 {which} node.embedding IS NOT NULL "
        f"AND ($generation IS NULL OR node.embeddingGeneration = $generation) "
        f"WITH collect(node) AS every UNWIND range(0, size(every) - 1, {BLOCK}) AS first "
        f"CALL (every, first) {{ UNWIND every[first..first + {BLOCK}] AS node "
        "RETURN collect(node.code) AS codes, collect(node.embedding) AS vectors, "
        "collect(DISTINCT coalesce(node.embeddingGeneration, '')) AS generations } "
        f"RETURN codes, generations, [at IN range(0, size(vectors) - 1, {EACH}) WHERE at < size(vectors) | "
        f"vector({joined}, size({part}) * {VECTOR_DIMENSIONS}, FLOAT32)] AS vectors"
    )


@cache
def write(label: str, *, digests: bool = False) -> str:
    """Return a statement that sets embeddings; parameters: $codes, $vectors, $generation, and $digests where each
    vector comes with the digest of what it was made from. Codes that are not in the graph are passed over.
    """
    index(label)
    digest = ", node.embeddingDigest = $digests[place]" if digests else ""
    return (
        f"CYPHER 25 UNWIND range(0, size($codes) - 1) AS place MATCH (node:{label} {{code: $codes[place]}}) "
        f"SET node.embeddingGeneration = $generation{digest} WITH node, $vectors[place] AS vector "
        "CALL db.create.setNodeVectorProperty(node, 'embedding', vector)"
    )


@cache
def ready(label: str) -> str:
    """Return a query for whether the vector index of a label answers; column: ready."""
    return f"SHOW INDEXES YIELD name, state WHERE name = '{index(label).name}' RETURN state = 'ONLINE' AS ready"


@cache
def written(label: str) -> str:
    """Return a query for the codes of nodes that carry an embedding of $generation; column: codes."""
    index(label)
    return (
        f"MATCH (node:{label}) WHERE node.embeddingGeneration = $generation AND node.embedding IS NOT NULL "
        "RETURN collect(node.code) AS codes"
    )


@cache
def counted(label: str) -> str:
    """Return a query that counts the nodes that carry an embedding; columns: every, own, of which those of
    $generation.
    """
    index(label)
    return (
        f"MATCH (node:{label}) WHERE node.embedding IS NOT NULL RETURN count(node) AS every, "
        "count(CASE WHEN node.embeddingGeneration = $generation THEN 1 END) AS own"
    )


@cache
def strangers(label: str) -> str:
    """Return a query for the codes of nodes that carry an embedding of another generation than $generation, or of none;
    column: codes.
    """
    index(label)
    return (
        f"MATCH (node:{label}) WHERE node.embedding IS NOT NULL "
        "AND coalesce(node.embeddingGeneration, '') <> $generation RETURN collect(node.code) AS codes"
    )


@cache
def forget(label: str) -> str:
    """Return a statement that removes the embeddings of some nodes, whose codes are $codes."""
    index(label)
    declared = {each.name for each in MODEL.node(label).every_property}
    digest = ", node.embeddingDigest" if "embeddingDigest" in declared else ""
    return (
        f"UNWIND $codes AS code MATCH (node:{label} {{code: code}}) "
        f"REMOVE node.embedding, node.embeddingGeneration{digest}"
    )
