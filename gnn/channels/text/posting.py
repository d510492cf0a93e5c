"""The posting encoder: h = [text; skills; attributes] (equation 6)."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel

from gnn.channels.text import encoder
from gnn.channels.text.config import TextConfig
from gnn.channels.text.corpus import Corpus, Floats, Places
from gnn.channels.text.pooling import AttentionPooling
from gnn.channels.text.tokens import Tokens

CATEGORY_SIZE = 8  # values of the embedding of one categorical attribute


@dataclass(frozen=True, slots=True)
class Shape:
    """What the postings look like that a posting encoder reads; from the fitting span alone.

    Arguments:
        skills: number of skills.
        category_sizes: number of values of each categorical attribute.
        means, deviations: of the numeric attributes.
    """

    skills: int
    category_sizes: tuple[int, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]

    @classmethod
    def of(cls, corpus: Corpus, among: Places) -> "Shape":
        """Return the shape of a corpus, with the statistics of some of its postings."""
        means, deviations = standard(corpus.numbers[among])
        return cls(corpus.skills, corpus.category_sizes, means, deviations)


def standard(numbers: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation of each column over what is known; 0 and 1 where nothing is.

    >>> standard(np.array([[1.0, np.nan], [3.0, np.nan]]))
    ((2.0, 0.0), (1.0, 1.0))
    """
    known = ~np.isnan(numbers)
    count = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, numbers, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (numbers - means) ** 2, 0.0).sum(axis=0) / count)
    return tuple(means.tolist()), tuple(np.where(spread > 0, spread, 1.0).tolist())


@dataclass(frozen=True, slots=True)
class Batch:
    """Postings as tensors; see `Tokens.padded` for the first three. Missing is 0 in skills and categories.

    Arguments:
        numbers, there, meaning: tokens, [batch, tokens].
        skills: 1 + place of each skill, [batch, most skills].
        attributes: numeric attributes, NaN where missing, [batch, numbers].
        categories: 1 + place of each value, [batch, kinds].
    """

    numbers: torch.Tensor
    there: torch.Tensor
    meaning: torch.Tensor
    skills: torch.Tensor
    attributes: torch.Tensor
    categories: torch.Tensor

    @classmethod
    def of(cls, corpus: Corpus, tokens: Tokens, places: Places, *, device: str) -> "Batch":
        """Return some postings of a corpus as a batch."""
        lengths = np.diff(corpus.skill_offsets)[places]
        within = np.arange(max(1, lengths.max(initial=0)))
        there = within < lengths[:, None]
        skills = np.zeros(there.shape, dtype=np.int64)
        skills[there] = 1 + corpus.skill_places[(corpus.skill_offsets[:-1][places][:, None] + within)[there]]
        rest = (
            torch.from_numpy(skills),
            torch.from_numpy(corpus.numbers[places].astype(np.float32)),
            torch.from_numpy(corpus.categories[places] + 1),
        )
        return cls(*(tensor.to(device) for tensor in (*tokens.padded(places), *rest)))


class PostingEncoder(nn.Module):
    """Text by a Transformer and attention pooling, skills by attention over embeddings, attributes, and an outlook.

    The first half of the text part is pooled over common words alone, see `gnn.channels.text.words`, and the outlook
    is read from it: what is said of hiring is said in words that all clusters use. Were names of jobs and skills seen
    beside them, they would turn up or down what is said, cluster by cluster. The other half sees all words.

    What a posting lacks gives zeros in its part of h.

    Arguments:
        transformer: gives a hidden state for each token.
        shape: of the postings.
        config: sizes and dropout.
    """

    def __init__(self, transformer: PreTrainedModel, *, shape: Shape, config: TextConfig) -> None:
        super().__init__()
        hidden = int(transformer.config.hidden_size)
        self.transformer = transformer
        self.common: torch.Tensor
        self.register_buffer("common", torch.ones(int(transformer.config.vocab_size), dtype=torch.bool))
        self.size, self.common_size = config.size, config.text_size // 2
        self.common_pooling = AttentionPooling(hidden, queries=config.queries)
        self.common_text = nn.Linear(config.queries * hidden, self.common_size)
        self.pooling = AttentionPooling(hidden, queries=config.queries)
        self.text = nn.Linear(config.queries * hidden, self.common_size)
        self.skill_embedding = nn.Embedding(shape.skills + 1, config.skill_size, padding_idx=0)
        self.skill_pooling = AttentionPooling(config.skill_size)
        self.category_embeddings = nn.ModuleList(nn.Embedding(size + 1, CATEGORY_SIZE) for size in shape.category_sizes)
        self.attribute_size = config.attribute_size
        inputs = 2 * len(shape.means) + CATEGORY_SIZE * len(shape.category_sizes)
        self.attributes = nn.Sequential(nn.Linear(max(inputs, 1), config.attribute_size), nn.Tanh())
        self.means: torch.Tensor
        self.deviations: torch.Tensor
        self.register_buffer("means", torch.tensor(shape.means, dtype=torch.float32))
        self.register_buffer("deviations", torch.tensor(shape.deviations, dtype=torch.float32))
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(self.common_size, config.leads)
        for embedding in (self.skill_embedding, *self.category_embeddings):
            nn.init.normal_(embedding.weight, std=0.1)
        with torch.no_grad():
            self.skill_embedding.weight[0].zero_()

    def forward(self, batch: Batch, *, keep: torch.Tensor | None = None) -> torch.Tensor:
        """Return h, [batch, text + skill + attribute values].

        Arguments:
            batch: the postings.
            keep: which of text, skills and attributes are shown, [batch, 3]; None shows all.
        """
        states = encoder.states(self.transformer, batch.numbers, batch.there)
        has_text = batch.meaning.any(dim=1)
        shared = batch.meaning & self.common[batch.numbers]
        halves = [self.common_text(self.common_pooling(states, shared)), self.text(self.pooling(states, batch.meaning))]
        text = torch.cat(halves, dim=1) * has_text[:, None]
        skilled = batch.skills > 0
        skills = self.skill_pooling(self.skill_embedding(batch.skills), skilled)
        parts = [text, skills, self._attributes(batch)]
        if keep is not None:
            parts = [part * keep[:, number, None] for number, part in enumerate(parts)]
        return torch.cat(parts, dim=1)

    def outlook(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return what vectors h, or means of them, tell of the coming change, [..., leads]."""
        found: torch.Tensor = self.head(vectors[..., : self.common_size])
        return found

    def attention(self, batch: Batch) -> torch.Tensor:
        """Return how much each token counted in what is said of hiring, mean over the queries, [batch, tokens]."""
        states = encoder.states(self.transformer, batch.numbers, batch.there)
        return self.common_pooling.weights(states, batch.meaning & self.common[batch.numbers]).mean(dim=1)

    def _attributes(self, batch: Batch) -> torch.Tensor:
        known = ~torch.isnan(batch.attributes)
        scaled = (torch.nan_to_num(batch.attributes) - self.means) / self.deviations
        parts = [torch.where(known, scaled, 0.0), known.float()]
        parts += [embed(batch.categories[:, kind]) for kind, embed in enumerate(self.category_embeddings)]
        inputs = torch.cat(parts, dim=1)
        if not inputs.shape[1]:
            return inputs.new_zeros((len(inputs), self.attribute_size))
        found: torch.Tensor = self.attributes(inputs)
        return found * (known.any(dim=1) | (batch.categories > 0).any(dim=1))[:, None]
