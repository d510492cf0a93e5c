"""What lists are made by, learned from what students did after a day, told from what was known on it.

Three things are learned: where students go (`likelihood`), what stages mean (`stage`), and the weights of the terms, by
learning to rank (`weights`) from what students chose (`choices`). Where there are few actions, everything stays as
documented.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from gnn.config import GapConfig
from gnn.ranking.choices import choices, of_many
from gnn.ranking.leaning import positives
from gnn.ranking.likelihood import Likelihood, arrivals, learn_likelihood, shares
from gnn.ranking.pool import done_before
from gnn.ranking.ranker import Ranker
from gnn.ranking.stage import counts, learn_stage, states
from gnn.ranking.weights import learn_weights
from gnn.rows import marked
from gnn.snapshot.behaviour import Behaviour
from gnn.snapshot.gaps import Floats, Places, Snapshot
from schema.ranking import PATHS
from schema.rules import RankingRules

SPAN = 183
"""Days before the reference day whose actions are learned from, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What lists are made by.

    Arguments:
        rules: weights and sizes.
        likelihood: P(cluster | student).
        counts: what it was learned from, by name.
    """

    rules: RankingRules
    likelihood: Likelihood
    counts: dict[str, float] = field(default_factory=dict)


def plain_rules(world: Snapshot, behaviour: Behaviour, *, config: GapConfig | None = None) -> Learned:
    """Return the weights of settings as they are, with the shares of majors counted; what learning falls back to."""
    config = config or GapConfig()
    counted = shares(world, arrivals(world, behaviour.actions, through=behaviour.day))
    return Learned(config.ranking, Likelihood(counted, config.likelihood))


def learn_rules(
    world: Snapshot,
    behaviour: Behaviour,
    *,
    begun: date,
    abilities_of: Callable[[Places], Floats],
    demands: Floats,
    supply: Floats,
    config: GapConfig | None = None,
    rules: RankingRules | None = None,
) -> Learned:
    """Return what lists are made by, learned from what students did after a day.

    Arguments:
        world: the snapshot.
        behaviour: read with ``since=begun``, so that what competed on each day is known.
        begun: the day on which is known what choices are told from.
        abilities_of: returns a_u of some students as of that day. [students, units]
        demands: b_j. [clusters, units]
        supply: c_r. [resources, units]
        config: goals and resources of a student.
        rules: documented weights and sizes; None takes those of ``config``.
    """
    config = config or GapConfig()
    rules = rules or config.ranking
    past = behaviour.before(begun)
    everyone = np.arange(len(world.students), dtype=np.int32)
    own = marked(world.goals, everyone, len(world.clusters)).astype(float)
    abilities = abilities_of(everyone)
    likelihood, came = learn_likelihood(
        world, behaviour, begun=begun, abilities=abilities, demands=demands, own=own, prior=config.likelihood
    )
    chosen = positives(behaviour.actions)
    chosen = chosen.where((chosen.day > begun.toordinal()) & (chosen.day <= behaviour.day.toordinal()))
    chosen = of_many(chosen)
    known = counts(world, past, begun).of(chosen.student)
    stage = learn_stage(states(known), chosen.item_kind, prior=rules.stage)
    then = shares(world, arrivals(world, past.actions, through=begun))
    ranker = Ranker(
        world,
        past,
        demands,
        supply,
        replace(rules, stage=stage),
        Likelihood(then, likelihood.weights),
        config,
        done=done_before(world, behaviour, begun),
    )
    found = choices(ranker, chosen, abilities=abilities)
    weights = {path: learn_weights(each, prior=rules.weights[path]) for path, each in found.items()}
    learned_from = {"arrivals": float(came), "steps": float(len(chosen))}
    learned_from |= {f"choices{path.title()}": float(len(each)) for path, each in found.items()}
    moved = any(weights[path] != rules.weights[path] for path in PATHS)
    return Learned(replace(rules, weights=weights, stage=stage, learned=moved), likelihood, learned_from)
