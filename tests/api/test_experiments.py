"""A/B: halves of the students, lists by their variant's settings, and the record of what was shown."""

import json
from dataclasses import replace

import pytest

from api import experiments
from api.app import application
from schema.errors import FullCycleError
from schema.experiment import Experiment
from schema.ranking import PATHS
from tests.api import drawn, oracle
from tests.api.conftest import Client
from tests.api.reading import read_student, read_world

SPRING = Experiment("spring", {"B": {"weights": {path: {"freshness": 0.9, "fit": 0.0} for path in PATHS}, "listed": 4}})
LIST = (
    "query ($student: ID!) { student(code: $student) { recommendations(path: JOB, first: 100) { rank score "
    "item { ... on Job { code } } explanation { terms { name weight product } } } } }"
)
SHOWN = (
    "MATCH (u:Student)-[s:SHOWN]->(item) RETURN u.code AS student, s.key AS key, s.path AS path, s.rank AS rank, "
    "s.experiment AS experiment, s.variant AS variant, item.code AS item ORDER BY student, rank"
)


@pytest.fixture
def students(graph):
    """Eight students of a drawn world."""
    return [each.code for each in drawn.draw(graph, 5, students=8, newcomer=False)]


@pytest.fixture
def divided(connection):
    """Ask for a list of a student while the experiment runs."""
    with Client(application(connection, look_every=0.0, experiment=SPRING)) as opened:

        def run(student):
            answer = opened.post("/graphql", json={"query": LIST, "variables": {"student": student}}).json()
            assert "errors" not in answer, answer
            return answer["data"]["student"]["recommendations"]

        yield run


def test_each_half_gets_the_lists_of_its_variant(graph, students, divided):
    """Would catch a variant that changes nothing, the other half that is changed too, and an explanation by weights
    that did not make the list."""
    world, seen = read_world(graph), set()
    for student in students:
        variant = SPRING.variant(student)
        seen.add(variant)
        rules = SPRING.rules(variant, world.rules)
        found = divided(student)
        expected = oracle.lists(replace(world, rules=rules), read_student(graph, student), "JOB")
        assert [each["item"]["code"] for each in found] == [item for item, _, _, _ in expected]
        for each in found:
            terms = each["explanation"]["terms"]
            assert [term["weight"] for term in terms] == list(rules.weights["JOB"].signed())
            assert sum(term["product"] for term in terms) == pytest.approx(each["score"], abs=1e-6)
    assert seen == {"A", "B"}


def test_what_was_shown_is_recorded_once_a_day(graph, students, divided, ask):
    """Would catch a comparison without its data, and a list that counts again each time it is looked at."""
    ask(LIST, student=students[0])
    assert graph.read(SHOWN) == [], "nothing is recorded without an experiment"
    found = divided(students[0])
    rows = [dict(record) for record in graph.read(SHOWN)]
    assert [(row["item"], row["rank"]) for row in rows] == [(each["item"]["code"], each["rank"]) for each in found]
    assert {(row["experiment"], row["variant"], row["path"]) for row in rows} == {
        ("spring", SPRING.variant(students[0]), "JOB")
    }
    divided(students[0])
    assert [dict(record) for record in graph.read(SHOWN)] == rows


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        json.dumps({"name": "x", "variants": {"C": {}}}),
        json.dumps({"name": "x", "variants": {"B": {"mood": 1}}}),
        json.dumps({"name": "x", "variants": {"B": {"pool": 0}}}),
        json.dumps({"name": "x", "variants": {"B": {"weights": {"JOB": {"mood": 1}}}}}),
        json.dumps({"name": "x", "variants": {"B": {"weights": 3}}}),
    ],
)
def test_a_wrong_experiment_is_refused_at_the_start(tmp_path, text):
    """Would catch a service that fails for half of the students only when they ask."""
    path = tmp_path / "experiment.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FullCycleError):
        experiments.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    """Would catch a traceback."""
    with pytest.raises(FullCycleError, match="nothing\\.json"):
        experiments.read(tmp_path / "nothing.json")


def test_the_widest_variant_decides_what_is_read():
    """Would catch a variant whose pool is cut to that of the generation."""
    assert experiments.widest(None) == experiments.widest(Experiment("x", {"B": {"listed": 3}})) == 0
    assert experiments.widest(Experiment("x", {"A": {"pool": 30}, "B": {"pool": 200}})) == 200
