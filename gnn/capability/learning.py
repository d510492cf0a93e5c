"""Decide by what states are computed: parameters learned from what came of students, or the plain rule.

The last part of the time is held out. Parameters are learned on what came before; where they do not foretell the rest
better than the plain rule, the plain rule stays. Where they do, they are learned again on everything.
"""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.capability import entrants
from gnn.capability.judgement import Judgement, Outcomes, judge
from gnn.capability.outcomes import Choices, Facts, Indexes, Marks, choices, marks, scores
from gnn.capability.pieces import Pieces, pieces
from gnn.capability.vectors import Vectors
from gnn.config import GapConfig, StateRule
from gnn.snapshot import Floats, Snapshot

HELD_OUT = 0.25
"""Share of the outcomes that is held out, the last in time."""
LEAST_SCORES, LEAST_CHOICES = 300, 60
"""Outcomes of a kind from which on it is learned from."""
MOST_SCORES, MOST_CHOICES = 15_000, 1_000
"""Outcomes of a kind that are looked at, so that learning takes seconds at any size: there are few parameters."""
AGAIN = 20
"""Steps of the search when parameters are learned again, on all of the time."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of learning.

    Arguments:
        state: parameters; None where the plain rule stays.
        metrics: measured figures by name, for the generation.
    """

    state: StateRule | None
    metrics: dict[str, float]


def learn(
    snapshot: Snapshot,
    config: GapConfig,
    *,
    sources: Vectors,
    demands: Floats,
    known: Pieces | None = None,
    seed: int = 0,
) -> Learned:
    """Learn the parameters of equation 14, and say how good they are.

    Arguments:
        sources: vectors of the sources of evidence.
        demands: b_j. [clusters, units]
        known: evidence; None takes that of the snapshot.
        seed: which outcomes are looked at, where there are too many.
    """
    started = time.monotonic()
    known = pieces(snapshot, config) if known is None else known
    facts = Facts(snapshot, known, sources, demands)
    draw = np.random.default_rng(seed)
    found, entered = marks(snapshot), entrants.entries(snapshot)
    whole = _whole(snapshot, found)
    usable = _of_whole(np.diff(sources.starts)[found.course] > 0, whole[found.student], least=LEAST_SCORES)
    demanding = demands.max(axis=1, initial=0.0) > 0.0
    goals = _of_whole(demanding[entered.cluster], whole[entered.student], least=LEAST_CHOICES)
    days = found.begun[usable] if len(usable) >= LEAST_SCORES else entered.day[goals]
    none = Learned(None, {"stateLearned": 0.0, "stateScores": float(len(usable)), "stateEntries": float(len(goals))})
    if len(usable) < LEAST_SCORES and len(goals) < LEAST_CHOICES:
        return none
    split = float(np.quantile(days, 1.0 - HELD_OUT))
    sides: list[Outcomes] = []
    for later in (False, True):
        mine = usable[(found.begun[usable] >= split) == later]
        ours = goals[(entered.day[goals] >= split) == later]
        sides.append(_outcomes(facts, found, mine, entered=entered, goals=ours, draw=draw))
    past, coming = sides
    if not ((past.scores and coming.scores) or (past.choices and coming.choices)):
        return none
    # torch is slow to import, and not needed where nothing is learned.
    from gnn.capability.fitting import fit  # noqa: PLC0415

    rule = fit(past, known)
    ours, plainly, without = (judge(past, coming, known=known, rule=each) for each in (rule, "plain", None))
    gain = ours.gain(plainly)
    better = gain > 0.0
    if better:
        whole_time = _outcomes(facts, found, usable, entered=entered, goals=goals, draw=draw)
        rule = fit(whole_time, known, start=rule, steps=AGAIN)
    metrics = {
        **none.metrics,
        "stateLearned": float(better),
        **_named("", ours),
        **_named("Plain", plainly),
        **_named("Averages", without),
        "stateGain": gain,
        "stateHeldOutScores": float(ours.scores),
        "stateHeldOutEntries": float(ours.choices),
        "secondsLearning": round(time.monotonic() - started, 3),
    }
    return Learned(rule if better else None, metrics)


def _whole(snapshot: Snapshot, found: Marks) -> NDArray[np.bool_]:
    """Return which students have records from their first term on, as far as anyone knows.

    The evidence of older ones is cut off where the records begin. They know as much with less on record, and would
    teach that only the latest evidence counts.
    """
    if not len(found) or not len(snapshot.admitted):
        return np.ones(len(snapshot.students), bool)
    # Admission and first term may lie some days apart.
    return ~(snapshot.admitted < found.begun.min() - 60.0)


def _of_whole(usable: NDArray[np.bool_], whole: NDArray[np.bool_], *, least: int) -> Indexes:
    """Return places of what is usable and of students with all of their records; if that is too little, of any."""
    best = np.flatnonzero(usable & whole)
    return best if len(best) >= least else np.flatnonzero(usable)


def _named(which: str, found: Judgement) -> dict[str, float]:
    parts = {f"stateScoreError{which}": found.rmse, f"stateEntryLogLikelihood{which}": found.log_likelihood}
    return {name: value for name, value in parts.items() if not np.isnan(value)}


def _outcomes(
    facts: Facts,
    found: Marks,
    places: Indexes,
    *,
    entered: entrants.Entries,
    goals: Indexes,
    draw: np.random.Generator,
) -> Outcomes:
    some = _some_students(found, places, draw=draw)
    few = np.sort(draw.permutation(goals)[:MOST_CHOICES])
    enough = len(some) >= LEAST_SCORES * HELD_OUT
    chosen: Choices | None = choices(facts, entered, few) if len(few) >= LEAST_CHOICES * HELD_OUT else None
    return Outcomes(scores(facts, found, some) if enough else None, chosen)


def _some_students(found: Marks, places: Indexes, *, draw: np.random.Generator) -> Indexes:
    """Return the marks of as many drawn students as stay within MOST_SCORES: states are per student and term."""
    if len(places) <= MOST_SCORES:
        return places
    student = found.student[places]
    order = draw.permutation(int(student.max()) + 1)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.sort(places[np.argsort(rank[student], kind="stable")[:MOST_SCORES]])
