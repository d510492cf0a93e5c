"""Settings of the gap job. They are written on each generation, and their hash is part of its code."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from schema.errors import SettingsError
from schema.scoring import BridgingWeights


@dataclass(frozen=True, slots=True)
class GapConfig:
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

    def __post_init__(self) -> None:
        for name in ("goals", "least_units", "resources"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} {getattr(self, name)}", "1 or more", where=name)
        for name in ("optional", "unscored", "earned", "entered", "worked_on", "interned", "employed", "least_level"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise SettingsError(f"{name} {getattr(self, name)}", "0 to 1", where=name)
        if self.pseudo_count < 0:
            raise SettingsError(f"pseudo_count {self.pseudo_count}", "0 or more", where="pseudo_count")
        for name, weight in asdict(self.weights).items():
            if weight < 0:
                raise SettingsError(f"weight {name} {weight}", "0 or more", where=f"weights.{name}")

    @property
    def json(self) -> str:
        """The settings as JSON, names in order."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def hash(self) -> str:
        """Six hexadecimal digits that differ where settings differ."""
        return hashlib.sha256(self.json.encode()).hexdigest()[:6]
