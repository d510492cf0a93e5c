"""The months that a history has, as they follow from the releases of postings."""

from dataclasses import dataclass
from datetime import date, timedelta

from gnn.snapshot.packed import Links, Nodes
from schema.errors import JobError

FEED = 6
"""Days before the end of a month from which on a last release counts as the month's end: a feed comes weekly."""


@dataclass(frozen=True, slots=True)
class Span:
    """Months from the first posting of a cluster on.

    Arguments:
        start: first day of the first month.
        through: last day that counts: the last of a month.
    """

    start: date
    through: date

    @property
    def months(self) -> int:
        """Number of months."""
        return 12 * (self.through.year - self.start.year) + self.through.month - self.start.month + 1

    @property
    def first_month(self) -> int:
        """The first month, counted from year 0: 12 * year + month - 1."""
        return self.start.year * 12 + self.start.month - 1


def span_of(jobs: Nodes, belongs: Links, *, through: date) -> Span:
    """Return the months of a history.

    Arguments:
        jobs: postings, with their day of release.
        belongs: of postings to clusters.
        through: last day that counts: the last of a month.

    Raises:
        JobError: no posting of a cluster lies within.
    """
    released = jobs.number("releasedOn")[belongs.start]
    released = released[released <= day_number(through)]
    if not len(released):
        raise JobError(f"no posting of a job cluster until {through}", "at least one", where="history")
    first = int(released.min()) // 100
    return Span(date(first // 100, first % 100, 1), through)


def last_day(jobs: Nodes, day: date, *, given: bool) -> date:
    """Return the end of the last month that is over by a day, or by the latest release before it."""
    if not given:
        released = jobs.number("releasedOn")
        released = released[released <= day_number(day)]
        if not len(released):
            raise JobError("no posting", "postings with a day of release; load them first", where="history")
        number = int(released.max())
        day = date(number // 10000, number // 100 % 100, number % 100) + timedelta(days=FEED)
    following = day + timedelta(days=1)
    return following.replace(day=1) - timedelta(days=1)


def day_number(day: date) -> int:
    """Return a day as yyyymmdd."""
    return day.year * 10000 + day.month * 100 + day.day
