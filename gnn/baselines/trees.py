"""Gradient-boosted trees on lag features: one model for the classes, one for the log change."""

from typing import Any

import numpy as np

from gnn.baselines.forecaster import Mask, Prediction, half_width, learn_and_check, with_interval
from gnn.baselines.lags import Lags
from gnn.metrics import CLASSES
from gnn.panel import Floats, Panel, Rows

SEARCH = ((3, 0.05), (4, 0.05), (6, 0.1))
"""Depths with their learning rates."""
ROUNDS = 400
PATIENCE = 25


class Trees:
    """XGBoost. Depth, learning rate and rounds are chosen on the validation span, for each of the two models.

    Reads every feature of `gnn.baselines.lags`, and the extra ones where there are any.

    Arguments:
        extra: [clusters, months, features], known at the end of each month.
        lags: builder of the features.
        threads: processor threads, >= 1. The result is the same for each number.
        device: "cpu" or "cuda".
        search: depths and learning rates to choose from, at least one pair.
        rounds: most rounds, >= 1.
    """

    name = "XGBoost"

    def __init__(
        self,
        *,
        extra: Floats | None = None,
        lags: Lags | None = None,
        threads: int = 1,
        device: str = "cpu",
        search: tuple[tuple[int, float], ...] = SEARCH,
        rounds: int = ROUNDS,
    ) -> None:
        self.extra, self.lags = extra, lags or Lags()
        self.threads, self.device = threads, device
        self.search, self.rounds = search, rounds
        self.half = float("nan")
        self.chosen: dict[str, dict[str, float]] = {}

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Choose the settings, then learn from all rows of the mask."""
        learn, check = learn_and_check(rows, fit, seed=seed)
        self.lags.fit(panel, rows)
        found = self.lags.read(panel, rows, at=np.ones(len(rows), bool), extra=self.extra)
        self.names, self.groups = found.names, found.groups
        common = {"tree_method": "hist", "device": self.device, "nthread": self.threads, "seed": seed}
        common |= {"subsample": 0.8, "colsample_bytree": 0.5, "min_child_weight": 2.0, "lambda": 1.0}
        kinds: tuple[tuple[str, dict[str, Any], Floats], ...] = (
            ("classes", {"objective": "multi:softprob", "num_class": CLASSES}, rows.label.astype(np.float64)),
            ("change", {"objective": "reg:squarederror"}, rows.change),
        )
        self.models = {}
        for kind, objective, target in kinds:
            tried = [common | objective | {"max_depth": depth, "eta": rate} for depth, rate in self.search]
            settings, rounds, error = _chosen(tried, found.values, target, learn=learn, check=check, rounds=self.rounds)
            self.models[kind] = _train(settings, found.values[fit], target[fit], rounds=rounds)
            self.chosen[kind] = {name: settings[name] for name in ("max_depth", "eta")} | {"rounds": rounds}
            if kind == "change":
                self.half = half_width(error)

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell rows."""
        import xgboost  # noqa: PLC0415 - only this baseline needs it

        matrix = xgboost.DMatrix(self.lags.read(panel, rows, at=at, extra=self.extra).values, nthread=self.threads)
        probabilities = self.models["classes"].predict(matrix).astype(np.float64).reshape(-1, CLASSES)
        change = self.models["change"].predict(matrix).astype(np.float64)
        return with_interval(probabilities / probabilities.sum(axis=1, keepdims=True), change, half=self.half)

    def gains(self, kind: str = "classes") -> dict[str, float]:
        """Return the share of each group of features in what the splits of a model gained, largest first.

        Arguments:
            kind: "classes" or "change".
        """
        found: dict[str, float] = dict.fromkeys(self.groups, 0.0)
        for column, gain in self.models[kind].get_score(importance_type="total_gain").items():
            found[self.groups[int(column[1:])]] += float(gain)
        total = sum(found.values()) or 1.0
        return {group: gain / total for group, gain in sorted(found.items(), key=lambda item: -item[1])}


def _chosen(
    tried: list[dict[str, Any]], values: Floats, target: Floats, *, learn: Mask, check: Mask, rounds: int
) -> tuple[dict[str, Any], int, Floats]:
    """Return the best settings, their rounds, and the errors of the log change on the rows looked at."""
    import xgboost  # noqa: PLC0415

    matrix, held = (xgboost.DMatrix(values[mask], target[mask], nthread=tried[0]["nthread"]) for mask in (learn, check))
    best: tuple[float, dict[str, Any], int, Floats] | None = None
    for settings in tried:
        model = xgboost.train(
            settings, matrix, rounds, evals=[(held, "check")], early_stopping_rounds=PATIENCE, verbose_eval=False
        )
        if best is None or model.best_score < best[0]:
            guess = model.predict(held, iteration_range=(0, model.best_iteration + 1))
            error = target[check] - guess if guess.ndim == 1 else np.zeros(0)
            best = (model.best_score, settings, model.best_iteration + 1, error)
    assert best is not None
    return best[1:]


def _train(settings: dict[str, Any], values: Floats, target: Floats, *, rounds: int) -> Any:
    import xgboost  # noqa: PLC0415

    return xgboost.train(settings, xgboost.DMatrix(values, target, nthread=settings["nthread"]), rounds)
