"""Backup and restore through the server's own tools, compared node by node."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from cypher.backup import backup, check, restore
from cypher.server import EmbeddedServer, connection
from cypher.settings import Settings
from schema.errors import ServerError
from tests.conftest import embedded_settings

WORLD = """
CREATE CONSTRAINT skill_code IF NOT EXISTS FOR (s:Skill) REQUIRE s.code IS UNIQUE;
CREATE FULLTEXT INDEX skill_names IF NOT EXISTS FOR (s:Skill) ON EACH [s.name];
UNWIND range(1, 300) AS n
CREATE (s:Skill {code: 's' + n, name: 'Fähigkeit 技能 ' + n, weights: [n / 3.0, 0.1], at: date('2026-01-01')})
CREATE (s)-[:MAPS_TO {weight: n / 7.0}]->(:Capability {code: 'c' + n, raw: n % 2 = 0})
CREATE (s)-[:MAPS_TO {weight: 0.5}]->(s)
"""
NODES = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties"
RELATIONSHIPS = "MATCH (a)-[r]->(b) RETURN a.code AS a, type(r) AS type, properties(r) AS properties, b.code AS b"
INDEXES = "SHOW INDEXES YIELD name, type, state, labelsOrTypes, properties"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A store of its own with a small world in it, under a name beyond ASCII."""
    settings = embedded_settings(tmp_path_factory.mktemp("größe 大学"))
    run(settings, *WORLD.strip().split(";\n"))
    yield settings
    EmbeddedServer(settings).stop()


def run(settings: Settings, *texts: str) -> list[neo4j.Record]:
    found = connection(settings)
    with neo4j.GraphDatabase.driver(found.uri, auth=(found.username, found.password.reveal())) as driver:
        return [driver.execute_query(text, database_=found.database).records for text in texts][-1]


def graph(settings: Settings) -> Counter[str]:
    """Every node, relationship and index, as text, each as often as it occurs."""
    rows = [record for query in (NODES, RELATIONSHIPS, INDEXES) for record in run(settings, query)]
    return Counter(repr([sorted(v.items()) if isinstance(v, dict) else v for v in record.values()]) for record in rows)


def test_round_trip(settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Catches a backup that misses or changes anything, a restore that merges, and a server that is not started again.

    A wrong archive, cut short or with one byte changed, must leave the graph as it was: catches a restore that
    throws the old store away first. The archive also goes into a home without a store: catches one that only the
    store it came from can read.
    """
    server = EmbeddedServer(settings)
    before = graph(settings)
    assert len(before) > 1000
    archive = backup(settings, tmp_path / "whole.dump")
    assert "started again" in caplog.text and server.status().running
    assert archive == tmp_path / "whole.dump" and archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["whole.dump"]
    assert graph(settings) == before

    run(settings, "MATCH (s:Skill) WHERE s.code > 's2' DETACH DELETE s", "CREATE (:Later)", "DROP INDEX skill_names")
    later = graph(settings)
    assert later != before
    server.stop()
    body = archive.read_bytes()
    for name, wrong in (
        ("short", body[: len(body) * 2 // 3]),
        ("changed", body[:999] + bytes([body[999] ^ 255]) + body[1000:]),
        ("empty", b""),
        ("text", b"This is not an archive."),
    ):
        (tmp_path / name).write_bytes(wrong)
        with pytest.raises(ServerError, match="graph is as it was") as caught:
            restore(settings, tmp_path / name)
        assert caught.value.where == str(tmp_path / name)
    assert not server.status().running
    assert graph(settings) == later

    restore(settings, archive)
    assert server.status().running
    assert graph(settings) == before
    assert not list(server.layout.neo4j.glob(".*")) and not list(server.layout.neo4j.glob("data.*"))
    server.stop()
    check(settings)
    assert not server.status().running

    new = embedded_settings(tmp_path / "new home")  # a move to another machine
    restore(new, archive)
    try:
        assert graph(new) == before
        assert EmbeddedServer(new).password() != server.password()
    finally:
        EmbeddedServer(new).stop()


def test_restore_that_was_killed_between_its_renames(settings: Settings) -> None:
    """Catches a store that is lost when the restore dies at its worst moment."""
    server = EmbeddedServer(settings)
    server.stop()
    data = server.layout.data
    (server.layout.neo4j / ".restore-dead").mkdir()
    data.rename(data.with_name("data.new"))
    data.with_name("data.old").mkdir()
    assert run(settings, "MATCH (s:Skill) RETURN count(s) AS skills")[0]["skills"] == 300
    assert {path.name for path in server.layout.neo4j.iterdir()}.isdisjoint({"data.new", "data.old", ".restore-dead"})


def test_what_cannot_be_backed_up(tmp_path: Path) -> None:
    """Catches an overwritten archive, a dump of the wrong server, and errors that do not say what to do."""
    settings = embedded_settings(tmp_path / "home")
    with pytest.raises(ServerError, match="there is no graph yet"):
        backup(settings, tmp_path / "a.dump")
    with pytest.raises(ServerError, match="there is no graph yet"):
        check(settings)
    (tmp_path / "b.dump").write_text("mine")
    with pytest.raises(ServerError, match="exists already"):
        backup(settings, tmp_path / "b.dump")
    assert (tmp_path / "b.dump").read_text() == "mine"
    with pytest.raises(ServerError, match="a folder that exists"):
        backup(settings, tmp_path / "no" / "c.dump")
    with pytest.raises(ServerError, match="no archive"):
        restore(settings, tmp_path / "no.dump")
    named = Settings.from_environment({"NEO4J_URI": "bolt://graph.example", "NEO4J_PASSWORD": "x"})
    for act in (lambda: backup(named, tmp_path / "d.dump"), lambda: restore(named, tmp_path), lambda: check(named)):
        with pytest.raises(ServerError, match=r"NEO4J_URI is bolt://graph\.example"):
            act()
