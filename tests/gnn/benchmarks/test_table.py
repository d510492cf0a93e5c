"""The table compares what it says it compares, and a leak is caught."""

import json

import numpy as np
import pytest

from gnn.baselines.forecaster import Mask, Prediction, may_fit
from gnn.baselines.naive import LastChange, LastMonth, Majority, MeanOfThree, Naive, Seasonal
from gnn.baselines.networks import BiLstm
from gnn.baselines.regression import Regression
from gnn.baselines.trees import Trees
from gnn.benchmarks.leak import leak_check
from gnn.benchmarks.slices import slices
from gnn.benchmarks.table import compare, parted
from gnn.panel import Floats, Panel, Rows, rows, windows
from schema.errors import SettingsError
from tests.gnn.baselines.panels import seasonal, walking


class PeeksAtRows(Naive):
    """Reads the outcome that comes with the row."""

    name = "peeks at rows"

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        return 0.5 * rows.change[at]


class PeeksAtPanel(Naive):
    """Reads one month after the origin."""

    name = "peeks at the panel"

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        return np.log1p(panel.values[rows.cluster[at], rows.origin[at] + 1]) - np.log1p(rows.last[at] / 3)


class ScalesByAll(Naive):
    """Learns a mean from all months, those of the test too: the usual slip of a scaler fitted before the split."""

    name = "scales by all"

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        self.mean = float(np.nanmean(panel.values))
        super().fit(panel, rows, fit=fit, seed=seed)

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        return 0.1 * np.log((3 * self.mean + 1) / (rows.last[at] + 1))


class LearnsFromTest(Majority):
    """Learns from rows it was not given."""

    name = "learns from the test"

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        super().fit(panel, rows, fit=rows.label >= 0, seed=seed)


class Remembers(Majority):
    """Says again what it learned of the same cluster at the nearest origin, before or after."""

    name = "remembers"

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        super().fit(panel, rows, fit=fit, seed=seed)
        self.known = fit

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        apart = np.abs(rows.origin[at][:, None] - rows.origin[self.known]).astype(float)
        apart[rows.cluster[at][:, None] != rows.cluster[self.known]] = np.inf
        nearest = apart.argmin(axis=1)
        unknown = np.full(len(nearest), np.nan)
        label, change = rows.label[self.known][nearest], rows.change[self.known][nearest]
        return Prediction(np.eye(5)[label], change, unknown, unknown)


class ReadsExtraAhead(Naive):
    """Reads its extra input a month late."""

    name = "reads extra ahead"

    def __init__(self, extra: Floats) -> None:
        super().__init__()
        self.extra = extra

    def change(self, panel: Panel, rows: Rows, *, at: Mask) -> Floats:
        return self.extra[rows.cluster[at], rows.origin[at] + 1, 0]


@pytest.mark.parametrize(
    ("forecaster", "where"),
    [
        (PeeksAtRows(), "forecast"),
        (PeeksAtPanel(), "forecast"),
        (ScalesByAll(), "learning"),
        (LearnsFromTest(), "learning"),
        (ReadsExtraAhead(np.random.default_rng(0).normal(size=(8, 44, 1))), "forecast"),
    ],
    ids=lambda each: getattr(each, "name", each),
)
def test_a_planted_leak_is_caught(forecaster: Naive, where: str) -> None:
    """Catches a leak detector that finds nothing."""
    found = leak_check(walking(), forecaster)
    assert where in {leak.where for leak in found}
    assert all(leak.rows > 0 and leak.largest > 0 for leak in found)


@pytest.mark.parametrize(
    "forecaster",
    [Majority(), LastChange(), LastMonth(), MeanOfThree(), Seasonal(), Regression(), BiLstm(epochs=3)],
    ids=lambda each: each.name,
)
def test_the_baselines_do_not_leak(forecaster: Naive) -> None:
    """Catches a baseline that reads the future, and a detector that cries wolf."""
    assert leak_check(walking(), forecaster) == []


def test_trees_with_extra_inputs_do_not_leak() -> None:
    """Catches extra inputs or neighbours of the trees that come from later months."""
    trees = Trees(extra=np.random.default_rng(0).normal(size=(8, 44, 2)), search=((3, 0.1),), rounds=30)
    given = trees.extra
    assert leak_check(walking(), trees) == []
    assert trees.extra is given


def test_the_table_says_who_is_better() -> None:
    """Catches metrics of the wrong forecaster, a difference of wrong sign, and rows that are not those of the split."""
    panel = seasonal()
    told: list[str] = []
    table = compare(panel, [Majority(), Seasonal()], seeds=(0, 1), reference="majority", draws=50, progress=told.append)
    found = rows(panel)
    assert table.rows == {
        "fit": int(may_fit(found, horizon=3).sum()),
        "test": int(found.within(found.parts.test).sum()),
    }
    plain, season = table.lines
    assert season.metrics["accuracy"].mean > plain.metrics["accuracy"].mean
    gain = season.metrics["accuracy"].mean - plain.metrics["accuracy"].mean
    assert season.against["accuracy"].mean == pytest.approx(gain)
    assert season.against["accuracy"].apart
    assert season.against["rmse_change"].high < 0.0
    assert plain.against == {}
    assert np.sum(season.confusion) == 2 * table.rows["test"]
    assert np.trace(season.confusion) == pytest.approx(season.metrics["accuracy"].mean * np.sum(season.confusion))
    assert len(told) == 4
    assert table.line("seasonal") is season
    with pytest.raises(SettingsError):
        table.line("ours")


def test_the_table_is_written() -> None:
    """Catches a figure that JSON cannot hold, and a Markdown table with a wrong number of cells."""
    table = compare(walking(), [Majority(), LastChange()], seeds=(0,), draws=20)
    written = json.loads(json.dumps(table.json(), allow_nan=False))
    assert written["lines"][1]["metrics"]["coverage"]["mean"] is None
    assert written["lines"][0]["metrics"]["accuracy"]["mean"] == pytest.approx(
        table.lines[0].metrics["accuracy"].mean, abs=1e-4
    )
    rows_of_it = [line for line in table.markdown().splitlines() if line.startswith("|")]
    assert len(rows_of_it) == 4
    assert len({line.count("|") for line in rows_of_it}) == 1


def test_a_random_split_leaks_and_says_so() -> None:
    """Catches a random split that passes for a result, or that tests what it learned from."""
    panel = walking(clusters=20)
    found = rows(panel)
    fit, test = parted(found, split="random-leaking", horizon=3)
    assert not (fit & test).any()
    assert (fit | test).sum() == (found.label >= 0).sum()
    honest, leaking = (
        compare(panel, [Remembers()], seeds=(0,), split=split, draws=20) for split in ("time", "random-leaking")
    )
    assert "LEAKS" in leaking.markdown() and "LEAKS" not in honest.markdown()
    assert leaking.lines[0].metrics["accuracy"].mean > honest.lines[0].metrics["accuracy"].mean + 0.05


def test_settings_that_cannot_be() -> None:
    """Catches a misspelt split that falls back to another one, and two lines of one name."""
    with pytest.raises(SettingsError, match="split 'random'"):
        compare(walking(), [Majority()], split="random")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="names that differ"):
        compare(walking(), [Majority(), Majority()])
    with pytest.raises(SettingsError, match="0 seeds"):
        compare(walking(), [Majority()], seeds=())


def test_parts_of_the_rows() -> None:
    """Catches a tail that is the head, a break found by its outcome, and a cluster that stays new for ever."""
    panel = walking(clusters=9, months=44, gap=None, born=30)
    values = panel.values.copy()
    values[0] = 5000.0
    values[1, 38:] = values[1, 38:] * 9 + 9
    panel = Panel(panel.name, panel.clusters, panel.start, values)
    found = rows(panel)
    test = found.within(found.parts.test)
    parts = slices(panel, found, at=test, horizon=3)
    cluster = found.cluster[test]
    assert parts["frequent"][cluster == 0].all() and not parts["rare"][cluster == 0].any()
    assert parts["new cluster"].tolist() == (cluster == 8).tolist()
    assert not (parts["frequent"] | parts["middle"] | parts["rare"])[cluster == 8].any()
    assert parts["after a break"][(cluster == 1) & (found.origin[test] == 38)].all()
    assert not parts["break ahead"][cluster == 0].any()
    assert np.isfinite(windows(panel.values)[:, 2:]).all()


def test_predictions_count_their_rows() -> None:
    """Catches a prediction that is one row short of what was asked for."""
    panel = walking()
    found = rows(panel)
    test = found.within(found.parts.test)
    forecaster = LastChange()
    forecaster.fit(panel, found, fit=may_fit(found, horizon=3), seed=0)
    predicted = forecaster.predict(panel, found, at=test)
    assert isinstance(predicted, Prediction)
    assert len(predicted) == test.sum() == len(predicted.probabilities)
