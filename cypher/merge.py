"""Write statements composed from the declared model, so that a label or a key is written down once.

Every statement takes ``$rows``; names come from `schema.model` only, never from data.
"""

from functools import cache

from schema.model import MODEL
from schema.properties import Owner

WRITTEN_BY_SOURCES = (Owner.ASSERTED, Owner.BEHAVIOUR)


@cache
def asserted_properties(label: str) -> tuple[str, ...]:
    """Return the properties of a label that a source sets, the code and the two instants left out."""
    node = MODEL.node(label)
    return tuple(
        each.name
        for each in node.every_property
        if each.owner is None and each.name not in ("code", "createdAt", "updatedAt", "closedAt")
    )


@cache
def edge_properties(type_: str) -> tuple[str, ...]:
    """Return the properties of a relationship type that a source sets."""
    return tuple(each.name for each in MODEL.relationship(type_).every_property if each.name != "closedAt")


def _labels(label: str, kind: str | None) -> str:
    node = MODEL.node(label)
    if kind is None:
        return node.label
    if kind not in node.kinds:
        MODEL.node(kind)
    return f"{node.label}:{kind}"


@cache
def create_nodes(label: str, kind: str | None = None) -> str:
    """Return a statement that creates nodes; rows: {code, properties}; parameters: $at."""
    return (
        f"UNWIND $rows AS row CREATE (node:{_labels(label, kind)} {{code: row.code}}) "
        "SET node += row.properties, node.createdAt = $at, node.updatedAt = $at"
    )


@cache
def update_nodes(label: str) -> str:
    """Return a statement that changes nodes and opens closed ones; rows: {code, properties}; parameters: $at.

    A property that is null in the row is removed; derived properties stay as they are.
    """
    return (
        f"UNWIND $rows AS row MATCH (node:{_labels(label, None)} {{code: row.code}}) "
        "SET node += row.properties, node.updatedAt = $at, node.closedAt = null"
    )


@cache
def change_kind(label: str, kind: str) -> str:
    """Return a statement that gives nodes another kind label; rows: {code}."""
    others = ":".join(each for each in MODEL.node(label).kinds if each != kind)
    return (
        f"UNWIND $rows AS row MATCH (node:{_labels(label, None)} {{code: row.code}}) WHERE NOT node:{kind} "
        f"REMOVE node:{others} SET node:{kind}"
    )


@cache
def merge_hubs(label: str) -> str:
    """Return a statement that makes sure of nodes without touching those that exist; rows: {code, properties}."""
    return (
        f"UNWIND $rows AS row MERGE (node:{_labels(label, None)} {{code: row.code}}) "
        "ON CREATE SET node += row.properties, node.createdAt = $at, node.updatedAt = $at"
    )


def _ends(type_: str, start: str, end: str) -> str:
    relationship = MODEL.relationship(type_)
    for given, allowed in ((start, relationship.starts), (end, relationship.ends)):
        node = MODEL.node(given)
        # A kind label stands for its label, and a label for its kinds.
        if not {given, node.label, *node.kinds} & set(allowed):
            MODEL.node(f"{given} at an end of {type_}")
    return f"MATCH (start:{start} {{code: row.start}}) MATCH (end:{end} {{code: row.end}})"


@cache
def create_edges(type_: str, start: str, end: str) -> str:
    """Return a statement that creates relationships; rows: {start, end, properties}."""
    return (
        f"UNWIND $rows AS row {_ends(type_, start, end)} CREATE (start)-[edge:{type_}]->(end) SET edge = row.properties"
    )


@cache
def merge_edges(type_: str, start: str, end: str) -> str:
    """Return a statement that creates or changes relationships, told apart by the declared keys.

    Rows: {start, end, properties}. A closed relationship is opened again.
    """
    keys = ", ".join(f"{key}: row.properties.{key}" for key in MODEL.relationship(type_).keys)
    pattern = f"[edge:{type_} {{{keys}}}]" if keys else f"[edge:{type_}]"
    return (
        f"UNWIND $rows AS row {_ends(type_, start, end)} MERGE (start)-{pattern}->(end) "
        "SET edge += row.properties, edge.closedAt = null"
    )


@cache
def held_properties(label: str) -> str:
    """Return a query for what sources state of the nodes with $codes; one record a node: its code and a map."""
    names = ", ".join(f".{name}" for name in asserted_properties(label))
    return (
        f"UNWIND $codes AS code MATCH (node:{_labels(label, None)} {{code: code}}) "
        f"RETURN code, node {{{names}}} AS properties"
    )


@cache
def held_edges(types: tuple[str, ...], start: str) -> str:
    """Return a query for $source's relationships of ``types`` that start at the nodes with $codes.

    One record a start node: its code and a list of [type, end code, properties].
    """
    for each in types:
        MODEL.relationship(each)
    return (
        f"UNWIND $codes AS code MATCH (start:{start} {{code: code}})-[edge:{'|'.join(types)}]->(end) "
        "WHERE edge.source = $source RETURN code AS start, collect([type(edge), end.code, properties(edge)]) AS edges"
    )


@cache
def drop_other_edges(types: tuple[str, ...], start: str) -> str:
    """Return a statement that removes relationships of $source that a changed row no longer holds.

    Rows: {start, ends}, where ``ends`` holds the codes at the other ends by type, each of ``types`` among them.
    """
    for each in types:
        MODEL.relationship(each)
    return (
        f"UNWIND $rows AS row MATCH (start:{start} {{code: row.start}})-[edge:{'|'.join(types)}]->(end) "
        "WHERE edge.source = $source AND NOT end.code IN row.ends[type(edge)] DELETE edge"
    )


@cache
def known_nodes(label: str) -> str:
    """Return a query for the codes, digests and states of $source's nodes, in one record of three lists.

    At most $most of them, in the order of codes, from behind the code $after.
    """
    name = _labels(label, None)
    return (
        f"MATCH (node:{name}) USING INDEX node:{name}(code) WHERE node.code > $after AND node.source = $source "
        "WITH node.code AS code, coalesce(node.contentHash, '') AS digest, node.closedAt IS NOT NULL AS closed "
        "ORDER BY code LIMIT $most "
        "RETURN collect(code) AS codes, collect(digest) AS digests, collect(closed) AS closed"
    )


@cache
def known_edges(type_: str, start: str, end: str) -> str:
    """Return a query for $source's relationships, one record a start node: its code and a list of lists.

    Each inner list is [end code, key values ..., digest, closed].
    """
    keys = "".join(f"toString(edge.{key}), " for key in MODEL.relationship(type_).keys)
    return (
        f"MATCH (start:{start})-[edge:{type_}]->(end:{end}) WHERE edge.source = $source "
        f"RETURN start.code AS start, "
        f"collect([end.code, {keys}coalesce(edge.contentHash, ''), edge.closedAt IS NOT NULL]) AS edges"
    )


@cache
def close_nodes(label: str) -> str:
    """Return a statement that closes nodes; rows: {code}; parameters: $at."""
    return (
        f"UNWIND $rows AS row MATCH (node:{_labels(label, None)} {{code: row.code}}) "
        "SET node.closedAt = $at, node.updatedAt = $at"
    )


@cache
def close_edges(type_: str, start: str, end: str) -> str:
    """Return a statement that closes relationships; rows: {start, end, properties} with the keys; parameters: $at."""
    keys = " AND ".join(f"toString(edge.{key}) = row.properties.{key}" for key in MODEL.relationship(type_).keys)
    return (
        f"UNWIND $rows AS row {_ends(type_, start, end)} MATCH (start)-[edge:{type_}]->(end) "
        f"WHERE edge.source = $source{' AND ' + keys if keys else ''} SET edge.closedAt = $at"
    )


@cache
def directory(label: str) -> str:
    """Return a query for the codes and names of a label, closed nodes last, in one record of two lists."""
    return (
        f"MATCH (node:{label}) WITH node ORDER BY node.closedAt IS NOT NULL, node.code "
        "RETURN collect(node.code) AS codes, collect(coalesce(node.name, '')) AS names"
    )
