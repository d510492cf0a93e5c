"""Months and terms of the synthetic world as whole numbers.

A month is ``12 * year + (month - 1)``. A term is ``2 * year + (half - 1)`` of its academic year: 2023-1 starts on
1 September 2023, 2023-2 on 1 March 2024, so term k starts in month ``6 k + 8``.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from schema.errors import SettingsError


def month_number(text: str) -> int:
    """Month number of ``YYYY-MM``. Errors: SettingsError."""
    year, _, month = text.partition("-")
    if not (year.isdigit() and month.isdigit() and 1900 < int(year) < 2200 and 1 <= int(month) <= 12):
        raise SettingsError(f"month {text!r}", "YYYY-MM, e.g. 2021-01")
    return int(year) * 12 + int(month) - 1


def month_label(month: int) -> str:
    """``YYYY-MM`` of a month number."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def days(month: int) -> int:
    """Number of days of a month."""
    return calendar.monthrange(month // 12, month % 12 + 1)[1]


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def term_label(term: int) -> str:
    """``2023-1`` or ``2023-2`` of a term number."""
    return f"{term // 2}-{term % 2 + 1}"


def term_start(term: int) -> int:
    """Month in which a term starts."""
    return 6 * term + 8


def finished_term(month: int) -> int:
    """The last term whose scores are all known on the first day of a month: the next one starts by then."""
    return (month - 8) // 6 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """The span of months for which postings exist.

    Arguments:
        start: number of the first month.
        months: how many months.
    """

    start: int
    months: int

    @property
    def end(self) -> int:
        """Number of the first month after the window."""
        return self.start + self.months

    @property
    def first_term(self) -> int:
        """First term with course records: the one before the oldest that training can still act through."""
        return finished_term(self.start - 3) - 1

    @property
    def last_term(self) -> int:
        """The last term that has started when the window ends; it may still be running."""
        return (self.end - 1 - 8) // 6

    @property
    def terms(self) -> range:
        """All terms with course records."""
        return range(self.first_term, self.last_term + 1)
