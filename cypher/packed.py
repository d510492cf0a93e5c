"""Read statements composed from the declared model that give whole labels and relationship types in few large records.

A record costs the driver far more than a value, so a record holds the facts of a block of nodes, or of relationships
that have in common what takes few values: numbers packed into vectors of at most 4,096, which the client takes over
byte by byte, texts as lists. Nodes go by the number that the server gives them: it is short, and no code has to be
looked up for every relationship. Such a number means something only as long as the node is there; whoever reads maps it
to a code in the same run.

Dates and instants come as numbers, yyyymmdd. No vector holds a number that is missing: NOTHING stands for it. A
missing text is empty.

Parameter of every statement: $asOf. What was closed before it is left out where the statement says so.
"""

from collections.abc import Sequence
from functools import cache

from schema.errors import QueryError
from schema.model import MODEL
from schema.properties import Kind, Property
from schema.relationships import TERM

BLOCK = 1000
"""Nodes whose facts lie in one record."""

WIDTH = 4096
"""Numbers that a vector can hold."""

NOTHING = -1e300
"""Stands for a number that is missing."""

SPAN = 20_000
"""Relationships that lie in one record, at most."""

MANY = 3
"""Columns from which on the properties of a node or relationship are taken at once: each look walks all of them."""

Columns = Sequence[tuple[int, Property]]
"""Properties, each with its place among those that were asked for."""

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
    properties = tuple(enumerate(_properties(columns, MODEL.node(label).every_property, where=label)))
    still = "" if closed else f" WHERE {_open('node')}"
    return (
        f"CYPHER 25 MATCH (node:{label}){still} "
        f"WITH collect(node) AS every UNWIND range(0, size(every) - 1, {BLOCK}) AS first "
        f"CALL (every, first) {{ UNWIND every[first..first + {BLOCK}] AS node "
        f"WITH id(node) AS number, {_taken('node', ('code', *columns))} "
        f"RETURN collect(number) AS ids, collect(node.code) AS codes"
        f"{_collected('node', properties)} }} "
        f"RETURN codes, {_packed('ids', 'INTEGER64')}{_returned(properties)}"
    )


@cache
def relationships(type_: str, start: str, columns: tuple[str, ...] = ()) -> str:
    """Return a query for all open relationships of a type, whatever they end at.

    They are read by their type, not node by node: a node with many relationships of other types costs nothing. Those
    that begin at another label than the one named come too; whoever reads knows the nodes at which they may begin, and
    to look at the label of each would take the server longer.

    Columns of its records: starts, ends, c0, c1 ..., as `_packed`; but a column of which `few` says so is one value,
    that of all relationships of the record.

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
    if any(each.name == "closedAt" for each in declared.every_property):
        # When it was closed is taken with the rest: to look for it alone walks all properties once more.
        columns, still = ("closedAt", *columns), f" WHERE {_open('edge')}"
    else:
        still = ""
    grouped, listed = (
        [(place, each) for place, each in enumerate(properties) if few(each) is wanted] for wanted in (True, False)
    )
    return (
        f"CYPHER 25 MATCH (node)-[edge:{type_}]->(end) "
        f"WITH id(edge) / {SPAN} AS span, id(node) AS start, id(end) AS stop, {_taken('edge', columns)}{still} "
        f"WITH span{_named('edge', grouped)}, collect(start) AS starts, collect(stop) AS ends"
        f"{_collected('edge', listed)} "
        f"RETURN {_packed('starts', 'INTEGER64')}, {_packed('ends', 'INTEGER64')}"
        f"{''.join(f', c{place}' for place, _ in grouped)}{_returned(listed)}"
    )


def few(property_: Property) -> bool:
    """Say whether few values of a property occur, so that relationships are put together by them."""
    return property_.kind is Kind.BOOLEAN or bool(property_.values) or property_ == TERM


def _open(name: str) -> str:
    return f"({name}.closedAt IS NULL OR {name}.closedAt > $asOf)"


def _taken(name: str, columns: tuple[str, ...]) -> str:
    """Return a node or relationship for what follows; in its place many properties, taken at once."""
    return f"{name} {{{', '.join(f'.{each}' for each in columns)}}} AS {name}" if len(columns) >= MANY else name


def _properties(columns: tuple[str, ...], every: tuple[Property, ...], *, where: str) -> tuple[Property, ...]:
    known = {each.name: each for each in every if each.kind in TEXT + NUMBERS}
    for column in columns:
        if column not in known:
            raise QueryError(f"property {column}", f"one of {', '.join(known)}", where=where)
    return tuple(known[column] for column in columns)


def _named(name: str, columns: Columns) -> str:
    return "".join(f", {_value(f'{name}.{each.name}', each.kind)} AS c{place}" for place, each in columns)


def _collected(name: str, columns: Columns) -> str:
    return "".join(f", collect({_value(f'{name}.{each.name}', each.kind)}) AS c{place}" for place, each in columns)


def _value(value: str, kind: Kind) -> str:
    """Return an expression that is never null, since collect() would drop it and the lists would not match."""
    if kind in TEXT:
        return f"coalesce({value}, '')"
    if kind in (Kind.DATE, Kind.DATETIME):
        value = f"{value}.year * 10000 + {value}.month * 100 + {value}.day"
    elif kind is Kind.BOOLEAN:
        value = f"toInteger({value})"
    return f"coalesce({value}, {NOTHING})"


def _returned(columns: Columns) -> str:
    names = (f"c{place}" if each.kind in TEXT else _packed(f"c{place}", "FLOAT64") for place, each in columns)
    return "".join(f", {name}" for name in names)


def _packed(name: str, form: str) -> str:
    """Return a column that is a list of vectors, made from a list of numbers."""
    part = f"{name}[at..at + {WIDTH}]"
    # The server's range(0, -1, step) holds one number, not none.
    firsts = f"at IN range(0, size({name}) - 1, {WIDTH}) WHERE at < size({name})"
    return f"[{firsts} | vector({part}, size({part}), {form})] AS {name}"
