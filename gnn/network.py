"""The demand model: three channels, gated fusion, two heads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gnn.batches import Cut
from gnn.channels.growth import GrowthChannel
from gnn.channels.job import JobChannel
from gnn.channels.relation import RelationChannel
from gnn.channels.ways import hush
from gnn.config import DemandConfig
from gnn.dataset import YEAR, Dataset
from gnn.fusion import CHANNELS, GatedFusion
from gnn.heads import START_SPREAD, DemandHead, GapHead


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
        half: whether the channels compute in bfloat16; fusion and heads never do.
    """

    seasons: Tensor

    def __init__(self, config: DemandConfig, data: Dataset, *, half: bool = False) -> None:
        super().__init__()
        self.config, self.halved = config, half
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
        # Found by the closed form of `gnn.start`, and not trained: a cluster has few months for so many numbers.
        self.register_buffer("seasons", torch.zeros(len(data.series), YEAR))
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
        self.relation, self.near = None, None
        if "relation" in config.channels:
            sizes = {name: table.shape[1] for name, table in data.inputs.items()}
            sizes |= {"cluster": series + self.job.kept, "student": config.hidden, "capability": 1}
            edges = {
                type_: data.graph.edges[type_].data["values"].shape[1]
                for type_ in data.graph.canonical_etypes
                if data.graph.num_edges(type_)
            }
            self.relation = RelationChannel(sizes, edges=edges, width=width, heads=config.heads, dropout=dropout)
            near = data.near.shape[2]
            self.near = nn.Linear(near, width) if near else None
        self.ending = Ending(config)

    def plain(self, data: Dataset) -> dict[str, Tensor]:
        """Return what each channel sees before anything is learned, [clusters, months, values] by name."""
        seen = self.job.seen(data.series, text=self.job.texts(data.text), market=data.market)
        found = {"text": seen[..., self.job.plain()]}
        if self.growth is not None and data.sequences is not None and "growth" in self.config.channels:
            found["growth"] = self.growth.laid(data.sequences, data.sequences.share)
        if self.near is not None:
            found["relation"] = data.near
        return found

    def carry(
        self,
        weights: Mapping[str, Tensor],
        shift: float,
        *,
        seasons: Tensor | None = None,
        spread: float = START_SPREAD,
    ) -> None:
        """Begin with a linear forecast of the change; the first value of the fused vector carries it.

        Arguments:
            weights: of the values that `plain` gave, by name.
            shift: what is added.
            seasons: what is added for each cluster and month of the year, [clusters, YEAR]; None adds nothing.
            spread: how far the forecast is off, > 0.
        """
        # Fusion begins with the mean of the channels.
        count = 1 + ("growth" in weights) + (self.relation is not None)
        weights = {name: each * count for name, each in weights.items()}
        self.job.ways.carry(weights["text"], self.job.plain())
        if seasons is not None:
            self.seasons.copy_(count * seasons)
        if self.growth is not None and "growth" in weights:
            self.growth.ways.carry(weights["growth"], self.growth.plain())
        if self.relation is not None:
            self.relation.last.hush()
        if self.near is not None:
            hush(self.near)
            with torch.no_grad():
                self.near.weight[0] = weights["relation"]
        self.ending.demand.carry(shift, spread=spread)

    def own(self, data: Dataset) -> tuple[dict[str, Tensor], dict[str, Tensor], Tensor | None]:
        """Return the vectors of all channels but relation, as `tables` does, the values of nodes, as `inputs`, and the
        state of each student after each term, [students, terms, hidden], or None.
        """
        text = self.job.texts(data.text)
        result = {"text": self._dated(self.job(data.series, text=text, market=data.market), data)}
        states = None
        if self.growth is not None and data.sequences is not None:
            states = self.growth.states(data.sequences)
            if "growth" in self.config.channels:
                result["growth"] = self.growth(data.sequences, states)
        inputs = {} if self.relation is None else self.inputs(data, text=text, states=states)
        return result, inputs, states

    def _dated(self, table: Tensor, data: Dataset) -> Tensor:
        """The same with each cluster's own season in the first value, which carries the linear forecast."""
        seasons = self.seasons[:, data.month].to(table.dtype)
        return torch.cat([table[..., :1] + seasons[..., None], table[..., 1:]], dim=2)

    def tables(self, data: Dataset) -> dict[str, Tensor]:
        """Return each channel's vectors, [clusters, months, width] by name."""
        return self.reasoned(data)[0]

    def reasoned(self, data: Dataset) -> tuple[dict[str, Tensor], dict[str, Tensor], Tensor | None]:
        """Return what `tables` does; the states of all nodes but the clusters between the two layers of the relation
        channel, [nodes, width] by type; and those of students, as `own` does.
        """
        result, inputs, states = self.own(data)
        if self.relation is None:
            return result, {}, states
        clusters, months, _ = data.series.shape
        found, middle = self.relation.layers(data.graph, inputs)
        found = found.view(months, clusters, -1).transpose(0, 1)
        result["relation"] = found + self.near(data.near) if self.near is not None else found
        return result, {name: table for name, table in middle.items() if name != "cluster"}, states

    def related(self, data: Dataset, inputs: dict[str, Tensor], cluster: Tensor, origin: Tensor, *, cut: Cut) -> Tensor:
        """Return the relation channel's vectors of rows, [samples, width].

        Arguments:
            data: the material.
            inputs: values of all nodes, from `own`.
            cluster, origin: places, [samples].
            cut: what these rows need of the graph.
        """
        assert self.relation is not None, "a network with the relation channel"
        read = {name: inputs[name][places] for name, places in cut.nodes.items() if name in inputs}
        found: Tensor = self.relation(cut.blocks, read)[cut.order]
        return found + self.near(data.near[cluster, origin]) if self.near is not None else found

    def samples(self, data: Dataset, cluster: Tensor, origin: Tensor, *, cut: Cut | None = None) -> dict[str, Tensor]:
        """Return each channel's vectors of rows, [samples, width] by name.

        Arguments:
            data: the material.
            cluster, origin: places, [samples].
            cut: what these rows need of the graph; None computes all months on the whole graph.
        """
        if cut is None or self.relation is None:
            return {name: table[cluster, origin] for name, table in self.tables(data).items()}
        tables, inputs, _ = self.own(data)
        result = {name: table[cluster, origin] for name, table in tables.items()}
        return result | {"relation": self.related(data, inputs, cluster, origin, cut=cut)}

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

    def forward(self, data: Dataset, cluster: Tensor, origin: Tensor, *, cut: Cut | None = None) -> Told:
        """Return what is foretold of rows.

        Arguments:
            data: the material.
            cluster, origin: places, [samples].
            cut: see `samples`.
        """
        with torch.autocast(cluster.device.type, torch.bfloat16, enabled=self.halved):
            found = self.samples(data, cluster, origin, cut=cut)
        return self.ended(found)

    def ended(self, found: dict[str, Tensor]) -> Told:
        """Return what is foretold by the vectors of the channels that there are, [samples, width] by name."""
        blank = torch.zeros_like(next(iter(found.values())), dtype=torch.float32)
        vectors = torch.stack([found[name].float() if name in found else blank for name in CHANNELS], dim=1)
        return self.ending(vectors, self._present(found, len(blank), device=blank.device))

    def _present(self, tables: dict[str, Tensor], samples: int, *, device: Any) -> Tensor:
        """Which channels each sample has; in training some are taken away, never the last one."""
        there = torch.tensor([name in tables for name in CHANNELS], device=device).expand(samples, -1)
        if not self.training or not self.config.channel_dropout or len(tables) == 1:
            return there
        kept = there & (torch.rand(samples, len(CHANNELS), device=device) >= self.config.channel_dropout)
        return torch.where(kept.any(dim=1, keepdim=True), kept, there)
