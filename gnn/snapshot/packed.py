"""Whole labels and relationship types out of the graph as arrays: the fast way to read them.

Two sessions read side by side, each a label or type of its own: to read a share of one costs the server a look at all
of it. The order of the result does not depend on what the server gives first: nodes are in the order of their codes,
relationships in that of start, end and columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from types import TracebackType
from typing import Any, Self, cast

import numpy as np
from neo4j import Record
from numpy.typing import NDArray

from cypher import packed
from cypher.graph import Graph
from schema.model import MODEL
from schema.properties import Kind, Property

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
Numbers = NDArray[np.int64]

SESSIONS = 2
"""Sessions that read side by side; more gain nothing on two cores."""


@dataclass(frozen=True, slots=True)
class Categories:
    """A column of texts of which few differ.

    Arguments:
        values: the texts that occur, in order.
        places: of each row, the place of its text; -1 where it has none.
    """

    values: tuple[str, ...]
    places: Places


Words = NDArray[np.str_]
"""A column of texts of which nearly all differ; an empty text counts as none."""

WORDS = frozenset({"contentHash", "embeddingDigest"})
"""Properties that are read so."""

Column = Floats | Categories | Words


class _Columns:
    """Properties by name, as columns."""

    columns: Mapping[str, Column]

    def number(self, name: str) -> Floats:
        """Return a column of numbers."""
        found = self.columns[name]
        assert not isinstance(found, Categories) and found.dtype.kind == "f", name
        return cast(Floats, found)

    def category(self, name: str) -> Categories:
        """Return a column of texts."""
        found = self.columns[name]
        assert isinstance(found, Categories), name
        return found

    def words(self, name: str) -> Words:
        """Return a column of texts of which nearly all differ."""
        found = self.columns[name]
        assert not isinstance(found, Categories) and found.dtype.kind == "U", name
        return cast(Words, found)


@dataclass(frozen=True)
class Nodes(_Columns):
    """All nodes of a label, in the order of their codes.

    Arguments:
        codes: unified codes.
        numbers: the server's own number of each; good for this run only.
        columns: properties by name. Numbers are NaN where there is none; days are yyyymmdd.
    """

    codes: tuple[str, ...]
    numbers: Numbers
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def _table(self) -> Places:
        """Place by the server's number, as far as that goes: numbers are dense, or nearly so."""
        table = np.full(int(self.numbers.max(initial=-1)) + 2, -1, np.int32)
        table[self.numbers] = np.arange(len(self), dtype=np.int32)
        return table

    def places(self, numbers: Numbers) -> Places:
        """Return the place of each of the server's numbers among these nodes; -1 where it is none of them."""
        return self._table[np.minimum(numbers, len(self._table) - 1)]

    def without(self, gone: NDArray[np.bool_]) -> "Nodes":
        """Return these nodes without those that are marked."""
        kept = ~gone
        columns = {name: _taken(each, kept) for name, each in self.columns.items()}
        codes = tuple(code for code, keep in zip(self.codes, kept.tolist(), strict=True) if keep)
        return Nodes(codes, self.numbers[kept], columns)


@dataclass(frozen=True)
class Links(_Columns):
    """Relationships as parallel arrays, in the order of start, end and columns.

    Arguments:
        start, end: places among the nodes at the two ends.
        columns: properties by name, as in `Nodes`.
    """

    start: Places
    end: Places
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.start)

    def where(self, kept: NDArray[Any]) -> "Links":
        """Return the relationships that a mask keeps."""
        return Links(
            self.start[kept], self.end[kept], {name: _taken(each, kept) for name, each in self.columns.items()}
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is being read: a label or a relationship type, the properties, and the records to come."""

    name: str
    columns: tuple[Property, ...]
    records: Future[list[Record]]


class Reader:
    """Reads nodes and relationships as of an instant. What is asked for is read while other things are put in order.

    Use it as a context manager.

    Arguments:
        graph: an open graph.
        as_of: what was closed before it is left out.
    """

    def __init__(self, graph: Graph, *, as_of: datetime) -> None:
        self._graph = graph
        self._as_of = as_of
        self._sessions = ThreadPoolExecutor(SESSIONS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sessions.shutdown(cancel_futures=True)

    def ask_nodes(self, label: str, *columns: str, closed: bool = False) -> Asked:
        """Begin to read all nodes of a label.

        Arguments:
            label: a declared label.
            columns: names of properties, texts or numbers.
            closed: also nodes that a source closed.
        """
        declared = {each.name: each for each in MODEL.node(label).every_property}
        return self._ask(packed.nodes(label, columns, closed=closed), label, [declared[name] for name in columns])

    def ask_links(self, type_: str, start: str, *columns: str) -> Asked:
        """Begin to read all open relationships of a type that begin at a label.

        Arguments:
            type_, start: a declared relationship type, and a label at which it begins.
            columns: names of properties, texts or numbers.
        """
        declared = {each.name: each for each in MODEL.relationship(type_).every_property}
        return self._ask(packed.relationships(type_, start, columns), type_, [declared[name] for name in columns])

    def nodes(self, asked: Asked) -> Nodes:
        """Return nodes that were asked for."""
        records = asked.records.result()
        codes = [code for record in records for code in record["codes"]]
        order = np.array(sorted(range(len(codes)), key=codes.__getitem__), np.intp)
        columns = {name: _taken(each, order) for name, each in _columns(records, asked.columns).items()}
        return Nodes(tuple(codes[place] for place in order.tolist()), _numbers(records, "ids")[order], columns)

    def links(self, asked: Asked, start: Nodes, ends: Mapping[str, Nodes]) -> dict[str, Links]:
        """Return relationships that were asked for, by the label of their end.

        Arguments:
            asked: from `ask_links`.
            start: the nodes at which they begin.
            ends: by label, the nodes that count; a relationship that ends at any other is left out.

        Returns:
            An entry for each label of ``ends`` at which the type may end.
        """
        records = asked.records.result()
        begin, numbers = start.places(_numbers(records, "starts")), _numbers(records, "ends")
        sizes = [sum(map(len, record["starts"])) for record in records]
        values = _columns(records, asked.columns, sizes=sizes)
        labels = dict.fromkeys(MODEL.node(label).label for label in MODEL.relationship(asked.name).ends)
        return {
            label: _ordered(begin, ends[label].places(numbers), values, width=len(ends[label]))
            for label in labels
            if label in ends
        }

    def _ask(self, statement: str, name: str, columns: Sequence[Property]) -> Asked:
        return Asked(name, tuple(columns), self._sessions.submit(self._read, statement))

    def _read(self, statement: str) -> list[Record]:
        return list(self._graph.stream(statement, asOf=self._as_of))


def _unpacked(records: Sequence[Record], name: str) -> NDArray[Any]:
    """Return the numbers of a column of all records, one after the other."""
    vectors = [vector for record in records for vector in record[name]]
    form = ">i8" if vectors and vectors[0].dtype == "i64" else ">f8"
    return np.frombuffer(b"".join(vector.raw() for vector in vectors), form)


def _numbers(records: Sequence[Record], name: str) -> Numbers:
    return _unpacked(records, name).astype(np.int64)


def _columns(
    records: Sequence[Record], declared: Sequence[Property], *, sizes: Sequence[int] | None = None
) -> dict[str, Column]:
    """Return properties as columns.

    Arguments:
        records: of nodes or relationships.
        declared: the properties.
        sizes: relationships in each record; None for nodes.
    """
    found: dict[str, Column] = {}
    for place, each in enumerate(declared):
        name = f"c{place}"
        if sizes is not None and packed.few(each):
            found[each.name] = _repeated([record[name] for record in records], sizes, text=each.kind is Kind.STRING)
        elif each.name in WORDS:
            found[each.name] = np.array([value for record in records for value in record[name]], np.str_)
        elif each.kind is Kind.STRING:
            found[each.name] = categories(chain.from_iterable(record[name] for record in records))
        else:
            found[each.name] = _floats(_unpacked(records, name))
    return found


def _repeated(values: list[Any], sizes: Sequence[int], *, text: bool) -> Column:
    """Return a column in which each value stands as often as its record has relationships."""
    if not text:
        return _floats(np.repeat(np.array(values, np.float64), sizes))
    once = categories(iter(values))
    return Categories(once.values, np.repeat(once.places, sizes))


def _floats(values: NDArray[Any]) -> Floats:
    numbers = values.astype(np.float64)
    numbers[numbers <= packed.NOTHING] = np.nan
    return numbers


class _Numbering(dict[str, int]):
    """Gives each new text the next number."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def categories(rows: Iterator[str]) -> Categories:
    """Return a column of texts; an empty text counts as none.

    >>> categories(iter(["b", "", "a", "b"]))
    Categories(values=('a', 'b'), places=array([ 1, -1,  0,  1], dtype=int32))
    """
    numbering = _Numbering()
    met = np.fromiter(map(numbering.__getitem__, rows), np.int32)
    values = tuple(sorted(filter(None, numbering)))
    place = {value: at for at, value in enumerate(values)}
    return Categories(values, np.array([place.get(text, -1) for text in numbering], np.int32)[met])


def _taken(column: Column, rows: NDArray[Any]) -> Column:
    return Categories(column.values, column.places[rows]) if isinstance(column, Categories) else column[rows]


def _ordered(start: Places, end: Places, columns: Mapping[str, Column], *, width: int) -> Links:
    """Return relationships in order, without those that have an end that does not count."""
    rows = np.flatnonzero((start >= 0) & (end >= 0))
    keys = start[rows].astype(np.int64) * max(width, 1) + end[rows]
    order = np.argsort(keys)
    rows, keys = rows[order], keys[order]
    # Few pairs have several relationships: only those are held against each other column by column.
    same = np.flatnonzero(keys[1:] == keys[:-1])
    if len(same):
        tied = np.union1d(same, same + 1)
        values = [each.places if isinstance(each, Categories) else each for each in columns.values()]
        within = np.lexsort([*(each[rows[tied]] for each in reversed(values)), keys[tied]])
        rows[tied] = rows[tied][within]
    taken = {name: _taken(each, rows) for name, each in columns.items()}
    return Links(start[rows], end[rows], taken)
