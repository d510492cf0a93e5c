"""Attention pooling (equation 7): weights sum to 1, and what is not there has no say."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.channels.text.contrast import contrastive
from gnn.channels.text.pooling import AttentionPooling


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**16), st.integers(1, 4), st.integers(1, 7), st.integers(1, 5), st.integers(1, 3))
def test_weights_sum_to_one_and_pass_over_padding(seed: int, batch: int, places: int, size: int, queries: int) -> None:
    """Catches padding that is attended to, and NaN where a posting has nothing at all."""
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(batch, places, size, generator=generator)
    there = torch.rand(batch, places, generator=generator) < 0.6
    pooling = AttentionPooling(size, queries=queries)
    with torch.no_grad():
        pooling.query.copy_(torch.randn(queries, size, generator=generator))
    weights, pooled = pooling.weights(states, there), pooling(states, there)
    assert pooled.shape == (batch, queries * size)
    for query in range(queries):
        assert torch.allclose(weights[:, query].sum(dim=1), there.any(dim=1).float(), atol=1e-5)
        assert torch.equal(weights[:, query][~there], torch.zeros(int((~there).sum())))
    other = torch.where(there[:, :, None], states, 1e3 * torch.randn(states.shape, generator=generator))
    assert torch.allclose(pooling(other, there), pooled, atol=1e-5)


def test_pooling_is_the_formula() -> None:
    """Catches a changed softmax: scaled, over the wrong axis, or not weighted."""
    states = torch.tensor([[[1.0, 0.0], [0.0, 2.0], [9.0, 9.0]]])
    pooling = AttentionPooling(2)
    with torch.no_grad():
        pooling.query.copy_(torch.tensor([[1.0, 1.0]]))
    first, second = np.exp(1.0), np.exp(2.0)
    expected = np.array([first, 2.0 * second]) / (first + second)
    found = pooling(states, torch.tensor([[True, True, False]])).detach().numpy()[0]
    assert found == pytest.approx(expected, rel=1e-5)


def test_contrast_is_low_where_a_cluster_lies_together() -> None:
    """Catches a term with the wrong sign, or one that counts the posting itself or postings without a cluster."""
    together = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    right, wrong = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 0, 1])
    assert contrastive(together, right, temperature=0.2) < contrastive(together, wrong, temperature=0.2)
    assert contrastive(together, torch.tensor([0, 1, 2, 3]), temperature=0.2) == 0
    assert contrastive(together, torch.full((4,), -1), temperature=0.2) == 0
