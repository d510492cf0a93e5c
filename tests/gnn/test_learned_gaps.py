"""The gap job where there is enough to learn from: a drawn university on the real server."""

import json

import numpy as np
import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import capability, snapshot
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from schema import scoring
from tests.gnn.test_capability_learning import FIRST, university

SILENT = Progress.silent()
NODES = """
UNWIND $units AS code CREATE (unit:Capability {code: code}) CREATE (skill:Skill {code: replace(code, 'k', 's')})
CREATE (skill)-[:MAPS_TO {weight: 1.0}]->(unit)
CREATE (cluster:JobCluster {code: replace(code, 'k', 'j'), rule: 'occupation'})
CREATE (cluster)-[:TYPICALLY_REQUIRES {level: 0.9, essential: true}]->(skill)
CREATE (:Major {code: replace(code, 'k', 'm')})
"""
STUDENTS = """
UNWIND $rows AS row MATCH (major:Major {code: row[1]})
CREATE (:Student {code: row[0], admissionScore: 60.0, admittedOn: date('2020-09-01')})-[:STUDIES]->(major)
"""
COURSES = "UNWIND $codes AS code CREATE (:Resource:Course {code: code})"
TEACHES = """
UNWIND $rows AS row MATCH (course:Resource {code: row[0]}), (skill:Skill {code: row[1]})
CREATE (course)-[:TEACHES {level: row[2]}]->(skill)
"""
TOOK = """
UNWIND $rows AS row MATCH (student:Student {code: row[0]}), (course:Resource {code: row[1]})
CREATE (student)-[:TOOK {score: row[2], status: row[3], attendance: row[4], term: row[5]}]->(course)
"""
WORK = """
UNWIND $rows AS row MATCH (student:Student {code: row[0]}), (cluster:JobCluster {code: row[1]})
CREATE (student)-[:EMPLOYED_AS {startedOn: date(row[2]), status: 'employed'}]->(cluster)
"""


def term(number):
    return f"{int(number) // 2}-{int(number) % 2 + 1}"


@pytest.fixture
def drawn(graph: Graph) -> Graph:
    """The drawn university of the learning tests, with fewer students."""
    world, _ = university(60)
    students, courses = world.students, world.resources
    graph.write(NODES, units=list(world.capabilities))
    graph.write(STUDENTS, rows=[[code, world.majors[place]] for code, place in zip(students, world.major, strict=True)])
    graph.write(COURSES, codes=list(courses))
    edges = world.teaching
    rows = zip(edges.start, edges.end, edges.columns[0], strict=True)
    graph.write(TEACHES, rows=[[courses[start], world.skills[end], float(level)] for start, end, level in rows])
    edges = world.courses
    graph.write(
        TOOK,
        rows=[
            [students[start], courses[end], score, snapshot.COURSE_STATUS[int(status)], attendance, term(number)]
            for start, end, score, status, attendance, number in zip(
                edges.start, edges.end, *(each.tolist() for each in edges.columns), strict=True
            )
        ],
    )
    edges = world.work
    days = [str(np.datetime64("0001-01-01") + int(day) - 1) for day in edges.columns[3]]
    work = zip(edges.start, edges.end, days, strict=True)
    graph.write(WORK, rows=[[students[start], world.clusters[end], day] for start, end, day in work])
    return graph


def test_numbers_can_be_recomputed_from_what_is_stored(drawn):
    """Would catch states that are learned and not kept, kept and not used, or kept with fewer digits than used."""
    report = compute_gaps(drawn, GapConfig(least_units=1), progress=SILENT)
    assert report.metrics["stateLearned"] == 1.0
    [row] = drawn.read(
        "MATCH (g:Generation {code: $code}) RETURN g.config AS config, g.metrics AS metrics", code=report.generation
    )
    assert json.loads(row["metrics"])["stateScoreError"] < json.loads(row["metrics"])["stateScoreErrorPlain"]
    config = GapConfig.of(row["config"])
    assert config.state is not None
    world = snapshot.read(drawn, half_life=config.half_life, progress=SILENT)
    mapping = capability.skill_units(world)
    demands = capability.demands(world, config, mapping=mapping)
    supply = capability.supply(world, config, mapping=mapping, demands=demands)
    sources = supply.over(demands).over(capability.industries(world, config, demands=demands))
    states = capability.States.of(world, config, sources=sources, demands=demands.dense())
    expected = states.levels(np.arange(len(world.students))).dense()
    stored = np.zeros_like(expected)
    students = {code: place for place, code in enumerate(world.students)}
    units = {code: place for place, code in enumerate(world.capabilities)}
    for each in drawn.read(
        "MATCH (s:Student)-[h:HAS_CAPABILITY {generation: $g}]->(k) RETURN s.code AS s, k.code AS k, h.level AS level",
        g=report.generation,
    ):
        stored[students[each["s"]], units[each["k"]]] = each["level"]
    assert stored == pytest.approx(expected, abs=1e-12)
    # A second run with these settings learns nothing, and says the same.
    again = compute_gaps(drawn, config, progress=SILENT)
    assert "secondsLearning" not in again.metrics
    assert again.metrics["meanGap"] == pytest.approx(report.metrics["meanGap"], abs=1e-12)


def test_shortfalls_sum_to_the_gap_and_follow_the_levels(drawn):
    """Would catch gaps of learned states that are told by other levels than those stored."""
    report = compute_gaps(drawn, GapConfig(least_units=1, goals=2), progress=SILENT)
    rows = drawn.read(
        """
        MATCH (s:Student)-[:HAS_GAP {generation: $g}]->(gap:Gap)-[:TOWARD]->(j:JobCluster)
        RETURN gap.value AS value, COLLECT { MATCH (gap)-[l:LACKS]->() RETURN l.amount } AS amounts,
          COLLECT { MATCH (s)-[h:HAS_CAPABILITY {generation: $g}]->(k) RETURN [k.code, h.level] } AS held,
          COLLECT { MATCH (j)-[d:DEMANDS {generation: $g}]->(k) RETURN [k.code, d.level] } AS demanded
        """,
        g=report.generation,
    )
    assert len(rows) == report.metrics["gaps"] > 60
    for row in rows:
        assert sum(row["amounts"]) == pytest.approx(row["value"], abs=1e-6)
        assert scoring.gap(dict(row["demanded"]), dict(row["held"])) == pytest.approx(row["value"], abs=1e-6)


def test_the_snapshot_holds_what_the_graph_says(drawn):
    """Would catch a column of a query that is read as another, or terms and days that are one off."""
    world, _ = university(60)
    found = snapshot.read(drawn, progress=SILENT)
    for name in ("courses", "work", "teaching"):
        one, other = getattr(found, name), getattr(world, name)
        assert (one.start.tolist(), one.end.tolist()) == (other.start.tolist(), other.end.tolist())
        for read, drawn_ in zip(one.columns, other.columns, strict=True):
            assert read == pytest.approx(drawn_, nan_ok=True)
    assert found.major.tolist() == world.major.tolist()
    assert found.admission == pytest.approx(world.admission)
    assert set(found.kinds.tolist()) == {0}
    first = snapshot.term_start(np.array([float(FIRST)]))[0]
    assert set(found.admitted.tolist()) == {first}


def test_plain_settings_learn_nothing(drawn):
    """Would catch an option that does not reach the job."""
    report = compute_gaps(drawn, GapConfig.plain(least_units=1), progress=SILENT)
    assert report.metrics["stateLearned"] == 0.0
    assert "secondsLearning" not in report.metrics
