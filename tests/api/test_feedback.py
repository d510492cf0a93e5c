"""Feedback as clients give it: once, in any order, withdrawn, and refused where it makes no sense."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from api.context import Context
from api.feedback import FeedbackKind, own_key, record
from api.gateway import Gateway
from schema.errors import QueryError

STAGE = "stage { enrolment training employment entrepreneurship }"
RECORD = (
    "mutation ($student: ID!, $item: ID!, $kind: FeedbackKind!, $at: DateTime, $key: String) { recordFeedback(input: "
    f"{{student: $student, item: $item, kind: $kind, at: $at, key: $key}}) {{ accepted {STAGE} }} }}"
)
WITHDRAW = (
    "mutation ($student: ID!, $key: String!) { withdrawFeedback(student: $student, key: $key) "
    f"{{ accepted {STAGE} }} }}"
)
SEEN = (
    "MATCH (:Student {code: $student})-[did:INTERACTED]->(item) "
    "RETURN did.key AS key, did.kind AS kind, did.at AS at, did.source AS source, item.code AS item ORDER BY key"
)


@pytest.fixture
def give(ask):
    """Record an action of student u:1."""

    def run(item, kind, **more):
        return ask(RECORD, student=more.pop("student", "u:1"), item=item, kind=kind, **more)["recordFeedback"]

    return run


@pytest.fixture
def stage(ask):
    """Ask for the stage weights of a student."""
    return lambda student="u:1": ask(f"query ($c: ID!) {{ student(code: $c) {{ {STAGE} }} }}", c=student)["student"][
        "stage"
    ]


def test_an_action_is_recorded_and_counts_at_once(world, give, stage):
    """Would catch a fact that is written without time, key or source, and a receipt with the old weights."""
    before = stage()
    told = give("p:2", "APPLY", key="k1", at="2024-05-02T08:00:00Z")
    assert told["accepted"] is True
    assert told["stage"]["employment"] > before["employment"]
    assert sum(told["stage"].values()) == pytest.approx(1.0)
    assert stage() == told["stage"]
    [row] = world.read(SEEN, student="u:1")
    assert (row["key"], row["kind"], row["item"], row["source"]) == ("k1", "apply", "p:2", "api")
    assert row["at"].to_native() == datetime(2024, 5, 2, 8, tzinfo=UTC)


def test_the_same_key_counts_once(world, give, stage):
    """Would catch an action that is sent again, after a timeout for instance, and counts twice."""
    assert give("p:2", "APPLY", key="k1")["accepted"] is True
    after = stage()
    again = give("p:2", "APPLY", key="k1")
    assert (again["accepted"], again["stage"]) == (False, after)
    assert give("r:sql", "CLICK", key="k1")["accepted"] is False
    assert len(world.read(SEEN, student="u:1")) == 1
    # The key is the student's own: another student may have the same one.
    assert give("p:2", "APPLY", key="k1", student="u:2")["accepted"] is True


def test_a_key_that_is_sent_many_times_at_once_counts_once(world, connection):
    """Would catch a look and a write between which another request with the same key gets through."""

    async def burst():
        async with Gateway(connection) as gateway:
            contexts = [Context(gateway) for _ in range(12)]
            return await asyncio.gather(
                *(record(each, "u:1", "p:2", kind=FeedbackKind.VIEW, at=None, key="same") for each in contexts)
            )

    assert sorted(asyncio.run(burst())) == [False] * 11 + [True]
    assert len(world.read(SEEN, student="u:1")) == 1


def test_without_a_key_the_same_action_within_a_second_is_one(world, give):
    """Would catch a double click that counts twice, and another second that does not count."""
    at = "2024-05-02T08:00:00.100Z"
    assert give("p:2", "VIEW", at=at)["accepted"] is True
    assert give("p:2", "VIEW", at="2024-05-02T10:00:00.900+02:00")["accepted"] is False
    assert give("p:2", "VIEW", at="2024-05-02T08:00:01.100Z")["accepted"] is True
    assert give("p:2", "CLICK", at=at)["accepted"] is True
    keys = {own_key("u", "i", FeedbackKind.VIEW, datetime(2024, 5, 2, 8, tzinfo=UTC)) for _ in range(2)}
    assert len(keys) == 1


ACTIONS = (
    ("p:2", "VIEW", "2024-05-01T08:00:00Z"),
    ("p:2", "APPLY", "2024-05-02T08:00:00Z"),
    ("r:sql", "REGISTER", "2024-05-03T08:00:00Z"),
    ("p:4", "DISMISS", "2024-05-04T08:00:00Z"),
)


def test_the_order_of_arrival_does_not_matter(world, give, stage):
    """Would catch a late action that is folded in behind what came after it."""
    for number, (item, kind, at) in enumerate(ACTIONS):
        give(item, kind, at=at, key=str(number))
    for number, (item, kind, at) in reversed(list(enumerate(ACTIONS))):
        give(item, kind, at=at, key=str(number), student="u:2")
    world.write("MATCH (u:Student {code: 'u:2'}) OPTIONAL MATCH (u)-[e:EARNED|TOOK]->() DELETE e")
    world.write("MATCH (u:Student {code: 'u:1'}) OPTIONAL MATCH (u)-[e:EARNED|TOOK]->() DELETE e")
    assert stage("u:1") == pytest.approx(stage("u:2"))


def test_what_is_withdrawn_has_never_happened(world, give, stage, ask):
    """Would catch a trace that a withdrawn action leaves, and a key that stays used."""
    before = stage()
    give("p:2", "APPLY", key="k1")
    give("p:4", "VIEW", key="k2")
    told = ask(WITHDRAW, student="u:1", key="k1")["withdrawFeedback"]
    assert told["accepted"] is True
    assert [row["key"] for row in world.read(SEEN, student="u:1")] == ["k2"]
    assert ask(WITHDRAW, student="u:1", key="k2")["withdrawFeedback"]["stage"] == before == stage()
    assert ask(WITHDRAW, student="u:1", key="k1")["withdrawFeedback"]["accepted"] is False
    assert give("p:2", "APPLY", key="k1")["accepted"] is True


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"student": "u:nobody"}, "student: 'u:nobody'; expected the code of a student"),
        ({"item": "x"}, "item: 'x'; expected the code of a job or a resource"),
        ({"item": "r:sql", "kind": "APPLY"}, "kind: APPLY of Course 'r:sql'; expected the code of a job"),
        ({"item": "p:2", "kind": "REGISTER"}, "kind: REGISTER of Job 'p:2'; expected the code of a resource"),
        ({"item": "p:2", "kind": "COMPLETE"}, "kind: COMPLETE of Job 'p:2'; expected the code of a resource"),
        ({"key": ""}, "key of 0 characters; expected 1 to 200"),
        ({"key": "k" * 201}, "key of 201 characters; expected 1 to 200"),
        ({"at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}, "at: "),
    ],
)
def test_what_makes_no_sense_is_refused(world, client, given, message):
    """Would catch behaviour that cannot have been, and an error that looks like one of ours."""
    variables = {"student": "u:1", "item": "p:2", "kind": "VIEW"} | given
    answer = client.post("/graphql", json={"query": RECORD, "variables": variables}).json()
    [error] = answer["errors"]
    assert error["message"].startswith(message)
    assert error["extensions"] == {"code": "INVALID"}
    assert world.read(SEEN, student="u:1") == []


def test_a_clock_that_is_a_little_ahead_counts_now(world, give, stage):
    """Would catch an action that takes effect only when our clock has caught up."""
    ahead = datetime.now(UTC) + timedelta(minutes=2)
    told = give("p:2", "APPLY", at=ahead.isoformat())
    [row] = world.read(SEEN, student="u:1")
    assert row["at"].to_native() <= datetime.now(UTC)
    assert stage() == told["stage"]


def test_nothing_is_changed_by_a_get(world, client):
    """Would catch a link that records what a student never did."""
    query = 'mutation { recordFeedback(input: {student: "u:1", item: "p:2", kind: VIEW}) { accepted } }'
    answer = client.get("/graphql", params={"query": query}, headers={"accept": "application/json"})
    assert answer.status_code >= 400 or answer.json().get("errors")
    assert world.read(SEEN, student="u:1") == []


def test_reads_do_not_write_and_writes_do_not_read(world, connection):
    """Would catch a write that is routed to a member of a cluster that only reads."""

    async def mixed():
        async with Gateway(connection) as gateway:
            with pytest.raises(QueryError):
                await gateway.read("feedback/withdraw", student="u:1", key="k", now=datetime.now(UTC))
            with pytest.raises(QueryError):
                await gateway.write("serve/generation")

    asyncio.run(mixed())
