"""The best of many by score, in a total order: higher score first, then lower code."""

import numpy as np
from numpy.typing import NDArray

from gnn.snapshot import Floats

Indexes = NDArray[np.int64]


def best(scores: Floats, count: int) -> tuple[Indexes, Indexes, Indexes]:
    """Return rows, columns and ranks (from 1) of the ``count`` best entries of each row, rows in order, best first.

    Arguments:
        scores: a matrix, already rounded; minus infinity marks what must not be taken. Columns are in order of code.
        count: most entries per row, >= 1.

    >>> import numpy as np
    >>> [each.tolist() for each in best(np.array([[0.5, 0.9, 0.9], [0.1, -np.inf, -np.inf]]), 2)]
    [[0, 0, 1], [1, 2, 0], [1, 2, 1]]
    """
    if not scores.size:
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    place = scores.shape[1] - min(count, scores.shape[1])
    # The score at the limit; entries equal to it are all candidates, the code decides between them.
    limit = np.partition(scores, place, axis=1)[:, place]
    rows, columns = np.nonzero((scores >= limit[:, None]) & (scores > -np.inf))
    order = np.lexsort((columns, -scores[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    ranks = np.arange(len(rows)) - np.searchsorted(rows, rows) + 1
    kept = ranks <= count
    return rows[kept], columns[kept], ranks[kept]
