"""The jars: fetched by jgo from a repository that the test serves itself, over real HTTP."""

import hashlib
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest

from cypher import artifacts
from cypher.artifacts import Jar, fetch, folder, jars, java, pinned
from cypher.progress import Progress
from cypher.settings import Settings
from schema.errors import ServerError


@dataclass
class Repository:
    """A Maven repository on the loopback interface; `alter` may spoil what it serves."""

    source: Path
    asked: list[str] = field(default_factory=list)
    alter: Callable[[bytes], bytes] = bytes
    url: str = ""

    def answer(self, path: str) -> bytes | None:
        name = path.rpartition("/")[2]
        if not name.endswith(".jar"):
            return None
        self.asked.append(name)
        file = self.source / name
        return self.alter(file.read_bytes()) if file.exists() else None


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """Serves the jars of the user's cache, and is what jgo's settings file names."""
    served = Repository(folder(Settings.from_environment()))
    jars(Settings.from_environment())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = served.answer(self.path)
            self.send_response(200 if body is not None else 404)
            # The length of the whole file, so that a shorter body is a connection that broke off.
            length = (served.source / self.path.rpartition("/")[2]).stat().st_size if body is not None else 0
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        served.url = f"http://127.0.0.1:{http.server_port}"
        threading.Thread(target=http.serve_forever, daemon=True).start()
        conf = tmp_path / "jgo.conf"
        conf.write_text(f"[repositories]\ncentral = {served.url}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(conf))
        monkeypatch.setattr(artifacts, "_PAUSE", 0.0)
        yield served
        http.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A cache that holds all jars but the three smallest."""
    settings = Settings.from_environment({"FULLCYCLE_CACHE": str(tmp_path / "cache")})
    whole = folder(Settings.from_environment())
    jars(Settings.from_environment())
    folder(settings).mkdir(parents=True)
    for jar in sorted(pinned(), key=lambda jar: jar.size)[3:]:
        # Links, for 170 MB need not be copied; nothing writes through them, since a jar is replaced as a whole.
        (folder(settings) / jar.filename).symlink_to(whole / jar.filename)
    return settings


def smallest() -> Jar:
    return min(pinned(), key=lambda jar: jar.size)


def test_list_is_well_formed() -> None:
    """Catches a list that was edited by hand: two versions of a jar, a test library, a damaged checksum."""
    listed = pinned()
    assert listed[0].coordinate == artifacts.ROOT
    assert len({jar.filename for jar in listed}) == len(listed)
    assert not {jar.coordinate.split(":")[1] for jar in listed} & artifacts.NOT_NEEDED
    assert all(jar.size > 0 and len(bytes.fromhex(jar.sha256)) == 32 for jar in listed)
    assert {jar.coordinate.split(":")[2] for jar in listed if ":neo4j-kernel:" in jar.coordinate} == {artifacts.VERSION}
    unclassified = [jar.coordinate.rpartition(":")[0] for jar in listed if jar.coordinate.count(":") == 2]
    assert len(set(unclassified)) == len(unclassified)


def test_missing_jars_are_fetched_and_only_those(settings: Settings, repository: Repository) -> None:
    """Catches a download that starts from nothing after an interruption, and a bar that does not reach its end."""
    stream = StringIO()
    found = jars(settings, Progress.for_stream(stream))
    assert [path.name for path in found] == [jar.filename for jar in pinned()]
    assert len(repository.asked) == len(set(repository.asked)) == 3
    assert all(path.stat().st_size == jar.size for path, jar in zip(found, pinned(), strict=True))
    assert not (folder(settings) / ".partial").exists()
    assert artifacts.VERSION in stream.getvalue() and "failed" not in stream.getvalue()


def test_warm_path_is_fast_and_asks_nobody(settings: Settings, repository: Repository) -> None:
    """Catches a warm call that reads all jars or goes to the network; every command pays for it."""
    jars(settings)
    repository.asked.clear()
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        jars(settings)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.05
    assert repository.asked == []


def test_truncated_jar_is_fetched_again(
    settings: Settings, repository: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    """Catches a half-downloaded jar that is put on the class path."""
    jars(settings)
    path = folder(settings) / smallest().filename
    path.write_bytes(path.read_bytes()[:-1])
    repository.asked.clear()
    jars(settings)
    assert repository.asked == [smallest().filename]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == smallest().sha256
    assert f"{path} is damaged" in caplog.text


def test_verify_finds_damage_of_the_same_size(settings: Settings, repository: Repository) -> None:
    """Catches a verify that only looks at sizes."""
    jars(settings)
    path = folder(settings) / smallest().filename
    path.write_bytes(bytes(len(path.read_bytes())))
    repository.asked.clear()
    jars(settings)
    assert repository.asked == []
    jars(settings, verify=True)
    assert repository.asked == [smallest().filename]


@pytest.mark.parametrize(
    ("alter", "reason"),
    [(lambda body: body[:-1] + b"?", "other bytes"), (lambda body: body[: len(body) // 2], "IncompleteRead")],
)
def test_bad_answers_leave_no_jar(
    settings: Settings, repository: Repository, alter: Callable[[bytes], bytes], reason: str
) -> None:
    """Catches forged or broken-off downloads that appear under a jar's name."""
    repository.alter = alter
    with pytest.raises(ServerError, match=reason) as caught:
        jars(settings)
    assert "run the command again" in caught.value.expected
    assert not any((folder(settings) / jar.filename).exists() for jar in sorted(pinned(), key=lambda j: j.size)[:3])
    repository.alter = bytes
    assert len(jars(settings)) == len(pinned())


def test_unknown_jar_names_the_coordinate(settings: Settings, repository: Repository) -> None:
    """Catches an error that leaves the user guessing which jar a repository lacks."""
    with pytest.raises(ServerError, match=r"cannot download org\.example:nothing:1"):
        fetch(folder(settings), (Jar("org.example:nothing:1", 1, "0" * 64),))


def test_two_processes_fetch_once(settings: Settings, repository: Repository) -> None:
    """Catches two commands that download over each other."""
    program = (
        "import sys; from cypher.settings import Settings; from cypher.artifacts import jars;"
        "print(len(jars(Settings.from_environment({'FULLCYCLE_CACHE': sys.argv[1]}))))"
    )
    root = Path(artifacts.__file__).parents[1]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(settings.cache)], cwd=root, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [process.communicate(timeout=120)[0].strip() for process in started] == [str(len(pinned()))] * 2
    assert len(repository.asked) == len(set(repository.asked)) == 3


def test_too_little_room_is_told_before_the_download(
    settings: Settings, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a download that fills the disk before it fails."""
    usage = shutil.disk_usage(settings.cache)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(ServerError, match=r"0 MB free.*1 MB for the jars.*FULLCYCLE_CACHE") as caught:
        jars(settings)
    assert caught.value.where == str(folder(settings))
    assert repository.asked == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False
    ).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_disk_that_fills_up_on_the_way(
    small_disk: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a full disk that is retried, or reported as a failure of the network."""
    settings = Settings.from_environment({"FULLCYCLE_CACHE": str(small_disk)})
    # The list says one byte, so that the look at the free space passes, as it does when another program fills the disk.
    big = next(jar for jar in pinned() if jar.size > 1_000_000)
    monkeypatch.setattr(artifacts, "pinned", lambda: (Jar(big.coordinate, 1, big.sha256),))
    with pytest.raises(ServerError, match=r"disk is full.*FULLCYCLE_CACHE"):
        jars(settings)
    assert len(repository.asked) == 1


def test_java_runs() -> None:
    """Catches a runtime that Neo4j cannot run on."""
    shown = subprocess.run([java(), "-version"], capture_output=True, text=True, check=True).stderr
    assert '"25' in shown
