"""Behaviour of students: what they look at, apply for and finish follows aim and ability; many views, few ends."""

from datetime import timedelta

import numpy as np

from etl.sources.university.calendar import first_day
from etl.sources.university.careers import pull
from etl.sources.university.draws import Draws
from etl.sources.university.resources import Resource
from etl.sources.university.scene import Scene
from etl.sources.university.students import YEARS, fit, pick

# How far a visit goes, by how well the item fits: cumulative chances.
JOB_STEPS = ("dismiss", "view", "click", "bookmark", "apply")
RESOURCE_STEPS = ("dismiss", "view", "click", "bookmark", "register", "complete")
EDGES = (0.45, 0.72, 0.88, 1.02, 1.12)
SLOPE = 0.9
EVEN = 0.35
AIMED = 0.25  # what an aim adds to the fit
OF_JOBS = 0.62  # share of the visits that go to postings
LATEST = 60  # postings of a cluster, the latest, among which a visit goes to one


def produce(scene: Scene, released: np.ndarray, *, cluster_of: np.ndarray) -> list[list[str]]:
    """Rows of interactions.csv, in order of time, exactly `World.interaction_count`.

    Arguments:
        released: day of release of each posting, counted from the start of the window, in order of the codes.
        cluster_of: number of the cluster of each posting.
    """
    world, students, training = scene.world, scene.students, scene.training
    generator = world.generator("interactions")
    draws = Draws(generator.spawn(1)[0])
    count = world.interaction_count
    who = _visitors(scene, generator)
    weight = pull(scene, np.arange(len(students)))
    goes = pick(weight[who], generator.random(count))
    match = fit(training.ability, scene.clusters.demand)
    by_cluster = [np.flatnonzero(cluster_of == number) for number in range(len(scene.clusters))]
    shelves: list[list[Resource]] = [[] for _ in range(len(scene.clusters))]
    for resource in scene.resources:
        shelves[resource.home].append(resource)
    start = first_day(world.window.start)
    span = (first_day(world.window.end) - start).days
    found: list[tuple[int, int, list[str]]] = []
    for number, (student, cluster) in enumerate(zip(who.tolist(), goes.tolist(), strict=True)):
        admitted = int(students.admitted[student])
        begins = max(0, (first_day(12 * admitted + 8) - start).days)
        ends = min(span, (first_day(12 * (admitted + YEARS) + 6) - start).days)
        day = begins + draws.below(max(ends - begins, 1))
        fits = float(match[student, cluster]) + (AIMED if cluster == int(students.goal[student]) else 0.0)
        jobs = by_cluster[cluster]
        # Only postings that are out already can be seen, and mostly the latest.
        out = int(np.searchsorted(released[jobs], day, side="right")) if len(jobs) else 0
        if out and draws.next() < OF_JOBS:
            item = f"P{int(jobs[max(0, out - 1 - int(LATEST * draws.next() ** 2))]) + 1:07d}"
            kind = _step(JOB_STEPS, fits, draws=draws)
        else:
            item = draws.choice(shelves[cluster]).code
            kind = _step(RESOURCE_STEPS, fits, draws=draws)
        found.append((day * 86_400 + 6 * 3_600 + draws.below(17 * 3_600), number, [students.code(student), item, kind]))
    rows = []
    for place, (second, _, row) in enumerate(sorted(found)):
        at = start + timedelta(days=second // 86_400)
        rest = second % 86_400
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
        rows.append([f"I{place + 1:08d}", *row, f"{at.isoformat()}T{clock}+08:00"])
    return rows


def eagerness(scene: Scene, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Students who were there inside the window, and how often each comes beside the others; few come very often."""
    world, students = scene.world, scene.students
    year = world.window.end // 12 - students.admitted
    there = (12 * (students.admitted + YEARS) + 6 > world.window.start) & (year > 0)
    pool = np.flatnonzero(there) if there.any() else np.arange(len(students))
    return pool, generator.random(len(pool)) ** 2 + 0.05


def _visitors(scene: Scene, generator: np.random.Generator) -> np.ndarray:
    """A student for every visit."""
    count = scene.world.interaction_count
    pool, eager = eagerness(scene, generator)
    edges = np.cumsum(eager)
    found: np.ndarray = pool[np.minimum(np.searchsorted(edges, generator.random(count) * edges[-1]), len(pool) - 1)]
    return found


def _step(steps: tuple[str, ...], fits: float, *, draws: Draws) -> str:
    """The better it fits, the further it goes; what does not fit is dismissed."""
    reach = draws.next() + SLOPE * (fits - EVEN)
    if reach < 0.02:
        return steps[0]
    edges = EDGES[: len(steps) - 2]
    return steps[1 + sum(reach >= edge for edge in edges)]
