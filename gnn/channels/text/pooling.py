"""Attention pooling of equation 7: a vector for a set of vectors, and how much each of them counted."""

import torch
from torch import nn

START = 0.2
"""Standard deviation of the values of a query at the start."""


class AttentionPooling(nn.Module):
    """alpha_j = softmax(q . h_j), pooled = sum of alpha_j h_j, for one or more queries side by side.

    With one query all that matters would compete for the same weights, and each would count less the more there is of
    the other.

    Arguments:
        size: values of each h_j.
        queries: >= 1.
    """

    def __init__(self, size: int, *, queries: int = 1) -> None:
        super().__init__()
        # The first begins as the plain mean; the others have to begin elsewhere to become different from it.
        start = torch.zeros(queries, size)
        nn.init.normal_(start[1:], std=START)
        self.query = nn.Parameter(start)

    def weights(self, states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return alpha: sum 1 over what is there, and 0 everywhere where nothing is, [batch, queries, places].

        Arguments:
            states: h, [batch, places, size].
            there: which places count, [batch, places].
        """
        scores = (states @ self.query.T.to(states.dtype)).float().transpose(1, 2)
        scores = scores.masked_fill(~there[:, None], -torch.inf)
        # Where nothing is there, softmax would give NaN; any finite score will do, it is set to 0 afterwards.
        scores = torch.where(there.any(dim=1)[:, None, None], scores, 0.0)
        return torch.softmax(scores, dim=2) * there[:, None]

    def forward(self, states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return the pooled vectors, one after the other, [batch, queries x size]; zeros where nothing is there."""
        found: torch.Tensor = (self.weights(states, there) @ states.float()).flatten(1)
        return found
