"""Where training begins: at the linear forecast of what the channels see, by ridge regression.

There are some thousand rows to learn from, and lags, levels and neighbours' lags tell most of what can be told. A
network that begins anywhere else spends its few passes on finding them again, differently for each seed; this one
begins there, and learns what a straight line does not tell: students, the graph, and how sure a forecast can be.

Clusters do not share one season: it is stronger in some and comes earlier in others. With s the season that all have
in common, as the first fit finds it, a cluster's own adds

    a s[m] + b (s[m + 1] - s[m - 1]) / 2

at month m of the year. A few years of one cluster say little of its a and b, so both are drawn towards 0: they are
fitted together with all other weights, as values of a standard deviation that is chosen like the penalty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gnn.baselines.regression import PENALTIES, ridge
from gnn.dataset import YEAR, Dataset
from gnn.network import DemandNetwork

Floats = NDArray[np.float64]

SEASONS = (0.0, 0.2, 0.4, 0.8)
"""Of Start.season, those that are tried."""
NORMAL = 1.4826
"""Standard deviation of normal errors by the median of their sizes, which a few sudden breaks do not widen."""


@dataclass(frozen=True, slots=True)
class Start:
    """How far the linear forecast may reach.

    Arguments:
        penalty: of the ridge regression, >= 0; 0 begins anywhere.
        season: standard deviation of a and b over clusters, >= 0; with 0 all have one season.
    """

    penalty: float = 0.0
    season: float = 0.0


@dataclass(frozen=True, slots=True)
class _Fit:
    """A linear forecast.

    Arguments:
        weights: of the values seen, the shift last, [values + 1].
        seasons: what is added for each cluster and month of the year, [clusters, YEAR].
    """

    weights: Floats
    seasons: Floats

    def said(self, seen: "_Seen") -> Floats:
        """Return the change of rows, [rows]."""
        return np.asarray(seen.design @ self.weights + self.seasons[seen.cluster, seen.month])


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is seen of rows.

    Arguments:
        design: values and a column of ones, [rows, values + 1].
        cluster, month: places of the clusters, and of the months in their year, [rows].
        calendar: values of the columns that tell the month of the year, for each of them, [YEAR, columns].
        dated: places of these columns, which lie together.
    """

    design: Floats
    cluster: NDArray[np.int64]
    month: NDArray[np.int64]
    calendar: Floats
    dated: slice

    @classmethod
    def of(cls, network: DemandNetwork, data: Dataset, cluster: Tensor, origin: Tensor) -> "_Seen":
        """Return what a network sees of rows."""
        values = [table[cluster, origin].double().cpu().numpy() for table in network.plain(data).values()]
        month = data.month.cpu().numpy()
        series = data.series[0].double().cpu().numpy()
        dated = slice(series.shape[1] - YEAR, series.shape[1])
        calendar = np.zeros((YEAR, YEAR))
        calendar[month] = series[:, dated]
        return cls(
            np.concatenate([*values, np.ones((len(cluster), 1))], axis=1),
            cluster.cpu().numpy(),
            month[origin.cpu().numpy()],
            calendar,
            dated,
        )

    def fit(self, change: Floats, start: Start, *, clusters: int) -> _Fit:
        """Return the linear forecast of these rows."""
        weights = ridge(self.design, change, penalty=start.penalty)
        none = np.zeros((clusters, YEAR))
        noise = np.square(change - self.design @ weights).mean()
        if not start.season or noise <= 0:
            return _Fit(weights, none)
        common = self.calendar @ weights[self.dated]
        common -= common.mean()
        basis = np.stack([common, (np.roll(common, -1) - np.roll(common, 1)) / 2], axis=1)
        own = np.zeros((len(change), clusters, 2))
        own[np.arange(len(own)), self.cluster] = basis[self.month]
        # The penalty counts for every column alike, so these are as large as their spread asks for.
        size = start.season * np.sqrt(start.penalty * len(change) / noise)
        design = np.concatenate([size * own.reshape(len(own), -1), self.design], axis=1)
        found = ridge(design, change, penalty=start.penalty)
        return _Fit(found[2 * clusters :], size * found[: 2 * clusters].reshape(clusters, 2) @ basis.T)


@torch.no_grad()
def begin(
    network: DemandNetwork, data: Dataset, *, cluster: Tensor, origin: Tensor, change: Tensor, start: Start
) -> None:
    """Set a fresh network to the linear forecast of the change.

    Arguments:
        network: not trained yet.
        data: the material.
        cluster, origin, change: rows to learn from, [rows].
        start: how far it reaches; its penalty is > 0.
    """
    seen = _Seen.of(network, data, cluster, origin)
    fit = seen.fit(change.double().cpu().numpy(), start, clusters=len(data.series))
    weights = torch.as_tensor(fit.weights, dtype=torch.float32)
    tables = network.plain(data)
    split = weights[:-1].split([table.shape[2] for table in tables.values()])
    error = change.double().cpu().numpy() - fit.said(seen)
    network.carry(
        dict(zip(tables, split, strict=True)),
        shift=float(weights[-1]),
        seasons=torch.as_tensor(fit.seasons, dtype=torch.float32),
        spread=NORMAL * float(np.median(np.abs(error))),
    )


@torch.no_grad()
def best_start(
    network: DemandNetwork,
    data: Dataset,
    *,
    learn: tuple[Tensor, Tensor, Tensor],
    check: tuple[Tensor, Tensor, Tensor],
    penalties: Iterable[float] = PENALTIES,
) -> Start:
    """Return the start with the least squared error on rows not learned from; of equals the one that reaches least.

    How far a straight line may reach depends on how many months there are: with two years it reaches too far where ten
    years carry it.

    Arguments:
        network: any of the settings; its weights do not matter.
        data: the material.
        learn, check: cluster, origin and change of rows, [rows] each.
        penalties: of which one is chosen, > 0; the season is one of SEASONS.
    """
    (seen, change), (held, truth) = (
        (_Seen.of(network, data, cluster, origin), change.double().cpu().numpy())
        for cluster, origin, change in (learn, check)
    )
    starts = [Start(penalty, season) for penalty, season in product(sorted(penalties, reverse=True), SEASONS)]

    def error(start: Start) -> float:
        return float(np.square(seen.fit(change, start, clusters=len(data.series)).said(held) - truth).mean())

    return min(starts, key=error)
