"""What everybody takes, and chance."""

import numpy as np

from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.hold_out import STUDENTS
from gnn.benchmarks.recommend.ranker import Collaborative, columns


class Popularity(Collaborative):
    """How often a cluster or resource was taken, what is longer ago counting less.

    Arguments:
        half_life: days after which an action counts half.
    """

    name = "popularity"

    def __init__(self, half_life: float = 90.0) -> None:
        self.half_life = half_life

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Count."""
        self.facts = facts
        weights = columns(facts, now=facts.day, half_life=self.half_life)
        self._taken = np.asarray(weights.sum(axis=0)).ravel()
        self._busy = np.asarray(weights.sum(axis=1)).ravel()

    def affinity(self, students: Places, places: Places) -> Floats:
        """Return the counts, the same for all."""
        return np.broadcast_to(self._taken[places], (len(students), len(places)))

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return the counts; of students, how busy each was."""
        return self._busy[items] if task == STUDENTS else super().scores(task, who, items, day)


class Chance:
    """Any order: what a list is worth that knows nothing."""

    name = "chance"

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Keep the seed."""
        self._seed = seed

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return numbers drawn for this question."""
        words = (self._seed, len(task), who, int(day))
        return np.random.default_rng(words).random(len(items))
