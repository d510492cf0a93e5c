"""The gap job on the drawn world: every number by hand, and what it says where there is nothing to compute on."""

import math
from datetime import date

import pytest

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.config import GapConfig
from gnn.jobs import compute_gaps, update_gaps
from gnn.writeback import active
from schema import scoring
from schema.errors import JobError

SILENT = Progress.silent()
NARROW = GapConfig.plain(least_units=1)  # the drawn clusters demand one unit or two
ANALYST = {"k:code": 0.1, "k:data": 0.4375}
DEVELOPER = {"k:code": 0.52, "k:data": 0.34375}
CODER = {"k:code": 0.28, "k:data": 1 - 0.875 * 0.9375}
SUPPLIES = {
    "r:sql": {"k:data": 0.5},
    "r:python": {"k:code": 0.4, "k:data": 0.25},
    "r:certificate": {"k:data": 1.0},
    "r:over": {"k:code": 0.8, "k:data": 0.5},
}


def levels(graph: Graph, label: str, type_: str, generation: str):
    """Return {code: {unit: level}} of a derived relationship type."""
    rows = graph.read(
        f"MATCH (n:{label})-[r:{type_} {{generation: $g}}]->(k) "
        "RETURN n.code AS code, k.code AS unit, r.level AS level",
        g=generation,
    )
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        found.setdefault(row["code"], {})[row["unit"]] = row["level"]
    return found


def gaps(graph: Graph):
    """Return (student, cluster, rank, own goal, match, value) of the active generation, in order."""
    return [
        tuple(row)
        for row in graph.read(
            "MATCH (:ActivePointer {code: 'active'})-[:POINTS_AT]->(g:Generation) "
            "MATCH (s:Student)-[:HAS_GAP {generation: g.code}]->(gap:Gap {generation: g.code})-[:TOWARD]->(j) "
            "RETURN s.code, j.code, gap.rank, gap.ownGoal, gap.match, gap.value ORDER BY s.code, gap.rank"
        )
    ]


def chain(graph: Graph, student: str, cluster: str):
    """Return the chain of the active generation."""
    [row] = graph.read(query("explain/chain"), student=student, cluster=cluster)
    return row


def cosine(left, right):
    """Return the cosine of two vectors, written out."""
    product = sum(level * right.get(unit, 0.0) for unit, level in left.items())
    return product / math.sqrt(sum(x * x for x in left.values()) * sum(x * x for x in right.values()))


def test_capability_vectors_are_those_worked_out_by_hand(world):
    """Would catch a wrong aggregation anywhere between posting, standard, course and capability unit."""
    report = compute_gaps(world, NARROW, progress=SILENT)
    expected = {"j:analyst": ANALYST, "j:developer": DEVELOPER, "j:coder": CODER}
    for label, type_, vectors in (
        ("JobCluster", "DEMANDS", expected),
        ("Resource", "IMPROVES", SUPPLIES),
        ("Student", "HAS_CAPABILITY", {"u:1": {"k:data": 0.4}}),
    ):
        found = levels(world, label, type_, report.generation)
        assert found == {code: pytest.approx(vector, abs=1e-12) for code, vector in vectors.items()}


def test_gaps_are_those_worked_out_by_hand(world):
    """Would catch a goal that is not first though stated, a posting not read as its cluster, or a wrong order."""
    compute_gaps(world, NARROW, progress=SILENT)
    held, whole = {"k:data": 0.4}, {"j:analyst": ANALYST, "j:coder": CODER, "j:developer": DEVELOPER}
    # Nobody came to any cluster yet: what a student holds of it tells how likely it is; codes, where that is nothing.
    expected = [
        ("u:1", "j:developer", 1, True, cosine(held, DEVELOPER), 0.52),
        ("u:1", "j:analyst", 2, False, cosine(held, ANALYST), 0.1375),
        ("u:1", "j:coder", 3, False, cosine(held, CODER), 0.28),
        ("u:2", "j:analyst", 1, True, 0.0, 0.5375),
        ("u:2", "j:coder", 2, False, 0.0, sum(CODER.values())),
        ("u:2", "j:developer", 3, False, 0.0, sum(DEVELOPER.values())),
        *(("u:3", code, rank, False, 0.0, sum(whole[code].values())) for rank, code in enumerate(whole, start=1)),
    ]
    found = gaps(world)
    assert [row[:4] for row in found] == [row[:4] for row in expected]
    assert [row[4:] for row in found] == [pytest.approx(row[4:], abs=1e-9) for row in expected]


def test_chain_tells_gap_shortfalls_and_resources_with_their_terms(world):
    """Would catch a resource offered again, one that is over, a wrong term, or amounts that do not sum to the gap."""
    compute_gaps(world, NARROW, progress=SILENT)
    row = chain(world, "u:1", "j:analyst")
    lacks = [(each["capability"], each["demanded"], each["held"], each["amount"]) for each in row["lacks"]]
    assert [each[0] for each in lacks] == ["k:code", "k:data"]
    assert lacks[0][1:] == pytest.approx((0.1, 0.0, 0.1))
    assert lacks[1][1:] == pytest.approx((0.4375, 0.4, 0.0375))
    assert sum(each[3] for each in lacks) == pytest.approx(row["value"], abs=1e-9)
    steps = [(each["resource"], each["kind"], each["rank"]) for each in row["steps"]]
    assert steps == [("r:certificate", "Certificate", 1), ("r:python", "Course", 2)]
    for step, share in zip(row["steps"], (0.0375 / 0.1375, 1.0), strict=True):
        supplied = SUPPLIES[step["resource"]]
        near, fit = cosine({"k:data": 0.4}, supplied), cosine(supplied, ANALYST)
        assert step["similarityToStudent"] == pytest.approx(near, abs=1e-9)
        assert step["similarityToGoal"] == pytest.approx(fit, abs=1e-9)
        assert step["contribution"] == pytest.approx(share, abs=1e-9)
        assert step["score"] == pytest.approx(0.3 * near + 0.7 * fit - 0.05 * 0.1375, abs=1e-9)
        covered = sum(each["amount"] for each in step["covers"])
        assert covered == pytest.approx(step["contribution"] * row["value"], abs=1e-9)
    assert [each["resource"] for each in chain(world, "u:1", "j:developer")["steps"]] == ["r:python"]


def test_interactions_and_relationships_of_the_student_bar_a_resource(world):
    """Would catch a course that is offered again although it was completed; a failed or viewed one stays."""
    world.write(
        "MATCH (u:Student {code: 'u:2'}), (r:Resource {code: 'r:python'}), (s:Resource {code: 'r:sql'}), "
        "(c:Resource {code: 'r:certificate'}) "
        "CREATE (u)-[:INTERACTED {kind: 'complete', at: datetime('2024-01-01T00:00:00Z'), key: 'a'}]->(r) "
        "CREATE (u)-[:INTERACTED {kind: 'view', at: datetime('2024-01-01T00:00:00Z'), key: 'b'}]->(c) "
        "CREATE (u)-[:TOOK {term: '2023-1', score: 20.0, status: 'failed'}]->(s)"
    )
    compute_gaps(world, NARROW, progress=SILENT)
    steps = {each["resource"] for each in chain(world, "u:2", "j:analyst")["steps"]}
    assert steps == {"r:certificate", "r:sql"}


def test_options_limit_goals_and_resources(world):
    """Would catch options that do not reach the arithmetic."""
    report = compute_gaps(world, GapConfig.plain(goals=1, resources=1, least_units=1), progress=SILENT)
    found = [("u:1", "j:developer", 1), ("u:2", "j:analyst", 1), ("u:3", "j:analyst", 1)]
    assert [row[:3] for row in gaps(world)] == found
    assert len(chain(world, "u:2", "j:analyst")["steps"]) == 1
    assert (report.metrics["gaps"], report.metrics["bridges"]) == (3.0, 3.0)


def test_as_of_leaves_out_what_was_not_known_then(world):
    """Would catch a term's result known before the term ended, or postings of the future in the demand."""
    report = compute_gaps(world, NARROW, as_of=date(2024, 1, 31), progress=SILENT)
    assert report.data_through == date(2024, 1, 10)
    assert levels(world, "Student", "HAS_CAPABILITY", report.generation) == {}
    demands = levels(world, "JobCluster", "DEMANDS", report.generation)["j:analyst"]
    assert demands == pytest.approx({"k:data": 0.8})


def test_later_postings_count_more(world):
    """Would catch a half-life in other units, ages from today, or old postings that keep their number."""
    config = GapConfig.plain(least_units=1, half_life=30.0)
    report = compute_gaps(world, config, progress=SILENT)
    # The last day of data is 2024-05-10; the analyst's postings are of the tenths of January to April.
    first, second, third, fourth = (2.0 ** (-days / 30.0) for days in (121, 90, 61, 30))
    whole = first + second + third + fourth
    sql, python = 0.8 * (first + second) / whole, 0.5 * third / whole
    demands = levels(world, "JobCluster", "DEMANDS", report.generation)
    assert demands["j:analyst"] == pytest.approx(
        {"k:data": 1 - (1 - sql) * (1 - 0.5 * python), "k:code": 0.8 * python}, abs=1e-4
    )
    assert demands["j:developer"] == pytest.approx(DEVELOPER)


def test_what_a_resource_is_made_for_is_read(world):
    """Would catch targets that do not reach the supply, or one that a source withdrew."""
    world.write(
        "MATCH (r {code: 'r:certificate'}), (s {code: 'r:sql'}), (j:JobCluster {code: 'j:developer'}) "
        "CREATE (r)-[:PREPARES_FOR]->(j) "
        "CREATE (s)-[:PREPARES_FOR {closedAt: datetime('2024-01-01T00:00:00Z')}]->(j)"
    )
    report = compute_gaps(world, GapConfig.plain(least_units=1, target=0.2), progress=SILENT)
    supplies = levels(world, "Resource", "IMPROVES", report.generation)
    assert supplies["r:certificate"] == pytest.approx({"k:data": 1.0, "k:code": 0.2 * DEVELOPER["k:code"]})
    assert supplies["r:sql"] == SUPPLIES["r:sql"]


def test_facts_that_a_source_closed_no_longer_count(world):
    """Would catch a course record that a later export withdrew and that still counts."""
    world.write("MATCH (:Student {code: 'u:1'})-[took:TOOK]->() SET took.closedAt = datetime('2024-06-01T00:00:00Z')")
    report = compute_gaps(world, NARROW, progress=SILENT)
    assert levels(world, "Student", "HAS_CAPABILITY", report.generation) == {}


def test_work_counts_through_the_demands_of_the_cluster(world):
    """Would catch internships and jobs that are not read, or a contract signed that counts as work done."""
    world.write(
        "MATCH (u:Student {code: 'u:3'}), (v:Student {code: 'u:2'}), (j:JobCluster {code: 'j:analyst'}) "
        "CREATE (u)-[:INTERNED_AT {term: '2023-2', jobCluster: 'j:analyst'}]->(:Employer {code: 'e:1'}) "
        "CREATE (u)-[:EMPLOYED_AS {startedOn: date('2024-01-01'), status: 'employed'}]->(j) "
        "CREATE (v)-[:EMPLOYED_AS {startedOn: date('2024-01-01'), status: 'signed'}]->(j)"
    )
    report = compute_gaps(world, NARROW, progress=SILENT)
    found = levels(world, "Student", "HAS_CAPABILITY", report.generation)
    # What a student did in one cluster counts once, by its best: here the job, at 0.7.
    assert found["u:3"] == pytest.approx({"k:data": 0.7 * 0.4375, "k:code": 0.07})
    assert "u:2" not in found


def test_metrics_are_kept_on_the_generation(world):
    """Would catch metrics that differ between report and graph, or a coverage that is no share of the gaps."""
    report = compute_gaps(world, NARROW, progress=SILENT)
    now = active(world)
    assert (now.code, dict(now.metrics)) == (report.generation, report.metrics)
    assert now.data_through == date(2024, 5, 10)
    values = [row[5] for row in gaps(world)]
    assert report.metrics["meanGap"] == pytest.approx(sum(values) / 9)
    # Student 1 lacks some; for the coder and the analyst one resource closes all of it.
    best = [0.4 / 0.52, 1.0, 1.0]
    # The others lack everything: of the analyst's 0.5375 the certificate closes 0.4375, Python all of the coder's, and
    # of the developer's 0.4 and 0.25.
    best += 2 * [0.4375 / 0.5375, 1.0, 0.65 / sum(DEVELOPER.values())]
    assert report.metrics["coverage"] == pytest.approx(sum(best) / 9)


def test_the_plain_equations_give_what_the_graph_holds(world):
    """Would catch a graph that differs from `schema.scoring`, which the API applies to single students."""
    report = compute_gaps(world, NARROW, progress=SILENT)
    demands = levels(world, "JobCluster", "DEMANDS", report.generation)
    held = levels(world, "Student", "HAS_CAPABILITY", report.generation)
    for student, cluster, _, _, match, value in gaps(world):
        assert scoring.gap(demands[cluster], held.get(student, {})) == pytest.approx(value, abs=1e-9)
        assert scoring.similarity(held.get(student, {}), demands[cluster]) == pytest.approx(match, abs=1e-9)


@pytest.mark.parametrize(
    ("removed", "message"),
    [("Capability", "vocabulary"), ("Student", "students"), ("Skill", "postings with skills")],
)
def test_nothing_to_compute_on_says_what_to_load(world, removed, message):
    """Would catch an empty generation that replaces a good one without a word."""
    before = compute_gaps(world, NARROW, progress=SILENT).generation
    world.write(f"MATCH (n:{removed}) DETACH DELETE n")
    with pytest.raises(JobError, match=message):
        compute_gaps(world, NARROW, progress=SILENT)
    assert active(world).code == before
    assert world.read("MATCH (g:Generation) RETURN count(g) AS n")[0]["n"] == 1


def test_an_update_without_a_generation_says_what_to_run(world):
    """Would catch an update of nothing that ends in silence."""
    with pytest.raises(JobError, match="fullcycle gaps"):
        update_gaps(world, progress=SILENT)
