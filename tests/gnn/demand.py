"""A small world with a known law, as the material of the demand model: made from arrays, without a database."""

from datetime import date

import numpy as np

from gnn.material import Growth, Material
from gnn.panel import Panel


def material(*, clusters: int = 12, months: int = 40, seed: int = 0, growth: bool = True) -> Material:
    """Series whose next quarter follows a text signal of this month and the training of the last term."""
    draw = np.random.default_rng(seed)
    text = draw.standard_normal((clusters, months))
    terms = months // 6 + 2
    known = np.maximum(np.arange(months) // 6, 0)
    turn = draw.standard_normal((terms, clusters)) * 0.4
    level = np.zeros((clusters, months))
    for month in range(1, months):
        back = max(month - 3, 0)
        push = 0.12 * text[:, back] + 0.15 * turn[known[back]]
        level[:, month] = 0.9 * level[:, month - 1] + push + 0.02 * draw.standard_normal(clusters)
    values = np.round(40 * np.exp(level))
    panel = Panel("small", tuple(f"c{number:02}" for number in range(clusters)), date(2021, 1, 1), values)
    noise = draw.standard_normal((clusters, months, 5))
    return Material(
        panel,
        text=np.concatenate([text[..., None], noise], axis=2),
        growth=sequences(clusters, terms, turn=turn, known=known, draw=draw) if growth else None,
        gap=np.clip(0.5 + 0.1 * text, 0, 1),
    )


def sequences(clusters: int, terms: int, *, turn: np.ndarray, known: np.ndarray, draw: np.random.Generator) -> Growth:
    """Thirty students; the turn of the share is what drives demand."""
    students = 30
    student, term, cluster = (grid.ravel() for grid in np.meshgrid(
        np.arange(students), np.arange(terms), np.arange(clusters), indexing="ij"
    ))  # fmt: skip
    kept = draw.random(len(student)) < 0.2
    order = np.lexsort((student[kept], cluster[kept], term[kept]))
    return Growth(
        acts=draw.random((students, terms, 10)).astype(np.float32),
        portrait=draw.standard_normal((students, 4)).astype(np.float32),
        known=known,
        student=student[kept][order],
        term=term[kept][order],
        cluster=cluster[kept][order],
        weight=np.full(int(kept.sum()), 0.5, dtype=np.float32),
        share=np.stack([np.zeros_like(turn), turn], axis=2).astype(np.float32),
    )
