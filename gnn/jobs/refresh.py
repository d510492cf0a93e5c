"""The weekly update: what is new or changed since the last run, by the weights of an artifact.

Everything is read from the graph once, postings first. Of these, whose encoding takes nearly all the time of a full
run, only those are read and encoded whose digest says so. Sums over months, profiles of clusters and the states that
follow from them are arrays and take seconds; a state that comes out as it stands on the graph is not written again.
There is no cache beside the graph that could be stale: what says that a vector is still right stands beside the vector
and was written in the same transaction. A run that was killed is run again, and goes on where it was.

Gaps and lists are not made here: forecasts weigh in every list, so `fullcycle gaps` makes all of them anew afterwards;
between two runs `gnn.jobs.updating` brings those up to date that a change of the graph concerns.
"""

import time
from collections.abc import Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from cypher.graph import Graph
from cypher.progress import Progress
from cypher.threads import one_thread
from gnn import artifact as artifacts
from gnn.artifact import DemandArtifact
from gnn.device import threads
from gnn.drift import DriftConfig, DriftReport
from gnn.forecast import ForecastConfig
from gnn.jobs.drifting import drift_of
from gnn.jobs.inference import due_of, encoded, generate_from, latest_material, put_encoded, relate_material
from gnn.jobs.postings import TEXT
from gnn.jobs.texts import Floats, Vectors, read_recent, text_of
from gnn.snapshot import Past, Postings
from gnn.writeback import EmbeddingReport, ForecastReport

FEW = 5_000
"""Postings up to which all are encoded before the first is written."""

ASIDE = 3
"""Threads beside the main one: they encode, read and write."""

SILENT = Progress.silent()


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What an update did.

    Arguments:
        postings: that there are.
        encoded: those of them that were new or changed.
        written: other vectors that were new or changed, by label.
        forecasts: the generation that is active now.
        drift: whether it is time to train again.
        seconds: by step.
    """

    postings: int
    encoded: int
    written: dict[str, int]
    forecasts: ForecastReport
    drift: DriftReport
    seconds: dict[str, float] = field(default_factory=dict)


def refresh(
    graph: Graph,
    folder: Path,
    *,
    config: ForecastConfig | None = None,
    drift: DriftConfig | None = None,
    again: bool = False,
    through: date | None = None,
    progress: Progress,
) -> RefreshReport:
    """Bring vectors and forecasts up to date, and look whether the model still fits what comes in.

    The result is that of `encode`, `relate` and `generate` run on everything.

    Arguments:
        graph: an open graph.
        folder: of the artifact.
        config: settings of the forecasts.
        drift: limits of the drift report.
        again: compute and write everything, changed or not.
        through: last day that counts; None takes all.
        progress: shows the steps.

    Raises:
        JobError: the artifact does not fit the graph, or another run took over.
        UnreachableError: the server went away and did not come back in time.
    """
    clock = _Clock()
    trained, months = artifacts.read(folder), (drift or DriftConfig()).recent
    with one_thread(), ThreadPoolExecutor(ASIDE) as aside:
        words = None
        with Past(graph, through=through, progress=progress) as past:
            postings = past.postings
            if (folder / TEXT).exists():
                words = _Words(graph, trained, folder, postings, months=months, again=again, aside=aside)
            history = past.history
        clock.lap("reading")
        # What does not depend on texts is put together while texts are encoded.
        making = aside.submit(latest_material, trained, history)
        text = None if words is None else words.text(progress=progress)
        material = making.result()
        clock.lap("encoding")
        drifting = aside.submit(
            drift_of, graph, trained, history=history, postings=postings, text=text, config=drift, progress=SILENT
        )
        related = relate_material(
            graph,
            trained,
            material if text is None else material.with_text(text),
            history=history,
            again=again,
            after=None if words is None else words.written,
            progress=progress,
        )
        clock.lap("relating")
        made = generate_from(graph, trained, history=history, config=config, progress=progress)
        clock.lap("forecasting")
        with progress.step("Looking for drift"):
            found = drifting.result()
        clock.lap("drift")
    encoded = 0 if words is None else words.written()
    return RefreshReport(len(postings), encoded, related.written, made, found, clock.seconds)


class _Words:
    """What postings say, brought up to date.

    Where few postings are due, they are encoded on one core while the server goes on to give out the rest, and are
    written while states are computed; many are encoded and written block by block.

    Arguments:
        graph: an open graph.
        trained: a model that reads texts.
        folder: of its artifact.
        postings: all of them.
        months: back from the last one, of which the drift report reads what postings say.
        again: encode all.
        aside: runs what goes on beside.
    """

    def __init__(
        self,
        graph: Graph,
        trained: DemandArtifact,
        folder: Path,
        postings: Postings,
        *,
        months: int,
        again: bool,
        aside: ThreadPoolExecutor,
    ) -> None:
        self._graph, self._trained, self._folder, self._aside = graph, trained, folder, aside
        self._postings, self._months = postings, max(trained.config.lags, months)
        self._due = due_of(graph, trained, postings=postings, again=again)
        self._few = len(self._due.digests) <= FEW
        self._writing: Future[EmbeddingReport] | None = None
        if self._few:
            self._stored = aside.submit(self._read, but=self._due.digests)
            self._made = aside.submit(self._encode)

    def text(self, *, progress: Progress) -> Floats:
        """Return what postings say now, as `text_of`; vectors that are new may still be on their way to the graph."""
        if self._few:
            with progress.step("Encoding postings", len(self._due.digests), unit="postings") as step:
                made = self._made.result()
                step.advance(len(self._due.digests))
            self._writing = self._aside.submit(self._put, made, progress=SILENT)
            parts = [self._stored.result(), *made]
        else:
            found = encoded(self._graph, self._folder, postings=self._postings, due=self._due)
            self._writing = Future()
            self._writing.set_result(self._put(found, progress=progress))
            parts = [self._read()]
        codes = tuple(code for some, _ in parts for code in some)
        matrix = np.concatenate([matrix for some, matrix in parts if some])
        now = self._postings.encoded(self._trained.code)
        return text_of(self._trained, (codes, matrix), postings=now, months=self._months)

    def written(self) -> int:
        """Wait until all vectors are on the graph, and return how many of them are new."""
        assert self._writing is not None, "text() comes first"
        return self._writing.result().written

    def _encode(self) -> list[Vectors]:
        with threads(1):
            return list(encoded(self._graph, self._folder, postings=self._postings, due=self._due))

    def _put(self, found: Iterable[Vectors], *, progress: Progress) -> EmbeddingReport:
        return put_encoded(self._graph, self._trained, found, postings=self._postings, due=self._due, progress=progress)

    def _read(self, *, but: Collection[str] = ()) -> Vectors:
        return read_recent(
            self._graph, self._trained, postings=self._postings, months=self._months, but=but, progress=SILENT
        )


class _Clock:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap."""
        moment = time.monotonic()
        self.seconds[name] = round(moment - self._last, 3)
        self._last = moment
