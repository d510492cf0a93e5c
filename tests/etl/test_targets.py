"""What a changed row writes: no more than what differs."""

import pytest

from etl.records import Draft, Edge, Parcel
from etl.targets import Change, Known, Nodes, Present
from schema.clock import now

JOBS = Nodes("Job", ("REQUIRES", "IN_CLUSTER"))
AT = now()


def changed(*edges):
    """Return the change of a posting that is in the graph already."""
    draft = Draft("t:job", "new", None)
    return Change(draft, Parcel("t:job", {"name": "Analyst"}, edges), Known("old", False))


@pytest.fixture
def held():
    """What the posting has in the graph."""
    edges = {
        ("t:job", "REQUIRES", "t:sql"): {"level": 0.8, "source": "t"},
        ("t:job", "REQUIRES", "t:java"): {"level": 0.8, "source": "t"},
        ("t:job", "IN_CLUSTER", "t:analyst"): {"source": "t"},
    }
    return Present(
        {"t:job": {"code": "t:job", "name": "Analyst", "source": "t", "url": "old", "contentHash": "x"}}, edges
    )


def rows_by_verb(statements):
    """Return the rows of the statements that write relationships, by what they do."""
    found = {}
    for text, parameters in statements:
        for verb in ("MERGE (start)", "DELETE edge", "CREATE (start)"):
            if verb in text:
                found.setdefault(verb, []).extend((row.get("start"), row.get("end")) for row in parameters["rows"])
    return found


def test_equal_relationships_are_left_alone(held):
    """Would catch a changed title that writes every required skill again."""
    edges = (
        Edge("REQUIRES", "Skill", "t:sql", {"level": 0.8, "evidence": None}),
        Edge("REQUIRES", "Skill", "t:java", {"level": 0.8}),
        Edge("IN_CLUSTER", "JobCluster", "t:analyst"),
    )
    assert rows_by_verb(JOBS.statements([changed(*edges)], source="t", at=AT, present=held)) == {}


def test_only_what_differs_is_written_and_what_is_gone_is_removed(held):
    """Would catch a level that stays as it was, a skill that stays though the row dropped it, and one never added."""
    edges = (
        Edge("REQUIRES", "Skill", "t:sql", {"level": 0.5}),
        Edge("REQUIRES", "Skill", "t:python", {"level": 0.8}),
        Edge("IN_CLUSTER", "JobCluster", "t:analyst"),
    )
    assert rows_by_verb(JOBS.statements([changed(*edges)], source="t", at=AT, present=held)) == {
        "MERGE (start)": [("t:job", "t:sql"), ("t:job", "t:python")],
        "DELETE edge": [("t:job", None)],
    }


def test_a_closed_relationship_is_opened_again(held):
    """Would catch a relationship that stays closed because its own properties are the same."""
    held.edges["t:job", "REQUIRES", "t:sql"]["closedAt"] = AT
    edges = tuple(Edge("REQUIRES", "Skill", end, {"level": 0.8}) for end in ("t:sql", "t:java"))
    edges += (Edge("IN_CLUSTER", "JobCluster", "t:analyst"),)
    found = rows_by_verb(JOBS.statements([changed(*edges)], source="t", at=AT, present=held))
    assert found == {"MERGE (start)": [("t:job", "t:sql")]}


def test_without_a_look_everything_is_written():
    """Would catch a release that drops relationships because nobody looked at what is there."""
    edges = (Edge("REQUIRES", "Skill", "t:sql", {"level": 0.8}),)
    found = rows_by_verb(JOBS.statements([changed(*edges)], source="t", at=AT))
    assert found == {"MERGE (start)": [("t:job", "t:sql")], "DELETE edge": [("t:job", None)]}


def test_a_changed_node_gets_only_the_properties_that_differ(held):
    """Would catch a new salary that writes title and text again, and a value that is gone from the row but stays."""
    (statement, *_) = JOBS.statements([changed()], source="t", at=AT, present=held)
    assert statement[1]["rows"] == [{"code": "t:job", "properties": {"url": None, "contentHash": "new"}}]
