"""How good forecasts are: classes, probabilities, intensity, intervals, and how sure a figure is.

Classes are places in `schema.derived.DEMAND_CLASSES`. These lie in order, highest growth first, so the distance of two
places is the distance on the scale low demand < decline < stable < growth < high growth.

Rows of one cluster overlap in time and are alike. So what says how sure a figure is draws whole clusters, never rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from schema.derived import DEMAND_CLASSES

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
CLASSES = len(DEMAND_CLASSES)
BINS = 15
# Student's t for a two-sided interval of 95 %, 1 to 10 degrees of freedom.
T_QUANTILES = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and where it lies with 95 % confidence. All NaN where there is nothing to judge by.

    Arguments:
        mean: the figure.
        low, high: ends; both equal the mean where there is no spread, NaN where there is one observation only.
    """

    mean: float
    low: float
    high: float

    @property
    def apart(self) -> bool:
        """Whether zero lies outside: for a difference, that it is more than chance."""
        return self.low > 0.0 or self.high < 0.0


def accuracy(label: Places, named: Places) -> float:
    """Return the share of rows with the right class; NaN without rows."""
    return float(np.mean(label == named)) if len(label) else float("nan")


def confusion(label: Places, named: Places, *, classes: int = CLASSES) -> Places:
    """Return how often each class (row) was named as each class (column), [classes, classes].

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), classes=2).tolist()
    [[1, 1], [0, 1]]
    """
    return np.bincount(label * classes + named, minlength=classes * classes).reshape(classes, classes)


def f1_scores(label: Places, named: Places, *, classes: int = CLASSES) -> Floats:
    """Return F1 of each class, [classes]; NaN for a class that neither is there nor was named."""
    table = confusion(label, named, classes=classes)
    right, total = np.diag(table), table.sum(axis=0) + table.sum(axis=1)
    return np.where(total > 0, 2.0 * right / np.maximum(total, 1), np.nan)


def macro_f1(label: Places, named: Places, *, classes: int = CLASSES) -> float:
    """Return the mean F1 of the classes that are there or were named."""
    scores = f1_scores(label, named, classes=classes)
    return float(np.nanmean(scores)) if len(label) else float("nan")


def weighted_f1(label: Places, named: Places, *, classes: int = CLASSES) -> float:
    """Return the mean F1 of the classes, each weighed by its number of rows."""
    if not len(label):
        return float("nan")
    weights = np.bincount(label, minlength=classes)
    return float((np.nan_to_num(f1_scores(label, named, classes=classes)) * weights).sum() / weights.sum())


def top(label: Places, probabilities: Floats, *, count: int = 3) -> float:
    """Return the share of rows whose class is among the most probable ones; equal ones count in order of place.

    Arguments:
        label: true classes, [rows].
        probabilities: [rows, classes].
        count: classes that may hold the true one, >= 1.
    """
    first = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    return float(np.mean((first == label[:, None]).any(axis=1))) if len(label) else float("nan")


def ordinal_error(label: Places, named: Places) -> float:
    """Return the mean distance on the ordered scale, 0 to 4.

    >>> ordinal_error(np.array([0, 2]), np.array([4, 2]))
    2.0
    """
    return float(np.mean(np.abs(label - named))) if len(label) else float("nan")


def intensity(coming: Floats, *, ceiling: float) -> Floats:
    """Return demand on a scale of 0 to about 1: log(1 + demand) / log(1 + ceiling).

    A forecast log change x of a row with demand N in the last window means log(1 + demand) = x + log(1 + N), so that
    the error of intensity is the error of x, in units of log(1 + ceiling).

    Arguments:
        coming: demand of the coming window, >= 0.
        ceiling: the largest demand of a window in the training span, > 0.
    """
    return np.log1p(coming) / log(1.0 + ceiling)


def rmse(actual: Floats, predicted: Floats) -> float:
    """Return the root of the mean squared error; NaN without rows."""
    return float(np.sqrt(np.mean((actual - predicted) ** 2))) if len(actual) else float("nan")


def calibration_error(label: Places, probabilities: Floats, *, bins: int = BINS) -> float:
    """Return the expected calibration error: |accuracy - confidence| in bins of equal width, weighed by their rows.

    Confidence is the largest probability of a row. Bins are open below and closed above.

    Source: Guo et al., On Calibration of Modern Neural Networks, 2017, equation 3.

    Arguments:
        label: true classes, [rows].
        probabilities: [rows, classes], sum 1.
        bins: number of bins, >= 1.
    """
    if not len(label):
        return float("nan")
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == label
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    off = np.bincount(place, weights=right - confidence, minlength=bins)
    return float(np.abs(off).sum() / len(label))


def log_loss(label: Places, probabilities: Floats) -> float:
    """Return the mean negative log probability of the true class; probabilities below 1e-12 count as that."""
    if not len(label):
        return float("nan")
    return float(-np.mean(np.log(np.maximum(probabilities[np.arange(len(label)), label], 1e-12))))


def coverage(actual: Floats, lower: Floats, upper: Floats) -> float:
    """Return the share of rows inside their interval, ends included; NaN where no interval was given."""
    given = ~(np.isnan(lower) | np.isnan(upper))
    inside = (actual[given] >= lower[given]) & (actual[given] <= upper[given])
    return float(np.mean(inside)) if given.any() else float("nan")


def scores(
    label: Places,
    change: Floats,
    *,
    probabilities: Floats,
    predicted: Floats,
    lower: Floats,
    upper: Floats,
    scale: float,
) -> dict[str, float]:
    """Return every metric of one prediction.

    Arguments:
        label, change: true class and log change, [rows].
        probabilities: [rows, 5].
        predicted, lower, upper: log change and its interval, [rows]; NaN where there is no interval.
        scale: log(1 + ceiling) of `intensity`, > 0.
    """
    named = probabilities.argmax(axis=1) if len(label) else label
    error = rmse(change, predicted)
    return {
        "accuracy": accuracy(label, named),
        "macro_f1": macro_f1(label, named),
        "weighted_f1": weighted_f1(label, named),
        "top_3": top(label, probabilities),
        "ordinal_error": ordinal_error(label, named),
        "rmse_change": error,
        "rmse_intensity": error / scale,
        "calibration_error": calibration_error(label, probabilities),
        "log_loss": log_loss(label, probabilities),
        "coverage": coverage(change, lower, upper),
    }


def per_slice(metric: Callable[[Places], float], slices: Mapping[str, NDArray[np.bool_]]) -> dict[str, float]:
    """Return a metric for parts of the rows.

    Arguments:
        metric: figure of the rows at given places.
        slices: by name, which rows are in, [rows].
    """
    return {name: metric(np.flatnonzero(chosen)) for name, chosen in slices.items()}


def over_seeds(figures: Floats) -> Interval:
    """Return the mean over seeds with the interval of Student's t (95 %).

    Arguments:
        figures: one per seed; NaN gives NaN.

    >>> over_seeds(np.array([0.5, 0.5, 0.5]))
    Interval(mean=0.5, low=0.5, high=0.5)
    """
    count = len(figures)
    mean = float(np.mean(figures)) if count else float("nan")
    if count < 2:
        return Interval(mean, float("nan"), float("nan"))
    freedom = count - 1
    # Beyond the table the quantile comes near that of the normal distribution.
    quantile = T_QUANTILES[freedom - 1] if freedom <= len(T_QUANTILES) else 1.96 + 2.65 / freedom
    half = quantile * float(np.std(figures, ddof=1)) / sqrt(count)
    return Interval(mean, mean - half, mean + half)


def bootstrap(metric: Callable[[Places], float], cluster: Places, *, draws: int = 500, seed: int = 0) -> Interval:
    """Return a figure with its percentile interval (95 %) when clusters are drawn again, with replacement.

    For the difference of two predictions give a metric that returns the difference: both then see the same draw
    (a paired bootstrap).

    Arguments:
        metric: figure of the rows at given places; places may repeat.
        cluster: cluster of each row, [rows].
        draws: number of draws, >= 1.
        seed: seed of the draws.
    """
    members = [np.flatnonzero(cluster == each) for each in np.unique(cluster)]
    if not members:
        return Interval(float("nan"), float("nan"), float("nan"))
    random = np.random.default_rng(seed)
    found = np.empty(draws)
    for draw in range(draws):
        picked = random.integers(0, len(members), len(members))
        found[draw] = metric(np.concatenate([members[place] for place in picked]))
    low, high = np.nanquantile(found, (0.025, 0.975))
    return Interval(metric(np.arange(len(cluster))), float(low), float(high))


def difference(
    metric: Callable[[Places, int], float],
    other: Callable[[Places, int], float],
    cluster: Places,
    *,
    seeds: int = 1,
    draws: int = 500,
    seed: int = 0,
) -> Interval:
    """Return how much more one forecaster scores than another, the mean over seeds, by the paired bootstrap.

    Arguments:
        metric, other: figure of the rows at given places in the run of given number, 0 to seeds - 1.
        cluster: cluster of each row, [rows].
        seeds: runs of each.
        draws, seed: as in `bootstrap`.
    """

    def mean_difference(places: Places) -> float:
        return sum(metric(places, run) - other(places, run) for run in range(seeds)) / seeds

    return bootstrap(mean_difference, cluster, draws=draws, seed=seed)
