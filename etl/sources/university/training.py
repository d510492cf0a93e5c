"""Courses taken term by term: ability grows, scores follow ability, and the supply of trained students goes up and down.

In term k a student of major p takes a course of cluster g with chance proportional to

    affinity[p, g] exp(popularity[g, k]),

(a student with a goal takes one of its courses in one case of four), popularity being an autoregression of standard
deviation POPULARITY. The score of a course is a function of ability in the course's units, its difficulty and noise;
taking it raises ability there. The supply of cluster g in term k,

    supply[g, k] = sum over completed courses c of (share of the core of g that c trains),

is what the demand of the cluster later follows (see `dynamics`). It can be recomputed from course_records.csv,
resources.csv and job_clusters.csv.
"""

from dataclasses import dataclass

import numpy as np

from etl.sources.university.calendar import term_label
from etl.sources.university.clusters import Clusters
from etl.sources.university.resources import Resource, supply_weights
from etl.sources.university.students import YEARS, Students
from etl.sources.university.world import World
from schema.vocabulary import VOCABULARY

POPULARITY = 0.55
PERSISTENCE = 0.4
PICKS = 4
STATUS = ("completed", "failed", "withdrawn", "enrolled")


@dataclass(frozen=True, slots=True)
class Training:
    """All course records as columns, in order of term and student, and what came of them.

    Arguments:
        courses: the courses that `course` numbers.
        student, course, term: numbers, [records].
        score: 0 to 100, meaningless where withdrawn or enrolled, [records].
        attendance: 0 to 1, [records].
        status: number in STATUS, [records].
        supply: completed training by cluster and term, [clusters, terms].
        ability: level by capability unit after the last term, 0 to 1, [students, units].
    """

    courses: tuple[Resource, ...]
    student: np.ndarray
    course: np.ndarray
    term: np.ndarray
    score: np.ndarray
    attendance: np.ndarray
    status: np.ndarray
    supply: np.ndarray
    ability: np.ndarray


def simulate(world: World, clusters: Clusters, students: Students, resources: tuple[Resource, ...]) -> Training:
    """Run all terms of the world."""
    generator = world.generator("training")
    courses = tuple(resource for resource in resources if resource.kind == "course")
    shelves = _shelves(courses, len(clusters))
    gains = course_gains(courses, clusters.units)
    weights = supply_weights(list(courses), clusters)
    ability = students.ability.astype(np.float64).copy()
    taken = np.zeros((len(students), len(courses)), dtype=bool)
    popularity = POPULARITY * generator.standard_normal(len(clusters))
    parts: list[tuple[np.ndarray, ...]] = []
    supply = np.zeros((len(clusters), len(world.window.terms)))
    for column, term in enumerate(world.window.terms):
        fresh = POPULARITY * np.sqrt(1 - PERSISTENCE**2) * generator.standard_normal(len(clusters))
        popularity = np.round(PERSISTENCE * popularity + fresh, 9)
        chance = np.round(students.affinity * np.exp(popularity), 9)
        year = term // 2 - students.admitted
        active = np.flatnonzero((year >= 0) & (year < YEARS))
        draws = generator.random((PICKS, 9, len(active)))
        count = 2 + (draws[0, 8] * 3).astype(np.int64)  # two to four courses a term
        running = term == world.window.last_term and 6 * (term + 1) + 8 > world.window.end
        for turn in range(PICKS):
            who = np.flatnonzero(turn < count)
            part = _turn(active[who], year, draws[turn][:, who], chance, students, shelves, taken)
            records = _marks(part[0], part[1], draws[turn][:, who[part[2]]], students, courses, gains, ability, running=running)
            done = records[4] == STATUS.index("completed")
            # Failing teaches too, but less; a course that is still running has taught nothing yet.
            learned = np.where(done, 1.0, np.where(records[4] == STATUS.index("failed"), 0.4, 0.0))
            _learn(ability, records[0], gains[records[1]], learned)
            supply[:, column] += np.bincount(records[1][done], minlength=len(courses)) @ weights
            parts.append((records[0], records[1], np.full(len(records[0]), term), *records[2:]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0], columns[2]))
    held = [column[order] for column in columns]
    return Training(courses, *held, np.round(supply, 6), np.round(ability, 6))


def course_gains(courses: tuple[Resource, ...], units: tuple[str, ...]) -> np.ndarray:
    """What a course adds at most to each capability unit, [courses, units]."""
    place = {unit: column for column, unit in enumerate(units)}
    gains = np.zeros((len(courses), len(units)))
    for row, course in enumerate(courses):
        for slug, level in course.skills:
            for unit, weight in VOCABULARY.skills[slug].units:
                gains[row, place[unit]] += 0.22 * level * weight
    return np.minimum(gains, 0.3)


def _shelves(courses: tuple[Resource, ...], clusters: int) -> np.ndarray:
    """Courses of each cluster by step, filled up by repetition, [clusters, most courses]."""
    held: list[list[int]] = [[] for _ in range(clusters)]
    for number, course in enumerate(courses):
        held[course.home].append(number)
    ordered = [sorted(shelf, key=lambda number: (courses[number].step, number)) or [0] for shelf in held]
    width = max(len(shelf) for shelf in ordered)
    return np.array([[shelf[place % len(shelf)] for place in range(width)] for shelf in ordered])


def _turn(
    who: np.ndarray, year: np.ndarray, draws: np.ndarray, chance: np.ndarray, students: Students, shelves: np.ndarray,
    taken: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """One course for each student of `who`, none twice: (students, courses, places within `who`)."""
    aiming = students.stated[who] & (draws[1] < 0.25)
    cluster = np.where(aiming, students.goal[who], _drawn(students.major[who], chance, draws[0]))
    course = _from_shelf(who, year, cluster, draws[2], shelves, taken)
    # Whoever has taken all of it looks further afield, so that a small university does not run out of courses.
    left = np.flatnonzero(taken[who, course])
    wider = _drawn(students.major[who[left]], np.round(np.sqrt(chance), 9), draws[7, left])
    course[left] = _from_shelf(who[left], year, wider, draws[2, left], shelves, taken)
    free = np.flatnonzero(~taken[who, course])
    taken[who[free], course[free]] = True
    return who[free], course[free], free


def _drawn(major: np.ndarray, chance: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """A cluster for each student by the chances of the major."""
    cluster = np.empty(len(major), dtype=np.int64)
    for number, row in enumerate(chance):
        here = np.flatnonzero(major == number)
        edges = np.cumsum(row)
        cluster[here] = np.minimum(np.searchsorted(edges, draws[here] * edges[-1]), len(edges) - 1)
    return cluster


def _from_shelf(
    who: np.ndarray, year: np.ndarray, cluster: np.ndarray, draws: np.ndarray, shelves: np.ndarray, taken: np.ndarray
) -> np.ndarray:
    """Later years reach further up the shelf; a course that was taken before gives way to the next one."""
    width = shelves.shape[1]
    place = ((year[who] + draws * 1.6) / (YEARS + 0.6) * width).astype(np.int64)
    course = shelves[cluster, place % width]
    for step in range(1, width):
        again = taken[who, course]
        if not again.any():
            break
        course = np.where(again, shelves[cluster, (place + step) % width], course)
    return course


def _marks(
    who: np.ndarray, course: np.ndarray, draws: np.ndarray, students: Students, courses: tuple[Resource, ...],
    gains: np.ndarray, ability: np.ndarray, *, running: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Score, attendance and status of each taken course."""
    weight = gains[course]
    able = (ability[who] * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    step = np.array([entry.step for entry in courses])[course]
    # The sum of three uniform draws is close enough to a normal one, and the same on every machine.
    noise = draws[3] + draws[4] + draws[5] - 1.5
    attendance = np.clip(0.93 + 0.03 * students.talent[who] + 0.09 * (draws[5] - 0.6), 0.3, 1.0)
    raw = 68 + 34 * able + 4.5 * students.talent[who] - 5 * step + 16 * noise + 20 * (attendance - 0.9)
    score = np.round(np.clip(raw, 5, 100), 1)
    status = np.where(score >= 60, STATUS.index("completed"), STATUS.index("failed"))
    status = np.where(draws[6] > 0.985, STATUS.index("withdrawn"), status)
    if running:
        status = np.full(len(who), STATUS.index("enrolled"))
    return who, course, score, np.round(attendance, 3), status


def _learn(ability: np.ndarray, who: np.ndarray, gain: np.ndarray, learned: np.ndarray) -> None:
    """Raise ability; the more one can do the less a course adds. No student is in `who` twice."""
    held = ability[who]
    ability[who] = np.round(held + gain * learned[:, None] * (1.0 - held), 9)


def rows(training: Training, students: Students) -> list[list[str]]:
    """Rows of course_records.csv, without planted dirt."""
    codes = [course.code for course in training.courses]
    full = [course.score_max for course in training.courses]
    credits = [f"{course.credits:g}" for course in training.courses]
    names = {term: term_label(term) for term in np.unique(training.term).tolist()}
    found = []
    for student, course, term, score, attendance, status in zip(
        training.student.tolist(), training.course.tolist(), training.term.tolist(), training.score.tolist(),
        training.attendance.tolist(), training.status.tolist(), strict=True,
    ):  # fmt: skip
        marked = status < 2
        found.append(
            [
                students.code(student), codes[course], names[term],
                f"{score * full[course] / 100:g}" if marked else "", str(full[course]),
                f"{attendance:.1%}" if status != 3 else "", credits[course], STATUS[status],
            ]
        )  # fmt: skip
    return found
