"""Delivery priority: which postings of a list a student should apply for now, which next, which after some training.

It is a stated rule, not learned. The order of a list says what suits the student best; the priority says when.
"""

from datetime import date
from enum import Enum

READY = 0.5
"""A student who holds this share of what a posting demands can apply."""
CLOSES_ENOUGH = 1 / 3
"""Where one resource closes this share of the gap, it is worth doing first."""
CLOSING_DAYS = 14
"""A posting that closes within so many days leaves no time for training."""
SCARCE = frozenset({"DECLINE", "LOW_DEMAND"})
"""Demand classes of which fewer postings will come: waiting costs."""


class Priority(Enum):
    """When to apply for a posting."""

    NOW = "NOW"
    NEXT = "NEXT"
    PREPARE = "PREPARE"


def is_closing(closes: date | None, *, today: date) -> bool:
    """Say whether the last day to apply is near.

    >>> is_closing(date(2024, 6, 14), today=date(2024, 6, 1)), is_closing(None, today=date(2024, 6, 1))
    (True, False)
    """
    return closes is not None and (closes - today).days <= CLOSING_DAYS


def priority(fit: float, contribution: float, *, closing: bool, demand: str | None) -> Priority:
    """Return the delivery priority of a posting for a student.

    NOW: the student can apply, and waiting costs. PREPARE: the student cannot yet, and there is something that helps
    and time for it. NEXT: all others, in the order of the list.

    Arguments:
        fit: share of what the posting demands that the student holds, 0 to 1.
        contribution: b of equation 21, share of the gap that the best resource closes, 0 to 1.
        closing: whether the last day to apply is near, see `is_closing`.
        demand: demand class that is foretold of its job cluster; None where nothing is.

    >>> priority(0.8, 0.5, closing=True, demand="STABLE").value, priority(0.2, 0.5, closing=True, demand=None).value
    ('NOW', 'NEXT')
    >>> priority(0.8, 0.5, closing=False, demand="GROWTH").value, priority(0.2, 0.5, closing=False, demand=None).value
    ('NEXT', 'PREPARE')
    """
    if fit >= READY:
        return Priority.NOW if closing or demand in SCARCE else Priority.NEXT
    return Priority.PREPARE if contribution >= CLOSES_ENOUGH and not closing else Priority.NEXT
