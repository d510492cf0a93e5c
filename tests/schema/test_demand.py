"""Classes and spans: no month is both an outcome that was learned from and one that is to be foretold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.demand import Cuts, cut_points, demand_class, log_change, quantile, spans
from schema.derived import DEMAND_CLASSES
from schema.errors import SettingsError


@given(st.integers(0, 30), st.integers(30, 300), st.integers(1, 6))
def test_spans_never_share_an_outcome(start: int, length: int, horizon: int) -> None:
    """Catches a gap that is a month too short, and a span that is empty."""
    parts = spans(range(start, start + length), horizon=horizon)
    assert len(parts.train) > 0 and len(parts.valid) > 0 and len(parts.test) > 0
    assert parts.train[-1] + horizon < parts.valid[0]
    assert parts.valid[-1] + horizon < parts.test[0]
    assert (parts.train[0], parts.test[-1]) == (start, start + length - 1)


def test_too_few_months_are_refused() -> None:
    """Catches an empty training span that only fails much later."""
    with pytest.raises(SettingsError, match="8 months"):
        spans(range(8))


counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=5, max_size=60)


@given(counts)
def test_cut_points_rise_and_every_class_is_one_of_five(pairs: list[tuple[int, int]]) -> None:
    """Catches cut points out of order, which would leave a class without any row."""
    last, coming = zip(*pairs, strict=True)
    cuts = cut_points(last, coming)
    assert cuts.change[0] <= cuts.change[1] <= cuts.change[2]
    for before, after in pairs:
        named = demand_class(before, after, cuts=cuts)
        assert named in DEMAND_CLASSES
        assert (named == "LOW_DEMAND") == (after < cuts.low)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_more_postings_never_make_a_lower_class(last: int, less: int, more: int) -> None:
    """Catches classes that are sorted the wrong way round."""
    cuts = Cuts(20, (-0.2, 0.1, 0.4))
    small, large = sorted((less, more))
    order = [DEMAND_CLASSES.index(demand_class(last, each, cuts=cuts)) for each in (small, large)]
    assert order[0] >= order[1]
    assert log_change(last, small) <= log_change(last, large)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40), st.floats(0, 1))
def test_a_quantile_lies_among_its_values(values: list[float], share: float) -> None:
    """Catches an interpolation that leaves the range."""
    assert min(values) - 1e-9 <= quantile(values, share) <= max(values) + 1e-9
