"""Rules that need no learning. Each names a class; its probabilities are how often classes followed when it was named.

`LastChange`   what the last window did against the one before, it does again: class and log change of the last outcome
               that is known, that of the row `horizon` months ago
`LastMonth`    each month to come is like the last one
`MeanOfThree`  each month to come is like the mean of the last three (with a window of three: no change)
`Seasonal`     the change of the same months a year ago
`Majority`     the most frequent class, the mean log change
"""

import numpy as np

from gnn.baselines.forecaster import Mask, Prediction, shares
from gnn.metrics import CLASSES
from gnn.panel import Floats, Panel, Places, Rows, classify, windows
from schema.demand import HORIZON


class Naive:
    """A rule that gives a log change; where it does not know, none (0). The class follows by the cut points."""

    name = ""

    def __init__(self, *, horizon: int = HORIZON) -> None:
        self.horizon = horizon
        self.table: Floats = np.full((CLASSES, CLASSES), 1 / CLASSES)

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        """Return the log change by the rule; NaN where it does not know."""
        raise NotImplementedError

    def named(self, rows: Rows, change: Floats, *, at: Mask) -> Places:
        """Return the class that follows from a log change."""
        coming = (rows.last[at] + 1.0) * np.exp(change) - 1.0
        # Rounding must not turn "as many as the cut point" into fewer.
        return classify(rows.last[at], np.round(coming, 9), cuts=rows.cuts)

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Count which classes followed each named class. The seed changes nothing."""
        named = self.named(rows, np.nan_to_num(self.change(panel, rows, at=fit)), at=fit)
        label = rows.label[fit]
        self.table = np.stack([_first(shares(label[named == place]), place) for place in range(CLASSES)])

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell rows by the rule."""
        change = np.nan_to_num(self.change(panel, rows, at=at))
        unknown = np.full(len(change), np.nan)
        return Prediction(self.table[self.named(rows, change, at=at)], change, unknown, unknown)


class Majority(Naive):
    """The most frequent class and the mean log change of what was learned from."""

    name = "majority"

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Count the classes."""
        self.table = shares(rows.label[fit])[None]
        self.mean = float(rows.change[fit].mean())

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell the same of all rows."""
        count = int(at.sum())
        unknown = np.full(count, np.nan)
        return Prediction(np.repeat(self.table, count, axis=0), np.full(count, self.mean), unknown, unknown)


class LastChange(Naive):
    """The last outcome that is known comes again."""

    name = "last change"

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        """Return log((last + 1) / (the window before + 1))."""
        before = earlier(windows(panel.values, self.horizon), rows, at=at, months=self.horizon)
        return np.log((rows.last[at] + 1.0) / (before + 1.0))

    def named(self, rows: Rows, change: Floats, *, at: Mask) -> Places:
        """Return the class that the last window had as an outcome."""
        before = (rows.last[at] + 1.0) / np.exp(change) - 1.0
        return classify(np.round(before, 9), rows.last[at], cuts=rows.cuts)


class LastMonth(Naive):
    """Every month to come is like the last one."""

    name = "last month"

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        """Return log((horizon * last month + 1) / (last + 1))."""
        month = panel.values[rows.cluster[at], rows.origin[at]]
        return np.log((self.horizon * month + 1.0) / (rows.last[at] + 1.0))


class MeanOfThree(Naive):
    """Every month to come is like the mean of the last three."""

    name = "mean of three"

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        """Return log((horizon * mean + 1) / (last + 1))."""
        mean = windows(panel.values, 3)[rows.cluster[at], rows.origin[at]] / 3.0
        return np.log((self.horizon * mean + 1.0) / (rows.last[at] + 1.0))


class Seasonal(Naive):
    """The change of the same months a year ago; none where that is not known.

    Arguments:
        horizon: months of a window.
        year: steps of a year.
    """

    name = "seasonal"

    def __init__(self, *, horizon: int = HORIZON, year: int = 12) -> None:
        super().__init__(horizon=horizon)
        self.year = year

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        """Return the log change at the origin a year ago."""
        sums = windows(panel.values, self.horizon)
        before = earlier(sums, rows, at=at, months=self.year)
        after = earlier(sums, rows, at=at, months=self.year - self.horizon)
        return np.log((after + 1.0) / (before + 1.0))


def earlier(table: Floats, rows: Rows, *, at: Mask, months: int) -> Floats:
    """Return the value of each row's cluster some months before its origin; NaN before the first month.

    Arguments:
        table: [clusters, months].
        rows, at: which rows.
        months: how far back, >= 0: nothing after the origin can be asked for.
    """
    place = rows.origin[at] - max(months, 0)
    return np.where(place >= 0, table[rows.cluster[at], np.maximum(place, 0)], np.nan)


def _first(found: Floats, place: int) -> Floats:
    """Return shares with the largest one at the named class, where it changes places with what was largest."""
    result = found.copy()
    largest = int(found.argmax())
    result[[place, largest]] = found[[largest, place]]
    return result
