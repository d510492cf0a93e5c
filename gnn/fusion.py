"""Gated attention fusion of the channels (equations 2 and 3)."""

import torch
from torch import Tensor, nn

CHANNELS = ("text", "growth", "relation")


class GatedFusion(nn.Module):
    """Weighs the channels of each sample by what they say.

    alpha_i = exp(w . h_i) / sum_k exp(w . h_k),   z = sum_i alpha_i h_i

    A channel that a sample lacks gets no weight. Source: equations 2 and 3.

    Arguments:
        width: of each channel's vector.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width))

    def forward(self, channels: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Return the fused vectors and the weights.

        Arguments:
            channels: [samples, channels, width].
            present: whether a sample has a channel, at least one each, [samples, channels].

        Returns:
            [samples, width] and [samples, channels]; weights sum to 1.
        """
        score = (channels @ self.weight).masked_fill(~present, float("-inf"))
        weights = torch.softmax(score, dim=1)
        return (weights[:, :, None] * channels.masked_fill(~present[:, :, None], 0.0)).sum(dim=1), weights
