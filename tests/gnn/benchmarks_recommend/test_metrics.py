"""The figures of the benchmark against cases worked out by hand, and against themselves."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn.benchmarks.recommend import fairness, metrics
from gnn.benchmarks.recommend.metrics import CUTS, Bootstrap

SCORES = st.lists(st.integers(0, 3), min_size=1, max_size=6)


def test_a_case_by_hand() -> None:
    """Catches a rank that begins at 0, a wrong logarithm, and a cut that is off by one."""
    found = metrics.gains(np.array([0, 4, 5, 9]), np.ones(4, np.int64))
    assert found["recall@5"].tolist() == [1, 1, 0, 0]
    assert found["recall@10"].tolist() == [1, 1, 1, 1]
    assert found["ndcg@5"] == pytest.approx([1.0, 1 / np.log2(6), 0, 0])
    assert found["mrr"] == pytest.approx([1.0, 1 / 5, 1 / 6, 1 / 10])


@given(SCORES, st.data())
def test_ties_are_worth_the_mean_of_all_orders(scores: list[int], data: st.DataObject) -> None:
    """Catches ties that are broken in favour of the right answer, or against it."""
    place = data.draw(st.integers(0, len(scores) - 1))
    better, same = metrics.standing(np.array(scores, float), place)
    found = metrics.gains(np.array([better]), np.array([same]))
    ranks = []
    for order in permutations(range(len(scores))):
        ranked = sorted(order, key=lambda item: -scores[item])
        ranks.append(ranked.index(place) + 1)
    assert found["mrr"][0] == pytest.approx(np.mean([1 / rank for rank in ranks]))
    for cut in CUTS:
        assert found[f"recall@{cut}"][0] == pytest.approx(np.mean([rank <= cut for rank in ranks]))
        gained = [1 / np.log2(1 + rank) if rank <= cut else 0.0 for rank in ranks]
        assert found[f"ndcg@{cut}"][0] == pytest.approx(np.mean(gained))


@given(SCORES, st.integers(0, 8))
def test_the_head_of_a_list(scores: list[int], count: int) -> None:
    """Catches a partial sort that loses an item or forgets the order of equal ones."""
    found = metrics.top(np.array(scores, float), count).tolist()
    assert found == sorted(range(len(scores)), key=lambda item: (-scores[item], item))[:count]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 5))
def test_gini_does_not_depend_on_scale_or_order(counts: list[int], factor: int) -> None:
    """Catches an index that leaves [0, 1) or counts how often lists were shown at all."""
    found = metrics.gini(np.array(counts, float))
    assert 0.0 <= found < 1.0
    assert metrics.gini(np.array(counts[::-1], float) * factor) == pytest.approx(found)


def test_diversity_by_hand() -> None:
    """Catches pairs of an item with itself, and items of no cluster that count as alike."""
    cluster, kind = np.array([1, 1, 2, -1, -1]), np.zeros(5, np.int64)
    assert metrics.diversity([np.array([0, 1])], cluster=cluster, kind=kind) == 0.0
    assert metrics.diversity([np.array([0, 1, 2])], cluster=cluster, kind=kind) == pytest.approx(2 / 3)
    assert metrics.diversity([np.array([3, 4])], cluster=cluster, kind=kind) == 1.0


def test_novelty_and_coverage_by_hand() -> None:
    """Catches natural logarithms, and items that are counted once a list."""
    lists = [np.array([0, 1]), np.array([1, 2])]
    assert metrics.coverage(lists, 4) == 0.75
    assert metrics.novelty(lists, np.array([0.5, 0.25, 0.25])) == pytest.approx((1 + 2 + 2 + 2) / 4)


def test_users_are_drawn_with_all_their_events() -> None:
    """Catches a bootstrap over events, which is too sure where a user has many."""
    users = np.repeat(np.arange(20), 50)
    values = np.repeat(np.random.default_rng(1).random(20), 50)
    by_user, by_event = Bootstrap(users).span(values), Bootstrap(np.arange(1000)).span(values)
    assert by_user.high - by_user.low > 3 * (by_event.high - by_event.low)
    assert by_user.low < values.mean() < by_user.high


def test_a_constant_difference_is_certain() -> None:
    """Catches draws that differ from row to row, so that nothing is paired."""
    users = np.array([0, 0, 1, 2, 3, 3])
    noise = np.random.default_rng(0).random(6)
    boot = Bootstrap(users)
    found = boot.span((noise + 0.25) - noise)
    assert (found.low, found.high) == (pytest.approx(0.25), pytest.approx(0.25))


@given(st.lists(st.sampled_from("abc"), min_size=12, max_size=40), st.floats(0.0, 0.5), st.integers(0, 99))
def test_exposure_stays_within_the_bound(group: list[str], bound: float, seed: int) -> None:
    """Catches books that forget, a group that is owed and never comes, and one that always comes first."""
    names, length, lists = sorted(set(group)), 5, 60
    shares = {name: group.count(name) / len(group) for name in names}
    draw = np.random.default_rng(seed)
    # The first group is always better.
    ledger, worth = fairness.Ledger(bound), np.array([name == names[0] for name in group])
    for _ in range(lists):
        best = np.argsort(-(worth + 0.5 * draw.random(len(group)))).tolist()
        found = ledger.order(best, group, shares=shares, length=length)
        assert len(found) == len(set(found)) == length
        for name in names:
            mine = [best.index(number) for number in found if group[number] == name]
            assert mine == sorted(mine)
    for name in names:
        had, earned = ledger.had.get(name, 0.0), ledger.earned[name]
        if group.count(name) >= length:
            # What is owed is paid within the next ranks.
            assert (1 - bound) * earned - len(names) <= had <= (1 + bound) * earned + len(names)


def test_without_a_bound_the_order_stays() -> None:
    """Catches an option that changes lists although nobody asked for it."""
    ledger = fairness.Ledger(1.0)
    for _ in range(5):
        assert ledger.order([3, 1, 2, 0], "abab", shares={"a": 0.9, "b": 0.1}, length=3) == [3, 1, 2]


def test_exposures_by_hand() -> None:
    """Catches shares of the lists instead of those of the candidates."""
    lists = [np.array([0, 1])]
    found = fairness.exposures(lists, [{"a": 2, "b": 2}], group=["a", "b", "a", "b"])
    first, second = 1.0, 1 / np.log2(3)
    assert found == pytest.approx({"a": 2 * first / (first + second), "b": 2 * second / (first + second)})


def test_the_same_for_all_is_not_apart() -> None:
    """Catches a distance between groups that are shown the very same."""
    cluster = np.array([0, 1, 2])
    lists = [np.array([0, 1]), np.array([0, 1]), np.array([2, 1])]
    assert fairness.apart(lists[:2], cluster=cluster, group=["a", "b"]) == {"a": 0.0, "b": 0.0}
    found = fairness.apart(lists, cluster=cluster, group=["a", "a", "b"])
    assert found["b"] > found["a"] > 0.0
