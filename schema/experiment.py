"""A/B: two configurations of recommendations for stable halves of the students."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from schema.errors import SettingsError
from schema.rules import RankingRules

VARIANTS = ("A", "B")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Two configurations that are served side by side.

    Arguments:
        name: of the experiment; another name divides the students anew.
        changes: by variant, what differs from the rules of the active generation, as in `RankingRules.plain`.
    """

    name: str
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name:
            raise SettingsError("an experiment without a name", "a name", where="experiment")
        if unknown := sorted(set(self.changes) - set(VARIANTS)):
            raise SettingsError(f"variants {unknown}", "A and B", where=f"experiment {self.name}")

    def variant(self, student: str) -> str:
        """Return "A" or "B": always the same for a student, and independent of every other experiment.

        >>> Experiment("spring").variant("demo:S000001") == Experiment("spring").variant("demo:S000001")
        True
        """
        return VARIANTS[sha256(f"{self.name}\0{student}".encode()).digest()[0] % 2]

    def rules(self, variant: str, base: RankingRules) -> RankingRules:
        """Return the rules of a variant.

        Arguments:
            variant: "A" or "B".
            base: rules of the active generation; weights of a path are changed term by term.

        Raises:
            SettingsError: a name is unknown, or a value out of its range.
        """
        plain = base.plain()
        for name, value in self.changes.get(variant, {}).items():
            if name not in plain:
                raise SettingsError(f"setting {name}", f"one of {', '.join(plain)}", where=f"{self.name}.{variant}")
            if name == "weights":
                for path, terms in value.items():
                    plain["weights"].setdefault(path, {}).update(terms)
            else:
                plain[name] = value
        try:
            return RankingRules.of(plain)
        except TypeError as error:
            expected = "names of settings as in a generation"
            raise SettingsError(str(error), expected, where=f"{self.name}.{variant}") from error

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Experiment":
        """Return the experiment of ``{"name": ..., "variants": {"A": {...}, "B": {...}}}``.

        >>> Experiment.of({"name": "spring", "variants": {"B": {"pool": 50}}}).rules("B", RankingRules()).pool
        50
        """
        return cls(str(plain.get("name", "")), dict(plain.get("variants", {})))
