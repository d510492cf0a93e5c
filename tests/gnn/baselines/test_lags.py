"""Lag features know the past only, and say what their names promise."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.baselines.lags import Lags, correlation, nearest, running, spread
from gnn.baselines.sequences import SequenceReader
from gnn.panel import Panel, Rows, rows
from tests.gnn.baselines.panels import seasonal, walking

GROUPS = {"level", "months", "changes", "means", "season", "volatility", "age", "total", "neighbours"}


def extras(panel: Panel, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(*panel.values.shape, 2))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.integers(18, 40), st.booleans())
def test_features_do_not_know_the_future(seed: int, origin: int, alike: bool) -> None:
    """Catches any feature, sequences included, that reads a month after its origin."""
    panel = walking(seed=seed)
    if alike:
        panel = replace(panel, affinity=np.random.default_rng(seed).random((8, 8)))
    found = rows(panel)
    extra = extras(panel)
    later, values, known = extra.copy(), panel.values.copy(), np.arange(panel.months) > origin
    later[:, known] += 5.0
    values[:, known] = values[:, known] * 3.0 + 1.0
    changed = replace(panel, values=values)
    at = found.origin == origin
    lags, reader = Lags(), SequenceReader()
    lags.fit(panel, found)
    reader.fit(panel, found, fit=found.within(found.parts.train), extra=extra)
    first = lags.read(panel, found, at=at, extra=extra).values
    assert first == pytest.approx(lags.read(changed, found, at=at, extra=later).values, nan_ok=True)
    one, other = (reader.read(each, found, at=at, extra=more) for each, more in ((panel, extra), (changed, later)))
    for name in ("months", "extra", "level"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))


def column(panel: Panel, found: Rows, name: str, **options: object) -> np.ndarray:
    lags = Lags()
    lags.fit(panel, found)
    features = lags.read(panel, found, at=np.ones(len(found), bool), **options)
    return features.values[:, features.names.index(name)]


def test_features_by_hand() -> None:
    """Catches a lag that is a month off, a scale that is wrong, and a season of the wrong year."""
    panel = seasonal()
    found = rows(panel)
    place = int(np.flatnonzero(found.origin == 30)[3])
    series = panel.values[found.cluster[place]]

    def window(end: int) -> float:
        return float(np.log1p(series[end - 2 : end + 1].sum()))

    assert column(panel, found, "month -2")[place] == pytest.approx(np.log1p(3 * series[28]) - window(30))
    assert column(panel, found, "change 3")[place] == pytest.approx(window(30) - window(27))
    assert column(panel, found, "change 3, 6 ago")[place] == pytest.approx(window(24) - window(21))
    assert column(panel, found, "last year")[place] == pytest.approx(window(21) - window(18))
    assert column(panel, found, "year before")[place] == pytest.approx(window(9) - window(6))
    assert column(panel, found, "above low")[place] == pytest.approx(
        np.log1p(found.last[place]) - np.log(found.cuts.low + 0.5)
    )
    assert column(panel, found, "mean 6")[place] == pytest.approx(
        window(30) - np.mean([window(t) for t in range(25, 31)])
    )
    everyone = np.log1p([panel.values[:, end - 2 : end + 1].sum() for end in (30, 27)])
    assert column(panel, found, "total change 3")[place] == pytest.approx(everyone[0] - everyone[1])
    assert column(panel, found, "age")[place] == 30.0


def test_a_year_of_other_length() -> None:
    """Catches a season that stays at twelve steps where the steps are half months."""
    panel = seasonal(months=80)
    found = rows(panel)
    lags = Lags(year=24)
    lags.fit(panel, found)
    features = lags.read(panel, found, at=found.origin == 60)
    series = panel.values[:, :].cumsum(axis=1)
    sums = np.log1p(series[:, 39] - series[:, 36]) - np.log1p(series[:, 36] - series[:, 33])
    assert features.values[:, features.names.index("last year")] == pytest.approx(sums)


def test_neighbours_move_first() -> None:
    """Catches neighbours read of the cluster itself, of the wrong cluster, or of the future."""
    panel = walking(gap=None)
    near = np.zeros((8, 8))
    near[0, 5], near[1, 2], near[1, 3] = 1.0, 0.75, 0.25
    panel = replace(panel, affinity=near)
    found = rows(panel)
    changes = column(panel, found, "change 3").reshape(-1)
    got = column(panel, found, "near change 3")
    at = {int(cluster): place for place, cluster in enumerate(found.cluster) if found.origin[place] == 30}
    assert got[at[0]] == pytest.approx(changes[at[5]])
    assert got[at[1]] == pytest.approx(0.75 * changes[at[2]] + 0.25 * changes[at[3]])
    assert np.isnan(got[at[4]])


def test_alike_series_are_found_without_affinity() -> None:
    """Catches neighbours by what all clusters have in common."""
    random = np.random.default_rng(3)
    common, pair = random.normal(0, 1.0, 40).cumsum(), random.normal(0, 0.5, 40).cumsum()
    table = np.stack([common + random.normal(0, 0.1, 40) for _ in range(6)])
    table[1] += pair
    table[4] += pair
    found = correlation(np.exp(table))
    assert np.diag(found).tolist() == [0.0] * 6
    assert nearest(found, count=1)[1].argmax() == 4
    assert nearest(found, count=1)[4].argmax() == 1
    assert set(nearest(found, count=2).sum(axis=1).round(9)) <= {0.0, 1.0}


def test_missing_months_stay_unknown_and_groups_can_be_left_out() -> None:
    """Catches a missing month that counts as none, and a group that is read though it was left out."""
    panel = walking(gap=20)
    found = rows(panel)
    features = Lags()
    features.fit(panel, found)
    at = found.origin == 23
    assert np.isnan(
        features.read(panel, found, at=at).values[:, 1 + features.read(panel, found, at=at).names.index("month -2")]
    ).all()
    read = features.read(panel, found, at=at)
    assert set(read.groups) == GROUPS
    lean = Lags(without=("neighbours", "total"))
    lean.fit(panel, found)
    assert set(lean.read(panel, found, at=at).groups) == GROUPS - {"neighbours", "total"}
    assert read.values.shape == (int(at.sum()), len(read.names))


def test_running_statistics_skip_unknown_months() -> None:
    """Catches a mean that divides by months that are not known."""
    table = np.array([[1.0, np.nan, 3.0, 5.0, np.nan, np.nan, np.nan]])
    assert running(table, 3)[0, 2:].tolist() == pytest.approx([2.0, 4.0, 4.0, np.nan, np.nan], nan_ok=True)
    assert spread(np.array([[2.0, 4.0, 2.0, 4.0]]), 4)[0, -1] == pytest.approx(1.0)


def test_what_was_not_there_has_no_change() -> None:
    """Catches a cluster that seems to shoot up from nothing in its first months, for itself and for its neighbours."""
    panel = walking(seed=3, gap=None)
    values = panel.values + 1.0
    values[0, :20] = 0.0
    panel = replace(panel, values=values, affinity=np.eye(8)[np.r_[1, 0, 3, 2, 5, 4, 7, 6]])
    found = rows(panel)
    place = {
        (cluster, origin): number
        for number, (cluster, origin) in enumerate(zip(found.cluster.tolist(), found.origin.tolist(), strict=True))
    }
    near, months = column(panel, found, "near fresh change, 0 ago"), column(panel, found, "month -4")
    assert np.isnan(near[place[1, 22]])
    assert near[place[1, 23]] == pytest.approx(np.log1p(3 * values[0, 23]) - np.log1p(3 * values[0, 20]))
    assert np.isnan(months[place[0, 23]])
    assert np.isfinite(months[place[0, 24]])
    change = column(panel, found, "change 3")
    assert np.isnan(change[place[0, 24]])
    assert np.isfinite(change[place[0, 25]])


def test_circles_of_neighbours_are_of_their_sizes() -> None:
    """Catches circles that all look equally far, and lags of neighbours that are a month off."""
    panel = replace(walking(seed=5, gap=None), affinity=np.tile(np.linspace(1.0, 0.1, 8), (8, 1)) * (1 - np.eye(8)))
    found = rows(panel)
    number = int(np.flatnonzero((found.cluster == 7) & (found.origin == 24))[0])
    month = np.log1p(3 * panel.values)
    for ago in range(3):
        change = month[:, 24 - ago] - month[:, 21 - ago]
        for count, name in ((1, ", of 1"), (3, ""), (5, ", of 5")):
            weights = np.linspace(1.0, 0.1, 8)[:count]
            expected = float(weights @ change[:count] / weights.sum())
            told = column(panel, found, f"near fresh change, {ago} ago{name}")[number]
            assert told == pytest.approx(expected), (ago, count)
