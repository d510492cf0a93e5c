"""Rows that become relationships."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from etl.load import Loading
from etl.pipeline import Transform
from etl.records import Draft, Held, HeldDraft, Outcome, Strand, edge_key
from etl.rows import BadRow, Row
from etl.sources.tables.reading import Cache, Cells, Sheet, draft, held, held_draft, nameless, readers
from etl.sources.tables.references import References, unified
from etl.sources.tables.table import EdgeTable
from schema.errors import InputError


class EdgeDrafts:
    """The rows of a table with a row for each relationship.

    Arguments:
        table: declaration.
        path: the file.
        loading: the graph as it is.
    """

    def __init__(self, table: EdgeTable, path: Path | str, loading: Loading) -> None:
        self._table = table
        self._path = path
        self._source = loading.source
        references = References(loading.graph, loading.source)
        self._lookups = {
            column.name: Cache(column.name, partial(references.cell, column.reference))
            for column in table.columns
            if column.reference is not None
        }
        self._start, self._end = self._lookups.pop(table.start), self._lookups.pop(table.end)
        forms = {column.name: column.form for column in table.columns}
        self._keys = [(name, Cache(name, forms[name].read)) for name in table.keys]

    def __call__(self) -> Iterator[Draft | HeldDraft]:
        """Yield the drafts of the file, from the first row."""
        sheet = Sheet(self._path, self._table)
        for row, cells in sheet.rows():
            yield self._draft(sheet, row, cells)

    def _draft(self, sheet: Sheet, row: Row | BadRow, cells: Cells | Held) -> Draft | HeldDraft:
        if isinstance(cells, Held):
            return held_draft(nameless(row), sheet.digest(row), cells, row, anonymous=True)
        table = self._table
        try:
            sheet.require(cells)
            start = self._start[cells[table.start]]
            end = (
                self._end[cells[table.end]]
                if table.without_end is None or table.end in cells
                else table.without_end(cells)
            )
            values = {name: read[cells[name]] for name, read in self._keys}
            key = edge_key(start.code, end.code, *values.values())
            if not self._lookups:
                return draft(key, sheet.digest(row), (start.code, end, values, cells), row)
            further = {name: look[cells[name]] for name, look in self._lookups.items() if name in cells}
        except InputError as error:
            return self._held(sheet, row, cells, error)
        values.update(further)
        value = sheet.digest(row, *(each.code for each in further.values()))
        return draft(key, value, (start.code, end, values, cells), row)

    def _held(self, sheet: Sheet, row: Row | BadRow, cells: Cells, error: InputError) -> HeldDraft:
        """A row held back, under the key that it will have once it is good, as far as the row tells."""
        names = (self._table.start, self._table.end)
        if any(name not in cells for name in (*names, *self._table.keys)):
            return held_draft(nameless(row), sheet.digest(row), held(error), row, anonymous=True)
        anonymous = False
        parts: list[object] = []
        for name, look in zip(names, (self._start, self._end), strict=True):
            try:
                parts.append(look[cells[name]].code)
            except InputError:
                parts.append(unified(cells[name], self._source))
        for name, read in self._keys:
            try:
                parts.append(read[cells[name]])
            except InputError:
                parts.append(cells[name])
                anonymous = True
        key = edge_key(*map(str, parts[:2]), *parts[2:])
        return held_draft(key, sheet.digest(row), held(error), row, anonymous=anonymous)


def edge_transform(table: EdgeTable) -> Transform:
    """Return the transform of a table with a row for each relationship."""
    plan = readers(table, without={*table.keys})
    properties = table.properties

    def transform(payload: Any) -> Outcome:
        start, end, values, cells = payload
        try:
            for name, read in plan:
                if name in cells:
                    values[name] = read[cells[name]]
            return Strand(start, end.code, properties(values), end_label=end.label)
        except InputError as error:
            return held(error)

    return transform
