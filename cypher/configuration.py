"""Folders, options and password of the embedded server."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cypher.settings import Secret, Settings
from schema.errors import ServerError

LOOPBACK = "127.0.0.1"
_OPENED = ("java.nio", "java.io", "sun.nio.ch")


@dataclass(frozen=True)
class Layout:
    """Where everything of one embedded server lies.

    home/password            the password, readable for its owner only
    home/run/                lock and run file
    home/neo4j/              the server's own home: conf, data, logs, import, plugins, tmp
    """

    home: Path

    @classmethod
    def of(cls, settings: Settings) -> "Layout":
        """The layout under `settings.home`; links are followed, so that two names of a folder are one server."""
        return cls(settings.home.resolve())

    @property
    def password(self) -> Path:
        """The file with the password."""
        return self.home / "password"

    @property
    def lock(self) -> Path:
        """Held while a command starts or stops the server, or has its store for itself."""
        return self.home / "run" / "lock"

    @property
    def record(self) -> Path:
        """The run file (see `process.Record`)."""
        return self.home / "run" / "server.json"

    @property
    def neo4j(self) -> Path:
        """The home that the server is told."""
        return self.home / "neo4j"

    @property
    def conf(self) -> Path:
        """The server's configuration folder."""
        return self.neo4j / "conf"

    @property
    def data(self) -> Path:
        """Databases, transaction logs and users."""
        return self.neo4j / "data"

    @property
    def temporary(self) -> Path:
        """Java's temporary folder: /tmp may forbid the native libraries that are unpacked there."""
        return self.neo4j / "tmp"

    @property
    def console(self) -> Path:
        """What the server writes to its console."""
        return self.neo4j / "logs" / "console.log"

    @property
    def log(self) -> Path:
        """The server's log for users."""
        return self.neo4j / "logs" / "neo4j.log"

    def create(self) -> None:
        """Makes the folders; new ones are open to their owner only.

        Raises:
            ServerError: a folder cannot be made or written.
        """
        try:
            self.home.parent.mkdir(parents=True, exist_ok=True)
            folders = (self.home, self.lock.parent, self.neo4j, self.conf, self.console.parent, self.temporary)
            for folder in folders:
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServerError(
                str(error), "a folder that can be written; set FULLCYCLE_HOME", where=str(self.home)
            ) from None


def neo4j_conf(settings: Settings) -> str:
    """The text of `neo4j.conf`."""
    return "\n".join(
        (
            "# Written at every start; change the environment variables of fullcycle instead.",
            f"server.default_listen_address={LOOPBACK}",
            f"server.default_advertised_address={LOOPBACK}",
            f"server.bolt.listen_address={LOOPBACK}:{settings.bolt_port}",
            f"server.http.listen_address={LOOPBACK}:{settings.http_port}",
            "server.https.enabled=false",
            # Nothing leaves the machine, and no other server is looked for.
            "server.fleet_discovery.enabled=false",
            "dbms.usage_report.enabled=false",
            "client.allow_telemetry=false",
            f"server.memory.pagecache.size={settings.pagecache}m",
            # Left alone, the transaction logs grow to several times the store.
            "db.tx_log.rotation.retention_policy=256M size",
            "db.tx_log.rotation.size=64m",
            "db.tx_log.preallocate=false",
            "db.logs.query.enabled=OFF",
            # Without this a stop waits ten seconds for connections that are closed already.
            "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration=0s",
            "",
        )
    )


def java_options(settings: Settings) -> list[str]:
    """Options of the Java machine, for the server and for its admin tool."""
    return [
        f"-Xmx{settings.heap}m",
        "-XX:+UseG1GC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        f"-Djava.io.tmpdir={Layout.of(settings).temporary}",
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        # Neo4j's libraries use what Java 25 warns about; the warnings would hide real ones in the console log.
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
    ]


def java_environment(settings: Settings, jars: Sequence[Path]) -> dict[str, str]:
    """The whole environment of the server's processes: nothing of the caller's own leaks in.

    The class path is a variable and not an option, which keeps the command line readable.
    """
    layout = Layout.of(settings)
    return {
        "CLASSPATH": os.pathsep.join(str(jar) for jar in jars),
        "NEO4J_HOME": str(layout.neo4j),
        "NEO4J_CONF": str(layout.conf),
        "PATH": "/usr/bin:/bin",
        # Java cannot open a path beyond ASCII in the locale C.
        "LC_ALL": "C.UTF-8",
    }


def read_password(layout: Layout) -> Secret:
    """The password that the first start wrote.

    Raises:
        ServerError: there is none.
    """
    try:
        return Secret(layout.password.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise ServerError(
            f"the password of the embedded server cannot be read ({error.strerror})",
            "the file that the first start wrote; bring it back, or move the folder away to start with an empty graph",
            where=str(layout.password),
        ) from None


def make_password(layout: Layout) -> Secret:
    """Generates the password and writes it for its owner only; one that is there already is kept."""
    if not layout.password.exists():
        temporary = layout.password.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        # Hexadecimal, because the admin tool would take a leading '-' for an option.
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(secrets.token_hex(20) + "\n")
        temporary.replace(layout.password)
    return read_password(layout)
