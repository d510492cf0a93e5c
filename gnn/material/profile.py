"""What each cluster asked for up to each month, and which clusters ask for the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gnn.snapshot import History

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LEAST_SHARE = 0.05
"""Skills that fewer of the postings ask for say nothing about the cluster."""

OPTIONAL = 0.1
"""Weight of a skill that is a plus, not a must: much of it is the same in postings that have little in common."""

FIRST = 2
"""Month from which on a profile is trusted: a single month of postings says little."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares of a cluster's postings up to a month that ask for a skill; those to which it is a plus count OPTIONAL.

    Arguments:
        shares: by month, [months] matrices of [clusters, skills]; what is below LEAST_SHARE is left out.
    """

    shares: tuple[sparse.csr_array, ...]

    def at(self, month: int) -> sparse.csr_array:
        """Return the shares as known at the end of a month, at the earliest of month FIRST."""
        return self.shares[min(max(month, FIRST), len(self.shares) - 1)]

    def core(self, month: int) -> sparse.csr_array:
        """Return the core of each cluster: cubed shares, so that rare skills weigh little; rows sum to 1."""
        table = self.at(month).power(3)
        total = np.maximum(table.sum(axis=1), 1e-12)
        return sparse.csr_array(sparse.diags_array(1.0 / total) @ table)

    def likeness(self, month: int) -> sparse.csr_array:
        """Return the cosine of what clusters ask for, rare skills counting more, without the diagonal."""
        table = self.at(month)
        spread = np.maximum(np.bincount(table.indices, minlength=table.shape[1]), 1)
        weighed = table @ sparse.diags_array(np.log1p(table.shape[0] / spread))
        length = np.sqrt(np.maximum(weighed.power(2).sum(axis=1), 1e-12))
        unit = sparse.csr_array(sparse.diags_array(1.0 / length) @ weighed)
        found = sparse.lil_array(unit @ unit.T)
        found.setdiag(0.0)
        result = sparse.csr_array(found)
        result.eliminate_zeros()
        return result


def profile_of(history: History) -> Profile:
    """Return the profile of every month of a history; a month knows nothing of later ones."""
    asked = history.requirements
    shape = (len(history.clusters), len(history.skills))
    order = np.argsort(asked.month, kind="stable")
    edges = np.searchsorted(asked.month[order], np.arange(history.months + 1))
    weight = asked.count * (1.0 - (1.0 - OPTIONAL) * asked.optional)
    running = sparse.csr_array(shape)
    postings = np.cumsum(np.nan_to_num(history.counts), axis=1)
    shares = []
    for month in range(history.months):
        part = order[edges[month] : edges[month + 1]]
        running = running + sparse.csr_array((weight[part], (asked.cluster[part], asked.skill[part])), shape=shape)
        share = sparse.csr_array(sparse.diags_array(1.0 / np.maximum(postings[:, month], 1.0)) @ running)
        share.data[share.data < LEAST_SHARE] = 0.0
        share.eliminate_zeros()
        shares.append(share)
    return Profile(tuple(shares))
