"""The comparison of two variants: what it finds, how wide its interval is, and what it counts."""

import numpy as np
import pytest

from cypher.graph import Graph
from cypher.server import Connection
from gnn.comparison import compare
from gnn.jobs.comparing import compare_variants
from schema.errors import JobError

SHOWING = """
UNWIND $rows AS row
MERGE (student:Student {code: row.student})
MERGE (job:Job {code: row.job})
CREATE (student)-[:SHOWN {key: row.key, at: datetime('2026-03-01T08:00Z'), path: 'JOB', rank: 1, experiment: 'spring',
                          variant: row.variant}]->(job)
WITH student, job, row WHERE row.kind IS NOT NULL
CREATE (student)-[:INTERACTED {key: row.key, kind: row.kind, at: datetime(row.at)}]->(job)
"""


def _drawn(seed: int, lift: float, students: int = 400) -> tuple[list[str], list[int], list[int]]:
    drawn = np.random.default_rng(seed)
    variants = ["A", "B"] * (students // 2)
    shown = drawn.integers(5, 40, students)
    rates = np.clip(drawn.beta(2, 18, students) + lift * (np.array(variants) == "B"), 0, 1)
    return variants, shown.tolist(), drawn.binomial(shown, rates).tolist()


def test_interval_holds_the_true_difference_as_often_as_it_says() -> None:
    """Counting items in place of students makes the interval too narrow; a wrong sign turns it round."""
    held = sum(found.low <= 0.03 <= found.high for found in (compare(*_drawn(seed, 0.03)) for seed in range(300)))
    assert 0.90 <= held / 300 <= 0.99


def test_difference_that_is_there_is_found() -> None:
    """A comparison that never decides would pass for a cautious one."""
    assert compare(*_drawn(1, 0.08)).decided and compare(*_drawn(1, 0.08)).difference > 0
    assert not compare(*_drawn(1, 0.0)).decided


def test_one_student_more_active_than_all_others_counts_once() -> None:
    """Rates of all items together would follow the one student who is shown most."""
    found = compare(["A", "A", "B", "B"], [10, 10, 10, 10_000], [1, 1, 1, 10_000])
    assert found.b.rate == pytest.approx((0.1 + 1.0) / 2)


def test_too_few_students_are_refused() -> None:
    """One student has no spread: an interval of nothing would look like certainty."""
    with pytest.raises(JobError, match="variant B"):
        compare(["A", "A", "B"], [1, 1, 1], [0, 1, 0])


def test_only_what_came_after_the_showing_counts(empty_graph: Connection) -> None:
    """An application of last year, a look, or one long after would be credited to the list."""
    cases = (
        ("s1", "A", "apply", "2026-03-02T08:00Z"),  # counts
        ("s2", "A", "apply", "2026-02-27T08:00Z"),  # before
        ("s3", "B", "view", "2026-03-02T08:00Z"),  # only looked
        ("s4", "B", "bookmark", "2026-03-14T08:00Z"),  # counts
        ("s5", "B", "apply", "2026-03-20T08:00Z"),  # too late
        ("s6", "B", None, None),
    )
    names = ("student", "variant", "kind", "at")
    rows = [dict(zip(names, case, strict=True)) | {"job": f"j{case[0]}", "key": f"k{case[0]}"} for case in cases]
    with Graph.open() as graph:
        graph.write(SHOWING, rows=rows)
        found = compare_variants(graph, "spring")
        with pytest.raises(JobError, match="autumn"):
            compare_variants(graph, "autumn")
    assert (found.a.students, found.a.taken, found.b.students, found.b.taken) == (2, 1, 4, 1)
