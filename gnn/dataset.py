"""Material as tensors: standardised by the training span, unknown values as zeros with a mask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gnn.baselines.lags import Lags
from gnn.channels.growth import Sequences
from gnn.channels.relation import heterograph
from gnn.material import Growth, Material, relation_of_series
from gnn.panel import Panel, Rows
from schema.errors import JobError

Floats = NDArray[np.float64]
OUTLIER = 5.0
"""Standardised values beyond it are cut off."""
LEAST_KNOWN = 0.2
"""Share of the training rows in which a value must be known."""
YEAR = 12
"""Months of a year: as many columns at the end of the series tell which of them it is."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and spread of every table over the training span, [values] each by name of the table."""

    mean: dict[str, Floats] = field(default_factory=dict)
    spread: dict[str, Floats] = field(default_factory=dict)

    def take(self, name: str, told: Floats) -> None:
        """Measure a table.

        Arguments:
            name: of the table.
            told: its values in the training span, NaN where not known, [samples, values].
        """
        known = ~np.isnan(told)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, told, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, told - mean, 0.0) ** 2).sum(axis=0) / count)
        # Not known often enough to be learned, and perhaps always known later on: it stays 0.
        rare = known.mean(axis=0) < LEAST_KNOWN if len(told) else np.zeros(told.shape[1], bool)
        self.mean[name] = mean
        self.spread[name] = np.where(rare, np.inf, np.where(spread > 1e-8, spread, 1.0))

    def apply(self, name: str, table: NDArray[np.floating]) -> Tensor:
        """Return a table with mean 0 and spread 1 in the training span; what is not known becomes 0.

        Raises:
            JobError: the table has other columns than the one that was measured.
        """
        if table.shape[-1] != len(self.mean[name]):
            given = f"{table.shape[-1]} columns of {name}"
            raise JobError(given, f"{len(self.mean[name])} as the model was trained on; train again", where="dataset")
        scaled = (table - self.mean[name]) / self.spread[name]
        np.clip(np.nan_to_num(scaled, copy=False), -OUTLIER, OUTLIER, out=scaled)
        return torch.as_tensor(scaled, dtype=torch.float32)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Tensors for all clusters and months; what a model foretells for a row lies at its cluster and origin.

    Arguments:
        series: features of the own series, [clusters, months, features].
        near: features of the neighbours' series, [clusters, months, features].
        text: mean text vectors, 0 where there are none, [clusters, months, values]; None without text.
        market: outcomes, interest and foundations; None without.
        sequences: of students; None without.
        graph: the graph in time, a dgl graph.
        inputs: values of the nodes of the graph but students and clusters, by type.
        students: student and term of each student node.
        gap: the gap a horizon later, NaN where not known, [clusters, months].
        month: place of each month in its year, 0 to 11, [months].
        clusters: codes.
        scaling: what the numbers were standardised with.
    """

    series: Tensor
    near: Tensor
    text: Tensor | None
    market: Tensor | None
    sequences: Sequences | None
    graph: Any
    inputs: Mapping[str, Tensor]
    students: Tensor
    gap: Tensor
    month: Tensor
    clusters: tuple[str, ...]
    scaling: Scaling


def dataset_of(material: Material, rows: Rows, *, horizon: int, scaling: Scaling | None = None) -> Dataset:
    """Return the tensors of a material.

    Arguments:
        material: what is known.
        rows: rows of its panel; the training span of these is what numbers are standardised by.
        horizon: months of a window.
        scaling: what an earlier training measured; None measures anew.
    """
    panel, train = material.panel, rows.within(rows.parts.train)
    cells = (rows.cluster[train], rows.origin[train])
    relation = material.relation or relation_of_series(panel, rows)
    series, near = _series(panel, rows, horizon=horizon, year=material.year)
    tables = {"series": series, "near": near, "text": material.text, "market": material.market}
    growth = material.growth
    early = 0 if growth is None else max(int(growth.known[min(rows.parts.train.stop, panel.months) - 1]), 0) + 1
    if scaling is None:
        scaling = Scaling()
        for name, table in tables.items():
            if table is not None:
                scaling.take(name, table[cells])
        for name, values in relation.inputs.items():
            # Nodes lie in the order of time.
            scaling.take(name, values[: max(1, len(values) * rows.parts.train.stop // panel.months)].astype(np.float64))
        if growth is not None:
            _measure(scaling, growth, early)
    found = {name: None if table is None else scaling.apply(name, table) for name, table in tables.items()}
    gap = np.full(panel.values.shape, np.nan)
    if material.gap is not None:
        gap[:, : panel.months - horizon] = material.gap[:, horizon:]
    assert found["series"] is not None and found["near"] is not None
    return Dataset(
        series=found["series"],
        near=found["near"],
        text=found["text"],
        market=found["market"],
        sequences=None if growth is None else _sequences(growth, scaling, clusters=len(panel.clusters)),
        graph=heterograph(relation),
        inputs={name: scaling.apply(name, values) for name, values in relation.inputs.items()},
        students=torch.as_tensor(relation.students),
        gap=torch.as_tensor(gap, dtype=torch.float32),
        month=torch.as_tensor(_month(panel, year=material.year)),
        clusters=tuple(panel.clusters),
        scaling=scaling,
    )


def _series(panel: Panel, rows: Rows, *, horizon: int, year: int) -> tuple[Floats, Floats]:
    """Features of every cluster and month, the neighbours' apart."""
    shape = panel.values.shape
    cluster, month = (grid.ravel() for grid in np.indices(shape))
    blank = np.full(len(cluster), np.nan)
    every = Rows(cluster, month, blank, blank, blank, np.full(len(cluster), -1), rows.cuts, rows.parts)
    lags = Lags(horizon=horizon, year=year)
    lags.fit(panel, rows)
    found = lags.read(panel, every, at=np.ones(len(cluster), bool))
    near = np.array([group == "neighbours" for group in found.groups])
    values = found.values.reshape(*shape, -1)
    months = np.broadcast_to(np.eye(YEAR)[_month(panel, year=year)], (*shape, YEAR))
    return np.concatenate([values[..., ~near], months], axis=2), values[..., near]


def _month(panel: Panel, *, year: int) -> NDArray[np.int64]:
    return np.asarray((panel.start.month - 1 + np.arange(panel.months) * YEAR // year) % YEAR)


def _measure(scaling: Scaling, growth: Growth, terms: int) -> None:
    """Statistics of the terms that were known when the training span ended."""
    acts = growth.acts[:, :terms].reshape(-1, growth.acts.shape[2])
    there = acts.any(axis=1)
    scaling.take("acts", (acts[there] if there.any() else acts).astype(np.float64))
    scaling.take("share", growth.share[:terms].reshape(-1, growth.share.shape[2]).astype(np.float64))
    scaling.mean["share"][1] = 0.0  # no change stays 0


def _sequences(growth: Growth, scaling: Scaling, *, clusters: int) -> Sequences:
    acts, there = torch.zeros(growth.acts.shape), growth.acts.any(axis=2)
    acts[torch.as_tensor(there)] = scaling.apply("acts", growth.acts[there])
    return Sequences(
        acts=acts,
        portrait=torch.as_tensor(growth.portrait),
        known=torch.as_tensor(growth.known),
        student=torch.as_tensor(growth.student),
        term=torch.as_tensor(growth.term),
        cluster=torch.as_tensor(growth.cluster),
        weight=torch.as_tensor(growth.weight),
        share=scaling.apply("share", growth.share),
        clusters=clusters,
    )
