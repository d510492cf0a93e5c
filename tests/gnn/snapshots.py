"""Snapshots made by hand, for tests of the arithmetic that need no server."""

from datetime import UTC, date, datetime

import numpy as np

from gnn.snapshot import Edges, Snapshot

EDGES = {
    "mappings": 1,
    "broader": 0,
    "same_skills": 0,
    "requirements": 4,
    "standards": 2,
    "same_clusters": 1,
    "teaching": 1,
    "courses": 2,
    "practice": 1,
    "work": 1,
    "goals": 0,
    "done": 0,
}
NAN = float("nan")


def snapshot(*, units=1, skills=1, clusters=1, resources=1, students=1, postings=(), **edges):
    """Return a snapshot; relationships are given as lists of (start, end, value, ...)."""
    found = {}
    for name, width in EDGES.items():
        rows = edges.pop(name, [])
        columns = list(zip(*rows, strict=True)) or [()] * (2 + width)
        found[name] = Edges.of(*columns)
    assert not edges
    return Snapshot(
        as_of=datetime(2025, 1, 1, tzinfo=UTC),
        data_through=date(2025, 1, 1),
        capabilities=_codes("k", units),
        skills=_codes("s", skills),
        clusters=_codes("j", clusters),
        resources=_codes("r", resources),
        students=_codes("u", students),
        offered=np.ones(resources, bool),
        postings=np.array(postings or [0] * clusters, float),
        **found,
    )


def _codes(letter, count):
    return tuple(f"{letter}:{place:03}" for place in range(count))
