"""What a load did, in numbers that a person and a script can read."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class PassReport:
    """Counts of one pass.

    ``read`` is the sum of the others, ``closed`` and ``settled`` left out: every row that was read is in exactly one
    of them. ``settled`` are unchanged rows of which another version was held back, and is no longer.
    """

    title: str
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    held: Counter[str] = field(default_factory=Counter)
    still_held: int = 0
    closed: int = 0
    settled: int = 0
    seconds: float = 0.0
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def held_back(self) -> int:
        """Rows that were held back now."""
        return sum(self.held.values())

    @property
    def nothing_changed(self) -> bool:
        """True where the graph is as it was."""
        return not (self.new or self.changed or self.closed or self.held_back or self.settled)

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {
            "title": self.title,
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "held": dict(sorted(self.held.items())),
            "stillHeld": self.still_held,
            "closed": self.closed,
            "settled": self.settled,
            "seconds": round(self.seconds, 3),
            "notes": dict(sorted(self.notes.items())),
        }


@dataclass(slots=True)
class LoadReport:
    """Counts of all passes of one load."""

    source: str
    passes: list[PassReport] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(each.read for each in self.passes)

    @property
    def held_back(self) -> int:
        """Rows held back now or before, and not released."""
        return sum(each.held_back + each.still_held for each in self.passes)

    @property
    def nothing_changed(self) -> bool:
        """True where the graph is as it was before the load."""
        return all(each.nothing_changed for each in self.passes)

    @property
    def quarantined(self) -> int:
        """Rows that could not be read, now: those that a person has to look at."""
        return sum(count for each in self.passes for rule, count in each.held.items() if not rule.startswith("screen:"))

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {
            "source": self.source,
            "read": self.read,
            "heldBack": self.held_back,
            "nothingChanged": self.nothing_changed,
            "passes": [each.as_json() for each in self.passes],
        }
