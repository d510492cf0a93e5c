"""Two ways from what a channel sees to its vector: a straight one and a bent one, added up."""

import torch
from torch import Tensor, nn


class TwoWays(nn.Module):
    """A linear map beside a network with one hidden layer.

    Arguments:
        size: values that are seen.
        width: of the result.
        dropout: on the bent way, 0 to 1.
    """

    def __init__(self, size: int, width: int, *, dropout: float) -> None:
        super().__init__()
        self.straight = nn.Linear(size, width)
        self.bent = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(size, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, width)
        )

    def forward(self, seen: Tensor) -> Tensor:
        """Return [..., width] of [..., size]."""
        found: Tensor = self.straight(seen) + self.bent(seen)
        return found

    def carry(self, weights: Tensor, places: Tensor) -> None:
        """Let the first value of the result be a weighted sum of some of the values seen, and nothing else."""
        hush(self.straight, self.bent[-1])
        with torch.no_grad():
            self.straight.weight[0, places] = weights


@torch.no_grad()
def hush(*layers: nn.Module) -> None:
    """Let linear layers give 0 as the first value."""
    for layer in layers:
        assert isinstance(layer, nn.Linear)
        layer.weight[0].zero_()
        if layer.bias is not None:
            layer.bias[0].zero_()
