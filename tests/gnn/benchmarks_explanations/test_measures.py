"""The measures of explanations, held against definitions that are written another way."""

from math import isnan, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from gnn.benchmarks.explanations.measures import LEAST_COMMON, evenness, jaccard, mean, same_order
from schema.ranking import NAMED, named

KINDS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=12)
LISTS = st.lists(st.integers(0, 12), unique=True, max_size=10)


@given(KINDS, st.integers(4, 9))
def test_evenness_is_entropy_over_its_largest(kinds, possible):
    """Would catch another base, a share of the wrong whole, and a list held against kinds it has no room for."""
    found = evenness(kinds, possible=possible)
    most = min(len(kinds), possible)
    if most == 1:
        assert isnan(found)
        return
    entropy = sum(-(kinds.count(kind) / len(kinds)) * log2(kinds.count(kind) / len(kinds)) for kind in set(kinds))
    assert found == pytest.approx(entropy / log2(most))
    assert 0.0 <= found <= 1.0 + 1e-12
    assert (found == 0.0) == (len(set(kinds)) == 1)


@given(LISTS, LISTS)
def test_jaccard_counts_what_is_in_both(left, right):
    """Would catch an overlap that depends on the side, or on the order."""
    found = jaccard(left, right)
    if not left and not right:
        assert isnan(found)
        return
    both = sum(item in right for item in left)
    assert found == jaccard(right, left[::-1]) == both / (len(left) + len(right) - both)


@given(LISTS, LISTS)
def test_the_order_is_spearmans_rho_of_what_is_in_both(left, right):
    """Would catch ranks that count items which the other list does not have."""
    found = same_order(left, right)
    both = [item for item in left if item in right]
    if len(both) < LEAST_COMMON:
        assert isnan(found)
        return
    ranks = np.argsort(np.argsort([right.index(item) for item in both]))
    assert found == pytest.approx(spearmanr(np.arange(len(both)), ranks).statistic)


def test_a_mean_leaves_out_what_says_nothing():
    """Would catch one list without an order that makes the mean of all nothing."""
    assert mean([0.5, float("nan"), 1.0]) == 0.75
    assert isnan(mean([float("nan")])) and isnan(mean([]))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([0.0, 0.1, 0.5, 0.5, 1.0])))
def test_named_are_the_largest(amounts):
    """Would catch a unit of which nothing is missing, a smaller one before a larger, and ties that depend on order."""
    found = named(amounts)
    positive = sorted((-amount, unit) for unit, amount in amounts.items() if amount > 0.0)
    assert found == [unit for _, unit in positive][:NAMED]
