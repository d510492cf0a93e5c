"""The graph on a real server: exactly-once batches, errors in our words, bookmarks between processes."""

import base64
import itertools
import json
import threading
import time
from contextlib import contextmanager

import neo4j
import pytest
from neo4j.exceptions import IncompleteCommit, ServiceUnavailable

from cypher.bookmarks import Bookmarks
from cypher.graph import Graph
from cypher.library import Library
from cypher.server import Connection
from cypher.settings import Secret, Settings
from schema.errors import QueryError, UnreachableError

CONSTRAINT = "CREATE CONSTRAINT load_batch_code IF NOT EXISTS FOR (node:LoadBatch) REQUIRE (node.code) IS UNIQUE"


@pytest.fixture
def graph(empty_graph):
    """An empty graph whose ledger is held by its constraint. Tests write Samples: no catalog knows that label."""
    with Graph(empty_graph) as opened:
        opened.schema(CONSTRAINT)
        yield opened


@pytest.fixture
def settings(connection, tmp_path):
    """Settings that name the server of the tests, with a home of their own."""
    return Settings.from_environment(
        {
            "NEO4J_URI": connection.uri,
            "NEO4J_USERNAME": connection.username,
            "NEO4J_PASSWORD": connection.password.reveal(),
            "NEO4J_DATABASE": connection.database,
            "FULLCYCLE_HOME": str(tmp_path),
        }
    )


def test_write_counts_and_read_returns(graph):
    """Would catch parameters that do not arrive, and counters of another transaction."""
    counters = graph.write("UNWIND $rows AS row CREATE (:Sample {code: row})", rows=["a", "b"])
    assert (counters.nodes_created, counters.properties_set) == (2, 2)
    assert [each["code"] for each in graph.read("MATCH (n:Sample) RETURN n.code AS code ORDER BY code")] == ["a", "b"]


def test_read_is_routed_as_read(graph):
    """Would catch reads that ask for a writing session: the server then lets them write."""
    with pytest.raises(QueryError, match=r"[Rr]ead access mode"):
        graph.read("CREATE (n:Sample) RETURN n")
    with pytest.raises(QueryError, match=r"[Rr]ead access mode"):
        list(graph.stream("CREATE (n:Sample) RETURN n"))
    assert graph.read("MATCH (n:Sample) RETURN count(n) AS n")[0]["n"] == 0


def test_stream_does_not_wait_for_the_last_record(graph):
    """Would catch a stream that pulls everything first: this one would take for ever and fill the memory."""
    stream = graph.stream("UNWIND range(1, 100000000) AS n RETURN n")
    assert [each["n"] for each in itertools.islice(stream, 5000)] == list(range(1, 5001))
    stream.close()
    assert [each["n"] for each in graph.stream("UNWIND $rows AS n RETURN n", rows=[1, 2])] == [1, 2]


def test_batch_is_written_once_for_a_key(graph):
    """Would catch a ledger that is not asked, or that counts itself."""
    rows = [{"code": "a"}, {"code": "b"}]
    create = "UNWIND $rows AS row CREATE (:Sample {code: row.code})"
    first = graph.write_batch("load:1", create, rows=rows)
    assert (first.nodes_created, first.labels_added) == (2, 2)
    assert graph.write_batch("load:1", create, rows=rows) is None
    assert graph.write_batch("load:2", create, rows=rows).nodes_created == 2
    assert graph.read("MATCH (n:Sample) RETURN count(n) AS n")[0]["n"] == 4


def test_steps_of_a_batch_stand_or_fall_together(graph):
    """Would catch a batch in two transactions, and a ledger entry that outlives its batch."""
    steps = [("CREATE (:Sample {code: $code})", {"code": "a"}), ("CREATE (:Sample {code: 1 / $zero})", {"zero": 0})]
    with pytest.raises(QueryError, match="/ by zero") as caught:
        graph.write_batch("load:1", steps)
    assert caught.value.where == "CREATE (:Sample {code: 1 / $zero})"
    assert graph.read("MATCH (n) WHERE n:Sample OR n:LoadBatch RETURN count(n) AS n")[0]["n"] == 0
    assert graph.write_batch("load:1", [steps[0], ("CREATE (:Sample)", {})]).nodes_created == 2


BOTH = (neo4j.ManagedTransaction, neo4j.Transaction)


@contextmanager
def broken_commits(monkeypatch, *, commits, times):
    """Lose the connection around the next commits: after the server has committed, or before it could.

    The transactions themselves run on the real server.
    """
    real = {each: each._commit for each in BOTH}
    left = itertools.count(times, -1)

    def commit(transaction):
        if next(left) <= 0:
            return real[type(transaction)](transaction)
        if commits:
            real[type(transaction)](transaction)
        else:
            transaction._close()
        raise IncompleteCommit("the connection is gone")

    with monkeypatch.context() as patch:
        for each in BOTH:
            patch.setattr(each, "_commit", commit)
        yield


def test_a_batch_that_does_not_pass_its_check_is_not_written(graph):
    """Would catch a check that comes after the commit, or a ledger that has the key of what was not written."""
    steps = [("CREATE (:Sample {code: 'a'})", {}), ("MATCH (s:Sample) SET s.name = 'b'", {})]

    def refuse(counters):
        assert [each.nodes_created for each in counters] == [1, 0]
        raise QueryError("refused", "another")

    with pytest.raises(QueryError, match="refused"):
        graph.write_batch("k", steps, refuse)
    assert graph.read("MATCH (s:Sample) RETURN s.code AS code") == []
    assert graph.write_batch("k", steps, lambda counters: None).nodes_created == 1


@pytest.mark.parametrize("commits", [True, False])
def test_lost_commit_is_settled_by_the_ledger(graph, monkeypatch, commits):
    """Would catch a batch that is doubled (committed, answer lost) or dropped (not committed, error lost)."""
    with broken_commits(monkeypatch, commits=commits, times=1):
        counters = graph.write_batch("load:1", "CREATE (:Sample {code: 'a'})")
    assert counters.nodes_created == 1
    assert graph.read("MATCH (n:Sample) RETURN count(n) AS n")[0]["n"] == 1
    assert graph.read("MATCH (n:LoadBatch) RETURN collect(n.code) AS keys")[0]["keys"] == ["load:1"]


def test_plain_write_says_that_its_outcome_is_open(graph, monkeypatch):
    """Would catch a lost commit that reads like a clean failure, or that is silently run again."""
    with broken_commits(monkeypatch, commits=True, times=1), pytest.raises(UnreachableError, match="may be committed"):
        graph.write("CREATE (:Sample)")
    assert graph.read("MATCH (n:Sample) RETURN count(n) AS n")[0]["n"] == 1


def test_two_writers_of_one_key_write_once(graph, connection):
    """Would catch a look at the ledger that is not held by the constraint while the other one is writing."""
    results = []
    start = threading.Barrier(4)

    def write():
        with Graph(connection) as own:
            start.wait(timeout=30)
            results.append(own.write_batch("load:1", "UNWIND range(1, 2000) AS n CREATE (:Sample)"))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each is None for each in results) == [False, True, True, True]
    assert graph.read("MATCH (n:Sample) RETURN count(n) AS n")[0]["n"] == 2000


def test_constraint_of_the_data_is_an_error(graph):
    """Would catch a broken constraint of the data that is taken for a batch that another process wrote."""
    graph.schema("CREATE CONSTRAINT sample_code FOR (node:Sample) REQUIRE (node.code) IS UNIQUE")
    try:
        with pytest.raises(QueryError, match="already exists"):
            graph.write_batch("load:1", "UNWIND [1, 1] AS code CREATE (:Sample {code: code})")
    finally:
        graph.schema("DROP CONSTRAINT sample_code")
    assert graph.read("MATCH (n:LoadBatch) RETURN count(n) AS n")[0]["n"] == 0


def test_ledger_is_cleared_by_prefix(graph):
    """Would catch the ledger of another load that goes along."""
    for key in ("a:1", "a:2", "ab:1"):
        graph.write_batch(key, "CREATE (:Sample)")
    assert graph.clear_batches("a:") == 2
    assert graph.read("MATCH (n:LoadBatch) RETURN collect(n.code) AS keys")[0]["keys"] == ["ab:1"]


def test_errors_name_the_line_of_the_query_file(graph, tmp_path):
    """Would catch line numbers that count from the first clause instead of from the head of the file."""
    (tmp_path / "serve").mkdir()
    text = "// Sentence.\n// mode: read\n// column a: any\nMATCH (n:Sample)\nRETURN foo(n) AS a\n"
    (tmp_path / "serve" / "one.cypher").write_text(text)
    query = Library(tmp_path).query("serve/one")
    with pytest.raises(QueryError, match="Unknown function 'foo'") as caught:
        graph.read(query)
    assert caught.value.where == "serve/one.cypher:5"
    with pytest.raises(QueryError, match="mode read"):
        graph.write(query)


def test_unreachable_server_says_what_to_do():
    """Would catch a stack trace of the driver where a server is simply not there."""
    with pytest.raises(UnreachableError, match=r"bolt://127.0.0.1:1: no answer .*fullcycle db up"):
        Graph(Connection("bolt://127.0.0.1:1", "neo4j", Secret("x"), "neo4j"))


def test_wrong_password_and_database_say_so(connection):
    """Would catch 'no answer' where the answer is no."""
    wrong = Connection(connection.uri, connection.username, connection.password, "nowhere")
    with pytest.raises(UnreachableError, match="NEO4J_DATABASE"):
        Graph(wrong)
    if connection.password:
        wrong = Connection(connection.uri, connection.username, Secret("wrong"), connection.database)
        with pytest.raises(UnreachableError, match="NEO4J_PASSWORD"):
            Graph(wrong)


def entry(settings):
    entries = json.loads((settings.home / "bookmarks.json").read_text())
    return entries[f"{settings.uri} {settings.database}"]


def test_second_process_waits_for_the_writes_of_the_first(graph, settings):
    """Would catch bookmarks that are not kept, not read, or not renewed when another process writes."""
    with Graph.open(settings) as first, Graph.open(settings) as second:
        first.write("CREATE (:Sample {code: 'a'})")
        kept = entry(settings)["bookmarks"]
        assert list(second._bookmarks.get_bookmarks()) == kept
        assert second.read("MATCH (n:Sample) RETURN count(n) AS n")[0]["n"] == 1
        second.write("CREATE (:Sample {code: 'b'})")
        assert entry(settings)["bookmarks"] != kept
        assert list(first._bookmarks.get_bookmarks()) == entry(settings)["bookmarks"]
        assert len(entry(settings)["bookmarks"]) == 1
    with Graph.open(settings) as third:
        assert list(third._bookmarks.get_bookmarks()) == entry(settings)["bookmarks"]


def future(bookmark):
    """Return the bookmark of a transaction that the store has never seen."""
    raw = base64.b64decode(bookmark.removeprefix("FB:") + "==")
    return "FB:" + base64.b64encode(raw[:19] + b"\xca\x7f\xff\xff\xff\x90").decode()


def test_bookmarks_of_another_store_are_not_waited_for(graph, settings):
    """Would catch a reader that hangs after a restore: the server waits a minute for a transaction of the future."""
    with Graph.open(settings) as first:
        first.write("CREATE (:Sample)")
    kept = entry(settings)
    other = {"store": "another store", "bookmarks": [future(kept["bookmarks"][0])]}
    place = f"{settings.uri} {settings.database}"
    (settings.home / "bookmarks.json").write_text(json.dumps({place: other}))
    began = time.monotonic()
    with Graph.open(settings) as second:
        assert second.read("RETURN 1 AS one")[0]["one"] == 1
        assert time.monotonic() - began < 10
        second.write("CREATE (:Sample)")
    assert entry(settings)["store"] == kept["store"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"x": 1}', '{"bolt://x neo4j": []}'])
def test_damaged_file_counts_as_none(graph, settings, content):
    """Would catch a half-written file that stops every command."""
    (settings.home / "bookmarks.json").write_text(content)
    with Graph.open(settings) as first:
        first.write("CREATE (:Sample)")
    assert len(entry(settings)["bookmarks"]) == 1


def test_bookmark_that_the_server_refuses_is_forgotten(graph, settings):
    """Would catch a bad bookmark that makes every later command fail too."""
    with Graph.open(settings) as first:
        first.write("CREATE (:Sample)")
        broken = entry(settings) | {"bookmarks": ["FB:nonsense"]}
        (settings.home / "bookmarks.json").write_text(json.dumps({f"{settings.uri} {settings.database}": broken}))
        with pytest.raises(UnreachableError, match="second try"):
            first.read("RETURN 1 AS one")
        assert first.read("RETURN 1 AS one")[0]["one"] == 1
    assert entry(settings)["bookmarks"] == []


def test_parallel_writers_keep_both_bookmarks(tmp_path):
    """Would catch a writer that overwrites what another one has put into the file meanwhile."""
    path = tmp_path / "bookmarks.json"
    first, second = Bookmarks(path, "here"), Bookmarks(path, "here")
    for each in (first, second):
        each.belong_to("store")
    first.update_bookmarks([], ["a1"])
    second.update_bookmarks([], ["b1"])
    first.update_bookmarks(["a1"], ["a2"])
    assert set(second.get_bookmarks()) == {"a2", "b1"}
    second.belong_to("another store")
    assert set(second.get_bookmarks()) == set()


def test_file_that_cannot_be_written_does_not_fail_the_write(graph, settings, caplog):
    """Would catch a committed transaction that is reported as failed because its bookmark could not be kept."""
    (settings.home / "bookmarks.lock").mkdir()
    with Graph.open(settings) as first:
        assert first.write("CREATE (:Sample)").nodes_created == 1
    assert "bookmarks are not kept" in caplog.text


def test_batch_gives_up_at_the_deadline(graph, monkeypatch):
    """Would catch a loader that waits for ever for a server that never comes back."""
    monkeypatch.setattr(graph, "_patience", 1.0)

    def gone(*_, **__):
        raise ServiceUnavailable("gone")

    monkeypatch.setattr(graph, "session", gone)
    began = time.monotonic()
    with pytest.raises(UnreachableError, match="did not come back within 1 s"):
        graph.write_batch("load:1", "CREATE (:Sample)")
    assert 1 <= time.monotonic() - began < 10
