"""Does a forecaster know what it cannot know? Found by rewriting what it must not read.

Two things are tried. For each origin of the test span every value after it is rewritten and the rows are foretold
again with the fitted model: a forecast that moves was read off the future. Then what follows the last outcome that may
be learned from is rewritten, and the forecaster learns anew: if it then foretells the untouched data differently, the
learning looked ahead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from gnn.baselines.forecaster import Forecaster, Mask, Prediction, may_fit
from gnn.panel import Floats, Panel, Rows, rows
from schema.demand import HORIZON

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Leak:
    """What moved when it should not have.

    Arguments:
        where: "forecast" (the future of the rows was read) or "learning" (the future of the fit was read).
        origin: origin of the rows that moved; for learning, the last month that may be known.
        rows: how many rows moved.
        largest: largest move of a probability or of the log change.
    """

    where: str
    origin: int
    rows: int
    largest: float


def leak_check(
    panel: Panel, forecaster: Forecaster, *, seed: int = 0, horizon: int = HORIZON, learning: bool = True
) -> list[Leak]:
    """Return the leaks of a forecaster; none is what is hoped for.

    The forecaster is left fitted. Where it has an array ``extra`` [clusters, months, features], that is rewritten too.

    Arguments:
        panel: the data.
        forecaster: what to try.
        seed: for the fits and for what is written.
        horizon: months of a window.
        learning: also try the learning, which takes a second fit.
    """
    found = rows(panel, horizon=horizon)
    fit, test = may_fit(found, horizon=horizon), found.within(found.parts.test)
    random = np.random.default_rng(seed)
    forecaster.fit(panel, found, fit=fit, seed=seed)
    before = forecaster.predict(panel, found, at=test)
    leaks = []
    for origin in np.unique(found.origin[test]).tolist():
        changed, again = _rewritten(panel, found, after=origin, random=random, horizon=horizon)
        with _extra_rewritten(forecaster, after=origin, random=random):
            after = forecaster.predict(changed, again, at=_same(found, again, test & (found.origin == origin)))
        leaks += _moved("forecast", origin, _taken(before, found.origin[test] == origin), after)
    if learning:
        last = int(found.origin[fit].max()) + horizon
        changed, again = _rewritten(panel, found, after=last, random=random, horizon=horizon)
        with _extra_rewritten(forecaster, after=last, random=random):
            forecaster.fit(changed, again, fit=_same(found, again, fit), seed=seed)
        leaks += _moved("learning", last, before, forecaster.predict(panel, found, at=test))
        forecaster.fit(panel, found, fit=fit, seed=seed)
    return leaks


def _rewritten(
    panel: Panel, found: Rows, *, after: int, random: np.random.Generator, horizon: int
) -> tuple[Panel, Rows]:
    """Return panel and rows with other values after a month; months that are not known stay so."""
    values = panel.values.copy()
    future = values[:, after + 1 :]
    # At least 1, so that a cluster is not born later than it was.
    values[:, after + 1 :] = np.round(future * random.uniform(0.1, 5.0, future.shape)) + random.integers(
        1, 20, future.shape
    )
    changed = replace(panel, values=values)
    return changed, rows(changed, horizon=horizon, cuts=found.cuts)


def _same(found: Rows, again: Rows, mask: Mask) -> Mask:
    """Return a mask of rows as a mask of other rows, by cluster and origin."""
    span = int(max(found.origin.max(), again.origin.max())) + 1
    wanted = (found.cluster * span + found.origin)[mask]
    return np.isin(again.cluster * span + again.origin, wanted)


@contextmanager
def _extra_rewritten(forecaster: Forecaster, *, after: int, random: np.random.Generator) -> Iterator[None]:
    extra: Floats | None = getattr(forecaster, "extra", None)
    if extra is None:
        yield
        return
    changed = extra.copy()
    future = changed[:, after + 1 :]
    changed[:, after + 1 :] = 3.0 * future + random.normal(size=future.shape)
    forecaster.extra = changed  # type: ignore[attr-defined]
    try:
        yield
    finally:
        forecaster.extra = extra  # type: ignore[attr-defined]


def _taken(found: Prediction, mask: Mask) -> Prediction:
    return Prediction(found.probabilities[mask], found.change[mask], found.lower[mask], found.upper[mask])


def _moved(where: str, origin: int, first: Prediction, second: Prediction) -> list[Leak]:
    pairs = [(first.probabilities, second.probabilities)]
    pairs += [(getattr(first, name)[:, None], getattr(second, name)[:, None]) for name in ("change", "lower", "upper")]
    moves = np.concatenate([np.abs(np.nan_to_num(one) - np.nan_to_num(other)) for one, other in pairs], axis=1)
    moved = moves.max(axis=1) > TOLERANCE if len(moves) else np.zeros(0, bool)
    return [Leak(where, origin, int(moved.sum()), float(moves.max()))] if moved.any() else []
