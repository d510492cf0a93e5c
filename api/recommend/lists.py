"""The lists of a student: computed greedily (equation 20), or as the jobs stored them; and what is kept out of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from api.recommend import candidates
from api.recommend.candidates import Candidates
from api.recommend.facts import Goal, Own
from api.recommend.pool import NEVER, Flags, Pool, Postings
from api.recommend.settings import Days
from schema.ranking import TERMS, ScoreWeights, redundancy, score
from schema.scoring import DECIMALS


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item of a list.

    Arguments:
        rank: place in the list, from 1.
        score: R' of equation 20.
        item, kind: code of the item, and "Job" or the kind of the resource.
        goal: code of the job cluster that it leads to.
        terms: values, in the order of `schema.ranking.TERMS`; with the weights they sum to the score.
        gap: d, the student's gap toward the goal.
        provisional: whether it rests on what the generation does not know.
        closes: last day to apply; None where none is named.
        gates: names of the gates that keep it out, and what they ask for; empty in a list.
    """

    rank: int
    score: float
    item: str
    kind: str
    goal: str
    terms: tuple[float, ...]
    gap: float
    provisional: bool
    closes: date | None = None
    gates: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> float:
        """Return the value of a term."""
        return self.terms[TERMS.index(name)]


def computed(
    pool: Pool,
    own: Own,
    path: str,
    *,
    days: Days,
    region: str | None = None,
    without: Collection[str] = (),
) -> list[Ranked]:
    """Return a list of a student.

    Arguments:
        pool: the snapshot.
        own: the student.
        path: one of `schema.ranking.PATHS`.
        days: of the generation.
        region: the only region that the student wants to work in; None for all.
        without: codes of items that have just been found to be over.
    """
    found = _candidates(pool, own, path, days=days, region=region)
    rules = pool.rules.ranking
    barred = np.zeros(len(found), bool)
    barred[list(found.gates)] = True
    if without:
        barred |= np.array([code in without for code in found.codes], bool)
    picked = ordered(found, rules.weights[path], most=rules.listed, barred=barred)
    return [
        _ranked(found, own, place, rank=rank, score_=score_, alike=alike)
        for rank, (place, score_, alike) in enumerate(picked, start=1)
    ]


def _candidates(pool: Pool, own: Own, path: str, *, days: Days, region: str | None) -> Candidates:
    if path == "JOB":
        return candidates.postings(pool, own, days, region=region)
    return candidates.resources(pool, own, path)


def ordered(found: Candidates, weights: ScoreWeights, *, most: int, barred: Flags) -> list[tuple[int, float, float]]:
    """Return place, score and redundancy of the items of a list, best first.

    Again and again the item with the largest score is picked, the redundancy of the rest counted anew.

    Arguments:
        found: candidates, in the order that settles ties.
        weights: of the terms.
        most: length of the list.
        barred: candidates that a gate keeps out.
    """
    alike = found.seen.copy()
    plain = score([*found.terms, 0.0], weights)  # [candidates]
    now = np.round(plain - weights.redundancy * redundancy(alike)[found.groups], DECIMALS)
    now[barred] = -np.inf
    picked: list[tuple[int, float, float]] = []
    for _ in range(min(most, int((~barred).sum()))):
        best = int(np.argmax(now))
        group = int(found.groups[best])
        picked.append((best, float(now[best]), float(redundancy(alike[group]))))
        now[best] = -np.inf
        alike[group] += 1.0
        # Only what is like the picked one has become more of the same.
        like = np.flatnonzero((found.groups == group) & (now > -np.inf))
        now[like] = np.round(plain[like] - weights.redundancy * redundancy(alike[group]), DECIMALS)
    return picked


def _ranked(found: Candidates, own: Own, place: int, *, rank: int, score_: float, alike: float) -> Ranked:
    goal = own.goals[int(found.goals[place])]
    return Ranked(
        rank,
        score_,
        found.codes[place],
        found.kinds[place],
        goal.code,
        (*found.terms[:, place].tolist(), alike),
        goal.value,
        own.provisional or bool(found.fresh[place]),
        None if found.closes[place] == NEVER else date.fromordinal(int(found.closes[place])),
        tuple(found.gates.get(place, ())),
    )


def excluded(
    pool: Pool,
    own: Own,
    path: str,
    *,
    days: Days,
    most: int,
    region: str | None = None,
    closed: Postings | None = None,
) -> list[Ranked]:
    """Return what a gate keeps out of a list, by the score that it would have had above all others, best first.

    Arguments:
        pool, own, path, days, region: as of `computed`.
        most: items at most.
        closed: postings that are over.
    """
    parts = [_candidates(pool, own, path, days=days, region=region)]
    if path == "JOB" and closed is not None:
        parts.append(candidates.postings(pool, own, days, region=region, among=closed))
    weights = pool.rules.ranking.weights[path]
    out: list[Ranked] = []
    for found in parts:
        repeated = redundancy(found.seen)[found.groups] if len(found) else np.zeros(0)
        scores = np.round(score([*found.terms, repeated], weights), DECIMALS) if len(found) else np.zeros(0)
        out += [
            _ranked(found, own, place, rank=0, score_=float(scores[place]), alike=float(repeated[place]))
            for place in found.gates
        ]
    once = {each.item: each for each in out}
    best = sorted(once.values(), key=lambda each: (-each.score, each.item))
    return [replace(each, rank=rank) for rank, each in enumerate(best[:most], start=1)]


def stored(rows: Sequence[Mapping[str, Any]], path: str) -> list[Ranked]:
    """Return a list as the jobs stored it.

    Arguments:
        rows: of the column recommended of ``serve/student-facts``.
        path: one of `schema.ranking.PATHS`.
    """
    return [
        Ranked(
            row["rank"],
            row["score"],
            row["item"],
            row["kind"],
            row["goal"],
            tuple(row["terms"]),
            row["gap"],
            provisional=False,
            closes=None if row["closesOn"] is None else row["closesOn"].to_native(),
        )
        for row in rows
        if row["path"] == path and row["goal"] is not None and row["terms"] is not None
    ]


def stands(rows: Sequence[Mapping[str, Any]], path: str, *, pool: Pool, own: Own) -> bool:
    """Say whether a stored list is still what would be computed: nothing came, nothing went, nothing was done.

    Arguments:
        rows: of the column recommended of ``serve/student-facts``.
        path: one of `schema.ranking.PATHS`.
        pool: the snapshot.
        own: the student.
    """
    listed = [row for row in rows if row["path"] == path]
    if not listed or own.provisional:
        return False
    if any(not row["open"] or row["item"] in own.used or row["item"] in own.done for row in listed):
        return False
    return path != "JOB" or not _arrivals(pool, own.goals)


def _arrivals(pool: Pool, goals: Sequence[Goal]) -> bool:
    starts = pool.postings.starts
    return any(pool.postings.arrived[starts[goal.place] : starts[goal.place + 1]].any() for goal in goals)
