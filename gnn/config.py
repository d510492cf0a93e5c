"""Settings of the gap job. They are written on each generation, and their hash is part of its code."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from gnn.settings import Settings
from schema.errors import SettingsError
from schema.rules import RankingRules
from schema.scoring import BridgingWeights


@dataclass(frozen=True, slots=True)
class StateRule(Settings):
    """Parameters of equation 14, a_u = 1 - exp(-(W1 x_adm + W2 x_learn + W3 x_prac + W4 x_innov)), held to the units.

    Each is the weight of one feature, the same in all units, >= 0; the defaults are the prior that learning starts
    from, and are assumptions. How features are made is told in `gnn.capability.pieces`.

    Arguments:
        start: admission: what everyone brings along of what the major leads to.
        start_score: the same, times the score at admission, 0 to 1.
        course_tried: learning: a course with a mark, up to the pass mark in proportion; failing teaches a little.
        course_passed: a completed course, beside that.
        course_mark: the mark of a completed course, 0 at the pass mark to 1 at the best.
        course_attendance: share of the sessions attended.
        completion: a resource that the student said to have completed.
        certificate, certificate_result: practice: a certificate; its result, 0 to 1.
        competition, competition_result: a competition; its result.
        practicum, practicum_result: a practicum; its result.
        internship, internship_result: an internship; its result.
        employment: a job.
        project, project_result: innovation: a project; its result.
        venture: an enterprise founded.
        engagement: taking up with a mentor, a policy or an incubator.
        engagement_completed: seeing that through, beside it.
        decay: lambda, per year: a piece of evidence counts exp(-lambda years).

    Raises:
        SettingsError: a value is negative.
    """

    part: ClassVar[str] = "state"

    start: float = 0.1
    start_score: float = 0.1
    course_tried: float = 0.1
    course_passed: float = 0.4
    course_mark: float = 0.4
    course_attendance: float = 0.05
    completion: float = 0.4
    certificate: float = 0.5
    certificate_result: float = 0.3
    competition: float = 0.3
    competition_result: float = 0.3
    practicum: float = 0.4
    practicum_result: float = 0.3
    internship: float = 0.4
    internship_result: float = 0.2
    employment: float = 0.6
    project: float = 0.4
    project_result: float = 0.3
    venture: float = 0.3
    engagement: float = 0.1
    engagement_completed: float = 0.2
    decay: float = 0.05

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            self.require(name, 0.0 <= value < float("inf"), "0 or more")


@dataclass(frozen=True, slots=True)
class LikelihoodWeights(Settings):
    """Weights of P(cluster | student), each >= 0; the defaults are assumptions, from which learning starts.

    How the parts are made is told in `gnn.ranking.likelihood`.

    Arguments:
        major: of the logarithm of the share of the major's students that go there.
        fit: of the share of what the cluster demands that the student holds.
        own: of the goal being the student's own.
        history: of the logarithm of 1 + positive actions.

    Raises:
        SettingsError: a value is negative.
    """

    part: ClassVar[str] = "likelihood"

    major: float = 1.0
    fit: float = 4.0
    own: float = 1.5
    history: float = 0.5

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            self.require(name, 0.0 <= value < float("inf"), "0 or more")


@dataclass(frozen=True, slots=True)
class GapConfig(Settings):
    """All that the numbers of a generation depend on, beside the graph.

    Arguments:
        goals: goals per student, >= 1; goals that the student stated are always kept, even beyond it.
        least_units: capability units that a cluster must demand to be a goal which the student did not state, >= 1:
            an occupation of which only one thing is known matches many students by accident.
        resources: resources per gap, >= 1.
        weights: mu, nu and xi of equation 16.
        pseudo_count: postings that an occupation standard counts as, when it is mixed with real ones, >= 0.
        optional: weight of a skill that is a plus, not a must, 0 to 1.
        unscored: share learned in a completed course without a score, 0 to 1.
        earned, entered, worked_on: share of what a certificate, a competition, a project or practicum teaches that
            a student takes from it, 0 to 1.
        interned, employed: share of what a job cluster demands that an internship or a job in it proves, 0 to 1.
        least_level: levels below it are noise and taken for 0, 0 to 1.
        open_only: demands come from postings that are still open, not from all that were released.
        half_life: days after which a posting counts half, > 0; None counts all alike. What is asked for more lately
            so counts more: that is the market's trend.
        target: share of what a cluster demands that a resource supplies because it was made for it, 0 to 1.
        learned: learn from what came of students and from what they did, where there is enough of it: their states, how
            likely they come to a cluster, and what lists are made by.
        state: parameters of the learned states; None before they are learned, and where the plain rule is better.
        likelihood: weights of P(cluster | student); the documented ones before they are learned.
        ranking: what lists are made by; as documented before it is learned.

    Raises:
        SettingsError: a value is out of its range.
    """

    goals: int = 5
    least_units: int = 3
    resources: int = 5
    weights: BridgingWeights = field(default_factory=BridgingWeights)
    pseudo_count: float = 20.0
    optional: float = 0.5
    unscored: float = 0.6
    earned: float = 0.9
    entered: float = 0.5
    worked_on: float = 0.7
    interned: float = 0.5
    employed: float = 0.7
    least_level: float = 0.05
    open_only: bool = False
    half_life: float | None = 365.0
    target: float = 0.1
    learned: bool = True
    state: StateRule | None = None
    likelihood: LikelihoodWeights = field(default_factory=LikelihoodWeights)
    ranking: RankingRules = field(default_factory=RankingRules)

    def __post_init__(self) -> None:
        for name in ("goals", "least_units", "resources"):
            self.require(name, getattr(self, name) >= 1, "1 or more")
        shares = ("optional", "unscored", "earned", "entered", "worked_on", "interned", "employed")
        for name in (*shares, "least_level", "target"):
            self.require(name, 0.0 <= getattr(self, name) <= 1.0, "0 to 1")
        self.require("pseudo_count", self.pseudo_count >= 0, "0 or more")
        self.require("half_life", self.half_life is None or self.half_life > 0, "more than 0 days, or None")
        for name, weight in asdict(self.weights).items():
            if weight < 0:
                raise SettingsError(f"weight {name} {weight}", "0 or more", where=f"weights.{name}")

    @classmethod
    def plain(cls, **given: Any) -> "GapConfig":
        """Return settings without all that is learned or follows the market: every posting counts alike, resources
        supply what they teach and nothing else, and students can do what plain aggregation says."""
        return cls(**{"half_life": None, "target": 0.0, "learned": False, **given})

    @classmethod
    def of(cls, text: str) -> "GapConfig":
        """Return the settings that a generation keeps as JSON, learned parameters included."""
        given = json.loads(text)
        state = given.pop("state", None)
        weights = BridgingWeights(**given.pop("weights", {}))
        likelihood = LikelihoodWeights(**given.pop("likelihood", {}))
        ranking = RankingRules.of(given.pop("ranking", None))
        learned = StateRule(**state) if state else None
        return cls(**given, weights=weights, state=learned, likelihood=likelihood, ranking=ranking)


@dataclass(frozen=True, slots=True)
class DemandConfig(Settings):
    """All that a demand model depends on, beside its data.

    Arguments:
        horizon: months of a window, and months ahead, >= 1.
        channels: which of text, growth and relation are used; text stands for all that postings tell.
        gated: True for gated attention fusion, False for the plain mean of the channels.
        width: values of a channel's vector, a multiple of heads.
        directions: of the text that are kept, where it has more values.
        lags: months of text and training that are looked at.
        hidden: values of a student's state.
        token: values of a cluster's term.
        heads: of the attention over the graph.
        dropout: of values, 0 to 1.
        channel_dropout: share of samples that lose a channel in a training step, 0 to 1, so that the model learns to
            do without.
        epochs: most passes over the rows.
        patience: passes without a better validation loss after which training stops.
        learning_rate: highest of the schedule.
        weight_decay: of AdamW; beta_3 of equation 9.
        decay: lambda of equation 8, per month.
        balance: how much rare classes are lifted, 0 to 1.
        classes, change, gap, contrast: weights of the class loss, of the density of the change, of the gap (lambda_2
            of equation 4) and of the contrastive term (beta_2 of equation 9).
        ridge: penalty of the linear forecast that training begins with; 0 begins anywhere, None chooses it on the
            validation span.
        memory: share of the past in the running mean of the weights, which is what is kept, 0 up to 1; 0 keeps none.
        members: networks that are averaged, each from a seed of its own.
        full_graph_limit: edges above which the relation channel is trained on sampled blocks.
        seed: of everything that is drawn.
        batch: rows of a step on sampled blocks, >= 1.
        fanout: most edges of a type into a node of a sampled block; 0 takes all.

    Raises:
        SettingsError: a value is out of its range.
    """

    horizon: int = 3
    channels: tuple[str, ...] = ("text", "growth", "relation")
    gated: bool = True
    width: int = 32
    directions: int = 6
    lags: int = 4
    hidden: int = 16
    token: int = 6
    heads: int = 2
    dropout: float = 0.3
    channel_dropout: float = 0.05
    epochs: int = 80
    patience: int = 25
    learning_rate: float = 5e-4
    weight_decay: float = 0.1
    decay: float = 0.01
    balance: float = 0.0
    classes: float = 1.0
    change: float = 1.0
    gap: float = 0.2
    contrast: float = 0.02
    ridge: float | None = None
    memory: float = 0.9
    members: int = 1
    full_graph_limit: int = 4_000_000
    seed: int = 0
    batch: int = 1024
    fanout: int = 16

    def __post_init__(self) -> None:
        sizes = ("horizon", "width", "directions", "lags", "hidden", "token", "heads", "epochs", "members", "batch")
        for name in sizes:
            self.require(name, getattr(self, name) >= 1, "1 or more")
        for name in ("dropout", "channel_dropout"):
            self.require(name, 0.0 <= getattr(self, name) < 1.0, "0 to 1")
        self.require("balance", 0.0 <= self.balance <= 1.0, "0 to 1")
        self.require("memory", 0.0 <= self.memory < 1.0, "0 up to 1")
        rates = ("learning_rate", "weight_decay", "decay", "classes", "change", "gap", "contrast", "ridge")
        for name in (*rates, "full_graph_limit", "fanout"):
            self.require(name, (getattr(self, name) or 0) >= 0, "0 or more")
        known = bool(self.channels) and set(self.channels) <= {"text", "growth", "relation"}
        self.require("channels", known, "some of text, growth, relation")
        self.require("width", self.width % self.heads == 0, f"a multiple of {self.heads} heads")
