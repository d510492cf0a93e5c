"""When to apply, and what becomes of the demand, as clients are told of a list."""

from datetime import timedelta

import pytest

from schema.delivery import READY, SCARCE
from tests.api import drawn

LIST = (
    'query ($path: RecommendationPath!) { student(code: "u:0") { recommendations(path: $path, first: 100) { priority '
    "demandChange item { ... on Job { code } } chain { goal { code } } explanation { contribution sentences "
    "terms { name value } } } } }"
)


@pytest.fixture
def listed(graph, ask):
    """A drawn world, and a way to ask for a list of its first student."""
    drawn.draw(graph, 11)

    def run(path):
        return ask(LIST, path=path)["student"]["recommendations"]

    return run


def told(graph, item):
    """Return last day to apply, demand class and change of an item of a list, from the graph."""
    return graph.read(
        "MATCH (p:Job {code: $code}) OPTIONAL MATCH (f:Forecast {code: 't:f:' + $goal}) "
        "RETURN p.closesOn AS closes, f.demandClass AS demand, f.change AS change",
        code=item["item"]["code"],
        goal=item["chain"]["goal"]["code"],
    )[0]


def expected(graph, item):
    """Return what an item should be told with: the rule of `schema.delivery` in the words of its docstring."""
    row = told(graph, item)
    closing = row["closes"] is not None and row["closes"].to_native() <= drawn.REFERENCE + timedelta(days=14)
    [fit] = [term["value"] for term in item["explanation"]["terms"] if term["name"] == "fit"]
    if fit >= READY:
        return "NOW" if closing or row["demand"] in SCARCE else "NEXT"
    return "PREPARE" if item["explanation"]["contribution"] >= 1 / 3 and not closing else "NEXT"


@pytest.mark.parametrize("demand", ["GROWTH", "DECLINE"])
def test_priorities_follow_from_the_graph(graph, listed, demand):
    """Would catch a priority from another day, forecast or cluster, and a sentence that says another one."""
    graph.write("MATCH (f:Forecast) SET f.demandClass = $demand", demand=demand)
    graph.write(
        "MATCH (p:Job) WHERE p.closesOn IS NULL WITH p ORDER BY p.code WITH collect(p) AS open "
        "FOREACH (p IN open[0..size(open) / 2] | SET p.closesOn = date($day))",
        day=(drawn.REFERENCE + timedelta(days=3)).isoformat(),
    )
    found = listed("JOB")
    assert [each["priority"] for each in found] == [expected(graph, each) for each in found]
    assert [each["demandChange"] for each in found] == [told(graph, each)["change"] for each in found]
    assert "NOW" in {each["priority"] for each in found}
    for each in found:
        worth = each["explanation"]["sentences"][3]
        assert ("Apply now" in worth) == (each["priority"] == "NOW")
        assert ("first, then apply" in worth) == (each["priority"] == "PREPARE")


def test_resources_have_no_priority(listed):
    """Would catch a course that one is told to apply for."""
    found = listed("TRAINING")
    assert found and {each["priority"] for each in found} == {None}
    assert not any("Apply now" in each["explanation"]["sentences"][3] for each in found)


def test_what_is_kept_out_is_not_urged(graph, listed, ask):
    """Would catch a posting that is over and that the student is told to apply for."""
    [first, *_] = listed("JOB")
    graph.write("MATCH (p:Job {code: $code}) SET p.closesOn = date('2024-05-30')", code=first["item"]["code"])
    query = '{ student(code: "u:0") { excluded(path: JOB, first: 100) { explanation { sentences } } } }'
    out = ask(query)["student"]["excluded"]
    assert out and not any("Apply now" in each["explanation"]["sentences"][3] for each in out)
