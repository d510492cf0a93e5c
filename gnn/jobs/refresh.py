"""The weekly update: what is new or changed since the last run, by the weights of an artifact.

Everything is read from the graph once. Of the postings, whose encoding takes nearly all the time of a full run, only
those are read and encoded whose digest says so. Sums over months, profiles of clusters and the states that follow from
them are arrays and take seconds; a state that comes out as it stands on the graph is not written again. There is no
cache beside the graph that could be stale: what says that a vector is still right stands beside the vector and was
written in the same transaction. A run that was killed is run again, and goes on where it was.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import artifact as artifacts
from gnn.drift import DriftConfig, DriftReport
from gnn.forecast import ForecastConfig
from gnn.jobs.drifting import drift_of
from gnn.jobs.inference import encode_due, generate_from, latest_material, relate_material, text_of
from gnn.jobs.postings import TEXT
from gnn.snapshot import read_past
from gnn.writeback import ForecastReport


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
    trained = artifacts.read(folder)
    history, postings = read_past(graph, through=through, progress=progress)
    clock.lap("reading")
    encoded = 0
    with ThreadPoolExecutor(1) as aside:
        # What does not depend on texts is put together while texts are encoded.
        making = aside.submit(latest_material, trained, history)
        if (folder / TEXT).exists():
            encoded = encode_due(
                graph, trained, folder, history=history, postings=postings, again=again, progress=progress
            ).written
            postings = postings.encoded(trained.code)
        material = making.result()
    clock.lap("encoding")
    if (folder / TEXT).exists():
        months = max(trained.config.lags, (drift or DriftConfig()).recent)
        text = text_of(graph, trained, history=history, postings=postings, months=months, progress=progress)
        material = material.with_text(text)
    related = relate_material(graph, trained, material, history=history, again=again, progress=progress)
    clock.lap("relating")
    # Gaps follow here, between states and forecasts, once their job can be told what changed.
    made = generate_from(graph, trained, history=history, config=config, progress=progress)
    clock.lap("forecasting")
    found = drift_of(
        graph, trained, history=history, postings=postings, text=material.text, config=drift, progress=progress
    )
    clock.lap("drift")
    return RefreshReport(len(postings), encoded, related.written, made, found, clock.seconds)


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
