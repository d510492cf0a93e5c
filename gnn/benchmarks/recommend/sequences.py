"""What a log alone tells of the next item: the rows on a log, each a score for every item.

Each learns from a `Past` and scores users by what they did in it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from gnn.benchmarks.recommend.baselines.factorisation import ALS

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

MOST_ITEMS = 6_000
"""Items of the linear autoencoder, the most frequent ones: its matrix is dense."""


@dataclass(frozen=True)
class Past:
    """Steps before an instant, in order of time.

    Arguments:
        user, item, at: [steps].
        users, items: how many there are, also such that did nothing yet.
        now: the instant.
    """

    user: Places
    item: Places
    at: Floats
    users: int
    items: int
    now: float

    @cached_property
    def seen(self) -> csr_array:
        """1 where a user had an item. [users, items]"""
        ones = np.ones(len(self.user))
        return csr_array((ones, (self.user, self.item)), shape=(self.users, self.items))

    @cached_property
    def ordered(self) -> tuple[Places, Places]:
        """Steps in the order of user and time, and where each user begins. [steps], [users + 1]"""
        order = np.argsort(self.user, kind="stable")
        return order, np.searchsorted(self.user[order], np.arange(self.users + 1))

    def before(self, instant: float) -> "Past":
        """Return the steps before an earlier instant."""
        kept = self.at < instant
        return Past(self.user[kept], self.item[kept], self.at[kept], self.users, self.items, instant)


class Row(Protocol):
    """A way to score items by a log."""

    @property
    def name(self) -> str:
        """Name of the row."""

    def learn(self, past: Past, *, seed: int) -> None:
        """Learn."""

    def scores(self, users: Places) -> Floats:
        """Return scores. [users, items]"""


class Frequent:
    """How often an item was taken, what is longer ago counting less, on a logarithmic scale.

    Arguments:
        half_life: in the unit of the log.
    """

    name = "popularity"

    def __init__(self, half_life: float) -> None:
        self.half_life = half_life

    def learn(self, past: Past, *, seed: int) -> None:
        """Count."""
        weight = 0.5 ** (np.maximum(past.now - past.at, 0.0) / self.half_life)
        self._score = np.log(np.bincount(past.item, weight, past.items) + 1e-3)

    def scores(self, users: Places) -> Floats:
        """Return the same for all."""
        return np.broadcast_to(self._score, (len(users), len(self._score)))


class Transitions:
    """What follows what: chance of the next item given the items before, the latest counting most.

    An item that comes ``gap`` steps after another counts ``fade ** (gap - 1)``, at most `DEEP` steps. Few observations
    leave the frequency of the item. Scores are logarithms.

    Arguments:
        fade: above 0, below 1.
        prior: observations that the frequency counts as, above 0.
    """

    name = "transitions"
    DEEP = 6

    def __init__(self, *, fade: float = 0.5, prior: float = 2.0) -> None:
        self.fade, self.prior = fade, prior

    def learn(self, past: Past, *, seed: int) -> None:
        """Count pairs."""
        order, starts = past.ordered
        user, item = past.user[order], past.item[order]
        rows, columns, weights = [], [], []
        for gap in range(1, self.DEEP + 1):
            same = np.flatnonzero(user[gap:] == user[:-gap])
            rows.append(item[same])
            columns.append(item[same + gap])
            weights.append(np.full(len(same), self.fade ** (gap - 1)))
        shape = (past.items, past.items)
        places = (np.concatenate(rows), np.concatenate(columns))
        counted = csr_array((np.concatenate(weights), places), shape=shape)
        counted.sum_duplicates()
        common = np.bincount(past.item, minlength=past.items) + 0.1
        self._common = common / common.sum()
        total = np.asarray(counted.sum(axis=1)).ravel() + self.prior
        counted.data /= np.repeat(total, np.diff(counted.indptr))
        self._next, self._left = counted, self.prior / total
        self._items, self._starts = item, starts

    def scores(self, users: Places) -> Floats:
        """Return logarithms of the mixed chances."""
        found = np.zeros((len(users), len(self._common)))
        for row, user in enumerate(users.tolist()):
            latest = self._items[self._starts[user] : self._starts[user + 1]][::-1][: self.DEEP]
            weight = self.fade ** np.arange(len(latest))
            weight = weight / weight.sum() if len(latest) else weight
            found[row] = weight @ self._next[latest] if len(latest) else 0.0
            found[row] += (weight @ self._left[latest] if len(latest) else 1.0) * self._common
        return np.log(found)


class LinearAutoencoder:
    """EASE: items told from items by ridge regression without the item itself, in closed form.

    Source: Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019, equation 8.

    Arguments:
        reg: lambda, above 0.
    """

    name = "linear autoencoder"

    def __init__(self, reg: float = 100.0) -> None:
        self.reg = reg

    def learn(self, past: Past, *, seed: int) -> None:
        """Solve."""
        common = np.bincount(past.item, minlength=past.items)
        kept = np.sort(np.argsort(-common, kind="stable")[: min(MOST_ITEMS, past.items)])
        seen = csr_array(past.seen[:, kept])
        gram = (seen.T @ seen).toarray() + self.reg * np.eye(len(kept))
        inverse = cho_solve(cho_factor(gram), np.eye(len(kept)))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        self._seen, self._kept, self._weights, self._items = seen, kept, weights, past.items

    def scores(self, users: Places) -> Floats:
        """Return what the regression says; 0 for rare items."""
        found = np.zeros((len(users), self._items))
        found[:, self._kept] = self._seen[users] @ self._weights
        return found


class Factors:
    """Implicit ALS on a log.

    Arguments:
        als: its settings.
    """

    name = "implicit ALS"

    def __init__(self, als: ALS | None = None) -> None:
        self.als = als or ALS()

    def learn(self, past: Past, *, seed: int) -> None:
        """Factorise."""
        self._users, self._items = self.als.fit(past.seen, seed=seed)

    def scores(self, users: Places) -> Floats:
        """Return products of factors."""
        return np.asarray(self._users[users] @ self._items.T)


class Network:
    """LightGCN on a log.

    Arguments:
        settings: of `gnn.benchmarks.recommend.baselines.network.GraphSettings`, where they differ.
    """

    name = "LightGCN"

    def __init__(self, **settings: Any) -> None:
        self.settings = settings

    def learn(self, past: Past, *, seed: int) -> None:
        """Train."""
        # torch comes with the network.
        from gnn.benchmarks.recommend.baselines.network import GraphSettings, embed  # noqa: PLC0415

        self._users, self._items = embed(past.seen, GraphSettings(**self.settings), seed=seed)

    def scores(self, users: Places) -> Floats:
        """Return products of vectors."""
        return np.asarray(self._users[users] @ self._items.T)
