"""What a forecaster is, and which rows it may learn from.

The protocol is the same for each, ours included:

1. `fit` is given every row with an outcome that is known well before the test span, as a mask.
2. Inside, settings and numbers of rounds are chosen by learning from the training span and looking at the validation
   span (`learn_and_check`). Then everything is fitted once more on the whole mask.
3. `predict` is asked for the test span once. For these rows a forecaster may use `cluster`, `origin` and `last` of the
   rows and what lies at or before their origin in the panel, nothing else.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gnn.metrics import CLASSES
from gnn.panel import Floats, Panel, Rows

Mask = NDArray[np.bool_]
COVERED = 0.9
"""Share of rows that an interval is to hold."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is foretold of rows.

    Arguments:
        probabilities: of the classes, sum 1, [rows, 5].
        change: x, log change, [rows].
        lower, upper: interval of x, [rows]; NaN where none is given.
    """

    probabilities: Floats
    change: Floats
    lower: Floats
    upper: Floats

    def __len__(self) -> int:
        return len(self.change)


class Forecaster(Protocol):
    """Learns from rows of a panel and foretells other rows.

    A forecaster that reads more than the panel takes it as ``extra`` in its constructor and keeps it under that name:
    [clusters, months, features], known at the end of each month.
    """

    name: str

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Learn anew from the rows of a mask."""

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell the rows of a mask, in their order."""


def may_fit(rows: Rows, *, horizon: int) -> Mask:
    """Return the rows whose outcome is known before the first origin of the test span."""
    return (rows.label >= 0) & (rows.origin < rows.parts.test.start - horizon)


def learn_and_check(rows: Rows, fit: Mask, *, seed: int) -> tuple[Mask, Mask]:
    """Part the rows of a fit in those to learn from and those to choose settings by.

    By time: training span and validation span; the latest tenth of origins, with a gap of three, where no row of the
    validation span is left. Only where rows of the test span are among them (the random split, which leaks) at random.

    Arguments:
        rows: the rows.
        fit: which may be learned from.
        seed: of the random case.
    """
    if (fit & rows.within(rows.parts.test)).any():
        draw = np.random.default_rng(seed).random(len(rows))
        return fit & (draw >= 1 / 9), fit & (draw < 1 / 9)
    learn, check = fit & rows.within(rows.parts.train), fit & rows.within(rows.parts.valid)
    if not learn.any() or not check.any():
        origins = np.unique(rows.origin[fit])
        edge = origins[-max(1, len(origins) // 10)]
        learn, check = fit & (rows.origin < edge - 3), fit & (rows.origin >= edge)
    if not learn.any():
        learn = check = fit
    return learn, check


def with_interval(probabilities: Floats, change: Floats, *, half: float) -> Prediction:
    """Return a prediction whose interval reaches equally far to both sides."""
    return Prediction(probabilities, change, change - half, change + half)


def half_width(error: Floats) -> float:
    """Return how far an interval must reach for its share of rows, by errors on rows not learned from (conformal).

    Source: Lei et al., Distribution-Free Predictive Inference for Regression, 2018: the quantile of rank
    ceil((n + 1) * share); NaN without rows.
    """
    if not len(error):
        return float("nan")
    rank = min(len(error), int(np.ceil((len(error) + 1) * COVERED)))
    return float(np.sort(np.abs(error))[rank - 1])


def shares(label: NDArray[np.int64]) -> Floats:
    """Return the share of each class, with one row of each added, so that none is impossible, [5]."""
    counts = np.bincount(label, minlength=CLASSES).astype(np.float64) + 1.0
    return np.asarray(counts / counts.sum())
