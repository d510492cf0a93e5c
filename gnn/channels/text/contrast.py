"""Supervised contrastive term (Khosla et al. 2020): postings of one cluster lie near one another."""

import torch
from torch.nn import functional


def contrastive(vectors: torch.Tensor, cluster: torch.Tensor, *, temperature: float) -> torch.Tensor:
    """Return the mean over the postings that have another of their cluster in the batch; 0 where none has.

    Arguments:
        vectors: [batch, values].
        cluster: place of each posting's cluster, -1 where it is not known, [batch].
        temperature: > 0.
    """
    unit = functional.normalize(vectors, dim=1)
    scores = unit @ unit.T / temperature
    itself = torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    same = (cluster[:, None] == cluster[None, :]) & (cluster >= 0)[:, None] & ~itself
    logs = torch.log_softmax(scores.masked_fill(itself, -torch.inf), dim=1)
    pairs = same.sum(dim=1)
    found = -torch.where(same, logs, 0.0).sum(dim=1) / pairs.clamp(min=1)
    return found[pairs > 0].mean() if bool((pairs > 0).any()) else scores.new_zeros(())
