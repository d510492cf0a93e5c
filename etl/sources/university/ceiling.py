"""How well the classes of demand can be told at all in the synthetic world, beside what costs nothing.

Rows, classes, cut points and the spans of time are those of `schema.demand`. Rows begin once a cluster has had postings
for a whole quarter.

The oracle knows every parameter, the level of every cluster up to m, mood, training and the neighbours, hence all of
d[m+1 .. m+3] but the noise, and the noise's distribution. It does not know breaks that have yet to come. Its
probability of each class is counted over DRAWS drawn futures, rounding included; it names the most probable class.
`expected` is the mean of that largest probability, what the oracle expects of itself; `accuracy` is how often it was
right about what came. No forecast that sees only the files can be expected to do better.

`without` takes a channel from the oracle: what the channel adds in the coming quarter is then drawn from what it
added to other clusters and months.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from etl.sources.university.dynamics import BURN_IN, CHANNELS, Demand
from etl.sources.university.world import World
from schema.demand import CHANGE_QUANTILES, HORIZON, LOW_QUANTILE, Cuts, spans
from schema.derived import DEMAND_CLASSES

CLASSES = tuple(name.lower().replace("_", " ") for name in DEMAND_CLASSES)
DRAWS = 256
QUARTER = HORIZON


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row that has a class.

    Arguments:
        cluster, month: number of the cluster, month counted from the start of the window, [rows].
        last, coming: postings of the last and of the next quarter, [rows].
        train, test: whether the row is in the training or in the test span, [rows].
    """

    cluster: np.ndarray
    month: np.ndarray
    last: np.ndarray
    coming: np.ndarray
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Accuracies, 0 to 1, over all rows and (`test`) over the last tenth of the months.

    Arguments:
        expected: what the oracle expects of itself, all rows.
        accuracy: how often the oracle is right, all rows.
        test_expected, test_accuracy: the same on the test span.
        chance: one class in five at random.
        majority: the most frequent class of the training rows, always, on the test span.
        persistence: the class of the last quarter, again, all rows that have one.
        test_persistence: the same on the test span.
        without: accuracy of the oracle without one channel, and with nothing but its own series ("own only"), all rows.
        shares: share of each class among all rows.
        cuts: cut points.
        rows, test_rows: how many rows.
    """

    expected: float
    accuracy: float
    test_expected: float
    test_accuracy: float
    chance: float
    majority: float
    persistence: float
    test_persistence: float
    without: dict[str, float]
    shares: dict[str, float]
    cuts: Cuts
    rows: int
    test_rows: int

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for world.json."""
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"synthetic world, five classes, {self.rows} rows: ceiling {self.accuracy:.3f} "
            f"(expected {self.expected:.3f}), persistence {self.persistence:.3f}, majority {self.majority:.3f}, "
            f"chance {self.chance:.3f}; last tenth of the months: ceiling {self.test_accuracy:.3f}, "
            f"persistence {self.test_persistence:.3f}"
        )


def measure(world: World, demand: Demand) -> Ceiling:
    """Compute the ceiling of a realised history and the rows beside it."""
    rows = tabulate(demand.counts, demand.born)
    cuts = cut_points(rows)
    classes = classify(rows.last, rows.coming, cuts=cuts)
    oracle, certainty = _oracle(world, demand, task=(rows, cuts))
    right = oracle == classes
    without = {}
    for name, dropped in (*((name, {name}) for name in CHANNELS), ("own only", set(CHANNELS) - {"own"})):
        named, _ = _oracle(world, demand, task=(rows, cuts), dropped=frozenset(dropped))
        without[name] = _share(named == classes)
    before = previous_classes(demand.counts, rows, cuts=cuts)
    known = before >= 0
    same = before == classes
    common = int(np.argmax(np.bincount(classes[rows.train], minlength=len(CLASSES))))
    return Ceiling(
        expected=_share(certainty),
        accuracy=_share(right),
        test_expected=_share(certainty[rows.test]),
        test_accuracy=_share(right[rows.test]),
        chance=1 / len(CLASSES),
        majority=_share(classes[rows.test] == common),
        persistence=_share(same[known]),
        test_persistence=_share(same[known & rows.test]),
        without=without,
        shares={name: _share(classes == number) for number, name in enumerate(CLASSES)},
        cuts=cuts,
        rows=len(classes),
        test_rows=int(rows.test.sum()),
    )


def _share(values: np.ndarray) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0


def tabulate(counts: np.ndarray, born: np.ndarray) -> Rows:
    """All rows of a table of counts, [clusters, months], in order of month and cluster."""
    months = counts.shape[1]
    quarters = np.zeros_like(counts)
    for back in range(QUARTER):
        quarters[:, QUARTER - 1 :] += counts[:, QUARTER - 1 - back : months - back]
    origins = np.arange(QUARTER - 1, months - QUARTER)
    month, cluster = (grid.ravel() for grid in np.meshgrid(origins, np.arange(len(counts)), indexing="ij"))
    there = born[cluster] <= month - (QUARTER - 1)
    cluster, month = cluster[there], month[there]
    parts = spans(range(QUARTER - 1, months - QUARTER))
    return Rows(
        cluster=cluster,
        month=month,
        last=quarters[cluster, month],
        coming=quarters[cluster, month + QUARTER],
        train=month < parts.train.stop,
        test=month >= parts.test.start,
    )


def cut_points(rows: Rows) -> Cuts:
    """Cut points from the training rows alone."""
    low = float(np.quantile(rows.coming[rows.train], LOW_QUANTILE))
    kept = rows.train & (rows.coming >= low)
    change = np.log((rows.coming[kept] + 1.0) / (rows.last[kept] + 1.0))
    first, second, third = (round(float(np.quantile(change, quantile)), 6) for quantile in CHANGE_QUANTILES)
    return Cuts(low, (first, second, third))


def classify(last: np.ndarray, coming: np.ndarray, *, cuts: Cuts) -> np.ndarray:
    """Numbers in CLASSES.

    >>> cuts = Cuts(5, (-0.2, 0.1, 0.4))
    >>> classify(np.array([9, 9, 9, 9, 9]), np.array([19, 12, 9, 6, 2]), cuts=cuts).tolist()
    [0, 1, 2, 3, 4]
    """
    change = np.log((coming + 1.0) / (last + 1.0))
    rising = np.searchsorted(np.array(cuts.change), change, side="right")
    return np.where(coming < cuts.low, 4, 3 - rising)


def previous_classes(counts: np.ndarray, rows: Rows, *, cuts: Cuts) -> np.ndarray:
    """The class that the last quarter itself turned out to be, -1 where the one before it is not in the window."""
    first = rows.month - QUARTER >= QUARTER - 1
    before = np.zeros(len(rows.month), dtype=counts.dtype)
    for back in range(QUARTER, 2 * QUARTER):
        before[first] += counts[rows.cluster[first], rows.month[first] - back]
    return np.where(first & (before + rows.last > 0), classify(before, rows.last, cuts=cuts), -1)


def _oracle(
    world: World, demand: Demand, *, task: tuple[Rows, Cuts], dropped: frozenset[str] = frozenset()
) -> tuple[np.ndarray, np.ndarray]:
    """The most probable class of each row and its probability."""
    rows, cuts = task
    generator = world.generator("ceiling")
    named = np.empty(len(rows.month), dtype=np.int64)
    certainty = np.empty(len(rows.month))
    known = np.zeros_like(demand.level)
    for name in CHANNELS:
        if name not in dropped:
            known += demand.parts[name]
    for month in np.unique(rows.month).tolist():
        here = np.flatnonzero(rows.month == month)
        cluster = rows.cluster[here]
        column = BURN_IN + month
        growth = demand.sigma * generator.standard_normal((len(here), DRAWS, QUARTER))  # [rows, draws, months ahead]
        for name in sorted(dropped):
            growth += _elsewhere(demand.parts[name], growth.shape[:2], generator=generator)
        growth += known[cluster, column + 1 : column + 1 + QUARTER][:, None, :]
        level = demand.level[cluster, column][:, None, None] + np.cumsum(growth, axis=2)
        calendar = (world.window.start + month + 1 + np.arange(QUARTER)) % 12
        log = demand.base[cluster][:, None, None] + demand.season[cluster][:, calendar][:, None, :] + level
        coming = np.floor(demand.scale * np.exp(log).sum(axis=2) + generator.random((len(here), DRAWS)))
        drawn = classify(rows.last[here][:, None], coming, cuts=cuts)
        chances = np.stack([(drawn == number).mean(axis=1) for number in range(len(CLASSES))], axis=1)
        named[here] = chances.argmax(axis=1)
        certainty[here] = chances.max(axis=1)
    return named, certainty


def _elsewhere(part: np.ndarray, shape: tuple[int, int], *, generator: np.random.Generator) -> np.ndarray:
    """What a channel added in three months in a row to drawn clusters at drawn times, [rows, draws, months]."""
    cluster = generator.integers(0, part.shape[0], shape)
    month = generator.integers(BURN_IN, part.shape[1] - QUARTER + 1, shape)
    return np.stack([part[cluster, month + ahead] for ahead in range(QUARTER)], axis=2)
