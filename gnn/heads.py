"""The two tasks (equation 4): demand as a distribution of the coming change, and the gap.

The class of a row is settled by its change x once the last window is known: low demand too is a threshold on x. So
the demand head foretells a distribution of x, and each class has the probability of its stretch:

    low demand  x < l,  l = log((low + 1/2) / (last + 1));   then up to max(c1, l), max(c2, l), max(c3, l), and beyond

The distribution is a mixture of two normal ones, so that a sudden break does not widen every forecast.
"""

import math

import torch
from torch import Tensor, nn

from schema.demand import Cuts

LEAST_SPREAD = 0.02
OFFSETS = (-1.8, -0.5, -2.0)
"""Log of the narrow spread, log of what the wide one adds, and logit of the wide part, where nothing is known."""
START_SPREAD = LEAST_SPREAD + math.exp(OFFSETS[0])


class DemandHead(nn.Module):
    """Foretells the change of demand.

    Arguments:
        width: of the fused vector.
        dropout: 0 to 1.
    """

    def __init__(self, width: int, *, dropout: float) -> None:
        super().__init__()
        self.straight = nn.Linear(width, 1)
        self.bent = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, 4)
        )

    def forward(self, fused: Tensor) -> Tensor:
        """Return mean, two log spreads and the logit of the wide part, [samples, 4]."""
        bent = self.bent(fused)
        mean = self.straight(fused) + bent[:, :1]
        return torch.cat([mean, bent[:, 1:] + bent.new_tensor(OFFSETS)], dim=1)

    def carry(self, shift: float, *, spread: float = START_SPREAD) -> None:
        """Let the mean be the first fused value plus a shift, and nothing else, equally sure of all samples.

        Arguments:
            shift: what is added.
            spread: of the narrow part, > 0.
        """
        last = self.bent[-1]
        assert isinstance(last, nn.Linear)
        with torch.no_grad():
            last.weight.zero_()
            last.bias.zero_()
            last.bias[1] = math.log(max(spread - LEAST_SPREAD, 0.02)) - OFFSETS[0]
            self.straight.weight.zero_()
            self.straight.weight[0, 0] = 1.0
            self.straight.bias.fill_(shift)


class GapHead(nn.Module):
    """Foretells which share of what a cluster demands its students lack, 0 to 1."""

    def __init__(self, width: int, *, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, 1)
        )

    def forward(self, fused: Tensor) -> Tensor:
        """Return the gap, [samples]."""
        return torch.sigmoid(self.layers(fused)[:, 0])


def _parts(demand: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    mean, narrow, wide, logit = demand.unbind(dim=-1)
    narrow = torch.exp(narrow.clamp(-4.0, 2.0)) + LEAST_SPREAD
    wide = narrow + torch.exp(wide.clamp(-4.0, 2.0))
    return mean, narrow, wide, torch.sigmoid(logit)


def below(demand: Tensor, change: Tensor) -> Tensor:
    """Return the probability that x lies below a value, [samples]; of several values each, where both are broadcast."""
    mean, narrow, wide, share = _parts(demand)
    return (1 - share) * torch.special.ndtr((change - mean) / narrow) + share * torch.special.ndtr(
        (change - mean) / wide
    )


def log_density(demand: Tensor, change: Tensor) -> Tensor:
    """Return the log density of x at a value, [samples]."""
    mean, narrow, wide, share = _parts(demand)
    one = torch.log1p(-share) - torch.log(narrow) - 0.5 * ((change - mean) / narrow) ** 2
    two = torch.log(share) - torch.log(wide) - 0.5 * ((change - mean) / wide) ** 2
    return torch.logaddexp(one, two)


def class_logits(demand: Tensor, last: Tensor, *, cuts: Cuts) -> Tensor:
    """Return log probabilities of the classes in their order, [samples, 5].

    Arguments:
        demand: what the head gave.
        last: demand of the last window, [samples].
        cuts: cut points.
    """
    low = torch.log((cuts.low + 0.5) / (last + 1.0))[:, None]
    values = torch.cat([low, torch.maximum(low, low.new_tensor(cuts.change))], dim=1)
    edges = below(demand[:, None], values).flip(dims=(1,))
    # Each class lies between two edges: the first above the highest, low demand below the lowest.
    steps = torch.cat([1 - edges[:, :1], edges[:, :-1] - edges[:, 1:], edges[:, -1:]], dim=1)
    return torch.log(steps.clamp_min(1e-5))
