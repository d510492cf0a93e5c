"""A line of the table: what one forecaster scored in all its runs, with intervals.

Two kinds of interval are given, for they say different things: over seeds (what a new start of the learning may
change) and over clusters (what other clusters might have shown). Rows of several trials are pooled; a cluster is then
drawn with its rows of every trial.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np

from gnn.baselines.forecaster import Prediction
from gnn.benchmarks.slices import slices
from gnn.benchmarks.trial import Outcome, Trial
from gnn.metrics import Interval, accuracy, bootstrap, confusion, difference, macro_f1, over_seeds, rmse, scores
from gnn.panel import Places

PAIRED = ("accuracy", "macro_f1", "rmse_change")

Runs = Sequence[Sequence[Outcome]]
"""Outcomes by seed and trial."""


@dataclass(frozen=True, slots=True)
class Line:
    """One forecaster.

    Arguments:
        name: of the forecaster.
        metrics: every metric of `gnn.metrics.scores`, mean with interval over seeds.
        clusters: accuracy, macro-F1 and error of the change with intervals over clusters.
        against: the same minus those of the reference, paired, over clusters; empty for the reference itself.
        against_seeds: the same differences with intervals over seeds.
        slices: by part of the rows: rows, and the mean over seeds of accuracy, macro-F1 and error of the change.
        trials: accuracy on each trial, mean over seeds, the latest first.
        confusion: true class by named class, summed over seeds.
        seconds: mean time to fit, and to foretell the test span.
    """

    name: str
    metrics: dict[str, Interval]
    clusters: dict[str, Interval]
    against: dict[str, Interval]
    against_seeds: dict[str, Interval]
    slices: dict[str, dict[str, float]]
    trials: tuple[float, ...]
    confusion: list[list[int]]
    seconds: tuple[float, float]


class Scoring:
    """Scores predictions of the test rows of all trials, taken together.

    Arguments:
        trials: the latest first; at least one.
        draws: draws of the bootstrap, >= 1.
    """

    def __init__(self, trials: Sequence[Trial], *, draws: int) -> None:
        self.draws = draws
        self.label = np.concatenate([trial.rows.label[trial.test] for trial in trials])
        self.change = np.concatenate([trial.rows.change[trial.test] for trial in trials])
        names = np.concatenate(
            [np.array(trial.panel.clusters, object)[trial.rows.cluster[trial.test]] for trial in trials]
        )
        self.cluster: Places = np.unique(names.astype(str), return_inverse=True)[1].astype(np.int64)
        sizes = [int(trial.test.sum()) for trial in trials]
        self.edges = np.r_[0, np.cumsum(sizes)]
        self.scale = np.repeat([_scale(trial) for trial in trials], sizes)
        parts = [slices(trial.panel, trial.rows, at=trial.test, horizon=trial.horizon) for trial in trials]
        self.slices = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def line(self, name: str, runs: Runs, *, other: Runs | None) -> Line:
        """Return the line of a forecaster.

        Arguments:
            name: of it.
            runs: by seed and trial.
            other: the reference; None for the reference itself.
        """
        own = [_pooled(each) for each in runs]
        named = [run.probabilities.argmax(axis=1) for run in own]
        each = [self._scores(run) for run in own]
        clusters, against, against_seeds = {}, {}, {}
        every = np.arange(len(self.label))
        for metric in PAIRED:
            figure = self._figure(metric, own)
            clusters[metric] = bootstrap(_mean(figure, len(own)), self.cluster, draws=self.draws)
            if other is not None:
                rival = self._figure(metric, [_pooled(run) for run in other])
                against[metric] = difference(figure, rival, self.cluster, seeds=len(own), draws=self.draws)
                apart = [figure(every, run) - rival(every, run) for run in range(len(own))]
                against_seeds[metric] = over_seeds(np.array(apart))
        spent = np.array([[outcome.seconds for outcome in run] for run in runs]).mean(axis=(0, 1))
        return Line(
            name=name,
            metrics={metric: over_seeds(np.array([run[metric] for run in each])) for metric in each[0]},
            clusters=clusters,
            against=against,
            against_seeds=against_seeds,
            slices={part: self._slice(np.flatnonzero(chosen), own) for part, chosen in self.slices.items()},
            trials=tuple(self._trial(place, named) for place in range(len(self.edges) - 1)),
            confusion=np.sum([confusion(self.label, found) for found in named], axis=0).tolist(),
            seconds=(float(spent[0]), float(spent[1])),
        )

    def _scores(self, run: Prediction) -> dict[str, float]:
        found = scores(self.label, self.change, probabilities=run.probabilities, predicted=run.change, lower=run.lower,
                       upper=run.upper, scale=1.0)  # fmt: skip
        # The scale of intensity is that of the row's own training span.
        return found | {"rmse_intensity": rmse(self.change / self.scale, run.change / self.scale)}

    def _figure(self, metric: str, runs: Sequence[Prediction]) -> Callable[[Places, int], float]:
        if metric == "rmse_change":
            return lambda places, run: rmse(self.change[places], runs[run].change[places])
        named = [run.probabilities.argmax(axis=1) for run in runs]
        score = accuracy if metric == "accuracy" else macro_f1
        return lambda places, run: score(self.label[places], named[run][places])

    def _slice(self, places: Places, runs: Sequence[Prediction]) -> dict[str, float]:
        figures = {metric: self._figure(metric, runs) for metric in PAIRED}
        found = {
            metric: float(np.mean([figure(places, run) for run in range(len(runs))]))
            for metric, figure in figures.items()
        }
        return {"rows": float(len(places)), **found}

    def _trial(self, place: int, named: Sequence[Places]) -> float:
        span = slice(*self.edges[place : place + 2])
        return float(np.mean([accuracy(self.label[span], found[span]) for found in named]))


def _pooled(outcomes: Sequence[Outcome]) -> Prediction:
    parts = ("probabilities", "change", "lower", "upper")
    return Prediction(*(np.concatenate([getattr(each.prediction, part) for each in outcomes]) for part in parts))


def _scale(trial: Trial) -> float:
    """Log of one plus the largest demand of a window in the training span: intensity 1."""
    return log1p(float(trial.rows.coming[trial.rows.within(trial.rows.parts.train)].max()))


def _mean(figure: Callable[[Places, int], float], runs: int) -> Callable[[Places], float]:
    return lambda places: sum(figure(places, run) for run in range(runs)) / runs
