"""Drift: does what comes in, or how far forecasts miss, differ from what the model was trained on?

Plain arithmetic on arrays. Each sign is a number with a limit; one beyond its limit says that it is time to train
again. A limit leaves room for chance: few values differ from others without any drift.
"""

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gnn.settings import Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DriftConfig(Settings):
    """What counts as drift.

    Arguments:
        recent: last months that are held against the training span, >= 1.
        matured: months of past forecasts that are held against what came, >= 1.
        bins: of the population stability index, >= 2.
        least: values or forecasts below which nothing is said, >= 1.
        chance: how many standard deviations of chance a population stability index may lie beyond its mean, >= 0.
        stability: limit of the population stability index, > 0; 0.25 is the customary one.
        text: limit of the distance of text vectors, > 0.
        new_clusters, new_skills: limits of the share of what the model has not seen in training, > 0.
        bias: limit of the mean residual, in spreads of the residual at training, > 0.
        spread: limit of the spread of the residual, in the same, > 0.
        coverage: by how much intervals may hold fewer outcomes than they say, > 0.
        calibration: by how much the calibration error may be greater than at training, > 0.

    Raises:
        SettingsError: a value is out of its range.
    """

    part: ClassVar[str] = "drift"

    recent: int = 3
    matured: int = 6
    bins: int = 10
    least: int = 30
    chance: float = 4.0
    stability: float = 0.25
    text: float = 0.25
    new_clusters: float = 0.1
    new_skills: float = 0.1
    bias: float = 0.75
    spread: float = 1.5
    coverage: float = 0.15
    calibration: float = 0.15

    def __post_init__(self) -> None:
        for name, low in (("recent", 1), ("matured", 1), ("bins", 2), ("least", 1), ("chance", 0)):
            self.require(name, getattr(self, name) >= low, f"{low} or more")
        for name in ("stability", "text", "new_clusters", "new_skills", "bias", "spread", "coverage", "calibration"):
            self.require(name, getattr(self, name) > 0, "more than 0")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at.

    Arguments:
        name: what it is.
        value: measured; NaN where there was too little to look at.
        limit: beyond which it is drift.
        count: values that it comes from.
    """

    name: str
    value: float
    limit: float
    count: int

    @property
    def drifted(self) -> bool:
        """Whether it is beyond its limit; what is not known is not."""
        return bool(self.value > self.limit)


@dataclass(frozen=True, slots=True)
class DriftReport:
    """All signs: of the inputs first, then of the residuals."""

    signs: tuple[Sign, ...]

    @property
    def retrain(self) -> bool:
        """Whether it is time to train again."""
        return any(sign.drifted for sign in self.signs)

    @property
    def sentence(self) -> str:
        """The verdict and why."""
        found = [f"{sign.name} {sign.value:.2f} (limit {sign.limit:.2f})" for sign in self.signs if sign.drifted]
        if found:
            return f"retrain: yes, because of {', '.join(found)}"
        known = sum(not np.isnan(sign.value) for sign in self.signs)
        return f"retrain: no, because none of the {known} signs that could be measured is beyond its limit"


def stability(reference: Floats, recent: Floats, *, bins: int = 10) -> float:
    """Return the population stability index: how differently two samples fall into the bins of the first.

    PSI = sum over bins of (a - e) ln(a / e), with a and e the shares of the recent and of the reference values in a bin
    between quantiles of the reference. Values that are missing have a bin of their own. Half a value is added to each
    bin, so that an empty one is not minus infinity. Source: Siddiqi, Credit Risk Scorecards, 2006.

    Arguments:
        reference, recent: values, NaN where missing; none of the two empty.
        bins: >= 2; equal quantiles fall together.

    Returns:
        0 where both fall alike, and above.

    >>> stability(np.arange(100.0), np.arange(100.0))
    0.0
    """
    known = reference[~np.isnan(reference)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1])) if len(known) else np.zeros(0)
    expected, actual = (_shares(values, edges) for values in (reference, recent))
    return float(((actual - expected) * np.log(actual / expected)).sum())


def _shares(values: Floats, edges: Floats) -> Floats:
    place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
    count = np.bincount(place, minlength=len(edges) + 2) + 0.5
    return np.asarray(count / count.sum())


def stability_limit(reference: int, recent: int, *, config: DriftConfig) -> float:
    """Return the limit of a population stability index of so many values.

    Without drift PSI is distributed as (1/n + 1/m) times chi-square with bins - 1 degrees of freedom, of mean bins - 1
    and variance 2 (bins - 1). The limit is the customary one, or where that is greater, the mean and so many standard
    deviations. Source: Yurdakul, Statistical Properties of Population Stability Index, 2018.

    Arguments:
        reference, recent: n and m, > 0.
        config: limits.
    """
    free = config.bins - 1
    return max(config.stability, (1 / reference + 1 / recent) * (free + config.chance * sqrt(2 * free)))


def distance(recent: Floats, *, mean: Floats, spread: Floats) -> float:
    """Return how far the mean of vectors moved.

    D = mean over the values of ((m' - m) / s)^2, with m and s mean and spread of the training span and m' the mean of
    the recent vectors: 0 where the mean stayed, 1 where it moved by as much as vectors usually differ. So many vectors
    n that differ by chance alone give 1/n.

    Arguments:
        recent: vectors, [rows, values]; at least one.
        mean, spread: of the training span, [values]; the spread is above 0.
    """
    return float((((recent.mean(axis=0) - mean) / spread) ** 2).mean())


def input_sign(name: str, reference: Floats, recent: Floats, *, config: DriftConfig) -> Sign:
    """Return the sign of an input table, by its population stability index.

    Arguments:
        name: of the table.
        reference, recent: values of the training span and of the last months, NaN where missing.
        config: limits.
    """
    count = len(recent)
    if min(len(reference), count) < config.least:
        return Sign(name, float("nan"), config.stability, count)
    limit = stability_limit(len(reference), count, config=config)
    return Sign(name, stability(reference, recent, bins=config.bins), limit, count)


def text_sign(text: Floats, *, mean: Floats, spread: Floats, config: DriftConfig) -> Sign:
    """Return the sign of the postings' text vectors: the distance of the last months from the training span.

    Every cluster counts alike, so that a month in which some clusters hire more is no drift of what postings say.

    Arguments:
        text: mean vectors by month, NaN where there is no posting, [clusters, months, values].
        mean, spread: of the training span, [values].
        config: limits.
    """
    recent = text[:, -config.recent :].reshape(-1, text.shape[2])
    recent = recent[~np.isnan(recent).any(axis=1)]
    if len(recent) < config.least:
        return Sign("text vectors", float("nan"), config.text, len(recent))
    found = distance(recent, mean=mean, spread=spread)
    return Sign("text vectors", found, config.text + 1 / len(recent), len(recent))


def share_sign(name: str, seen: NDArray[np.bool_], *, limit: float, config: DriftConfig) -> Sign:
    """Return the sign of what training has not seen: its share.

    Arguments:
        name: what it is.
        seen: of each recent thing, whether training saw its kind.
        limit: of the share.
        config: limits.
    """
    value = float(1.0 - seen.mean()) if len(seen) >= config.least else float("nan")
    return Sign(name, value, limit, len(seen))


@dataclass(frozen=True, slots=True)
class Matured:
    """Past forecasts whose window is over.

    Arguments:
        residual: log change that came minus the one that was foretold, [forecasts].
        within: whether the intensity that came lies in the interval, [forecasts].
        calibration: expected calibration error of the classes.
    """

    residual: Floats
    within: NDArray[np.bool_]
    calibration: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What was measured at training, on months that the model had not seen.

    Arguments:
        spread: root mean square of the residual.
        coverage: share of outcomes that intervals are to hold.
        calibration: expected calibration error.
    """

    spread: float
    coverage: float
    calibration: float


def residual_signs(matured: Matured | None, expected: Expected, *, config: DriftConfig) -> tuple[Sign, ...]:
    """Return the signs of the residuals; NaN where there are too few matured forecasts.

    bias         |mean r| / s       r residuals, s their root mean square at training, where the mean was near 0
    spread       sd(r) / s
    coverage     share that intervals were to hold, minus the share that they held
    calibration  calibration error now, minus the one at training
    """
    count = 0 if matured is None else len(matured.residual)
    limits = {
        "bias of forecasts": config.bias,
        "spread of residuals": config.spread,
        "missing coverage": config.coverage,
        "excess calibration error": config.calibration,
    }
    if matured is None or count < config.least:
        return tuple(Sign(name, float("nan"), limit, count) for name, limit in limits.items())
    scale = max(expected.spread, 1e-9)
    values = (
        abs(float(matured.residual.mean())) / scale,
        float(matured.residual.std()) / scale,
        expected.coverage - float(matured.within.mean()),
        matured.calibration - expected.calibration,
    )
    return tuple(Sign(name, value, limit, count) for (name, limit), value in zip(limits.items(), values, strict=True))
