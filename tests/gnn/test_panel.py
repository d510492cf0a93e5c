"""Rows of the demand task: the same classes as the plain formulas, and nothing of the future in what is known."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gnn.panel import Panel, classify, rows, windows
from schema import demand
from schema.derived import DEMAND_CLASSES
from schema.errors import JobError

values = arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(16, 40)), elements=st.integers(0, 60).map(float))


def panel(table: np.ndarray) -> Panel:
    return Panel("test", tuple(f"c{number}" for number in range(len(table))), date(2021, 11, 1), table)


@settings(deadline=None)
@given(values)
def test_rows_agree_with_the_plain_formulas(table: np.ndarray) -> None:
    """Catches classes or cut points on arrays that differ from the definition."""
    table[:, 0] += 1
    found = rows(panel(table))
    train = found.within(found.parts.train)
    plain = demand.cut_points(found.last[train].tolist(), found.coming[train].tolist())
    assert found.cuts.low == pytest.approx(plain.low)
    assert found.cuts.change == pytest.approx(plain.change)
    for place in range(len(found)):
        cluster, origin = found.cluster[place], found.origin[place]
        assert found.last[place] == table[cluster, origin - 2 : origin + 1].sum()
        assert found.coming[place] == table[cluster, origin + 1 : origin + 4].sum()
        named = demand.demand_class(found.last[place], found.coming[place], cuts=found.cuts)
        assert DEMAND_CLASSES[found.label[place]] == named


@given(values)
def test_cut_points_do_not_know_the_test_span(table: np.ndarray) -> None:
    """Catches a leak: cut points that move when the outcomes of validation or test change."""
    table[:, 0] += 1
    before = rows(panel(table))
    table[:, before.parts.valid.start + 1 :] += 7
    assert rows(panel(table)).cuts == before.cuts


def test_unknown_months_and_new_clusters_have_no_rows() -> None:
    """Catches a missing month that counts as no demand, and a cluster that is foretold before it was there."""
    table = np.full((2, 24), 5.0)
    table[0, 10] = np.nan
    table[1, :8] = 0.0
    found = rows(panel(table), future=True)
    of = {number: set(found.origin[found.cluster == number].tolist()) for number in (0, 1)}
    assert of[0].isdisjoint({7, 8, 9, 10, 11, 12})
    assert min(of[1]) == 10
    assert found.label[found.origin == 23].tolist() == [-1, -1]


def test_months_count_on_over_the_year() -> None:
    """Catches a month 13."""
    assert panel(np.ones((1, 16))).month(3) == date(2022, 2, 1)


def test_shapes_are_checked() -> None:
    """Catches values of other clusters than those named."""
    with pytest.raises(JobError, match="2 clusters"):
        Panel("test", ("a", "b"), date(2021, 1, 1), np.ones((3, 20)))


def test_windows_by_hand() -> None:
    """Catches a window that is a month too long."""
    assert windows(np.array([[1.0, 2.0, 3.0, np.nan, 4.0, 5.0, 6.0]]), 3)[0, 2] == 6.0
    assert np.isnan(windows(np.array([[1.0, 2.0, 3.0, np.nan, 4.0, 5.0, 6.0]]), 3)[0, 3:6]).all()
    assert classify(np.array([9.0]), np.array([19.0]), cuts=demand.Cuts(5, (-0.2, 0.1, 0.4))).tolist() == [0]
