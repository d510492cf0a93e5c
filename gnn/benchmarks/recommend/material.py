"""What ours ranks from: the graph as it was known on the eve of the hold-out, and some time earlier, to learn from."""

from dataclasses import dataclass
from datetime import date, timedelta

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import snapshot
from gnn.config import GapConfig
from gnn.ranking import SPAN, Behaviour, read_behaviour
from gnn.snapshot import Snapshot

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Material:
    """What is known, and what was.

    Arguments:
        world: the graph at the end of the eve.
        early: the graph when the span began whose behaviour is learned from.
        begun: that day.
        behaviour: until the end of the eve; postings that are released later are in it, and compete from then on.
    """

    world: Snapshot
    early: Snapshot
    begun: date
    behaviour: Behaviour


def read_material(graph: Graph, *, start: float, end: float, span: int = SPAN, progress: Progress) -> Material:
    """Read it.

    Arguments:
        graph: an open graph.
        start, end: of the hold-out, days since 1970.
        span: days before the eve whose actions and outcomes are learned from.
        progress: shows the steps.

    Raises:
        UnreachableError: no server answers.
    """
    eve = EPOCH + timedelta(days=int(start) - 1)
    begun = eve - timedelta(days=span)
    config = GapConfig()
    world = snapshot.read(graph, as_of=eve, half_life=config.half_life, progress=progress)
    early = snapshot.read(graph, as_of=begun, half_life=config.half_life, progress=progress)
    until = EPOCH + timedelta(days=int(end))
    behaviour = read_behaviour(graph, world, day=eve, since=begun, until=until, progress=progress)
    return Material(world, early, begun, behaviour)
