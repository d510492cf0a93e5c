"""Postings of the graph as the text channel reads them."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnn.channels.text import Corpus, TextArtifact, monthly
from gnn.snapshot import History, Texts
from gnn.snapshot.span import Span
from gnn.snapshot.texts import Names
from schema.catalog import VECTOR_DIMENSIONS

Floats = NDArray[np.float64]

TEXT = "text"
"""Folder of the posting encoder in an artifact."""

NAMES = "names.json"
"""File of the codes that the encoder was fitted to, in that folder."""


def corpus_of(texts: Texts, span: Span) -> Corpus:
    """Return the postings with their months as places in the months of a history; those outside it have none.

    Attributes of equation 5's M: log of the monthly pay, level of education, log of the headcount; language, region
    and industry.
    """
    month = texts.month - span.first_month
    inside = (month >= 0) & (month < span.months)
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


def keep_names(names: Names, folder: Path) -> None:
    """Keep the codes that an encoder was fitted to, in its folder: the graph may know others later."""
    (folder / NAMES).write_text(json.dumps(asdict(names), ensure_ascii=False) + "\n", encoding="utf-8")


def corpus_for(encoder: TextArtifact, folder: Path, texts: Texts, span: Span) -> Corpus:
    """Return postings by the skills and categories that an encoder was fitted to, whatever the graph knows by now.

    A skill, place or industry that it was not fitted to is unknown to it.

    Arguments:
        encoder: a fitted posting encoder.
        folder: where it was read from.
        texts: the postings; they may be few.
        span: gives months their places.
    """
    found, shape = corpus_of(texts, span), encoder.shape
    language = found.categories[:, :1]
    rest, places, offsets = found.categories[:, 1:], found.skill_places, found.skill_offsets
    skills, sizes = found.skills, found.category_sizes[1:]
    if (folder / NAMES).exists():
        kept = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        known = _translation(texts.names.skills, kept["skills"])[places]
        offsets = np.concatenate([[0], np.cumsum(known >= 0)])[offsets].astype(np.int64)
        places, skills = known[known >= 0], len(kept["skills"])
        kinds = ((texts.names.regions, kept["regions"]), (texts.names.industries, kept["industries"]))
        columns = [_translation(now, then)[rest[:, number]] for number, (now, then) in enumerate(kinds)]
        rest, sizes = np.stack(columns, axis=1), tuple(len(then) for _, then in kinds)
    language = np.where(language < shape.category_sizes[0], language, -1)
    return replace(
        found,
        skill_offsets=offsets,
        skill_places=places,
        skills=skills,
        categories=np.concatenate([language, rest], axis=1),
        category_sizes=(shape.category_sizes[0], *sizes),
    )


def _translation(now: tuple[str, ...], then: list[str]) -> NDArray[np.int64]:
    """Return for each place now the place then, -1 where there was none; the last entry stands for no place."""
    place = {code: number for number, code in enumerate(then)}
    return np.array([*(place.get(code, -1) for code in now), -1], np.int64)


def by_month(vectors: NDArray[np.float32], texts: Texts, history: History) -> Floats:
    """Return the mean vector of each cluster and month, NaN where there is no posting, [clusters, months, values]."""
    place = {code: number for number, code in enumerate(history.clusters)}
    clusters = np.array([place.get(code, -1) for code in texts.names.clusters] + [-1])
    month = (texts.month - history.first_month).astype(np.int64)
    return means(vectors, clusters[texts.cluster], month, clusters=len(place), months=history.months)


def means(
    vectors: NDArray[np.float32], cluster: NDArray[np.int64], month: NDArray[np.int64], *, clusters: int, months: int
) -> Floats:
    """Return the same of postings whose places are known.

    Arguments:
        vectors: of postings, [postings, values].
        cluster, month: places in the history; postings outside it are left out, [postings].
        clusters, months: of the history.
    """
    there = (cluster >= 0) & (month >= 0) & (month < months)
    mean, count = monthly(vectors[there], cluster[there], month[there], clusters=clusters, months=months)
    table = mean.astype(np.float64)
    table[count == 0] = np.nan
    return table


def padded(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return vectors as long as the graph's embeddings; zeros at the end change no cosine."""
    result = np.zeros((len(vectors), VECTOR_DIMENSIONS), dtype=np.float32)
    result[:, : vectors.shape[1]] = vectors
    return result
