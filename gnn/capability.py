"""Capability vectors by plain aggregation: what clusters demand, resources supply and students can do (equation 14).

All three are vectors over the same capability units. One rule, the noisy-or, brings many pieces of evidence of a
unit together: it never falls when evidence is added, and it stays within 0 and 1. Later jobs put learned vectors in
the place of these.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnn.config import GapConfig
from gnn.snapshot import COURSE_STATUS, PRACTICE, WORK, Edges, Floats, Places, Snapshot


@dataclass(frozen=True, slots=True)
class Vectors:
    """Sparse vectors of levels, one after the other (compressed rows).

    Arguments:
        starts: where each vector begins in the other two, and where the last one ends.
        units: places of capability units, rising within a vector.
        levels: level of each, above 0, to 1.
        size: number of capability units.
    """

    starts: NDArray[np.int64]
    units: Places
    levels: Floats
    size: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def dense(self) -> Floats:
        """Return the vectors as a matrix."""
        matrix = np.zeros((len(self), self.size))  # [vectors, units]
        matrix[np.repeat(np.arange(len(self)), np.diff(self.starts)), self.units] = self.levels
        return matrix

    def take(self, places: Places) -> tuple[NDArray[np.int64], Places, Floats]:
        """Return the entries of the vectors at ``places``: index into ``places``, unit, level."""
        lengths = self.starts[places + 1] - self.starts[places]
        index = np.repeat(np.arange(len(places)), lengths)
        within = np.arange(len(index)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        entries = self.starts[places][index] + within
        return index, self.units[entries], self.levels[entries]

    def above(self, least: float) -> "Vectors":
        """Return the vectors without levels below ``least``."""
        kept = self.levels >= least
        before = np.concatenate(([0], np.cumsum(kept)))
        return Vectors(before[self.starts], self.units[kept], self.levels[kept], self.size)

    def over(self, other: "Vectors") -> "Vectors":
        """Return these vectors followed by those of ``other``."""
        return Vectors(
            np.concatenate((self.starts, other.starts[1:] + self.starts[-1])),
            np.concatenate((self.units, other.units)),
            np.concatenate((self.levels, other.levels)),
            self.size,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the abilities of students, ordered by student.

    Arguments:
        student: place of the student.
        source: place of a vector in the sources: a resource, or behind the resources a job cluster.
        strength: share of the vector that the student proves, 0 to 1.
    """

    student: Places
    source: Places
    strength: Floats


def noisy_or(rows: NDArray[np.integer], units: Places, shares: Floats, *, shape: tuple[int, int]) -> Vectors:
    """Return the level of each unit in each row when every share is evidence by itself.

    Equation: level of (row, unit) = 1 - product over its shares of (1 - share).

    Arguments:
        rows, units, shares: parallel arrays; shares 0 to 1.
        shape: number of rows and of capability units.

    >>> import numpy as np
    >>> noisy_or(np.array([0, 0]), np.array([1, 1]), np.array([0.5, 0.5]), shape=(1, 2)).dense()
    array([[0.  , 0.75]])
    """
    present = shares > 0.0
    keys = rows[present].astype(np.int64) * shape[1] + units[present]
    keys, levels = _grouped(keys, shares[present])
    starts = np.searchsorted(keys, np.arange(shape[0] + 1, dtype=np.int64) * shape[1])
    return Vectors(starts, (keys % shape[1]).astype(np.int32), levels, shape[1])


def _grouped(keys: NDArray[np.int64], shares: Floats) -> tuple[NDArray[np.int64], Floats]:
    if not len(keys):
        return keys, np.empty(0)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    with np.errstate(divide="ignore"):  # a share of 1 is certain: log 0 is minus infinity, and the level 1
        logs = np.log1p(-np.minimum(shares[order], 1.0))
    return keys[first], -np.expm1(np.add.reduceat(logs, first))


def skill_units(snapshot: Snapshot) -> Vectors:
    """Return the weights of capability units for each skill.

    A skill without MAPS_TO takes the mapping of the nearest skill that has one: the same skill in another
    vocabulary, else the broader skills level by level. Of several equally near, each unit takes the largest weight.
    """
    edges = snapshot.mappings
    weights: dict[int, dict[int, float]] = defaultdict(dict)
    for skill, unit, weight in zip(edges.start.tolist(), edges.end.tolist(), _share(edges, 0).tolist(), strict=True):
        weights[skill][unit] = max(weight, weights[skill].get(unit, 0.0))
    broader, same = _neighbours(snapshot.broader), _neighbours(snapshot.same_skills, both=True)
    rows: list[tuple[int, int, float]] = []
    for skill in range(len(snapshot.skills)):
        merged: dict[int, float] = {}
        for near in _nearest(skill, frozenset(weights), broader=broader, same=same):
            for unit, weight in weights[near].items():
                merged[unit] = max(weight, merged.get(unit, 0.0))
        rows.extend((skill, unit, weight) for unit, weight in sorted(merged.items()) if weight > 0.0)
    skills, units, levels = (np.array(each) for each in zip(*rows, strict=True)) if rows else (np.empty(0),) * 3
    starts = np.searchsorted(skills, np.arange(len(snapshot.skills) + 1))
    return Vectors(starts, units.astype(np.int32), levels.astype(float), len(snapshot.capabilities))


def _nearest(
    skill: int, mapped: frozenset[int], *, broader: dict[int, set[int]], same: dict[int, set[int]]
) -> list[int]:
    seen: set[int] = set()
    frontier = {skill}
    while frontier:
        for step in (frontier, {twin for each in frontier for twin in same.get(each, ())} - seen - frontier):
            found = step & mapped
            if found:
                return sorted(found)
            seen |= step
            frontier = frontier | step
        frontier = {above for each in frontier for above in broader.get(each, ())} - seen
    return []


def _neighbours(edges: Edges, *, both: bool = False) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for start, end in zip(edges.start.tolist(), edges.end.tolist(), strict=True):
        found[start].add(end)
        if both:
            found[end].add(start)
    return found


def _share(edges: Edges, column: int) -> Floats:
    """Return a column as shares: nothing known is 0, and what lies outside 0 to 1 is cut."""
    return np.clip(np.nan_to_num(edges.columns[column], nan=0.0), 0.0, 1.0)


def skill_demands(snapshot: Snapshot, config: GapConfig) -> tuple[Places, Places, Floats]:
    """Return clusters, skills and levels of demand, 0 to 1.

    Equation: x_js = (sum over postings of level * confidence * o + m * t_js) / (n_j + m), where o is
    ``config.optional`` for a skill that is a plus and 1 for a must, n_j the number of postings, t_js the level that
    the occupation standard of the cluster states (optional ones times ``config.optional``; of a cluster that is the
    same in another standard, times how sure that is), and m is ``config.pseudo_count`` where a standard says
    anything about the cluster, else 0. So a standard speaks where postings are few and fades as they grow.
    """
    stated, standard = snapshot.requirements, snapshot.standards
    sums = _share(stated, 0) * _share(stated, 1) * np.where(stated.columns[2] > 0, config.optional, 1.0)
    levels = _share(standard, 0) * np.where(standard.columns[1] > 0, 1.0, config.optional)
    clusters, skills, levels = _with_same(snapshot, standard, levels)
    skill_count = max(1, len(snapshot.skills))
    own = stated.start.astype(np.int64) * skill_count + stated.end
    other = clusters.astype(np.int64) * skill_count + skills
    keys, place = np.unique(np.concatenate((own, other)), return_inverse=True)
    total, typical = np.zeros(len(keys)), np.zeros(len(keys))
    np.add.at(total, place[: len(own)], sums * stated.columns[3])
    np.maximum.at(typical, place[len(own) :], levels)
    cluster = (keys // skill_count).astype(np.int32)
    pseudo = np.zeros(len(snapshot.clusters))
    pseudo[clusters] = config.pseudo_count
    whole = (snapshot.postings + pseudo)[cluster]
    demand = np.divide(total + pseudo[cluster] * typical, whole, out=np.zeros(len(keys)), where=whole > 0)
    return cluster, (keys % skill_count).astype(np.int32), np.minimum(demand, 1.0)


def _with_same(snapshot: Snapshot, standard: Edges, levels: Floats) -> tuple[Places, Places, Floats]:
    """Return the statements of the standards, and each once more for the clusters of the same meaning."""
    same = snapshot.same_clusters
    sure = _share(same, 0)
    by_start = np.searchsorted(standard.start, np.arange(len(snapshot.clusters) + 1))
    starts, ends, values = [standard.start], [standard.end], [levels]
    both = zip((*same.start, *same.end), (*same.end, *same.start), (*sure, *sure), strict=True)
    for one, other, score in both:
        span = slice(by_start[other], by_start[other + 1])
        ends.append(standard.end[span])
        starts.append(np.full(len(ends[-1]), one, np.int32))
        values.append(levels[span] * score)
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(values)


def demands(snapshot: Snapshot, config: GapConfig, *, mapping: Vectors) -> Vectors:
    """Return b_j of each cluster: b_jk = 1 - product over skills of (1 - x_js * w_sk), x from `skill_demands`.

    Arguments:
        mapping: weights w_sk, from `skill_units`.
    """
    clusters, skills, levels = skill_demands(snapshot, config)
    index, units, weights = mapping.take(skills)
    shape = (len(snapshot.clusters), len(snapshot.capabilities))
    return noisy_or(clusters[index], units, levels[index] * weights, shape=shape).above(config.least_level)


def supply(snapshot: Snapshot, config: GapConfig, *, mapping: Vectors) -> Vectors:
    """Return c_r of each resource: c_rk = 1 - product over the skills it teaches of (1 - level_rs * w_sk)."""
    index, units, weights = mapping.take(snapshot.teaching.end)
    shares = _share(snapshot.teaching, 0)[index] * weights
    shape = (len(snapshot.resources), len(snapshot.capabilities))
    return noisy_or(snapshot.teaching.start[index], units, shares, shape=shape).above(config.least_level)


def evidence(snapshot: Snapshot, config: GapConfig) -> Evidence:
    """Return what speaks for the abilities of students.

    Strength of a course: score / 100 where it was completed (``config.unscored`` without a score), else 0; of a
    certificate, a competition, a project or practicum, an internship and a job: the shares in ``config``. A course
    without a status counts as completed if it has a score. What a student did twice counts once, by its best.
    """
    courses = snapshot.courses
    score, status = courses.columns
    completed = (status == COURSE_STATUS.index("completed")) | (np.isnan(status) & ~np.isnan(score))
    course = np.where(np.isnan(score), config.unscored, np.clip(np.nan_to_num(score) / 100.0, 0.0, 1.0)) * completed
    practice = _by_kind(
        snapshot.practice, PRACTICE, {"EARNED": config.earned, "ENTERED": config.entered, "WORKED_ON": config.worked_on}
    )
    work = _by_kind(snapshot.work, WORK, {"INTERNED_AT": config.interned, "EMPLOYED_AS": config.employed})
    student = np.concatenate((courses.start, snapshot.practice.start, snapshot.work.start)).astype(np.int64)
    source = np.concatenate((courses.end, snapshot.practice.end, snapshot.work.end + len(snapshot.resources)))
    sources = len(snapshot.resources) + len(snapshot.clusters)
    keys, place = np.unique(student * max(1, sources) + source, return_inverse=True)
    strength = np.zeros(len(keys))
    np.maximum.at(strength, place, np.concatenate((course, practice, work)))
    kept = strength > 0.0
    keys = keys[kept]
    return Evidence(
        (keys // max(1, sources)).astype(np.int32), (keys % max(1, sources)).astype(np.int32), strength[kept]
    )


def _by_kind(edges: Edges, kinds: tuple[str, ...], shares: dict[str, float]) -> Floats:
    return np.array([shares[kind] for kind in kinds])[edges.columns[0].astype(np.int32)]


def abilities(known: Evidence, config: GapConfig, *, sources: Vectors, first: int, last: int) -> Vectors:
    """Return a_u of the students from ``first`` up to ``last``, exclusive.

    Equation: a_uk = 1 - product over evidence e of (1 - q_ue * c_ek), where q is the strength of the evidence and c
    the vector of its source: what the resource supplies, or what the job cluster demands.

    Arguments:
        known: from `evidence`.
        sources: vectors of the resources, then of the clusters.
        first, last: places of students.
    """
    span = slice(*np.searchsorted(known.student, (first, last)))
    index, units, levels = sources.take(known.source[span])
    students = (known.student[span] - first)[index]
    shares = known.strength[span][index] * levels
    return noisy_or(students, units, shares, shape=(last - first, sources.size)).above(config.least_level)
