"""Training begins at the linear forecast, with every set of channels and with whatever is missing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gnn.baselines.regression import ridge
from gnn.config import DemandConfig
from gnn.dataset import dataset_of
from gnn.material import Material
from gnn.network import DemandNetwork
from gnn.panel import rows
from gnn.start import begin
from tests.gnn.demand import material

GIVEN = material(clusters=6, months=34)
CASES = {
    "all": (GIVEN, DemandConfig()),
    "text of many values": (replace(GIVEN, text=np.tile(GIVEN.text, (1, 1, 9))), DemandConfig(directions=2)),
    "no relations": (GIVEN, DemandConfig(channels=("text", "growth"))),
    "no training": (GIVEN.only(growth=False), DemandConfig(channels=("text", "relation"))),
    "counts": (Material(GIVEN.panel), DemandConfig()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fresh_network_says_what_ridge_regression_says(name: str) -> None:
    """Catches a channel that adds something of its own, weights laid on other values, and a share that fusion takes."""
    given, config = CASES[name]
    every = rows(given.panel)
    data = dataset_of(given, every, horizon=3)
    torch.manual_seed(0)
    network = DemandNetwork(config, data).eval()
    learn = every.label >= 0
    cluster, origin = torch.as_tensor(every.cluster[learn]), torch.as_tensor(every.origin[learn])
    change = torch.as_tensor(every.change[learn])
    begin(network, data, cluster=cluster, origin=origin, change=change, penalty=0.02)
    with torch.no_grad():
        said = network(data, cluster, origin).demand[:, 0].numpy()
        parts = [table[cluster, origin].double().numpy() for table in network.plain(data).values()]
    design = np.concatenate([*parts, np.ones((len(said), 1))], axis=1)
    expected = design @ ridge(design, change.numpy(), penalty=0.02)
    assert said == pytest.approx(expected, abs=2e-4)
    assert np.std(expected) > 0.1 * np.std(change.numpy())
