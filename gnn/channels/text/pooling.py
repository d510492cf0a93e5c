"""Attention pooling of equation 7: a vector for a set of vectors, and how much each of them counted."""

import torch
from torch import nn


class AttentionPooling(nn.Module):
    """alpha_j = softmax(q . h_j), pooled = sum of alpha_j h_j.

    Arguments:
        size: values of each h_j.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.zeros(size))

    def weights(self, states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return alpha: sum 1 over what is there, and 0 everywhere where nothing is.

        Arguments:
            states: h, [batch, places, size].
            there: which places count, [batch, places].
        """
        scores = (states @ self.query.to(states.dtype)).float().masked_fill(~there, -torch.inf)
        # Where nothing is there, softmax would give NaN; any finite score will do, it is set to 0 afterwards.
        scores = torch.where(there.any(dim=1, keepdim=True), scores, 0.0)
        return torch.softmax(scores, dim=1) * there

    def forward(self, states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return the pooled vectors, [batch, size]; zeros where nothing is there."""
        found: torch.Tensor = (self.weights(states, there)[:, None, :] @ states.float()).squeeze(1)
        return found
