"""The growth channel: students' sequences of terms, pooled over those whose training leads to a cluster (C and S)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gnn.channels.ways import TwoWays

SHARES = 2
"""Values of a cluster's share in the training of a term."""


@dataclass(frozen=True, slots=True)
class Sequences:
    """Tensors of `gnn.material.Growth`; shapes as there.

    Arguments:
        acts, portrait: of the students, standardised.
        known: last known term by month, -1 for none.
        student, term, cluster, weight: pieces of training that lead to a cluster.
        share: log share of each cluster in a term's training and its turn against the term before,
            [terms, clusters, 2].
        clusters: number of clusters.
    """

    acts: Tensor
    portrait: Tensor
    known: Tensor
    student: Tensor
    term: Tensor
    cluster: Tensor
    weight: Tensor
    share: Tensor
    clusters: int


class GrowthChannel(nn.Module):
    """Gated recurrent unit over each student's terms, then attention pooling over the students of a cluster and term.

    Arguments:
        acts: values of a student's term.
        portrait: values of a student's admission.
        width: of the result.
        hidden: of the recurrent unit.
        token: values kept of a cluster's term.
        lags: months that are looked at, each with the term known last by then.
        dropout: 0 to 1.
    """

    def __init__(
        self, acts: int, *, portrait: int, width: int, hidden: int, token: int, lags: int, dropout: float
    ) -> None:
        super().__init__()
        self.lags, self.hidden = lags, hidden
        self.start = nn.Linear(portrait, hidden)
        self.recurrent = nn.GRU(acts, hidden, batch_first=True)
        self.query = nn.Linear(hidden, 1)
        self.token = nn.Linear(2 * hidden, token)
        self.ways = TwoWays(lags * (token + SHARES), width, dropout=dropout)

    def states(self, sequences: Sequences) -> Tensor:
        """Return the state of each student after each term, [students, terms, hidden]."""
        states, _ = self.recurrent(sequences.acts, torch.tanh(self.start(sequences.portrait))[None].contiguous())
        return states

    def forward(self, sequences: Sequences, states: Tensor) -> Tensor:
        """Return a vector for each cluster and month, [clusters, months, width]."""
        terms, clusters = sequences.share.shape[0], sequences.clusters
        chosen = states[sequences.student, sequences.term]  # [pieces, hidden]
        weight = sequences.weight * torch.exp(self.query(chosen)[:, 0].clamp(-5.0, 5.0))
        place = sequences.term * clusters + sequences.cluster
        total = torch.zeros(terms * clusters, device=weight.device, dtype=weight.dtype).index_add(0, place, weight)
        pooled = torch.zeros(terms * clusters, self.hidden, device=weight.device, dtype=weight.dtype)
        pooled = pooled.index_add(0, place, weight[:, None] * chosen) / (total[:, None] + 1e-6)
        pooled = pooled.view(terms, clusters, self.hidden)
        before = torch.cat([pooled[:1], pooled[:-1]])
        tokens = torch.cat([self.token(torch.cat([pooled, pooled - before], dim=-1)), sequences.share], dim=-1)
        found: Tensor = self.ways(self.laid(sequences, tokens))
        return found

    def laid(self, sequences: Sequences, tokens: Tensor) -> Tensor:
        """Return values of clusters and terms month by month, as far as they are known then.

        Arguments:
            sequences: say which term is known when.
            tokens: [terms, clusters, values].

        Returns:
            The last months' one after the other, [clusters, months, lags x values].
        """
        # A month before the first known term sees zeros.
        tokens = torch.cat([torch.zeros_like(tokens[:1]), tokens])
        months = []
        for lag in range(self.lags):
            known = torch.cat([sequences.known[:1].expand(lag), sequences.known[: len(sequences.known) - lag]])
            months.append(tokens[known + 1])
        return torch.cat(months, dim=-1).transpose(0, 1)

    def plain(self) -> Tensor:
        """Return the places of the values seen that are known before anything is learned: shares and their turns."""
        size = self.token.out_features + SHARES
        return torch.cat([torch.arange((lag + 1) * size - SHARES, (lag + 1) * size) for lag in range(self.lags)])
