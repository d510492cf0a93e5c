"""Rows that become nodes."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from etl.load import Loading
from etl.pipeline import Transform
from etl.records import Draft, Held, HeldDraft, Outcome
from etl.rows import BadRow, Row
from etl.sources.tables.reading import Cache, Cells, Sheet, draft, held, held_draft, nameless, readers
from etl.sources.tables.references import Found, References, unified
from etl.sources.tables.table import CellError, NodeTable
from schema.errors import InputError


class NodeDrafts:
    """The rows of a table with a row for each node.

    Arguments:
        table: declaration.
        path: the file.
        loading: the graph as it is.
    """

    def __init__(self, table: NodeTable, path: Path | str, loading: Loading) -> None:
        self._table = table
        self._path = path
        self._loading = loading
        self._references = References(loading.graph, loading.source)
        self._lookups: dict[str, Cache] = {
            column.name: Cache(column.name, partial(self._references.cell, column.reference))
            for column in table.columns
            if column.reference is not None and not column.reference.later
        }
        self._own: set[str] | None = None

    def __call__(self) -> Iterator[Draft | HeldDraft]:
        """Yield the drafts of the file, from the first row."""
        sheet = Sheet(self._path, self._table)
        for row, cells in sheet.rows():
            made = self.draft(sheet, row, cells)
            if made is not None:
                yield made

    def draft(self, sheet: Sheet, row: Row | BadRow, cells: Cells | Held) -> Draft | HeldDraft | None:
        """Return the draft of one row, None where it belongs to another pass.

        References are looked up here, for the digest depends on them.
        """
        if isinstance(cells, Held):
            return held_draft(nameless(row), sheet.digest(row), cells, row, anonymous=True)
        if "code" not in cells:
            reason = Held("no code; expected a value in the column code", "missing", column="code")
            return held_draft(nameless(row), sheet.digest(row), reason, row, anonymous=True)
        key = unified(cells["code"], self._loading.source)
        try:
            sheet.require(cells)
            self._refuse_foreign(key)
            found = {name: look[cells[name]] for name, look in self._lookups.items() if name in cells}
        except InputError as error:
            return held_draft(key, sheet.digest(row), held(error), row)
        value = sheet.digest(row, *(each.code for many in found.values() for each in _listed(many)))
        return draft(key, value, (key, found, cells), row)

    def _refuse_foreign(self, key: str) -> None:
        """Hold back a code that another source uses: a node has one source."""
        if key.startswith(f"{self._loading.source}:"):
            return
        if key not in self._references.directory(self._table.target.label):
            return
        if self._own is None:
            self._own = {each for each, _, _ in self._table.target.states(self._loading.graph, self._loading.source)}
        if key not in self._own:
            raise CellError("code", f"code {key!r} is that of another source", "a code of your own")


def _listed(found: Found | list[Found]) -> list[Found]:
    return found if isinstance(found, list) else [found]


def node_transform(table: NodeTable) -> Transform:
    """Return the transform of a table with a row for each node."""
    plan = readers(table, without={"code"})
    later = [column.name for column in table.columns if column.reference is not None and column.reference.later]

    def transform(payload: Any) -> Outcome:
        key, found, cells = payload
        values = dict(found)
        try:
            for name, read in plan:
                if name in cells:
                    values[name] = read[cells[name]]
            for name in later:
                if name in cells:
                    values[name] = cells[name]
            return table.parcel(key, values)
        except InputError as error:
            return held(error)

    return transform
