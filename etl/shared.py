"""Nodes that many records share: skills, employers, places. Each is sent once a pass, before the records themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cypher import merge
from cypher.graph import Graph
from etl.records import Edge, Hub, Outcome
from etl.targets import Statement, edge_statements


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
