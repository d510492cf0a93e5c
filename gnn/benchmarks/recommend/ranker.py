"""Whoever recommends, and what the collaborative ones have in common."""

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from gnn.benchmarks.recommend.facts import KINDS, Facts, Floats, Places
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, OUTCOMES, STUDENTS
from schema.feedback import REWARDS


class Ranker(Protocol):
    """Learns from the facts before a day, and scores candidates after it. It draws nothing that no seed decides."""

    @property
    def name(self) -> str:
        """Name of the row."""

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Learn.

        Arguments:
            facts: cut off at a day; of postings and resources only those that were there by then count.
            seed: of everything that is drawn.
        """

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return a score for each candidate, the higher the better.

        Arguments:
            task: one of `TASKS`.
            who: the student; the posting where students are ranked.
            items: candidates, see `Task`.
            day: on which the list is shown; of the postings nothing later counts.
        """


def columns(facts: Facts, *, now: float | None = None, half_life: float = 0.0) -> csr_array:
    """Return what students did with job clusters and resources, as weights of 0 or more.

    A posting counts for its cluster, by the reward of the action where it is above 0; so do resources for themselves.
    An internship, an employment and a resource that was taken up count 1.

    Arguments:
        facts: cut off at a day.
        now: day from which ages count; None for no decay.
        half_life: days after which an action counts half.

    Returns:
        [students, clusters and then resources]
    """
    acts, ways, records = facts.acts, facts.careers, facts.records
    reward = np.array([max(0.0, REWARDS[kind]) for kind in KINDS])[acts.kind]
    width, first = len(facts.clusters), len(facts.jobs)
    of_job = acts.item < first
    column = np.where(of_job, -1, acts.item - first + width)
    column[of_job] = facts.jobs.cluster[acts.item[of_job]]
    taken = records.strength > 0
    student = np.concatenate([acts.student, ways.student, records.student[taken]])
    place = np.concatenate([column, ways.cluster, records.resource[taken] + width])
    value = np.concatenate([reward, np.ones(len(ways)), np.ones(int(taken.sum()))])
    if now is not None:
        at = np.concatenate([acts.at, ways.at, records.begun[taken]])
        value = value * 0.5 ** (np.maximum(now - at, 0.0) / half_life)
    kept = (place >= 0) & (value > 0)
    shape = (len(facts.people), width + len(facts.resources))
    found = csr_array((value[kept], (student[kept], place[kept])), shape=shape)
    found.sum_duplicates()
    return found


class Collaborative(ABC):
    """Scores students against job clusters and resources.

    Postings come and go, and most were not out when anything was learned. So that this is not held against a row, a
    posting is scored by its cluster, and among those of one cluster the later release comes first.
    """

    name: str
    facts: Facts

    @abstractmethod
    def affinity(self, students: Places, places: Places) -> Floats:
        """Return scores, [students, places].

        Arguments:
            students: places of students.
            places: job clusters, and resources behind all clusters.
        """

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return a score for each candidate."""
        width = len(self.facts.clusters)
        me = np.array([who])
        if task == OUTCOMES:
            return self.affinity(me, items)[0]
        if task == STUDENTS:
            cluster = self.facts.jobs.cluster[who]
            return self.affinity(items, np.array([cluster]))[:, 0] if cluster >= 0 else np.zeros(len(items))
        if task == APPLICATIONS:
            of_cluster = self.affinity(me, np.arange(width))[0]
            return by_release(of_cluster, self.facts, items, day)
        return self.affinity(me, items + width)[0]


def by_release(of_cluster: Floats, facts: Facts, items: Places, day: float) -> Floats:
    """Return scores of postings: the order of their clusters first, then the later release.

    Arguments:
        of_cluster: score of each cluster. Those of equal score share a place, so that there release alone decides.
        items: postings.
        day: of the list.
    """
    _, order = np.unique(np.round(of_cluster, 12), return_inverse=True)
    cluster = facts.jobs.cluster[items]
    age = np.clip(day - facts.jobs.starts[items], 0.0, 36_500.0)
    placed = np.where(cluster >= 0, order[np.maximum(cluster, 0)], -1).astype(np.float64)
    return placed + 0.5 / (1.0 + age)
