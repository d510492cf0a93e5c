"""Features of rows from the months up to their origin: what trees and regressions read.

Every feature is first computed for each cluster and month from that month and those before it, and then looked up at
the origins. So a feature cannot know the future. Neighbours of a cluster are chosen once, from the panel's affinity or
from the training months. Months that are not known give NaN, and so do those before a cluster's first demand.

Groups of features, with N(t) the demand of the window that ends with month t:

level        log(N + 1), and its distance to the cut point of low demand
months       each of the last twelve months against the last window
changes      change of log N over 1, 3, 6, 12 months; the changes of three months that ended 3 and 6 months ago
means        log N against the mean of 6, 12, 24 months
season       the change that followed the same month one and two years ago; month of the year
volatility   spread of monthly log changes in 6 and 12 months
age          months since the first demand, up to 36
total        the changes of all clusters together, their change of last year, and own change beyond it
neighbours   changes of the clusters that are alike, those of three months also as of 1 and 2 months ago; and of single
             months against the third before, as of now, 1 and 2 months ago, for circles of several sizes
extra        what the caller gives: the last month, the mean of three, and that against the mean of twelve
"""

from dataclasses import dataclass

import numpy as np

from gnn.baselines.forecaster import Mask
from gnn.panel import Floats, Panel, Rows, windows
from schema.demand import HORIZON

MONTHS = 12
OLDEST = 36
NEAREST = 3
CIRCLES = (1, 5)
"""Neighbours of the smaller and the larger circle: how far to look differs, and is for the data to say."""


@dataclass(frozen=True, slots=True)
class Features:
    """Features of rows.

    Arguments:
        names, groups: of each column.
        values: [rows, columns], NaN where not known.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    values: Floats


class Lags:
    """Builds features.

    Arguments:
        horizon: months of a window.
        year: steps of a year, where a step is not a month.
        nearest: neighbours per cluster, >= 1.
        without: groups to leave out.
    """

    def __init__(
        self, *, horizon: int = HORIZON, year: int = 12, nearest: int = NEAREST, without: tuple[str, ...] = ()
    ) -> None:
        self.horizon, self.year, self.nearest, self.without = horizon, year, nearest, without
        self.weights: Floats = np.zeros((0, 0))
        self.circles: tuple[Floats, ...] = ()

    def fit(self, panel: Panel, rows: Rows) -> None:
        """Choose the neighbours of each cluster."""
        stop = rows.parts.train.stop
        near = panel.affinity if panel.affinity is not None else correlation(panel.values[:, :stop])
        self.weights = nearest(near, count=self.nearest)
        self.circles = tuple(nearest(near, count=count) for count in CIRCLES)

    def read(self, panel: Panel, rows: Rows, *, at: Mask, extra: Floats | None = None) -> Features:
        """Return the features of the rows of a mask.

        Arguments:
            panel, rows: what `fit` was given, perhaps with later months.
            at: which rows.
            extra: [clusters, months, features], known at the end of each month; None where there are none.
        """
        columns = {
            name: (group, table)
            for group, made in self._tables(panel, rows, extra)
            if group not in self.without
            for name, table in made.items()
        }
        place = rows.cluster[at], rows.origin[at]
        values = np.stack([table[place] for _, table in columns.values()], axis=1)
        return Features(tuple(columns), tuple(group for group, _ in columns.values()), values)

    def _tables(
        self, panel: Panel, rows: Rows, extra: Floats | None
    ) -> list[tuple[str, dict[str, Floats]]]:  # group, features by name
        # What was not there yet has no level that it could have changed from.
        since = np.arange(panel.months)[None] - panel.born[:, None]
        level = np.where(since >= self.horizon - 1, np.log1p(windows(panel.values, self.horizon)), np.nan)
        month = np.where(since >= 0, np.log1p(self.horizon * panel.values), np.nan)
        low = np.log(rows.cuts.low + 0.5)
        step = month - before(month, 1)
        everyone = np.nansum(panel.values, axis=0, keepdims=True)
        everyone[:, np.isnan(panel.values).all(axis=0)] = np.nan
        total = np.broadcast_to(np.log1p(windows(everyone, self.horizon)), level.shape)
        phase = np.broadcast_to((panel.start.month - 1 + np.arange(panel.months)) / self.year, level.shape)
        three, year = self.horizon, self.year
        return [
            ("level", {"level": level, "above low": level - low}),
            ("months", {f"month -{back}": before(month, back) - level for back in range(MONTHS)}),
            ("changes", _changes(level, "change", three)),
            ("means", {f"mean {size}": level - running(level, size) for size in (6, 12, 24)}),
            (
                "season",
                {
                    "last year": before(level, year - three) - before(level, year),
                    "year before": before(level, 2 * year - three) - before(level, 2 * year),
                    "sine": np.sin(2 * np.pi * phase),
                    "cosine": np.cos(2 * np.pi * phase),
                },
            ),
            ("volatility", {f"spread {size}": spread(step, size) for size in (6, 12)}),
            ("age", {"age": np.clip(since, 0, OLDEST).astype(np.float64)}),
            (
                "total",
                _changes(total, "total change", three)
                | {
                    "total last year": before(total, year - three) - before(total, year),
                    "beyond total": (level - before(level, three)) - (total - before(total, three)),
                },
            ),
            ("neighbours", self._neighbours(level, month)),
            ("extra", _extras(extra)),
        ]

    def _neighbours(self, level: Floats, month: Floats) -> dict[str, Floats]:
        three = self.horizon
        made = _changes(level, "near change", three) | {"near month": month - level}
        # What neighbours do comes with a delay that is not known.
        made |= {
            f"near change {three}, {ago} ago": before(made[f"near change {three}"], ago) for ago in range(1, three)
        }
        # A window blurs three months; these are as fresh as can be.
        fresh = month - before(month, three)
        latest = {f"near fresh change, {ago} ago": before(fresh, ago) for ago in range(three)}
        found = {name: weighted(self.weights, table) for name, table in (made | latest).items()}
        for count, weights in zip(CIRCLES, self.circles, strict=True):
            found |= {f"{name}, of {count}": weighted(weights, table) for name, table in latest.items()}
        return found


def before(table: Floats, months: int) -> Floats:
    """Return the values of so many months before; NaN at the start.

    >>> before(np.array([[1.0, 2.0, 3.0]]), 2).tolist()
    [[nan, nan, 1.0]]
    """
    result = np.full(table.shape, np.nan)
    if months < table.shape[1]:
        result[:, months:] = table[:, : table.shape[1] - months]
    return result


def running(table: Floats, size: int) -> Floats:
    """Return the mean of each month and those before it, as many as are known, at least half of them.

    >>> running(np.array([[1.0, 3.0, np.nan, 5.0]]), 2).tolist()
    [[1.0, 2.0, 3.0, 5.0]]
    """
    count = _sums(~np.isnan(table), size)
    total = _sums(np.nan_to_num(table), size)
    return np.where(2 * count >= size, total / np.maximum(count, 1), np.nan)


def spread(table: Floats, size: int) -> Floats:
    """Return the standard deviation of each month and those before it, where at least half of them are known."""
    mean, square = running(table, size), running(table**2, size)
    return np.sqrt(np.maximum(square - mean**2, 0.0))


def correlation(values: Floats) -> Floats:
    """Return how alike the monthly changes of clusters are beyond what all have in common, 0 to 1, zero diagonal.

    Months in which a change is not known count as no change beyond the common one.

    Arguments:
        values: demand of the training months, [clusters, months].
    """
    table = np.log1p(values)
    step = np.diff(table, axis=1)
    known = ~np.isnan(step)
    common = np.nan_to_num(step).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    step = np.where(known, step - common, 0.0)
    step -= step.mean(axis=1, keepdims=True) if step.size else 0.0
    length = np.sqrt((step**2).sum(axis=1))
    unit = step / np.where(length > 0, length, 1.0)[:, None]
    found = np.clip(unit @ unit.T, 0.0, 1.0)
    np.fill_diagonal(found, 0.0)
    return found


def nearest(near: Floats, *, count: int) -> Floats:
    """Return weights of the nearest clusters of each, sum 1, or 0 where none is near at all, [clusters, clusters]."""
    order = np.argsort(-near, axis=1, kind="stable")[:, :count]
    weights = np.zeros(near.shape)
    np.put_along_axis(weights, order, np.take_along_axis(near, order, axis=1), axis=1)
    total = weights.sum(axis=1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0)


def weighted(weights: Floats, table: Floats) -> Floats:
    """Return the weighted mean over the neighbours that are known, [clusters, months]; NaN where none is."""
    total = weights @ np.nan_to_num(table)
    known = weights @ (~np.isnan(table)).astype(np.float64)
    return np.where(known > 1e-9, total / np.maximum(known, 1e-9), np.nan)


def _changes(level: Floats, name: str, three: int) -> dict[str, Floats]:
    made = {f"{name} {back}": level - before(level, back) for back in (1, three, 2 * three, 12)}
    made |= {f"{name} {three}, {ago} ago": before(made[f"{name} {three}"], ago) for ago in (three, 2 * three)}
    return made


def _extras(extra: Floats | None) -> dict[str, Floats]:
    if extra is None:
        return {}
    made: dict[str, Floats] = {}
    for place in range(extra.shape[2]):
        table = extra[:, :, place]
        mean = running(table, 3)
        made |= {f"extra {place}": table, f"extra {place} mean": mean, f"extra {place} turn": mean - running(table, 12)}
    return made


def _sums(table: Floats | Mask, size: int) -> Floats:
    summed = np.cumsum(table, axis=1, dtype=np.float64)
    return summed - np.nan_to_num(before(summed, size))
