"""Staged plans and evidence as clients get them, on the drawn world."""

import pytest

PLAN = (
    "query ($student: ID!, $goal: ID!, $steps: Int, $terms: Int, $hours: Float) { student(code: $student) { plan("
    "goal: $goal, steps: $steps, terms: $terms, hours: $hours) { goal { code } gap closed remaining steps { term half "
    "hours closes resource { code } covers { capability { code } demanded held amount } } } } }"
)


@pytest.fixture
def plan(ask):
    """Ask for a plan."""
    return lambda student, goal, **limits: ask(PLAN, student=student, goal=goal, **limits)["student"]["plan"]


def test_a_plan_closes_a_gap_step_by_step(world, plan):
    """Would catch a step that is credited twice, a share that is not of the whole gap, and a resource that is over,
    closed or done."""
    found = plan("u:1", "j:dev")
    # Lacking: coding 3/4, talking 1/4. The project closes 1/2 of coding, the debate all of talking.
    assert (found["goal"]["code"], found["gap"]) == ("j:dev", 1.0)
    told = [(step["resource"]["code"], step["term"], step["half"], step["closes"]) for step in found["steps"]]
    assert told == [("r:python", 1, "2024-1", 0.5), ("r:debate", 1, "2024-1", 0.25)]
    assert found["steps"][0]["covers"] == [
        {"capability": {"code": "k:code"}, "demanded": 1.0, "held": 0.25, "amount": 0.5}
    ]
    assert (found["closed"], found["remaining"]) == (0.75, 0.25)


def test_a_plan_keeps_to_what_is_given(world, plan):
    """Would catch limits that are not heard, a prerequisite that is left out, and a term that is not the resource's."""
    world.write("MATCH (r:Resource {code: 'r:python'}) SET r.hours = 100.0, r.term = '2022-2'")
    world.write(
        "MATCH (r:Resource {code: 'r:debate'}) SET r.hours = 100.0 "
        "CREATE (r)-[:REQUIRES_FIRST]->(:Resource:Course {code: 'r:basics', name: 'Basics', hours: 10.0})"
    )
    found = plan("u:1", "j:dev")
    told = [(step["resource"]["code"], step["half"]) for step in found["steps"]]
    assert told == [("r:basics", "2024-1"), ("r:python", "2024-2"), ("r:debate", "2025-1")]
    assert [step["resource"]["code"] for step in plan("u:1", "j:dev", steps=1)["steps"]] == ["r:python"]
    assert plan("u:1", "j:dev", terms=1)["steps"] == []
    assert plan("u:1", "j:dev", hours=50.0)["steps"] == []
    assert len(plan("u:1", "j:dev", hours=None)["steps"]) == 3


def test_a_stored_gap_is_planned_as_it_is_stored(world, plan):
    """Would catch a plan that closes another gap than the one that is shown."""
    world.write("MATCH (:Gap {code: 't:g2:u:1:j:analyst'})-[lack:LACKS]->(:Capability {code: 'k:data'}) DELETE lack")
    found = plan("u:1", "p:1")
    assert (found["goal"]["code"], found["gap"]) == ("j:analyst", 0.25)
    assert [step["resource"]["code"] for step in found["steps"]] == ["r:python"]


def test_where_there_is_no_plan_it_is_null(world, plan):
    """Would catch an empty plan for a goal of which nothing is known."""
    assert plan("u:1", "j:nobody") is None
    assert plan("u:1", "fc:unclassified") is None


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"steps": 0}, "steps: 0; expected 1 to 12"),
        ({"terms": 13}, "terms: 13; expected 1 to 12"),
        ({"hours": -1.0}, "hours: -1.0; expected 0 or more"),
    ],
)
def test_wrong_limits_are_told(world, client, limits, message):
    """Would catch a plan without steps, and one that takes the service minutes."""
    variables = {"student": "u:1", "goal": "j:dev"} | limits
    [error] = client.post("/graphql", json={"query": PLAN, "variables": variables}).json()["errors"]
    assert (error["message"], error["extensions"]) == (message, {"code": "INVALID"})


def test_evidence_names_what_speaks_for_a_capability(world, ask):
    """Would catch evidence of another generation or another unit, and a failed course told as passed."""
    query = (
        'query ($unit: ID!) { student(code: "u:1") { evidence(capability: $unit) '
        "{ type source name term score result level } } }"
    )
    found = ask(query, unit="k:code")["student"]["evidence"]
    assert found[0] == {
        "type": "EARNED",
        "source": "r:done",
        "name": "Coding certificate",
        "term": "2023-1",
        "score": None,
        "result": None,
        "level": 1.0,
    }
    course = next(each for each in ask(query, unit="k:data")["student"]["evidence"] if each["type"] == "TOOK")
    assert (course["source"], course["result"], course["level"]) == ("r:sql", "failed", 0.5)
