"""A tiny world of postings: what they say of hiring is what their cluster's demand does next."""

from datetime import date

import numpy as np

from gnn.channels.text.config import TextConfig
from gnn.channels.text.corpus import Corpus
from gnn.panel import Panel, Rows, rows

CLUSTERS, MONTHS, EACH = 6, 44, 5
JOBS = ("nurse", "welder", "分析师", "driver", "会计", "baker")
NOISE = ("Lunch is free.", "提供班车。", "Send one file only.", "周末双休。", "We meet on Mondays.", "面试两轮。")
RISING = ("We open several new seats.", "本部门大幅扩编。")
FALLING = ("A hiring freeze applies.", "公司正在缩编。")
TINY = TextConfig(
    vocabulary=400,
    length=48,
    layers=1,
    hidden=32,
    heads=2,
    pretrain_steps=160,
    pretrain_passes=100,
    pretrain_batch=32,
    pretrain_rate=1e-2,
    text_size=16,
    skill_size=8,
    attribute_size=4,
    epochs=2,
    batch=32,
    rate=3e-3,
    head_rate=5e-3,
    checkpoint_every=20,
)


def world(seed: int = 5) -> tuple[Corpus, Panel, Rows, np.ndarray]:
    """Return postings, demand, rows and the mood (-1 or 1) that the postings of a cluster and month speak of."""
    draws = np.random.default_rng(seed)
    mood = np.where(draws.random((CLUSTERS, MONTHS)) < 0.5, -1.0, 1.0)
    level = np.zeros((CLUSTERS, MONTHS))
    for month in range(1, MONTHS):
        back = mood[:, month - 3] if month >= 3 else 0.0
        level[:, month] = level[:, month - 1] + 0.3 * back
    values = np.round(np.exp(4.0 + level - 0.5 * level.mean()))
    panel = Panel("tiny", tuple(f"c{place}" for place in range(CLUSTERS)), date(2021, 1, 1), values)
    texts, cluster, month = [], [], []
    for place in range(CLUSTERS):
        for column in range(MONTHS):
            for _ in range(EACH):
                said = RISING if mood[place, column] > 0 else FALLING
                noise = draws.choice(NOISE, 3).tolist()
                noise.insert(int(draws.integers(4)), said[int(draws.integers(2))])
                texts.append(f"{JOBS[place]} {' '.join(noise)}")
                cluster.append(place)
                month.append(column)
    return corpus(texts, cluster=cluster, month=month), panel, rows(panel), mood


def corpus(texts: list[str], *, cluster: list[int] | None = None, month: list[int] | None = None) -> Corpus:
    """Return a corpus of texts; each posting has one skill fewer than the one before, and some attributes."""
    count = len(texts)
    held = np.arange(count) % 4
    return Corpus(
        tuple(f"P{place:04}" for place in range(count)),
        tuple(texts),
        np.array(cluster if cluster is not None else [-1] * count),
        np.array(month if month is not None else [-1] * count),
        np.concatenate([[0], np.cumsum(held)]),
        np.concatenate([np.arange(size) + place % 3 for place, size in enumerate(held)]).astype(np.int64)
        if held.sum()
        else np.zeros(0, np.int64),
        5,
        np.where(np.arange(count) % 5 == 0, np.nan, np.arange(count) % 7.0)[:, None],
        (np.arange(count) % 3 - 1)[:, None],
        (2,),
    )
