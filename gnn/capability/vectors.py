"""Sparse vectors of levels over the capability units, and the rule that brings pieces of evidence together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.rows import spans
from gnn.snapshot import Edges, Floats, Places


@dataclass(frozen=True, slots=True)
class Vectors:
    """Sparse vectors of levels, one after the other (compressed rows).

    Arguments:
        starts: where each vector begins in the other two, and where the last one ends.
        units: places of capability units, rising within a vector.
        levels: level of each, above 0, to 1.
        size: number of capability units.
    """

    starts: NDArray[np.int64]
    units: Places
    levels: Floats
    size: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def dense(self) -> Floats:
        """Return the vectors as a matrix."""
        matrix = np.zeros((len(self), self.size))  # [vectors, units]
        matrix[np.repeat(np.arange(len(self)), np.diff(self.starts)), self.units] = self.levels
        return matrix

    def take(self, places: Places) -> tuple[NDArray[np.int64], Places, Floats]:
        """Return the entries of the vectors at ``places``: index into ``places``, unit, level."""
        index, entries = spans(self.starts[places], self.starts[places + 1])
        return index, self.units[entries], self.levels[entries]

    def above(self, least: float) -> "Vectors":
        """Return the vectors without levels below ``least``."""
        kept = self.levels >= least
        before = np.concatenate(([0], np.cumsum(kept)))
        return Vectors(before[self.starts], self.units[kept], self.levels[kept], self.size)

    def over(self, other: "Vectors") -> "Vectors":
        """Return these vectors followed by those of ``other``."""
        return Vectors(
            np.concatenate((self.starts, other.starts[1:] + self.starts[-1])),
            np.concatenate((self.units, other.units)),
            np.concatenate((self.levels, other.levels)),
            self.size,
        )

    @classmethod
    def of(cls, matrix: Floats) -> "Vectors":
        """Return the rows of a matrix without their zeros."""
        rows, units = np.nonzero(matrix)
        starts = np.searchsorted(rows, np.arange(len(matrix) + 1))
        return cls(starts, units.astype(np.int32), matrix[rows, units], matrix.shape[1])


def noisy_or(rows: NDArray[np.integer], units: Places, shares: Floats, *, shape: tuple[int, int]) -> Vectors:
    """Return the level of each unit in each row when every share is evidence by itself.

    Equation: level of (row, unit) = 1 - product over its shares of (1 - share).

    Arguments:
        rows, units, shares: parallel arrays; shares 0 to 1.
        shape: number of rows and of capability units.

    >>> import numpy as np
    >>> noisy_or(np.array([0, 0]), np.array([1, 1]), np.array([0.5, 0.5]), shape=(1, 2)).dense()
    array([[0.  , 0.75]])
    """
    present = shares > 0.0
    keys = rows[present].astype(np.int64) * shape[1] + units[present]
    keys, levels = _grouped(keys, shares[present])
    starts = np.searchsorted(keys, np.arange(shape[0] + 1, dtype=np.int64) * shape[1])
    return Vectors(starts, (keys % shape[1]).astype(np.int32), levels, shape[1])


def _grouped(keys: NDArray[np.int64], shares: Floats) -> tuple[NDArray[np.int64], Floats]:
    if not len(keys):
        return keys, np.empty(0)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    with np.errstate(divide="ignore"):  # a share of 1 is certain: log 0 is minus infinity, and the level 1
        logs = np.log1p(-np.minimum(shares[order], 1.0))
    return keys[first], -np.expm1(np.add.reduceat(logs, first))


def share(edges: Edges, column: int) -> Floats:
    """Return a column as shares: nothing known is 0, and what lies outside 0 to 1 is cut."""
    return np.clip(np.nan_to_num(edges.columns[column], nan=0.0), 0.0, 1.0)
