"""`fullcycle up` as a newcomer runs it, on a store of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from cypher.command import run
from cypher.commands.up import demo
from cypher.graph import Graph
from cypher.server import EmbeddedServer, connection
from cypher.settings import VARIABLES, Settings
from etl.commands.demo import AFTER, SOURCE
from schema.errors import PlanError, QueryError, ServerError
from tests.conftest import embedded_settings

PROGRAM = [sys.executable, "-c", "from cypher.command import main; main()", "up"]
SIZES = ("--postings", "300", "--students", "60", "--months", "15", "--clusters", "8")
DEADLINE = 300


class Home:
    """A store of its own and the environment that leads to it."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = embedded_settings(folder / "home")
        self.server = EmbeddedServer(self.settings)
        kept = {name: value for name, value in os.environ.items() if name not in {each.name for each in VARIABLES}}
        caches = {name: os.environ[name] for name in ("FULLCYCLE_CACHE",) if name in os.environ}
        self.environment = {
            **kept,
            **caches,
            "FULLCYCLE_HOME": str(self.settings.home),
            "FULLCYCLE_BOLT_PORT": str(self.settings.bolt_port),
            "FULLCYCLE_HTTP_PORT": str(self.settings.http_port),
            "FULLCYCLE_HEAP": "768m",
            "FULLCYCLE_PAGECACHE": "128m",
            "FULLCYCLE_API_PORT": "0",
            "PYTHONUNBUFFERED": "1",
        }

    def up(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run `fullcycle up` to its end."""
        return subprocess.run(
            [*PROGRAM, *words], env=self.environment, capture_output=True, text=True, timeout=DEADLINE, check=False
        )

    @contextmanager
    def serving(self) -> "Iterator[tuple[subprocess.Popen[str], str]]":
        """Run `fullcycle up --demo` until it serves; give the process and the address."""
        process = subprocess.Popen(
            [*PROGRAM, "--demo"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        watchdog = threading.Timer(DEADLINE, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            lines: list[str] = []
            for line in process.stdout:
                lines.append(line)
                found = re.search(r"(http://127\.0\.0\.1:\d+)/graphql", line)
                if found:
                    yield process, found[1]
                    break
            else:
                raise AssertionError("".join(lines))
        finally:
            watchdog.cancel()
            process.kill()
            process.communicate()

    def answer(self, text: str) -> object:
        """One value of the graph."""
        with Graph(connection(self.settings, start=False), self.settings) as graph:
            return graph.read(text)[0][0]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home without anything; what runs there ends with the module."""
    made = Home(tmp_path_factory.mktemp("newcomer"))
    yield made
    made.server.stop()


def ended(process: "subprocess.Popen[str]", number: int) -> tuple[int, str]:
    """Send a signal; exit status and the rest of the output."""
    process.send_signal(number)
    output, _ = process.communicate(timeout=90)
    return process.returncode, output


def test_from_nothing_to_a_chain_and_back(home: Home) -> None:
    """Catches a first run that ends without a chain or makes the lists twice, a second one that does all again, a
    server that stays behind after Ctrl-C or SIGTERM, and one that is stopped although it ran before."""
    done = home.up("--demo", *SIZES, "--no-serve")
    assert done.returncode == 0, done.stderr
    assert home.server.status().running  # it was not asked to serve, so it is left for the next command
    assert home.answer("MATCH (s:Student) RETURN count(s)") == 60
    assert "Three things to try" in done.stdout
    student = re.search(r'student\(code: "(demo:\w+)"\)', done.stdout)
    assert student is not None
    chains = f"MATCH (:Student {{code: '{student[1]}'}})-[:HAS_GAP]->()<-[:BRIDGES]-(r:Resource) RETURN count(r) > 0"
    assert home.answer(chains) is True
    assert home.answer("MATCH (g:Generation {kind: 'gaps'}) RETURN count(g)") == 1
    assert home.answer("MATCH (:JobCluster)-[:HAS_FORECAST]->(:Forecast)-[:PROPOSES]->(r:Resource) RETURN count(r) > 0")

    state = "MATCH (n) WHERE NOT n:Migration RETURN toString(max(n.updatedAt)) + ' ' + count(n)"
    before = home.answer(state)
    done = home.up("--demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("in place already") == 4
    assert home.answer(state) == before

    with home.serving() as (process, _):
        status, _ = ended(process, signal.SIGTERM)
        assert status == 128 + signal.SIGTERM
        assert home.server.status().running  # it ran before
    home.server.stop()
    for number, statuses in ((signal.SIGINT, {0, 130}), (signal.SIGTERM, {128 + signal.SIGTERM})):
        with home.serving() as (process, address):
            assert httpx.get(f"{address}/health", timeout=60).status_code == 200
            assert home.server.status().running
            status, output = ended(process, number)
        assert status in statuses, output
        assert "Stopping Neo4j" in output and "Traceback" not in output
        assert not home.server.status().running


def test_a_taken_port_ends_it_before_anything_runs(tmp_path, monkeypatch) -> None:
    """Catches a port of the service that is found taken only after the long steps."""
    monkeypatch.setenv("FULLCYCLE_HOME", str(tmp_path / "home"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("FULLCYCLE_API_PORT", str(other.getsockname()[1]))
        with pytest.raises(ServerError, match=f"serve: port {other.getsockname()[1]}"):
            run(["up", "--demo"])
    assert not (tmp_path / "home").exists()


def test_a_demo_that_was_killed_is_not_taken_for_loaded(empty_graph) -> None:
    """Catches half a university that the next `up` finds in place."""
    (load, *model, lists) = demo({"postings": None}).steps
    assert load.unless == "audit/university-is-loaded"
    assert [step.unless for step in model] == ["audit/has-forecasts"] * 2
    assert (lists.run, lists.unless) == (("gaps",), "audit/lists-know-forecasts")
    assert not any(step.unless for step in demo({"postings": 300}).steps)
    from cypher.library import query

    states = []
    with Graph(empty_graph) as graph:
        for statement in (
            "MATCH (n) RETURN n LIMIT 0",
            "CREATE (:Student {code: 'own:1'})",
            f"CREATE (:Load {{code: 'a', source: '{SOURCE}', file: '/home/demo/students.csv'}})",
            f"MATCH (l:Load) SET l.finishedAt = datetime() "
            f"CREATE (:Load {{code: 'b', source: '{SOURCE}', file: '/home/demo/{AFTER[-1]}.csv'}})",
            "MATCH (l:Load {code: 'b'}) SET l.finishedAt = datetime()",
        ):
            graph.write(statement)
            states.append(graph.read(query(load.unless))[0]["held"])
    assert states == [False, True, False, False, True]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--postings", "300"), "sizes of the demo without --demo"),
        (("--demo", "--plan", "x.toml"), "--plan together with --demo"),
        (("--plan", "x.toml"), r"x\.toml: No such file"),
    ],
)
def test_words_that_do_not_go_together(words, message, tmp_path, monkeypatch) -> None:
    """Catches a wrong call that starts a server before it is refused."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_PASSWORD", "x")
    with pytest.raises(PlanError, match=message):
        run(["up", *words])


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        ('run = ["fly"]', PlanError, "step.toml: fly: command 'fly'; expected one of db, gaps, gnn, load, query"),
        ('run = ["up"]', PlanError, "command 'up'"),
        ('run = ["gaps"]\nunless = "audit/nothing"', QueryError, "audit/nothing"),
    ],
)
def test_a_plan_is_checked_before_it_runs(step, error, message, tmp_path, monkeypatch) -> None:
    """Catches a typing error in the last step that shows after an hour of loading."""
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_PASSWORD", "x")
    path = tmp_path / "step.toml"
    path.write_text(f'[[step]]\nrun = ["query", "list"]\n[[step]]\n{step}\n')
    with pytest.raises(error, match=message):
        run(["up", "--plan", str(path)])


def test_a_step_that_fails_ends_the_plan(empty_graph, tmp_path, capsys) -> None:
    """Catches a plan that goes on, or ends with 0, after a step has failed; without --demo nothing is loaded."""
    assert run(["up", "--no-serve"]) == 0
    assert "No student has a gap yet" in capsys.readouterr().out
    path = tmp_path / "plan.toml"
    (tmp_path / "students.csv").write_text("code,name,admission_score\n1,Li,many\n")
    path.write_text(
        '[paths]\nstudents = "students.csv"\n[[step]]\nrun = ["load", "vocabulary"]\n'
        '[[step]]\ntitle = "Students"\nrun = ["load", "table", "students", "{students}"]\n[[step]]\nrun = ["gaps"]\n'
    )
    message = "Students: `fullcycle load table students .*` ended with status 3"
    with pytest.raises(PlanError, match=message):
        run(["up", "--plan", str(path), "--no-serve"])
    with Graph(empty_graph) as graph:
        (record,) = graph.read("MATCH (s:Skill) RETURN count(s) > 0 AS loaded, EXISTS { (:Generation) } AS computed")
    assert (record["loaded"], record["computed"]) == (True, False)
