"""Gradient-boosted trees on the features of a pair: the row to beat, and one of the two experts of ours."""

from collections.abc import Sequence

import numpy as np
import xgboost

from gnn.benchmarks.occupation_skill.features import Pairs
from gnn.benchmarks.occupation_skill.ranking import Truth
from gnn.benchmarks.occupation_skill.release import Floats

# The two half-years before the one to forecast, as the published reference row learns from.
HALF_YEARS = 2
SETTINGS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 6,
    "eta": 0.15,
    "max_bin": 64,
    "min_child_weight": 20,
    "colsample_bytree": 0.5,
    "subsample": 0.8,
}


def forecast(
    samples: Sequence[Pairs], truths: Sequence[Truth], wanted: Pairs, *, seed: int, rounds: int = 120, threads: int = 0
) -> Floats:
    """Learn from the last HALF_YEARS half-years given, and score all pairs of another.

    Arguments:
        samples: pairs before each of the half-years to learn from, in order of time.
        truths: what came, in the same order, [occupations, skills] each.
        wanted: pairs before the half-year to forecast.
        seed: of the sampling of rows and columns.
        rounds: trees, >= 1.
        threads: of xgboost, 0 for all.

    Returns:
        Log odds, [occupations, skills].
    """
    count = len(wanted.names)
    values = np.concatenate([each.values.reshape(-1, count) for each in samples[-HALF_YEARS:]])
    labels = np.concatenate([truth.ravel() for truth in truths[-HALF_YEARS:]])
    data = xgboost.QuantileDMatrix(values, labels, nthread=threads or None, max_bin=SETTINGS["max_bin"])
    model = xgboost.train({**SETTINGS, "seed": seed, "nthread": threads}, data, rounds)
    scores = model.inplace_predict(wanted.values.reshape(-1, count), predict_type="margin")
    return np.asarray(scores, dtype=np.float64).reshape(wanted.values.shape[:2])
