"""An update on the real server: equal to a full run by the same rules, and no more work than that asks for."""

import neo4j
import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from etl.sources.university import World
from gnn import writeback
from gnn.config import GapConfig
from gnn.jobs import compute_gaps, update_gaps, updating
from gnn.writeback import update
from schema.errors import JobError, UnreachableError
from tests.bench import update as bench
from tests.gnn.tiny import university

TINY = World(postings=1_200, students=120, months=20, clusters=8, seed=5, start="2022-01", interactions=1_500)
SILENT = Progress.silent()
EVERYTHING = {
    "abilities": "MATCH (s:Student)-[r:HAS_CAPABILITY {generation: $g}]->(k) RETURN s.code, k.code, [r.level]",
    "gaps": "MATCH (s:Student)-[:HAS_GAP {generation: $g}]->(p:Gap)-[:TOWARD]->(j) "
    "RETURN s.code, j.code, [p.rank, toInteger(p.ownGoal), p.value, p.match, p.likelihood], p.name, p.generation = $g",
    "lacks": "MATCH (s:Student)-[:HAS_GAP {generation: $g}]->(p)-[r:LACKS {generation: $g}]->(k), (p)-[:TOWARD]->(j) "
    "RETURN s.code, j.code + ' ' + k.code, [r.demanded, r.held, r.amount]",
    "bridges": "MATCH (s:Student)-[:HAS_GAP {generation: $g}]->(p)<-[r:BRIDGES {generation: $g}]-(k), "
    "(p)-[:TOWARD]->(j) RETURN s.code, j.code + ' ' + k.code, "
    "[r.rank, r.score, r.similarityToStudent, r.similarityToGoal, r.contribution]",
    "lists": "MATCH (s:Student)-[r:RECOMMENDED {generation: $g}]->(i) RETURN s.code, r.path + ' ' + i.code, "
    "[r.rank, r.score, r.match, r.gap, r.contribution, r.heat] + r.terms, r.goal",
    "stages": "MATCH (s:Student) RETURN s.code, '', s.stage",
}


def everything(graph: Graph):
    """Return every row of the active generation: {(kind, student, what): (numbers, the rest)}."""
    generation = writeback.active(graph).code
    return {
        (kind, row[0], row[1]): (row[2], tuple(row[3:]))
        for kind, text in EVERYTHING.items()
        for row in graph.read(text, **({"g": generation} if "$g" in text else {}))
    }


def of(kind, rows):
    """Return the rows of one kind."""
    return {key: value for key, value in rows.items() if key[0] == kind}


def same(left, right):
    """Compare two of them, row by row."""
    assert left.keys() == right.keys()
    for key, (numbers, rest) in left.items():
        assert rest == right[key][1], key
        assert numbers == pytest.approx(right[key][0], abs=1e-9), key


@pytest.fixture(scope="module")
def loaded(connection, driver, tmp_path_factory):
    """The university after one full run."""
    with university(connection, driver, TINY, folder=tmp_path_factory.mktemp("update")) as graph:
        compute_gaps(graph, GapConfig(), progress=SILENT)
        yield graph


@pytest.fixture
def graph(loaded):
    """The same, with everything up to date."""
    update_gaps(loaded, progress=SILENT)
    return loaded


def test_nothing_is_done_where_nothing_changed(graph):
    """Would catch digests that depend on the run, and results that an update computes otherwise than the job."""
    report = update_gaps(graph, progress=SILENT)
    assert (report.renewed, report.relisted, report.came, report.changed, report.avoided) == (0, 0, 0, 0, 1.0)
    before = everything(graph)
    report = update_gaps(graph, everyone=True, progress=SILENT)
    assert (report.renewed, report.students) == (120, 120)
    same(everything(graph), before)


POSTINGS = (
    "MATCH (p:Job)<-[:RECOMMENDED {path: 'JOB', rank: 3}]-() WITH DISTINCT p ORDER BY p.code LIMIT 4 "
    "SET p.closedAt = datetime('2023-01-01T00:00:00Z')",
    "MATCH (p:Job)<-[:RECOMMENDED {path: 'JOB', rank: 1}]-() WHERE p.closedAt IS NULL "
    "WITH DISTINCT p ORDER BY p.code LIMIT 2 MATCH (p)-[r:REQUIRES]->() SET r.level = r.level * 0.5",
    "MATCH (p:Job)-[:IN_CLUSTER]->(j:JobCluster) WHERE p.closedAt IS NULL AND coalesce(j.rule, '') <> 'unclassified' "
    "WITH p, j ORDER BY p.releasedOn DESC, p.code LIMIT 1 MATCH (p)-[r:REQUIRES]->(s) "
    "WITH p, j, collect([s, r.level]) AS asked "
    "CREATE (n:Job {code: 'new:1', releasedOn: p.releasedOn + duration('P9D')})-[:IN_CLUSTER]->(j) "
    "FOREACH (each IN asked | FOREACH (s IN [each[0]] | CREATE (n)-[:REQUIRES {level: each[1]}]->(s)))",
)
STUDENTS = (
    "MATCH (s:Student) WITH s ORDER BY s.code LIMIT 2 MATCH (s)-[t:TOOK]->() "
    "SET t.score = 100.0, t.status = 'completed'",
    "MATCH (s:Student) WITH s ORDER BY s.code DESC LIMIT 1 MATCH (s)-[t:TOOK]->() WITH t LIMIT 5 DELETE t",
    "MATCH (s:Student) WITH s ORDER BY s.code SKIP 10 LIMIT 1 MATCH (j:JobCluster {rule: 'occupation'}) "
    "WITH s, j ORDER BY j.code LIMIT 1 MERGE (s)-[:AIMS_AT]->(j)",
    "MATCH (s:Student)-[r:RECOMMENDED {rank: 1}]->(i) WITH s, i ORDER BY s.code, i.code SKIP 60 LIMIT 3 "
    "CREATE (s)-[:INTERACTED {kind: 'apply', at: datetime(), key: s.code + i.code}]->(i)",
    "MATCH (s:Student) WITH s ORDER BY s.code SKIP 30 LIMIT 1 DETACH DELETE s",
    "MATCH (m:Major) WITH m ORDER BY m.code LIMIT 1 "
    "CREATE (:Student {code: 'new', admissionScore: 80.0})-[:STUDIES]->(m)",
    "MATCH (s:Student) WITH s ORDER BY s.code SKIP 40 LIMIT 1 SET s.degree = 2",
)


def test_an_update_comes_to_the_same_as_a_full_run_by_the_same_rules(graph):
    """Would catch a student who is missed, a fact that is left behind, and any number that differs."""
    before = everything(graph)
    for text in (*POSTINGS, *STUDENTS):
        graph.write(text)
    report = update_gaps(graph, progress=SILENT)
    assert report.came > 0
    assert 6 <= report.renewed <= 12
    assert 0 < report.relisted < 80
    after = everything(graph)
    assert update_gaps(graph, progress=SILENT).changed == 0
    old = writeback.active(graph).code
    compute_gaps(graph, same_rules=True, progress=SILENT)
    assert writeback.active(graph).code != old
    same(after, everything(graph))
    assert {key[1] for key in after} - {key[1] for key in before} == {"new"}


def test_postings_alone_concern_nothing_but_lists_of_postings(graph):
    """Would catch students who are made anew though nothing of theirs changed, and writes that touch other facts."""
    before = everything(graph)
    graph.write(POSTINGS[0])
    report = update_gaps(graph, progress=SILENT)
    assert report.renewed == 0 < report.relisted
    after = everything(graph)
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert differing
    assert all(kind == "lists" and what.startswith("JOB ") for kind, _, what in differing)
    # Everyone who was made anew was so for a reason: nothing is missed, and few are taken along for nothing.
    assert len({student for _, student, _ in differing}) >= 0.7 * report.relisted


def test_one_who_did_something_moves_nobody_else(graph):
    """Would catch behaviour of one student that reaches others by shares, and a list that is not made anew."""
    graph.write(STUDENTS[3].replace("SKIP 60", "SKIP 200").replace("LIMIT 3", "LIMIT 1"))
    report = update_gaps(graph, progress=SILENT)
    assert (report.renewed, report.relisted) == (1, 0)
    assert report.changed > 0


def test_a_killed_update_is_gone_on_with(graph, monkeypatch):
    """Would catch an update that forgets, after it was killed, whom it did not come to."""
    graph.write("MATCH (s:Student) WITH s ORDER BY s.code SKIP 50 LIMIT 9 MATCH (s)-[t:TOOK]->() SET t.score = 61.0")
    monkeypatch.setattr(updating, "BATCH", 3)
    calls = []
    write = update.write

    def dying(*given, **named):
        calls.append(named["key"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return write(*given, **named)

    monkeypatch.setattr(update, "write", dying)
    with pytest.raises(KeyboardInterrupt):
        update_gaps(graph, progress=SILENT)
    monkeypatch.setattr(update, "write", write)
    report = update_gaps(graph, progress=SILENT)
    assert 0 < report.renewed <= 6
    after = everything(graph)
    update_gaps(graph, everyone=True, progress=SILENT)
    same(everything(graph), after)


def test_profiles_alone_leave_the_rest_to_the_next_update(graph, monkeypatch):
    """Would catch abilities or gaps that differ from those of a whole update, lists that are forgotten for ever, and
    a student who is lost between two sessions."""
    monkeypatch.setattr(updating, "PROFILES", 1)
    graph.write("MATCH (s:Student) WITH s ORDER BY s.code SKIP 70 LIMIT 4 MATCH (s)-[t:TOOK]->() SET t.score = 99.0")
    before = everything(graph)
    assert update_gaps(graph, profiles_only=True, progress=SILENT).renewed == 4
    profiles = everything(graph)
    assert update_gaps(graph, progress=SILENT).renewed == 4
    whole = everything(graph)
    for kind in ("abilities", "gaps", "lacks", "stages"):
        assert {k: v for k, v in profiles.items() if k[0] == kind} == {k: v for k, v in whole.items() if k[0] == kind}
    assert {k: v for k, v in profiles.items() if k[0] == "lists"} == {
        k: v for k, v in before.items() if k[0] == "lists"
    }
    assert profiles != whole


def test_profiles_of_which_one_batch_fails_are_gone_on_with(graph, monkeypatch):
    """Would catch a batch that fails without a word, and one beside it that is left half written."""
    graph.write(
        "MATCH (s:Student) WITH s ORDER BY s.code SKIP 80 LIMIT 6 MATCH (s)-[t:TOOK]->() WITH s, collect(t) AS all "
        "FOREACH (t IN all[..3] | DELETE t) FOREACH (t IN all[3..] | SET t.score = 97.0)"
    )
    monkeypatch.setattr(updating, "PROFILES", 2)
    write = update.write

    def failing(*given, key, **named):
        if key.endswith(":1"):
            raise UnreachableError("gone", "a server")
        return write(*given, key=key, **named)

    monkeypatch.setattr(update, "write", failing)
    with pytest.raises(UnreachableError):
        update_gaps(graph, profiles_only=True, progress=SILENT)
    monkeypatch.setattr(update, "write", write)
    assert update_gaps(graph, progress=SILENT).renewed == 6
    after = everything(graph)
    update_gaps(graph, everyone=True, progress=SILENT)
    same(everything(graph), after)
    old = writeback.active(graph).code
    compute_gaps(graph, same_rules=True, progress=SILENT)
    assert writeback.active(graph).code != old
    same(after, everything(graph))


def test_a_batch_whose_generation_is_retired_meanwhile_is_not_written(graph, monkeypatch):
    """Would catch a batch that another run has overtaken, and that is written all the same."""
    before, run, calls = everything(graph), neo4j.Transaction.run, []

    def overtaken(self, text, *given, **named):
        if "gapGeneration" in text:
            calls.append(text)
            result = run(self, text, *given, **named)
            graph.write("MATCH (g:Generation {code: $code}) SET g.status = 'retired'", code=code)
            return result
        return run(self, text, *given, **named)

    code = writeback.active(graph).code
    graph.write("MATCH (s:Student) WITH s ORDER BY s.code SKIP 90 LIMIT 1 MATCH (s)-[t:TOOK]->() SET t.score = 51.0")
    monkeypatch.setattr(neo4j.Transaction, "run", overtaken)
    with pytest.raises(JobError, match="another generation"):
        update_gaps(graph, profiles_only=True, progress=SILENT)
    monkeypatch.undo()
    assert len(calls) == 1
    same(everything(graph), before)
    graph.write("MATCH (g:Generation {code: $code}) SET g.status = 'active'", code=code)


def test_a_generation_that_is_not_active_is_not_touched(graph):
    """Would catch an update that writes into a generation which another run has retired meanwhile."""
    code = graph.read("MATCH (s:Student) RETURN s.code AS c ORDER BY c LIMIT 1")[0]["c"]
    retired = graph.read("MATCH (g:Generation {status: 'retired', kind: 'gaps'}) RETURN g.code AS c")[0]["c"]
    before = everything(graph)
    with pytest.raises(JobError, match="another generation"):
        update.write(graph, retired, update.gone([code]), key="test")
    same(everything(graph), before)


def test_the_benchmark_measures_and_sets_everything_back(graph):
    """Would catch a benchmark that no longer runs, and one that leaves its changes behind."""
    before = everything(graph)
    figures = {each.name: each for each in bench.everything(graph, students=20, every=30)}
    assert figures["profiles computed"].target == 0.1
    assert figures["share of the work avoided"].target == 0.8
    assert figures["students made anew after a change of postings"].value > 0
    same(everything(graph), before)
