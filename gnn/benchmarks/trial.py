"""One run of a forecaster: what it may learn from, what it is asked, how long it took; and earlier spans of a series.

A trial is a panel with the rows to learn from and the rows of its test. Rolling origins are trials of the same series,
each cut off where the test span of the later one begins: their test spans follow one another and share no row, and a
trial knows nothing of what comes after its own end.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np

from gnn.baselines.forecaster import Forecaster, Mask, Prediction, may_fit
from gnn.panel import Panel, Rows, rows
from schema.demand import HORIZON, spans
from schema.errors import JobError, SettingsError

Split = Literal["time", "random-leaking"]
SPLITS: tuple[Split, ...] = ("time", "random-leaking")
LEAST_TRAINING = 12
"""Origins that the training span of an earlier trial must have."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What every forecaster is given alike.

    Arguments:
        panel: the data.
        rows: rows of the task.
        fit, test: which rows may be learned from, and which are foretold, [rows].
        split: how they were parted.
        horizon: steps of a window.
        year: steps of a year: 12 where a step is a month.
    """

    panel: Panel
    rows: Rows
    fit: Mask
    test: Mask
    split: Split
    horizon: int
    year: int = 12

    @classmethod
    def of(cls, panel: Panel, *, split: Split = "time", horizon: int = HORIZON, year: int = 12) -> "Trial":
        """Return the trial of a panel.

        Raises:
            SettingsError: there is no such split, or there are too few months.
            JobError: there are no rows to learn from or none to test.
        """
        if split not in SPLITS:
            raise SettingsError(f"split {split!r}", " or ".join(SPLITS), where="split")
        found = rows(panel, horizon=horizon)
        fit, test = parted(found, split=split, horizon=horizon)
        if not fit.any() or not test.any():
            raise JobError(f"{fit.sum()} rows to learn from, {test.sum()} to test", "some of each", where=panel.name)
        return cls(panel, found, fit, test, split, horizon, year)

    @property
    def span(self) -> str:
        """First and last origin of the test, as months."""
        origins = self.rows.origin[self.test]
        first, last = (self.panel.month(int(place) * 12 // self.year) for place in (origins.min(), origins.max()))
        return f"{first:%Y-%m} to {last:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    Arguments:
        prediction: of the test rows.
        seconds: to learn, and to foretell.
    """

    prediction: Prediction
    seconds: tuple[float, float]


def attempt(trial: Trial, forecaster: Forecaster, *, seed: int) -> Outcome:
    """Let a forecaster learn and foretell the test rows once."""
    begun = perf_counter()
    forecaster.fit(trial.panel, trial.rows, fit=trial.fit, seed=seed)
    fitted = perf_counter()
    found = forecaster.predict(trial.panel, trial.rows, at=trial.test)
    return Outcome(found, (fitted - begun, perf_counter() - fitted))


def parted(found: Rows, *, split: Split, horizon: int) -> tuple[Mask, Mask]:
    """Return the rows that may be learned from, and those of the test.

    Arguments:
        found: the rows.
        split: "time" follows the protocol. At random, a tenth of all rows with an outcome is the test, the same for
            every seed: no result, it shows what leakage adds.
        horizon: months of a window.
    """
    if split == "time":
        return may_fit(found, horizon=horizon), found.within(found.parts.test)
    drawn = np.random.default_rng(0).random(len(found)) < 0.1
    known = found.label >= 0
    return known & ~drawn, known & drawn


def cutoffs(months: int, *, count: int, horizon: int = HORIZON) -> list[int]:
    """Return where a series is cut off for each trial, exclusive, the latest first.

    An earlier trial ends so that its last outcome is the last one known when the test span of the later one begins.
    Earlier trials are left out from where their training span would have fewer than LEAST_TRAINING origins.

    Arguments:
        months: of the whole series.
        count: trials that are wanted, >= 1.
        horizon: months of a window.

    Raises:
        SettingsError: count is below 1, or the series is too short for a single trial.

    >>> cutoffs(56, count=3)
    [56, 50, 45]
    """
    if count < 1:
        raise SettingsError(f"{count} origins", "1 or more", where="origins")
    found: list[int] = []
    until = months
    while len(found) < count:
        try:
            parts = spans(range(horizon - 1, until - horizon), horizon=horizon)
        except SettingsError:
            if not found:
                raise
            break
        if found and len(parts.train) < LEAST_TRAINING:
            break
        found.append(until)
        until = parts.test.start + horizon
    return found
