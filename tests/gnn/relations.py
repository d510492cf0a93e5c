"""A small world whose demand follows what the graph brings to a cluster: one of the skills that it asks for."""

from dataclasses import replace

import numpy as np

from gnn.material import Links, Material, Relation
from tests.gnn.demand import material

SKILLS, COURSES, ASKED = 10, 6, 4


def related(*, clusters: int = 10, months: int = 40, seed: int = 0) -> Material:
    """Series whose next quarter follows a value of the skill that the cluster asks for most; nothing else tells it."""
    draw = np.random.default_rng(seed)
    given = material(clusters=clusters, months=months, seed=seed)
    assert given.growth is not None
    signal = draw.standard_normal((months, SKILLS))
    for month in range(1, months):
        signal[month] = 0.85 * signal[month - 1] + 0.5 * signal[month]
    asked = np.stack([draw.permutation(SKILLS)[:ASKED] for _ in range(clusters)])
    level = np.zeros((clusters, months))
    for month in range(1, months):
        push = 0.25 * signal[max(month - 3, 0), asked[:, 0]]
        level[:, month] = 0.8 * level[:, month - 1] + push + 0.02 * draw.standard_normal(clusters)
    panel = replace(given.panel, values=np.round(60 * np.exp(level)))
    return replace(given, panel=panel, text=None, relation=_relation(given, signal, asked, draw))


def _relation(given: Material, signal: np.ndarray, asked: np.ndarray, draw: np.random.Generator) -> Relation:
    growth, (months, clusters) = given.growth, (len(signal), len(asked))
    assert growth is not None
    month, cluster, place = (grid.ravel() for grid in np.indices((months, clusters, ASKED)))
    share = np.where(place == 0, 0.9, 0.2) + 0.05 * draw.random(len(place))
    skill, asker = month * SKILLS + asked[cluster, place], month * clusters + cluster
    term, student = (grid.ravel() for grid in np.indices((growth.terms, len(growth.acts))))
    taken = term * COURSES + draw.integers(0, COURSES, len(term))
    month, cluster = (grid.ravel() for grid in np.indices((months, clusters)))
    trained = growth.known[month] * COURSES + cluster % COURSES
    beside = np.concatenate([month * clusters + (cluster + step) % clusters for step in (1, 2, 3)])
    pointed = np.tile(month * clusters + cluster, 3)

    def links(source: np.ndarray, target: np.ndarray, values: np.ndarray) -> Links:
        return Links(source, target, values.astype(np.float32))

    return Relation(
        {
            "cluster": months * clusters, "skill": months * SKILLS, "course": growth.terms * COURSES,
            "student": len(term),
        },
        {
            "skill": np.stack([signal.ravel(), draw.random(signal.size)], axis=1).astype(np.float32),
            "course": draw.random((growth.terms * COURSES, 2)).astype(np.float32),
        },
        {
            ("student", "took", "course"): links(np.arange(len(term)), taken, draw.random((len(term), 2))),
            ("cluster", "asks", "skill"): links(asker, skill, share[:, None]),
            ("skill", "asked_by", "cluster"): links(skill, asker, share[:, None]),
            ("course", "trains_for", "cluster"): links(
                trained, month * clusters + cluster, draw.random((len(month), 2))
            ),
            ("cluster", "near", "cluster"): links(pointed, beside, draw.random((len(beside), 4))),
        },
        np.stack([student, term], axis=1),
    )  # fmt: skip
