"""Common words: tokens that the postings of most clusters use alike.

Hiring mood is said in them; names of jobs, tools and skills are not among them.

    r[v, g]  = postings of cluster g with token v / postings of cluster g
    p[v, g]  = r[v, g] / sum over g of r[v, g]
    spread   = exp(- sum over g of p[v, g] log p[v, g]) / clusters       1: in all alike, 1 / clusters: in one alone
"""

import numpy as np
from numpy.typing import NDArray

from gnn.channels.text.corpus import Corpus, Floats, Places
from gnn.channels.text.tokens import Tokens


def spread(corpus: Corpus, tokens: Tokens, *, among: Places, vocabulary: int) -> Floats:
    """Return over how large a share of the clusters each token is spread; 0 for one that never occurs, [vocabulary].

    Arguments:
        corpus, tokens: the postings and their tokens.
        among: places of the postings to count, each with a cluster.
        vocabulary: number of tokens.
    """
    clusters, cluster = np.unique(corpus.cluster[among], return_inverse=True)
    posting = np.full(len(corpus), -1)
    posting[among] = np.arange(len(among))
    of = np.repeat(posting, tokens.lengths)
    pairs = np.unique(tokens.numbers[of >= 0].astype(np.int64) * len(among) + of[of >= 0])
    count = np.zeros((vocabulary, len(clusters)))
    np.add.at(count, (pairs // len(among), cluster[pairs % len(among)]), 1.0)
    rate = count / np.bincount(cluster, minlength=len(clusters))
    share = rate / np.maximum(rate.sum(axis=1, keepdims=True), 1e-12)
    entropy = -(share * np.log(np.maximum(share, 1e-12))).sum(axis=1)
    return np.where(count.any(axis=1), np.exp(entropy) / len(clusters), 0.0)


def common(corpus: Corpus, tokens: Tokens, *, among: Places, vocabulary: int, breadth: float) -> NDArray[np.bool_]:
    """Return which tokens are common words, [vocabulary]; all of them where they would be none.

    Arguments:
        corpus, tokens, among, vocabulary: see `spread`.
        breadth: least share of the clusters, 0 to 1.
    """
    found = spread(corpus, tokens, among=among, vocabulary=vocabulary) >= breadth
    return found if found.any() else np.ones(vocabulary, dtype=bool)
