"""Equation 22: how the behaviour of a student moves what the system takes the student to prefer.

The state is folded anew from all that the student did, in order of time. So an action counts once, may arrive late,
may be withdrawn, and moves nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import exp

from schema.ranking import SERVES, STAGES

REWARDS: Mapping[str, float] = {
    "view": 0.1,
    "click": 0.25,
    "bookmark": 0.6,
    "apply": 0.9,
    "register": 0.9,
    "complete": 1.0,
    "dismiss": -1.0,
}
"""r_t: what an action says of the item, -1 to 1."""

POSITIVE = ("bookmark", "apply", "register", "complete")
"""Actions that mean that the student wants the item."""

USED = ("apply", "register", "complete", "dismiss")
"""Actions after which the item is not recommended any more."""

SEARCHES = ("apply", "bookmark")
"""Actions on a posting that count as looking for work."""

VENTURES = ("register", "complete")
"""Actions on an item of `schema.ranking.VENTURE_KINDS` that count as venturing."""

OF_KIND = 0.5
"""Share of the leaning to a kind of item in the preference for one item; that to its cluster counts in full."""


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """Step and bounds of the update.

    Arguments:
        step: alpha, above 0, to 1.
        bound: no weight leaves [-bound, bound].
    """

    step: float = 0.3
    bound: float = 1.0


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a student did.

    Arguments:
        at: when.
        key: its idempotency key; it also settles the order of actions of one moment.
        kind: one of `REWARDS`.
        item_kind: "Job" or the kind label of a resource.
        cluster: code of the job cluster that the item belongs to or prepares for; None where there is none.
    """

    at: datetime
    key: str
    kind: str
    item_kind: str
    cluster: str | None = None


@dataclass(slots=True)
class Leaning:
    """Theta_u: what a student leans to.

    Arguments:
        stage: in the order of `STAGES`, each within the bound.
        cluster, kind: by code of job cluster and by kind of item; what is missing is 0.
    """

    stage: list[float] = field(default_factory=lambda: [0.0] * len(STAGES))
    cluster: dict[str, float] = field(default_factory=dict)
    kind: dict[str, float] = field(default_factory=dict)

    def toward(self, item_kind: str, cluster: str | None) -> float:
        """Return the preference for an item, -1 to 1: that for its cluster and that for its kind, cut at the ends."""
        of_cluster = self.cluster.get(cluster, 0.0) if cluster is not None else 0.0
        return max(-1.0, min(1.0, of_cluster + OF_KIND * self.kind.get(item_kind, 0.0)))


def estimate(leaning: Leaning, action: Action) -> float:
    """Return r-hat, the reward that is expected of an action on an item, -1 to 1: the preference for the item."""
    return leaning.toward(action.item_kind, action.cluster)


def update(leaning: Leaning, action: Action, rules: FeedbackRules) -> None:
    """Move the weights by one action: Theta <- Theta + alpha (r - r_hat) grad log P(x | u), cut at the bounds.

    P is a softmax over the aspects of each group (stages, clusters, kinds), so the slope of an aspect that the item
    has is 1 - P(aspect), and of any other stage it is -P(stage). Among clusters and kinds there are very many that the
    student never met: theirs are taken for 0 and stay there.

    Source: equation 22.
    """
    surprise = rules.step * (REWARDS[action.kind] - estimate(leaning, action))
    serves = SERVES[action.item_kind]
    raised = [exp(value) for value in leaning.stage]
    whole = sum(raised)
    leaning.stage[:] = [
        _cut(value + surprise * (served - part / whole), rules.bound)
        for value, served, part in zip(leaning.stage, serves, raised, strict=True)
    ]
    if action.cluster is not None:
        _raise(leaning.cluster, action.cluster, surprise, rules)
    _raise(leaning.kind, action.item_kind, surprise, rules)


def _raise(weights: dict[str, float], name: str, surprise: float, rules: FeedbackRules) -> None:
    # Against all that the student never met, the chance of one aspect is close to 0, and the slope close to 1.
    weights[name] = _cut(weights.get(name, 0.0) + surprise, rules.bound)


def _cut(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


def fold(actions: Iterable[Action], rules: FeedbackRules | None = None) -> Leaning:
    """Return what a student leans to after all actions, whatever order they arrived in; a key counts once.

    Arguments:
        actions: of one student.
        rules: step and bounds; None for the documented ones.
    """
    rules = rules or FeedbackRules()
    leaning = Leaning()
    seen: set[str] = set()
    for action in sorted(actions, key=lambda each: (each.at, each.key)):
        if action.key not in seen:
            seen.add(action.key)
            update(leaning, action, rules)
    return leaning
