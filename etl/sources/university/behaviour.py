"""What drives the behaviour of each student: the truth that a benchmark of recommendations is held against.

A visit of student u goes to cluster g with chance share[u, g]; to a posting of it in `OF_JOBS` of the cases, else to
any of its resources, one as often as the other; it goes as far as an application, or a registration, with chance
far[u, g].
Of the postings of a cluster the one that is ``back`` places behind the latest is taken with the chance of that place.
Internships and employment go to cluster g with chance share[u, g].
"""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from etl.sources.university.careers import pull
from etl.sources.university.interactions import AIMED, EDGES, EVEN, LATEST, SLOPE, eagerness
from etl.sources.university.scene import Scene
from etl.sources.university.students import fit

LEAST = 0.0005
"""Shares below it are left out."""


def student_rows(scene: Scene) -> Iterator[list[str]]:
    """Rows of truth/students.csv.

    Columns: the cluster aimed at, stated or not; how often the student comes beside the others, 0 for one who does not;
    and ways, ``cluster:share:far`` one after the other.
    """
    students, clusters = scene.students, scene.clusters
    pool, eager = eagerness(scene, scene.world.generator("interactions"))
    often = np.zeros(len(students))
    often[pool] = eager
    goes = pull(scene, np.arange(len(students)))
    share = goes / goes.sum(axis=1, keepdims=True)
    fits = fit(scene.training.ability, clusters.demand)
    fits[np.arange(len(students)), students.goal] += AIMED
    far = np.clip(1.0 - EDGES[2] + SLOPE * (fits - EVEN), 0.0, 1.0)
    codes = [cluster.code for cluster in clusters.all]
    for student in range(len(students)):
        kept = np.flatnonzero(share[student] >= LEAST).tolist()
        ways = " ".join(f"{codes[place]}:{share[student, place]:.4f}:{far[student, place]:.3f}" for place in kept)
        yield [students.code(student), codes[int(students.goal[student])], f"{often[student]:.4f}", ways]


def recency_rows() -> Iterator[list[str]]:
    """Rows of truth/recency.csv: places behind the latest posting of a cluster, from 0, and the chance of each."""
    for back in range(LATEST):
        yield [str(back), f"{sqrt((back + 1) / LATEST) - sqrt(back / LATEST):.6f}"]
