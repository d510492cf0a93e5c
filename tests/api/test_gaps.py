"""Gaps of a student as clients get them: stored ones, and those of a student whom no job knows yet."""

import pytest

from cypher.progress import Progress
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from schema.scoring import similarity
from tests.api import drawn, oracle
from tests.api.reading import read_student, read_world
from tests.gnn.conftest import WORLD as JOB_WORLD

GAP = "goal { code name } value match provisional lacks { capability { code } demanded held amount }"


@pytest.fixture
def world(graph):
    """A drawn world of two students with a record and one without."""
    drawn.draw(graph, 11)
    return graph


@pytest.fixture
def job_world(graph):
    """The world of the tests of the job, after one run of it."""
    graph.write(JOB_WORLD)
    compute_gaps(graph, GapConfig.plain(least_units=1), progress=Progress.silent())
    return graph


def test_a_student_without_a_record_gets_gaps(world, ask):
    """Would catch a student whose provisional lists tell of gaps that `gaps` does not know, other goals or shortfalls
    than those of the lists, and a gap that does not say that it is provisional."""
    found = ask('{ student(code: "u:new") { gaps(first: 100) { ' + GAP + " } } }")["student"]["gaps"]
    made, student = read_world(world), read_student(world, "u:new")
    expected = oracle.goals_of(made, student)
    assert [each["goal"]["code"] for each in found] == [goal.code for goal in expected] != []
    for each, goal in zip(found, expected, strict=True):
        assert each["provisional"] is True and each["goal"]["name"]
        lacks = {row["capability"]["code"]: row["amount"] for row in each["lacks"]}
        assert lacks == pytest.approx(goal.lacks, abs=1e-9)
        assert sum(lacks.values()) == pytest.approx(each["value"], abs=1e-9)
        assert each["match"] == pytest.approx(similarity(student.abilities, made.demands[goal.code]), abs=1e-9)
        assert list(lacks) == sorted(lacks, key=lambda unit: (-lacks[unit], unit))
        for row in each["lacks"]:
            assert row["demanded"] == made.demands[goal.code][row["capability"]["code"]]
            assert row["held"] == student.abilities.get(row["capability"]["code"], 0.0)
    listed = ask('{ student(code: "u:new") { gaps(first: 1) { value } } }')["student"]["gaps"]
    assert [each["value"] for each in listed] == [found[0]["value"]]


def test_gap_list_and_chain_of_a_student_without_a_record_agree(world, ask):
    """Would catch a chain or an explanation that starts from another gap than the one that is listed."""
    student = ask(
        '{ student(code: "u:new") { gaps(first: 100) { ' + GAP + " } recommendations(path: JOB) { explanation { gap } "
        "chain { gap { " + GAP + " } steps { contribution } } } } }"
    )["student"]
    gaps = {each["goal"]["code"]: each for each in student["gaps"]}
    assert student["recommendations"]
    for item in student["recommendations"]:
        chained = item["chain"]["gap"]
        listed = gaps[chained["goal"]["code"]]
        assert chained["provisional"] is True
        assert item["explanation"]["gap"] == listed["value"]
        assert chained["value"] == pytest.approx(listed["value"], abs=1e-9)
        assert chained["match"] == pytest.approx(listed["match"], abs=1e-9)
        assert [row["capability"] for row in chained["lacks"]] == [row["capability"] for row in listed["lacks"]]


def test_stored_gaps_are_not_provisional(world, ask, recorder):
    """Would catch stored gaps that are computed anew, and one student without a record who costs the others reads."""
    query = '{ student(code: "%s") { gaps { provisional value } } }'
    found = ask(query % "u:0")["student"]["gaps"]
    assert [(each["provisional"], each["value"]) for each in found] == [
        (False, pytest.approx(goal.value)) for goal in read_student(world, "u:0").goals
    ]
    assert "serve/student-facts" not in recorder.names
    ask("{ students(first: 100) { edges { node { gaps { value lacks { amount } } } } } }")
    assert recorder.names.count("serve/student-facts") == 1


def test_the_next_run_of_the_job_settles_provisional_gaps(job_world, ask):
    """Would catch provisional gaps that stay when the jobs know the student, or whose goals the job would not take."""
    job_world.write("CREATE (:Student {code: 'u:late', name: 'Late'})-[:AIMS_AT]->(:JobCluster {code: 'j:none'})")
    job_world.write("MATCH (u:Student {code: 'u:late'}), (j:JobCluster {code: 'j:coder'}) CREATE (u)-[:AIMS_AT]->(j)")
    query = '{ student(code: "u:late") { abilities { level } gaps(first: 1) { ' + GAP + " } } }"
    before = ask(query)["student"]
    compute_gaps(job_world, GapConfig.plain(least_units=1), progress=Progress.silent())
    after = ask(query)["student"]
    assert before["abilities"] == after["abilities"] == []  # nothing speaks for any
    [early], [late] = before["gaps"], after["gaps"]
    assert (early.pop("provisional"), late.pop("provisional")) == (True, False)
    assert early == {**late, "value": pytest.approx(late["value"])}
