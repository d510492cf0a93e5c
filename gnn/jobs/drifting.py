"""The drift report of a model on a graph: what comes in and what came, held against its training span."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn import artifact as artifacts
from gnn import forecast, metrics
from gnn.artifact import DemandArtifact
from gnn.drift import (
    DriftConfig,
    DriftReport,
    Expected,
    Matured,
    Sign,
    input_sign,
    residual_signs,
    share_sign,
    text_sign,
)
from gnn.forecast import ForecastConfig
from gnn.jobs.inference import until_of
from gnn.jobs.postings import TEXT
from gnn.jobs.texts import read_text
from gnn.material.growth import known_terms
from gnn.panel import classify, windows
from gnn.snapshot import History, Postings, read_attributes, read_past
from schema.clock import months_later
from schema.demand import Cuts

Floats = NDArray[np.float64]

YEAR = 12
"""Months of the training span against which attributes of postings are held: its last year has every season."""


def drift(
    graph: Graph, folder: Path, *, config: DriftConfig | None = None, through: date | None = None, progress: Progress
) -> DriftReport:
    """Return whether the model of an artifact still fits what comes in.

    Arguments:
        graph: an open graph.
        folder: of the artifact.
        config: limits; None takes the defaults.
        through: last day that counts; None takes all.
        progress: shows the steps.

    Raises:
        JobError: postings are not encoded as they are now.
        UnreachableError: no server answers.
    """
    trained = artifacts.read(folder)
    history, postings = read_past(graph, through=through, progress=progress)
    text = None
    if (folder / TEXT).exists():
        months = (config or DriftConfig()).recent
        text = read_text(graph, trained, postings=postings, months=months, progress=progress)
    return drift_of(graph, trained, history=history, postings=postings, text=text, config=config, progress=progress)


def drift_of(
    graph: Graph,
    trained: DemandArtifact,
    *,
    history: History,
    postings: Postings,
    text: Floats | None,
    config: DriftConfig | None = None,
    progress: Progress,
) -> DriftReport:
    """Return the same from what was read before; ``text`` holds what postings say by month, or None without text."""
    config = config or DriftConfig()
    until = until_of(trained, history)
    with progress.step("Looking for drift"):
        signs = [_demand(history, until, config), *_attributes(graph, history, until, config)]
        if text is not None:
            signs.append(
                text_sign(text, mean=trained.scaling.mean["text"], spread=trained.scaling.spread["text"], config=config)
            )
        signs += [_training(history, until, config), *_unseen(history, postings, until, config)]
        matured = _matured(graph, history, config)
    nominal = ForecastConfig().coverage
    expected = Expected(trained.metrics["testChangeRmse"], nominal, trained.metrics["testCalibrationError"])
    return DriftReport((*signs, *residual_signs(matured, expected, config=config)))


def _recent(history: History, until: int, config: DriftConfig) -> int:
    """First of the last months; none of them lies in the training span."""
    return max(until, history.months - config.recent)


def _demand(history: History, until: int, config: DriftConfig) -> Sign:
    """Monthly changes of demand. Months are held against the same ones of the year, if there are two years of them."""
    logs = np.log1p(np.nan_to_num(history.counts))
    change = np.diff(logs, axis=1, prepend=logs[:, :1])
    first = _recent(history, until, config)
    months = np.arange(1, until)
    season = np.isin(months % 12, np.arange(first, history.months) % 12)
    chosen = months[season] if until >= 25 else months
    return input_sign("demand changes", change[:, chosen].ravel(), change[:, first:].ravel(), config=config)


def _attributes(graph: Graph, history: History, until: int, config: DriftConfig) -> list[Sign]:
    """What postings offer and ask for in the last months, against the last year of the training span."""

    def day(month: int) -> date:
        """The last day before a month."""
        return months_later(history.start, count=month) - timedelta(days=1)

    reference = read_attributes(graph, after=day(max(until - YEAR, 0)), through=day(until))
    recent = read_attributes(graph, after=day(_recent(history, until, config)), through=history.through)
    return [
        input_sign("pay", reference.salary, recent.salary, config=config),
        input_sign("education", reference.education, recent.education, config=config),
        input_sign("headcount", reference.headcount, recent.headcount, config=config),
    ]


def _training(history: History, until: int, config: DriftConfig) -> Sign:
    """Scores of courses: the terms that became known after the training span against those before."""
    courses = history.courses
    if not len(courses) or not history.terms:
        return Sign("course scores", float("nan"), config.stability, 0)
    known = known_terms(history)
    before, last = int(known[until - 1]), int(known[-1])
    return input_sign(
        "course scores",
        courses.score[courses.term <= before],
        courses.score[(courses.term > before) & (courses.term <= last)],
        config=config,
    )


def _unseen(history: History, postings: Postings, until: int, config: DriftConfig) -> tuple[Sign, Sign]:
    first = _recent(history, until, config)
    counts = np.nan_to_num(history.counts)
    recent = (postings.month >= first) & (postings.month < history.months) & (postings.cluster >= 0)
    old = counts[:, :until].sum(axis=1) > 0
    asked = history.requirements
    known = np.zeros(len(history.skills), bool)
    known[asked.skill[asked.month < until]] = True
    late = asked.month >= first
    named = np.repeat(known[asked.skill[late]], asked.count[late].astype(np.int64))
    return (
        share_sign("new clusters", old[postings.cluster[recent]], limit=config.new_clusters, config=config),
        share_sign("new skills", named, limit=config.new_skills, config=config),
    )


def _matured(graph: Graph, history: History, config: DriftConfig) -> Matured | None:
    after = months_later(history.through.replace(day=1), count=-config.matured)
    rows = graph.read(query("snapshot/matured-forecasts"), after=after, through=history.through)
    place = {code: number for number, code in enumerate(history.clusters)}
    rows = [row for row in rows if row["cluster"] in place]
    if not rows:
        return None
    coming = np.full(len(rows), np.nan)
    for horizon in {row["horizon"] for row in rows}:
        sums = windows(history.counts, horizon)
        for number, row in enumerate(rows):
            origin = row["origin"].to_native()
            month = 12 * origin.year + origin.month - 1 + horizon - history.first_month
            if row["horizon"] == horizon and 0 <= month < history.months:
                coming[number] = sums[place[row["cluster"]], month]
    there = ~np.isnan(coming)
    rows, coming = [row for row, known in zip(rows, there.tolist(), strict=True) if known], coming[there]
    last = np.array([row["before"] for row in rows])
    told = np.log1p(np.array([row["change"] for row in rows]))
    level = np.concatenate([forecast.intensity(coming[[n]], ceiling=row["ceiling"]) for n, row in enumerate(rows)])
    lower, upper = (np.array([row[name] for row in rows]) for name in ("lower", "upper"))
    label = np.concatenate(
        [
            classify(last[[n]], coming[[n]], cuts=Cuts(row["lowCut"], tuple(row["changeCuts"])))
            for n, row in enumerate(rows)
        ]
    )
    probabilities = np.array([row["probabilities"] for row in rows])
    return Matured(
        residual=np.log((coming + 1.0) / (last + 1.0)) - told,
        within=(level >= lower) & (level <= upper),
        calibration=metrics.calibration_error(label, probabilities),
    )
