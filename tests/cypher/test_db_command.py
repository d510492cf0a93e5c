"""`fullcycle db` as a user calls it."""

import io
import json
import os
import sys
from xml.etree import ElementTree

import pytest

from cypher import command, picture
from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.picture import PLACES, Arrow
from cypher.server import EmbeddedServer
from cypher.settings import VARIABLES
from tests.conftest import embedded_settings


@pytest.fixture
def call(monkeypatch, capsys):
    """Run `fullcycle db ...` as the program does; return its exit status and what it printed."""

    def run(*words, typed=""):
        monkeypatch.setattr(sys, "argv", ["fullcycle", "db", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            command.main()
        output, errors = capsys.readouterr()
        return ended.value.code, output, errors

    return run


@pytest.fixture
def graph(empty_graph):
    """An empty graph with its catalog."""
    with Graph(empty_graph) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def own_home(monkeypatch, tmp_path):
    """An environment that names no server and a home of its own."""
    settings = embedded_settings(tmp_path / "home")
    for variable in VARIABLES:
        if variable.name != "FULLCYCLE_CACHE":
            monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.setenv("FULLCYCLE_HOME", str(settings.home))
    monkeypatch.setenv("FULLCYCLE_BOLT_PORT", str(settings.bolt_port))
    monkeypatch.setenv("FULLCYCLE_HTTP_PORT", str(settings.http_port))
    monkeypatch.setenv("FULLCYCLE_HEAP", "768m")
    monkeypatch.setenv("FULLCYCLE_PAGECACHE", "128m")
    yield settings
    EmbeddedServer(settings).stop()


def test_up_status_down_of_the_embedded_server(call, own_home):
    """Catches a status that a script cannot read, and one that is 0 where nothing runs."""
    status, output, _ = call("status", "--json")
    assert (status, json.loads(output)["running"]) == (1, False)
    assert call("down") == (0, "was not running\n", "")
    status, output, _ = call("up", "--json")
    assert status == 0
    assert json.loads(output) == {
        "uri": f"bolt://127.0.0.1:{own_home.bolt_port}",
        "database": "neo4j",
        "embedded": True,
    }
    status, output, _ = call("status", "--json")
    shown = json.loads(output)
    assert (status, shown["running"], shown["edition"], shown["home"]) == (0, True, "community", str(own_home.home))
    assert os.path.exists(f"/proc/{shown['pid']}") or sys.platform != "linux"  # noqa: PTH110
    assert call("down", "--json") == (0, '{\n  "stopped": true\n}\n', "")
    assert call("status")[0] == 1


def test_restore_asks_first(call, own_home, tmp_path):
    """Catches a store that is replaced without a word, and a traceback for the answer no."""
    archive = tmp_path / "graph.dump"
    archive.write_bytes(b"x")
    for answer in ("n\n", "\n", ""):
        status, _, errors = call("restore", str(archive), typed=answer)
        assert status == 1
        assert errors.splitlines()[-1] == "fullcycle: nothing was done"
        assert "Traceback" not in errors
    assert not own_home.home.exists()


def test_commands_of_the_embedded_server_where_another_is_named(call, graph, tmp_path):
    """Catches a stop, backup or restore that touches the embedded store although NEO4J_URI names a server."""
    for words in (["down"], ["backup", str(tmp_path / "a.dump")], ["restore", str(tmp_path / "a.dump"), "--yes"]):
        status, output, errors = call(*words)
        assert (status, output) == (1, "")
        assert errors.startswith("fullcycle: ") and "NEO4J_URI" in errors


def test_status_of_a_named_server(call, graph, monkeypatch):
    """Catches status 0 for a server that does not answer."""
    status, output, _ = call("status", "--json")
    assert (status, json.loads(output)["edition"]) == (0, "community")
    assert call("up")[0] == 0
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    status, output, errors = call("status", "--json")
    assert (status, output) == (1, "")
    assert "no answer" in errors and "Traceback" not in errors


def test_migrate_and_verify(call, graph):
    """Catches a catalog that differs and is called right, and JSON with words around it."""
    assert call("migrate") == (0, "nothing to apply\n", "")
    assert call("migrate", "--json") == (0, "[]\n", "")
    assert call("verify") == (0, "the live catalog is as declared\n", "")
    graph.schema("CREATE INDEX stray IF NOT EXISTS FOR (s:Skill) ON (s.stray)")
    try:
        status, output, _ = call("verify", "--json")
        assert status == 1
        assert ["stray" in json.dumps(each) for each in json.loads(output)] == [True]
        assert "stray" in call("verify")[1]
    finally:
        graph.schema("DROP INDEX stray IF EXISTS")
    assert call("verify", "--json") == (0, "[]\n", "")


def test_fingerprint(call, graph):
    """Catches a hash that does not tell two graphs apart."""
    before = json.loads(call("fingerprint", "--json")[1])
    graph.write("CREATE (:Skill {code: 'a'})-[:BROADER]->(:Skill {code: 'b'})")
    status, output, _ = call("fingerprint", "--json")
    after = json.loads(output)
    assert status == 0 and after["digest"] != before["digest"]
    assert (after["nodes"]["Skill"]["count"], after["relationships"]["BROADER"]["count"]) == (2, 1)
    assert after["digest"] in call("fingerprint")[1]


def test_picture_shows_the_graph_as_it_is(call, graph, tmp_path):
    """Catches a picture that no browser opens, counts that are not those of the graph, and a label without place."""
    graph.write(
        "CREATE (:Student {code: 'a'})-[:AIMS_AT]->(j:JobCluster {code: 'j'})<-[:SAME_AS]-(j), (:Student {code: 'b'}), "
        "(j)-[:OF]->(:`<Odd> & label` {code: 'o'}), (:Resource:Course {code: 'r'})-[:PREPARES_FOR]->(j)"
    )
    path = tmp_path / "graph.svg"
    assert call("picture", str(path)) == (0, f"wrote {path}\n", "")
    texts = [each.text for each in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")]
    assert [texts[texts.index(label) + 1] for label in ("Student", "JobCluster", "Resource")] == ["2", "1", "1"]
    assert {"AIMS_AT 1", "SAME_AS 1", "PREPARES_FOR 1"} <= set(texts)
    assert not any("Odd" in (each or "") for each in texts)
    status, _, errors = call("picture", str(tmp_path / "no" / "graph.svg"))
    assert (status, errors) == (1, f"fullcycle: {tmp_path}/no/graph.svg: No such file or directory\n")


def test_every_label_of_the_picture_has_a_place_of_its_own():
    """Catches circles on top of each other, and an arrow without length."""
    assert len(set(PLACES.values())) == len(PLACES)
    names = sorted(PLACES)
    arrows = [Arrow("TO", a, b, 10**6) for a in names for b in names]
    root = ElementTree.fromstring(picture.svg(dict.fromkeys(names, 10**6), arrows))
    paths = [each.get("d") for each in root.iter("{http://www.w3.org/2000/svg}path")]
    assert len(paths) == len(arrows) + 1 and not any("nan" in path for path in paths)


def test_shell_runs_what_is_piped_in(call, graph):
    """Catches a statement of several lines that is cut, data taken for markup, and a failure that ends with 0."""
    typed = "CREATE (:Skill {code: 'a', name: '[bold]x[/y]'})\n;\nMATCH (s:Skill)\nRETURN s.name AS name, 3 AS n;\n"
    status, output, errors = call("shell", typed=typed)
    assert status == 0
    assert "[bold]x[/y]" in output and "name" in output and "3" in output
    assert "nodes_created" in errors and "1 rows" in errors
    assert call("shell", typed="RETURN 7 AS last")[1].count("7") == 1
    assert "shown" not in call("shell", typed=":exit\nRETURN 'shown';")[1]
    status, output, errors = call("shell", typed="RETURN 1 AS;\nRETURN 'still' AS text;")
    assert status == 1
    assert "still" in output and "Invalid input" in errors
    assert "the first 1,000 rows; there are more" in call("shell", typed="UNWIND range(1, 1001) AS n RETURN n;")[2]
