"""The forecast vector o_g = [d, delta, q, c] of job clusters, its interval, and the warning index (equations 10, 12).

Plain arithmetic on arrays: what comes out of a model goes in, what stands on a `Forecast` node comes out.

    d      intensity of demand, 0 to 1: log(1 + N') / log(1 + ceiling), N' the postings expected in the coming window
           and the ceiling the greatest window of any cluster in the training span. It grows with N' alone, is the
           same scale for all clusters of a panel, and does not move from month to month as a rank would; on the
           logarithm a cluster of a hundred postings is not squeezed to nothing by one of ten thousand.
    delta  rate of change against the last window: exp(x) - 1 for the log change x; 0.5 is half more, -1 is nothing left
    q      0 to 1: what the students oriented to the cluster lack of what it demands, on average (equation 15)
    c      0 to 1: the largest calibrated probability, lowered where the members of an ensemble disagree and where the
           interval of the intensity is wide
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gnn.panel import Places, Rows
from gnn.settings import Settings
from schema.derived import DEMAND_CLASSES
from schema.errors import JobError

Floats = NDArray[np.float64]
CHANNELS = ("text", "growth", "relation")
"""Channels whose weights a forecast tells, unless the model names others."""


@dataclass(frozen=True, slots=True)
class ForecastConfig(Settings):
    """Settings of what follows on a model's outputs.

    Arguments:
        eta1, eta2, eta3: weights of intensity, change and gap in the warning index, >= 0. With the defaults a cluster
            in full demand that stays as it is and of which students lack half (0.55) comes before one in half demand
            that doubles while they lack nothing (0.5).
        largest_change: change beyond which the warning index does not follow, > 0.
        threshold: of the warning index; None takes the quantile.
        focus_quantile: share of clusters that are not in focus where there is no fixed threshold, 0 to 1.
        coverage: share of outcomes that the interval of the intensity is to hold, 0 to 1, exclusive.
        agreement, narrowness: how much the confidence follows the agreement of an ensemble and the narrowness of the
            interval, >= 0; exponents.

    Raises:
        SettingsError: a value is out of its range.
    """

    eta1: float = 0.4
    eta2: float = 0.3
    eta3: float = 0.3
    largest_change: float = 1.0
    threshold: float | None = None
    focus_quantile: float = 0.9
    coverage: float = 0.9
    agreement: float = 0.5
    narrowness: float = 0.5

    def __post_init__(self) -> None:
        for name in ("eta1", "eta2", "eta3", "agreement", "narrowness"):
            self.require(name, getattr(self, name) >= 0.0, "0 or more")
        self.require("largest_change", self.largest_change > 0.0, "more than 0")
        self.require("focus_quantile", 0.0 <= self.focus_quantile <= 1.0, "0 to 1")
        self.require("coverage", 0.0 < self.coverage < 1.0, "between 0 and 1")


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts of some clusters for one window, as they are written on the graph.

    Arguments:
        label: place of the most probable class in DEMAND_CLASSES, [clusters].
        probabilities: calibrated, rows sum to 1, [clusters, 5].
        before, expected: postings of the last window and of the coming one, >= 0, [clusters].
        intensity, lower, upper: d and its interval, 0 to 1, [clusters].
        change: delta, > -1, [clusters].
        gap: q, 0 to 1, [clusters].
        confidence: c, 0 to 1, [clusters].
        warning: r, [clusters].
        focus: r is above the threshold, [clusters].
        threshold: of the warning index.
        weights: how much each channel counted, rows sum to 1, [clusters, channels].
        channels: names of the channels.
    """

    label: Places
    probabilities: Floats
    before: Floats
    expected: Floats
    intensity: Floats
    lower: Floats
    upper: Floats
    change: Floats
    gap: Floats
    confidence: Floats
    warning: Floats
    focus: NDArray[np.bool_]
    threshold: float
    weights: Floats
    channels: tuple[str, ...] = CHANNELS

    def __len__(self) -> int:
        return len(self.label)


def ceiling(rows: Rows) -> float:
    """Return the greatest demand of a window in the training span: intensity 1."""
    train = rows.within(rows.parts.train)
    if not train.any():
        raise JobError("no row in the training span", "one or more", where="intensity")
    return float(max(rows.last[train].max(), rows.coming[train].max(), 1.0))


def intensity(demand: Floats, *, ceiling: float) -> Floats:
    """Return d.

    Arguments:
        demand: postings of a window, >= 0.
        ceiling: postings that count as 1, > 0; more counts as 1 too.

    >>> intensity(np.array([0.0, 9.0, 99.0, 500.0]), ceiling=99.0).tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    level: Floats = np.log1p(np.maximum(demand, 0.0)) / np.log1p(ceiling)
    return level.clip(0.0, 1.0)


def expected(last: Floats, log_change: Floats) -> Floats:
    """Return N': the demand that a log change x = log((N' + 1) / (N + 1)) foretells, at least 0.

    >>> expected(np.array([9.0]), np.array([0.6931471805599453])).round(6).tolist()
    [19.0]
    """
    return np.maximum((last + 1.0) * np.exp(log_change) - 1.0, 0.0)


def confidence(
    probabilities: Floats, config: ForecastConfig, *, members: Floats | None = None, width: Floats | None = None
) -> Floats:
    """Return c = p * (1 - disagreement) ** agreement * (1 - width) ** narrowness.

    Arguments:
        probabilities: calibrated, [clusters, classes]; p is the largest of each row.
        config: the two exponents; with 0 for both, c is p.
        members: probabilities of the members of an ensemble, [members, clusters, classes]; the disagreement is their
            mean total variation from their mean, 0 where there is one member or none.
        width: upper minus lower end of the interval of the intensity, 0 to 1, [clusters]; None counts as 0.

    Returns:
        Values from 0 to 1.
    """
    result: Floats = probabilities.max(axis=1)
    if members is not None and len(members) > 1:
        apart = np.abs(members - members.mean(axis=0)).sum(axis=2).mean(axis=0) / 2.0
        result = result * np.clip(1.0 - apart, 0.0, 1.0) ** config.agreement
    if width is not None:
        result = result * np.clip(1.0 - width, 0.0, 1.0) ** config.narrowness
    return result.clip(0.0, 1.0)


def warning(intensity: Floats, change: Floats, gap: Floats, *, config: ForecastConfig) -> Floats:
    """Return r = eta1 d + eta2 delta + eta3 q (equation 12).

    The change counts up to ``config.largest_change`` either way, so that a cluster which goes from one posting to ten
    does not outweigh all others.
    """
    bounded = np.clip(change, -config.largest_change, config.largest_change)
    return config.eta1 * intensity + config.eta2 * bounded + config.eta3 * gap


def threshold(warning: Floats, config: ForecastConfig) -> float:
    """Return the threshold of the warning index: the fixed one, else a quantile of the present indices.

    A quantile keeps the number of focus clusters steady, about ``1 - focus_quantile`` of them, in good years and bad;
    a fixed threshold lets it follow the market.
    """
    if config.threshold is not None:
        return config.threshold
    return float(np.quantile(warning, config.focus_quantile)) if len(warning) else 0.0


def radius(predicted: Floats, actual: Floats, *, coverage: float) -> float:
    """Return half the width of the split-conformal interval of the intensity.

    The ceil((n + 1) * coverage)-th smallest absolute residual of n rows that the model was not fitted on: a new row
    that is exchangeable with them lies within it with at least that probability.

    Arguments:
        predicted, actual: intensities of the validation rows; NaN is left out.
        coverage: 0 to 1, exclusive.

    Returns:
        0 to 1; 1, which covers all, where there are too few rows for the coverage.
    """
    residuals = np.sort(np.abs(predicted - actual))
    residuals = residuals[~np.isnan(residuals)]
    place = ceil((len(residuals) + 1) * coverage)
    return 1.0 if place > len(residuals) else float(min(residuals[place - 1], 1.0))


def covered(actual: Floats, lower: Floats, upper: Floats) -> float:
    """Return the share of rows whose outcome lies within its interval; NaN without any.

    >>> covered(np.array([0.1, 0.5]), np.array([0.0, 0.6]), np.array([0.2, 0.7]))
    0.5
    """
    return float(((actual >= lower) & (actual <= upper)).mean()) if len(actual) else float("nan")


def forecasts(
    probabilities: Floats,
    log_change: Floats,
    *,
    last: Floats,
    gap: Floats,
    weights: Floats,
    ceiling: float,
    radius: float,
    config: ForecastConfig,
    members: Floats | None = None,
    channels: tuple[str, ...] = CHANNELS,
) -> Forecasts:
    """Return the forecasts of clusters from the outputs of a model.

    Arguments:
        probabilities: calibrated (equation 11), rows sum to 1, [clusters, 5].
        log_change: x that the model foretells, [clusters].
        last: postings of the last window, >= 0, [clusters].
        gap: q, 0 to 1; NaN, where nothing is known of students, counts as 0, [clusters].
        weights: of the channels, >= 0, [clusters, channels]; they are made to sum to 1, evenly where all are 0.
        ceiling: from `ceiling`.
        radius: from `radius`.
        config: settings.
        members: probabilities of the members of an ensemble, [members, clusters, 5].
        channels: their names.

    Raises:
        JobError: the arrays do not fit together, or a probability is none.
    """
    rows = len(log_change)
    shapes = [probabilities.shape, last.shape, gap.shape, weights.shape]
    if shapes != [(rows, len(DEMAND_CLASSES)), (rows,), (rows,), (rows, len(channels))]:
        expect = f"{rows} rows each, {len(DEMAND_CLASSES)} classes, {len(channels)} channels"
        raise JobError(f"shapes {shapes}", expect, where="forecasts")
    sums = probabilities.sum(axis=1)
    if not (np.isfinite(log_change).all() and (probabilities >= 0).all() and (np.abs(sums - 1.0) <= 1e-4).all()):
        raise JobError("probabilities or changes out of range", "rows that sum to 1, finite changes", where="forecasts")
    coming = expected(last, log_change)
    level = intensity(coming, ceiling=ceiling)
    lower, upper = np.maximum(level - radius, 0.0), np.minimum(level + radius, 1.0)
    lacking = np.clip(np.nan_to_num(gap), 0.0, 1.0)
    change = np.expm1(log_change)
    index = warning(level, change, lacking, config=config)
    limit = threshold(index, config)
    totals = weights.sum(axis=1, keepdims=True)
    even = np.full(weights.shape, 1.0 / max(1, len(channels)))
    return Forecasts(
        label=probabilities.argmax(axis=1),
        probabilities=probabilities / sums[:, None],
        before=last,
        expected=coming,
        intensity=level,
        lower=lower,
        upper=upper,
        change=change,
        gap=lacking,
        confidence=confidence(probabilities, config, members=members, width=upper - lower),
        warning=index,
        focus=index > limit,
        threshold=limit,
        weights=np.divide(weights, totals, out=even, where=totals > 0),
        channels=channels,
    )
