"""Where training begins: at the linear forecast of what the channels see, by ridge regression.

There are some thousand rows to learn from, and lags, levels and neighbours' lags tell most of what can be told. A
network that begins anywhere else spends its few passes on finding them again, differently for each seed; this one
begins there, and learns what a straight line does not tell: students, the graph, and how sure a forecast can be.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gnn.baselines.regression import PENALTIES, ridge
from gnn.dataset import Dataset
from gnn.network import DemandNetwork

Floats = NDArray[np.float64]


@torch.no_grad()
def begin(
    network: DemandNetwork, data: Dataset, *, cluster: Tensor, origin: Tensor, change: Tensor, penalty: float
) -> None:
    """Set a fresh network to the linear forecast of the change.

    Arguments:
        network: not trained yet.
        data: the material.
        cluster, origin, change: rows to learn from, [rows].
        penalty: of the ridge regression, > 0.
    """
    seen = _seen(network, data, cluster, origin)
    weights = ridge(_design(seen), change.double().cpu().numpy(), penalty=penalty)
    found = torch.as_tensor(weights, dtype=torch.float32)
    split = found[:-1].split([table.shape[1] for table in seen.values()])
    network.carry(dict(zip(seen, split, strict=True)), shift=float(found[-1]))


@torch.no_grad()
def best_penalty(
    network: DemandNetwork, data: Dataset, *, learn: tuple[Tensor, Tensor, Tensor], check: tuple[Tensor, Tensor, Tensor]
) -> float:
    """Return the penalty of PENALTIES with the least squared error on rows not learned from; of equals the greatest.

    How far a straight line may reach depends on how many months there are: with two years it reaches too far where ten
    years carry it.

    Arguments:
        network: any of the settings; its weights do not matter.
        data: the material.
        learn, check: cluster, origin and change of rows, [rows] each.
    """
    (design, change), (held, truth) = (
        (_design(_seen(network, data, cluster, origin)), change.double().cpu().numpy())
        for cluster, origin, change in (learn, check)
    )
    errors = {each: np.square(held @ ridge(design, change, penalty=each) - truth).mean() for each in PENALTIES}
    return min(sorted(PENALTIES, reverse=True), key=errors.__getitem__)


def _seen(network: DemandNetwork, data: Dataset, cluster: Tensor, origin: Tensor) -> dict[str, Tensor]:
    """What each channel sees of rows before anything is learned, [rows, values] by name."""
    return {name: table[cluster, origin] for name, table in network.plain(data).items()}


def _design(seen: dict[str, Tensor]) -> Floats:
    values = torch.cat(list(seen.values()), dim=1).double().cpu().numpy()
    return np.concatenate([values, np.ones((len(values), 1))], axis=1)
