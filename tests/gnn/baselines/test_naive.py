"""The naive rules say what their names promise, on series where that can be worked out."""

from datetime import date

import numpy as np
import pytest

from gnn.baselines.forecaster import may_fit
from gnn.baselines.naive import LastChange, LastMonth, Majority, MeanOfThree, Naive, Seasonal
from gnn.panel import Panel, rows, windows
from schema.demand import Cuts
from schema.derived import DEMAND_CLASSES
from tests.gnn.baselines.panels import seasonal, walking

RULES: tuple[type[Naive], ...] = (LastChange, LastMonth, MeanOfThree, Seasonal)


def test_a_year_that_repeats_is_foretold_exactly() -> None:
    """Catches a season that looks at the wrong months, or at its own outcome a year too late."""
    panel = seasonal(noise=0.0)
    found = rows(panel)
    test = found.within(found.parts.test)
    rule = Seasonal()
    rule.fit(panel, found, fit=may_fit(found, horizon=3), seed=0)
    predicted = rule.predict(panel, found, at=test)
    assert predicted.change == pytest.approx(found.change[test])
    assert predicted.probabilities.argmax(axis=1).tolist() == found.label[test].tolist()


def test_a_steady_rise_goes_on() -> None:
    """Catches a last change that is read a month off or with the wrong sign."""
    values = np.round(1000 * np.exp(0.05 * np.arange(44)))[None].repeat(2, axis=0)
    panel = Panel("rising", ("a", "b"), date(2020, 1, 1), values)
    found = rows(panel)
    test = found.within(found.parts.test)
    rule = LastChange()
    rule.fit(panel, found, fit=may_fit(found, horizon=3), seed=0)
    assert rule.predict(panel, found, at=test).change == pytest.approx(found.change[test], abs=1e-3)


def test_the_last_class_is_that_of_the_row_a_window_ago() -> None:
    """Catches a named class that is not the last outcome known, low demand included."""
    panel = walking()
    found = rows(panel)
    test = found.within(found.parts.test)
    rule = LastChange()
    rule.fit(panel, found, fit=may_fit(found, horizon=3), seed=0)
    named = rule.predict(panel, found, at=test).probabilities.argmax(axis=1)
    for place, each in zip(np.flatnonzero(test), named, strict=True):
        ago = (found.cluster == found.cluster[place]) & (found.origin == found.origin[place] - 3)
        assert each == found.label[ago][0]


def test_months_like_the_last_and_like_the_mean() -> None:
    """Catches a month that is not scaled to a window, and a mean that is not the window itself."""
    panel = walking()
    found = rows(panel)
    at = found.label >= 0
    last = LastMonth().change(panel, found, at=at)
    month = panel.values[found.cluster, found.origin][at]
    assert (found.last[at] + 1) * np.exp(last) - 1 == pytest.approx(3 * month)
    assert MeanOfThree().change(panel, found, at=at) == pytest.approx(0.0)


@pytest.mark.parametrize("rule", RULES)
def test_the_named_class_is_most_probable(rule: type[Naive]) -> None:
    """Catches probabilities by which another class than the named one would count."""
    panel = walking()
    found = rows(panel)
    fit = may_fit(found, horizon=3)
    made = rule()
    made.fit(panel, found, fit=fit, seed=0)
    change = np.nan_to_num(made.change(panel, found, at=fit))
    predicted = made.predict(panel, found, at=fit)
    assert predicted.probabilities.argmax(axis=1).tolist() == made.named(found, change, at=fit).tolist()
    assert predicted.probabilities.sum(axis=1) == pytest.approx(1.0)


def test_unchanged_demand_at_the_cut_is_not_low() -> None:
    """Catches rounding that turns as many postings as the cut point into fewer."""
    panel = Panel("flat", ("a",), date(2020, 1, 1), np.full((1, 44), 7.0))
    cuts = Cuts(21.0, (-0.1, 0.1, 0.2))
    found = rows(panel, cuts=cuts)
    at = found.label >= 0
    assert set(MeanOfThree().named(found, np.zeros(int(at.sum())), at=at)) == {DEMAND_CLASSES.index("STABLE")}


def test_the_majority_is_counted_where_it_may_be() -> None:
    """Catches a majority taken from the test span."""
    panel = walking()
    found = rows(panel)
    fit, test = may_fit(found, horizon=3), found.within(found.parts.test)
    rule = Majority()
    rule.fit(panel, found, fit=fit, seed=0)
    predicted = rule.predict(panel, found, at=test)
    assert set(predicted.probabilities.argmax(axis=1)) == {np.bincount(found.label[fit]).argmax()}
    assert predicted.change == pytest.approx(found.change[fit].mean())
    assert np.isnan(windows(panel.values)).any()
