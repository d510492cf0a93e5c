"""Postings of the graph as the text channel reads them."""

import numpy as np
from numpy.typing import NDArray

from gnn.channels.text import Corpus, monthly
from gnn.snapshot import History, Texts
from schema.catalog import VECTOR_DIMENSIONS

Floats = NDArray[np.float64]


def corpus_of(texts: Texts, history: History) -> Corpus:
    """Return the postings with their months as places in a history; those outside it have none.

    Attributes of equation 5's M: log of the monthly pay, level of education, log of the headcount; language, region
    and industry.
    """
    first = history.start.year * 12 + history.start.month - 1
    month = texts.month - first
    inside = (month >= 0) & (month < history.months)
    numbers = [np.log(np.maximum(texts.salary, 1.0)), texts.education, np.log1p(np.maximum(texts.headcount, 0.0))]
    names = texts.names
    return Corpus(
        codes=texts.codes,
        texts=texts.texts,
        cluster=texts.cluster.astype(np.int64),
        month=np.where(inside, month, -1).astype(np.int64),
        skill_offsets=texts.skill_start.astype(np.int64),
        skill_places=texts.skill.astype(np.int64),
        skills=len(names.skills),
        numbers=np.stack(numbers, axis=1),
        categories=np.stack([texts.language, texts.region, texts.industry], axis=1).astype(np.int64),
        category_sizes=(int(texts.language.max(initial=0)) + 1, len(names.regions), len(names.industries)),
    )


def by_month(vectors: NDArray[np.float32], texts: Texts, history: History) -> Floats:
    """Return the mean vector of each cluster and month, NaN where there is no posting, [clusters, months, values]."""
    first = history.start.year * 12 + history.start.month - 1
    place = {code: number for number, code in enumerate(history.clusters)}
    clusters = np.array([place.get(code, -1) for code in texts.names.clusters] + [-1])
    cluster, month = clusters[texts.cluster], texts.month - first
    there = (cluster >= 0) & (month >= 0) & (month < history.months)
    mean, count = monthly(
        vectors[there],
        cluster[there],
        month[there].astype(np.int64),
        clusters=len(history.clusters),
        months=history.months,
    )
    table = mean.astype(np.float64)
    table[count == 0] = np.nan
    return table


def padded(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return vectors as long as the graph's embeddings; zeros at the end change no cosine."""
    result = np.zeros((len(vectors), VECTOR_DIMENSIONS), dtype=np.float32)
    result[:, : vectors.shape[1]] = vectors
    return result
