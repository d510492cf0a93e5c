"""The graph network: attention over timed edges between occupations, skills and skill clusters, and a gated head.

Nodes are occupations, skills and clusters of skills. Each of the last half-years is one layer of timed edges; how much
an edge counts is learned from its shares in all of them together with the states at both ends. The graphs are small
and dense (about half of all pairs are edges), so messages are products of dense matrices. The head weighs two experts
for each pair by a gate: what the features of the pair say, and what the states of its two nodes say.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gnn.benchmarks.occupation_skill.features import LAGS, UNIT, Pairs
from gnn.benchmarks.occupation_skill.ranking import Truth
from gnn.benchmarks.occupation_skill.release import Floats, Places

Progress = Callable[[str], None]
# Log shares run from 0 to log(1 + UNIT).
TOP = float(np.log1p(UNIT))


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the network, chosen on the validation half-year.

    Arguments:
        width: of node states, a multiple of `heads`.
        heads: of the attention.
        layers: of message passing.
        hidden: of the head.
        steps: batches of occupations.
        batch: occupations in one.
        rate: highest learning rate.
        decay: weight decay.
        dropout: of node states and of the head.
        ranked: weight of the ranking loss beside the cross entropy, 0 to 1.
    """

    width: int = 16
    heads: int = 4
    layers: int = 2
    hidden: int = 32
    steps: int = 200
    batch: int = 32
    rate: float = 5e-3
    decay: float = 1e-3
    dropout: float = 0.1
    ranked: float = 0.5


class Layer(nn.Module):
    """One round of messages: occupations hear skills, skills hear occupations and their cluster."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.ask, self.answer = nn.Linear(width, width), nn.Linear(width, width)
        self.down, self.up = nn.Linear(width, width), nn.Linear(width, width)
        self.edge = nn.Parameter(0.1 * torch.randn(heads, 2 * LAGS))
        self.occupation = nn.Sequential(nn.Linear(2 * width, width), nn.LayerNorm(width))
        self.skill = nn.Sequential(nn.Linear(3 * width, width), nn.LayerNorm(width))

    def forward(self, occupations: Tensor, skills: Tensor, edges: Tensor, member: Tensor) -> tuple[Tensor, Tensor]:
        """Return new states of occupations and skills, [nodes, width] each."""
        heads, size = self.heads, self.size
        asked = self.ask(occupations).view(-1, heads, size).transpose(0, 1)
        answered = self.answer(skills).view(-1, heads, size).transpose(0, 1)
        # Weights of the edges' shares, [heads, occupations, skills].
        score = asked @ answered.transpose(1, 2) / size**0.5 + torch.tensordot(self.edge, edges, dims=1)
        score = score.masked_fill(~edges[LAGS:].any(dim=0), -1e4)
        down = self.down(skills).view(-1, heads, size).transpose(0, 1)
        up = self.up(occupations).view(-1, heads, size).transpose(0, 1)
        heard = (score.softmax(dim=2) @ down).transpose(0, 1).flatten(1)
        told = (score.softmax(dim=1).transpose(1, 2) @ up).transpose(0, 1).flatten(1)
        group = member @ (member.T @ skills)
        occupations = occupations + functional.gelu(self.occupation(torch.cat([occupations, heard], dim=1)))
        skills = skills + functional.gelu(self.skill(torch.cat([skills, told, group], dim=1)))
        return occupations, skills


class Network(nn.Module):
    """Scores of pairs from the graph before a half-year and from the features of each pair.

    Arguments:
        clusters: cluster of each skill, [skills].
        occupations: how many there are.
        features: of each pair.
        settings: of the network.
    """

    member: Tensor

    def __init__(self, clusters: Places, *, occupations: int, features: int, settings: Settings) -> None:
        super().__init__()
        width = settings.width
        self.occupation = nn.Parameter(0.1 * torch.randn(occupations, width))
        self.skill = nn.Parameter(0.1 * torch.randn(len(clusters), width))
        kinds, place = np.unique(clusters, return_inverse=True)
        belongs = functional.one_hot(torch.from_numpy(place), len(kinds)).float()
        # Scaled so that member @ member.T gives each skill the mean of its cluster.
        self.register_buffer("member", belongs / belongs.sum(dim=0).sqrt())
        self.layers = nn.ModuleList(Layer(width, settings.heads) for _ in range(settings.layers))
        self.dropout = nn.Dropout(settings.dropout)
        self.left, self.right = nn.Linear(width, width), nn.Linear(width, width)
        self.direct = nn.Linear(features, 1)
        self.first = nn.Linear(features + width, settings.hidden)
        self.expert = nn.Linear(settings.hidden, 1)
        self.gate = nn.Linear(settings.hidden, 1)
        self.bias = nn.Linear(width, 1), nn.Linear(width, 1)
        self.occupation_bias, self.skill_bias = self.bias
        nn.init.zeros_(self.expert.weight)

    def forward(self, edges: Tensor, values: Tensor, rows: Tensor) -> Tensor:
        """Return scores of some occupations' pairs, [rows, skills].

        Arguments:
            edges: log shares of the last half-years over TOP, then whether there is one, [2 LAGS, occupations, skills].
            values: standardised features of the rows, [rows, skills, features].
            rows: places of occupations, [rows].
        """
        occupations, skills = self.dropout(self.occupation), self.dropout(self.skill)
        for layer in self.layers:
            occupations, skills = layer(occupations, skills, edges, self.member)
        both = self.left(self.dropout(occupations[rows]))[:, None, :] * self.right(self.dropout(skills))[None, :, :]
        graph = both.sum(dim=2) + self.occupation_bias(occupations[rows]) + self.skill_bias(skills).T
        hidden = self.dropout(functional.gelu(self.first(torch.cat([values, both], dim=2))))
        said = (self.direct(values) + self.expert(hidden)).squeeze(2)
        gate = torch.sigmoid(self.gate(hidden)).squeeze(2)
        return gate * said + (1.0 - gate) * graph


def loss(scores: Tensor, truth: Tensor, *, ranked: float) -> Tensor:
    """Return cross entropy of all pairs, mixed with the ranking loss of true pairs.

    The ranking loss of a true pair is the softmax of it among all skills that are not true for its occupation:
    log(1 + sum exp(other - its own)). It looks at the highest of the others, as Hits@1 and MRR do.

    Arguments:
        scores: [rows, skills].
        truth: 0 or 1, [rows, skills].
        ranked: weight of the ranking loss, 0 to 1.
    """
    entropy = functional.binary_cross_entropy_with_logits(scores, truth)
    highest = scores.masked_fill(truth > 0, -1e4).logsumexp(dim=1, keepdim=True)
    ranking = (functional.softplus(highest - scores) * truth).sum() / truth.sum().clamp(min=1.0)
    return (1.0 - ranked) * entropy + ranked * ranking


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and spread of each feature over the half-years that were learned from, [features]."""

    mean: Tensor
    spread: Tensor

    def __call__(self, values: Tensor) -> Tensor:
        """Standardise, cut at five spreads, and put zero where nothing is known."""
        return torch.nan_to_num((values - self.mean) / self.spread).clamp(-5.0, 5.0)


def scale(samples: Sequence[Pairs]) -> Scale:
    """Return the scale of the features."""
    values = np.concatenate([each.values.reshape(-1, len(each.names)) for each in samples])
    return Scale(torch.from_numpy(np.nanmean(values, axis=0)), torch.from_numpy(np.nanstd(values, axis=0) + 1e-6))


def edges(sample: Pairs) -> Tensor:
    """Return the timed edges before a half-year, [2 LAGS, occupations, skills]."""
    logs = np.log1p(UNIT * sample.lags) / TOP
    both = np.concatenate([logs, sample.lags > 0])
    return torch.from_numpy(both.astype(np.float32))


def forecast(
    samples: Sequence[Pairs],
    truths: Sequence[Truth],
    wanted: Pairs,
    *,
    clusters: Places,
    seed: int,
    settings: Settings | None = None,
    device: str = "cpu",
    progress: Progress | None = None,
) -> Floats:
    """Learn from half-years whose outcome is known, and score all pairs of another.

    Arguments:
        samples: pairs before each of the half-years to learn from.
        truths: what came, in the same order, [occupations, skills] each.
        wanted: pairs before the half-year to forecast.
        clusters: cluster of each skill, [skills].
        seed: of first weights, dropout and the order of batches.
        settings: of the network.
        device: of torch.
        progress: told about every fiftieth step.

    Returns:
        Scores (log odds as far as the cross entropy counts), [occupations, skills].
    """
    settings = settings or Settings()
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    count = len(wanted.values)
    scaled = scale(samples)
    data = [(edges(each).to(device), scaled(torch.from_numpy(each.values)).to(device),
             torch.from_numpy(truth.astype(np.float32)).to(device))
            for each, truth in zip(samples, truths, strict=True)]  # fmt: skip
    network = Network(clusters, occupations=count, features=len(wanted.names), settings=settings).to(device)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=settings.steps, pct_start=0.2)
    started, total = time.monotonic(), 0.0
    for step in range(1, settings.steps + 1):
        graph, values, truth = data[step % len(data)]
        rows = torch.randperm(count, generator=generator)[: settings.batch].to(device)
        value = loss(network(graph, values[rows], rows), truth[rows], ranked=settings.ranked)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += float(value.detach())
        if progress and step % 50 == 0:
            progress(f"step {step}: loss {total / 50:.4f}, {time.monotonic() - started:.0f} s")
            total = 0.0
    network.eval()
    everything = torch.arange(count, device=device)
    with torch.no_grad():
        graph, values = edges(wanted).to(device), scaled(torch.from_numpy(wanted.values)).to(device)
        scores = [network(graph, values[rows], rows) for rows in everything.split(settings.batch)]
    return torch.cat(scores).double().cpu().numpy()
