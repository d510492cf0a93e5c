"""The demand model: three channels, gated fusion, two heads."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gnn.channels.growth import GrowthChannel
from gnn.channels.job import JobChannel
from gnn.channels.relation import RelationChannel
from gnn.config import DemandConfig
from gnn.dataset import Dataset
from gnn.fusion import CHANNELS, GatedFusion
from gnn.heads import DemandHead, GapHead


@dataclass(frozen=True, slots=True)
class Told:
    """What the model says of samples.

    Arguments:
        demand: parameters of the distribution of the change, see `gnn.heads`, [samples, 4].
        gap: [samples].
        weights: of the channels in the order of CHANNELS, sum 1, [samples, 3].
        fused: z of equation 3, [samples, width].
    """

    demand: Tensor
    gap: Tensor
    weights: Tensor
    fused: Tensor


class Ending(nn.Module):
    """Fusion and heads: from what the channels say to demand and gap.

    Arguments:
        config: sizes.
    """

    def __init__(self, config: DemandConfig) -> None:
        super().__init__()
        self.gated = config.gated
        self.fusion = GatedFusion(config.width)
        self.demand = DemandHead(config.width, dropout=config.dropout)
        self.gap = GapHead(config.width, dropout=config.dropout)

    def forward(self, vectors: Tensor, present: Tensor) -> Told:
        """Return what is told of samples.

        Arguments:
            vectors: of the channels, [samples, channels, width].
            present: whether a sample has a channel, [samples, channels].
        """
        if self.gated:
            fused, weights = self.fusion(vectors, present)
        else:
            weights = present / present.sum(dim=1, keepdim=True)
            fused = (weights[:, :, None] * vectors).sum(dim=1)
        return Told(self.demand(fused), self.gap(fused), weights, fused)


class DemandNetwork(nn.Module):
    """Foretells demand and gap of clusters at the ends of months.

    Arguments:
        config: sizes.
        data: its shapes; nothing of its values is kept.
    """

    def __init__(self, config: DemandConfig, data: Dataset) -> None:
        super().__init__()
        self.config = config
        width, dropout = config.width, config.dropout
        text = 0 if data.text is None else data.text.shape[2]
        market = 0 if data.market is None else data.market.shape[2]
        series = data.series.shape[2]
        self.job = JobChannel(
            series,
            text=text,
            market=market,
            width=width,
            directions=config.directions,
            lags=config.lags,
            dropout=dropout,
        )
        self.growth = None
        if data.sequences is not None and {"growth", "relation"} & set(config.channels):
            self.growth = GrowthChannel(
                data.sequences.acts.shape[2],
                portrait=data.sequences.portrait.shape[1],
                width=width,
                hidden=config.hidden,
                token=config.token,
                lags=config.lags,
                dropout=dropout,
            )
        self.relation = None
        if "relation" in config.channels:
            sizes = {name: table.shape[1] for name, table in data.inputs.items()}
            sizes |= {"cluster": series + (config.directions if text else 0), "student": config.hidden, "capability": 1}
            edges = {
                type_: data.graph.edges[type_].data["values"].shape[1]
                for type_ in data.graph.canonical_etypes
                if data.graph.num_edges(type_)
            }
            self.relation = RelationChannel(sizes, edges=edges, width=width, heads=config.heads, dropout=dropout)
            near = data.near.shape[2]
            self.near = nn.Linear(near, width) if near else None
        self.ending = Ending(config)

    def tables(self, data: Dataset) -> dict[str, Tensor]:
        """Return each channel's vectors, [clusters, months, width] by name."""
        text = self.job.texts(data.text)
        result = {"text": self.job(data.series, text=text, market=data.market)}
        states = None
        if self.growth is not None and data.sequences is not None:
            states = self.growth.states(data.sequences)
            if "growth" in self.config.channels:
                result["growth"] = self.growth(data.sequences, states)
        if self.relation is not None:
            result["relation"] = self._related(data, text=text, states=states)
        return result

    def middle(self, data: Dataset) -> dict[str, Tensor]:
        """Return the states of all nodes but the clusters between the two layers of the relation channel."""
        if self.relation is None:
            return {}
        states = None
        if self.growth is not None and data.sequences is not None:
            states = self.growth.states(data.sequences)
        inputs = self.inputs(data, text=self.job.texts(data.text), states=states)
        found = self.relation.first(data.graph, inputs, inputs)
        return {name: table for name, table in found.items() if name != "cluster"}

    def _related(self, data: Dataset, *, text: Tensor | None, states: Tensor | None) -> Tensor:
        assert self.relation is not None
        clusters, months, _ = data.series.shape
        inputs = self.inputs(data, text=text, states=states)
        found: Tensor = self.relation(data.graph, inputs).view(months, clusters, -1).transpose(0, 1)
        return found + self.near(data.near) if self.near is not None else found

    def inputs(self, data: Dataset, *, text: Tensor | None, states: Tensor | None) -> dict[str, Tensor]:
        """Return the values of all nodes before the first layer of the relation channel."""
        cluster = data.series if text is None else torch.cat([data.series, text], dim=2)
        inputs = dict(data.inputs)
        inputs["cluster"] = cluster.transpose(0, 1).flatten(0, 1)  # nodes are month after month
        for name in data.graph.ntypes:
            if name == "capability":
                inputs[name] = torch.ones(data.graph.num_nodes(name), 1, device=data.series.device)
        if states is not None and "student" in data.graph.ntypes:
            inputs["student"] = states[data.students[:, 0], data.students[:, 1]]
        return {name: table for name, table in inputs.items() if name in data.graph.ntypes}

    def forward(self, data: Dataset, cluster: Tensor, origin: Tensor) -> Told:
        """Return what is foretold of rows.

        Arguments:
            data: the material.
            cluster, origin: places, [samples].
        """
        tables = self.tables(data)
        blank = torch.zeros(len(cluster), self.config.width, device=cluster.device)
        vectors = torch.stack([tables[name][cluster, origin] if name in tables else blank for name in CHANNELS], dim=1)
        return self.ending(vectors, self._present(tables, len(cluster), device=cluster.device))

    def _present(self, tables: dict[str, Tensor], samples: int, *, device: Any) -> Tensor:
        """Which channels each sample has; in training some are taken away, never the last one."""
        there = torch.tensor([name in tables for name in CHANNELS], device=device).expand(samples, -1)
        if not self.training or not self.config.channel_dropout or len(tables) == 1:
            return there
        kept = there & (torch.rand(samples, len(CHANNELS), device=device) >= self.config.channel_dropout)
        return torch.where(kept.any(dim=1, keepdim=True), kept, there)
