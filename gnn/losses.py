"""What training minimises (equations 8 and 9)."""

import torch
from torch import Tensor


def time_decay(age: Tensor, *, rate: float) -> Tensor:
    """Return the weight of each sample: exp(-rate * age).

    Source: equation 8.

    Arguments:
        age: months before the latest sample, >= 0.
        rate: lambda, per month, >= 0.
    """
    return torch.exp(-rate * age)


def class_balance(label: Tensor, *, power: float, classes: int = 5) -> Tensor:
    """Return a weight for each sample, mean 1, that lifts rare classes.

    Arguments:
        label: places of classes, [samples].
        power: 0 leaves all equal, 1 makes every class count the same.
        classes: how many there are.
    """
    count = torch.bincount(label, minlength=classes).clamp_min(1).to(torch.float32)
    weight = count.sum() / (classes * count)
    found = (weight**power)[label]
    return found / found.mean()


def contrast(fused: Tensor, cluster: Tensor, *, temperature: float = 0.2, most: int = 512) -> Tensor:
    """Return how badly samples of one cluster are told from those of others.

    Supervised contrastive loss (source: Khosla et al., 2020; L_con of equation 9) over cosines: samples of the same
    cluster are drawn together, others apart. Evenly spaced samples stand for all where there are more than `most`.

    Arguments:
        fused: [samples, width].
        cluster: [samples].
        temperature: above 0.
        most: samples that are compared.
    """
    if len(fused) > most:
        chosen = torch.linspace(0, len(fused) - 1, most, device=fused.device).long()
        fused, cluster = fused[chosen], cluster[chosen]
    unit = torch.nn.functional.normalize(fused, dim=1)
    score = unit @ unit.T / temperature
    itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    same = (cluster[:, None] == cluster[None]) & ~itself
    logs = score - torch.logsumexp(score.masked_fill(itself, float("-inf")), dim=1, keepdim=True)
    there = same.any(dim=1)
    if not there.any():
        return fused.sum() * 0.0
    mean = (logs * same).sum(dim=1)[there] / same.sum(dim=1)[there]
    return -mean.mean()
