"""The part of the gap job that makes lists: what they are made by, learned where there is enough to learn from."""

import time
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import ranking
from gnn.capability import Basis
from gnn.config import GapConfig
from gnn.ranking import Behaviour, Ranker
from gnn.snapshot import Snapshot


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


def ranker(known: Behaved, basis: Basis, config: GapConfig) -> tuple[Ranker, GapConfig, dict[str, float]]:
    """Return what makes the lists, the settings with what was learned, and figures on it.

    Arguments:
        known: from `read`.
        basis: what the states of students are made from.
        config: settings, with what was learned of states.
    """
    started, world = time.monotonic(), basis.world
    if known.begun is None:
        found = ranking.plain_rules(world, known.behaviour, config=config)
    else:
        then = basis.states(config.state, day=known.begun)
        found = ranking.learn_rules(
            world,
            known.behaviour,
            begun=known.begun,
            abilities_of=lambda some: then.levels(some).dense(),
            demands=basis.demand_levels,
            supply=basis.supply_levels,
            config=config,
        )
    config = replace(config, ranking=found.rules, likelihood=found.likelihood.weights)
    figures = {
        "listsLearned": float(found.rules.learned),
        **{f"lists{name[:1].upper()}{name[1:]}": value for name, value in found.counts.items()},
        "secondsLearningLists": round(time.monotonic() - started, 3),
    }
    made = Ranker(
        world, known.behaviour, basis.demand_levels, basis.supply_levels, found.rules, found.likelihood, config
    )
    return made, config, figures
