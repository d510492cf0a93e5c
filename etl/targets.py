"""What a pass loads into: nodes of one label, or relationships of one type. Each knows what the graph holds already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cypher import merge
from cypher.graph import Graph
from etl.records import Draft, Edge, Hub, Outcome, Parcel, Strand, edge_key
from schema.model import MODEL

Statement = tuple[str, dict[str, Any]]


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
    """A record that is to be written: new where ``known`` is None."""

    draft: Draft
    outcome: Parcel | Strand
    known: Known | None


class Target(Protocol):
    """What a pass loads into."""

    @property
    def title(self) -> str:
        """Name of the label or type."""

    def known(self, graph: Graph, source: str) -> dict[str, Known]:
        """Return what the graph holds of ``source``, by key."""

    def present(self, graph: Graph, changes: Sequence[Change], *, source: str) -> Present:
        """Return what the changed records among ``changes`` have in the graph."""

    def statements(
        self, changes: Sequence[Change], *, source: str, at: datetime, present: Present | None = None
    ) -> list[Statement]:
        """Return the statements that write ``changes`` in one transaction, hubs left out."""

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> Statement:
        """Return the statement that closes records."""


def edge_statements(
    triples: Iterable[tuple[str, str, Edge]], *, source: str, at: datetime, create: bool
) -> list[Statement]:
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

    def known(self, graph: Graph, source: str) -> dict[str, Known]:
        """Return digest and state of each node of ``source``, by code."""
        (record,) = graph.read(merge.known_nodes(self.label), source=source)
        return {
            code: Known(value, closed)
            for code, value, closed in zip(record["codes"], record["digests"], record["closed"], strict=True)
        }

    def _row(self, change: Change, source: str, before: dict[str, Any]) -> dict[str, Any]:
        outcome = change.outcome
        assert isinstance(outcome, Parcel)
        given = outcome.properties
        properties = {name: given.get(name) for name in merge.asserted_properties(self.label)}
        properties["source"] = source
        properties["contentHash"] = change.draft.digest
        if change.known is None or before:
            # A null takes a property away, which is needless where there is none.
            properties = {name: value for name, value in properties.items() if value != before.get(name)}
        return {"code": outcome.code, "properties": properties}

    def present(self, graph: Graph, changes: Sequence[Change], *, source: str) -> Present:
        """Return properties and own relationships of the changed nodes among ``changes``."""
        codes = [change.draft.key for change in changes if change.known is not None]
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
        result: list[Statement] = []
        new: dict[str | None, list[dict[str, Any]]] = {}
        changed: list[dict[str, Any]] = []
        kinds: dict[str, list[dict[str, Any]]] = {}
        ends: list[dict[str, Any]] = []
        fresh: list[tuple[str, str, Edge]] = []
        kept: list[tuple[str, str, Edge]] = []
        for change in changes:
            parcel = change.outcome
            assert isinstance(parcel, Parcel)
            row = self._row(change, source, present.nodes.get(parcel.code, {}) if present else {})
            if change.known is None:
                new.setdefault(parcel.kind, []).append(row)
                fresh.extend((self.label, parcel.code, edge) for edge in parcel.edges)
                continue
            changed.append(row)
            if parcel.kind:
                kinds.setdefault(parcel.kind, []).append({"code": parcel.code})
            held: dict[str, list[str]] = {type_: [] for type_ in self.edges}
            for edge in parcel.edges:
                held.setdefault(edge.type, []).append(edge.end)
                before = present.edges.pop((parcel.code, edge.type, edge.end), None) if present else None
                if before != {name: value for name, value in edge.properties.items() if value is not None} | {
                    "source": source
                }:
                    kept.append((self.label, parcel.code, edge))
            ends.append({"start": parcel.code, "ends": held})
        if present is not None:
            # What is left has no place in its row any more; the other nodes lose nothing.
            losing = {start for start, _, _ in present.edges}
            ends = [row for row in ends if row["start"] in losing]
        shared = {"at": at, "source": source}
        result += [(merge.create_nodes(self.label, kind), {"rows": rows, **shared}) for kind, rows in new.items()]
        if changed:
            result.append((merge.update_nodes(self.label), {"rows": changed, **shared}))
        result += [(merge.change_kind(self.label, kind), {"rows": rows, **shared}) for kind, rows in kinds.items()]
        if self.edges and ends:
            result.append((merge.drop_other_edges(self.edges, self.label), {"rows": ends, **shared}))
        result += edge_statements(fresh, source=source, at=at, create=True)
        result += edge_statements(kept, source=source, at=at, create=False)
        return result

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> Statement:
        """Return the statement that closes the nodes with these codes."""
        return merge.close_nodes(self.label), {"rows": [{"code": key} for key in keys], "at": at, "source": source}


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

    def known(self, graph: Graph, source: str) -> dict[str, Known]:
        """Return digest and state of each relationship of ``source``, by `edge_key`."""
        found: dict[str, Known] = {}
        for record in graph.stream(merge.known_edges(self.type, self.start, self.end), source=source):
            start = record["start"]
            for end, *keys, value, closed in record["edges"]:
                found[edge_key(start, end, *keys)] = Known(value, closed)
        return found

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
            (new if change.known is None else changed).append(row)
        shared = {"at": at, "source": source}
        result: list[Statement] = []
        if new:
            result.append((merge.create_edges(self.type, self.start, self.end), {"rows": new, **shared}))
        if changed:
            result.append((merge.merge_edges(self.type, self.start, self.end), {"rows": changed, **shared}))
        return result

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> Statement:
        """Return the statement that closes the relationships with these keys."""
        names = MODEL.relationship(self.type).keys
        rows = []
        for key in keys:
            start, end, *values = key.split("\x1f")
            rows.append({"start": start, "end": end, "properties": dict(zip(names, values, strict=True))})
        return merge.close_edges(self.type, self.start, self.end), {"rows": rows, "at": at, "source": source}


class Hubs:
    """The shared nodes that a load has met, so that each is sent once.

    Arguments:
        graph: where to look for those that exist.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._met: dict[str, set[str]] = {}

    def _codes(self, label: str) -> set[str]:
        if label not in self._met:
            (record,) = self._graph.read(merge.directory(label))
            self._met[label] = set(record["codes"])
        return self._met[label]

    def statements(self, outcomes: Iterable[Outcome], *, source: str, at: datetime) -> list[Statement]:
        """Return the statements that create the hubs of ``outcomes`` not met before, and their relationships."""
        groups: dict[str, list[dict[str, Any]]] = {}
        triples: list[tuple[str, str, Edge]] = []
        for outcome in outcomes:
            hubs: tuple[Hub, ...] = getattr(outcome, "hubs", ())
            for hub in hubs:
                codes = self._codes(hub.label)
                if hub.code in codes:
                    continue
                codes.add(hub.code)
                properties = {**hub.properties, "source": source}
                groups.setdefault(hub.label, []).append({"code": hub.code, "properties": properties})
                triples.extend((hub.label, hub.code, edge) for edge in hub.edges)
        shared = {"at": at, "source": source}
        nodes = [(merge.merge_hubs(label), {"rows": rows, **shared}) for label, rows in groups.items()]
        return nodes + edge_statements(triples, source=source, at=at, create=False)


__all__ = ["Alone", "Change", "Edges", "Hubs", "Known", "Nodes", "Present", "Statement", "Target", "edge_statements"]
