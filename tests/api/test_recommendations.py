"""Lists as clients get them: against the oracle over the graph, stored ones, what changes at once, what is kept out."""

import asyncio
from datetime import timedelta

import pytest

from api.gateway import Gateway
from api.recommend.pools import Pools, watch
from schema.ranking import PATHS, TERMS
from tests.api import drawn, oracle
from tests.api.reading import read_student, read_world

TERM = "terms { name weight value product }"
LIST = (
    "query ($student: ID!, $path: RecommendationPath!, $region: String, $first: Int = 100) {"
    " student(code: $student) { recommendations(path: $path, region: $region, first: $first) {"
    " rank score provisional generation item { __typename ... on Job { code } ... on Resource { code } }"
    f" explanation {{ match gap contribution heat {TERM} }} chain {{ goal {{ code }} }} }} }} }}"
)


@pytest.fixture
def listed(ask):
    """Ask for a list of a student."""

    def run(student, path, **more):
        return ask(LIST, student=student, path=path, **more)["student"]["recommendations"]

    return run


def codes(found):
    """Return the codes of the items of a list."""
    return [each["item"]["code"] for each in found]


@pytest.fixture
def world(graph):
    """A drawn world in which every list of student u:0 is long enough to lose items."""
    drawn.draw(graph, 11)
    return graph


def compared(ours, theirs):
    """Hold a list that the service gave against the oracle's."""
    assert codes(ours) == [item for item, _, _, _ in theirs]
    assert [each["rank"] for each in ours] == list(range(1, len(ours) + 1))
    for mine, (_, goal, score, terms) in zip(ours, theirs, strict=True):
        assert mine["score"] == pytest.approx(score, abs=1e-9)
        told = mine["explanation"]["terms"]
        assert [each["name"] for each in told] == list(TERMS)
        assert [each["value"] for each in told] == pytest.approx(terms, abs=1e-9)
        assert sum(each["product"] for each in told) == pytest.approx(mine["score"], abs=1e-6)
        assert mine["chain"]["goal"]["code"] == goal


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lists_equal_the_oracle_over_the_graph(graph, listed, ask, seed):
    """Would catch a query that reads another fact than the equations mean: another generation's, a closed one, a term
    too late; and arithmetic that differs."""
    students = [each.code for each in drawn.draw(graph, seed)]
    world = read_world(graph)
    for code in students:
        student = read_student(graph, code)
        for path in PATHS:
            found = listed(code, path)
            compared(found, oracle.lists(world, student, path))
            assert {each["provisional"] for each in found} <= {not student.goals}
        compared(listed(code, "JOB", region="g:1"), oracle.lists(world, student, "JOB", region="g:1"))
        told = ask(
            "query ($c: ID!) { student(code: $c) { stage { enrolment training employment entrepreneurship } } }", c=code
        )
        assert list(told["student"]["stage"].values()) == pytest.approx(oracle.stage(world, student), abs=1e-9)


def store(graph, student, path, items):
    """Store a list with scores that nobody would compute."""
    graph.write(
        "MATCH (u:Student {code: $student}) UNWIND range(0, size($items) - 1) AS place "
        "OPTIONAL MATCH (j:Job {code: $items[place]}) OPTIONAL MATCH (r:Resource {code: $items[place]}) "
        "WITH u, place, coalesce(j, r) AS item MATCH (u)-[:HAS_GAP]->(g)-[:TOWARD]->(goal) "
        "WITH u, place, item, g, goal ORDER BY g.rank WITH u, place, item, head(collect([g.value, goal.code])) AS best "
        "CREATE (u)-[:RECOMMENDED {generation: 't:g', path: $path, rank: place + 1, score: 9.0 - place, match: 0.5, "
        "gap: best[0], contribution: 0.25, heat: 0.125, goal: best[1], terms: $terms}]->(item)",
        student=student,
        path=path,
        items=items,
        terms=[0.5, 0.5, 0.5, 0.5, 0.125, 0.25, 0.5, 0.0, 0.0],
    )


@pytest.fixture
def kept(world, listed):
    """A world with a stored list of jobs, its order turned round, so that it differs from a computed one."""
    items = codes(listed("u:0", "JOB"))[::-1]
    assert len(items) >= 3
    store(world, "u:0", "JOB", items)
    return items


def test_a_stored_list_is_told_as_it_stands(kept, listed, recorder):
    """Would catch a stored list that is computed anew, cut wrongly, or called provisional."""
    found = listed("u:0", "JOB")
    assert codes(found) == kept
    assert [each["score"] for each in found] == [9.0 - place for place in range(len(kept))]
    assert not any(each["provisional"] for each in found)
    assert {each["generation"] for each in found} == {"t:g"}
    assert (found[0]["explanation"]["contribution"], found[0]["explanation"]["heat"]) == (0.25, 0.125)
    assert codes(listed("u:0", "JOB", first=1)) == kept[:1]
    assert "serve/over" not in recorder.names


RECORD = (
    "mutation ($student: ID!, $item: ID!, $kind: FeedbackKind!, $at: DateTime, $key: String) { recordFeedback(input: "
    "{student: $student, item: $item, kind: $kind, at: $at, key: $key}) { accepted stage { employment training } } }"
)


def test_what_the_student_does_changes_the_list_at_once(world, kept, listed, ask):
    """Would catch an item that stays after it was applied for or dismissed, and a list that does not say that it is
    provisional; what others do changes nothing."""
    others = listed("u:1", "JOB")
    ask(RECORD, student="u:0", item=kept[0], kind="DISMISS")
    found = listed("u:0", "JOB")
    assert found and kept[0] not in codes(found)
    assert all(each["provisional"] for each in found)
    ask(RECORD, student="u:0", item=kept[1], kind="APPLY")
    assert not {kept[0], kept[1]} & set(codes(listed("u:0", "JOB")))
    compared(listed("u:0", "JOB"), oracle.lists(read_world(world), read_student(world, "u:0"), "JOB"))
    assert listed("u:1", "JOB") == others


def test_a_burst_of_one_student_moves_nobody_else(world, listed, ask):
    """Would catch preferences that are shared, so that one student could push an item on all."""
    before = {path: listed("u:1", path) for path in PATHS}
    [job, *_] = codes(listed("u:0", "JOB"))
    for number in range(30):
        ask(RECORD, student="u:0", item=job, kind="CLICK", key=f"burst {number}")
    assert {path: listed("u:1", path) for path in PATHS} == before
    world_, student = read_world(world), read_student(world, "u:0")
    for path in PATHS:
        compared(listed("u:0", path), oracle.lists(world_, student, path))


def test_what_is_over_vanishes(world, kept, listed):
    """Would catch a stored or a computed list with a posting that has closed since."""
    world.write("MATCH (p:Job {code: $code}) SET p.closedAt = datetime()", code=kept[0])
    found = listed("u:0", "JOB")
    assert kept[0] not in codes(found)
    compared(found, oracle.lists(read_world(world), read_student(world, "u:0"), "JOB"))
    world.write("MATCH (p:Job {code: $code}) SET p.closesOn = date('2024-05-30')", code=kept[1])
    assert kept[1] not in codes(listed("u:0", "JOB"))
    training = codes(listed("u:0", "TRAINING"))
    if training:
        world.write("MATCH (r:Resource {code: $code}) SET r.endsOn = date('2024-05-30')", code=training[0])
        assert training[0] not in codes(listed("u:0", "TRAINING"))


def test_a_posting_one_minute_old_joins_without_a_run(world, kept, listed):
    """Would catch a posting that nobody is shown before the next run, and one that does not say that it is new."""
    assert codes(listed("u:0", "JOB")) == kept
    world.write(
        "MATCH (u:Student {code: 'u:0'})-[:HAS_GAP]->(g)-[:TOWARD]->(j) WITH u, j ORDER BY g.likelihood DESC LIMIT 1 "
        "CREATE (p:Job {code: 'p:new', name: 'New', releasedOn: date(), createdAt: datetime()})-[:IN_CLUSTER]->(j)"
    )
    found = listed("u:0", "JOB")
    assert [each["item"]["code"] for each in found if each["provisional"]] == ["p:new"]
    values = {each["name"]: each["value"] for each in found[codes(found).index("p:new")]["explanation"]["terms"]}
    assert values["freshness"] == 1.0


def test_a_student_without_a_record_gets_a_list(world, listed, ask):
    """Would catch a first day on which a student is shown nothing, or is not told that it is provisional."""
    found = listed("u:new", "JOB")
    assert found and all(each["provisional"] for each in found)
    query = (
        '{ student(code: "u:new") { recommendations(path: JOB, first: 1) { explanation { sentences } '
        "chain { steps { score } } } } }"
    )
    [first] = ask(query)["student"]["recommendations"]
    assert len(first["explanation"]["sentences"]) == 4


def test_the_lists_of_a_student_are_read_at_once(world, ask, recorder):
    """Would catch a student who is read once per list, and a snapshot that is read once per request."""
    query = (
        '{ student(code: "u:0") { stage { training } a: recommendations(path: JOB) { score } '
        "b: recommendations(path: TRAINING) { score } c: recommendations(path: ENTREPRENEURSHIP) { score } } }"
    )
    ask(query)
    assert recorder.names.count("serve/student-facts") == recorder.names.count("serve/pool-postings") == 1
    recorder.names.clear()
    ask(query)
    assert recorder.names.count("serve/student-facts") == 1
    assert {name for name in recorder.names if name.startswith("serve/pool-")} <= {"serve/pool-stamp"}


NEXT = """
MATCH (g:Generation {code: 't:g'})
CREATE (:Generation {
  code: 't:h', createdAt: g.createdAt, activatedAt: g.activatedAt, dataThrough: g.dataThrough, config: g.config
})
WITH g MATCH (p:ActivePointer) SET p.generation = 't:h'
"""


def test_another_generation_is_another_snapshot(world, listed):
    """Would catch lists that stay with the generation that the service met first."""
    assert listed("u:0", "JOB")
    world.write(NEXT)
    # The new generation holds no facts at all.
    assert listed("u:0", "JOB") == []
    world.write("MATCH (p:ActivePointer) SET p.generation = 't:g'")
    assert {each["generation"] for each in listed("u:0", "JOB")} == {"t:g"}


EXCLUDED = (
    "query ($student: ID!, $path: RecommendationPath!, $region: String) { student(code: $student) { excluded("
    "path: $path, region: $region, first: 100) { score gates { kind asked } item { ... on Job { code } ... on Resource "
    "{ code } } explanation { terms { product } } } } }"
)


def test_what_keeps_an_item_out_is_named(world, ask, listed):
    """Would catch an item that disappears without a word, a wrong gate, and a score that its terms do not make."""
    before = codes(listed("u:0", "JOB"))
    world.write("MATCH (p:Job {code: $code}) SET p.closesOn = date('2024-05-30')", code=before[0])
    world.write("MATCH (u:Student {code: 'u:0'}) SET u.degree = 5")
    world.write("MATCH (p:Job {code: $code}) SET p.education = 8", code=before[1])
    found = ask(EXCLUDED, student="u:0", path="JOB", region="g:0")["student"]["excluded"]
    gates = {each["item"]["code"]: {(gate["kind"], gate["asked"]) for gate in each["gates"]} for each in found}
    assert ("CLOSED", "2024-05-30") in gates[before[0]]
    assert ("REGION", "g:0") in set().union(*gates.values())
    assert all(
        sum(term["product"] for term in each["explanation"]["terms"]) == pytest.approx(each["score"], abs=1e-6)
        for each in found
    )
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    assert not set(gates) & set(codes(listed("u:0", "JOB", region="g:0")))


def test_a_missing_prerequisite_is_named(world, ask, listed):
    """Would catch a course that is offered before what it builds on."""
    [first, *_] = codes(listed("u:0", "TRAINING"))
    world.write(
        "MATCH (r:Resource {code: $code}) CREATE (b:Resource:Course {code: 'r:basics', name: 'Basics'}) "
        "CREATE (r)-[:REQUIRES_FIRST]->(b)",
        code=first,
    )
    # The end of a load has the snapshot read anew, while it is served as it was.
    world.write("CREATE (:Load {code: 'l', finishedAt: datetime()})")
    for _ in range(50):
        if first not in codes(listed("u:0", "TRAINING")):
            break
    out = ask(EXCLUDED, student="u:0", path="TRAINING")["student"]["excluded"]
    named = {each["item"]["code"]: each["gates"] for each in out}
    assert {"kind": "PREREQUISITE", "asked": "Basics"} in named[first]


def test_sentences_come_in_two_languages(world, ask):
    """Would catch an argument that is not heard, and sentences that say another thing than the terms."""
    query = (
        '{ student(code: "u:0") { recommendations(path: JOB, first: 3) { explanation { heat sentences '
        "zh: sentences(language: ZH) en: sentences(language: EN) } } } }"
    )
    for each in ask(query)["student"]["recommendations"]:
        told = each["explanation"]
        assert told["sentences"] == told["en"] != told["zh"]
        assert len(told["en"]) == len(told["zh"]) == 4
        assert ("is high" in told["en"][3]) == (told["heat"] >= 2 / 3)
        assert all(sentence.endswith("。") for sentence in told["zh"])


def test_every_hop_of_a_chain_is_in_the_graph(world, listed, ask):
    """Would catch an item whose chain cannot be drawn: no gap toward its goal, or a step that bridges nothing."""
    query = (
        'query ($path: RecommendationPath!) { student(code: "u:0") { recommendations(path: $path) { '
        "chain { goal { code } gap { value lacks { amount capability { code } } } "
        "steps { resource { code } contribution } } } } }"
    )
    for path in PATHS:
        for each in ask(query, path=path)["student"]["recommendations"]:
            chain = each["chain"]
            assert sum(lack["amount"] for lack in chain["gap"]["lacks"]) == pytest.approx(chain["gap"]["value"])
            hops = world.read(
                "MATCH (:Student {code: 'u:0'})-[:HAS_GAP]->(g)-[:TOWARD]->(:JobCluster {code: $goal}) "
                "MATCH (g)<-[b:BRIDGES]-(r) WITH r, b ORDER BY b.rank "
                "RETURN collect([r.code, b.contribution]) AS steps",
                goal=chain["goal"]["code"],
            )[0]["steps"]
            assert [[step["resource"]["code"], step["contribution"]] for step in chain["steps"]] == hops


def test_before_the_first_generation_there_are_stages_only(graph, ask):
    """Would catch a first start that answers with errors."""
    graph.write("CREATE (:Student {code: 'u:0', year: 1}), (:Job {code: 'p:0', releasedOn: date()})")
    query = (
        '{ student(code: "u:0") { stage { training employment } recommendations(path: JOB) { rank } '
        'excluded(path: JOB) { score } plan(goal: "x") { gap } } }'
    )
    found = ask(query)["student"]
    assert found["recommendations"] == found["excluded"] == []
    assert found["plan"] is None
    assert found["stage"]["training"] > found["stage"]["employment"]
    assert ask(RECORD, student="u:0", item="p:0", kind="VIEW")["recordFeedback"]["accepted"] is True


def test_an_item_is_dated_from_the_reference_day(world, listed):
    """Would catch a world that ended in the past and in which everything is stale: its own last day counts."""
    [newest] = [each for each in listed("u:0", "JOB") if each["rank"] == 1]
    fresh = {each["name"]: each["value"] for each in newest["explanation"]["terms"]}["freshness"]
    [released] = world.read("MATCH (p:Job {code: $code}) RETURN p.releasedOn AS day", code=newest["item"]["code"])
    days = (drawn.REFERENCE - released["day"].to_native()) / timedelta(days=1)
    assert fresh == pytest.approx((1 + days / 7) ** -0.5)


def test_a_service_keeps_its_snapshot_ready(world, connection):
    """Would catch a first request, or the first after another generation, that waits until all has been read."""

    async def waited():
        async with Gateway(connection) as gateway:
            pools = Pools()
            watching = asyncio.create_task(watch(gateway, pools, every=0.01))
            try:
                for _ in range(500):
                    if pools.generations:
                        break
                    await asyncio.sleep(0.02)
                first = pools.generations
                world.write(NEXT)
                for _ in range(500):
                    if pools.generations != first:
                        break
                    await asyncio.sleep(0.02)
                return first, pools.generations
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
                await pools.close()

    assert asyncio.run(waited()) == (["t:g"], ["t:g", "t:h"])
