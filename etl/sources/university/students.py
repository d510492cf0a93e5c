"""Students of the synthetic world: who they are, what they study, what they can do at first, what they aim at."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.sources.university.clusters import Clusters
from etl.sources.university.world import World

YEARS = 4
CLASS_SIZE = 36
UNIVERSITIES = (
    ("Synthetic University of Pinghe", 0.86), ("Synthetic College of Donghu", 0.08),
    ("Synthetic Institute of Beishan", 0.06),
)  # fmt: skip
REGIONS = (
    "河南", "河北", "山东", "安徽", "湖北", "湖南", "江苏", "浙江", "广东", "四川",
    "陕西", "山西", "江西", "广西", "甘肃", "贵州",
)  # fmt: skip
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂华飞玉兰英梅鑫波斌宇浩凯健俊帆雪慧佳怡欣梓涵晨雨泽"


@dataclass(frozen=True, slots=True)
class Major:
    """A course of study and the field whose clusters it leads to."""

    code: str
    name: str
    zh: str
    field: str


@dataclass(frozen=True, slots=True)
class Students:
    """All students as columns; row i is the student with code ``S`` and i + 1.

    Arguments:
        majors: the majors that `major` numbers.
        major: number of the major, [students].
        admitted: year of admission (September), [students].
        university: number in UNIVERSITIES, [students].
        talent: general ability, standard normal, [students].
        ability: level by capability unit at admission, 0 to 1, [students, units].
        affinity: pull of each cluster on students of a major, rows sum to 1, [majors, clusters].
        goal: number of the cluster aimed at, also where it is not stated, [students].
        stated: whether the goal is stated, [students].
    """

    majors: tuple[Major, ...]
    major: np.ndarray
    admitted: np.ndarray
    university: np.ndarray
    talent: np.ndarray
    ability: np.ndarray
    affinity: np.ndarray
    goal: np.ndarray
    stated: np.ndarray

    def __len__(self) -> int:
        return len(self.major)

    def code(self, student: int) -> str:
        """Code of a student by number."""
        return f"S{student + 1:06d}"


def build(world: World, clusters: Clusters) -> Students:
    """The students of a world, spread evenly over majors and over the years that study inside its terms."""
    generator = world.generator("students")
    majors = _majors(clusters)
    count = world.students
    major = _even(count, len(majors), generator=generator)
    window = world.window
    # Cohorts from the one that is in its last year in the first term to the one that has just begun.
    first_year, last_year = window.first_term // 2 - (YEARS - 1), window.last_term // 2
    admitted = first_year + _even(count, last_year - first_year + 1, generator=generator)
    university = np.searchsorted(np.cumsum([share for _, share in UNIVERSITIES]), generator.random(count) * 0.999999)
    talent = generator.standard_normal(count)
    affinity = _affinity(majors, clusters, generator=generator)
    ability = _ability(talent, affinity[major] @ clusters.demand, generator=generator)
    goal = _goals(affinity[major], fit(ability, clusters.demand), generator=generator)
    stated = generator.random(count) < 0.45
    return Students(majors, major, admitted, university, talent, ability, affinity, goal, stated)


def _majors(clusters: Clusters) -> tuple[Major, ...]:
    fields = {cluster.field for cluster in clusters.all}
    with Path(__file__).with_name("majors.tsv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            Major(row["code"], row["name"], row["zh"], row["field"])
            for row in csv.DictReader(handle, delimiter="\t")
            if row["field"] in fields
        )


def _even(count: int, kinds: int, *, generator: np.random.Generator) -> np.ndarray:
    """Numbers 0 to kinds - 1, as often as one another up to one, in random order."""
    return generator.permutation(np.arange(count) % kinds)


def _affinity(majors: tuple[Major, ...], clusters: Clusters, *, generator: np.random.Generator) -> np.ndarray:
    """Mostly the clusters of the own field, a little of all others."""
    own = np.array([[major.field == cluster.field for cluster in clusters.all] for major in majors])
    drawn = np.exp(0.4 * generator.standard_normal(own.shape))
    pull = np.where(own, drawn, 0.004 * drawn)
    shares: np.ndarray = np.round(pull / pull.sum(axis=1, keepdims=True), 9)
    return shares


def _ability(talent: np.ndarray, leaning: np.ndarray, *, generator: np.random.Generator) -> np.ndarray:
    """Low at admission, somewhat higher where the major leads and where talent is."""
    drawn = generator.standard_normal(leaning.shape)
    return np.round(np.clip(0.16 + 0.05 * talent[:, None] + 0.10 * leaning + 0.05 * drawn, 0.0, 1.0), 6)


def _goals(affinity: np.ndarray, match: np.ndarray, *, generator: np.random.Generator) -> np.ndarray:
    """Aims follow the major, and among its clusters what one is already better at."""
    pull = np.round(affinity * np.exp(6.0 * (match - match.mean(axis=1, keepdims=True))), 9)
    return pick(pull, generator.random(len(pull)))


def fit(ability: np.ndarray, demand: np.ndarray) -> np.ndarray:
    """How much of what each cluster demands a student holds, 0 to 1, [students, clusters].

    One less than the gap of equation 15 divided by the whole demand. Computed column by column, so that memory stays
    with [students, units].
    """
    held = np.empty((len(ability), len(demand)))
    for column, demanded in enumerate(demand):
        asked = np.flatnonzero(demanded)
        held[:, column] = np.minimum(ability[:, asked], demanded[asked]).sum(axis=1) / demanded[asked].sum()
    return np.round(held, 6)


def pick(weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """One column per row with chance in proportion to the weights; draws are uniform in [0, 1)."""
    edges = np.cumsum(weights, axis=1)
    found: np.ndarray = np.minimum((edges < (draws * edges[:, -1])[:, None]).sum(axis=1), weights.shape[1] - 1)
    return found


def rows(world: World, students: Students, *, clusters: Clusters) -> list[list[str]]:
    """Rows of students.csv; gender, region and difficulty have nothing to do with ability or outcome."""
    generator = world.generator("students").spawn(1)[0]
    draws = generator.random((len(students), 7))
    places: dict[tuple[int, int, int], int] = {}
    found = []
    for student, draw in enumerate(draws.tolist()):
        major = students.majors[int(students.major[student])]
        year = int(students.admitted[student])
        key = (int(students.major[student]), year, int(students.university[student]))
        place = places.get(key, 0)
        places[key] = place + 1
        name = FAMILY[int(draw[0] * len(FAMILY))] + GIVEN[int(draw[1] * len(GIVEN))]
        if draw[2] < 0.7:
            name += GIVEN[int(draw[2] / 0.7 * len(GIVEN))]
        letter = "ABC"[key[2]]
        score = min(100.0, max(30.0, 68 + 8 * float(students.talent[student]) + 6 * (draw[3] - 0.5)))
        term_year = min(YEARS, max(1, world.window.last_term // 2 - year + 1))
        found.append(
            [
                students.code(student), name, "female" if draw[4] < 0.5 else "male",
                REGIONS[int(draw[5] * len(REGIONS))],
                f"{year}-09-01", f"{score:.1f}", "本科", major.name,
                f"{major.zh}{year}级{place // CLASS_SIZE + 1}班{letter if letter != 'A' else ''}",
                UNIVERSITIES[key[2]][0], f"{year + YEARS}-07-01", str(term_year),
                "true" if draw[6] < 0.12 else "false",
                clusters.all[int(students.goal[student])].code if students.stated[student] else "",
            ]
        )  # fmt: skip
    return found
