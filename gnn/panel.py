"""Monthly demand of job clusters as arrays: what every model and baseline of the demand task reads.

A panel says what was asked for in each month. `rows` turns it into rows of the task in `schema.demand`: a cluster at
the end of a month, with the class, the log change and the level of the months to come. What a model may use for a row
is what lies at or before its origin.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from schema.demand import CHANGE_QUANTILES, HORIZON, LOW_QUANTILE, Cuts, Spans, spans
from schema.derived import DEMAND_CLASSES
from schema.errors import JobError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
LOW = DEMAND_CLASSES.index("LOW_DEMAND")


@dataclass(frozen=True, slots=True)
class Panel:
    """Monthly demand of clusters.

    Arguments:
        name: what the data are called in reports.
        clusters: codes, [clusters].
        start: first day of the first month.
        values: postings of each month, or an index of them, >= 0; NaN where it is not known, [clusters, months].
        affinity: how near two clusters are by what they ask for, >= 0, zeros on the diagonal, [clusters, clusters];
            None where nothing but the series is known.
    """

    name: str
    clusters: tuple[str, ...]
    start: date
    values: Floats
    affinity: Floats | None = None

    def __post_init__(self) -> None:
        given = f"{len(self.clusters)} clusters and values of shape {self.values.shape}"
        if self.values.ndim != 2 or len(self.values) != len(self.clusters):
            raise JobError(given, "one row of monthly values per cluster", where=self.name)

    @property
    def months(self) -> int:
        """Number of months."""
        return int(self.values.shape[1])

    @property
    def born(self) -> Places:
        """First month with any demand of each cluster; the number of months where there never was any."""
        there = np.nan_to_num(self.values) > 0
        return np.where(there.any(axis=1), there.argmax(axis=1), self.months)

    def month(self, place: int) -> date:
        """Return the first day of a month by its place; places beyond the panel are months to come."""
        number = self.start.year * 12 + self.start.month - 1 + place
        return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the task, in order of origin and cluster.

    Arguments:
        cluster, origin: places in the panel, [rows].
        last, coming: demand of the window that ends with the origin, and of the one after it, [rows]; coming is NaN in
            rows that are still to be foretold.
        change: x, log change of the coming window against the last, [rows].
        label: place of the class in DEMAND_CLASSES, -1 where it is to be foretold, [rows].
        cuts: cut points, from the training span alone.
        parts: origins of the three spans.
    """

    cluster: Places
    origin: Places
    last: Floats
    coming: Floats
    change: Floats
    label: Places
    cuts: Cuts
    parts: Spans

    def __len__(self) -> int:
        return len(self.cluster)

    def within(self, span: range) -> NDArray[np.bool_]:
        """Return which rows have their origin in a span and a known outcome."""
        return (self.origin >= span.start) & (self.origin < span.stop) & (self.label >= 0)

    def trained_until(self, month: int) -> "Rows":
        """Return the same rows with the training span of an earlier model: it ended with a month, exclusive."""
        train = range(self.parts.train.start, max(month, self.parts.train.start + 1))
        return replace(self, parts=Spans(train, self.parts.valid, self.parts.test))


def windows(values: Floats, length: int = HORIZON) -> Floats:
    """Return the sum of each month and those before it; NaN where one is not known.

    >>> windows(np.array([[1.0, 2.0, 3.0, 4.0]]), 3).tolist()
    [[nan, nan, 6.0, 9.0]]
    """
    result = np.full(values.shape, np.nan)
    if values.shape[1] >= length:
        summed = np.lib.stride_tricks.sliding_window_view(values, length, axis=1).sum(axis=2)
        result[:, length - 1 :] = summed
    return result


def rows(panel: Panel, *, horizon: int = HORIZON, cuts: Cuts | None = None, future: bool = False) -> Rows:
    """Return the rows of a panel.

    Arguments:
        panel: monthly demand.
        horizon: months of a window, and months ahead, >= 1.
        cuts: cut points to go by; None takes them from the training span.
        future: also the rows of the last month, whose outcome is not known.

    Raises:
        SettingsError: there are too few months for the three spans.
        JobError: there is no row in the training span.
    """
    sums = windows(panel.values, horizon)
    stop = panel.months - horizon
    parts = spans(range(horizon - 1, stop), horizon=horizon)
    origins = np.r_[np.arange(horizon - 1, stop), np.arange(panel.months - 1, panel.months) if future else []]
    origin, cluster = (grid.ravel() for grid in np.meshgrid(origins.astype(np.int64), np.arange(len(panel.clusters)),
                                                            indexing="ij"))  # fmt: skip
    ahead = np.full(sums.shape, np.nan)
    ahead[:, : panel.months - horizon] = sums[:, horizon:]
    last, coming = sums[cluster, origin], ahead[cluster, origin]
    there = (panel.born[cluster] <= origin - (horizon - 1)) & ~np.isnan(last)
    there &= ~np.isnan(coming) | (origin == panel.months - 1)
    cluster, origin, last, coming = cluster[there], origin[there], last[there], coming[there]
    known = ~np.isnan(coming)
    train = known & (origin < parts.train.stop)
    if not train.any():
        raise JobError("no row in the training span", "clusters with a longer history", where=panel.name)
    cuts = cuts or cut_points(last[train], coming[train])
    label = np.full(len(cluster), -1)
    label[known] = classify(last[known], coming[known], cuts=cuts)
    return Rows(cluster, origin, last, coming, np.log((coming + 1.0) / (last + 1.0)), label, cuts, parts)


def cut_points(last: Floats, coming: Floats) -> Cuts:
    """Return the cut points of rows of the training span; the same as `schema.demand.cut_points`, on arrays."""
    low = float(np.quantile(coming, LOW_QUANTILE))
    kept = coming >= low
    change = np.log((coming[kept] + 1.0) / (last[kept] + 1.0))
    first, second, third = (float(np.quantile(change, share)) for share in CHANGE_QUANTILES)
    return Cuts(low, (first, second, third))


def classify(last: Floats, coming: Floats, *, cuts: Cuts) -> Places:
    """Return the place of each row's class in DEMAND_CLASSES; the same as `schema.demand.demand_class`, on arrays."""
    change = np.log((coming + 1.0) / (last + 1.0))
    rising = np.searchsorted(np.array(cuts.change), change, side="right")
    return np.where(coming < cuts.low, LOW, 3 - rising)
