"""All postings to vectors, and the means of each cluster and month."""

import numpy as np
import torch
from numpy.typing import NDArray

from cypher.progress import Progress
from gnn.channels.text.corpus import Corpus, Places
from gnn.channels.text.posting import Batch, PostingEncoder
from gnn.channels.text.tokens import Tokens, by_length

Matrix = NDArray[np.float32]


def vectors(
    model: PostingEncoder,
    corpus: Corpus,
    tokens: Tokens,
    *,
    among: Places | None = None,
    batch: int = 128,
    device: str = "cpu",
    progress: Progress,
) -> Matrix:
    """Return h of postings, in the order given whatever the batches were, [postings, values].

    Arguments:
        model: the posting encoder.
        corpus, tokens: the postings and their tokens.
        among: places of the postings; None takes all.
        batch: postings at once, >= 1.
        device: of torch; on cuda the Transformer computes in bfloat16.
        progress: shows the step.
    """
    among = np.arange(len(corpus)) if among is None else among
    row = np.empty(len(corpus), dtype=np.int64)
    row[among] = np.arange(len(among))
    found = np.zeros((len(among), model.size), dtype=np.float32)
    was_training = model.training
    model.to(device).eval()
    half = torch.autocast(device.split(":", maxsplit=1)[0], torch.bfloat16, enabled=device.startswith("cuda"))
    with progress.step("Encoding postings", len(among), unit="postings") as step, torch.inference_mode(), half:
        for places in by_length(tokens.lengths, among, batch=batch):
            found[row[places]] = model(Batch.of(corpus, tokens, places, device=device)).float().cpu().numpy()
            step.advance(len(places))
    model.train(was_training)
    return found


def monthly(matrix: Matrix, cluster: Places, month: Places, *, clusters: int, months: int) -> tuple[Matrix, Places]:
    """Return the mean vector and the number of postings of each cluster and month.

    Arguments:
        matrix: vectors of postings, [postings, values].
        cluster, month: their places; postings with -1 or beyond the end are left out, [postings].
        clusters, months: how many there are.

    Returns:
        Means, zeros where there is no posting, [clusters, months, values], and counts, [clusters, months].
    """
    inside = (cluster >= 0) & (cluster < clusters) & (month >= 0) & (month < months)
    cell = cluster[inside] * months + month[inside]
    order = np.argsort(cell, kind="stable")
    count = np.bincount(cell, minlength=clusters * months)
    mean = np.zeros((clusters * months, matrix.shape[1]), dtype=np.float32)
    filled = count > 0
    if filled.any():
        starts = (np.cumsum(count) - count)[filled]
        sums = np.add.reduceat(matrix[inside][order].astype(np.float64), starts, axis=0)
        mean[filled] = sums / count[filled, None]
    return mean.reshape(clusters, months, -1), count.reshape(clusters, months)
