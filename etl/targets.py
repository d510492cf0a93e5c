"""What a pass loads into: nodes of one label, or relationships of one type. Each knows what the graph holds already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cypher import merge
from cypher.graph import Graph
from etl.records import Draft, Edge, Parcel, Properties, Strand, edge_key
from schema.model import MODEL

Statement = tuple[str, dict[str, Any]]

_PAGE = 50_000
"""Nodes whose state is read at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the graph holds of one record: its digest, and whether it is closed."""

    digest: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Present:
    """What changed records have in the graph, so that what is equal is left alone.

    Arguments:
        nodes: properties by code.
        edges: properties of relationships by code of the start node, type, and code of the end node.
    """

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is to be written: new where it is not ``known``, that is, in the graph already."""

    draft: Draft
    outcome: Parcel | Strand
    known: bool


State = tuple[str, str, bool]
"""Key, digest, and whether it is closed, of one record in the graph."""


class Target(Protocol):
    """What a pass loads into."""

    @property
    def title(self) -> str:
        """Name of the label or type."""

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield what the graph holds of ``source``, in bounded memory."""

    def present(self, graph: Graph, changes: Sequence[Change], *, source: str) -> Present:
        """Return what the changed records among ``changes`` have in the graph."""

    def statements(
        self, changes: Sequence[Change], *, source: str, at: datetime, present: Present | None = None
    ) -> list[Statement]:
        """Return the statements that write ``changes`` in one transaction, hubs left out."""

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> list[Statement]:
        """Return the statements that close records."""


def known(target: Target, graph: Graph, source: str) -> dict[str, Known]:
    """Return all that the graph holds of ``source``, by key; memory grows with it."""
    return {key: Known(value, closed) for key, value, closed in target.states(graph, source)}


_Triple = tuple[str, str, Edge]
"""Label and code of the start, and a relationship from there."""


def _parcel(change: Change) -> Parcel:
    assert isinstance(change.outcome, Parcel)
    return change.outcome


def _stated(properties: Properties) -> dict[str, Any]:
    """Properties without those that are null."""
    return {name: value for name, value in properties.items() if value is not None}


def edge_statements(triples: Iterable[_Triple], *, source: str, at: datetime, create: bool) -> list[Statement]:
    """Return the statements that write (start label, start code, edge) triples, one per type and end label."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for start_label, start, edge in triples:
        rows = groups.setdefault((edge.type, start_label, edge.end_label), [])
        rows.append({"start": start, "end": edge.end, "properties": {**edge.properties, "source": source}})
    compose = merge.create_edges if create else merge.merge_edges
    return [(compose(*names), {"rows": rows, "at": at, "source": source}) for names, rows in groups.items()]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of one label, each with its own relationships.

    Arguments:
        label: declared label.
        edges: relationship types that the parcels own: what a changed row no longer holds of these is removed.
    """

    label: str
    edges: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name of the label."""
        return self.label

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield code, digest and state of each node of ``source``, in the order of codes."""
        after = ""
        while True:
            (record,) = graph.read(merge.known_nodes(self.label), source=source, after=after, most=_PAGE)
            codes = record["codes"]
            yield from zip(codes, record["digests"], record["closed"], strict=True)
            if len(codes) < _PAGE:
                return
            after = codes[-1]

    def present(self, graph: Graph, changes: Sequence[Change], *, source: str) -> Present:
        """Return properties and own relationships of the changed nodes among ``changes``."""
        codes = [change.draft.key for change in changes if change.known]
        if not codes:
            return Present()
        nodes = graph.read(merge.held_properties(self.label), codes=codes)
        edges = graph.read(merge.held_edges(self.edges, self.label), codes=codes, source=source) if self.edges else []
        return Present(
            {record["code"]: record["properties"] for record in nodes},
            {
                (record["start"], type_, end): properties
                for record in edges
                for type_, end, properties in record["edges"]
            },
        )

    def statements(
        self, changes: Sequence[Change], *, source: str, at: datetime, present: Present | None = None
    ) -> list[Statement]:
        """Return the statements for nodes and their relationships, new ones by CREATE.

        Arguments:
            changes: what is to be written.
            source: who states it.
            at: the instant of the load.
            present: what `present` gave; None writes all that a changed row says again.
        """
        fresh = [change for change in changes if not change.known]
        again = [change for change in changes if change.known]
        shared = {"at": at, "source": source}
        ends, kept = self._differences(again, source, present)
        return [
            *self._created(fresh, source, shared),
            *self._updated(again, source, shared, present),
            *self._dropped(ends, shared),
            *edge_statements(self._triples(fresh), source=source, at=at, create=True),
            *edge_statements(kept, source=source, at=at, create=False),
        ]

    def _created(self, fresh: Sequence[Change], source: str, shared: Properties) -> list[Statement]:
        """New nodes, one statement a kind."""
        rows: dict[str | None, list[dict[str, Any]]] = {}
        for change in fresh:
            parcel = _parcel(change)
            rows.setdefault(parcel.kind, []).append(
                {"code": parcel.code, "properties": self._properties(change, source)}
            )
        return [(merge.create_nodes(self.label, kind), {"rows": some, **shared}) for kind, some in rows.items()]

    def _updated(
        self, again: Sequence[Change], source: str, shared: Properties, present: Present | None
    ) -> list[Statement]:
        """Changed properties and kinds."""
        if not again:
            return []
        rows: list[dict[str, Any]] = []
        kinds: dict[str, list[dict[str, Any]]] = {}
        for change in again:
            parcel = _parcel(change)
            before = present.nodes.get(parcel.code, {}) if present else {}
            properties = self._properties(change, source)
            if before:
                # A null takes a property away, which is needless where there is none.
                properties = {name: value for name, value in properties.items() if value != before.get(name)}
            rows.append({"code": parcel.code, "properties": properties})
            if parcel.kind:
                kinds.setdefault(parcel.kind, []).append({"code": parcel.code})
        result = [(merge.update_nodes(self.label), {"rows": rows, **shared})]
        return result + [
            (merge.change_kind(self.label, kind), {"rows": some, **shared}) for kind, some in kinds.items()
        ]

    def _differences(
        self, again: Sequence[Change], source: str, present: Present | None
    ) -> tuple[list[dict[str, Any]], list[_Triple]]:
        """Return, of changed nodes, the ends that they may keep where they lose one, and the edges to be written."""
        left = dict(present.edges) if present else {}
        ends: list[dict[str, Any]] = []
        kept: list[_Triple] = []
        for change in again:
            parcel = _parcel(change)
            held: dict[str, list[str]] = {type_: [] for type_ in self.edges}
            for edge in parcel.edges:
                held.setdefault(edge.type, []).append(edge.end)
                before = left.pop((parcel.code, edge.type, edge.end), None)
                if before is None or before != {**_stated(edge.properties), "source": source}:
                    kept.append((self.label, parcel.code, edge))
            ends.append({"start": parcel.code, "ends": held})
        if present is not None:
            # What is left has no place in its row any more; the other nodes lose nothing.
            losing = {start for start, _, _ in left}
            ends = [row for row in ends if row["start"] in losing]
        return ends, kept

    def _dropped(self, ends: list[dict[str, Any]], shared: Properties) -> list[Statement]:
        if not self.edges or not ends:
            return []
        return [(merge.drop_other_edges(self.edges, self.label), {"rows": ends, **shared})]

    def _triples(self, changes: Sequence[Change]) -> Iterator[_Triple]:
        for parcel in map(_parcel, changes):
            for edge in parcel.edges:
                yield self.label, parcel.code, edge

    def _properties(self, change: Change, source: str) -> dict[str, Any]:
        """All properties that a source states; a changed node needs the nulls, a new one does not."""
        given = _parcel(change).properties
        properties = {name: given.get(name) for name in merge.asserted_properties(self.label)}
        properties["source"] = source
        properties["contentHash"] = change.draft.digest
        return properties if change.known else _stated(properties)

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> list[Statement]:
        """Return the statement that closes the nodes with these codes."""
        return [(merge.close_nodes(self.label), {"rows": [{"code": key} for key in keys], "at": at, "source": source})]


class Alone:
    """A target whose records own no relationships of their own."""

    __slots__ = ()

    def present(self, graph: Graph, changes: Sequence[Change], *, source: str) -> Present:
        """Return nothing."""
        del graph, changes, source
        return Present()


@dataclass(frozen=True, slots=True)
class Edges(Alone):
    """Relationships of one type between two labels, each with a row of its own."""

    type: str
    start: str
    end: str

    @property
    def title(self) -> str:
        """Name of the type."""
        return self.type

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield `edge_key`, digest and state of each relationship of ``source``."""
        for record in graph.stream(merge.known_edges(self.type, self.start, self.end), source=source):
            start = record["start"]
            for end, *keys, value, closed in record["edges"]:
                yield edge_key(start, end, *keys), value, closed

    def statements(
        self, changes: Sequence[Change], *, source: str, at: datetime, present: Present | None = None
    ) -> list[Statement]:
        """Return the statements for relationships, new ones by CREATE."""
        del present
        names = merge.edge_properties(self.type)
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for change in changes:
            strand = change.outcome
            assert isinstance(strand, Strand)
            properties = {name: strand.properties.get(name) for name in names}
            properties["source"] = source
            properties["contentHash"] = change.draft.digest
            row = {"start": strand.start, "end": strand.end, "properties": properties}
            (changed if change.known else new).append(row)
        shared = {"at": at, "source": source}
        result: list[Statement] = []
        if new:
            result.append((merge.create_edges(self.type, self.start, self.end), {"rows": new, **shared}))
        if changed:
            result.append((merge.merge_edges(self.type, self.start, self.end), {"rows": changed, **shared}))
        return result

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> list[Statement]:
        """Return the statement that closes the relationships with these keys."""
        names = MODEL.relationship(self.type).keys
        rows = []
        for key in keys:
            start, end, *values = key.split("\x1f")
            rows.append({"start": start, "end": end, "properties": dict(zip(names, values, strict=True))})
        return [(merge.close_edges(self.type, self.start, self.end), {"rows": rows, "at": at, "source": source})]


@dataclass(frozen=True, slots=True)
class Fan(Alone):
    """Relationships of one type that end at several labels; each strand names its own.

    Arguments:
        parts: one entry for each label at the end, of one type and one start.
    """

    parts: tuple[Edges, ...]

    @property
    def title(self) -> str:
        """Name of the type."""
        return self.parts[0].type

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield `edge_key`, digest and state of each relationship of ``source``."""
        for part in self.parts:
            yield from part.states(graph, source)

    def statements(
        self, changes: Sequence[Change], *, source: str, at: datetime, present: Present | None = None
    ) -> list[Statement]:
        """Return the statements for relationships, label by label."""
        del present
        groups: dict[str, list[Change]] = {part.end: [] for part in self.parts}
        for change in changes:
            assert isinstance(change.outcome, Strand)
            groups[change.outcome.end_label].append(change)
        return [
            statement for part in self.parts for statement in part.statements(groups[part.end], source=source, at=at)
        ]

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> list[Statement]:
        """Return the statements that close the relationships with these keys: a key does not tell its label."""
        keys = list(keys)
        return [statement for part in self.parts for statement in part.closing(keys, source=source, at=at)]


__all__ = [
    "Alone",
    "Change",
    "Edges",
    "Fan",
    "Known",
    "Nodes",
    "Present",
    "State",
    "Statement",
    "Target",
    "edge_statements",
    "known",
]
