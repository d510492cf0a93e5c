"""Read statements composed from the declared model that give whole labels and relationship types in few large records.

A record costs the driver far more than a value, so a record holds the facts of a block of nodes: numbers packed into
vectors of at most 4,096, which the client takes over byte by byte, texts as lists. Nodes go by the number that the
server gives them: it is short, and no code has to be looked up for every relationship. Such a number means something
only as long as the node is there; whoever reads maps it to a code in the same run.

Dates and instants come as numbers, yyyymmdd. No vector holds a number that is missing: NOTHING stands for it. A
missing text is empty.

Parameters of every statement: $asOf, $part and $parts. What was closed before $asOf is left out where the statement
says so; $part, counted from 0, is the share of the nodes, or of the relationships, that one of $parts sessions reads.
"""

from functools import cache

from schema.errors import QueryError
from schema.model import MODEL
from schema.properties import Kind, Property

BLOCK = 1000
"""Nodes whose facts lie in one record."""

WIDTH = 4096
"""Numbers that a vector can hold."""

NOTHING = -1e300
"""Stands for a number that is missing."""

SPAN = 20_000
"""Relationships that lie in one record, at most, where they are read by their type."""

MANY = 3
"""Columns from which on the properties of a node or relationship are taken at once: each look walks all of them."""

TEXT = (Kind.STRING,)
NUMBERS = (Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME)


@cache
def nodes(label: str, columns: tuple[str, ...] = (), *, closed: bool = False) -> str:
    """Return a query for all nodes of a label; columns of its records: codes, a list; ids, c0, c1 ..., as `_packed`.

    Arguments:
        label: a declared label.
        columns: names of declared properties, numbers or texts.
        closed: also nodes that were closed before $asOf.

    Raises:
        QueryError: a property is not declared, or is neither a number nor a text.
    """
    properties = _properties(columns, MODEL.node(label).every_property, where=label)
    still = "" if closed else f" AND {_open('node')}"
    return (
        f"CYPHER 25 MATCH (node:{label}) WHERE id(node) % $parts = $part{still} "
        f"{_blocks()}{_taken('node', ('code', *columns), numbers=('node',))} "
        f"RETURN collect({_number('node', ('code', *columns))}) AS ids, collect(node.code) AS codes"
        f"{_collected('node', properties)} }} "
        f"RETURN codes, {_packed('ids', 'INTEGER64')}{_returned(properties)}"
    )


@cache
def relationships(type_: str, start: str, columns: tuple[str, ...] = ()) -> str:
    """Return a query for all open relationships of a type that begin at nodes of a label, whatever they end at.

    Where few columns are asked for, those that begin at other labels come too: whoever reads knows the nodes at which
    they may begin, and to look at the label of each would take the server longer.

    Columns of its records: starts, ends, c0, c1 ..., as `_packed`.

    Arguments:
        type_: a declared relationship type.
        start: a label at which it may begin.
        columns: names of declared properties, numbers or texts.

    Raises:
        QueryError: a property is not declared, is neither a number nor a text, or the type does not begin at the label.
    """
    declared = MODEL.relationship(type_)
    if start not in declared.starts:
        raise QueryError(f"start {start}", f"one of {', '.join(declared.starts)}", where=type_)
    properties = _properties(columns, declared.every_property, where=type_)
    closable = any(each.name == "closedAt" for each in declared.every_property)
    if len(columns) < MANY:
        return _by_type(type_, properties, closable=closable)
    # When it was closed is taken with the rest: to look for it alone walks all properties once more.
    taken, still = (("closedAt", *columns), f" WHERE {_open('edge')}") if closable else (columns, "")
    return (
        f"CYPHER 25 MATCH (node:{start}) WHERE id(node) % $parts = $part {_blocks()} "
        f"MATCH (node)-[edge:{type_}]->(end){_taken('edge', taken, numbers=('node', 'end'))}{still} "
        f"RETURN collect({_number('node', taken)}) AS starts, collect({_number('end', taken)}) AS ends"
        f"{_collected('edge', properties)} }} "
        f"RETURN {_packed('starts', 'INTEGER64')}, {_packed('ends', 'INTEGER64')}{_returned(properties)}"
    )


def _by_type(type_: str, properties: tuple[Property, ...], *, closable: bool) -> str:
    """Return the same query over the relationships of the type themselves, not node by node, wherever they begin.

    A node with many relationships of other types costs nothing here. With many columns it takes longer than the other
    way: the server then carries all of them through the grouping.
    """
    still = f" AND {_open('edge')}" if closable else ""
    return (
        f"CYPHER 25 MATCH (node)-[edge:{type_}]->(end) WHERE id(edge) % $parts = $part{still} "
        f"WITH id(edge) / {SPAN} AS span, collect(id(node)) AS starts, collect(id(end)) AS ends"
        f"{_collected('edge', properties)} "
        f"RETURN {_packed('starts', 'INTEGER64')}, {_packed('ends', 'INTEGER64')}{_returned(properties)}"
    )


def _open(name: str) -> str:
    return f"({name}.closedAt IS NULL OR {name}.closedAt > $asOf)"


def _blocks() -> str:
    """Open a subquery that goes block by block, so that the server holds one block's values at a time."""
    return (
        f"WITH collect(node) AS every UNWIND range(0, size(every) - 1, {BLOCK}) AS first "
        f"CALL (every, first) {{ UNWIND every[first..first + {BLOCK}] AS node"
    )


def _taken(name: str, columns: tuple[str, ...], *, numbers: tuple[str, ...]) -> str:
    """Return a clause that takes many properties at once, in the place of the node or relationship itself."""
    if len(columns) < MANY:
        return ""
    known = ", ".join(f"id({each}) AS {each}Number" for each in numbers)
    return f" WITH {known}, {name} {{{', '.join(f'.{each}' for each in columns)}}} AS {name}"


def _number(name: str, columns: tuple[str, ...]) -> str:
    return f"id({name})" if len(columns) < MANY else f"{name}Number"


def _properties(columns: tuple[str, ...], every: tuple[Property, ...], *, where: str) -> tuple[Property, ...]:
    known = {each.name: each for each in every if each.kind in TEXT + NUMBERS}
    for column in columns:
        if column not in known:
            raise QueryError(f"property {column}", f"one of {', '.join(known)}", where=where)
    return tuple(known[column] for column in columns)


def _collected(name: str, properties: tuple[Property, ...]) -> str:
    values = (_value(f"{name}.{each.name}", each.kind) for each in properties)
    return "".join(f", collect({value}) AS c{place}" for place, value in enumerate(values))


def _value(value: str, kind: Kind) -> str:
    """Return an expression that is never null, since collect() would drop it and the lists would not match."""
    if kind in TEXT:
        return f"coalesce({value}, '')"
    if kind in (Kind.DATE, Kind.DATETIME):
        value = f"{value}.year * 10000 + {value}.month * 100 + {value}.day"
    elif kind is Kind.BOOLEAN:
        value = f"toInteger({value})"
    return f"coalesce({value}, {NOTHING})"


def _returned(properties: tuple[Property, ...]) -> str:
    names = (
        f"c{place}" if each.kind in TEXT else _packed(f"c{place}", "FLOAT64") for place, each in enumerate(properties)
    )
    return "".join(f", {name}" for name in names)


def _packed(name: str, form: str) -> str:
    """Return a column that is a list of vectors, made from a list of numbers."""
    part = f"{name}[at..at + {WIDTH}]"
    # The server's range(0, -1, step) holds one number, not none.
    firsts = f"at IN range(0, size({name}) - 1, {WIDTH}) WHERE at < size({name})"
    return f"[{firsts} | vector({part}, size({part}), {form})] AS {name}"
