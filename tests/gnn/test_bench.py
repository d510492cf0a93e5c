"""The benchmark goes on where it was killed, knows nothing of later months, and judges by the figures."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.baselines.forecaster import Forecaster, Mask, Prediction
from gnn.baselines.naive import LastChange, Majority, MeanOfThree
from gnn.benchmarks import summary, usajobs
from gnn.benchmarks.bench import Plan, bench
from gnn.benchmarks.fingerprint import digest
from gnn.benchmarks.sets import OURS, cut_off, public
from gnn.benchmarks.store import Store
from gnn.benchmarks.table import compare
from gnn.benchmarks.trial import LEAST_TRAINING, Trial, cutoffs
from gnn.benchmarks.verdict import Ceiling, verdicts
from gnn.panel import Panel, Rows, windows
from schema.demand import spans
from schema.errors import InputError, SettingsError
from tests.gnn.baselines.panels import seasonal, walking


class Named(Majority):
    """The majority under another name, with a setting; counts its fits, and may die in one."""

    def __init__(self, name: str, told: list[str], *, setting: int = 0, dies: Callable[[], bool] = lambda: False):
        super().__init__()
        self.name, self.setting = name, setting
        self.told, self.dies = _Silent(told), dies

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        if self.dies():
            raise KeyboardInterrupt
        super().fit(panel, rows, fit=fit, seed=seed)
        self.told(f"{self.name} {panel.months} {seed}")


class _Silent:
    """What is called does not count in the digest of a forecaster."""

    def __init__(self, told: list[str]) -> None:
        self.told = told

    def __call__(self, text: str) -> None:
        self.told.append(text)


class Knows(Majority):
    """Knows the outcome of a share of the rows: a line of any strength."""

    def __init__(self, name: str, share: float) -> None:
        super().__init__()
        self.name, self.share = name, share

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        label = rows.label[at]
        right = np.random.default_rng(1).random(len(label)) < self.share
        named = np.where(right, label, (label + 1) % 5)
        blank = np.full(len(label), np.nan)
        return Prediction(np.eye(5)[named], np.where(right, rows.change[at], 0.0), blank, blank)


@dataclass
class Drawn:
    """A set of a drawn panel."""

    make: Callable[[], list[Forecaster]]
    whole: Panel = field(default_factory=lambda: seasonal(months=60))
    name: str = "drawn"
    real: bool = True
    horizon: int = 3
    year: int = 12

    def panel(self, until: int | None = None) -> Panel:
        return cut_off(self.whole, until)

    def forecasters(self, trial: Trial, *, seed: int) -> list[Forecaster]:
        return self.make()


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    """Catches results that are made again, lost, or taken over from other settings, seeds or data."""
    told: list[str] = []
    names = ("XGBoost", "BiLSTM", OURS)
    plan = Plan(seeds=(0, 1), origins=2, draws=10)

    def source(*, setting: int = 0, alive: int = 99) -> Drawn:
        return Drawn(lambda: [Named(name, told, setting=setting, dies=lambda: len(told) >= alive) for name in names])

    with pytest.raises(KeyboardInterrupt):
        bench(source(alive=5), plan, out=tmp_path)
    assert len(told) == 5
    assert not (tmp_path / "drawn.json").exists()
    found = bench(source(), plan, out=tmp_path)
    assert (found.found, found.fits, len(told)) == (5, 7, 12)
    assert len(set(told)) == 12
    before = (tmp_path / "drawn.json").read_text()
    again = bench(source(), plan, out=tmp_path)
    assert (again.found, again.fits) == (12, 0)
    assert (tmp_path / "drawn.json").read_text() == before
    # Another setting, another seed, other data.
    assert bench(source(setting=1), plan, out=tmp_path).fits == 12
    assert bench(source(), replace(plan, seeds=(0, 1, 2)), out=tmp_path).fits == 6
    other = replace(source(), whole=seasonal(months=60, seed=1))
    assert bench(other, plan, out=tmp_path).fits == 12


def test_rows_are_chosen_by_name(tmp_path: Path) -> None:
    """Catches a filter that is ignored, and a misspelt row that is left out in silence."""
    told: list[str] = []
    source = Drawn(lambda: [Named(name, told) for name in ("XGBoost", OURS)])
    found = bench(source, Plan(seeds=(0,), rows=("xgboost",), origins=1, draws=10), out=tmp_path)
    assert [line.name for line in found.table.lines] == ["XGBoost"]
    assert found.verdicts[0].met is None
    with pytest.raises(SettingsError, match="lightgbm"):
        bench(source, Plan(seeds=(0,), rows=("LightGBM",), origins=1), out=tmp_path)


def test_what_is_written(tmp_path: Path) -> None:
    """Catches a table without its pooled spans, a page without a set, and JSON that nobody can read."""
    source = Drawn(lambda: [Majority(), MeanOfThree(), Knows(OURS, 0.7)])
    found = bench(source, Plan(seeds=(0,), origins=3, draws=10), out=tmp_path)
    table = json.loads((tmp_path / "drawn.json").read_text())
    assert len(table["spans"]) == 3
    assert table["rows"]["test"] == sum(int(Trial.of(source.panel(until)).test.sum()) for until in cutoffs(60, count=3))
    assert (tmp_path / "drawn.confusion.png").stat().st_size > 1_000
    assert np.sum(table["lines"][2]["confusion"]) == table["rows"]["test"]
    for name in ("hiring-lab", "usajobs"):
        (tmp_path / f"{name}.json").write_text(json.dumps(found.json()))
        (tmp_path / f"{name}.md").write_text(found.markdown())
    page = summary.write(tmp_path).read_text()
    assert "met: on every real set at least as good as the best row beside it" in page
    assert page.count("| mean of three |") == 4


def test_a_planted_leak_is_caught(tmp_path: Path) -> None:
    """Catches a leak check that is asked for and finds nothing."""

    class Peeks(LastChange):
        name = OURS

        def change(self, panel: Panel, rows: Rows, *, at: Mask) -> np.ndarray:
            return np.log1p(panel.values[rows.cluster[at], rows.origin[at] + 1])

    plan = Plan(seeds=(0,), origins=1, check_leaks=True, draws=10)
    leaking = bench(Drawn(lambda: [Majority(), Peeks()]), plan, out=tmp_path).verdicts[-1]
    assert "rewritten" in leaking.claim and leaking.met is False
    honest = bench(Drawn(lambda: [Majority(), Named(OURS, [])]), plan, out=tmp_path).verdicts[-1]
    assert honest.met is True


def judged(shares: dict[str, float], *, real: bool = False, ceiling: Ceiling | None = None) -> dict[str, bool | None]:
    """Return the verdicts of lines that are right on given shares of the rows."""
    table = compare(seasonal(clusters=20), [Knows(name, share) for name, share in shares.items()], reference=OURS,
                    seeds=(0, 1), draws=50)  # fmt: skip
    found = verdicts(table, ours=OURS, steps=["one", "two"], real=real, ceiling=ceiling, latest=table.rows["test"])
    return {each.claim: each.met for each in found}


def test_verdicts_follow_from_the_figures() -> None:
    """Catches a verdict that cannot fail, or that fails where it should not."""
    good = {"XGBoost": 0.3, "BiLSTM": 0.2, "one": 0.3, "two": 0.5, OURS: 0.8}
    met = judged(good, ceiling=Ceiling(0.82))
    assert set(met.values()) == {True}
    assert len(met) == 5
    poor = judged({**good, "XGBoost": 0.8, "two": 0.2, OURS: 0.6}, ceiling=Ceiling(0.82))
    assert poor["beats XGBoost by more than the interval"] is False
    assert poor["beats BiLSTM by more than the interval"] is True
    assert poor["the ablation rises at each step"] is False
    assert poor["at least 93% of the ceiling's accuracy"] is False
    assert judged(good, ceiling=Ceiling(0.6))["not above the ceiling, which only a leak would explain"] is False


def test_a_small_lead_is_within_the_interval() -> None:
    """Catches "by more than the interval" that asks for a higher mean only."""
    close = judged({"XGBoost": 0.58, OURS: 0.6})
    assert close["beats XGBoost by more than the interval"] is False


def test_what_cannot_be_judged_is_not() -> None:
    """Catches a ceiling of another world, none at all, a missing step, and a leaking split that is judged."""
    missing = judged({"XGBoost": 0.3, "one": 0.3, OURS: 0.8}, ceiling=Ceiling(0.82, rows=7))
    assert missing["at least 93% of the ceiling's accuracy"] is None
    assert missing["the ablation rises at each step"] is None
    assert judged({OURS: 0.8, "one": 0.1})["at least 93% of the ceiling's accuracy"] is None
    table = compare(walking(clusters=20), [Majority(), Knows(OURS, 0.9)], split="random-leaking", seeds=(0,), draws=10)
    [only] = verdicts(table, ours=OURS, steps=[], real=True, ceiling=None, latest=1)
    assert only.met is None and "leaks" in only.figures
    with pytest.raises(InputError, match="ceiling"):
        Ceiling.of({"ceiling": {"accuracy": 0.8}}, where="world.json")


def test_real_sets_are_judged_by_the_best_row() -> None:
    """Catches a comparison with trees alone, and figures that are too good to pass in silence."""
    claim = "at least as good as the best row beside it"
    assert judged({"last month": 0.7, "XGBoost": 0.3, OURS: 0.6}, real=True)[claim] is False
    fine = judged({"last month": 0.5, "XGBoost": 0.3, OURS: 0.6}, real=True)
    assert set(fine.values()) == {True}
    assert False in judged({"XGBoost": 0.3, OURS: 0.95}, real=True).values()


@settings(max_examples=40)
@given(months=st.integers(24, 90), count=st.integers(1, 6), horizon=st.integers(1, 4))
def test_earlier_trials_end_where_the_later_test_begins(months: int, count: int, horizon: int) -> None:
    """Catches test spans that share a row or leave one out, and an earlier trial that knows what it should not."""
    found = cutoffs(months, count=count, horizon=horizon)
    assert found[0] == months and 1 <= len(found) <= count
    parts = [spans(range(horizon - 1, until - horizon), horizon=horizon) for until in found]
    for later, earlier, until in zip(parts, parts[1:], found[1:], strict=False):
        assert earlier.test.stop == later.test.start
        assert until - 1 == later.test.start + horizon - 1
        assert len(earlier.train) >= LEAST_TRAINING


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), place=st.integers(0, 2))
def test_an_earlier_trial_knows_nothing_later(seed: int, place: int) -> None:
    """Catches cut points, births, slices or splits of an earlier trial that follow from later months."""
    panel = walking(months=60, seed=seed % 7)
    until = cutoffs(60, count=3)[place]
    values = panel.values.copy()
    values[:, until:] = np.random.default_rng(seed).integers(0, 500, values[:, until:].shape)
    one, other = (Trial.of(cut_off(each, until)) for each in (panel, replace(panel, values=values)))
    assert digest(one.panel, one.rows, one.fit, one.test) == digest(other.panel, other.rows, other.fit, other.test)
    assert np.isfinite(windows(one.panel.values[:, -3:])[one.rows.cluster[one.test], -1]).all()


@settings(max_examples=15)
@given(late=st.integers(0, 60), until=st.integers(14, 19))
def test_series_of_an_earlier_trial_are_chosen_without_the_future(late: int, until: int) -> None:
    """Catches occupation series that are in an earlier trial because of postings after its end."""
    months = [date(2024 + number // 12, number % 12 + 1, 10) for number in range(20)]
    early = [(month, (name,)) for month in months[:until] for name in ("A", "B")]
    coming = [(months[-1] + timedelta(days=number % 9), ("A", "C")) for number in range(late)]
    coming += [(month, ("B",)) for month in months[until:]]
    one, other = (
        usajobs._panel(early + each, least=2, parts=1, horizon=3, until=until, place="drawn")
        for each in (coming, [(months[-1] + timedelta(days=20), ("A",))])
    )
    assert one.clusters == other.clusters == ("A", "B")
    np.testing.assert_array_equal(one.values, other.values)


def test_what_a_result_depends_on() -> None:
    """Catches a digest that misses a value, mixes up neighbours, or follows what does not matter."""
    panel = walking()
    values = panel.values.copy()
    values[0, 0] += 1
    assert digest(panel) == digest(walking())
    assert digest(panel) != digest(replace(panel, values=values))
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(np.zeros((2, 3))) != digest(np.zeros((3, 2)))
    told: list[str] = []
    assert digest(Named("a", told)) == digest(Named("a", ["other"])) != digest(Named("a", told, setting=2))


def test_a_file_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    """Catches a half-written result that stops every later run, or passes for a whole one."""
    store, key = Store(tmp_path), digest("key")
    store.arrays("some thing", key, lambda: {"a": np.arange(9)})
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:40])
    found, there = store.arrays("some thing", key, lambda: {"a": np.arange(3)})
    assert not there and found["a"].tolist() == [0, 1, 2]
    assert store.arrays("some thing", key, dict)[1]
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_missing_public_data_are_named(tmp_path: Path) -> None:
    """Catches a bare FileNotFoundError, and a set that is none."""
    with pytest.raises(InputError, match="no hiringlab/job_postings_by_sector_US"):
        public("hiring-lab", tmp_path)
    with pytest.raises(SettingsError, match="hiring-lab or usajobs"):
        public("hiringlab", tmp_path)
