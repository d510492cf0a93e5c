"""How the rows on a log are tuned, each on the same validation span, which lies before the test.

Every setting of a row's grid learns from what was before the span, by the first seed, and is judged by NDCG@10 on the
steps in it: of users who were there before, to items that were, among the items that the user did not have. The best
one is taken, of equal ones the first. Nothing of the test is looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from gnn.benchmarks.recommend.baselines.factorisation import ALS
from gnn.benchmarks.recommend.metrics import HEADLINE, gains
from gnn.benchmarks.recommend.mixture import candidates, standings, validation
from gnn.benchmarks.recommend.sequences import Factors, Frequent, LinearAutoencoder, Network, Past, Row, Transitions

Make = Callable[[], Row]
Keep = Callable[[str, Callable[[], float]], float]
"""Returns the figure of a name, made by the function where it is not there yet."""
SEED = 0
HALF_LIVES = (0.02, 0.1, 0.5, 2.0)
"""Of popularity, as shares of the time before the validation span."""
FADES = (0.3, 0.5, 0.7, 0.8, 0.9)
"""Of transitions."""
RIDGES = (10.0, 100.0, 1000.0, 10_000.0)
"""Of the linear autoencoder."""
FACTORS, ALPHAS = (8, 32), (1.0, 5.0, 25.0)
"""Of implicit ALS."""
LAYERS, PACES = (2, 3, 4), ((10, 0.03), (30, 0.03), (90, 0.03))
"""Of LightGCN; a pace is a number of steps and a rate."""
BATCH = 16_384
"""Pairs of a step of LightGCN."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """A row as it was tuned.

    Arguments:
        name: of the row.
        tried: NDCG@10 on the validation span of each setting; none where there were no steps to judge by.
        chosen: the setting.
        make: makes the row with it, fresh.
    """

    name: str
    tried: Mapping[str, float]
    chosen: str
    make: Make

    def __str__(self) -> str:
        told = "; ".join(f"{setting}: {worth:.3f}" for setting, worth in self.tried.items())
        return f"{self.name}: {self.chosen}, of {told or 'settings that there was nothing to judge by'}"


def grids(span: float, *, network: bool = True) -> dict[str, dict[str, Make]]:
    """Return what is tried, by row and setting; the first setting is the one where nothing can be judged.

    Arguments:
        span: time before the validation span, above 0.
        network: LightGCN too.
    """
    found: dict[str, dict[str, Make]] = {
        Frequent.name: {f"half-life {share:g} of the past": partial(Frequent, share * span) for share in HALF_LIVES},
        Transitions.name: {f"fade {fade:g}": partial(Transitions, fade=fade) for fade in FADES},
        LinearAutoencoder.name: {f"ridge {ridge:g}": partial(LinearAutoencoder, ridge) for ridge in RIDGES},
        Factors.name: {
            f"{count} factors, alpha {alpha:g}": partial(_factors, count, alpha)
            for count in FACTORS
            for alpha in ALPHAS
        },
    }
    if network:
        found[Network.name] = {
            f"{layers} layers, {steps} steps at {rate:g}": partial(
                Network, layers=layers, steps=steps, rate=rate, batch=BATCH
            )
            for layers in LAYERS
            for steps, rate in PACES
        }
    return found


def _factors(count: int, alpha: float) -> Row:
    return Factors(ALS(factors=count, alpha=alpha))


def tune(past: Past, start: float, *, network: bool = True, keep: Keep | None = None) -> tuple[Tuned, ...]:
    """Tune all rows.

    Arguments:
        past: what was before the test.
        start: of the validation span, which ends where the past ends.
        network: LightGCN too.
        keep: keeps figures; None makes all of them anew.
    """
    early = past.before(start)
    known = np.bincount(early.item, minlength=early.items) > 0
    asked = validation(past, early)
    free = candidates(early, asked.user, known)
    kept = keep or (lambda name, make: make())

    def worth(make: Make) -> float:
        row = make()
        row.learn(early, seed=SEED)
        return float(gains(*standings(row.scores(asked.user), free, asked.item))[HEADLINE].mean())

    found = []
    for name, grid in grids(max(float(early.now - early.at.min()), 1e-9), network=network).items():
        tried = {}
        if len(asked):
            tried = {setting: kept(f"{name}, {setting}", partial(worth, make)) for setting, make in grid.items()}
        chosen = max(tried or grid, key=lambda setting: tried.get(setting, 0.0))
        found.append(Tuned(name, tried, chosen, grid[chosen]))
    return tuple(found)
