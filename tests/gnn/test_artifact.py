"""A trained model in a folder, and what comes out of it again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import torch

from gnn import artifact as artifacts
from gnn.artifact import SEASONS, DemandArtifact
from gnn.baselines.lags import correlation
from gnn.config import DemandConfig
from gnn.dataset import Dataset, dataset_of
from gnn.material import Material
from gnn.network import DemandNetwork
from gnn.panel import Panel, rows
from gnn.start import Start, begin
from schema.errors import JobError
from tests.gnn.demand import material

CONFIG = DemandConfig(width=8, hidden=8)


def _panel() -> Panel:
    given = material(clusters=6, months=40).panel
    return replace(given, affinity=correlation(given.values[:, :20]))


def _data(panel: Panel, like: Dataset | None = None) -> Dataset:
    scaling = None if like is None else like.scaling
    return dataset_of(Material(panel), rows(panel), horizon=3, scaling=scaling)


def _said(network: DemandNetwork, data: Dataset, *, origin: int) -> dict[str, float]:
    clusters = torch.arange(len(data.clusters))
    with torch.no_grad():
        told = network(data, clusters, torch.full_like(clusters, origin))
    return dict(zip(data.clusters, told.demand[:, 0].tolist(), strict=True))


def test_each_cluster_keeps_its_season_whatever_their_order(tmp_path: Path) -> None:
    """Catches seasons that go by the place of a cluster: the graph may know other clusters after training."""
    panel = _panel()
    data, every = _data(panel), rows(panel)
    network = DemandNetwork(CONFIG, data).eval()
    cluster, origin = torch.as_tensor(every.cluster), torch.as_tensor(every.origin)
    change = torch.as_tensor(every.change) + cluster * data.month[origin].double().sub(6).sign() / 10
    begin(network, data, cluster=cluster, origin=origin, change=change, start=Start(0.1, 0.8))
    assert network.seasons.abs().max() > 0.1
    artifacts.write(_artifact(panel, data, network), tmp_path)
    kept = artifacts.read(tmp_path)
    assert _said(kept.network(data), data, origin=30) == _said(network, data, origin=30)
    order = np.arange(len(panel.clusters))[::-1]
    assert panel.affinity is not None
    turned = replace(
        panel,
        clusters=tuple(panel.clusters[place] for place in order),
        values=panel.values[order],
        affinity=panel.affinity[order][:, order],
    )
    other = _data(turned, like=data)
    assert _said(kept.network(other), other, origin=30) == pytest.approx(_said(network, data, origin=30), abs=1e-5)


def test_a_cluster_that_came_after_training_has_the_season_of_all(tmp_path: Path) -> None:
    """Catches an artifact that can be used no more as soon as there is one cluster more."""
    panel = _panel()
    data = _data(panel)
    network = DemandNetwork(CONFIG, data).eval()
    network.seasons.fill_(0.5)
    artifacts.write(_artifact(panel, data, network), tmp_path)
    assert panel.affinity is not None
    more = replace(
        panel,
        clusters=("a new one", *panel.clusters),
        values=np.concatenate([panel.values[:1], panel.values]),
        affinity=np.pad(panel.affinity, ((1, 0), (1, 0)), constant_values=0.1),
    )
    found = artifacts.read(tmp_path).network(_data(more, like=data)).seasons
    assert found[0].abs().max() == 0
    assert bool((found[1:] == 0.5).all())


def test_weights_of_an_earlier_version_are_refused(tmp_path: Path) -> None:
    """Catches an artifact without seasons that is read as if it had none."""
    panel = _panel()
    data = _data(panel)
    whole = _artifact(panel, data, DemandNetwork(CONFIG, data))
    early = replace(whole, weights={name: each for name, each in whole.weights.items() if name != SEASONS})
    artifacts.write(early, tmp_path)
    with pytest.raises(JobError, match="train again"):
        artifacts.read(tmp_path).network(data)


def _artifact(panel: Panel, data: Dataset, network: DemandNetwork) -> DemandArtifact:
    return DemandArtifact(
        code="generation",
        config=CONFIG,
        clusters=panel.clusters,
        trained_until=date(2023, 1, 1),
        cuts=rows(panel).cuts,
        temperature=1.0,
        radius=0.1,
        ceiling=100.0,
        scaling=data.scaling,
        metrics={},
        weights=dict(network.state_dict()),
    )
