"""The forecast vector, its interval and the warning index, on drawn outputs of a model."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gnn import forecast
from gnn.forecast import ForecastConfig
from gnn.panel import Panel, rows
from schema.errors import JobError, SettingsError

CONFIG = ForecastConfig()
UNIT = st.floats(0, 1)
COUNTS = st.floats(0, 1e6)


@st.composite
def outputs(draw):
    """Outputs of a model for some clusters: all that `forecasts` takes."""
    count = draw(st.integers(1, 6))
    raw = draw(arrays(float, (count, 5), elements=st.floats(0.001, 1)))
    members = draw(arrays(float, (3, count, 5), elements=st.floats(0.001, 1)))
    return {
        "probabilities": raw / raw.sum(axis=1, keepdims=True),
        "log_change": draw(arrays(float, count, elements=st.floats(-8, 8))),
        "last": draw(arrays(float, count, elements=COUNTS)),
        "gap": draw(arrays(float, count, elements=UNIT | st.just(np.nan))),
        "weights": draw(arrays(float, (count, 3), elements=UNIT)),
        "members": members / members.sum(axis=2, keepdims=True),
        "ceiling": draw(st.floats(1, 1e6)),
        "radius": draw(UNIT),
    }


@given(outputs())
def test_every_number_is_in_its_range(given_outputs):
    """Would catch a value that the graph or the contract calls 0 to 1 and that is not, and sums that are not 1."""
    found = forecast.forecasts(**given_outputs, config=CONFIG)
    for name in ("intensity", "lower", "upper", "gap", "confidence"):
        values = getattr(found, name)
        assert ((values >= 0) & (values <= 1)).all(), name
    assert (found.lower <= found.intensity).all() and (found.intensity <= found.upper).all()
    assert np.allclose(found.probabilities.sum(axis=1), 1) and np.allclose(found.weights.sum(axis=1), 1)
    assert (found.change > -1).all() and (found.expected >= 0).all()
    assert (found.label == found.probabilities.argmax(axis=1)).all()
    assert (found.focus == (found.warning > found.threshold)).all()
    assert found.focus.sum() <= len(found) - 1 - int(CONFIG.focus_quantile * (len(found) - 1))


PAIRS = st.tuples(COUNTS, UNIT, st.floats(-1, 3))


@given(PAIRS, PAIRS, st.floats(1, 1e6))
def test_more_demand_change_or_gap_never_lowers_the_index(one, other, top):
    """Would catch a sign turned over, in the intensity or in the warning index."""
    (less, more), (low, high), (falls, rises) = (sorted(pair) for pair in zip(one, other, strict=True))
    level = forecast.intensity(np.array([less, more]), ceiling=top)
    assert level[0] <= level[1]
    index = forecast.warning(level, np.array([falls, rises]), np.array([low, high]), config=CONFIG)
    assert index[0] <= index[1] + 1e-12


def test_the_index_by_hand():
    """Would catch weights that are swapped, and a change that counts without a bound."""
    level, change, gap = np.array([0.5, 0.5]), np.array([0.5, 9.0]), np.array([0.25, 0.0])
    index = forecast.warning(level, change, gap, config=ForecastConfig(eta1=0.4, eta2=0.2, eta3=0.8))
    assert index.round(9).tolist() == [0.5, 0.4]
    assert forecast.threshold(index, ForecastConfig(threshold=0.45)) == 0.45
    assert forecast.threshold(index, ForecastConfig(focus_quantile=0.5)) == pytest.approx(0.45)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 0.8, 0.9]))
@settings(max_examples=20, deadline=None)
def test_intervals_hold_what_they_promise(seed, coverage):
    """Would catch a quantile one place too low: with few rows the coverage would fall below the promise."""
    random = np.random.default_rng(seed)
    held = []
    for _ in range(400):
        predicted = random.uniform(0, 1, 20)
        actual = np.clip(predicted + random.normal(0, 0.2, 20), 0, 1)
        radius = forecast.radius(predicted[1:], actual[1:], coverage=coverage)
        lower, upper = predicted[:1] - radius, predicted[:1] + radius
        held.append(forecast.covered(actual[:1], lower, upper))
    # Exchangeable rows: at least the coverage, at most 1 / 20 more; four standard errors of 400 draws on both sides.
    error = 4 * (coverage * (1 - coverage) / 400) ** 0.5
    assert coverage - error <= np.mean(held) <= coverage + 1 / 20 + error


def test_too_few_rows_give_no_narrow_interval():
    """Would catch an interval that looks sure because nothing is known."""
    assert forecast.radius(np.zeros(8), np.zeros(8), coverage=0.9) == 1.0
    assert forecast.radius(np.zeros(9), np.linspace(0, 0.8, 9), coverage=0.9) == pytest.approx(0.8)
    assert forecast.radius(np.zeros(0), np.zeros(0), coverage=0.5) == 1.0
    assert forecast.radius(np.array([0.1, np.nan]), np.array([0.3, 0.0]), coverage=0.4) == pytest.approx(0.2)


@given(outputs())
def test_confidence_falls_with_disagreement_and_width(given_outputs):
    """Would catch a confidence above the probability of the class, or one that a wide interval raises."""
    probabilities, members = given_outputs["probabilities"], given_outputs["members"]
    alone = forecast.confidence(probabilities, CONFIG)
    assert alone == pytest.approx(probabilities.max(axis=1))
    together = forecast.confidence(probabilities, CONFIG, members=members)
    assert (together <= alone + 1e-12).all()
    agreed = forecast.confidence(probabilities, CONFIG, members=np.stack([probabilities] * 3))
    assert agreed == pytest.approx(alone)
    wide, narrow = (
        forecast.confidence(probabilities, CONFIG, width=np.full(len(alone), width)) for width in (0.6, 0.2)
    )
    assert (wide <= narrow).all() and (narrow <= alone).all()


def test_channels_that_said_nothing_count_alike():
    """Would catch a division by zero where all channels are masked."""
    given_outputs = {
        "probabilities": np.full((2, 5), 0.2),
        "log_change": np.zeros(2),
        "last": np.ones(2),
        "gap": np.full(2, np.nan),
        "ceiling": 10.0,
        "radius": 0.1,
    }
    weights = np.array([[0.0, 0.0], [3.0, 1.0]])
    found = forecast.forecasts(**given_outputs, weights=weights, channels=("text", "series"), config=CONFIG)
    assert found.weights.tolist() == [[0.5, 0.5], [0.75, 0.25]]
    assert found.gap.tolist() == [0.0, 0.0] and not found.focus.any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("probabilities", np.full((2, 5), 0.3)),
        ("probabilities", np.full((2, 4), 0.25)),
        ("log_change", np.array([np.nan, 0.0])),
        ("weights", np.ones((1, 3))),
    ],
)
def test_outputs_that_are_none_are_refused(name, value):
    """Would catch a model gone to NaN whose forecasts would still be written."""
    good = {
        "probabilities": np.full((2, 5), 0.2),
        "log_change": np.zeros(2),
        "last": np.ones(2),
        "gap": np.zeros(2),
        "weights": np.ones((2, 3)),
    }
    with pytest.raises(JobError):
        forecast.forecasts(**(good | {name: value}), ceiling=10.0, radius=0.1, config=CONFIG)


@pytest.mark.parametrize(
    "setting", [{"eta2": -1.0}, {"largest_change": 0.0}, {"focus_quantile": 1.1}, {"coverage": 1.0}]
)
def test_settings_out_of_range_are_refused(setting):
    """Would catch settings that turn the index or the interval into nonsense without a word."""
    with pytest.raises(SettingsError):
        ForecastConfig(**setting)


def test_the_ceiling_comes_from_the_training_span():
    """Would catch a scale that knows months to come: then past intensities would change with every month."""
    values = np.ones((2, 40))
    values[0, 5] = 50.0
    values[1, 39] = 1000.0
    found = rows(Panel("drawn", ("a", "b"), date(2020, 1, 1), values))
    assert forecast.ceiling(found) == 52.0
