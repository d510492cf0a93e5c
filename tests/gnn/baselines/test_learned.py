"""Learned baselines: they learn what is there to learn, by the protocol, and the same with the same seed."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from gnn.baselines.forecaster import Forecaster, half_width, learn_and_check, may_fit
from gnn.baselines.naive import Majority
from gnn.baselines.networks import BiLstm, Transformer, TransformerGru
from gnn.baselines.regression import Regression, logistic, ridge, softmax
from gnn.baselines.roster import roster
from gnn.baselines.trees import Trees
from gnn.metrics import accuracy, rmse
from gnn.panel import rows
from tests.gnn.baselines.panels import seasonal, walking

QUICK = ((3, 0.1),)
LEARNED: tuple[Callable[[], Forecaster], ...] = (
    Regression,
    lambda: Trees(search=QUICK, rounds=60),
    lambda: BiLstm(epochs=8),
    lambda: Transformer(epochs=8),
    lambda: TransformerGru(epochs=8),
)
NAMES = ["regression", "trees", "bilstm", "transformer", "transformer-gru"]


@pytest.mark.parametrize("make", LEARNED, ids=NAMES)
def test_a_season_is_learned(make: Callable[[], Forecaster]) -> None:
    """Catches features that do not reach the model, rows out of order, and a change that is not scaled back."""
    panel = seasonal()
    found = rows(panel)
    fit, test = may_fit(found, horizon=3), found.within(found.parts.test)
    majority, forecaster = Majority(), make()
    for each in (majority, forecaster):
        each.fit(panel, found, fit=fit, seed=1)
    plain, predicted = (each.predict(panel, found, at=test) for each in (majority, forecaster))
    right = [accuracy(found.label[test], each.probabilities.argmax(axis=1)) for each in (plain, predicted)]
    wrong = [rmse(found.change[test], each.change) for each in (plain, predicted)]
    assert right[1] > right[0] + 0.15
    assert wrong[1] < 0.6 * wrong[0]
    assert predicted.probabilities.sum(axis=1) == pytest.approx(1.0)
    assert (predicted.lower < predicted.change).all() and (predicted.upper > predicted.change).all()


@pytest.mark.parametrize("make", LEARNED[1:3], ids=NAMES[1:3])
def test_a_seed_decides(make: Callable[[], Forecaster]) -> None:
    """Catches a draw that no seed governs, and a second fit that goes on from the first."""
    panel = walking()
    found = rows(panel)
    fit, test = may_fit(found, horizon=3), found.within(found.parts.test)
    forecaster, runs = make(), []
    for seed in (1, 2, 1):
        forecaster.fit(panel, found, fit=fit, seed=seed)
        runs.append(forecaster.predict(panel, found, at=test).probabilities)
    assert (runs[0] == runs[2]).all()
    assert (runs[0] != runs[1]).any()


@pytest.mark.parametrize(
    "make",
    [Regression, partial(Trees, search=QUICK, rounds=60), partial(Transformer, epochs=15)],
    ids=["regression", "trees", "transformer"],
)
def test_extra_inputs_are_read(make: Callable[..., Forecaster]) -> None:
    """Catches text or training that is given and not read: here it says what is to come, and nothing else does."""
    panel = walking(gap=None, born=0)
    found = rows(panel)
    told = np.zeros((*panel.values.shape, 1))
    told[found.cluster, found.origin, 0] = found.change
    fit, test = may_fit(found, horizon=3), found.within(found.parts.test)
    wrong = []
    for extra in (None, told):
        forecaster = make(extra=extra)
        forecaster.fit(panel, found, fit=fit, seed=0)
        wrong.append(rmse(found.change[test], forecaster.predict(panel, found, at=test).change))
    assert wrong[1] < 0.75 * wrong[0]


def test_training_is_read_by_the_gru() -> None:
    """Catches a training sequence that the last baseline is given and forgets."""
    panel = seasonal(clusters=6)
    found = rows(panel)
    fit, test = may_fit(found, horizon=3), found.within(found.parts.test)
    training = np.random.default_rng(0).normal(size=(*panel.values.shape, 2))
    forecaster = TransformerGru(extra=training[:, :, :1], training=training, epochs=2)
    forecaster.fit(panel, found, fit=fit, seed=0)
    before = forecaster.predict(panel, found, at=test).change
    assert forecaster.extra is not None and forecaster.extra.shape[2] == 3
    forecaster.extra = np.concatenate([training[:, :, :1], training + 1.0], axis=2)
    assert (forecaster.predict(panel, found, at=test).change != before).all()


def test_logistic_regression_is_that_of_scikit_learn() -> None:
    """Catches a wrong gradient, a penalised constant, and a stop before the minimum."""
    linear = pytest.importorskip("sklearn.linear_model")
    random = np.random.default_rng(0)
    design = np.concatenate([random.normal(size=(150, 4)), np.ones((150, 1))], axis=1)
    label = np.argmax(design @ random.normal(size=(5, 3)) + random.gumbel(size=(150, 3)), axis=1)
    theirs = linear.LogisticRegression(C=1 / (0.1 * 150), tol=1e-8, max_iter=2000).fit(design[:, :4], label)
    ours = softmax(design @ logistic(design, label, penalty=0.1, classes=3))
    assert ours == pytest.approx(theirs.predict_proba(design[:, :4]), abs=1e-3)
    target = design[:, 0] + random.normal(size=150) + 3.0
    plain = linear.Ridge(alpha=0.1 * 150).fit(design[:, :4], target)
    assert design @ ridge(design, target, penalty=0.1) == pytest.approx(plain.predict(design[:, :4]))


def test_settings_are_chosen_by_time() -> None:
    """Catches settings chosen on the test span or on rows whose outcomes overlap what was learned from."""
    panel = walking()
    found = rows(panel)
    learn, check = learn_and_check(found, may_fit(found, horizon=3), seed=0)
    assert set(found.origin[learn]) <= set(found.parts.train)
    assert set(found.origin[check]) <= set(found.parts.valid)
    early = (found.label >= 0) & (found.origin < 20)
    learn, check = learn_and_check(found, early, seed=0)
    assert found.origin[learn].max() + 3 < found.origin[check].min()
    assert not (learn & ~early).any() and not (check & ~early).any()


def test_an_interval_holds_its_share() -> None:
    """Catches a quantile that is one rank short, which matters with few rows."""
    error = np.arange(1, 20, dtype=float) * np.array([1, -1] * 9 + [1])
    assert half_width(error) == 18.0
    assert half_width(np.arange(1, 6, dtype=float)) == 5.0
    assert np.isnan(half_width(np.zeros(0)))


def test_the_gains_name_the_groups_that_carry() -> None:
    """Catches gains given to the wrong group: a season is carried by what happened a year ago."""
    panel = seasonal()
    found = rows(panel)
    trees = Trees(search=QUICK, rounds=60)
    trees.fit(panel, found, fit=may_fit(found, horizon=3), seed=0)
    gains = trees.gains("change")
    assert sum(gains.values()) == pytest.approx(1.0)
    assert next(iter(gains)) in ("season", "months", "changes")
    assert gains["age"] < 0.05


def test_the_roster_has_every_row_once_with_parts_of_its_own() -> None:
    """Catches a baseline that is missing, and two that share a scale, so that one overwrites the other's."""
    made = roster()
    assert [each.name for each in made] == [
        "majority", "last change", "last month", "mean of three", "seasonal", "logistic regression", "XGBoost",
        "BiLSTM", "Transformer", "Transformer + GRU",
    ]  # fmt: skip
    readers = [id(each.reader) for each in made[7:]]  # type: ignore[attr-defined]
    assert len(set(readers)) == 3
