"""AUC, Hits@1 and MRR against loops that follow their definitions word by word."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as extra

from gnn.benchmarks.occupation_skill.ranking import Floats, Truth, ranking
from schema.errors import JobError

SHAPE = extra.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=7)


def naive(scores: Floats, truth: Truth) -> tuple[float, float, float]:
    """The three measures, pair by pair."""
    ranks = []
    for row, true in zip(scores, truth, strict=True):
        for own in row[true]:
            others = row[~true]
            ranks.append(1 + sum(other > own for other in others) + sum(other == own for other in others) / 2)
    wins = [1.0 if own > other else 0.5 if own == other else 0.0 for own in scores[truth] for other in scores[~truth]]
    hits = sum(rank <= 1 for rank in ranks) / len(ranks)
    return 100 * sum(wins) / len(wins), 100 * hits, 100 * sum(1 / rank for rank in ranks) / len(ranks)


@given(st.data(), SHAPE)
def test_measures_follow_their_definitions(data: st.DataObject, shape: tuple[int, ...]) -> None:
    """Catches ties that count as won, other true pairs in the way of one, and averages over occupations."""
    # Few different scores, so that ties are common.
    scores = data.draw(extra.arrays(np.float64, shape, elements=st.integers(0, 5).map(float)))
    truth = data.draw(extra.arrays(np.bool_, shape))
    assume(truth.any() and not truth.all())
    got = ranking(scores, truth)
    assert (got.auc, got.hits, got.reciprocal) == pytest.approx(naive(scores, truth))


def test_what_cannot_be_measured_is_refused() -> None:
    """Catches a NaN that sorts to the end and passes as the best score, and a measure of nothing."""
    truth = np.array([[True, False]])
    with pytest.raises(JobError):
        ranking(np.array([[np.nan, 0.0]]), truth)
    with pytest.raises(JobError):
        ranking(np.array([[1.0, 0.0, 0.0]]), truth)
    with pytest.raises(JobError):
        ranking(np.array([[1.0, 0.0]]), np.array([[True, True]]))
