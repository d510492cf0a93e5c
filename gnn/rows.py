"""Rows of sparse matrices: the entries of some rows out of arrays that are ordered by row."""

import numpy as np
from numpy.typing import NDArray

from gnn.snapshot.gaps import Edges, Floats, Places


def spans(first: NDArray[np.integer], last: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of some spans, one span after the other: for each place, the number of its span, and itself.

    Arguments:
        first, last: where each span begins, and where it ends, exclusive.

    >>> [each.tolist() for each in spans(np.array([4, 0]), np.array([6, 1]))]
    [[0, 0, 1], [4, 5, 0]]
    """
    lengths = last - first
    into = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(into)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return into, first[into] + within


def entries(ordered: NDArray[np.integer], rows: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the entries of some rows are: for each entry, the index into ``rows``, and its place.

    Arguments:
        ordered: row of each entry, rising.
        rows: rows, in any order.

    >>> [each.tolist() for each in entries(np.array([0, 2, 2, 3]), np.array([2, 0]))]
    [[0, 0, 1], [1, 2, 0]]
    """
    rows = np.asarray(rows)
    return spans(np.searchsorted(ordered, rows), np.searchsorted(ordered, rows + 1))


def marked(edges: Edges, rows: NDArray[np.integer], columns: int) -> NDArray[np.bool_]:
    """Return which of some rows has a relationship to which column. [rows, columns]"""
    into, places = entries(edges.start, rows)
    found = np.zeros((len(rows), columns), bool)
    found[into, edges.end[places]] = True
    return found


def dense(row: Places, column: Places, value: Floats, *, rows: NDArray[np.integer], columns: int) -> Floats:
    """Return some rows of a sparse matrix, whose entries are ordered by row. [rows, columns]"""
    into, places = entries(row, rows)
    found = np.zeros((len(rows), columns))
    found[into, column[places]] = value[places]
    return found
