"""What a generation says of itself: its settings, and the days that count for it."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schema.ranking import TWELVE_MONTHS
from schema.rules import RankingRules
from schema.scoring import BridgingWeights

LIVE_DAYS = 7
"""A generation that was made so many days after its last day of data, or fewer, looks at a world that goes on."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a generation that what is computed on request must share with what is stored.

    Arguments:
        resources: steps of a chain, >= 1.
        weights: of equation 16.
        goals: goals of a student who stated none, >= 1.
        least_units: capability units that a cluster must demand to be a goal which the student did not state, >= 1.
        optional: weight of a skill that is a plus, 0 to 1.
        ranking: of the lists.
    """

    resources: int = 5
    weights: BridgingWeights = field(default_factory=BridgingWeights)
    goals: int = 5
    least_units: int = 1
    optional: float = 0.5
    ranking: RankingRules = field(default_factory=RankingRules)

    @classmethod
    def of(cls, config: str | None) -> "Rules":
        """Read them from the settings of a generation, as JSON; what is not there is as in the jobs' defaults."""
        settings = json.loads(config or "{}")
        plain = cls()
        return cls(
            resources=int(settings.get("resources", plain.resources)),
            weights=BridgingWeights(**settings.get("weights", {})),
            goals=int(settings.get("goals", plain.goals)),
            least_units=int(settings.get("least_units", plain.least_units)),
            optional=float(settings.get("optional", plain.optional)),
            ranking=RankingRules.of(settings.get("ranking")),
        )


@dataclass(frozen=True, slots=True)
class Days:
    """The days from which a generation is looked at.

    Arguments:
        reference: its last day of data: ages, progress and twelve months are counted from it.
        today: postings that closed before it are over. The real day; for a world that ended long before its generation
            was made, such as a drawn one, the reference day.
    """

    reference: date
    today: date

    @classmethod
    def of(cls, through: date, created: datetime, *, now: datetime) -> "Days":
        """Return the days of a generation.

        Arguments:
            through: its last day of data.
            created: when it was made.
            now: the present instant.
        """
        today = now.date()
        live = created.date() - through <= timedelta(days=LIVE_DAYS)
        return cls(min(through, today), today if live else min(through, today))

    @property
    def year_before(self) -> date:
        """The day twelve months before the reference day."""
        return self.reference - timedelta(days=TWELVE_MONTHS)

    @property
    def terms(self) -> list[str]:
        """The terms that ended in the twelve months before the reference day: those whose next one began in them.

        >>> Days(date(2024, 3, 1), date(2024, 3, 1)).terms
        ['2022-2', '2023-1']
        """
        last = [self._running - 2, self._running - 1]
        return [_label(number) for number in last if self.year_before < _start(number + 1) <= self.reference]

    def term_ahead(self, count: int) -> str:
        """Return a term to come, 1 for the next.

        >>> Days(date(2024, 3, 1), date(2024, 3, 1)).term_ahead(1)
        '2024-1'
        """
        return _label(self._running + count)

    def ahead(self, term: str | None) -> int | None:
        """Return how many terms ahead one lies that a resource is offered in; None for a text that is no term.

        What was offered in a half-year that is over comes again in the next one like it.

        >>> days = Days(date(2024, 3, 1), date(2024, 3, 1))
        >>> days.ahead("2025-1"), days.ahead("2022-1"), days.ahead("2022-2"), days.ahead("summer")
        (3, 1, 2, None)
        """
        if term is None or not _TERM.fullmatch(term):
            return None
        year, half = term.split("-")
        distance = int(year) * 2 + int(half) - 1 - self._running
        return distance if distance > 0 else 2 - distance % 2

    @property
    def _running(self) -> int:
        # Terms are numbered from the first half of year 0; three months decide which one a day lies in.
        return self.reference.year * 2 + (self.reference.month >= 3) + (self.reference.month >= 9) - 2


_TERM = re.compile(r"\d{4}-[12]")


def _start(number: int) -> date:
    """Return the first day of a term: of the first half of a year in September, of the second in March after it."""
    return date(number // 2 + number % 2, 3 if number % 2 else 9, 1)


def _label(number: int) -> str:
    return f"{number // 2}-{number % 2 + 1}"
