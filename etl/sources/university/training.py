"""Courses taken term by term: ability grows, scores follow ability, and the supply of trained students goes up and
down.

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
from typing import NamedTuple

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


def simulate(world: World, clusters: Clusters, *, students: Students, resources: tuple[Resource, ...]) -> Training:
    """Run all terms of the world."""
    generator = world.generator("training")
    courses = tuple(resource for resource in resources if resource.kind == "course")
    shelves = _shelves(courses, len(clusters))
    steps = np.array([course.step for course in courses])
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
            drawn = draws[turn][:, who]
            wish = _Wish(active[who], year[active[who]], drawn)
            course, free = _turn(wish, chance, students=students, shelves=shelves, taken=taken)
            takers, drawn = active[who][free], drawn[:, free]
            able = _able(ability[takers], gains[course])
            score, attendance, status = _marks(able - 0.15 * steps[course], students.talent[takers], draws=drawn)
            if running:
                status = np.full(len(takers), STATUS.index("enrolled"))
            done = status == STATUS.index("completed")
            # Failing teaches too, but less; a course that is still running has taught nothing yet.
            learned = np.where(done, 1.0, np.where(status == STATUS.index("failed"), 0.4, 0.0))
            _learn(ability, takers, gain=gains[course] * learned[:, None])
            supply[:, column] += np.bincount(course[done], minlength=len(courses)) @ weights
            parts.append((takers, course, np.full(len(takers), term), score, attendance, status))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0], columns[2]))
    student, course, terms, score, attendance, status = (column[order] for column in columns)
    return Training(
        courses=courses,
        student=student,
        course=course,
        term=terms,
        score=score,
        attendance=attendance,
        status=status,
        supply=np.round(supply, 6),
        ability=np.round(ability, 6),
    )


def course_gains(courses: tuple[Resource, ...], units: tuple[str, ...]) -> np.ndarray:
    """What a course adds at most to each capability unit, [courses, units]."""
    place = {unit: column for column, unit in enumerate(units)}
    gains = np.zeros((len(courses), len(units)))
    for row, course in enumerate(courses):
        for slug, level in course.skills:
            for unit, weight in VOCABULARY.skills[slug].units:
                gains[row, place[unit]] += 0.22 * level * weight
    return np.asarray(np.minimum(gains, 0.3))


def _shelves(courses: tuple[Resource, ...], clusters: int) -> np.ndarray:
    """Courses of each cluster by step, filled up by repetition, [clusters, most courses]."""
    held: list[list[int]] = [[] for _ in range(clusters)]
    for number, course in enumerate(courses):
        held[course.home].append(number)
    ordered = [sorted(shelf, key=lambda number: (courses[number].step, number)) or [0] for shelf in held]
    width = max(len(shelf) for shelf in ordered)
    return np.array([[shelf[place % len(shelf)] for place in range(width)] for shelf in ordered])


class _Wish(NamedTuple):
    """Who wants one more course: students, their years of study from 0, uniform draws by use, [9, students]."""

    who: np.ndarray
    year: np.ndarray
    draws: np.ndarray


def _turn(
    wish: _Wish, chance: np.ndarray, *, students: Students, shelves: np.ndarray, taken: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One course for each student, none twice: courses, and the places of those who found one."""
    who, draws = wish.who, wish.draws
    aiming = students.stated[who] & (draws[1] < 0.25)
    cluster = np.where(aiming, students.goal[who], _drawn(students.major[who], chance, draws=draws[0]))
    course = _from_shelf(wish, cluster, shelves=shelves, taken=taken)
    # Whoever has taken all of it looks further afield, so that a small university does not run out of courses.
    left = np.flatnonzero(taken[who, course])
    wider = _drawn(students.major[who[left]], np.round(np.sqrt(chance), 9), draws=draws[7, left])
    again = _Wish(who[left], wish.year[left], draws[:, left])
    course[left] = _from_shelf(again, wider, shelves=shelves, taken=taken)
    free = np.flatnonzero(~taken[who, course])
    taken[who[free], course[free]] = True
    return course[free], free


def _drawn(major: np.ndarray, chance: np.ndarray, *, draws: np.ndarray) -> np.ndarray:
    """A cluster for each student by the chances of the major."""
    cluster = np.empty(len(major), dtype=np.int64)
    for number, row in enumerate(chance):
        here = np.flatnonzero(major == number)
        edges = np.cumsum(row)
        cluster[here] = np.minimum(np.searchsorted(edges, draws[here] * edges[-1]), len(edges) - 1)
    return cluster


def _from_shelf(wish: _Wish, cluster: np.ndarray, *, shelves: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Later years reach further up the shelf; a course that was taken before gives way to the next one."""
    width = shelves.shape[1]
    place = ((wish.year + wish.draws[2] * 1.6) / (YEARS + 0.6) * width).astype(np.int64)
    course: np.ndarray = shelves[cluster, place % width]
    for step in range(1, width):
        again = taken[wish.who, course]
        if not again.any():
            break
        course = np.where(again, shelves[cluster, (place + step) % width], course)
    return course


def _able(ability: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Mean ability in the units that the course trains, 0 to 1."""
    mean: np.ndarray = (ability * gain).sum(axis=1) / np.maximum(gain.sum(axis=1), 1e-9)
    return mean


def _marks(able: np.ndarray, talent: np.ndarray, *, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, attendance and status from ability less difficulty, talent and noise."""
    # The sum of three uniform draws is close enough to a normal one, and the same on every machine.
    noise = draws[3] + draws[4] + draws[5] - 1.5
    attendance = np.clip(0.93 + 0.03 * talent + 0.09 * (draws[5] - 0.6), 0.3, 1.0)
    score = np.round(np.clip(68 + 34 * able + 4.5 * talent + 16 * noise + 20 * (attendance - 0.9), 5, 100), 1)
    status = np.where(score >= 60, STATUS.index("completed"), STATUS.index("failed"))
    status = np.where(draws[6] > 0.985, STATUS.index("withdrawn"), status)
    return score, np.round(attendance, 3), status


def _learn(ability: np.ndarray, who: np.ndarray, *, gain: np.ndarray) -> None:
    """Raise ability; the more one can do the less a course adds. No student is in `who` twice."""
    held = ability[who]
    ability[who] = np.round(held + gain * (1.0 - held), 9)


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
