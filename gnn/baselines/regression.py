"""Logistic regression for the classes and ridge regression for the log change, on lag features."""

import numpy as np
from numpy.typing import NDArray

from gnn.baselines.forecaster import Mask, Prediction, half_width, learn_and_check, with_interval
from gnn.baselines.lags import Lags
from gnn.metrics import CLASSES, log_loss, rmse
from gnn.panel import Floats, Panel, Rows

PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
STEPS = 3000
NEAR = 1e-5


class Regression:
    """Multinomial logistic regression and ridge regression; each penalty is chosen on the validation span.

    Reads every feature of `gnn.baselines.lags`, standardised by the rows learned from, cut at five standard
    deviations; a feature that is not known counts as the mean. No draw is made: every seed gives the same.

    Arguments:
        extra: [clusters, months, features], known at the end of each month.
        lags: builder of the features.
    """

    name = "logistic regression"

    def __init__(self, *, extra: Floats | None = None, lags: Lags | None = None) -> None:
        self.extra, self.lags = extra, lags or Lags()

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Choose the penalties, then learn from all rows of the mask."""
        learn, check = learn_and_check(rows, fit, seed=seed)
        self.lags.fit(panel, rows)
        values = self.lags.read(panel, rows, at=np.ones(len(rows), bool), extra=self.extra).values
        self._standardise(values[learn])
        first, held = self._design(values[learn]), self._design(values[check])
        logistic_losses, ridge_errors = [], []
        for penalty in PENALTIES:
            logistic_losses.append(
                log_loss(rows.label[check], softmax(held @ logistic(first, rows.label[learn], penalty=penalty)))
            )
            guess = held @ ridge(first, rows.change[learn], penalty=penalty)
            ridge_errors.append(rows.change[check] - guess)
        classes = PENALTIES[int(np.argmin(logistic_losses))]
        best = int(np.argmin([rmse(error, np.zeros(len(error))) for error in ridge_errors]))
        self.half = half_width(ridge_errors[best])
        self._standardise(values[fit])
        design = self._design(values[fit])
        self.classes = logistic(design, rows.label[fit], penalty=classes)
        self.change = ridge(design, rows.change[fit], penalty=PENALTIES[best])

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell rows."""
        design = self._design(self.lags.read(panel, rows, at=at, extra=self.extra).values)
        return with_interval(softmax(design @ self.classes), design @ self.change, half=self.half)

    def _standardise(self, values: Floats) -> None:
        known = ~np.isnan(values)
        count = np.maximum(known.sum(axis=0), 1)
        self.mean = np.nan_to_num(values).sum(axis=0) / count
        spread = np.sqrt((np.where(known, values - self.mean, 0.0) ** 2).sum(axis=0) / count)
        self.spread = np.where(spread > 1e-9, spread, 1.0)

    def _design(self, values: Floats) -> Floats:
        scaled = np.clip(np.nan_to_num((values - self.mean) / self.spread), -5.0, 5.0)
        return np.concatenate([scaled, np.ones((len(scaled), 1))], axis=1)


def softmax(scores: Floats) -> Floats:
    """Return probabilities, each row with the sum 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def logistic(design: Floats, label: NDArray[np.int64], *, penalty: float, classes: int = CLASSES) -> Floats:
    """Return the weights of multinomial logistic regression, [columns, classes].

    They minimise the mean log loss plus penalty / 2 times the squared weights, those of the last column (the constant)
    left out. Found by accelerated gradient descent with restarts.

    Source: Nesterov 1983; O'Donoghue and Candes 2015 for the restarts.

    Arguments:
        design: features, the last column all ones, [rows, columns].
        label: places of the classes, [rows].
        penalty: > 0.
        classes: number of classes.
    """
    count = len(design)
    truth = np.zeros((count, classes))
    truth[np.arange(count), label] = 1.0
    shrink = np.full((design.shape[1], 1), penalty)
    shrink[-1] = 0.0
    # The curvature of the log loss is at most half of the largest eigenvalue of the design's second moments.
    rate = 1.0 / (0.5 * float(np.linalg.norm(design, 2)) ** 2 / count + penalty)
    weights = ahead = np.zeros((design.shape[1], classes))
    pace = 1.0
    for _ in range(STEPS):
        slope = design.T @ (softmax(design @ ahead) - truth) / count + shrink * ahead
        moved = ahead - rate * slope
        if float(np.sum(slope * (moved - weights))) > 0.0:
            pace, ahead = 1.0, weights
            continue
        faster = (1.0 + np.sqrt(1.0 + 4.0 * pace**2)) / 2.0
        ahead = moved + (pace - 1.0) / faster * (moved - weights)
        weights, pace = moved, faster
        if float(np.abs(slope).max()) < NEAR:
            break
    return weights


def ridge(design: Floats, target: Floats, *, penalty: float) -> Floats:
    """Return the weights of ridge regression, [columns]: mean squared error plus penalty times the squared weights.

    Arguments:
        design: features, the last column all ones and not penalised, [rows, columns].
        target: [rows].
        penalty: > 0.
    """
    shrink = np.full(design.shape[1], penalty * len(design))
    shrink[-1] = 0.0
    return np.asarray(np.linalg.lstsq(design.T @ design + np.diag(shrink), design.T @ target, rcond=None)[0])
