"""What a forecast of demand is asked for: window, horizon, five classes and their cut points, and the spans of time.

A row is a job cluster at the end of a month m, its origin. With N(m) the postings of the months m - window + 1 .. m,
and N' = N(m + horizon) those of the months to come:

    low demand    where N' < low
    otherwise by  x = log((N' + 1) / (N(m) + 1)):   decline x < c1 <= stable x < c2 <= growth x < c3 <= high growth

    low           quantile LOW_QUANTILE of N' over the rows of the training span
    c1, c2, c3    quantiles CHANGE_QUANTILES of x over the rows of the training span that are not low

The jobs compute the same on whole arrays; tests hold the two against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log

from schema.derived import DEMAND_CLASSES
from schema.errors import SettingsError

HORIZON = 3
"""Months that a forecast looks ahead, and months that it looks back for the change."""

LOW_QUANTILE = 0.20
CHANGE_QUANTILES = (0.35, 0.60, 0.80)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cut points of the classes.

    Arguments:
        low: postings in the coming window below which demand is low.
        change: rising log changes that part decline, stable, growth and high growth.
    """

    low: float
    change: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Spans:
    """Origins (numbers of months) for training, for validation and for the test, in order of time.

    Between two spans lie as many origins as the horizon has months, so that what a span is to foretell was never an
    outcome of the span before.
    """

    train: range
    valid: range
    test: range


def spans(origins: range, *, horizon: int = HORIZON) -> Spans:
    """Part origins in the ratio 8 : 1 : 1, first the gaps being taken from the training span.

    Arguments:
        origins: every month for which there are rows, in order.
        horizon: months that a row looks ahead, >= 1.

    Raises:
        SettingsError: there are too few months.

    >>> spans(range(2, 45))
    Spans(train=range(2, 29), valid=range(32, 37), test=range(40, 45))
    """
    tenth = max(1, ceil(len(origins) / 10))
    test = origins.stop - tenth
    valid = test - horizon - tenth
    train = valid - horizon
    if train <= origins.start:
        raise SettingsError(f"{len(origins)} months with rows", f"more than {2 * (tenth + horizon)}", where="history")
    return Spans(range(origins.start, train), range(valid, valid + tenth), range(test, origins.stop))


def log_change(last: float, coming: float) -> float:
    """Return x: the log change of the coming window against the last.

    >>> log_change(9, 19)
    0.6931471805599453
    """
    return log((coming + 1.0) / (last + 1.0))


def demand_class(last: float, coming: float, *, cuts: Cuts) -> str:
    """Return the class of a row.

    >>> cuts = Cuts(5, (-0.2, 0.1, 0.4))
    >>> [demand_class(9, coming, cuts=cuts) for coming in (19, 12, 9, 6, 2)]
    ['HIGH_GROWTH', 'GROWTH', 'STABLE', 'DECLINE', 'LOW_DEMAND']
    """
    if coming < cuts.low:
        return DEMAND_CLASSES[4]
    rising = sum(log_change(last, coming) >= cut for cut in cuts.change)
    return DEMAND_CLASSES[3 - rising]


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile with linear interpolation between the two values next to it.

    Arguments:
        values: at least one, in any order.
        share: 0 to 1.

    >>> quantile([4.0, 1.0, 2.0, 3.0], 0.5)
    2.5
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def cut_points(last: Sequence[float], coming: Sequence[float]) -> Cuts:
    """Return the cut points of rows of the training span.

    Arguments:
        last, coming: postings of the last and of the coming window of each row; equally long, not empty.
    """
    low = quantile(coming, LOW_QUANTILE)
    change = [log_change(before, after) for before, after in zip(last, coming, strict=True) if after >= low]
    first, second, third = (quantile(change, share) for share in CHANGE_QUANTILES)
    return Cuts(low, (first, second, third))
