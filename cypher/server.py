"""The embedded Neo4j: started when no server is named, found again by the next command, stopped cleanly."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from neo4j.exceptions import AuthError

from cypher import artifacts, process
from cypher.admin import administer
from cypher.configuration import (
    LOOPBACK,
    Layout,
    java_environment,
    java_options,
    make_password,
    neo4j_conf,
    read_password,
)
from cypher.ports import answers, require_free
from cypher.settings import MEBIBYTE, Secret, Settings
from schema.errors import ServerError

if TYPE_CHECKING:
    from cypher.progress import Progress

DATABASE = "neo4j"
USERNAME = "neo4j"
STOP_DEADLINE = 60.0  # seconds: a clean stop writes a checkpoint of the store
LEAST_FREE = 256  # MiB

_MAIN = "org.neo4j.server.Neo4jCommunity"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where the embedded server answers: a Bolt URI and the address of its HTTP API."""

    bolt: str
    http: str


@dataclass(frozen=True)
class ServerStatus:
    """What is known about the embedded server; what concerns a running one is None when it does not run."""

    running: bool
    home: Path
    version: str
    pid: int | None = None
    address: Address | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Connection:
    """All that the driver needs; the password hides itself."""

    uri: str
    username: str
    password: Secret
    database: str


class EmbeddedServer:
    """One embedded server: the one whose store is under `settings.home`.

    Every method may be called from several processes at once, and by processes that did not start the server.

    Arguments:
        settings: folders, ports, memory and deadline.
        progress: shows the download of the jars.
    """

    def __init__(self, settings: Settings, progress: "Progress | None" = None) -> None:
        self.settings = settings
        self.layout = Layout.of(settings)
        self._progress = progress

    def start(self) -> Address:
        """Starts the server, or finds the running one, and waits until it answers.

        Raises:
            ServerError: a taken port, a full disk, a missing jar, or a server that does not answer in time.
        """
        record = self._live()
        if record is None or not record.ready:
            jars = self.jars()
            self.layout.create()
            with process.locked(self.layout.lock, deadline=self._patience):
                record = self._start(jars)
        return _address(record)

    def stop(self) -> bool:
        """Stops the server, by force if it does not end in time; False where none ran."""
        if not self.layout.lock.exists():
            return False
        with process.locked(self.layout.lock, deadline=self._patience):
            return self._stop()

    def status(self) -> ServerStatus:
        """What is known without asking the server."""
        record = self._live()
        if record is None:
            return ServerStatus(False, self.layout.home, artifacts.VERSION)
        since = datetime.fromisoformat(record.since)
        return ServerStatus(True, self.layout.home, record.version, record.pid, _address(record), since)

    def password(self) -> Secret:
        """The generated password.

        Raises:
            ServerError: the server was never started, or the file was lost.
        """
        return read_password(self.layout)

    def jars(self) -> tuple[Path, ...]:
        """The class path; downloads what is missing."""
        return artifacts.jars(self.settings, self._progress)

    @contextmanager
    def halted(self) -> Iterator[bool]:
        """Gives the store to the caller alone: stops the server and starts it again afterwards if it ran.

        Yields whether it ran. Other commands that want to start it wait meanwhile.
        """
        jars = self.jars()
        self.layout.create()
        with process.locked(self.layout.lock, deadline=self._patience):
            ran = self._stop()
            if ran:
                _log.warning("the embedded server is stopped for this and started again afterwards")
            try:
                yield ran
            finally:
                if ran:
                    self._start(jars)

    @property
    def _patience(self) -> float:
        """Seconds to wait for another command: it may be stopping and starting."""
        return self.settings.start_deadline + STOP_DEADLINE

    def _live(self) -> process.Record | None:
        """The record of the running server; None where the process is gone or another one has its number."""
        record = process.Record.read(self.layout.record)
        if record is None or process.identity(record.pid) != record.identity:
            return None
        words = process.command(record.pid)
        return record if _MAIN in words and self._home_option in words else None

    @property
    def _home_option(self) -> str:
        return f"--home-dir={self.layout.neo4j}"

    def _start(self, jars: Sequence[Path]) -> process.Record:
        record = self._live()
        if record is None:
            self._clear()
            self._prepare(jars)
            record = self._spawn(jars)
        if not record.ready:  # just started, here or by a command that was killed while it waited
            try:
                self._await_bolt(record)
            except BaseException:  # Ctrl-C too: no half-started server is left behind
                self._end(record)
                raise
            record = replace(record, ready=True)
            record.write(self.layout.record)
        return record

    def _clear(self) -> None:
        """Removes what a killed server or a killed command left."""
        if self.layout.record.exists():
            _log.warning("the embedded server has ended without a stop; removing its run file %s", self.layout.record)
            self.layout.record.unlink()
        incoming, outgoing = (self.layout.data.with_name(name) for name in ("data.new", "data.old"))
        if incoming.exists() and not self.layout.data.exists():
            # A restore was killed between its two renames: the loaded store is whole, so it takes its place.
            incoming.rename(self.layout.data)
        for leftover in (incoming, outgoing, self.layout.temporary, *self.layout.neo4j.glob(".restore-*")):
            shutil.rmtree(leftover, ignore_errors=True)
        self.layout.temporary.mkdir(mode=0o700, exist_ok=True)

    def _prepare(self, jars: Sequence[Path]) -> None:
        free = shutil.disk_usage(self.layout.home).free // MEBIBYTE
        if free < LEAST_FREE:
            raise ServerError(
                f"{free} MiB free",
                f"{LEAST_FREE} MiB for the database; free some, or set FULLCYCLE_HOME to another disk",
                where=str(self.layout.home),
            )
        require_free(self.settings.bolt_port, "FULLCYCLE_BOLT_PORT")
        require_free(self.settings.http_port, "FULLCYCLE_HTTP_PORT")
        (self.layout.conf / "neo4j.conf").write_text(neo4j_conf(self.settings), encoding="utf-8")
        if (self.layout.data / "databases" / "system").exists():
            read_password(self.layout)
        else:
            make_password(self.layout)
            # By file, so that the password never stands in a command line.
            administer(self.settings, ("dbms", "set-initial-password", f"@{self.layout.password}"), jars=jars)

    def _spawn(self, jars: Sequence[Path]) -> process.Record:
        pid = process.spawn(
            [
                str(artifacts.java()),
                *java_options(self.settings),
                _MAIN,
                self._home_option,
                f"--config-dir={self.layout.conf}",
            ],
            self.layout.console,
            environment=java_environment(self.settings, jars),
        )
        record = process.Record(
            pid=pid,
            identity=process.identity(pid) or "",
            bolt_port=self.settings.bolt_port,
            http_port=self.settings.http_port,
            since=datetime.now(UTC).isoformat(timespec="seconds"),
            version=artifacts.VERSION,
            ready=False,
        )
        record.write(self.layout.record)
        return record

    def _await_bolt(self, record: process.Record) -> None:
        """Waits for an answer over Bolt; raises ServerError with the end of the logs."""
        auth = (USERNAME, read_password(self.layout).reveal())

        def settled() -> bool:
            return process.identity(record.pid) != record.identity or answers(
                record.bolt_port, auth=auth, database=DATABASE
            )

        try:
            in_time = process.wait_until(settled, self.settings.start_deadline, pause=0.1)
        except AuthError:
            raise ServerError(
                "the embedded server refuses the password of this file",
                "the one that its first start wrote; write the changed one there",
                where=str(self.layout.password),
            ) from None
        if process.identity(record.pid) != record.identity:
            raise ServerError(f"the embedded server ended while starting{self._tail()}", where=str(self.layout.log))
        if not in_time:
            raise ServerError(
                f"the embedded server did not answer within {self.settings.start_deadline:.0f} s{self._tail()}",
                "an answer; set FULLCYCLE_START_DEADLINE higher on a slow machine",
                where=str(self.layout.log),
            )

    def _tail(self) -> str:
        """The last lines of console and log."""
        lines: list[str] = []
        for path in (self.layout.console, self.layout.log):
            if path.is_file():
                lines += path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
        return ":\n" + "\n".join(lines) + "\n" if lines else ""

    def _stop(self) -> bool:
        record = self._live()
        if record is None:
            self._clear()
            return False
        self._end(record)
        return True

    def _end(self, record: process.Record) -> None:
        def gone() -> bool:
            return process.identity(record.pid) != record.identity

        process.end(record.pid, gently=True)
        if not process.wait_until(gone, STOP_DEADLINE):
            _log.warning("the embedded server did not stop within %.0f s and is killed", STOP_DEADLINE)
            process.end(record.pid, gently=False)
            process.wait_until(gone, 10.0)
        self.layout.record.unlink(missing_ok=True)


def connection(settings: Settings, start: bool = True, *, progress: "Progress | None" = None) -> Connection:
    """Where the graph is: the server that NEO4J_URI names, else the embedded one.

    Arguments:
        settings: from the environment.
        start: whether the embedded server is started when it does not run.
        progress: shows the download of the jars.

    Raises:
        ServerError: the embedded server cannot be started, or does not run and `start` is false.
    """
    if settings.uri is not None:
        return Connection(settings.uri, settings.username, settings.password or Secret(""), settings.database)
    server = EmbeddedServer(settings, progress)
    address = server.start() if start else server.status().address
    if address is None:
        raise ServerError("the embedded server does not run", "`fullcycle db up` first", where=str(settings.home))
    return Connection(address.bolt, USERNAME, server.password(), DATABASE)


def _address(record: process.Record) -> Address:
    return Address(f"bolt://{LOOPBACK}:{record.bolt_port}", f"http://{LOOPBACK}:{record.http_port}")
