"""The settings of recommendations, as a generation keeps them: the jobs write them, the API reads them back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from schema.errors import SettingsError
from schema.feedback import FeedbackRules
from schema.ranking import LISTED, PATHS, ScoreWeights, StageRules


def _weights() -> dict[str, ScoreWeights]:
    return {path: ScoreWeights() for path in PATHS}


@dataclass(frozen=True, slots=True)
class RankingRules:
    """All that a list depends on, beside the facts of the graph.

    Arguments:
        weights: of the terms, by path.
        stage: W_z and b_z of equation 18.
        feedback: step and bounds of equation 22.
        pool: postings of a job cluster that compete, the latest first, >= 1.
        listed: items of a list that is stored, >= 1.
        recent: actions of a student that count as shown or used for redundancy, the latest first, >= 0.
        learned: whether the weights were learned from interactions and outcomes.

    Raises:
        SettingsError: a value is out of its range.
    """

    weights: dict[str, ScoreWeights] = field(default_factory=_weights)
    stage: StageRules = field(default_factory=StageRules)
    feedback: FeedbackRules = field(default_factory=FeedbackRules)
    pool: int = 100
    listed: int = LISTED
    recent: int = 20
    learned: bool = False

    def __post_init__(self) -> None:
        for name, least in (("pool", 1), ("listed", 1), ("recent", 0)):
            if getattr(self, name) < least:
                raise SettingsError(f"{name} {getattr(self, name)}", f"{least} or more", where=name)
        if set(self.weights) != set(PATHS):
            raise SettingsError(f"weights of {sorted(self.weights)}", f"of {', '.join(PATHS)}", where="weights")
        for path, weights in self.weights.items():
            for name, weight in asdict(weights).items():
                if weight < 0:
                    raise SettingsError(f"{name} {weight}", "0 or more", where=f"weights.{path}.{name}")

    def plain(self) -> dict[str, Any]:
        """Return them as plain values, for the settings of a generation."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any] | None) -> "RankingRules":
        """Return the rules of plain values; what is missing is as documented.

        >>> RankingRules.of(RankingRules().plain()) == RankingRules()
        True
        """
        given = dict(plain or {})
        if "weights" in given:
            given["weights"] = {path: ScoreWeights(**terms) for path, terms in given["weights"].items()}
        if "stage" in given:
            stage = given["stage"]
            given["stage"] = StageRules(tuple(tuple(row) for row in stage["weights"]), tuple(stage["bias"]))
        if "feedback" in given:
            given["feedback"] = FeedbackRules(**given["feedback"])
        return cls(**given)
