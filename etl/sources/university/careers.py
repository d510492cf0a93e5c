"""Internships, employment and ventures: more likely where ability, aim and study lead."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from etl.sources.university.calendar import first_day, term_label, term_start
from etl.sources.university.draws import Draws
from etl.sources.university.scene import Scene
from etl.sources.university.students import YEARS, fit, pick
from etl.sources.university.world import PAPER_CAREERS

INTERNSHIPS = 3_200 / PAPER_CAREERS
VENTURES = 0.012  # per student
MATCH = 9.0
AIM = 1.6
STATUSES = (("employed", 0.62), ("signed", 0.86), ("further_study", 0.93), ("self_employed", 0.96), ("unemployed", 1.0))


@dataclass(frozen=True, slots=True)
class Careers:
    """Rows of internships.csv, outcomes.csv and ventures.csv."""

    internships: list[list[str]]
    outcomes: list[list[str]]
    ventures: list[list[str]]


def pull(scene: Scene, who: np.ndarray) -> np.ndarray:
    """Pull of every cluster on some students, [who, clusters]: study, match of ability, aim."""
    students = scene.students
    match = fit(scene.training.ability[who], scene.clusters.demand)
    better = np.exp(MATCH * (match - match.mean(axis=1, keepdims=True)))
    weight: np.ndarray = (students.affinity[students.major[who]] + 0.002) * better
    weight[np.arange(len(who)), students.goal[who]] *= np.exp(AIM)
    return np.round(weight, 9)


def produce(scene: Scene) -> Careers:
    """All careers; internships and outcomes together are exactly `World.career_count` rows."""
    world = scene.world
    generator = world.generator("careers")
    draws = Draws(generator.spawn(1)[0])
    internships = round(world.career_count * INTERNSHIPS)
    window = world.window
    year = scene.students.admitted
    interns = _chosen(year + 2 <= window.last_term // 2, internships, generator=generator)
    graduates = _chosen(12 * (year + YEARS) + 6 < window.end, world.career_count - internships, generator=generator)
    return Careers(
        _internships(scene, _going(scene, interns, generator=generator), draws=draws),
        _outcomes(scene, _going(scene, graduates, generator=generator), draws=draws),
        _ventures(scene, draws),
    )


def _going(scene: Scene, who: np.ndarray, *, generator: np.random.Generator) -> list[tuple[int, int]]:
    """Students with the cluster that each goes to."""
    goes = pick(pull(scene, who), generator.random(len(who)))
    return list(zip(who.tolist(), goes.tolist(), strict=True))


def _chosen(can: np.ndarray, count: int, *, generator: np.random.Generator) -> np.ndarray:
    """So many students of those who can, as few twice as possible, in order of number."""
    pool = np.flatnonzero(can) if can.any() else np.arange(len(can))
    rounds = [generator.permutation(pool) for _ in range(-(-count // len(pool)))]
    return np.sort(np.concatenate(rounds)[:count], kind="stable") if rounds else np.zeros(0, dtype=np.int64)


def _internships(scene: Scene, going: list[tuple[int, int]], *, draws: Draws) -> list[list[str]]:
    clusters, employers, students = scene.clusters, scene.employers, scene.students
    seen: set[tuple[int, str, int]] = set()
    found = []
    for student, cluster in going:
        first = 2 * int(students.admitted[student]) + 4
        last = min(first + 3, scene.world.window.last_term)
        term = first + draws.below(max(last - first + 1, 1))
        employer = employers.all[draws.choice(employers.by_cluster[cluster])].code
        while (student, employer, term) in seen:
            employer = draws.choice(employers.all).code
        seen.add((student, employer, term))
        begins = first_day(term_start(term)) + timedelta(days=draws.below(60))
        ends = begins + timedelta(days=42 + draws.below(90))
        held = clusters.all[cluster]
        found.append(
            [
                students.code(student), employer, held.code, term_label(term), begins.isoformat(), ends.isoformat(),
                f"{held.name} intern", draws.choice(("pass", "good", "good", "excellent")),
            ]
        )  # fmt: skip
    return found


def _outcomes(scene: Scene, going: list[tuple[int, int]], *, draws: Draws) -> list[list[str]]:
    clusters, employers, students = scene.clusters, scene.employers, scene.students
    seen: dict[int, int] = {}
    found = []
    for student, cluster in going:
        times = seen.get(student, 0)
        seen[student] = times + 1
        draw = draws.next()
        status = next(name for name, edge in STATUSES if draw < edge)
        # A second outcome of the same student is a later job; the days of two never meet.
        leaves = first_day(12 * (int(students.admitted[student]) + YEARS) + 5)
        begins = leaves + timedelta(days=draws.below(80) + 90 * times)
        held = clusters.all[cluster]
        working = status in ("employed", "signed", "self_employed")
        salary = held.pay * (0.62 + 0.25 * draws.next()) * (1 + 0.04 * float(students.talent[student]))
        employer = employers.all[draws.choice(employers.by_cluster[cluster])].code
        found.append(
            [
                students.code(student), held.code if working else "",
                employer if working and status != "self_employed" else "", begins.isoformat(), "",
                str(round(salary * 10) * 100) if working else "", status,
            ]
        )  # fmt: skip
    return found


def _ventures(scene: Scene, draws: Draws) -> list[list[str]]:
    world, clusters, employers, students = scene.world, scene.clusters, scene.employers, scene.students
    found = []
    for number in range(max(1, round(VENTURES * len(students)))):
        student = draws.below(len(students))
        cluster = int(students.goal[student])
        industry = employers.all[draws.choice(employers.by_cluster[cluster])].industry
        started = first_day(world.window.start + draws.below(world.months)) + timedelta(days=draws.below(27))
        found.append(
            [
                f"V{number + 1:05d}", f"Synthetic venture {number + 1}", students.code(student), industry.zh,
                started.isoformat(), draws.choice(("founder", "co-founder")),
                draws.choice(("running", "running", "incubated", "closed")),
                f"Synthetic: {clusters.all[cluster].name}.",
            ]
        )  # fmt: skip
    return found
