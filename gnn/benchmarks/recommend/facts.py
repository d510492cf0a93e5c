"""What is known of students, postings and resources, as arrays, and the same as it was known before a day.

Days are counted from 1970-01-01. Items are numbered: a posting by its place, a resource by its place behind all
postings.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from schema.feedback import POSITIVE, REWARDS, USED
from schema.ranking import PATH_OF

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

KINDS = tuple(REWARDS)
"""Kinds of actions, which `Acts.kind` numbers."""
NEVER = 1e6
"""A day that does not come."""


@dataclass(frozen=True, slots=True)
class People:
    """Students, in the order of their codes.

    Arguments:
        codes: unified codes.
        major: place among `majors`, -1 where it is not known. [students]
        majors: codes.
        admitted, graduates: days; NaN where they are not known. [students]
        groups: by attribute (gender, region, difficulty), the group of each student; "" where it is not known.
        aims: student and job cluster of stated goals. [2, goals]
    """

    codes: tuple[str, ...]
    major: Places
    majors: tuple[str, ...]
    admitted: Floats
    graduates: Floats
    groups: dict[str, tuple[str, ...]]
    aims: Places

    def __len__(self) -> int:
        return len(self.codes)

    def year(self, day: float) -> list[str]:
        """Return the year of study of each student on a day; "" where it is not known."""
        passed = np.floor((day - self.admitted) / 365.25) + 1
        over = day > self.graduates
        return [
            "" if np.isnan(year) or year < 1 else "graduated" if gone or year > 4 else f"year {int(year)}"
            for year, gone in zip(passed, over, strict=True)
        ]


@dataclass(frozen=True)
class Goods:
    """What can be recommended: postings, or resources, in the order of their codes.

    Arguments:
        codes: unified codes.
        names: titles.
        kind: "Job" or the kind label of a resource. [goods]
        cluster: place of the job cluster, of several the first by code; -1 for none. [goods]
        prepares: all clusters of each. [goods, clusters]
        skills: level of each skill that it asks for or teaches, 0 to 1. [goods, skills]
        starts, ends: first day on offer, and last; 0 and `NEVER` where nothing is said. [goods]
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    kind: tuple[str, ...]
    cluster: Places
    prepares: csr_array
    skills: csr_array
    starts: Floats
    ends: Floats

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The list that each competes for; "" for none."""
        return tuple(PATH_OF.get(kind, "") for kind in self.kind)


@dataclass(frozen=True, slots=True)
class Acts:
    """What students did with items, in order of time.

    Arguments:
        student, item: numbers.
        kind: place in `KINDS`.
        at: day.
    """

    student: Places
    item: Places
    kind: Places
    at: Floats

    def __len__(self) -> int:
        return len(self.student)

    def where(self, kept: NDArray[np.bool_]) -> "Acts":
        """Return the acts that a mask keeps."""
        return Acts(self.student[kept], self.item[kept], self.kind[kept], self.at[kept])


@dataclass(frozen=True, slots=True)
class Careers:
    """Internships and employment, in order of time: student, job cluster, day of beginning, whether an internship."""

    student: Places
    cluster: Places
    at: Floats
    intern: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.student)

    def where(self, kept: NDArray[np.bool_]) -> "Careers":
        """Return those that a mask keeps."""
        return Careers(self.student[kept], self.cluster[kept], self.at[kept], self.intern[kept])


@dataclass(frozen=True, slots=True)
class Records:
    """Resources that students took up by their terms.

    Arguments:
        student, resource: places.
        begun, known: day on which the term began, and on which its results were known.
        strength: 0 to 1, what came of it: the share of the marks; 0 where it was failed or left.
    """

    student: Places
    resource: Places
    begun: Floats
    known: Floats
    strength: Floats

    def __len__(self) -> int:
        return len(self.student)

    def where(self, kept: NDArray[np.bool_]) -> "Records":
        """Return those that a mask keeps."""
        places, days = (self.student[kept], self.resource[kept]), (self.begun[kept], self.known[kept])
        return Records(*places, *days, self.strength[kept])


@dataclass(frozen=True)
class Facts:
    """All of it.

    Arguments:
        day: what is dated on or after it is left out.
        clusters, skills: codes.
        words: name of each skill.
        people, jobs, resources, acts, careers, records: see there. Postings and resources of later days stay: they
            are candidates once they are out, and whoever learns must not look at them before.
    """

    day: float
    clusters: tuple[str, ...]
    skills: tuple[str, ...]
    words: tuple[str, ...]
    people: People
    jobs: Goods
    resources: Goods
    acts: Acts
    careers: Careers
    records: Records

    def before(self, day: float) -> "Facts":
        """Return what was known when a day began."""
        return replace(
            self,
            day=min(day, self.day),
            acts=self.acts.where(self.acts.at < day),
            careers=self.careers.where(self.careers.at < day),
            records=self.records.where(self.records.known <= day),
        )

    @cached_property
    def out(self) -> NDArray[np.bool_]:
        """Whether a posting was released before the day. [postings]"""
        return np.asarray(self.jobs.starts < self.day)

    @cached_property
    def used(self) -> frozenset[tuple[int, int]]:
        """Student and item of what was used, dismissed or done, and need not be recommended any more."""
        of_use = np.isin(self.acts.kind, [KINDS.index(name) for name in USED])
        found = set(zip(self.acts.student[of_use].tolist(), self.acts.item[of_use].tolist(), strict=True))
        done = self.records.strength > 0
        items = self.records.resource[done] + len(self.jobs)
        found.update(zip(self.records.student[done].tolist(), items.tolist(), strict=True))
        return frozenset(found)

    @cached_property
    def positive(self) -> Acts:
        """The acts that mean that the student wants the item."""
        return self.acts.where(np.isin(self.acts.kind, [KINDS.index(name) for name in POSITIVE]))

    @cached_property
    def item_cluster(self) -> Places:
        """Job cluster of every item, -1 for none. [items]"""
        return np.concatenate([self.jobs.cluster, self.resources.cluster])

    @cached_property
    def owner(self) -> csr_array:
        """How much of each skill a student has shown, 0 to 1: the best of what was taken up. [students, skills]"""
        taken = self.records.strength > 0
        shape = (len(self.people), len(self.resources))
        by = (self.records.student[taken], self.records.resource[taken])
        held = csr_array((self.records.strength[taken], by), shape=shape)
        held.data = np.minimum(held.data, 1.0)
        shown = csr_array(held @ self.resources.skills)
        shown.data = np.minimum(shown.data, 1.0)
        return shown
