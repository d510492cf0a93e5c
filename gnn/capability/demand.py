"""What clusters demand: from postings, the latest first, and from occupation standards."""

import numpy as np

from gnn.capability.vectors import Vectors, noisy_or, share
from gnn.config import GapConfig
from gnn.snapshot import Edges, Floats, Places, Snapshot


def skill_demands(snapshot: Snapshot, config: GapConfig) -> tuple[Places, Places, Floats]:
    """Return clusters, skills and levels of demand, 0 to 1.

    Equation: x_js = (sum over postings of v_p * level * confidence * o + m * t_js) / (n_j + m), where o is
    ``config.optional`` for a skill that is a plus and 1 for a must; v_p is 2^(-age / ``config.half_life``) of the
    posting, or 1 without a half-life, so that what is asked for more lately counts more: the market's trend; n_j is the
    sum of v_p; t_js is the level that the occupation standard of the cluster states (optional ones times
    ``config.optional``; of a cluster that is the same in another standard, times how sure that is); and m is
    ``config.pseudo_count`` where a standard says anything about the cluster, else 0. So a standard speaks where
    postings are few and fades as they grow.
    """
    stated, standard = snapshot.requirements, snapshot.standards
    sums = share(stated, 0) * share(stated, 1) * np.where(stated.columns[2] > 0, config.optional, 1.0)
    levels = share(standard, 0) * np.where(standard.columns[1] > 0, 1.0, config.optional)
    clusters, skills, levels = _with_same(snapshot, standard, levels)
    skill_count = max(1, len(snapshot.skills))
    own = stated.start.astype(np.int64) * skill_count + stated.end
    other = clusters.astype(np.int64) * skill_count + skills
    keys, place = np.unique(np.concatenate((own, other)), return_inverse=True)
    total, typical = np.zeros(len(keys)), np.zeros(len(keys))
    np.add.at(total, place[: len(own)], sums * stated.columns[3])
    np.maximum.at(typical, place[len(own) :], levels)
    cluster = (keys // skill_count).astype(np.int32)
    pseudo = np.zeros(len(snapshot.clusters))
    pseudo[clusters] = config.pseudo_count
    whole = (snapshot.postings + pseudo)[cluster]
    demand = np.divide(total + pseudo[cluster] * typical, whole, out=np.zeros(len(keys)), where=whole > 0)
    return cluster, (keys % skill_count).astype(np.int32), np.minimum(demand, 1.0)


def _with_same(snapshot: Snapshot, standard: Edges, levels: Floats) -> tuple[Places, Places, Floats]:
    """Return the statements of the standards, and each once more for the clusters of the same meaning."""
    same = snapshot.same_clusters
    sure = share(same, 0)
    by_start = np.searchsorted(standard.start, np.arange(len(snapshot.clusters) + 1))
    starts, ends, values = [standard.start], [standard.end], [levels]
    both = zip((*same.start, *same.end), (*same.end, *same.start), (*sure, *sure), strict=True)
    for one, other, score in both:
        span = slice(by_start[other], by_start[other + 1])
        ends.append(standard.end[span])
        starts.append(np.full(len(ends[-1]), one, np.int32))
        values.append(levels[span] * score)
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(values)


def demands(snapshot: Snapshot, config: GapConfig, *, mapping: Vectors) -> Vectors:
    """Return b_j of each cluster: b_jk = 1 - product over skills of (1 - x_js * w_sk), x from `skill_demands`.

    Arguments:
        mapping: weights w_sk, from `skill_units`.
    """
    clusters, skills, levels = skill_demands(snapshot, config)
    index, units, weights = mapping.take(skills)
    shape = (len(snapshot.clusters), len(snapshot.capabilities))
    return noisy_or(clusters[index], units, levels[index] * weights, shape=shape).above(config.least_level)
