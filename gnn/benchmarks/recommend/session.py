"""Every row on every task: learn from what was known, rank what was on offer, keep each result once it is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np

from gnn.benchmarks.fingerprint import code, digest
from gnn.benchmarks.recommend.facts import Floats, Places
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, HoldOut, Task
from gnn.benchmarks.recommend.metrics import CUTS, HEADLINE, gains, standing, top
from gnn.benchmarks.recommend.ranker import Ranker
from gnn.benchmarks.store import Arrays, Store

Say = Callable[[str], None]
LISTED = 5 * max(CUTS)
"""Items of a list that are kept: more than are looked at, so that lists can be put in order again."""

PARTS = ("better", "same", "lists")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a row made of a task.

    Arguments:
        better, same: of the right answers: candidates scored better, and the same. [events]
        lists: items shown, best first, -1 behind the last. [events, LISTED]
    """

    better: Places
    same: Places
    lists: Places

    @property
    def gains(self) -> dict[str, Floats]:
        """Every metric event by event."""
        return gains(self.better, self.same)

    @property
    def shown(self) -> list[Places]:
        """The lists without what stands behind their ends."""
        return [each[each >= 0] for each in self.lists]


def answers(held: HoldOut, ranker: Ranker, *, seed: int, store: Store, say: Say) -> dict[str, Answer]:
    """Return what a row makes of each task; found again where nothing that it depends on changed.

    Arguments:
        held: what is asked.
        ranker: fresh.
        seed: of what is drawn.
        store: where results are kept.
        say: told of each step.
    """
    key = digest(seed, held.digest, ranker, code(type(ranker).__module__), code(__name__))
    found, there = store.arrays(f"{ranker.name}, seed {seed}", key, lambda: _run(held, ranker, seed=seed))
    names = [name for name, task in held.tasks.items() if len(task)]
    result = {name: Answer(*(found[f"{name} {part}"].astype(np.int64) for part in PARTS)) for name in names}
    figures = ", ".join(f"{name} {each.gains[HEADLINE].mean():.3f}" for name, each in result.items())
    how = "found" if there else f"{float(found['seconds']):.0f} s"
    say(f"{ranker.name}, seed {seed}: {HEADLINE} of {figures}; {how}")
    return result


def _run(held: HoldOut, ranker: Ranker, *, seed: int) -> Arrays:
    started = monotonic()
    ranker.learn(held.known, seed=seed)
    found: dict[str, Any] = {}
    for name, task in held.tasks.items():
        if len(task):
            answer = ask(held, ranker, task)
            found.update({f"{name} {part}": getattr(answer, part) for part in PARTS})
    found["seconds"] = np.array(monotonic() - started)
    return found


def ask(held: HoldOut, ranker: Ranker, task: Task, events: Sequence[int] | None = None) -> Answer:
    """Return where the right answers stand, and the heads of the lists.

    Arguments:
        held: what is asked.
        ranker: has learned.
        task: one of those held out.
        events: those that are asked; None asks all.
    """
    chosen = range(len(task)) if events is None else events
    better, same = np.zeros(len(chosen), np.int64), np.zeros(len(chosen), np.int64)
    lists = np.full((len(chosen), LISTED), -1, np.int64)
    user, target = task.user, task.target
    for row, event in enumerate(chosen):
        pool = held.candidates(task, event)
        scores = ranker.scores(task.name, int(user[event]), pool, float(task.at[event]))
        place = int(np.searchsorted(pool, target[event]))
        better[row], same[row] = standing(scores, place)
        best = pool[top(scores, LISTED)]
        lists[row, : len(best)] = best
    return Answer(better, same, lists)


def offered(held: HoldOut, task: Task) -> tuple[int, float]:
    """Return how many items were a candidate at all, and how many a list had on average."""
    seen: set[int] = set()
    sizes = []
    days: set[float] = set()
    for event in range(len(task)):
        pool = held.candidates(task, event)
        sizes.append(len(pool))
        if task.name != APPLICATIONS or task.at[event] not in days:
            days.add(float(task.at[event]))
            seen.update(pool.tolist())
    return len(seen), float(np.mean(sizes)) if sizes else 0.0
