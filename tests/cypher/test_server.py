"""The embedded server, started for real: what must survive restarts, kills, rivals and wrong surroundings."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import neo4j
import pytest

from cypher import artifacts, process
from cypher.configuration import Layout
from cypher.server import Connection, EmbeddedServer, connection
from cypher.settings import Secret, Settings
from schema.errors import ServerError
from tests.conftest import embedded_settings, free_port

START = (
    "import sys; from cypher.settings import Settings; from cypher.server import EmbeddedServer;"
    "settings = Settings.from_environment(dict(pair.split('=', 1) for pair in sys.argv[1:]));"
    "print(EmbeddedServer(settings).start().bolt, EmbeddedServer(settings).status().pid)"
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home with a blank and with letters beyond ASCII in its name; what runs there ends with the module."""
    settings = embedded_settings(tmp_path_factory.mktemp("a server of 大学"))
    yield settings
    EmbeddedServer(settings).stop()


def ask(settings: Settings, text: str) -> list[neo4j.Record]:
    found = connection(settings, start=False)
    with neo4j.GraphDatabase.driver(found.uri, auth=(found.username, found.password.reveal())) as driver:
        return driver.execute_query(text, database_=found.database).records


def start_elsewhere(settings: Settings) -> subprocess.Popen[str]:
    """Starts the server from a process of its own."""
    variables = {
        "FULLCYCLE_CACHE": settings.cache,
        "FULLCYCLE_HOME": settings.home,
        "FULLCYCLE_BOLT_PORT": settings.bolt_port,
        "FULLCYCLE_HTTP_PORT": settings.http_port,
        "FULLCYCLE_HEAP": f"{settings.heap}m",
        "FULLCYCLE_PAGECACHE": f"{settings.pagecache}m",
    }
    words = [f"{name}={value}" for name, value in variables.items()]
    root = Path(artifacts.__file__).parents[1]
    return subprocess.Popen([sys.executable, "-c", START, *words], cwd=root, stdout=subprocess.PIPE, text=True)


def test_concurrent_starts_give_one_server_that_outlives_them(settings: Settings) -> None:
    """Catches two servers on one store, and a server that ends with the command that started it."""
    starting = [start_elsewhere(settings) for _ in range(2)]
    told = [one.communicate(timeout=300)[0].split() for one in starting]
    assert told[0] == told[1]
    status = EmbeddedServer(settings).status()
    assert status.running and status.address is not None and status.since is not None
    assert told[0] == [status.address.bolt, str(status.pid)] == [f"bolt://127.0.0.1:{settings.bolt_port}", told[0][1]]
    assert status.version == artifacts.VERSION and 0 <= time.time() - status.since.timestamp() < 600


def test_second_start_finds_the_first_at_once(settings: Settings) -> None:
    """Catches a second command that starts again, or that believes its own ports and not those in use."""
    first = EmbeddedServer(settings)
    first.start()
    pid = first.status().pid
    started = time.perf_counter()
    address = EmbeddedServer(replace(settings, bolt_port=free_port())).start()
    assert time.perf_counter() - started < 2.0
    assert address.bolt == f"bolt://127.0.0.1:{settings.bolt_port}"
    assert EmbeddedServer(settings).status().pid == pid
    assert [record["one"] for record in ask(settings, "RETURN 1 AS one")] == [1]


def test_password_is_for_its_owner_only(settings: Settings) -> None:
    """Catches a password that others can read: in its file, in a command line, in repr; and one that is weak."""
    EmbeddedServer(settings).start()
    layout = Layout.of(settings)
    assert stat.S_IMODE(layout.password.stat().st_mode) == 0o600
    assert stat.S_IMODE(layout.neo4j.stat().st_mode) == 0o700
    found = connection(settings, start=False)
    password = found.password.reveal()
    assert len(password) >= 32
    assert password not in repr(found)
    assert password not in process.command(EmbeddedServer(settings).status().pid or 0)
    wrong = neo4j.GraphDatabase.driver(found.uri, auth=(found.username, "neo4j"))
    with wrong, pytest.raises(neo4j.exceptions.AuthError):
        wrong.verify_connectivity()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process listens on")
def test_listens_on_loopback_only(settings: Settings) -> None:
    """Catches any listener, Bolt, HTTP or one of a new version, that another machine could reach."""
    EmbeddedServer(settings).start()
    deadline = time.monotonic() + 30
    expected = {settings.bolt_port, settings.http_port}  # HTTP comes a moment after Bolt
    while (found := listeners(EmbeddedServer(settings).status().pid or 0)).keys() != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert set(found.values()) <= loopback


def listeners(pid: int) -> dict[int, str]:
    """Port to address (hexadecimal, as the kernel writes it) of every socket that `pid` listens on, UDP included."""
    links = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]
    own = {match[1] for link in links if (match := re.fullmatch(r"socket:\[(\d+)\]", link))}
    found = {}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in own and (table.startswith("udp") or fields[3] == "0A"):
                address, _, port = fields[1].rpartition(":")
                found[int(port, 16)] = address
    return found


def test_recovers_after_a_kill(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Catches a stale run file that blocks the next start, and committed data that a kill -9 loses."""
    server = EmbeddedServer(settings)
    server.start()
    pid = server.status().pid
    assert pid is not None
    ask(settings, "UNWIND range(1, 1000) AS n CREATE (:Kept {n: n})")
    os.kill(pid, signal.SIGKILL)
    assert process.wait_until(lambda: not server.status().running, 10)
    with pytest.raises(ServerError, match="does not run"):
        connection(settings, start=False)
    server.start()
    assert server.status().pid != pid
    assert "has ended without a stop" in caplog.text
    assert ask(settings, "MATCH (k:Kept) RETURN count(k) AS n, sum(k.n) AS s")[0].values() == [1000, 500500]


def test_stops_cleanly_and_only_once(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Catches a stop that kills, that leaves its run file, or that claims to have stopped what did not run."""
    server = EmbeddedServer(settings)
    server.start()
    pid = server.status().pid
    caplog.clear()
    assert server.stop() is True
    assert not server.status().running and process.identity(pid or 0) is None
    assert "Stopped." in server.layout.log.read_text().splitlines()[-1]
    assert not server.layout.record.exists()
    assert server.stop() is False
    assert caplog.text == ""


def test_server_that_cannot_start_is_cleared_away(settings: Settings) -> None:
    """Catches a failed start that waits for the deadline, says neither why nor where, or leaves a process behind."""
    server = EmbeddedServer(settings)
    server.stop()
    hasty = EmbeddedServer(replace(settings, start_deadline=0.3))
    with pytest.raises(ServerError, match=r"(?s)did not answer within 0 s.*FULLCYCLE_START_DEADLINE"):
        hasty.start()
    assert not hasty.status().running and not hasty.layout.record.exists()

    lock = server.layout.data / "databases" / "store_lock"
    lock.unlink()
    lock.mkdir()  # cannot be locked
    started = time.monotonic()
    try:
        with pytest.raises(ServerError, match=r"(?s)ended while starting.*store_lock") as caught:
            server.start()
    finally:
        lock.rmdir()
    assert time.monotonic() - started < settings.start_deadline
    assert caught.value.where == str(server.layout.log)
    assert not server.status().running and not server.layout.record.exists()


@pytest.mark.parametrize(("kind", "address"), [("bolt", "127.0.0.1"), ("http", "0.0.0.0")])
def test_taken_port_is_named(tmp_path: Path, kind: str, address: str) -> None:
    """Catches a taken port that shows only in the server's log, or after the deadline."""
    with socket.socket() as other:
        other.bind((address, 0))
        other.listen()
        number = other.getsockname()[1]
        variable = f"FULLCYCLE_{kind.upper()}_PORT"
        settings = embedded_settings(tmp_path / "home", **{variable: str(number)})
        with pytest.raises(ServerError, match=f"port {number} is taken") as caught:
            EmbeddedServer(settings).start()
    assert caught.value.where == variable and variable in caught.value.expected


def test_pid_that_another_process_has_by_now(tmp_path: Path) -> None:
    """Catches a stop that ends a process of someone else, and a status that takes it for the server."""
    server = EmbeddedServer(embedded_settings(tmp_path / "home"))
    server.layout.create()
    server.layout.lock.touch()
    own = process.identity(os.getpid())
    assert own is not None
    record = process.Record(os.getpid(), own, 1, 2, "2026-01-01T00:00:00+00:00", "1", ready=True)
    for stale in (record, replace(record, identity="0"), replace(record, pid=2**22 + 1)):
        stale.write(server.layout.record)
        assert not server.status().running
    assert server.stop() is False
    assert not server.layout.record.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "\x00" * 10])
def test_damaged_run_file(tmp_path: Path, text: str) -> None:
    """Catches a run file cut short by a full disk that makes every later command fail."""
    server = EmbeddedServer(embedded_settings(tmp_path / "home"))
    server.layout.create()
    server.layout.lock.touch()
    server.layout.record.write_text(text)
    assert not server.status().running
    assert server.stop() is False


def test_lost_password_is_not_replaced(tmp_path: Path) -> None:
    """Catches a new password for an old store, which the server would refuse without a reason."""
    server = EmbeddedServer(embedded_settings(tmp_path / "home"))
    (server.layout.data / "databases" / "system").mkdir(parents=True)
    with pytest.raises(ServerError, match="password of the embedded server cannot be read") as caught:
        server.start()
    assert caught.value.where == str(server.layout.password)
    assert not server.layout.password.exists()


def test_lock_has_a_deadline(tmp_path: Path) -> None:
    """Catches a command that waits for ever for another one that hangs."""
    with (
        process.locked(tmp_path / "lock"),
        pytest.raises(ServerError, match="another command"),
        process.locked(tmp_path / "lock", deadline=0.2),
    ):
        pass
    with process.locked(tmp_path / "lock", deadline=0.2):
        pass


def test_named_server_is_used_as_it_is(tmp_path: Path) -> None:
    """Catches an embedded server that is started although NEO4J_URI names another."""
    given = {
        "NEO4J_URI": "neo4j://graph.example",
        "NEO4J_USERNAME": "ann",
        "NEO4J_PASSWORD": "x",
        "NEO4J_DATABASE": "d",
    }
    settings = Settings.from_environment({**given, "FULLCYCLE_HOME": str(tmp_path / "home")})
    assert connection(settings) == Connection("neo4j://graph.example", "ann", Secret("x"), "d")
    assert not (tmp_path / "home").exists()


def test_session_server_is_what_commands_find(connection: Connection, isolated: Path) -> None:
    """Catches a test session that would run on the user's server or in the user's folder."""
    assert Settings.from_environment().uri == connection.uri
    assert Settings.from_environment().home == isolated


def test_empty_graph_is_empty(empty_graph: Connection, driver: neo4j.Driver) -> None:
    """Catches a fixture that leaves what an earlier test wrote."""
    assert driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"] == 0
    driver.execute_query("CREATE (:Left)-[:BEHIND]->(:Left)")
