"""What ours ranks from: the graph as it was known on the eve of the hold-out, and some time earlier, to learn from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import capability, snapshot
from gnn.capability import States
from gnn.config import GapConfig
from gnn.ranking import Behaviour, read_behaviour
from gnn.snapshot import Floats, Snapshot
from gnn.snapshot.gaps import Places

EPOCH = date(1970, 1, 1)
SPAN = 183
"""Days before the eve whose actions and outcomes the weights are learned from."""


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
        span: days to learn from.
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


@dataclass(frozen=True, slots=True)
class Vectors:
    """Capability vectors of everything, as of a snapshot.

    Arguments:
        demands, supply: b_j and c_r. [clusters, units], [resources, units]
        states: of students.
        config: settings, with the parameters that were learned.
    """

    demands: Floats
    supply: Floats
    states: States
    config: GapConfig

    @classmethod
    def of(cls, world: Snapshot, config: GapConfig) -> "Vectors":
        """Compute them as the gap job does; where ``config.learned`` and nothing is given, learn the states first."""
        mapping = capability.skill_units(world)
        demands = capability.demands(world, config, mapping=mapping)
        supply = capability.supply(world, config, mapping=mapping, demands=demands)
        sources = supply.over(demands).over(capability.industries(world, config, demands=demands))
        dense = demands.dense()
        known = capability.pieces(world, config)
        if config.learned and config.state is None:
            found = capability.learn(world, config, sources=sources, demands=dense, known=known)
            config = replace(config, state=found.state)
        states = States.of(world, config, sources=sources, demands=dense, known=known)
        return cls(dense, supply.dense(), states, config)

    def abilities(self, students: Places) -> Floats:
        """Return a_u of some students. [students, units]"""
        return self.states.levels(students).dense()

    def of_codes(self, mine: tuple[str, ...], theirs: tuple[str, ...]) -> Callable[[Places], Floats]:
        """Return what gives a_u of students that another snapshot numbers; one who is not here can do nothing.

        Arguments:
            mine: codes of the students of these vectors.
            theirs: codes that the other snapshot numbers.
        """
        place = {code: number for number, code in enumerate(mine)}
        here = np.array([place.get(code, -1) for code in theirs], np.int64)

        def abilities(students: Places) -> Floats:
            found = here[students]
            levels = self.abilities(np.maximum(found, 0).astype(np.int32))
            levels[found < 0] = 0.0
            return levels

        return abilities
