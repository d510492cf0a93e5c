"""What is held out: the next steps of students after an instant, each with what was on offer when it was taken.

Everything that is learned, by whomever, uses facts from before the instant alone. A step counts once for a student and
item; one to an item that the student had used before is no next step; nor is one to an item that was not on offer on
its day, of which the number is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gnn.benchmarks.fingerprint import digest
from gnn.benchmarks.recommend.facts import KINDS, Facts, Floats, Goods, Places
from schema.errors import JobError

OUTCOMES, APPLICATIONS, TRAINING, ENTREPRENEURSHIP, STUDENTS = (
    "outcomes",
    "applications",
    "training",
    "entrepreneurship",
    "students for a posting",
)
TASKS = (OUTCOMES, APPLICATIONS, TRAINING, ENTREPRENEURSHIP, STUDENTS)
"""What is asked: the job cluster of an internship or employment; the posting of an application; the resource of a
registration or completion, by path; and of an application, from the posting's side, the student."""

MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Task:
    """Steps that are to be foretold.

    Arguments:
        name: one of `TASKS`.
        student, item, at: of each step; the item is a job cluster, a posting, or a resource by its place among
            resources. [events]
        dropped: steps that were left out, by reason.
    """

    name: str
    student: Places
    item: Places
    at: Floats
    dropped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.student)

    @property
    def user(self) -> Places:
        """Who gets the list: the students, or the postings where students are ranked."""
        return self.item if self.name == STUDENTS else self.student

    @property
    def target(self) -> Places:
        """The right answers."""
        return self.student if self.name == STUDENTS else self.item


@dataclass(frozen=True)
class HoldOut:
    """The steps of a span of days.

    Arguments:
        facts: all of them, of whatever day.
        start, end: first day, and the one after the last.
        tasks: by name.
    """

    facts: Facts
    start: float
    end: float
    tasks: Mapping[str, Task]

    @cached_property
    def digest(self) -> str:
        """A digest of what is asked, and of all that may be known when it is answered."""
        asked = [(task.name, task.student, task.item, task.at) for task in self.tasks.values()]
        return digest(self.start, asked, self.known, self.facts.jobs, self.facts.resources)

    @cached_property
    def known(self) -> Facts:
        """What may be learned from."""
        return self.facts.before(self.start)

    @cached_property
    def _used(self) -> Mapping[int, NDArray[np.int64]]:
        found: dict[int, list[int]] = {}
        for student, item in self.known.used:
            found.setdefault(student, []).append(item)
        return {student: np.array(items) for student, items in found.items()}

    @cached_property
    def _shelves(self) -> Mapping[str, NDArray[np.bool_]]:
        return {name: shelf(self.facts.resources, name) for name in (TRAINING, ENTREPRENEURSHIP)}

    def candidates(self, task: Task, event: int) -> Places:
        """Return what could have been the answer to an event: on offer that day, and not used before."""
        day, jobs, resources = task.at[event], self.facts.jobs, self.facts.resources
        if task.name == OUTCOMES:
            return np.arange(len(self.facts.clusters))
        if task.name == STUDENTS:
            there = self._there(day).copy()
            there[task.student[event]] = True
            return np.flatnonzero(there)
        if task.name == APPLICATIONS:
            open_ = (jobs.starts <= day) & (jobs.ends >= day)
            return self._fresh(np.flatnonzero(open_), int(task.student[event]), first=0)
        open_ = self._shelves[task.name] & (resources.starts <= day) & (resources.ends >= day)
        return self._fresh(np.flatnonzero(open_), int(task.student[event]), first=len(jobs))

    def _fresh(self, items: Places, student: int, *, first: int) -> Places:
        used = self._used.get(student)
        return items if used is None else items[~np.isin(items + first, used)]

    def _there(self, day: float) -> NDArray[np.bool_]:
        """Return who studies on a day."""
        people = self.facts.people
        return ~(people.admitted > day) & ~(people.graduates < day)


def shelf(resources: Goods, name: str) -> NDArray[np.bool_]:
    """Mark the resources that a task asks for. [resources]"""
    return np.array([path == name.upper() for path in resources.path], bool)


def hold_out(facts: Facts, *, start: float, end: float, most: int | None = None, seed: int = 0) -> HoldOut:
    """Return the steps from a day until before another.

    Arguments:
        facts: all of them.
        start, end: days.
        most: steps of a task at most, drawn where there are more; None keeps all.
        seed: of that draw.

    Raises:
        JobError: there is no step within.
    """
    known = facts.before(start)
    tasks = {OUTCOMES: _outcomes(facts, start, end)}
    for name in (APPLICATIONS, TRAINING, ENTREPRENEURSHIP):
        tasks[name] = _taken(facts, known, name, (start, end))
    applied = tasks[APPLICATIONS]
    tasks[STUDENTS] = Task(STUDENTS, applied.student, applied.item, applied.at)
    generator = np.random.default_rng(seed)
    for name, task in tasks.items():
        if most is not None and len(task) > most:
            kept = np.sort(generator.choice(len(task), most, replace=False))
            left = {**task.dropped, "not drawn": len(task) - most}
            tasks[name] = Task(name, task.student[kept], task.item[kept], task.at[kept], left)
    if not any(map(len, tasks.values())):
        raise JobError("no outcome, application or registration in the span held out", "some", where="hold-out")
    return HoldOut(facts, start, end, tasks)


def _first(student: Places, item: Places) -> NDArray[np.bool_]:
    """Mark the first row of each student and item."""
    keys = student * (int(item.max(initial=0)) + 1) + item
    found = np.zeros(len(keys), bool)
    found[np.unique(keys, return_index=True)[1]] = True
    return found


def _outcomes(facts: Facts, start: float, end: float) -> Task:
    ways = facts.careers
    kept = (ways.at >= start) & (ways.at < end)
    student, cluster, at = ways.student[kept], ways.cluster[kept], ways.at[kept]
    first = _first(student, cluster)
    return Task(OUTCOMES, student[first], cluster[first], at[first])


_ENDS = {APPLICATIONS: ("apply",), TRAINING: ("register", "complete"), ENTREPRENEURSHIP: ("register", "complete")}


def _taken(facts: Facts, known: Facts, name: str, span: tuple[float, float]) -> Task:
    acts, jobs, resources = facts.acts, facts.jobs, facts.resources
    kept = np.isin(acts.kind, [KINDS.index(kind) for kind in _ENDS[name]])
    kept &= (acts.at >= span[0]) & (acts.at < span[1])
    of_job = acts.item < len(jobs)
    goods = jobs if name == APPLICATIONS else resources
    kept &= of_job if name == APPLICATIONS else ~of_job
    student, item, at = acts.student[kept], acts.item[kept], acts.at[kept]
    if name != APPLICATIONS:
        item = item - len(jobs)
        mine = shelf(resources, name)[item]
        student, item, at = student[mine], item[mine], at[mine]
    first = _first(student, item)
    offset = 0 if name == APPLICATIONS else len(jobs)
    used = [(one, other + offset) in known.used for one, other in zip(student.tolist(), item.tolist(), strict=True)]
    fresh = first & ~np.array(used, bool)
    open_ = (goods.starts[item] <= at) & (goods.ends[item] >= at)
    good = fresh & open_
    dropped = {
        "once more": int((~fresh).sum()),
        "before it was out": int((fresh & (goods.starts[item] > at)).sum()),
        "after it was closed": int((fresh & (goods.ends[item] < at)).sum()),
    }
    return Task(name, student[good], item[good], at[good], {name: count for name, count in dropped.items() if count})
