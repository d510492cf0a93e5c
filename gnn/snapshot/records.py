"""What a history is made of: parallel arrays, one class for each kind of record."""

from dataclasses import dataclass

from gnn.snapshot.packed import Floats, Places
from schema.model import MODEL


def _values(type_: str, name: str) -> tuple[str, ...]:
    return next(each.values for each in MODEL.relationship(type_).properties if each.name == name)


OUTCOME_STATUS = _values("EMPLOYED_AS", "status")
INTEREST = _values("INTERACTED", "kind")


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the postings of a cluster and month asked for, in the order of cluster, month and skill.

    Arguments:
        cluster, month, skill: places.
        count: postings released that month that ask for the skill, >= 1.
        optional: share of them to which it is a plus only, 0 to 1.
    """

    cluster: Places
    month: Places
    skill: Places
    count: Floats
    optional: Floats

    def __len__(self) -> int:
        return len(self.cluster)


@dataclass(frozen=True, slots=True)
class Courses:
    """Course records, in the order of student, course and term.

    Arguments:
        student, resource, term: places.
        score: 0 to 100; NaN where there is none.
        attendance: share of sessions, 0 to 1, or NaN.
        credits: credit points, or NaN.
        status: place in COURSE_STATUS; -1 where there is none.
    """

    student: Places
    resource: Places
    term: Places
    score: Floats
    attendance: Floats
    credits: Floats
    status: Places

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True, slots=True)
class Practice:
    """Certificates earned, competitions entered, projects worked on, in the order of kind, student and resource.

    Arguments:
        student, resource, term: places.
        kind: place in PRACTICE.
        result: the result as a number, NaN where it is a word or missing.
        grade: the result as a word; its place in `History.grades`, -1 where it is a number or missing.
        hours: effort, or NaN.
    """

    student: Places
    resource: Places
    term: Places
    kind: Places
    result: Floats
    grade: Places
    hours: Floats

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True, slots=True)
class Internships:
    """Internships in a role of a cluster, in the order of student and cluster: places of all three."""

    student: Places
    cluster: Places
    term: Places

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of students, in the order of student and cluster.

    Arguments:
        student, cluster: places.
        month: place of the first day; negative before the first month of the history.
        status: place in OUTCOME_STATUS; -1 where there is none.
        salary: pay per month, or NaN.
    """

    student: Places
    cluster: Places
    month: Places
    status: Places
    salary: Floats

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True, slots=True)
class Interests:
    """How often students looked at or used postings of a cluster, in the order of student, cluster, month and kind.

    Arguments:
        student, cluster, month: places; the month is negative before the first one of the history.
        kind: place in INTEREST.
        count: how often, >= 1.
    """

    student: Places
    cluster: Places
    month: Places
    kind: Places
    count: Floats

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True, slots=True)
class Students:
    """What is known of students when they are admitted. Gender and name are not read.

    Arguments:
        codes: unified codes.
        admitted, graduates: months as places, maybe outside the history; NaN where they are not known.
        score: at admission, 0 to 100, or NaN.
        degree: degree aimed at, ISCED 2011 level, or NaN.
        region: place in `regions`, -1 where it is not known.
        regions: home regions as written.
        major: place in `majors`, -1 where it is not known.
        majors: codes.
    """

    codes: tuple[str, ...]
    admitted: Floats
    graduates: Floats
    score: Floats
    degree: Floats
    region: Places
    regions: tuple[str, ...]
    major: Places
    majors: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)
