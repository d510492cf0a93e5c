"""Drift: a planted one is seen, chance is not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gnn.commands.options import drift_limits
from gnn.drift import (
    DriftConfig,
    DriftReport,
    Expected,
    Matured,
    Sign,
    distance,
    input_sign,
    residual_signs,
    share_sign,
    stability,
    stability_limit,
    text_sign,
)
from schema.errors import SettingsError

CONFIG = DriftConfig()
VALUES = arrays.arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e3, 1e3) | st.just(np.nan))


def by_hand(reference: list[float], recent: list[float], edges: list[float]) -> float:
    """PSI of known values by its formula, bin by bin."""
    total = 0.0
    for low, high in zip([-math.inf, *edges], [*edges, math.inf], strict=True):
        shares = [
            (sum(low <= value < high for value in values) + 0.5) / (len(values) + 0.5 * (len(edges) + 2))
            for values in (recent, reference)
        ]
        total += (shares[0] - shares[1]) * math.log(shares[0] / shares[1])
    # The bin of missing values, which nobody has.
    empty = [0.5 / (len(values) + 0.5 * (len(edges) + 2)) for values in (recent, reference)]
    return total + (empty[0] - empty[1]) * math.log(empty[0] / empty[1])


def test_the_index_is_that_of_the_formula() -> None:
    """Catches shares that are swapped, a bin that is left out, or a logarithm of another base."""
    reference, recent = [float(n) for n in range(8)], [6.0, 7.0, 7.0, 0.0]
    edges = [1.75, 3.5, 5.25]
    assert stability(np.array(reference), np.array(recent), bins=4) == pytest.approx(by_hand(reference, recent, edges))


@given(VALUES, VALUES, st.integers(2, 12))
def test_the_index_is_never_negative(reference: np.ndarray, recent: np.ndarray, bins: int) -> None:
    """Catches an index that is negative, not finite, or not 0 for a sample against itself."""
    found = stability(reference, recent, bins=bins)
    assert found >= 0 and math.isfinite(found)
    assert stability(reference, reference, bins=bins) == 0


@given(VALUES, VALUES, st.integers(-5, 5))
def test_a_scale_does_not_matter(reference: np.ndarray, recent: np.ndarray, power: int) -> None:
    """Catches an index that depends on the unit of pay. A power of two keeps floats apart and together."""
    factor = 2.0**power
    assert stability(reference, recent) == pytest.approx(stability(reference * factor, recent * factor))


def test_values_that_go_missing_are_a_drift() -> None:
    """Catches a source that stops to state pay and is not noticed."""
    drawn = np.random.default_rng(1).normal(size=(2, 500))
    recent = np.where(np.arange(500) < 400, np.nan, drawn[1])
    assert not input_sign("pay", drawn[0], drawn[1], config=CONFIG).drifted
    assert input_sign("pay", drawn[0], recent, config=CONFIG).drifted


def test_chance_is_no_drift_and_a_shift_is() -> None:
    """Catches a limit that few values pass by chance, or that a shift of a standard deviation does not pass."""
    draw = np.random.default_rng(2)
    for count in (30, 60, 240, 5_000):
        signs = [input_sign("x", draw.normal(size=2_000), draw.normal(size=count), config=CONFIG) for _ in range(200)]
        assert sum(sign.drifted for sign in signs) <= 2
        shifted = [
            input_sign("x", draw.normal(size=2_000), draw.normal(1.5, size=count), config=CONFIG) for _ in range(20)
        ]
        assert all(sign.drifted for sign in shifted)
    assert math.isnan(input_sign("x", draw.normal(size=2_000), draw.normal(size=29), config=CONFIG).value)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_more_values_leave_less_to_chance(reference: int, recent: int) -> None:
    """Catches a limit that grows with the sample, or falls below the customary one."""
    limit = stability_limit(reference, recent, config=CONFIG)
    assert limit >= stability_limit(reference + 1, recent, config=CONFIG) >= CONFIG.stability


@given(st.floats(-5.0, 5.0), st.integers(1, 6), st.floats(0.1, 10.0))
def test_the_distance_is_in_spreads(shift: float, values: int, spread: float) -> None:
    """Catches a distance that grows with the length of the vectors or the unit of their values."""
    mean = np.arange(values, dtype=float)
    recent = np.stack([mean - 1, mean + 1]) + shift * spread
    found = distance(recent, mean=mean, spread=np.full(values, spread))
    assert found == pytest.approx(shift**2, abs=1e-9)


def texts(shift: float, *, seed: int = 0) -> np.ndarray:
    """Mean vectors of clusters, the last three of forty months moved."""
    draw = np.random.default_rng(seed)
    table = draw.normal(size=(20, 1, 8)) + draw.normal(size=(20, 40, 8))
    table[:, -3:] += shift
    table[draw.random((20, 40)) < 0.1] = np.nan
    return table


def test_a_shift_of_text_is_seen() -> None:
    """Catches months that are taken from the wrong end, or cells without postings that make all of it nothing."""

    def sign(table: np.ndarray) -> Sign:
        told = table[:, :30].reshape(-1, 8)
        return text_sign(table, mean=np.nanmean(told, axis=0), spread=np.nanstd(told, axis=0), config=CONFIG)

    assert not sign(texts(0.0)).drifted
    assert sign(texts(1.5)).drifted
    assert math.isnan(sign(texts(1.5)[:2]).value)


def test_what_training_has_not_seen_is_counted() -> None:
    """Catches a share of the seen instead of the unseen."""
    seen = np.arange(100) >= 30
    sign = share_sign("new skills", seen, limit=0.2, config=CONFIG)
    assert sign.value == pytest.approx(0.3)
    assert sign.drifted
    assert not share_sign("new skills", seen[:20], limit=0.2, config=CONFIG).drifted  # too few


def test_residuals_tell_bias_spread_coverage_and_calibration() -> None:
    """Catches a residual sign that is computed from another figure, or that drifts where all is as at training."""
    draw = np.random.default_rng(3)
    expected = Expected(spread=0.4, coverage=0.9, calibration=0.05)
    right = Matured(draw.normal(0, 0.4, 300), draw.random(300) < 0.9, 0.08)
    assert not any(sign.drifted for sign in residual_signs(right, expected, config=CONFIG))
    cases = {
        "bias of forecasts": Matured(right.residual - 0.5, right.within, 0.08),
        "spread of residuals": Matured(right.residual * 2, right.within, 0.08),
        "missing coverage": Matured(right.residual, draw.random(300) < 0.6, 0.08),
        "excess calibration error": Matured(right.residual, right.within, 0.3),
    }
    for name, matured in cases.items():
        found = {sign.name for sign in residual_signs(matured, expected, config=CONFIG) if sign.drifted}
        assert found == {name}
    few = Matured(right.residual[:5] - 9, right.within[:5], 1.0)
    for matured in (None, few):
        assert not any(sign.drifted for sign in residual_signs(matured, expected, config=CONFIG))


def test_the_verdict_says_why() -> None:
    """Catches a verdict without its reasons, or one that a sign of too few values decides."""
    calm = (Sign("pay", 0.1, 0.25, 300), Sign("text vectors", float("nan"), 0.25, 3))
    assert not DriftReport(calm).retrain
    assert DriftReport(calm).sentence.startswith("retrain: no, because none of the 1 signs")
    stirred = DriftReport((*calm, Sign("new skills", 0.31, 0.1, 90)))
    assert stirred.retrain
    assert stirred.sentence == "retrain: yes, because of new skills 0.31 (limit 0.10)"


def test_limits_out_of_range_are_refused() -> None:
    """Catches a limit of zero, beyond which everything is drift."""
    for wrong in ({"recent": 0}, {"bins": 1}, {"text": 0.0}, {"chance": -1.0}, {"bias": float("nan")}):
        with pytest.raises(SettingsError, match="drift"):
            DriftConfig(**wrong)


def test_limits_come_from_options_one_by_one() -> None:
    """Catches an option that is read and then ignored, one that resets the others, and one that nobody knows."""
    assert drift_limits(None) == DriftConfig()
    assert drift_limits(["text=0.4", "recent=6"]) == DriftConfig(text=0.4, recent=6)
    for wrong in ("txt=0.4", "text", "text=much", "recent=2.5", "bias=0", "=1"):
        with pytest.raises(SettingsError, match=r"--limit|drift"):
            drift_limits([wrong])
