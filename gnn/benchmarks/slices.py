"""Parts of the rows that are looked at for themselves: the long tail, breaks of level, new clusters."""

import numpy as np

from gnn.baselines.forecaster import Mask
from gnn.baselines.lags import before, running
from gnn.panel import Panel, Rows, windows

YOUNG = 24
RARE = 0.9


def slices(panel: Panel, rows: Rows, *, at: Mask, horizon: int) -> dict[str, Mask]:
    """Return which rows of a mask belong to each part, [rows of the mask].

    frequent, middle, rare   thirds of the clusters by mean demand in the training months; those with no demand in it
                             are in none
    after a break            the last window is further from the mean of the twelve months before it (on the log scale)
                             than in nine of ten training rows; known at the origin
    break ahead              the coming change is larger than in nine of ten training rows, up or down
    new cluster              first demand less than 24 months before the origin, and after the first month of the panel

    Arguments:
        panel, rows: the data.
        at: the rows to part.
        horizon: months of a window.
    """
    known = np.nan_to_num(panel.values[:, : rows.parts.train.stop])
    level = known.sum(axis=1)
    there = level > 0
    first, second = np.quantile(level[there], (1 / 3, 2 / 3)) if there.any() else (0.0, 0.0)
    size = level[rows.cluster[at]]
    train = rows.within(rows.parts.train)
    logs = np.log1p(windows(panel.values, horizon))
    shift = np.abs(logs - before(running(logs, 12), horizon))[rows.cluster, rows.origin]
    limits = [
        float(np.nanquantile(table[train], RARE)) if np.isfinite(table[train]).any() else np.inf
        for table in (shift, np.abs(rows.change))
    ]
    born = panel.born[rows.cluster[at]]
    return {
        "frequent": size > second,
        "middle": (size > first) & (size <= second),
        "rare": (size > 0) & (size <= first),
        "after a break": np.nan_to_num(shift[at]) > limits[0],
        "break ahead": np.abs(rows.change[at]) > limits[1],
        "new cluster": (born > 0) & (rows.origin[at] - born < YOUNG),
    }
