"""From stored states to forecasts: fusion and heads alone, without the graph in time and without a text.

The vector of a cluster holds what its three channels said when `relate` ran. So the forecast of one cluster takes a
read of one node and a few small matrix products.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import torch
from numpy.typing import NDArray

from cypher import vectors
from cypher.graph import Graph
from cypher.library import query
from gnn import forecast
from gnn.artifact import DemandArtifact
from gnn.calibrate import scaled
from gnn.device import threads
from gnn.forecast import ForecastConfig, Forecasts
from gnn.fusion import CHANNELS
from gnn.heads import class_logits
from gnn.network import Told
from schema.errors import JobError

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]


class Foreteller:
    """Makes forecasts from the vectors of clusters; made once, it answers within a millisecond.

    Arguments:
        trained: a trained model.
        config: settings of what follows on its outputs; None takes the defaults.
    """

    def __init__(self, trained: DemandArtifact, config: ForecastConfig | None = None) -> None:
        self.trained = trained
        self.config = config or ForecastConfig()
        self._ending = trained.ending()

    def told(self, matrix: Matrix) -> Told:
        """Return what the model says from stored states.

        Arguments:
            matrix: vectors of clusters as `gnn.jobs.inference.relate` wrote them, [clusters, values].
        """
        width = self.trained.config.width
        # The matrices are small: to wait for a second thread takes longer, much longer on a busy machine.
        with threads(1), torch.inference_mode():
            states = torch.as_tensor(matrix[:, : len(CHANNELS) * width]).view(len(matrix), len(CHANNELS), width)
            # A channel that a cluster lacks was written as zeros.
            told: Told = self._ending(states, states.abs().sum(dim=2) > 0)
        return told

    def forecasts(self, matrix: Matrix, last: Floats, *, threshold: float | None = None) -> Forecasts:
        """Return forecasts.

        Arguments:
            matrix: vectors of clusters, [clusters, values].
            last: postings of the last window, [clusters].
            threshold: of the warning index, as it was for all clusters; None takes what the settings say.
        """
        trained, told = self.trained, self.told(matrix)
        with threads(1), torch.inference_mode():
            logits = class_logits(told.demand, torch.as_tensor(last, dtype=torch.float32), cuts=trained.cuts)
        return forecast.forecasts(
            scaled(logits.double().numpy(), trained.temperature),
            told.demand[:, 0].double().numpy(),
            last=last,
            gap=told.gap.double().numpy(),
            weights=told.weights.double().numpy(),
            ceiling=trained.ceiling,
            radius=trained.radius,
            config=self.config if threshold is None else replace(self.config, threshold=threshold),
            channels=CHANNELS,
        )


@dataclass(frozen=True, slots=True)
class Latest:
    """Forecasts of clusters, made from their stored states.

    Arguments:
        codes, names: of the clusters.
        month: first day of the window that is foretold.
        found: the forecasts, in the same order.
        seconds_reading, seconds_computing: what the graph and what the model took.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    month: date
    found: Forecasts
    seconds_reading: float
    seconds_computing: float


def latest(graph: Graph, foreteller: Foreteller, *, clusters: Sequence[str] | None = None) -> Latest:
    """Return the latest forecasts, of the window of the active generation.

    Arguments:
        graph: an open graph.
        foreteller: of the model whose states are stored.
        clusters: codes; None takes all that have a forecast.

    Raises:
        JobError: a cluster has no state of this model, or there is no forecast yet.
        UnreachableError: no server answers.
    """
    begun = time.perf_counter()
    generation = foreteller.trained.code
    if clusters is None:
        clusters = graph.read(vectors.written("JobCluster"), generation=generation)[0]["codes"]
        wanted = None
    else:
        wanted = set(clusters)
    rows = graph.read(query("snapshot/cluster-states"), codes=list(clusters), model=generation)
    if not rows or (wanted and wanted.difference(row["code"] for row in rows)):
        given = f"no state of {', '.join(sorted(wanted or [])) or 'any job cluster'} by this model, or no forecast"
        raise JobError(given, "a code of a job cluster, and `fullcycle gnn run` before", where=f"artifact {generation}")
    rows.sort(key=lambda row: str(row["code"]))
    matrix = np.array([row["embedding"] for row in rows], dtype=np.float32)
    last = np.array([row["before"] for row in rows], dtype=np.float64)
    read = time.perf_counter()
    found = foreteller.forecasts(matrix, last, threshold=rows[0]["threshold"])
    computed = time.perf_counter()
    return Latest(
        codes=tuple(row["code"] for row in rows),
        names=tuple(row["name"] or "" for row in rows),
        month=rows[0]["month"].to_native(),
        found=found,
        seconds_reading=read - begun,
        seconds_computing=computed - read,
    )
