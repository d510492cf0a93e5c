"""Relationships between the rows of one file, written once all of its nodes are in: prerequisites, broader things.

They are closed, not deleted, when the row that named them no longer does.
"""

from collections.abc import Iterator
from pathlib import Path

from etl.load import Loading
from etl.pipeline import Pass, Transform
from etl.records import Draft, Held, HeldDraft, Outcome, Strand, digest, edge_key
from etl.sources.tables.nodes import NodeDrafts
from etl.sources.tables.reading import Sheet, draft, held_draft, readers
from etl.sources.tables.references import References, unified
from etl.sources.tables.table import Link, NodeTable, tag
from etl.targets import Edges, Known, known
from schema.errors import InputError

_SEPARATOR = "\x1f"


class LinkDrafts:
    """The relationships that one column of a table names.

    ``good`` are the codes whose row is in the graph, ``bad`` those whose row is held back.

    Arguments:
        table: declaration.
        link: the column and what it becomes.
        path: the file.
        loading: the graph, all nodes of the file in it.
        nodes: gives the drafts of the nodes.
    """

    def __init__(self, table: NodeTable, link: Link, path: Path | str, loading: Loading, *, nodes: NodeDrafts) -> None:
        self._table = table
        self._link = link
        self._path = path
        self._loading = loading
        self._nodes = nodes
        self._references = References(loading.graph, loading.source)
        reference = next(column.reference for column in table.columns if column.name == link.column)
        assert reference is not None
        self._reference = reference
        self._plan = readers(table, without={"code"})
        self.good, self.bad = self.stated()

    def stated(self) -> tuple[set[str], set[str]]:
        """Return the codes whose row is in the graph as it stands in the file, and those whose row is held back."""
        present = known(self._table.target, self._loading.graph, self._loading.source)
        good: set[str] = set()
        bad: set[str] = set()
        sheet = Sheet(self._path, self._table)
        for row, cells in sheet.rows():
            made = self._nodes.draft(sheet, row, cells)
            if made is None:
                continue
            if made.key in present and present[made.key].digest == made.digest:
                good.add(made.key)
            else:
                bad.add(made.key)
        return good, bad - good

    def __call__(self) -> Iterator[Draft | HeldDraft]:
        """Yield a draft for each relationship; rows that became no node are passed over, they are held already."""
        source = self._loading.source
        sheet = Sheet(self._path, self._table)
        seen: set[str] = set()
        for row, cells in sheet.rows():
            if isinstance(cells, Held) or self._link.column not in cells or "code" not in cells:
                continue
            own = unified(cells["code"], source)
            if own in seen or own not in self.good:
                continue
            seen.add(own)
            properties = dict(
                self._link.properties({name: read[cells[name]] for name, read in self._plan if name in cells})
            )
            value = tag(self._table) + digest(sheet.salt, repr(sorted(properties.items())))
            for entry in self._reference.read(cells[self._link.column]):
                try:
                    other = self._references.one(self._reference, entry)
                    if other.code == own and other.label == self._table.target.label:
                        raise InputError(f"{own!r} in its own row", "another one")
                except InputError as error:
                    reason = Held(str(error), "reference", column=self._link.column)
                    yield held_draft(edge_key(own, unified(entry, source)), digest(row.raw), reason, row)
                    continue
                ends = (other.code, own) if self._link.incoming else (own, other.code)
                yield draft(edge_key(*ends), value, (*ends, properties), row)


def _transform() -> Transform:
    def transform(payload: tuple[str, str, dict[str, object]]) -> Outcome:
        start, end, properties = payload
        return Strand(start, end, properties)

    return transform


def build(
    table: NodeTable, link: Link, path: Path | str, loading: Loading, *, full: bool, nodes: NodeDrafts | None = None
) -> Pass:
    """Return the pass that writes the relationships of one column, and closes those that rows no longer name.

    Arguments:
        table, link, path, loading: as for `LinkDrafts`.
        full: True where the file holds all that the source has.
        nodes: gives the drafts of the nodes; None for those of any table.
    """
    drafts = LinkDrafts(table, link, path, loading, nodes=nodes or NodeDrafts(table, path, loading))
    label = table.target.label
    ends = (link.label, label) if link.incoming else (label, link.label)

    def covers(key: str, held: Known) -> bool:
        if not held.digest.startswith(tag(table)):
            return False
        start, end = key.split(_SEPARATOR)[:2]
        owner = end if link.incoming else start
        return owner in drafts.good or (full and owner not in drafts.bad)

    return Pass(
        target=Edges(link.type, *ends),
        drafts=drafts,
        transform=_transform,
        full=True,
        covers=covers,
        empty=True,
        title=f"{table.name} {link.column}",
    )
