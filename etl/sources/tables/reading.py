"""Cells to values: the columns of a file are matched once, the texts of a cell are read once."""

from collections.abc import Callable, Iterator, Mapping
from math import isnan
from pathlib import Path
from typing import Any

import orjson

from etl import rows
from etl.records import Draft, Held, HeldDraft, digest
from etl.rows import BadRow, Row
from etl.sources.tables.header import columns_of
from etl.sources.tables.table import CellError, Table, tag
from schema.errors import InputError

_KEPT = 50_000
"""Texts whose value is kept for the next row that holds the same."""

Cells = dict[str, str]


class Cache(dict[str, Any]):
    """Values by text: each text is read once, as far as memory allows.

    Arguments:
        column: column, named where a text cannot be read.
        read: gives the value of a text, or raises InputError.
    """

    def __init__(self, column: str, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._column = column
        self._read = read

    def __missing__(self, text: str) -> Any:
        try:
            value = self._read(text)
        except InputError as error:
            if isinstance(error, CellError):
                raise
            raise CellError(self._column, f"{self._column}: {error.given}", error.expected) from None
        if len(self) < _KEPT:
            self[text] = value
        return value


class Sheet:
    """The rows of one file of a table, their cells under the declared names.

    Arguments:
        path: the file.
        table: its table.
    """

    def __init__(self, path: Path | str, table: Table) -> None:
        self._path = path
        self._table = table
        self._headers: tuple[str, ...] = ()
        self._names: list[tuple[str, str]] = []
        self._required = tuple(column.name for column in table.columns if column.required)
        self._tag = tag(table)
        self.salt = f"{table.name} {table.version}"

    def rows(self) -> Iterator[tuple[Row | BadRow, Cells | Held]]:
        """Yield each row with its cells that are not empty, or with the reason why it cannot be used.

        Raises:
            InputError: the header does not fit the table.
        """
        first = True
        for row in rows.read(self._path):
            if isinstance(row, BadRow):
                yield row, Held(row.reason, "unreadable", column=row.column)
                continue
            try:
                cells: Cells | Held = self.cells(row)
            except InputError as error:
                if first:
                    raise
                cells = held(error)
            first = False
            yield row, cells

    def cells(self, row: Row) -> Cells:
        """Return the cells of a row that are not empty, as text.

        Raises:
            InputError: the row has a column that is unknown.
        """
        given: Mapping[str, Any] = row.cells
        headers = tuple(given)
        if headers != self._headers:
            self._match(headers, row.file)
        cells: Cells = {}
        for name, header in self._names:
            value = given[header]
            text = value.strip() if value.__class__ is str else _text(value)
            if text:
                cells[name] = text
        return cells

    def _match(self, headers: tuple[str, ...], file: str) -> None:
        found = columns_of(headers, self._table.columns, table=self._table.name, where=file)
        self._headers = headers
        self._names = [(name, header) for name, header in found.items()]

    def require(self, cells: Cells) -> None:
        """Hold back a row without all it needs.

        Raises:
            CellError: a required cell is empty.
        """
        for name in self._required:
            if name not in cells:
                raise CellError(name, f"no {name}", f"a value in the column {name}")

    def digest(self, row: Row | BadRow, *parts: str) -> str:
        """Return the digest of a row; it begins with the table, so that a full export speaks of its own rows only."""
        return self._tag + digest(row.raw, self.salt, *parts)


def _text(value: Any) -> str:
    """A cell of a file with types, as a person would write it."""
    if isinstance(value, list | tuple):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    missing = value is None or (isinstance(value, float) and isnan(value))
    return "" if missing else str(value).strip()


def held(error: InputError) -> Held:
    """Return the reason why a row is not loaded."""
    column = error.column if isinstance(error, CellError) else ""
    rule = "header" if not column else "missing" if error.given == f"no {column}" else "value"
    return Held(str(error), rule, column=column)


def draft(key: str, value: str, payload: Any, row: Row | BadRow) -> Draft:
    """Return the draft of a row."""
    return Draft(key, value, payload, row.file, row.line, text_of(row))


def held_draft(key: str, value: str, reason: Held, row: Row | BadRow, *, anonymous: bool = False) -> HeldDraft:
    """Return a row that is held back; its digest differs from that of a good row with the same bytes.

    What is held because something is missing in the graph must not count as held already once it is there.
    """
    return HeldDraft(key, reason, f"held:{value}", row.file, row.line, text_of(row), anonymous)


def text_of(row: Row | BadRow) -> str:
    """Return the row as a person can read it."""
    if isinstance(row, BadRow):
        return row.raw.decode("utf-8", "replace")
    return orjson.dumps(row.cells, default=str).decode()


def nameless(row: Row | BadRow) -> str:
    """Return a key for a row that does not say which record it is."""
    return f"{Path(row.file).name}@{row.line}"


def readers(table: Table, *, without: set[str]) -> list[tuple[str, Cache]]:
    """Return column and reader of each column that is no reference."""
    return [
        (column.name, Cache(column.name, column.form.read))
        for column in table.columns
        if column.name not in without and column.reference is None
    ]
