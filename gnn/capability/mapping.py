"""Which capability units a skill counts towards, where its vocabulary says so and where it does not."""

from collections import defaultdict

import numpy as np

from gnn.capability.vectors import Vectors, share
from gnn.snapshot import Edges, Snapshot


def skill_units(snapshot: Snapshot) -> Vectors:
    """Return the weights of capability units for each skill.

    A skill without MAPS_TO takes the mapping of the nearest skill that has one: the same skill in another
    vocabulary, else the broader skills level by level. Of several equally near, each unit takes the largest weight.
    """
    edges = snapshot.mappings
    weights: dict[int, dict[int, float]] = defaultdict(dict)
    for skill, unit, weight in zip(edges.start.tolist(), edges.end.tolist(), share(edges, 0).tolist(), strict=True):
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
