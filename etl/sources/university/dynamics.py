"""How demand moves in the synthetic world, so that each channel of a model has something to find.

Per cluster g and month m, with quarter = three months:

    lambda[g, m] = exp(base[g] + season[g, m mod 12] + L[g, m])          expected postings, then scaled to the total
    L[g, m]      = L[g, m-1] + d[g, m] + break[g, m]                     log level without the season
    d[g, m]      = own + text + training + graph + noise                 monthly growth
    c[g, m]      = L[g, m] - L[g, m-3]                                   change of the last quarter
    M[g, m]      = mean of L[g, m-11 .. m]                               level of the last year

each part with a lead of one quarter, so that at the end of month m all of d[m+1], d[m+2], d[m+3] but the noise is
settled by what can be seen by then:

    own[g, m]      = - k_own (L[g, m-3] - M[g, m-3])   what stands far above its own year falls back
    text[g, m]     = k_text u[g, m-3]              u: hiring mood, see below; the postings of that month have this mean
                                                   tone (-2 freeze .. +2 expansion), and mention emerging skills more
                                                   often when it is high
    training[g, m] = k_training S[g, term]         S: log of the cluster's share of completed training in the last term
                                                   finished by month m-3, less that of the term before
    graph[g, m]    = k_graph sum_h A[g, h] c[h, m-3]   A: the clusters that share most skills, weights sum to 1
    noise[g, m]    ~ Normal(0, sigma)              the only thing nobody can know

    u[g, m]        = MOOD_SIZE (sqrt(1 - CAUTION^2) v[g, m] - CAUTION L[g, m] / CAUTION_LEVEL), cut at -2 and 2,

where v is an autoregression of standard deviation 1 and memory MOOD_MEMORY. Employers that have grown far become
cautious; without this the level would wander off. The season belongs to what the own series tells. What a forecaster
at the end of month m has to predict is the log change of the next quarter against the last, nearly

    sum over j of w[j] d[m+j],  j = -1..3,  w = (1, 2, 3, 2, 1) / 3       (plus the change of season)

The gains k are found by simulation such that each channel's part of that sum has the share of the variance that
`Dynamics` asks for. sigma is such that the noise not yet seen, sqrt(9 + 4 + 1)/3 sigma, is `Dynamics.noise` times
`Dynamics.change`.

Counts are NOT drawn from a Poisson distribution. The expected postings, cluster after cluster and month after month,
are added up and the running sum is rounded: every count lies within 1 of its expectation, every sum over consecutive
months too, and the total is exact. A Poisson draw of 15 a month would put noise of 15 % on a quarter and drown all of
the above; real postings are noisier than this world. Copies and other planted faults (see `dirt`) come on top or are
spread evenly. A few clusters have one sudden lasting shift (break), a few appear only inside the window; a cluster that
has not been there for two quarters counts 0 in the graph part of others.
"""

from dataclasses import dataclass

import numpy as np

from etl.sources.university.calendar import finished_term
from etl.sources.university.clusters import Clusters
from etl.sources.university.world import World

LEAD = 3
YEAR = 12
BURN_IN = 48
MOOD_MEMORY = 0.7
MOOD_SIZE = 0.9
CAUTION = 0.6
CAUTION_LEVEL = 0.5
KERNEL = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 3  # of d[m-1] .. d[m+3]
AHEAD = KERNEL[2:]  # the part that is still to come
CHANNELS = ("own", "text", "training", "graph")
# Employment seasons: spring (March, April) and autumn (September, October); quiet in winter and July.
PROFILE = np.array([-0.9, -0.7, 1.2, 1.0, 0.3, -0.1, -0.8, -0.2, 1.0, 0.8, 0.0, -0.6])


@dataclass(frozen=True, slots=True)
class Demand:
    """The realised history. Columns are months; the first `BURN_IN` columns of the long arrays lie before the window.

    Arguments:
        counts: postings without copies, [clusters, months].
        expected: what they were rounded from, [clusters, months].
        scale: factor from exp(...) to expected postings.
        base: log level, [clusters].
        season: log season by month of the year, [clusters, 12].
        level: L, [clusters, BURN_IN + months].
        parts: d by channel, [clusters, BURN_IN + months] each, and "noise".
        mood: u, -2 to 2, [clusters, BURN_IN + months].
        training: S, [clusters, BURN_IN + months].
        born: first month of the cluster's postings, counted from the start of the window; 0 or less for the old ones.
        gains: k of each channel.
        sigma: standard deviation of the monthly noise.
        broken: (cluster, month of the window) of each break.
    """

    counts: np.ndarray
    expected: np.ndarray
    scale: float
    base: np.ndarray
    season: np.ndarray
    level: np.ndarray
    parts: dict[str, np.ndarray]
    mood: np.ndarray
    training: np.ndarray
    born: np.ndarray
    gains: dict[str, float]
    sigma: float
    broken: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Drive:
    """Everything that is drawn before the simulation and stays the same while the gains are searched."""

    mood: np.ndarray
    training: np.ndarray
    noise: np.ndarray
    breaks: np.ndarray
    alive: np.ndarray


def simulate(world: World, clusters: Clusters, *, supply: np.ndarray, total: int) -> Demand:
    """The demand of all clusters.

    Arguments:
        supply: completed training by term of the window, [clusters, terms].
        total: postings to hand out, copies not counted.
    """
    generator = world.generator("dynamics")
    settings = world.dynamics
    shape = (len(clusters), BURN_IN + world.months)
    sigma = settings.noise * settings.change / float(np.sqrt((AHEAD**2).sum()))
    base = settings.spread * generator.standard_normal(len(clusters))
    season = _season(world, len(clusters), generator=generator)
    born, alive = _births(world, len(clusters), generator=generator)
    broken, breaks = _breaks(world, born, shape=shape, generator=generator)
    drive = _Drive(
        mood=_mood(shape, generator),
        training=_training(world, supply, generator=generator),
        noise=sigma * generator.standard_normal(shape),
        breaks=breaks,
        alive=alive,
    )
    gains = _gains(world, clusters, drive=drive)
    level, parts, mood = _run(gains, drive, clusters=clusters)
    log = base[:, None] + season[:, (world.window.start + np.arange(world.months)) % 12] + level[:, BURN_IN:]
    # Rounded, so that the last bit of exp on another processor cannot move a posting to another month.
    rate = np.round(np.where(alive[:, BURN_IN:], np.exp(np.round(log, 9)), 0.0), 9)
    scale = total / float(rate.sum())
    expected = rate * scale
    return Demand(
        counts=hand_out(expected, total),
        expected=expected,
        scale=scale,
        base=base,
        season=season,
        level=level,
        parts=parts,
        mood=mood,
        training=drive.training,
        born=born,
        gains=gains,
        sigma=sigma,
        broken=broken,
    )


def hand_out(expected: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers whose running sums are those of the expectation, rounded; they sum to the total.

    >>> hand_out(np.array([[0.4, 0.4, 0.4], [1.4, 0.2, 0.2]]), 3).tolist()
    [[0, 1, 0], [2, 0, 0]]
    """
    running = np.cumsum(np.round(expected, 9).ravel())
    edges = np.floor(np.round(running * (total / running[-1]), 6) + 0.5).astype(np.int64)
    return np.asarray(np.diff(edges, prepend=0).reshape(expected.shape))


def _season(world: World, clusters: int, *, generator: np.random.Generator) -> np.ndarray:
    """The common profile, stronger in some clusters and a month early or late in one of five, [clusters, 12]."""
    strength = np.exp(0.2 * generator.standard_normal(clusters))
    shift = np.where(generator.random(clusters) < 0.2, generator.choice((-1, 1), clusters), 0)
    profiles = np.stack([np.roll(PROFILE, int(by)) for by in shift]) * strength[:, None]
    profiles -= profiles.mean(axis=1, keepdims=True)
    smooth = (np.roll(profiles, 1, 1) + profiles + np.roll(profiles, -1, 1)) / 3
    change = np.roll(smooth, -3, 1) - smooth  # the season's part of the change of a quarter
    wanted = world.dynamics.change * np.sqrt(world.dynamics.shares["own"] * world.dynamics.season)
    return np.asarray(np.round(profiles * wanted / change.std(), 9))


def _births(world: World, clusters: int, *, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A few clusters appear between the first quarter and two thirds of the window."""
    born = np.full(clusters, -BURN_IN)
    fresh = generator.permutation(clusters)[: round(world.dynamics.new * clusters)]
    low, high = world.months // 4, max(2 * world.months // 3, world.months // 4 + 1)
    born[fresh] = generator.integers(low, high, len(fresh))
    month = np.arange(-BURN_IN, world.months)
    return born, month[None, :] >= born[:, None]


def _breaks(
    world: World, born: np.ndarray, *, shape: tuple[int, int], generator: np.random.Generator
) -> tuple[tuple[tuple[int, int], ...], np.ndarray]:
    shifts = np.zeros(shape)
    old = np.flatnonzero(born < 0)
    chosen = generator.permutation(old)[: round(world.dynamics.breaks * shape[0])]
    found = []
    for cluster in chosen.tolist():
        month = int(generator.integers(world.months // 4, max(world.months * 7 // 8, world.months // 4 + 1)))
        shifts[cluster, BURN_IN + month] = world.dynamics.shift if generator.random() < 0.5 else -world.dynamics.shift
        found.append((cluster, month))
    return tuple(sorted(found)), shifts


def _mood(shape: tuple[int, int], generator: np.random.Generator) -> np.ndarray:
    drawn = generator.standard_normal(shape)
    mood = np.empty(shape)
    mood[:, 0] = drawn[:, 0]
    for month in range(1, shape[1]):
        mood[:, month] = MOOD_MEMORY * mood[:, month - 1] + np.sqrt(1 - MOOD_MEMORY**2) * drawn[:, month]
    return mood


def _training(world: World, supply: np.ndarray, *, generator: np.random.Generator) -> np.ndarray:
    """S by month: of the last term that is finished by then. Before the first term it is drawn, of the same size."""
    change = training_signal(supply)
    first = world.window.first_term
    spread = float(change.std()) or 1.0
    signal = np.empty((len(supply), BURN_IN + world.months))
    drawn: dict[int, np.ndarray] = {}
    for column in range(signal.shape[1]):
        term = finished_term(world.window.start - BURN_IN + column)
        if first < term <= world.window.last_term:
            signal[:, column] = change[:, term - first - 1]
        else:
            if term not in drawn:
                drawn[term] = spread * generator.standard_normal(len(supply))
            signal[:, column] = drawn[term]
    return signal


def training_signal(supply: np.ndarray) -> np.ndarray:
    """S of each term but the first: log share of the supply less that of the term before, [clusters, terms - 1].

    One completed course is added to each, so that a cluster nobody trained for has a share too.
    """
    share = np.round(np.log((supply + 1.0) / (supply + 1.0).sum(axis=0)), 9)
    return np.asarray(np.clip(np.diff(share, axis=1), -1.5, 1.5))


def _run(
    gains: dict[str, float], drive: _Drive, *, clusters: Clusters
) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Level, parts and mood, month by month. No matrix product: the sums must be the same on every machine."""
    shape = drive.mood.shape
    level = np.zeros(shape)
    mood = np.zeros(shape)
    parts = {name: np.zeros(shape) for name in (*CHANNELS, "noise")}
    parts["noise"] = drive.noise
    for month in range(1, shape[1]):
        back = month - LEAD
        if back >= 0:
            parts["text"][:, month] = gains["text"] * mood[:, back]
            parts["training"][:, month] = gains["training"] * drive.training[:, back]
        if back >= LEAD:
            change = level[:, back] - level[:, back - LEAD]
            # A cluster that has not been there for two quarters has no change that others could follow.
            seen = np.where(drive.alive[:, back - LEAD], change, 0.0)
            near = seen[clusters.neighbours] * clusters.nearness
            spread = near[:, 0].copy()
            for column in range(1, near.shape[1]):
                spread += near[:, column]
            parts["graph"][:, month] = gains["graph"] * spread
        if back >= YEAR - 1:
            parts["own"][:, month] = -gains["own"] * (level[:, back] - _year(level, back))
        growth = drive.noise[:, month] + drive.breaks[:, month]
        for name in CHANNELS:
            growth = growth + parts[name][:, month]
        level[:, month] = np.round(level[:, month - 1] + growth, 9)
        own = np.sqrt(1 - CAUTION**2) * drive.mood[:, month] - CAUTION / CAUTION_LEVEL * level[:, month]
        mood[:, month] = np.round(np.clip(MOOD_SIZE * own, -2.0, 2.0), 9)
    return level, parts, mood


def _year(level: np.ndarray, month: int) -> np.ndarray:
    """Mean of the year that ends with a month. Added up one by one: the sum must be the same on every machine."""
    total = level[:, month - YEAR + 1].copy()
    for back in range(month - YEAR + 2, month + 1):
        total += level[:, back]
    return np.asarray(total / YEAR)


def _gains(world: World, clusters: Clusters, *, drive: _Drive) -> dict[str, float]:
    """Gains with which each channel has its share of the variance of the predictable change."""
    settings = world.dynamics
    shares = dict(settings.shares)
    shares["own"] *= 1 - settings.season
    gains = {"own": 0.05, "text": 0.05, "training": 0.1, "graph": 0.1}
    for _ in range(25):
        _, parts, _ = _run(gains, drive, clusters=clusters)
        for name in CHANNELS:
            size = float(contribution(parts[name])[:, BURN_IN // 2 :].std())
            wanted = settings.change * float(np.sqrt(shares[name]))
            # Half a step in logs: the channels that feed back on themselves would swing otherwise.
            gains[name] = round(min(gains[name] * float(np.sqrt(wanted / max(size, 1e-9))), 1.0), 9)
    return gains


def contribution(part: np.ndarray) -> np.ndarray:
    """What a part of d adds to the log change of the next quarter, by month in which the forecast is made.

    Columns run from month 1 to the last but three of `part`: column i is month i + 1.
    """
    width = part.shape[1] - len(KERNEL) + 1
    total = np.zeros((part.shape[0], width))
    for place, weight in enumerate(KERNEL):
        total += weight * part[:, place : place + width]
    return total
