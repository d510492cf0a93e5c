"""What came of students, what they looked for and what they founded, month by month: E and I of equation 1."""

import numpy as np
from numpy.typing import NDArray

from gnn.snapshot import History

Floats = NDArray[np.float64]
SPAN = 6
"""Months over which outcomes and foundations are summed up: a single month has too few."""

QUARTER = 3


def market_of(history: History) -> Floats:
    """Return what is known of outcomes, interest and foundations at the end of each month.

    Logs of one plus: outcomes in the cluster in the last six months; interest in its postings in the last three, and
    the same for each posting; ventures founded in the last six months, the same for all clusters.

    Returns:
        [clusters, months, 4].
    """
    shape = history.counts.shape
    hired, wanted = np.zeros(shape), np.zeros(shape)
    outcomes, interests = history.outcomes, history.interests
    there = (outcomes.month >= 0) & (outcomes.month < shape[1])
    np.add.at(hired, (outcomes.cluster[there], outcomes.month[there]), 1.0)
    there = (interests.month >= 0) & (interests.month < shape[1])
    np.add.at(wanted, (interests.cluster[there], interests.month[there]), interests.count[there])
    ventures = np.broadcast_to(history.ventures, shape)
    interest = _summed(wanted, QUARTER)
    postings = _summed(np.nan_to_num(history.counts), QUARTER)
    columns = (_summed(hired, SPAN), interest, interest / np.maximum(postings, 1.0), _summed(ventures, SPAN))
    return np.log1p(np.stack(columns, axis=2))


def _summed(table: Floats, size: int) -> Floats:
    running = np.cumsum(table, axis=1)
    running[:, size:] -= np.cumsum(table, axis=1)[:, :-size]
    return running
