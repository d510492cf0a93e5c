"""The history, held against counts that are made row by row, and against the future."""

from collections import Counter, defaultdict
from dataclasses import fields, is_dataclass
from datetime import date

import numpy as np
import pytest

from cypher.progress import Progress
from gnn.snapshot import last_term, read_history
from gnn.snapshot.gaps import COURSE_STATUS, PRACTICE
from schema.errors import JobError
from tests.gnn.snapshot.worlds import build

SILENT = Progress.silent()
THROUGH = date(2023, 8, 31)


@pytest.fixture
def drawn(graph):
    """A random world."""
    build(graph)
    return graph


def flat(value, name=""):
    """Yield the arrays and texts of a history by name."""
    if is_dataclass(value):
        for each in fields(value):
            yield from flat(getattr(value, each.name), f"{name}.{each.name}")
    elif isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
        for place, each in enumerate(value):
            yield f"{name}.{place}", each.tolist()
    else:
        yield name, value.tolist() if isinstance(value, np.ndarray) else value


def month(day, start):
    """Return the place of a day's month."""
    return (day.year - start.year) * 12 + day.month - start.month


def test_counts_and_requirements_are_those_of_the_rows(drawn):
    """Would catch a posting in the wrong month or cluster, counted twice or lost, and a mean over the wrong number."""
    found = read_history(drawn, through=THROUGH, progress=SILENT)
    rows = drawn.read(
        "MATCH (j:JobCluster)<-[:IN_CLUSTER]-(p:Job) WHERE p.releasedOn <= $day AND j.rule <> 'unclassified' "
        "RETURN j.code AS cluster, p.releasedOn AS day, "
        "COLLECT { MATCH (p)-[r:REQUIRES]->(s:Skill) WHERE r.closedAt IS NULL OR r.closedAt > datetime('2023-09-01') "
        "RETURN [s.code, coalesce(r.optional, false)] } AS skills",
        day=THROUGH,
    )
    assert found.start == min(row["day"].to_native() for row in rows).replace(day=1)
    assert found.through == THROUGH and found.counts.shape == (4, month(THROUGH, found.start) + 1)
    counts, required = Counter(), defaultdict(list)
    for row in rows:
        at = month(row["day"], found.start)
        counts[row["cluster"], at] += 1
        for skill, optional in row["skills"]:
            required[row["cluster"], at, skill].append(optional)
    seen = {(found.clusters[g], t): found.counts[g, t] for g, t in zip(*np.nonzero(found.counts), strict=True)}
    assert seen == counts
    asked = found.requirements
    names = zip(asked.cluster, asked.month, asked.skill, strict=True)
    keys = [(found.clusters[g], int(t), found.skills[s]) for g, t, s in names]
    assert keys == sorted(required) and len(keys) > 50
    assert asked.count.tolist() == [len(required[key]) for key in keys]
    for place, key in enumerate(keys):
        assert asked.optional[place] == pytest.approx(np.mean(required[key]))


def test_records_are_those_of_terms_that_are_over(drawn):
    """Would catch a score that is used before it was given, and places that name another list."""
    found = read_history(drawn, through=THROUGH, progress=SILENT)
    last = last_term(THROUGH, ended=True)
    assert last == "2022-1" and set(found.terms) <= {"2021-1", "2021-2", "2022-1"}
    rows = drawn.read(
        "MATCH (u:Student)-[r:TOOK]->(c) WHERE r.term <= $last AND (u.admittedOn IS NULL OR u.admittedOn <= $day) "
        "RETURN u.code AS u, c.code AS c, r.term AS term, r.score AS score, r.status AS status",
        last=last,
        day=THROUGH,
    )
    took = found.courses
    records = Counter(
        (
            found.students.codes[took.student[n]],
            found.resources[took.resource[n]],
            found.terms[took.term[n]],
            None if np.isnan(took.score[n]) else took.score[n],
            COURSE_STATUS[took.status[n]] if took.status[n] >= 0 else None,
        )
        for n in range(len(took))
    )
    assert records == Counter((row["u"], row["c"], row["term"], row["score"], row["status"]) for row in rows)
    done = found.practice
    rows = drawn.read(
        "MATCH (u:Student)-[r:EARNED|ENTERED|WORKED_ON]->(c) WHERE r.term <= $last "
        "AND (u.admittedOn IS NULL OR u.admittedOn <= $day) RETURN type(r) AS kind, r.result AS result",
        last=last,
        day=THROUGH,
    )
    results = Counter(
        (PRACTICE[kind], found.grades[grade] if grade >= 0 else None if np.isnan(value) else str(value))
        for kind, grade, value in zip(done.kind, done.grade, done.result, strict=True)
    )
    assert results == Counter((row["kind"], {"90": "90.0"}.get(row["result"], row["result"])) for row in rows)


def test_interests_and_aims_reach_the_cluster_of_a_posting(drawn):
    """Would catch an interest that is lost where a posting belongs to two clusters, or counted for a later month."""
    found = read_history(drawn, through=THROUGH, progress=SILENT)
    known = "(u.admittedOn IS NULL OR u.admittedOn <= $day) AND j.rule <> 'unclassified' AND p.releasedOn <= $day"
    rows = drawn.read(
        f"MATCH (u:Student)-[r:INTERACTED]->(p:Job)-[:IN_CLUSTER]->(j:JobCluster) "
        f"WHERE {known} AND date(r.at) <= $day "
        "RETURN u.code AS u, j.code AS j, count(*) AS n",
        day=THROUGH,
    )
    counted = Counter()
    for student, cluster, count in zip(
        found.interests.student, found.interests.cluster, found.interests.count, strict=True
    ):
        counted[found.students.codes[student], found.clusters[cluster]] += count
    assert counted == {(row["u"], row["j"]): row["n"] for row in rows} and counted
    rows = drawn.read(
        "MATCH (u:Student)-[r:AIMS_AT]->(p) WHERE coalesce(r.statedOn <= $day, true) "
        "MATCH (p)-[:IN_CLUSTER*0..1]->(j:JobCluster) WHERE p:JobCluster OR p.releasedOn <= $day "
        "WITH u, j WHERE (u.admittedOn IS NULL OR u.admittedOn <= $day) AND j.rule <> 'unclassified' "
        "RETURN DISTINCT u.code AS u, j.code AS j ORDER BY u, j",
        day=THROUGH,
    )
    aims = [(found.students.codes[u], found.clusters[j]) for u, j in zip(found.aims.start, found.aims.end, strict=True)]
    assert aims == [(row["u"], row["j"]) for row in rows] and aims


def test_nothing_of_later_days_is_read(drawn):
    """Would catch leakage: here everything that is dated later is taken away, and nothing may change."""
    before = dict(flat(read_history(drawn, through=THROUGH, progress=SILENT)))
    drawn.write("MATCH (p:Job) WHERE p.releasedOn > $day DETACH DELETE p", day=THROUGH)
    drawn.write("MATCH (u:Student) WHERE u.admittedOn > $day DETACH DELETE u", day=THROUGH)
    drawn.write(
        "MATCH ()-[r]->() WHERE r.term > '2022-1' OR r.statedOn > $day OR date(r.at) > $day "
        "OR (type(r) IN ['EMPLOYED_AS', 'FOUNDED'] AND r.startedOn > $day) DELETE r",
        day=THROUGH,
    )
    after = dict(flat(read_history(drawn, through=THROUGH, progress=SILENT)))
    assert before.keys() == after.keys() and len(before) > 50
    for name, value in before.items():
        np.testing.assert_equal(after[name], value, err_msg=name)


@pytest.mark.parametrize(
    ("through", "end"),
    [(date(2023, 8, 30), date(2023, 7, 31)), (date(2023, 8, 31), date(2023, 8, 31)), (None, date(2024, 2, 29))],
)
def test_a_history_ends_with_a_month(drawn, through, end):
    """Would catch half a month at the end, which looks like a slump."""
    drawn.write("MATCH (p:Job) WHERE p.releasedOn > date('2024-03-20') DETACH DELETE p")
    assert read_history(drawn, through=through, progress=SILENT).through == end


def test_a_last_week_that_is_missing_is_no_half_month(drawn):
    """Would catch a month that is dropped because its last days brought no posting."""
    drawn.write("MATCH (p:Job {code: 'p:7'}) SET p.releasedOn = date('2024-03-26')")
    assert read_history(drawn, progress=SILENT).through == date(2024, 3, 31)


def test_a_graph_without_postings_is_refused(graph):
    """Would catch an empty array that fails far away."""
    with pytest.raises(JobError, match="load them first"):
        read_history(graph, progress=SILENT)
