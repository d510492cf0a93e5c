"""Where training begins: at the linear forecast of what the channels see, by ridge regression.

There are some thousand rows to learn from, and lags, levels and neighbours' lags tell most of what can be told. A
network that begins anywhere else spends its few passes on finding them again, differently for each seed; this one
begins there, and learns what a straight line does not tell: students, the graph, and how sure a forecast can be.
"""

import numpy as np
import torch
from torch import Tensor

from gnn.baselines.regression import ridge
from gnn.dataset import Dataset
from gnn.network import DemandNetwork


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
    parts = {name: table[cluster, origin] for name, table in network.plain(data).items()}
    seen = torch.cat(list(parts.values()), dim=1).double().cpu().numpy()
    design = np.concatenate([seen, np.ones((len(seen), 1))], axis=1)
    found = torch.as_tensor(ridge(design, change.double().cpu().numpy(), penalty=penalty), dtype=torch.float32)
    split = found[:-1].split([table.shape[1] for table in parts.values()])
    network.carry(dict(zip(parts, split, strict=True)), shift=float(found[-1]))
