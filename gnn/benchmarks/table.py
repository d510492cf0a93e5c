"""Forecasters beside one another on one panel, by one protocol, with intervals.

`compare` follows the protocol of `gnn.baselines.forecaster`: every forecaster learns from the same rows and foretells
the test span once for each seed. Two kinds of interval are given, for they say different things: over seeds (what a
new start of the learning may change) and over clusters (what other clusters might have shown).
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import log1p
from time import perf_counter
from typing import Literal

import numpy as np

from gnn.baselines.forecaster import Forecaster, Mask, Prediction, may_fit
from gnn.benchmarks.slices import slices
from gnn.metrics import Interval, accuracy, bootstrap, confusion, difference, macro_f1, over_seeds, rmse, scores
from gnn.panel import Panel, Places, Rows, rows
from schema.demand import HORIZON
from schema.derived import DEMAND_CLASSES
from schema.errors import JobError, SettingsError

Split = Literal["time", "random-leaking"]
SPLITS: tuple[Split, ...] = ("time", "random-leaking")
DRAWS = 500
PAIRED = ("accuracy", "macro_f1", "rmse_change")


@dataclass(frozen=True, slots=True)
class Line:
    """One forecaster.

    Arguments:
        name: of the forecaster.
        metrics: every metric of `gnn.metrics.scores`, mean with interval over seeds.
        clusters: accuracy, macro-F1 and error of the change with intervals over clusters.
        against: the same minus those of the reference, paired; empty for the reference itself.
        slices: by part of the rows: rows, and the mean over seeds of accuracy, macro-F1 and error of the change.
        confusion: true class by named class, summed over seeds.
        seconds: mean time to fit, and to foretell the test span.
    """

    name: str
    metrics: dict[str, Interval]
    clusters: dict[str, Interval]
    against: dict[str, Interval]
    slices: dict[str, dict[str, float]]
    confusion: list[list[int]]
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """What `compare` found.

    Arguments:
        data: name of the panel.
        split: "time", or "random-leaking", whose figures are too good.
        clusters, months: size of the panel.
        rows: rows learned from, and rows of the test.
        classes: share of each class in both.
        low, cuts: cut points.
        seeds: as given.
        reference: the forecaster that the others are held against.
        lines: in the order given.
    """

    data: str
    split: str
    clusters: int
    months: int
    rows: dict[str, int]
    classes: dict[str, list[float]]
    low: float
    cuts: tuple[float, float, float]
    seeds: tuple[int, ...]
    reference: str
    lines: tuple[Line, ...]

    def json(self) -> dict[str, object]:
        """Return all of it as plain values; NaN becomes None."""
        return _plain(asdict(self))  # type: ignore[return-value]

    def markdown(self) -> str:
        """Return the table as Markdown, with what it rests on above it."""
        columns = ("accuracy", "macro_f1", "weighted_f1", "top_3", "ordinal_error", "rmse_change", "rmse_intensity",
                   "calibration_error", "coverage")  # fmt: skip
        leaking = "; RANDOM SPLIT, LEAKS: rows that overlap in time on both sides" if self.split != "time" else ""
        lines = [
            f"{self.data}: {self.clusters} clusters, {self.months} steps, learned from {self.rows['fit']} rows, "
            f"test {self.rows['test']} rows, {len(self.seeds)} seeds{leaking}",
            "",
            f"| row | {' | '.join(name.replace('_', ' ') for name in columns)} | accuracy over clusters "
            f"| accuracy - {self.reference} |",
            f"| --- |{' --- |' * (len(columns) + 2)}",
        ]
        for line in self.lines:
            cells = [_cell(line.metrics[name]) for name in columns]
            against = line.against.get("accuracy")
            cells += [_ends(line.clusters["accuracy"]), f"{against.mean:+.3f} {_ends(against)}" if against else ""]
            lines.append(f"| {line.name} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def line(self, name: str) -> Line:
        """Return the line of a forecaster.

        Raises:
            SettingsError: it is not in the table.
        """
        for each in self.lines:
            if each.name == name:
                return each
        raise SettingsError(f"forecaster {name!r}", ", ".join(each.name for each in self.lines), where="table")


def compare(
    panel: Panel,
    forecasters: Sequence[Forecaster],
    *,
    seeds: Sequence[int] = (0, 1, 2),
    split: Split = "time",
    horizon: int = HORIZON,
    reference: str = "XGBoost",
    draws: int = DRAWS,
    progress: Callable[[str], None] | None = None,
) -> Table:
    """Let each forecaster learn and foretell, and score it.

    Arguments:
        panel: the data.
        forecasters: what to compare; names differ.
        seeds: at least one.
        split: "time"; "random-leaking" parts rows at random instead, to show what that adds: no result.
        horizon: months of a window.
        reference: name of the forecaster that the others are held against; the first where there is none of that name.
        draws: draws of the bootstrap, >= 1.
        progress: told of each step.

    Raises:
        SettingsError: no such split, no seed, or two forecasters of one name.
        JobError: there are no rows to learn from or none to test.
    """
    names = [forecaster.name for forecaster in forecasters]
    if split not in SPLITS:
        raise SettingsError(f"split {split!r}", " or ".join(SPLITS), where="split")
    if not seeds or len(set(names)) != len(names) or not names:
        raise SettingsError(
            f"{len(seeds)} seeds, forecasters {names}", "a seed, and names that differ", where="compare"
        )
    found = rows(panel, horizon=horizon)
    fit, test = parted(found, split=split, horizon=horizon)
    if not fit.any() or not test.any():
        raise JobError(f"{fit.sum()} rows to learn from, {test.sum()} to test", "some of each", where=panel.name)
    runs: dict[str, list[Prediction]] = {}
    seconds: dict[str, tuple[float, float]] = {}
    for number, forecaster in enumerate(forecasters, start=1):
        times = np.zeros((len(seeds), 2))
        runs[forecaster.name] = []
        for place, seed in enumerate(seeds):
            begun = perf_counter()
            forecaster.fit(panel, found, fit=fit, seed=seed)
            fitted = perf_counter()
            runs[forecaster.name].append(forecaster.predict(panel, found, at=test))
            times[place] = fitted - begun, perf_counter() - fitted
            if progress:
                progress(
                    f"{panel.name} [{number}/{len(names)}] {forecaster.name}, seed {seed}: {times[place].sum():.1f} s"
                )
        seconds[forecaster.name] = (float(times[:, 0].mean()), float(times[:, 1].mean()))
    reference = reference if reference in names else names[0]
    scored = _Scored(panel, found, test, horizon)
    lines = tuple(
        scored.line(name, runs[name], other=None if name == reference else runs[reference], draws=draws,
                    seconds=seconds[name])
        for name in names
    )  # fmt: skip
    return Table(
        data=panel.name, split=split, clusters=len(panel.clusters), months=panel.months,
        rows={"fit": int(fit.sum()), "test": int(test.sum())},
        classes={part: _shares(found.label[mask]) for part, mask in (("fit", fit), ("test", test))},
        low=found.cuts.low, cuts=found.cuts.change, seeds=tuple(seeds), reference=reference, lines=lines,
    )  # fmt: skip


def parted(found: Rows, *, split: Split, horizon: int) -> tuple[Mask, Mask]:
    """Return the rows that may be learned from, and those of the test.

    Arguments:
        found: the rows.
        split: as in `compare`. At random, a tenth of all rows with an outcome is the test, the same for every seed.
        horizon: months of a window.
    """
    if split == "time":
        return may_fit(found, horizon=horizon), found.within(found.parts.test)
    drawn = np.random.default_rng(0).random(len(found)) < 0.1
    known = found.label >= 0
    return known & ~drawn, known & drawn


class _Scored:
    """Scores predictions of the test rows."""

    def __init__(self, panel: Panel, found: Rows, test: Mask, horizon: int) -> None:
        self.label, self.change, self.cluster = found.label[test], found.change[test], found.cluster[test]
        self.slices = slices(panel, found, at=test, horizon=horizon)
        self.scale = log1p(float(found.coming[found.within(found.parts.train)].max()))

    def line(
        self,
        name: str,
        runs: list[Prediction],
        *,
        other: list[Prediction] | None,
        draws: int,
        seconds: tuple[float, float],
    ) -> Line:
        """Return the line of a forecaster."""
        each = [
            scores(self.label, self.change, probabilities=run.probabilities, predicted=run.change, lower=run.lower,
                   upper=run.upper, scale=self.scale)
            for run in runs
        ]  # fmt: skip
        named = [run.probabilities.argmax(axis=1) for run in runs]
        clusters, against = {}, {}
        for metric in PAIRED:
            own = self._figure(metric, runs)
            clusters[metric] = bootstrap(_mean(own, len(runs)), self.cluster, draws=draws)
            if other is not None:
                against[metric] = difference(
                    own, self._figure(metric, other), self.cluster, seeds=len(runs), draws=draws
                )
        return Line(
            name=name,
            metrics={metric: over_seeds(np.array([run[metric] for run in each])) for metric in each[0]},
            clusters=clusters,
            against=against,
            slices={part: self._slice(np.flatnonzero(chosen), runs) for part, chosen in self.slices.items()},
            confusion=sum(confusion(self.label, each_named) for each_named in named).tolist(),  # type: ignore[union-attr]
            seconds=seconds,
        )

    def _figure(self, metric: str, runs: list[Prediction]) -> Callable[[Places, int], float]:
        if metric == "rmse_change":
            return lambda places, run: rmse(self.change[places], runs[run].change[places])
        named = [run.probabilities.argmax(axis=1) for run in runs]
        score = accuracy if metric == "accuracy" else macro_f1
        return lambda places, run: score(self.label[places], named[run][places])

    def _slice(self, places: Places, runs: list[Prediction]) -> dict[str, float]:
        figures = {metric: self._figure(metric, runs) for metric in PAIRED}
        found = {
            metric: float(np.mean([figure(places, run) for run in range(len(runs))]))
            for metric, figure in figures.items()
        }
        return {"rows": float(len(places)), **found}


def _mean(figure: Callable[[Places, int], float], runs: int) -> Callable[[Places], float]:
    return lambda places: sum(figure(places, run) for run in range(runs)) / runs


def _shares(label: Places) -> list[float]:
    return [round(float(count) / max(len(label), 1), 4) for count in np.bincount(label, minlength=len(DEMAND_CLASSES))]


def _cell(found: Interval) -> str:
    if np.isnan(found.mean):
        return "-"
    half = (found.high - found.low) / 2
    return f"{found.mean:.3f}" if np.isnan(half) or half < 5e-4 else f"{found.mean:.3f} ± {half:.3f}"


def _ends(found: Interval) -> str:
    return f"[{found.low:.3f}, {found.high:.3f}]"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, 5) if np.isfinite(value) else None
    return value
