"""What the demand model learns from, relationship by relationship, as arrays: all that sources state.

Nothing is cut off by time here but what was closed; `history` does that, and counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot.packed import Asked, Links, Nodes, Reader

Triple = tuple[str, str, str]
"""Label of the start, type, label of the end."""

NODES: Mapping[str, tuple[str, ...]] = {
    "Capability": (),
    "Skill": (),
    "JobCluster": ("rule",),
    "Job": ("releasedOn",),
    "Resource": (),
    "Student": ("admittedOn", "graduatesOn", "admissionScore", "degree", "regionText"),
    "Major": (),
    "Employer": (),
    "Venture": (),
}
"""Labels, each with the properties that are read."""

RELATIONSHIPS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Job", "REQUIRES"): ("optional",),
    ("Job", "IN_CLUSTER"): (),
    ("Skill", "MAPS_TO"): ("weight",),
    ("Skill", "BROADER"): (),
    ("Skill", "SAME_AS"): (),
    ("JobCluster", "SAME_AS"): ("score",),
    ("JobCluster", "TYPICALLY_REQUIRES"): ("level", "essential"),
    ("Resource", "TEACHES"): ("level",),
    ("Resource", "PREPARES_FOR"): (),
    ("Student", "STUDIES"): (),
    ("Student", "TOOK"): ("term", "score", "attendance", "credits", "status"),
    ("Student", "EARNED"): ("term", "result"),
    ("Student", "ENTERED"): ("term", "result"),
    ("Student", "WORKED_ON"): ("term", "result", "hours"),
    ("Student", "INTERNED_AT"): ("term", "jobCluster", "startedOn"),
    ("Student", "EMPLOYED_AS"): ("startedOn", "salary", "status"),
    ("Student", "FOUNDED"): ("startedOn",),
    ("Student", "AIMS_AT"): ("statedOn",),
    ("Student", "INTERACTED"): ("at", "kind"),
}
"""Label of the start and type, each with the properties that are read."""

WITH_CLOSED = ("Job", "Resource")
"""Labels of which closed nodes count too: a posting that is over was asked for, a course that is over was taken."""


@dataclass(frozen=True, slots=True)
class Relations:
    """Nodes and relationships of the training snapshot.

    Arguments:
        nodes: by label, in the order of their codes; the unclassified job cluster is left out.
        links: by label of the start, type, and label of the end.
    """

    nodes: Mapping[str, Nodes]
    links: Mapping[Triple, Links]

    def __len__(self) -> int:
        """Number of relationships."""
        return sum(map(len, self.links.values()))


class Gathering:
    """Nodes and relationships of the training snapshot that are being read; what is asked for first comes first.

    Arguments:
        reader: is open as long as anything is under way.
        beside: by label of `NODES`, properties that are read beside those there.
        progress: shows a step for nodes, and one for each look at relationships.
    """

    def __init__(
        self, reader: Reader, *, beside: Mapping[str, tuple[str, ...]] | None = None, progress: Progress
    ) -> None:
        self._reader, self._progress = reader, progress
        more = beside or {}
        self._nodes = {
            label: reader.ask_nodes(label, *names, *more.get(label, ()), closed=label in WITH_CLOSED)
            for label, names in NODES.items()
        }
        self._links: dict[tuple[str, str], Asked] = {}

    def ask(self, keys: Iterable[tuple[str, str]]) -> None:
        """Begin to read relationships by keys of `RELATIONSHIPS`."""
        for start, type_ in keys:
            self._links[start, type_] = self._reader.ask_links(type_, start, *RELATIONSHIPS[start, type_])

    @cached_property
    def nodes(self) -> Mapping[str, Nodes]:
        """All nodes by label, once they are there."""
        nodes: dict[str, Nodes] = {}
        with self._progress.step("Reading nodes", unit="nodes") as step:
            for label, each in self._nodes.items():
                nodes[label] = self._reader.nodes(each)
                step.advance(len(nodes[label]))
        nodes["JobCluster"] = classified(nodes["JobCluster"])
        return nodes

    def links(self, keys: Iterable[tuple[str, str]] | None = None) -> dict[Triple, Links]:
        """Return relationships that were asked for, once they are there: by their keys, or all that are left."""
        links: dict[Triple, Links] = {}
        nodes = self.nodes
        with self._progress.step("Reading relationships", unit="relationships") as step:
            for start, type_ in tuple(self._links if keys is None else keys):
                # What was put in order is let go: the records of one type may be many.
                for end, found in self._reader.links(self._links.pop((start, type_)), nodes[start], nodes).items():
                    links[start, type_, end] = found
                    step.advance(len(found))
        return links


def read_relations(
    graph: Graph, *, as_of: datetime, only: Iterable[tuple[str, str]] | None = None, progress: Progress
) -> Relations:
    """Read the relationships of the training snapshot.

    Arguments:
        graph: an open graph.
        as_of: what was closed before it is left out.
        only: keys of `RELATIONSHIPS`; None reads all.
        progress: shows a step for nodes and one for relationships.

    Raises:
        UnreachableError: no server answers.
    """
    with Reader(graph, as_of=as_of) as reader:
        gathering = Gathering(reader, progress=progress)
        gathering.ask(RELATIONSHIPS if only is None else only)
        nodes = gathering.nodes
        return Relations(nodes, gathering.links())


def classified(clusters: Nodes) -> Nodes:
    """Return job clusters without the unclassified one; they were read with their rule."""
    rule = clusters.category("rule")
    gone = np.array([value == "unclassified" for value in (*rule.values, "")])
    return clusters.without(gone[rule.places])
