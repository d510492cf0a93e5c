"""The part of the gap job that makes lists: what they are made by, learned where there is enough to learn from."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import ranking
from gnn.capability import Pieces, States, Vectors
from gnn.config import GapConfig
from gnn.ranking import Behaviour, Ranker
from gnn.snapshot import Floats, Places, Snapshot


@dataclass(frozen=True, slots=True)
class Behaved:
    """What the lists of a run are made from.

    Arguments:
        behaviour: what a ranker reads beyond the snapshot.
        begun: the day from which on behaviour is learned from; None where nothing is learned.
    """

    behaviour: Behaviour
    begun: date | None


def read(graph: Graph, world: Snapshot, config: GapConfig, *, progress: Progress) -> Behaved:
    """Read what lists are made from.

    Arguments:
        graph: an open graph.
        world: the snapshot.
        config: settings.
        progress: shows a step.
    """
    learns = config.learned and not config.ranking.learned
    begun = ranking.reference_day(world) - timedelta(days=ranking.SPAN) if learns else None
    found = ranking.read_behaviour(
        graph, world, since=begun, pool=config.ranking.pool, optional=config.optional, progress=progress
    )
    return Behaved(found, begun)


def ranker(
    known: Behaved,
    world: Snapshot,
    config: GapConfig,
    *,
    demands: Floats,
    supply: Floats,
    abilities_before: Callable[[date], Callable[[Places], Floats]],
) -> tuple[Ranker, GapConfig, dict[str, float]]:
    """Return what makes the lists, the settings with what was learned, and figures on it.

    Arguments:
        known: from `read`.
        world: the snapshot.
        config: settings.
        demands: b_j. [clusters, units]
        supply: c_r. [resources, units]
        abilities_before: returns, for a day, what returns a_u of some students as of that day.
    """
    started = time.monotonic()
    if known.begun is None:
        found = ranking.plain_rules(world, known.behaviour, config=config)
    else:
        found = ranking.learn_rules(
            world,
            known.behaviour,
            begun=known.begun,
            abilities_of=abilities_before(known.begun),
            demands=demands,
            supply=supply,
            config=config,
        )
    config = replace(config, ranking=found.rules, likelihood=found.likelihood.weights)
    figures = {
        "listsLearned": float(found.rules.learned),
        **{f"lists{name[:1].upper()}{name[1:]}": value for name, value in found.counts.items()},
        "secondsLearningLists": round(time.monotonic() - started, 3),
    }
    made = Ranker(world, known.behaviour, demands, supply, found.rules, found.likelihood, config)
    return made, config, figures


def states_before(
    world: Snapshot, config: GapConfig, day: date, *, sources: Vectors, demands: Floats, known: Pieces
) -> Callable[[Places], Floats]:
    """Return what returns a_u of some students as of an earlier day: later evidence is left out.

    Arguments:
        world: the snapshot.
        config: settings, with what was learned of states.
        day: the day.
        sources: vectors of the sources of evidence.
        demands: b_j. [clusters, units]
        known: all evidence.
    """
    past = known.take(np.flatnonzero(known.known <= day.toordinal()))
    states = States.of(replace(world, data_through=day), config, sources=sources, demands=demands, known=past)
    return lambda some: states.levels(some).dense()
