"""How old the evidence is that explanations are linked to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from gnn.benchmarks.explanations.stored import Explained
from gnn.capability import Basis

LATE = 365
"""Days within which evidence counts as recent."""


@dataclass(frozen=True, slots=True)
class Recency:
    """Ages of the evidence of some items; NaN where there is none.

    Arguments:
        linked: share of the items that are linked to any evidence, 0 to 1.
        median: age in days.
        late: share of the evidence that is not older than `LATE` days, 0 to 1.
    """

    linked: float
    median: float
    late: float


class Evidence:
    """What students have shown, by the units that it speaks for.

    Arguments:
        basis: of the snapshot.
        day: from which ages are counted.
    """

    def __init__(self, basis: Basis, day: date) -> None:
        world, known = basis.world, basis.known
        self._of: dict[str, list[tuple[frozenset[str], float]]] = defaultdict(list)
        sources: dict[int, frozenset[str]] = {}
        starts, units = basis.sources.starts, basis.sources.units
        ages = np.maximum(0.0, day.toordinal() - known.known)
        for student, source, age in zip(known.student.tolist(), known.source.tolist(), ages.tolist(), strict=True):
            if source not in sources:
                places = units[starts[source] : starts[source + 1]]
                sources[source] = frozenset(world.capabilities[unit] for unit in places)
            self._of[world.students[student]].append((sources[source], age))

    def ages(self, item: Explained) -> list[float]:
        """Return the ages in days of the evidence that an item is linked to; infinite where no day is known."""
        return [age for units, age in self._of.get(item.student, ()) if units & item.units]

    def recency(self, items: Iterable[Explained]) -> Recency:
        """Return how recent the evidence of some items is."""
        every = [self.ages(item) for item in items]
        ages = [age for each in every for age in each if age < np.inf]
        return Recency(
            sum(bool(each) for each in every) / len(every) if every else float("nan"),
            float(np.median(ages)) if ages else float("nan"),
            sum(age <= LATE for age in ages) / len(ages) if ages else float("nan"),
        )
