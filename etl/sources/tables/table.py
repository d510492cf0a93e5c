"""A table of an institution, declared: its columns, and what becomes of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from etl.records import Parcel, Properties, digest
from etl.sources.tables.forms import Form, Reference
from etl.sources.tables.references import Found
from etl.targets import Edges, Known, Nodes
from schema.errors import DeclarationError, InputError

Values = Mapping[str, Any]


class CellError(InputError):
    """A cell that cannot be used.

    Arguments:
        column: name of the column.
        given, expected: as for `InputError`.
    """

    def __init__(self, column: str, given: str, expected: str = "") -> None:
        super().__init__(given, expected)
        self.column = column


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Arguments:
        name: header, lower case with underscores.
        meaning: what it holds, a few words.
        form: how a cell is written.
        required: True where each row must have it.
        unit: unit of a number.
        example: a cell, as in the template.
        also: further headers by which it is known, Chinese ones among them.
    """

    name: str
    meaning: str
    form: Form
    required: bool = False
    unit: str = ""
    example: str = ""
    also: tuple[str, ...] = ()

    @property
    def reference(self) -> Reference | None:
        """The form, where it is a reference."""
        return self.form if isinstance(self.form, Reference) else None


@dataclass(frozen=True, slots=True)
class Link:
    """Relationships between rows, written after all nodes are in.

    Arguments:
        column: column with the reference.
        type: relationship type.
        label: label at the other end.
        incoming: True where the relationship ends at the row's own node.
        properties: properties of the relationship, from the values of the row.
    """

    column: str
    type: str
    label: str
    incoming: bool = False
    properties: Callable[[Values], Properties] = lambda values: {}


@dataclass(frozen=True, slots=True)
class NodeTable:
    """A table with a row for each node.

    Arguments:
        name: name of the table and its template.
        meaning: one sentence.
        columns: the columns; ``code`` is among them.
        target: what a row becomes.
        parcel: makes the node from its code and the values of the row.
        links: relationships written in a further pass.
        version: raised when a row is read in another way, so that every row counts as changed.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    target: Nodes
    parcel: Callable[[str, Values], Parcel]
    links: tuple[Link, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        _check(self.name, self.columns, ("code", *(link.column for link in self.links)))


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """A table with a row for each relationship.

    Arguments:
        name: name of the table and its template.
        meaning: one sentence.
        columns: the columns.
        targets: what a row becomes: one type, and one entry for each label at its end.
        start: column that names the node where it starts.
        end: column that names the node where it ends.
        keys: columns that, with both ends, tell one row from another.
        properties: makes the properties from the values of the row.
        without_end: gives the end of a row that names none, from its cells; None where each row must name one.
        behaviour: True where rows are events, which a full export does not take back.
        version: raised when a row is read in another way.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    targets: tuple[Edges, ...]
    start: str
    end: str
    properties: Callable[[Values], Properties]
    keys: tuple[str, ...] = ()
    without_end: Callable[[Mapping[str, str]], Found] | None = None
    behaviour: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        _check(self.name, self.columns, (self.start, self.end, *self.keys))


Table = NodeTable | EdgeTable


def _check(name: str, columns: tuple[Column, ...], needed: tuple[str, ...]) -> None:
    headers = [header for column in columns for header in (column.name, *column.also)]
    if len(set(headers)) < len(headers):
        twice = sorted({each for each in headers if headers.count(each) > 1})
        raise DeclarationError(f"header {', '.join(twice)} twice", "one column for a header", where=f"table {name}")
    for each in needed:
        if each not in {column.name for column in columns}:
            raise DeclarationError(f"column {each}", "a declared column", where=f"table {name}")


def tag(table: Table) -> str:
    """Return four digits in front of every digest of a table's rows.

    They tell a full export which records are its own. Digits only: Neo4j keeps short hexadecimal strings in place.
    """
    return digest(table.name)[:4]


def covers(table: Table) -> Callable[[str, Known], bool]:
    """Return whether a full export of a table speaks of a record: one that this table stated."""
    digits = tag(table)
    return lambda key, known: known.digest.startswith(digits)


def present(**properties: Any) -> dict[str, Any]:
    """Return the properties that have a value."""
    return {name: value for name, value in properties.items() if value is not None}


def ordered(values: Values, first: str, last: str) -> None:
    """Hold back a row whose last day comes before its first.

    Raises:
        CellError: it does.
    """
    begin, end = values.get(first), values.get(last)
    if begin is not None and end is not None and end < begin:
        raise CellError(last, f"{last} {end} before {first} {begin}", "a day not before the first")


__all__ = [
    "CellError",
    "Column",
    "EdgeTable",
    "Link",
    "NodeTable",
    "Table",
    "Values",
    "covers",
    "ordered",
    "present",
    "tag",
]
