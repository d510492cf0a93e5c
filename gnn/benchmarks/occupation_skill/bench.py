"""The table of the occupation-skill task: copy, mean, boosted trees, the graph network alone, and ours.

Ours is a mixture of two experts: the log odds of the graph network and of the boosted trees, weighed by one number.
The weight is chosen on the last half-years before the one to forecast, each forecast by every seed from what lies
before it: one seed on one half-year says too little, since Hits@1 of the network moves by several points from seed to
seed. Of the weights that cannot be told from the best by one standard error the smallest is taken, as the trees are the
steadier expert. Then both experts are fitted again with all half-years known and the last one is forecast once. The
network alone is a row of its own, so that the table shows what the trees add.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np

from gnn.benchmarks.occupation_skill import network, trees
from gnn.benchmarks.occupation_skill.features import EARLIEST, LAGS, pairs
from gnn.benchmarks.occupation_skill.ranking import Ranking, Truth, ranking
from gnn.benchmarks.occupation_skill.release import Demand, Floats
from schema.errors import JobError

Progress = Callable[[str], None]
Keep = Callable[[str, Callable[[], Floats]], Floats]
"""Returns the scores of a name, made by the function where they are not there yet."""
Trial = tuple[Floats, Floats, Truth]
"""Scores of the network and of the trees for a half-year, and what came."""
WEIGHTS = np.linspace(0.0, 1.0, 11)
ROLLING = 2
"""Half-years that the weight is chosen on; one where no more can be forecast from what lies before."""
SEEDS = (0, 1, 2)
OURS, NETWORK, TREES = "ours: graph network and trees, weighed", "graph network alone", "boosted trees"
# Student's t for 95 % and 1, 2, ... degrees of freedom; beyond them the normal one is near enough.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Scores of every row for the half-year after the last one known.

    Arguments:
        scores: by row, one array for each seed and one alone where a row has no seed, [occupations, skills] each.
        weight: of the network in ours, 0 to 1.
        validation: measures of the rows on the half-years that the weight was chosen on, means over them and the seeds.
    """

    scores: Mapping[str, Sequence[Floats]]
    weight: float
    validation: Mapping[str, Ranking]


@dataclass(frozen=True, slots=True)
class Row:
    """Measures of one row of the table: mean over seeds, and half of its 95 % interval (0 where there is no seed)."""

    name: str
    mean: Ranking
    interval: Ranking
    seeds: tuple[Ranking, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows on one industry, the weight of the network in ours, and the measures that it was chosen by."""

    industry: str
    rows: tuple[Row, ...]
    weight: float
    validation: Mapping[str, Ranking]

    def record(self) -> dict[str, object]:
        """Return the table as plain values that JSON can hold."""
        return asdict(self)


def forecasts(
    past: Demand,
    *,
    seeds: Sequence[int] = SEEDS,
    settings: network.Settings | None = None,
    rounds: int = 120,
    threads: int = 0,
    device: str = "cpu",
    keep: Keep | None = None,
    progress: Progress | None = None,
) -> Forecasts:
    """Forecast the half-year after the last one given, by every row.

    Arguments:
        past: all that may be known; the half-year to forecast is not in it.
        seeds: of the rows that have one; the weight of ours is chosen with all of them.
        settings: of the network.
        rounds: trees, >= 1.
        threads: of the trees, 0 for all.
        device: of the network.
        keep: keeps the scores of each expert and seed; None makes all of them anew.
        progress: told what is done.

    Raises:
        JobError: there are too few half-years to fit, to choose the weight and to fit again.
    """
    half = past.half_years
    if half < EARLIEST + 2 or not seeds:
        given = f"{half} half-years and {len(seeds)} seeds"
        raise JobError(given, f"{EARLIEST + 2} half-years before the one to forecast, and a seed", where=past.name)
    say = progress or (lambda text: None)
    known = [pairs(past, each) for each in range(EARLIEST, half + 1)]
    truths = [past.shares[each] > 0 for each in range(EARLIEST, half)]
    say(f"{past.name}: {len(known[0].names)} features of {truths[0].size} pairs, half-years {EARLIEST} to {half}")

    kept = keep or (lambda name, make: make())

    def experts(half_year: int, seed: int) -> tuple[Floats, Floats]:
        """Return the scores of the network and of the trees, learned from what came before a half-year."""
        place = half_year - EARLIEST
        samples, seen, wanted, until = known[:place], truths[:place], known[place], half_year - 1

        def boost() -> Floats:
            return trees.forecast(samples, seen, wanted, seed=seed, rounds=rounds, threads=threads)

        def relate() -> Floats:
            told = partial(_told, say, f"{past.name}, seed {seed}, network")
            return network.forecast(samples, seen, wanted, clusters=past.clusters, seed=seed, settings=settings,
                                    device=device, progress=told)  # fmt: skip

        boosted = kept(f"trees until {until} seed {seed}", boost)
        say(f"{past.name}, seed {seed}: trees are fitted on half-years up to {until}")
        return kept(f"network until {until} seed {seed}", relate), boosted

    rolling = range(max(EARLIEST + 1, half - ROLLING), half)
    weight, validation = choose([(*experts(each, seed), truths[each - EARLIEST]) for each in rolling for seed in seeds])
    say(f"{past.name}: the network weighs {weight:.1f}")
    both = [experts(half, seed) for seed in seeds]
    scores = {
        "copy the last half-year": [past.shares[-1]],
        "mean of four half-years": [past.shares[-LAGS:].mean(axis=0)],
        TREES: [boosted for _, boosted in both],
        NETWORK: [graph for graph, _ in both],
        OURS: [mixed(graph, boosted, weight) for graph, boosted in both],
    }
    return Forecasts(scores, weight, validation)


def _told(say: Progress, who: str, text: str) -> None:
    say(f"{who}: {text}")


def mixed(graph: Floats, boosted: Floats, weight: float) -> Floats:
    """Return the weighed mean of the two experts' scores, each brought to the same spread first."""
    return weight * graph / max(graph.std(), 1e-12) + (1.0 - weight) * boosted / max(boosted.std(), 1e-12)


def choose(trials: Sequence[Trial]) -> tuple[float, dict[str, Ranking]]:
    """Return the weight of the network, and the measures of experts and mixture.

    The worth of a weight is the sum of the three measures. The weight is the smallest one whose worth lies no further
    below that of the best than one standard error of the difference over the trials; of one trial, the best.

    Arguments:
        trials: at least one; measures are means over them.
    """
    tried = [[ranking(mixed(graph, boosted, weight), truth) for graph, boosted, truth in trials] for weight in WEIGHTS]
    worth = np.array([[each.auc + each.hits + each.reciprocal for each in found] for found in tried])
    short = worth[worth.mean(axis=1).argmax()] - worth
    error = short.std(axis=1, ddof=1) / len(trials) ** 0.5 if len(trials) > 1 else np.zeros(len(WEIGHTS))
    place = int((short.mean(axis=1) <= error).argmax())
    means = [row("", found).mean for found in tried]
    return float(WEIGHTS[place]), {TREES: means[0], NETWORK: means[-1], OURS: means[place]}


def table(demand: Demand, **options: object) -> Table:
    """Hold every row's forecast of the last half-year against what came.

    Arguments:
        demand: an industry; its last half-year is looked at only after all forecasts are made.
        options: of `forecasts`.
    """
    made = forecasts(demand.until(demand.half_years - 1), **options)  # type: ignore[arg-type]
    truth = demand.shares[-1] > 0
    rows = tuple(row(name, [ranking(each, truth) for each in scores]) for name, scores in made.scores.items())
    return Table(demand.name, rows, made.weight, made.validation)


def row(name: str, seeds: Sequence[Ranking]) -> Row:
    """Return mean and half of the 95 % interval of the mean over seeds."""
    values = np.array([[each.auc, each.hits, each.reciprocal] for each in seeds])
    half = np.zeros(3)
    if len(seeds) > 1:
        student = STUDENT[len(seeds) - 2] if len(seeds) - 2 < len(STUDENT) else 1.96
        half = student * values.std(axis=0, ddof=1) / len(seeds) ** 0.5
    mean = values.mean(axis=0)
    return Row(name, Ranking(*map(float, mean)), Ranking(*map(float, half)), tuple(seeds))
