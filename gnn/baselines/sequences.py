"""Rows as sequences of months: what recurrent and attention networks read."""

from dataclasses import dataclass

import numpy as np

from gnn.baselines.forecaster import Mask
from gnn.baselines.lags import before
from gnn.panel import Floats, Panel, Rows, windows
from schema.demand import HORIZON

MONTHS = 24
OLDEST = 36


@dataclass(frozen=True, slots=True)
class Sequences:
    """Inputs of rows.

    Arguments:
        months: the demand of each of the last 24 months, latest last, [rows, 24, 6].
        extra: further inputs of the same months, [rows, 24, features]; none may be there.
        level: what holds for the row as a whole, [rows, 3].
    """

    months: Floats
    extra: Floats
    level: Floats


class SequenceReader:
    """Reads and standardises sequences. Months that are not known or not yet there are 0.

    Of each month: log demand against the last window, its change against the month before, the change of all clusters
    together, sine and cosine of the month, and whether it is known. Of the row: log demand, its distance to the cut
    point of low demand, and the months since the first demand.

    Arguments:
        horizon: months of a window.
        year: steps of a year.
    """

    def __init__(self, *, horizon: int = HORIZON, year: int = 12) -> None:
        self.horizon, self.year = horizon, year

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, extra: Floats | None) -> None:
        """Take mean and spread from the rows of a mask."""
        found = self._raw(panel, rows, fit, extra)
        self.scale = [_scale(table) for table in (found.months, found.extra, found.level)]

    def read(self, panel: Panel, rows: Rows, *, at: Mask, extra: Floats | None) -> Sequences:
        """Return the standardised inputs of the rows of a mask."""
        found = self._raw(panel, rows, at, extra)
        tables = (found.months, found.extra, found.level)
        scaled = [
            np.clip(np.nan_to_num((table - mean) / spread), -5.0, 5.0)
            for table, (mean, spread) in zip(tables, self.scale, strict=True)
        ]
        return Sequences(scaled[0], scaled[1], scaled[2])

    def _raw(self, panel: Panel, rows: Rows, at: Mask, extra: Floats | None) -> Sequences:
        month = np.log1p(self.horizon * panel.values)
        level = np.log1p(windows(panel.values, self.horizon))
        everyone = np.nansum(panel.values, axis=0, keepdims=True)
        everyone[:, np.isnan(panel.values).all(axis=0)] = np.nan
        total = np.log1p(windows(everyone, self.horizon))
        phase = 2 * np.pi * (panel.start.month - 1 + np.arange(panel.months)) / self.year
        tables = [
            month,
            month - before(month, 1),
            np.broadcast_to(total - before(total, 1), month.shape),
            np.broadcast_to(np.sin(phase), month.shape),
            np.broadcast_to(np.cos(phase), month.shape),
            (~np.isnan(month)).astype(np.float64),
        ]
        cluster, origin = rows.cluster[at], rows.origin[at]
        last = level[cluster, origin]
        months = np.stack([_history(table, cluster, origin) for table in tables], axis=2)
        months[:, :, 0] -= last[:, None]
        months[:, :, 5] = np.nan_to_num(months[:, :, 5])
        given = np.zeros((*month.shape, 0)) if extra is None else extra
        further = [_history(given[:, :, place], cluster, origin) for place in range(given.shape[2])]
        age = np.clip(origin - panel.born[cluster], 0, OLDEST)
        return Sequences(
            months,
            np.stack(further, axis=2) if further else np.zeros((len(origin), MONTHS, 0)),
            np.stack([last, last - np.log(rows.cuts.low + 0.5), age.astype(np.float64)], axis=1),
        )


def _history(table: Floats, cluster: np.ndarray, origin: np.ndarray) -> Floats:
    """Return the months that end with each origin, [rows, 24]; NaN before the first."""
    place = origin[:, None] + np.arange(1 - MONTHS, 1)
    return np.where(place >= 0, table[cluster[:, None], np.maximum(place, 0)], np.nan)


def _scale(table: Floats) -> tuple[Floats, Floats]:
    """Return mean and spread of each feature, the last axis."""
    over = tuple(range(table.ndim - 1))
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=over), 1)
    mean = np.nan_to_num(table).sum(axis=over) / count
    spread = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(axis=over) / count)
    return mean, np.where(spread > 1e-9, spread, 1.0)
