"""Metrics are what their names say, and what scikit-learn makes of the same rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn import metrics
from schema.derived import DEMAND_CLASSES

sklearn = pytest.importorskip("sklearn.metrics")

pairs = st.integers(1, 60).flatmap(
    lambda count: st.tuples(
        *(st.lists(st.integers(0, 4), min_size=count, max_size=count).map(np.array) for _ in range(2))
    )
)
seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int, count: int = 40) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(0, 5, count), random.dirichlet(np.ones(5), count)


def test_classes_lie_in_order_of_growth() -> None:
    """Catches an order of classes by which the ordinal error would be wrong."""
    assert DEMAND_CLASSES[::-1] == ("LOW_DEMAND", "DECLINE", "STABLE", "GROWTH", "HIGH_GROWTH")


@settings(deadline=None, max_examples=25)
@given(pairs)
def test_scores_agree_with_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    """Catches F1 with the wrong average, an absent class that counts as 0, and a confusion matrix on its side."""
    label, named = pair
    assert metrics.accuracy(label, named) == pytest.approx(sklearn.accuracy_score(label, named))
    for average, score in (("macro", metrics.macro_f1), ("weighted", metrics.weighted_f1)):
        theirs = sklearn.f1_score(label, named, average=average, zero_division=0)
        assert score(label, named) == pytest.approx(theirs)
    theirs = sklearn.confusion_matrix(label, named, labels=range(5))
    assert metrics.confusion(label, named).tolist() == theirs.tolist()
    assert metrics.ordinal_error(label, named) == pytest.approx(sklearn.mean_absolute_error(label, named))


@settings(deadline=None, max_examples=25)
@given(seeds)
def test_probabilities_agree_with_scikit_learn(seed: int) -> None:
    """Catches Top-3 of the least probable ones, and a log loss of the wrong column."""
    label, probabilities = drawn(seed)
    theirs = sklearn.top_k_accuracy_score(label, probabilities, k=3, labels=range(5))
    assert metrics.top(label, probabilities) == pytest.approx(theirs)
    theirs = sklearn.log_loss(label, probabilities, labels=range(5))
    assert metrics.log_loss(label, probabilities) == pytest.approx(theirs)
    change = np.random.default_rng(seed).normal(size=(2, 40))
    assert metrics.rmse(*change) == pytest.approx(sklearn.root_mean_squared_error(*change))


@given(seeds, st.integers(1, 4))
def test_top_grows_from_accuracy_to_one(seed: int, count: int) -> None:
    """Catches a Top-k that does not hold the Top-(k - 1)."""
    label, probabilities = drawn(seed)
    assert metrics.top(label, probabilities, count=1) == metrics.accuracy(label, probabilities.argmax(axis=1))
    assert metrics.top(label, probabilities, count=count) <= metrics.top(label, probabilities, count=count + 1)
    assert metrics.top(label, probabilities, count=5) == 1.0


@settings(deadline=None, max_examples=25)
@given(seeds)
def test_order_of_rows_and_names_of_clusters_do_not_matter(seed: int) -> None:
    """Catches a metric that depends on the order of rows."""
    label, probabilities = drawn(seed)
    random = np.random.default_rng(seed)
    change, predicted = random.normal(size=(2, len(label)))
    given = {"lower": predicted - 1, "upper": predicted + 1}
    first = metrics.scores(label, change, probabilities=probabilities, predicted=predicted, scale=3.0, **given)
    order = random.permutation(len(label))
    moved = {name: table[order] for name, table in given.items()}
    second = metrics.scores(
        label[order], change[order], probabilities=probabilities[order], predicted=predicted[order], scale=3.0, **moved
    )
    assert first == pytest.approx(second)
    assert all(0.0 <= value <= 1.0 for name, value in first.items() if name in ("accuracy", "macro_f1", "coverage"))
    assert 0.0 <= first["calibration_error"] <= 1.0
    assert 0.0 <= first["ordinal_error"] <= 4.0


def test_calibration_error_by_hand() -> None:
    """Catches bins that are not weighed by their rows, and errors that cancel between bins."""
    probabilities = np.array([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 10)
    label = np.array([0] * 10 + [1] * 10)
    assert metrics.calibration_error(label, probabilities) == pytest.approx(0.5 * 0.1 + 0.5 * 0.6)
    certain = np.eye(2)[label]
    assert metrics.calibration_error(label, certain) == 0.0


def test_intensity_and_change_have_the_same_error() -> None:
    """Catches a scale of intensity by which the error of the change could not be read as that of intensity."""
    last, coming, foretold = np.array([3.0, 40.0]), np.array([9.0, 20.0]), np.array([5.0, 33.0])
    change, predicted = (np.log((each + 1) / (last + 1)) for each in (coming, foretold))
    apart = metrics.rmse(metrics.intensity(coming, ceiling=99.0), metrics.intensity(foretold, ceiling=99.0))
    assert apart == pytest.approx(metrics.rmse(change, predicted) / np.log(100.0))
    assert metrics.intensity(np.array([0.0, 99.0]), ceiling=99.0).tolist() == [0.0, 1.0]


def test_coverage_counts_given_intervals_only() -> None:
    """Catches a row without an interval that counts as missed, and an open end."""
    actual = np.array([0.0, 1.0, 2.0, 3.0])
    lower, upper = np.array([0.0, 2.0, np.nan, 2.0]), np.array([1.0, 3.0, np.nan, 4.0])
    assert metrics.coverage(actual, lower, upper) == pytest.approx(2 / 3)
    assert np.isnan(metrics.coverage(actual[:0], lower[:0], upper[:0]))


def test_interval_over_seeds_is_that_of_students_t() -> None:
    """Catches the normal quantile at three seeds, where it is less than half as wide as it must be."""
    stats = pytest.importorskip("scipy.stats")
    for count in (2, 3, 5, 11, 12, 30, 200):
        figures = np.random.default_rng(count).normal(size=count)
        low, high = stats.t.interval(0.95, count - 1, figures.mean(), stats.sem(figures))
        found = metrics.over_seeds(figures)
        assert (found.low, found.high) == pytest.approx((low, high), rel=0.01, abs=0.003)
    assert np.isnan(metrics.over_seeds(np.array([0.5])).low)


def test_clusters_are_drawn_not_rows() -> None:
    """Catches a bootstrap over rows: twenty equal rows of a cluster are one observation, not twenty."""
    cluster = np.repeat(np.arange(10), 20)
    right = (cluster % 2).astype(np.float64)
    found = metrics.bootstrap(lambda places: float(right[places].mean()), cluster, draws=400)
    assert found.mean == 0.5
    assert found.high - found.low > 0.4
    rows = metrics.bootstrap(lambda places: float(right[places].mean()), np.arange(200), draws=400)
    assert rows.high - rows.low < 0.2


def test_a_difference_is_paired() -> None:
    """Catches a difference of two draws: what is right in the same rows is exactly as good, with no spread."""
    random = np.random.default_rng(0)
    right, cluster = random.random((2, 60)) < 0.5, np.repeat(np.arange(12), 5)

    def share(places: np.ndarray, run: int) -> float:
        return float(right[run][places].mean())

    same = metrics.difference(share, share, cluster, seeds=2, draws=100)
    assert (same.mean, same.low, same.high) == (0.0, 0.0, 0.0)
    assert not same.apart
    worse = metrics.difference(share, lambda places, run: share(places, run) - 0.25, cluster, seeds=2, draws=100)
    assert (worse.mean, worse.low, worse.high) == pytest.approx((0.25, 0.25, 0.25))
    assert worse.apart


def test_no_rows_give_no_figure() -> None:
    """Catches a slice without rows that scores 0, or stops the table."""
    none, empty = np.zeros(0, int), np.zeros((0, 5))
    flat = np.zeros(0)
    found = metrics.scores(none, flat, probabilities=empty, predicted=flat, lower=flat, upper=flat, scale=1.0)
    assert all(np.isnan(value) for value in found.values())
    assert np.isnan(metrics.bootstrap(lambda places: 0.0, none).mean)
    parts = {"all": np.ones(3, bool), "none": np.zeros(3, bool)}
    assert metrics.per_slice(lambda places: float(len(places)), parts) == {"all": 3.0, "none": 0.0}
