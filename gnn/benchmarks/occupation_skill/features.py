"""What is known of a pair before a half-year begins: lags, levels, neighbours' lags, low-rank fits."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.benchmarks.occupation_skill.release import Demand, Floats, Places, postings
from schema.errors import JobError

Values = NDArray[np.float32]
LAGS = 4
NEIGHBOURS = (5, 20)
RANKS = (4, 16, 48)
# The first half-year that has enough before it for means, trends and neighbours to say anything.
EARLIEST = 3
# Shares are spread over six powers of ten; one posting in ten thousand is where the log starts to rise.
UNIT = 1e4


@dataclass(frozen=True, slots=True)
class Pairs:
    """Features of all pairs, for one half-year to be forecast.

    Arguments:
        names: of the features, [features].
        values: NaN where a half-year before the first would be needed, [occupations, skills, features].
        lags: shares of the LAGS half-years before, the last first, zeros before the first, [LAGS, occupations, skills].
        sizes: postings of each occupation in them, [LAGS, occupations].
    """

    names: tuple[str, ...]
    values: Values
    lags: Floats
    sizes: Floats


def pairs(demand: Demand, half: int) -> Pairs:
    """Describe all pairs before half-year `half`, from the half-years before it and nothing else.

    Arguments:
        demand: shares of an industry.
        half: the half-year to be forecast, EARLIEST to demand.half_years; it need not be there itself.

    Raises:
        JobError: there are too few half-years before it.
    """
    if not EARLIEST <= half <= demand.half_years:
        raise JobError(f"half-year {half}", f"{EARLIEST} to {demand.half_years}", where=demand.name)
    past = demand.until(half)
    names, columns = zip(*_columns(past), strict=True)
    shape = past.shares.shape[1:]
    values = np.empty((*shape, len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        values[:, :, place] = column
    lags = np.zeros((LAGS, *shape))
    known = past.shares[::-1][:LAGS]
    lags[: len(known)] = known
    return Pairs(names, values, lags, np.array([postings(lag) for lag in lags]))


def _columns(past: Demand) -> Iterator[tuple[str, Floats]]:
    """Yield name and values of each feature; values are of shape [occupations, skills] or spread to it."""
    shares = past.shares
    logs = np.log1p(UNIT * shares)
    there = (shares > 0).astype(np.float64)
    sizes = np.array([postings(half) for half in shares])
    counts = shares * sizes[:, :, None]
    yield from _lags(logs, there, counts, sizes)
    yield from _levels(shares, logs, there)
    yield from _totals(shares, logs, there, past.clusters)
    yield from _counting(counts, sizes)
    recent = logs[-LAGS:].mean(axis=0)
    yield from _neighbours("occupation", recent, logs, there)
    for name, column in _neighbours("skill", recent.T, logs.transpose(0, 2, 1), there.transpose(0, 2, 1)):
        yield name, column.T
    yield from _low_rank("shares", recent)
    yield from _low_rank("presence", there[-LAGS:].mean(axis=0))


def _lags(logs: Floats, there: Floats, counts: Floats, sizes: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield level, count and size of each of the last half-years."""
    unknown = np.full(logs.shape[1:], np.nan)
    for lag in range(1, LAGS + 1):
        known = lag <= len(logs)
        yield f"log share {lag} back", logs[-lag] if known else unknown
        yield f"log count {lag} back", np.log1p(counts[-lag]) if known else unknown
        yield f"postings {lag} back", np.log1p(sizes[-lag])[:, None] if known else unknown[:, :1]
    yield "log share since a year", logs[-1] - logs[-2]
    yield "postings since a half-year", np.log1p(sizes[-1])[:, None] - np.log1p(sizes[-2])[:, None]
    yield "half-years with it", there.sum(axis=0) / len(there)
    # Zero: it was asked for in the last half-year; the number of half-years known where it never was.
    seen = there[::-1].argmax(axis=0)
    yield "half-years since it was asked for", np.where(there.any(axis=0), seen, LAGS * 2)


def _levels(shares: Floats, logs: Floats, there: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield means, extremes, trend and places."""
    for span in (2, LAGS):
        yield f"log of mean of {span}", np.log1p(UNIT * shares[-span:].mean(axis=0))
        yield f"mean of log of {span}", logs[-span:].mean(axis=0)
        yield f"presence of {span}", there[-span:].mean(axis=0)
    yield "mean of logs", logs.mean(axis=0)
    last = logs[-LAGS:]
    yield "least", last.min(axis=0)
    yield "most", last.max(axis=0)
    yield "spread", last.std(axis=0)
    steps = np.arange(len(last)) - (len(last) - 1) / 2
    slope = np.tensordot(steps, last, axes=1) / (steps**2).sum()
    yield "trend", slope
    yield "mean and trend", last.mean(axis=0) + slope * (len(last) + 1) / 2
    mean = shares[-LAGS:].mean(axis=0)
    yield "place among the occupation's skills", _places(mean)
    yield "place among the skill's occupations", _places(mean.T).T
    yield "last place among the occupation's skills", _places(shares[-1])


def _places(values: Floats) -> Floats:
    """Return the place of each value in its row from the top, as a log; equal values share the best."""
    ordered = np.sort(values, axis=1)
    above = np.array([len(row) - np.searchsorted(row, asked, side="right")
                      for row, asked in zip(ordered, values, strict=True)])  # fmt: skip
    return np.log1p(above)


def _totals(shares: Floats, logs: Floats, there: Floats, clusters: Places) -> Iterator[tuple[str, Floats]]:
    """Yield what is asked for of the occupation as a whole, of the skill as a whole, and of the skill's cluster."""
    mean = shares[-LAGS:].mean(axis=0)
    for lag in (1, 2):
        yield f"occupation: skills {lag} back", there[-lag].mean(axis=1)[:, None]
        yield f"occupation: share {lag} back", np.log1p(shares[-lag].sum(axis=1))[:, None]
        yield f"skill: occupations {lag} back", there[-lag].mean(axis=0)[None, :]
        yield f"skill: log share {lag} back", logs[-lag].mean(axis=0)[None, :]
    yield "occupation: mean skills", there[-LAGS:].mean(axis=(0, 2))[:, None]
    yield "skill: mean occupations", there[-LAGS:].mean(axis=(0, 1))[None, :]
    yield "skill: mean log share", logs[-LAGS:].mean(axis=(0, 1))[None, :]
    yield "skill: log of mean share", np.log1p(UNIT * mean.mean(axis=0))[None, :]
    yield "skill: most log share", logs[-LAGS:].mean(axis=0).max(axis=0)[None, :]
    yield "skill: change of occupations", (there[-1].mean(axis=0) - there[-LAGS:].mean(axis=(0, 1)))[None, :]
    member = clusters[:, None] == np.unique(clusters)[None, :]
    weight = member / member.sum(axis=0)
    group = np.searchsorted(np.unique(clusters), clusters)
    yield "cluster: log share of the occupation", (logs[-LAGS:].mean(axis=0) @ weight)[:, group]
    yield "cluster: presence in the occupation", (there[-1] @ weight)[:, group]


def _counting(counts: Floats, sizes: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield what counting says: share pooled over half-years with a prior, and postings to be expected of it."""
    last, total = counts[-LAGS:].sum(axis=0), sizes[-LAGS:].sum(axis=0)[:, None]
    # The prior is the skill's share over all occupations, worth ten postings.
    prior = (last.sum(axis=0) + 0.5) / (total.sum() + 1.0)
    pooled = (last + 10.0 * prior[None, :]) / (total + 10.0)
    yield "log pooled share", np.log(pooled)
    yield "log expected postings", np.log(pooled * (sizes[-1][:, None] + 1.0))
    weights = 0.5 ** np.arange(len(counts))[::-1]
    fading = np.tensordot(weights, counts, axes=1) + 10.0 * prior[None, :]
    yield "log fading share", np.log(fading / ((weights @ sizes)[:, None] + 10.0))


def _neighbours(kind: str, level: Floats, logs: Floats, there: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield what the most similar rows had: cosine of levels, the row itself left out, [rows, columns] each."""
    norm = level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-12)
    cosine = norm @ norm.T
    np.fill_diagonal(cosine, -np.inf)
    order = np.argsort(-cosine, axis=1, kind="stable")
    for many in NEIGHBOURS:
        nearest = order[:, : min(many, len(level) - 1)]
        weight = np.zeros(cosine.shape)
        near = np.maximum(np.take_along_axis(cosine, nearest, axis=1), 0.0) ** 4 + 1e-9
        np.put_along_axis(weight, nearest, near / near.sum(axis=1, keepdims=True), axis=1)
        for name, values in (("share 1 back", logs[-1]), ("mean share", level), ("presence", there[-1])):
            yield f"{many} nearest by {kind}: {name}", weight @ values


def _low_rank(kind: str, values: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield the best fit of each rank; the values themselves where the rank is no less than theirs."""
    left, size, right = np.linalg.svd(values, full_matrices=False)
    for rank in RANKS:
        yield f"low-rank {rank} of {kind}", (left[:, :rank] * size[:rank]) @ right[:rank]
