"""What the environment says: the only file of this package that reads it.

`VARIABLES` lists every variable with its default and its meaning; the documentation is tested against it.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from schema.errors import SettingsError

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default as the documentation shows it, and its meaning."""

    name: str
    default: str
    meaning: str


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "NEO4J_URI", "", "Neo4j to use, bolt:// or neo4j://, with +s or +ssc; empty: the embedded one is started."
    ),
    Variable("NEO4J_USERNAME", "neo4j", "User at NEO4J_URI; the embedded server ignores it."),
    Variable("NEO4J_PASSWORD", "", "Password at NEO4J_URI, empty where the server asks none; embedded: generated."),
    Variable("NEO4J_DATABASE", "neo4j", "Database at NEO4J_URI; the embedded server ignores it."),
    Variable(
        "FULLCYCLE_CACHE", "~/.cache/fullcycle", "Folder of the Neo4j jars (under XDG_CACHE_HOME if that is set)."
    ),
    Variable(
        "FULLCYCLE_HOME",
        "~/.local/share/fullcycle",
        "Folder of the embedded database, its password and its logs (under XDG_DATA_HOME if that is set).",
    ),
    Variable("FULLCYCLE_BOLT_PORT", "7687", "Port on which the embedded server answers Bolt, on 127.0.0.1 only."),
    Variable("FULLCYCLE_HTTP_PORT", "7474", "Port on which the embedded server answers HTTP, on 127.0.0.1 only."),
    Variable("FULLCYCLE_HEAP", "a quarter of memory, 512m to 2g", "Java heap of the embedded server, such as 1500m."),
    Variable("FULLCYCLE_PAGECACHE", "an eighth of memory, 128m to 1g", "Memory for pages of the store, such as 512m."),
    Variable("FULLCYCLE_START_DEADLINE", "120", "Seconds that the embedded server may take until it answers."),
)


class Secret:
    """A text that does not show itself in repr, str or a log; `reveal()` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True)
class Settings:
    """Where Neo4j is, or how the embedded one runs.

    Attributes:
        uri: server to use; None starts the embedded one.
        username, password, database: credentials and database at `uri`; password is None when embedded.
        cache: folder of downloaded jars, which several checkouts share.
        home: folder of the embedded database, its password, logs and run files.
        bolt_port, http_port: ports of the embedded server on the loopback interface, 1 to 65535.
        heap, pagecache: memory of the embedded server in MiB.
        start_deadline: seconds until the embedded server must answer.
    """

    uri: str | None
    username: str
    password: Secret | None
    database: str
    cache: Path
    home: Path
    bolt_port: int
    http_port: int
    heap: int
    pagecache: int
    start_deadline: float

    @property
    def embedded(self) -> bool:
        """Whether the embedded server is used."""
        return self.uri is None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads the settings; an empty variable counts as unset, but NEO4J_PASSWORD may be empty on purpose.

        Arguments:
            environ: the variables; None takes those of the process.

        Raises:
            SettingsError: a value cannot be used; the message names variable, value and expectation.
        """
        given = os.environ if environ is None else environ
        uri = _uri(given.get("NEO4J_URI", "").strip())
        if uri is not None and "NEO4J_PASSWORD" not in given:
            raise SettingsError(
                "not set, while NEO4J_URI is",
                "the password of NEO4J_USERNAME, or an empty text for a server that asks none",
                where="NEO4J_PASSWORD",
            )
        memory = machine_memory()
        settings = cls(
            uri=uri,
            username=given.get("NEO4J_USERNAME") or "neo4j",
            password=None if uri is None else Secret(given["NEO4J_PASSWORD"]),
            database=given.get("NEO4J_DATABASE") or "neo4j",
            cache=_folder(given, "FULLCYCLE_CACHE", xdg="XDG_CACHE_HOME", default="~/.cache"),
            home=_folder(given, "FULLCYCLE_HOME", xdg="XDG_DATA_HOME", default="~/.local/share"),
            bolt_port=_port(given, "FULLCYCLE_BOLT_PORT", default=7687),
            http_port=_port(given, "FULLCYCLE_HTTP_PORT", default=7474),
            heap=_memory(given, "FULLCYCLE_HEAP", default=min(max(memory // 4, 512), 2048), least=256),
            pagecache=_memory(given, "FULLCYCLE_PAGECACHE", default=min(max(memory // 8, 128), 1024), least=16),
            start_deadline=_seconds(given, "FULLCYCLE_START_DEADLINE", default=120.0),
        )
        if settings.bolt_port == settings.http_port:
            raise SettingsError(
                str(settings.http_port), "another port than FULLCYCLE_BOLT_PORT", where="FULLCYCLE_HTTP_PORT"
            )
        return settings


def machine_memory() -> int:
    """Memory that this process may use, in MiB: that of the machine, or the limit of its container."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if sys.platform == "linux" and limit.is_file():
        text = limit.read_text().strip()
        if text.isdigit():
            machine = min(machine, int(text))
    return machine // MEBIBYTE


def _uri(text: str) -> str | None:
    if not text:
        return None
    expected = f"<scheme>://<host>[:<port>] with scheme one of {', '.join(SCHEMES)}"
    # The value is not repeated where it may hold a password.
    shown = re.sub(r"//.*@", "//***@", text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise SettingsError(f"{shown!r} ({error})", expected, where="NEO4J_URI") from None
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
        raise SettingsError(repr(shown), expected, where="NEO4J_URI")
    if "@" in parts.netloc:
        raise SettingsError(repr(shown), "credentials in NEO4J_USERNAME and NEO4J_PASSWORD", where="NEO4J_URI")
    return text


def _folder(given: Mapping[str, str], name: str, *, xdg: str, default: str) -> Path:
    text = given.get(name) or str(Path(given.get(xdg) or default) / "fullcycle")
    try:
        folder = Path(text).expanduser().absolute()
    except RuntimeError as error:  # no home folder is known for this user
        raise SettingsError(f"{text!r} ({error})", "a folder", where=name) from None
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{text!r}, which is a file", "a folder", where=name)
    if os.pathsep in str(folder):
        raise SettingsError(repr(text), f"a folder without {os.pathsep!r} in its name (Java's class path)", where=name)
    return folder


def _port(given: Mapping[str, str], name: str, *, default: int) -> int:
    text = given.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise SettingsError(repr(text), "a port, 1 to 65535", where=name)
    return int(text)


def _memory(given: Mapping[str, str], name: str, *, default: int, least: int) -> int:
    text = given.get(name)
    if not text:
        return default
    match = re.fullmatch(r"([0-9]{1,7})([mMgG])", text)
    amount = int(match[1]) * (1024 if match[2] in "gG" else 1) if match else 0
    if amount < least:
        raise SettingsError(repr(text), f"an amount in m or g, at least {least}m, such as 1500m or 2g", where=name)
    return amount


def _seconds(given: Mapping[str, str], name: str, *, default: float) -> float:
    text = given.get(name)
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or float(text) <= 0:
        raise SettingsError(repr(text), "seconds above 0, such as 120", where=name)
    return float(text)
