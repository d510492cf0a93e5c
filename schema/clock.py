"""Time: instants are UTC and aware, in whole milliseconds; windows are half open, [start, end)."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the present instant in UTC, cut to whole milliseconds."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def month(day: date) -> str:
    """Return the month of a day.

    >>> month(date(2024, 3, 5))
    '2024-03'
    """
    return f"{day.year:04d}-{day.month:02d}"


def first_of_month(text: str) -> date:
    """Return the first day of a month written as ``YYYY-MM``.

    >>> first_of_month("2024-03")
    datetime.date(2024, 3, 1)
    """
    year, number = text.split("-")
    return date(int(year), int(number), 1)


def months_later(day: date, *, count: int) -> date:
    """Return the first day of the month that is ``count`` months after that of ``day``.

    >>> months_later(date(2024, 11, 20), count=3)
    datetime.date(2025, 2, 1)
    """
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
