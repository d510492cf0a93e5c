"""Small panels for tests, with something to be learned from."""

from datetime import date

import numpy as np

from gnn.panel import Panel


def seasonal(*, clusters: int = 12, months: int = 54, seed: int = 0, noise: float = 0.05) -> Panel:
    """Return clusters with a season, each at another time of the year, and a level of its own."""
    random = np.random.default_rng(seed)
    phase = random.uniform(0, 12, (clusters, 1))
    level = np.exp(random.uniform(2.5, 5.0, (clusters, 1)))
    wave = 0.8 * np.sin(2 * np.pi * (np.arange(months) + phase) / 12)
    values = np.round(level * np.exp(wave + random.normal(0, noise, (clusters, months))))
    return Panel("seasonal", tuple(f"c{number:02}" for number in range(clusters)), date(2020, 3, 1), values)


def walking(*, clusters: int = 8, months: int = 44, seed: int = 0, gap: int | None = 20, born: int = 15) -> Panel:
    """Return clusters that walk at random; one month is not known, and the last cluster is born late."""
    random = np.random.default_rng(seed)
    steps = random.normal(0, 0.25, (clusters, months)).cumsum(axis=1)
    values = np.round(30 * np.exp(steps - steps.mean()))
    values[-1, :born] = 0.0
    values[-1, born] += 1.0
    if gap is not None:
        values[:, gap] = np.nan
    return Panel("walking", tuple(f"c{number:02}" for number in range(clusters)), date(2020, 3, 1), values)
