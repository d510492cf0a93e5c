"""What postings are held against: the coming change of their cluster, less what cluster and month alone tell of it.

A posting says nothing of demand by itself, so that it borrows the changes of its cluster after its month. Were the raw
change taken, names of jobs and skills would tell the cluster, and with it the cluster's mean change; a word that is
common in some month would tell the season. Hence cluster and month are taken off, weighted as the postings are, so that
nothing that is the same in all postings of a cluster, or of a month, is of any use. The own series is left in: text
cannot tell it but through what it says of hiring, and employers who have grown far sound more careful, so that taking
the series off would take off what the text says as well.
"""

import numpy as np
from numpy.typing import NDArray

from gnn.panel import Floats, Panel, Rows

ROUNDS = 50  # of taking off the means in turn; they come close geometrically


def outlooks(panel: Panel, rows: Rows, fit: NDArray[np.bool_], *, leads: int) -> Floats:
    """Return the changes x after each month, in standard deviations.

    Arguments:
        panel: monthly demand.
        rows: of the task.
        fit: rows that may be learned from, [rows].
        leads: changes per month, >= 1; number k is the change after month m + k. At horizon - 1 it compares the window
            that begins with the month after m + k with the one that begins with m.

    Returns:
        [clusters, months, leads]; NaN where there is no row to learn from.
    """
    change = np.full(panel.values.shape, np.nan)
    change[rows.cluster[fit], rows.origin[fit]] = rows.change[fit] / max(float(rows.change[fit].std()), 1e-9)
    found = np.full((*panel.values.shape, leads), np.nan)
    for lead in range(min(leads, panel.months)):
        found[:, : panel.months - lead, lead] = change[:, lead:]
    return found


def centred(table: Floats, weight: Floats) -> Floats:
    """Return a table whose weighted means over each row and over each column are 0, as far as values are known.

    Arguments:
        table: NaN where not known, [clusters, months, leads].
        weight: >= 0, [clusters, months].
    """
    known = ~np.isnan(table)
    share = np.where(known, weight[:, :, None], 0.0)
    found = np.where(known, table, 0.0)
    for _ in range(ROUNDS):
        for axis in (1, 0):
            total = share.sum(axis=axis, keepdims=True)
            found = found - np.where(
                total > 0, (share * found).sum(axis=axis, keepdims=True) / np.maximum(total, 1e-12), 0
            )
    return np.where(known, found, np.nan)
