"""P(cluster | student): where students like this one go, from what came of students and what they applied for.

P = softmax over clusters of w_major log share(major, cluster) + w_fit fit(a_u, b_j) + w_own [own goal]
    + w_history log(1 + positive actions of the student with the cluster)

The weights are learned by maximum likelihood, with a small penalty on leaving the documented ones, from what students
did after a day, told from what was known on it; each student counts once per cluster, so that a burst moves nobody.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gnn.capability.entrants import major_rows, smoothed
from gnn.config import LikelihoodWeights
from gnn.gaps import held_share
from gnn.ranking.leaning import positives
from gnn.rows import entries
from gnn.snapshot.behaviour import Actions, Behaviour
from gnn.snapshot.gaps import WORK, Floats, Places, Snapshot
from gnn.snapshot.terms import term_start
from schema.scoring import DECIMALS

PENALTY = 10.0
"""Of the squared distance from the documented weights; the loss sums over arrivals."""
LEAST_ARRIVALS = 200
"""Arrivals below which the documented weights stay."""
MOST_CELLS = 2_000_000
"""Arrivals times clusters that are learned from; of more, every n-th arrival is."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A learned P(cluster | student).

    Arguments:
        shares: share of the students of each major that go to each cluster, smoothed; rows sum to 1, the last one is
            for students whose major is not known. [majors + 1, clusters]
        weights: of the parts.
    """

    shares: Floats
    weights: LikelihoodWeights = field(default_factory=LikelihoodWeights)

    def log10_ratio(self, major: NDArray[np.integer], fit: Floats, own: Floats, history: Floats) -> Floats:
        """Return log10(P(cluster | student) / max P), <= 0. [students, clusters]

        Arguments:
            major: row of each student in ``shares``.
            fit: share of each cluster's demand that the student holds, 0 to 1. [students, clusters]
            own: 1 where the student stated the goal. [students, clusters]
            history: positive actions. [students, clusters]
        """
        weights = self.weights
        raised = weights.major * np.log(self.shares)[major]
        raised += weights.fit * fit
        raised += weights.own * own
        raised += weights.history * np.log1p(history)
        raised -= raised.max(axis=1, keepdims=True)
        found: Floats = np.round(raised / np.log(10.0), DECIMALS)
        return found


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Students and the clusters that they came to or want to come to, each pair once, ordered by both.

    Arguments:
        student, cluster: places.
    """

    student: Places
    cluster: Places

    def __len__(self) -> int:
        return len(self.student)


def arrivals(world: Snapshot, actions: Actions, *, after: date | None = None, through: date) -> Arrivals:
    """Return arrivals of a span: employment, contracts, internships, and positive actions on postings.

    Arguments:
        actions: of students.
        after: later days count; None takes all.
        through: last day of employment and internships; actions count as far as they were read.
    """
    type_, _, term, first = world.work.columns
    begun = np.where(np.isnan(first) & (type_ == WORK.index("INTERNED_AT")), term_start(term), first)
    wanted = positives(actions)
    wanted = wanted.where((wanted.item_kind == 0) & (wanted.cluster >= 0))
    student = np.concatenate((world.work.start, world.signings.start, wanted.student)).astype(np.int64)
    cluster = np.concatenate((world.work.end, world.signings.end, wanted.cluster))
    ends = np.concatenate((begun, world.signings.columns[0], np.minimum(wanted.day, through.toordinal()).astype(float)))
    earlier = -np.inf if after is None else float(after.toordinal())
    # An internship of which nobody knows when it was, was some time before.
    ends = np.where(np.isnan(ends), -1.0, ends)
    kept = (ends > earlier) & (ends <= through.toordinal())
    width = max(1, len(world.clusters))
    keys = np.unique(student[kept] * width + cluster[kept])
    return Arrivals((keys // width).astype(np.int32), (keys % width).astype(np.int32))


def shares(world: Snapshot, arrived: Arrivals) -> Floats:
    """Return the share of a major's arrivals that each cluster has, by `entrants.smoothed`. [majors + 1, clusters]"""
    size = (len(world.majors) + 1, max(1, len(world.clusters)))
    rows = major_rows(world, arrived.student)
    counted = np.bincount(rows * size[1] + arrived.cluster, minlength=size[0] * size[1]).reshape(size).astype(float)
    return smoothed(counted[:-1], total=counted.sum(axis=0))


def history(actions: Actions, students: NDArray[np.integer], clusters: int) -> Floats:
    """Return how many positive actions some students have with the items of each cluster. [students, clusters]"""
    wanted = positives(actions)
    wanted = wanted.where(wanted.cluster >= 0)
    into, places = entries(wanted.student, students)
    found = np.zeros((len(students), clusters))
    np.add.at(found, (into, wanted.cluster[places]), 1.0)
    return found


def learn_likelihood(
    world: Snapshot,
    behaviour: Behaviour,
    *,
    begun: date,
    abilities: Floats,
    demands: Floats,
    own: Floats,
    prior: LikelihoodWeights | None = None,
) -> tuple[Likelihood, int]:
    """Return P(cluster | student) as of the reference day, and the number of arrivals that its weights come from.

    Arguments:
        begun: the day on which is known what the weights are told from; arrivals after it are foretold.
        abilities: a_u as of that day. [students, units]
        demands: b_j. [clusters, units]
        own: 1 where the student stated the goal. [students, clusters]
    """
    prior = prior or LikelihoodWeights()
    now = shares(world, arrivals(world, behaviour.actions, through=behaviour.day))
    came = arrivals(world, behaviour.actions, after=begun, through=behaviour.day)
    if len(came) < LEAST_ARRIVALS:
        return Likelihood(now, prior), len(came)
    step = -(-len(came) * len(world.clusters) // MOST_CELLS)
    student, cluster = came.student[::step], came.cluster[::step]
    past = behaviour.before(begun)
    then = shares(world, arrivals(world, past.actions, through=begun))
    rows = major_rows(world, student)
    features = np.stack(
        (
            np.log(then)[rows],
            held_share(abilities[student], demands),
            own[student],
            np.log1p(history(past.actions, student, len(world.clusters))),
        )
    )  # [weights, arrivals, clusters]
    weights = fit_choice(features, cluster, prior=np.array([prior.major, prior.fit, prior.own, prior.history]))
    return Likelihood(now, LikelihoodWeights(*np.round(weights, 4).tolist())), len(came)


def fit_choice(
    features: Floats,
    chosen: NDArray[np.integer],
    *,
    prior: Floats,
    penalty: float = PENALTY,
    offset: Floats | None = None,
) -> Floats:
    """Return the weights >= 0 under which the chosen columns are most probable by softmax, held near documented ones.

    Arguments:
        features: of each column that could be chosen. [weights, choices, columns]
        chosen: the column of each choice. [choices]
        prior: documented weights. [weights]
        penalty: of the squared distance from them.
        offset: added to every score; None adds nothing. [choices, columns]
    """
    # scipy's optimizers are slow to import, and not needed where nothing is learned.
    from scipy.optimize import minimize  # noqa: PLC0415

    row = np.arange(len(chosen))
    own = features[:, row, chosen].sum(axis=1)  # [weights]

    def loss(weights: Floats) -> tuple[float, Floats]:
        raised = np.tensordot(weights, features, axes=1)  # [choices, columns]
        if offset is not None:
            raised += offset
        top = raised.max(axis=1, keepdims=True)
        chances = np.exp(raised - top)
        whole = chances.sum(axis=1, keepdims=True)
        value = float((np.log(whole) + top).sum() - weights @ own)
        chances /= whole
        slope = np.einsum("wnc,nc->w", features, chances) - own
        return value + 0.5 * penalty * float(((weights - prior) ** 2).sum()), slope + penalty * (weights - prior)

    bounds = [(0.0, None)] * len(prior)
    found: Floats = minimize(loss, prior, jac=True, bounds=bounds, method="L-BFGS-B").x
    return found
