"""Matrix factorisation of implicit feedback by alternating least squares."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.ranker import Collaborative, columns


class ALS:
    """Factors X, Y that minimise sum c_ui (p_ui - x_u . y_i)^2 + reg (|X|^2 + |Y|^2), c_ui = 1 + alpha r_ui.

    p_ui is 1 where r_ui > 0, else 0. Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback
    datasets", ICDM 2008, equations 3 to 5.

    Arguments:
        factors: length of a vector, >= 1.
        reg: lambda, above 0.
        alpha: confidence in what was seen, above 0.
        rounds: of the two least squares, >= 1.
    """

    def __init__(self, *, factors: int = 32, reg: float = 5.0, alpha: float = 5.0, rounds: int = 12) -> None:
        self.factors, self.reg, self.alpha, self.rounds = factors, reg, alpha, rounds

    def fit(self, seen: csr_array, *, seed: int) -> tuple[Floats, Floats]:
        """Return X, [users, factors], and Y, [items, factors].

        Arguments:
            seen: r_ui >= 0. [users, items]
            seed: of the start.
        """
        generator = np.random.default_rng(seed)
        items = 0.1 * generator.standard_normal((seen.shape[1], self.factors))
        users = np.zeros((seen.shape[0], self.factors))
        rows, turned = csr_array(seen), csr_array(seen.T)
        for _ in range(self.rounds):
            users = self._solve(rows, items)
            items = self._solve(turned, users)
        return users, items

    def _solve(self, seen: csr_array, other: Floats) -> Floats:
        base = other.T @ other + self.reg * np.eye(self.factors)
        found = np.zeros((seen.shape[0], self.factors))
        for row in np.flatnonzero(np.diff(seen.indptr)).tolist():
            span = slice(seen.indptr[row], seen.indptr[row + 1])
            near = other[seen.indices[span]]
            extra = self.alpha * seen.data[span]
            left = base + (near * extra[:, None]).T @ near
            found[row] = cho_solve(cho_factor(left, check_finite=False), near.T @ (1.0 + extra), check_finite=False)
        return found


class ImplicitALS(Collaborative):
    """Factorised behaviour toward clusters and resources together.

    Arguments:
        als: its settings.
    """

    name = "implicit ALS"

    def __init__(self, als: ALS | None = None) -> None:
        self.als = als or ALS()

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Factorise."""
        self.facts = facts
        self._users, self._items = self.als.fit(columns(facts), seed=seed)

    def affinity(self, students: Places, places: Places) -> Floats:
        """Return products of factors."""
        return np.asarray(self._users[students] @ self._items[places].T)
