"""Gaps and chains: stored ones as they stand, computed ones by hand and against the job itself."""

from math import sqrt

import pytest

from cypher.progress import Progress
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from tests.gnn.conftest import WORLD as JOB_WORLD

SHORTFALLS = "{ capability { code name } demanded held amount }"
CHAIN = (
    "query ($student: ID!, $goal: ID!) { student(code: $student) { chain(goal: $goal) { goal { code name }"
    f" gap {{ goal {{ code }} value match lacks {SHORTFALLS} }}"
    " steps { resource { code name kind } score similarityToStudent similarityToGoal contribution"
    f" covers {SHORTFALLS} }} }} }} }}"
)


def rows(shortfalls):
    """Return shortfalls as (capability, demanded, held, amount)."""
    return [(each["capability"]["code"], each["demanded"], each["held"], each["amount"]) for each in shortfalls]


@pytest.fixture
def chain(ask):
    """Ask for the chain of a student and a goal."""
    return lambda student, goal: ask(CHAIN, student=student, goal=goal)["student"]["chain"]


def test_a_stored_chain_is_told_as_the_jobs_wrote_it(world, chain):
    """Would catch a stored chain that is computed anew, another order, or facts of another generation."""
    found = chain("u:1", "j:analyst")
    assert found["goal"] == {"code": "j:analyst", "name": "Analyst"}
    assert found["gap"]["goal"] == {"code": "j:analyst"}
    # The match and the scores are no real ones: computed they would differ.
    assert (found["gap"]["value"], found["gap"]["match"]) == (0.5, 0.992)
    assert rows(found["gap"]["lacks"]) == [("k:code", 0.5, 0.25, 0.25), ("k:data", 0.75, 0.5, 0.25)]
    project, course = found["steps"]
    assert project["resource"] == {"code": "r:python", "name": "Python project", "kind": "PROJECT"}
    terms = ("score", "similarityToStudent", "similarityToGoal", "contribution")
    assert [project[term] for term in terms] == [0.5, 0.8, 0.9, 1.0]
    assert rows(project["covers"]) == [("k:code", 0.5, 0.25, 0.25), ("k:data", 0.75, 0.5, 0.25)]
    assert (course["resource"]["code"], course["score"]) == ("r:sql", 0.5)
    assert rows(course["covers"]) == [("k:data", 0.75, 0.5, 0.25)]


def test_a_chain_without_stored_gap_is_computed(world, chain):
    """Would catch wrong arithmetic, weights or numbers of steps other than the generation's, a resource that is over,
    closed or done before, or facts of another generation."""
    found = chain("u:1", "j:dev")
    # Held: data 1/2, coding 1/4. Demanded: coding 1, data and talking 1/4 each.
    assert rows(found["gap"]["lacks"]) == [("k:code", 1.0, 0.25, 0.75), ("k:talk", 0.25, 0.0, 0.25)]
    assert found["gap"]["value"] == 1.0
    held, demanded = sqrt(1 / 4 + 1 / 16), sqrt(1 + 1 / 16 + 1 / 16)
    assert found["gap"]["match"] == pytest.approx((1 / 8 + 1 / 4) / (held * demanded), abs=1e-12)
    # The project has coding 1/2 and data 1/4; the debate has talking 1/2; databases supply nothing that is lacking.
    supplied = sqrt(1 / 4 + 1 / 16)
    to_student, to_goal = (1 / 8 + 1 / 8) / (held * supplied), (1 / 2 + 1 / 16) / (supplied * demanded)
    project, debate = found["steps"]
    assert project["resource"] == {"code": "r:python", "name": "Python project", "kind": "PROJECT"}
    assert project["similarityToStudent"] == pytest.approx(to_student, abs=1e-12)
    assert project["similarityToGoal"] == pytest.approx(to_goal, abs=1e-12)
    assert project["score"] == pytest.approx(0.25 * to_student + 0.75 * to_goal - 0.125, abs=1e-12)
    assert project["contribution"] == 0.5
    assert rows(project["covers"]) == [("k:code", 1.0, 0.25, 0.5)]
    assert debate["resource"] == {"code": "r:debate", "name": "Debate", "kind": "COMPETITION"}
    assert debate["similarityToStudent"] == 0.0
    assert debate["score"] == pytest.approx(0.75 * (1 / 8) / (1 / 2 * demanded) - 0.125, abs=1e-12)
    assert rows(debate["covers"]) == [("k:talk", 0.25, 0.0, 0.25)]


def test_steps_of_a_computed_chain_are_limited_and_ordered(world, chain):
    """Would catch a limit other than the generation's, and equal scores without an order."""
    world.write(
        "MATCH (talk:Capability {code: 'k:talk'}) UNWIND ['r:b', 'r:a'] AS code "
        "CREATE (:Resource:Fair {code: code})-[:IMPROVES {level: 1.0, generation: 't:g2'}]->(talk)"
    )
    world.write("MATCH (:Resource {code: 'r:python'})-[improves:IMPROVES {generation: 't:g2'}]->() DELETE improves")
    assert [step["resource"]["code"] for step in chain("u:1", "j:dev")["steps"]] == ["r:a", "r:b"]


@pytest.mark.parametrize("fact", ["INTERACTED {kind: 'complete', key: 'a'}", "TOOK {term: '2023-1'}", "WORKED_ON"])
def test_what_was_done_is_not_offered_again(world, chain, fact):
    """Would catch one of the ways in which a student has done something being forgotten."""
    ends = "MATCH (u:Student {code: 'u:1'}), (r:Resource {code: 'r:debate'})"
    world.write(f"{ends} CREATE (u)-[:{fact}]->(r)")
    assert [step["resource"]["code"] for step in chain("u:1", "j:dev")["steps"]] == ["r:python"]
    world.write("MATCH (:Student {code: 'u:1'})-[edge]->(:Resource {code: 'r:debate'}) SET edge.closedAt = datetime()")
    assert [step["resource"]["code"] for step in chain("u:1", "j:dev")["steps"]] == ["r:python", "r:debate"]


def test_a_job_stands_for_its_cluster(world, chain):
    """Would catch the code of a posting taken for an unknown goal, in either kind of chain."""
    assert chain("u:1", "p:1") == chain("u:1", "j:analyst")
    assert chain("u:1", "p:4") == chain("u:1", "j:dev")


def test_where_there_is_no_chain_it_is_null(world, chain, ask):
    """Would catch a gap of zero, which says that nothing is lacking, where nothing is known of the goal."""
    assert chain("u:1", "j:nobody") is None
    assert chain("u:1", "fc:unclassified") is None
    assert ask(CHAIN, student="u:nobody", goal="j:dev") == {"student": None}


def test_a_student_without_abilities_lacks_all(world, chain):
    """Would catch a student of whom nothing is known yet and who breaks the arithmetic."""
    found = chain("u:2", "j:dev")
    assert (found["gap"]["value"], found["gap"]["match"]) == (1.5, 0.0)
    # Done by student 1 only, the certificate is the best that student 2 can do: coding 1.
    assert [step["resource"]["code"] for step in found["steps"]] == ["r:python", "r:done"]


def test_gaps_are_ordered_by_rank(world, ask):
    """Would catch gaps of an older generation, a wrong order, and a limit that is not kept."""
    world.write(
        "MATCH (u:Student {code: 'u:1'}), (j:JobCluster {code: 'j:dev'}) "
        "CREATE (gap:Gap {code: 'n', generation: 't:g2', value: 0.1, match: 0.99, rank: 2}) "
        "CREATE (u)-[:HAS_GAP {generation: 't:g2'}]->(gap)-[:TOWARD]->(j)"
    )
    query = 'query ($n: Int) { student(code: "u:1") { gaps(first: $n) { goal { code } value match } } }'
    first = {"goal": {"code": "j:analyst"}, "value": 0.5, "match": 0.992}
    second = {"goal": {"code": "j:dev"}, "value": 0.1, "match": 0.99}
    assert ask(query, n=1)["student"]["gaps"] == [first]
    assert ask(query, n=None)["student"]["gaps"] == [first, second]
    assert ask(query, n=0)["student"]["gaps"] == []


def flat(value):
    """Return an answer as a list of its leaves, in order."""
    if isinstance(value, dict):
        return [leaf for key in value for leaf in flat(value[key])]
    if isinstance(value, list):
        return [leaf for each in value for leaf in flat(each)]
    return [value]


def test_computed_chains_equal_those_that_the_job_writes(graph, chain, ask):
    """Would catch an equation, a tie, a bar or a rounding in which service and job differ."""
    graph.write(JOB_WORLD)
    pairs = [("u:1", "j:analyst"), ("u:1", "j:coder"), ("u:1", "j:developer"), ("u:2", "j:analyst")]
    compute_gaps(graph, GapConfig(goals=1, least_units=1), progress=Progress.silent())
    graph.write("MATCH (gap:Gap) DETACH DELETE gap")
    gaps = ask('{ student(code: "u:1") { gaps { provisional } } }')["student"]["gaps"]
    assert [each["provisional"] for each in gaps] == [True] * len(gaps) != []
    computed = [chain(*pair) for pair in pairs]
    compute_gaps(graph, GapConfig(goals=3, least_units=1), progress=Progress.silent())
    goals = ask('{ student(code: "u:1") { gaps { goal { code } } } }')["student"]["gaps"]
    assert {each["goal"]["code"] for each in goals} == {"j:analyst", "j:coder", "j:developer"}
    stored = [chain(*pair) for pair in pairs]
    for ours, theirs in zip(computed, stored, strict=True):
        assert len(ours["steps"]) > 0
        for left, right in zip(flat(ours), flat(theirs), strict=True):
            assert left == (pytest.approx(right, abs=1e-11) if isinstance(right, float) else right)
