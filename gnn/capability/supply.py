"""What resources supply: from their content, and a little from what they are made for; and whom they are for."""

import re

import numpy as np

from gnn.capability.vectors import Vectors, noisy_or, share
from gnn.config import GapConfig
from gnn.snapshot import Floats, Snapshot

_LATER = (
    (re.compile(r"postgrad|master|doctor|研究生|硕士|博士", re.IGNORECASE), 5),
    (re.compile(r"final.year|graduating|毕业班|毕业年级|应届", re.IGNORECASE), 4),
    (re.compile(r"fourth|4th|senior|大四|四年级", re.IGNORECASE), 4),
    (re.compile(r"third|3rd|junior|大三|三年级", re.IGNORECASE), 3),
    (re.compile(r"second|2nd|sophomore|大二|二年级", re.IGNORECASE), 2),
)


def least_year(audience: str | None) -> int:
    """Return the first year of study that a resource is for, 1 to 5, where 5 stands for postgraduates.

    It is a gate for whoever recommends and no part of the vector: what a course teaches does not depend on who sits
    in it. Of several years the first counts, and an audience that names none is everybody.

    >>> least_year("third year and above"), least_year("大二及以上"), least_year("all students"), least_year(None)
    (3, 2, 1, 1)
    """
    return min((year for pattern, year in _LATER if pattern.search(audience or "")), default=1)


def supply(snapshot: Snapshot, config: GapConfig, *, mapping: Vectors, demands: Vectors | None = None) -> Vectors:
    """Return c_r of each resource, from its content and its target.

    Equation: c_rk = 1 - (1 - target * max over clusters j that r prepares for of b_jk)
    * product over the skills it teaches of (1 - level_rs * w_sk), where target is ``config.target``. So what a
    resource is made for speaks softly where its content is silent, and confirms it where it is not.

    Arguments:
        mapping: weights w_sk, from `skill_units`.
        demands: b_j of the clusters; None leaves the targets out.
    """
    index, units, weights = mapping.take(snapshot.teaching.end)
    rows, shares = snapshot.teaching.start[index], share(snapshot.teaching, 0)[index] * weights
    shape = (len(snapshot.resources), len(snapshot.capabilities))
    if demands is not None and config.target > 0.0 and len(snapshot.targets):
        index, aims, levels = demands.take(snapshot.targets.end)
        keys, place = np.unique(snapshot.targets.start[index].astype(np.int64) * shape[1] + aims, return_inverse=True)
        most = np.zeros(len(keys))
        np.maximum.at(most, place, levels)
        rows = np.concatenate((rows, keys // shape[1]))
        units = np.concatenate((units, (keys % shape[1]).astype(np.int32)))
        shares = np.concatenate((shares, config.target * most))
    return noisy_or(rows, units, shares, shape=shape).above(config.least_level)


def industries(snapshot: Snapshot, config: GapConfig, *, demands: Vectors) -> Vectors:
    """Return what the lines of business of ventures ask for: the mean demand of their clusters, by postings.

    Arguments:
        demands: b_j of the clusters.
    """
    edges = snapshot.industry_clusters
    shape = (len(snapshot.industries), len(snapshot.capabilities))
    totals = np.bincount(edges.start, edges.columns[0], minlength=shape[0])
    index, units, levels = demands.take(edges.end)
    parts = levels * (edges.columns[0] / totals[edges.start])[index]
    keys = edges.start[index] * np.int64(shape[1]) + units
    sums: Floats = np.bincount(keys, weights=parts, minlength=shape[0] * shape[1]).astype(np.float64)
    return Vectors.of(sums.reshape(shape)).above(config.least_level)
