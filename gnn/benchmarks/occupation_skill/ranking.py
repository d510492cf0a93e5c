"""How good scores are: AUC over all pairs; Hits@1 and MRR of each true pair among what is not true, ties at half."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schema.errors import JobError

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Measures in percent, each 0 to 100: AUC over all pairs, Hits@1, and mean reciprocal rank over true pairs."""

    auc: float
    hits: float
    reciprocal: float


def ranking(scores: Floats, truth: Truth) -> Ranking:
    """Measure scores of occupation-skill pairs.

    A true pair's rank is one plus the skills that are not true for its occupation and score higher, plus half of those
    that score the same ("filtered": other true skills do not count).

    Arguments:
        scores: higher means more likely, no NaN, [occupations, skills].
        truth: which pairs came true, [occupations, skills].

    Raises:
        JobError: shapes differ, a score is NaN, or all or none of the pairs are true.
    """
    if scores.shape != truth.shape or np.isnan(scores).any():
        raise JobError(f"scores of shape {scores.shape}", f"shape {truth.shape} without NaN", where="ranking")
    if truth.all() or not truth.any():
        raise JobError("all or none of the pairs are true", "both true and other pairs", where="ranking")
    ranks = np.concatenate([_ranks(row, true) for row, true in zip(scores, truth, strict=True)])
    # Place of each true pair among all others, ties at half: the Mann-Whitney form of the area under the curve.
    beaten = _ranks(scores.ravel(), truth.ravel()) - 1.0
    auc = 1.0 - beaten.mean() / np.count_nonzero(~truth)
    return Ranking(100.0 * float(auc), 100.0 * float((ranks <= 1.0).mean()), 100.0 * float((1.0 / ranks).mean()))


def _ranks(scores: Floats, truth: Truth) -> Floats:
    """Return the rank of each true score among those that are not true, ties at half."""
    others = np.sort(scores[~truth])
    asked = scores[truth]
    above = len(others) - np.searchsorted(others, asked, side="right")
    same = len(others) - above - np.searchsorted(others, asked, side="left")
    return 1.0 + above + same / 2.0
