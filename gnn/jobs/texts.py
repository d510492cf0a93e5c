"""What postings say month by month, from the vectors that an encoder gave them."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.artifact import DemandArtifact
from gnn.jobs.postings import TEXT, means
from gnn.material import Material
from gnn.snapshot import Postings, read_embeddings
from schema.errors import JobError

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
Vectors = tuple[tuple[str, ...], Matrix]
"""Codes and vectors, [codes, values]."""


def with_text(
    graph: Graph,
    trained: DemandArtifact,
    folder: Path,
    material: Material,
    *,
    postings: Postings,
    months: int,
    progress: Progress,
) -> Material:
    """Return a material with what postings of the last months say; the same where the model reads no texts.

    Raises:
        JobError: the vectors of postings are not those of this model, or not of what they say now; encode first.
    """
    if not (folder / TEXT).exists():
        return material
    return material.with_text(read_text(graph, trained, postings=postings, months=months, progress=progress))


def read_text(graph: Graph, trained: DemandArtifact, *, postings: Postings, months: int, progress: Progress) -> Floats:
    """Return what postings of the last months say by their vectors on the graph, as `text_of`."""
    vectors = read_recent(graph, trained, postings=postings, months=months, progress=progress)
    return text_of(trained, vectors, postings=postings, months=months)


def read_recent(
    graph: Graph,
    trained: DemandArtifact,
    *,
    postings: Postings,
    months: int,
    but: Collection[str] = (),
    progress: Progress,
) -> Vectors:
    """Read the vectors by a model of postings of the last months.

    Arguments:
        graph: an open graph.
        trained: the model.
        postings: all of them.
        months: how many months back, >= 1.
        but: codes of postings whose vectors are known.
        progress: shows a step.

    Raises:
        JobError: there are none by this model; encode first.
    """
    wanted = None
    if but or months < postings.span.months:
        wanted = [postings.codes[place] for place in _recent(postings, months).tolist()]
        wanted = [code for code in wanted if code not in but]
    if but and not wanted:
        return (), np.zeros((0, 0), np.float32)
    return read_vectors(graph, "Job", trained, codes=wanted, progress=progress)


def text_of(trained: DemandArtifact, vectors: Vectors, *, postings: Postings, months: int) -> Floats:
    """Return what postings of the last months say, NaN in those before, [clusters, months, directions].

    Arguments:
        trained: a model that reads texts.
        vectors: by it, of the postings of these months at least.
        postings: all of them.
        months: how many months back, >= 1.

    Raises:
        JobError: the vectors of postings are not those of this model, or not of what they say now; encode first.
    """
    recent = _recent(postings, months)
    codes, stored = vectors
    place = {code: number for number, code in enumerate(codes)}
    order = np.array([place.get(postings.codes[number], -1) for number in recent.tolist()], dtype=np.int64)
    # A posting that no loader wrote has no digest, and counts as it was encoded last.
    late = [number for number in postings.due(trained.code).tolist() if postings.digests[number]]
    if count := len({*late, *recent[order < 0].tolist()}):
        given = f"{count} postings that are new or changed since they were encoded"
        raise JobError(given, "run `fullcycle gnn encode` first", where=f"artifact {trained.code}")
    assert trained.reading is not None, "a model that reads texts"
    size = trained.reading.shape[1]
    found = means(
        stored[order][:, :size],
        postings.cluster[recent],
        postings.month[recent],
        clusters=len(postings.names.clusters),
        months=postings.span.months,
    )
    return found @ trained.reading.T


def read_vectors(
    graph: Graph, label: str, trained: DemandArtifact, *, codes: Sequence[str] | None = None, progress: Progress
) -> Vectors:
    """Read the vectors of a label by a model; ``codes`` names those that are wanted, None takes all.

    Raises:
        JobError: there are none by this model.
    """
    found, stored = read_embeddings(graph, label, generation=trained.code, codes=codes, progress=progress)
    if not len(found):
        before = "encode" if label == "Job" else "relate"
        given = f"no vectors of {label} by this model"
        raise JobError(given, f"run `fullcycle gnn {before}` first", where=f"artifact {trained.code}")
    return found, stored


def _recent(postings: Postings, months: int) -> NDArray[np.int64]:
    return np.flatnonzero((postings.month >= postings.span.months - months) & (postings.cluster >= 0))
