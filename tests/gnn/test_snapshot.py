"""Reading the graph: places, order, and what an instant leaves out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypher.progress import Progress
from gnn import snapshot

SILENT = Progress.silent()


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_terms_follow_the_calendar(day):
    """Would catch a term that begins or ends a day early, or a year that is one off."""

    def starts(term):
        year, half = term.split("-")
        return date(int(year), 9, 1) if half == "1" else date(int(year) + 1, 3, 1)

    begun, ended = snapshot.last_term(day, ended=False), snapshot.last_term(day, ended=True)
    assert starts(begun) <= day
    assert starts(ended) < starts(begun)
    assert starts(begun) - starts(ended) < timedelta(days=190)
    assert day - starts(begun) < timedelta(days=185)


def test_codes_are_in_order_and_edges_name_them_by_place(world):
    """Would catch places that belong to another list than the one they are read with."""
    found = snapshot.read(world, progress=SILENT)
    assert found.clusters == ("j:analyst", "j:coder", "j:developer")
    assert found.resources == ("r:certificate", "r:over", "r:python", "r:sql")
    assert found.offered.tolist() == [True, False, True, True]
    assert found.postings.tolist() == [4.0, 0.0, 0.0]
    names = [
        (found.clusters[start], found.skills[end], *values)
        for start, end, *values in zip(
            found.requirements.start, found.requirements.end, *found.requirements.columns, strict=True
        )
    ]
    assert names == [("j:analyst", "s:python", 1.0, 1.0, 1.0, 1.0), ("j:analyst", "s:sql", 0.8, 1.0, 0.0, 2.0)]
    goals = [(found.students[s], found.clusters[j]) for s, j in zip(found.goals.start, found.goals.end, strict=True)]
    assert goals == [("u:1", "j:developer"), ("u:2", "j:analyst")]


@pytest.mark.parametrize(
    ("as_of", "courses", "done"),
    [(date(2023, 8, 31), 0, 0), (date(2023, 9, 1), 0, 1), (date(2024, 2, 29), 0, 1), (date(2024, 3, 1), 1, 1)],
)
def test_results_are_known_when_their_term_is_over(world, as_of, courses, done):
    """Would catch leakage: a score that is used before it was given, or a running course that is offered."""
    found = snapshot.read(world, as_of=as_of, progress=SILENT)
    assert (len(found.courses), len(found.done)) == (courses, done)


def test_open_only_leaves_out_postings_that_are_over(world):
    """Would catch an option that changes the number of postings but not their skills, or the other way round."""
    world.write("MATCH (p:Job {code: 'p:1'}) SET p.closesOn = date('2024-02-01')")
    world.write("MATCH (p:Job {code: 'p:4'}) SET p.closedAt = datetime('2024-05-01T00:00:00Z')")
    found = snapshot.read(world, open_only=True, progress=SILENT)
    assert found.postings[0] == 2
    assert found.requirements.columns[3].tolist() == [1.0, 1.0]
    then = snapshot.read(world, as_of=date(2024, 4, 15), open_only=True, progress=SILENT)
    assert then.postings[0] == 3
