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
    "courses": 4,
    "practice": 3,
    "work": 4,
    "goals": 0,
    "done": 0,
    "targets": 0,
    "signings": 1,
    "ventures": 1,
    "industry_clusters": 1,
    "engagements": 2,
}
NAN = float("nan")


def snapshot(
    *,
    units=1,
    skills=1,
    clusters=1,
    resources=1,
    students=1,
    majors=0,
    industries=0,
    postings=(),
    kinds=(),
    major=(),
    admission=(),
    admitted=(),
    **edges,
):
    """Return a snapshot; relationships are given as lists of (start, end, value, ...), values left out as unknown."""
    found = {}
    for name, width in EDGES.items():
        rows = [(*row, *[NAN] * (2 + width - len(row))) for row in edges.pop(name, [])]
        found[name] = Edges.of(*(list(zip(*rows, strict=True)) or [()] * (2 + width)))
    assert not edges
    return Snapshot(
        as_of=datetime(2025, 1, 1, tzinfo=UTC),
        data_through=date(2025, 1, 1),
        capabilities=_codes("k", units),
        skills=_codes("s", skills),
        clusters=_codes("j", clusters),
        resources=_codes("r", resources),
        students=_codes("u", students),
        majors=_codes("m", majors),
        industries=_codes("i", industries),
        offered=np.ones(resources, bool),
        postings=np.array(postings or [0] * clusters, float),
        kinds=np.array(kinds or [-1] * resources, np.int32),
        audiences=("",) * resources,
        major=np.array(major or [-1] * students, np.int32),
        admission=np.array(admission or [NAN] * students, float),
        admitted=np.array(admitted or [NAN] * students, float),
        **found,
    )


def _codes(letter, count):
    return tuple(f"{letter}:{place:03}" for place in range(count))
