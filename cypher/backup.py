"""Backup and restore of the embedded store, through the server's own dump and load.

Both need the store for themselves: a running server is stopped meanwhile and started again.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cypher.admin import administer
from cypher.server import DATABASE, EmbeddedServer
from cypher.settings import MEBIBYTE, Settings
from schema.errors import ServerError

if TYPE_CHECKING:
    from cypher.progress import Progress

_ARCHIVE = f"{DATABASE}.dump"
_log = logging.getLogger(__name__)


def backup(settings: Settings, path: Path, *, overwrite: bool = False, progress: "Progress | None" = None) -> Path:
    """Writes the whole graph to one archive; `path` appears only when all of it is on disk.

    Arguments:
        settings: says which store.
        path: the archive to write; its folder must exist.
        overwrite: whether an archive that is there already is replaced.
        progress: shows the download of the jars.

    Returns:
        the absolute path of the archive.

    Raises:
        ServerError: NEO4J_URI is set, there is no store, the archive exists, or the dump failed.
    """
    server = _embedded(settings, progress)
    target = path.absolute()
    if target.is_dir() or not target.parent.is_dir():
        raise ServerError("cannot write an archive here", "a file name in a folder that exists", where=str(target))
    if target.exists() and not overwrite:
        raise ServerError("the archive exists already", "another name, or permission to overwrite", where=str(target))
    with _staged(target.parent, "backup") as folder, server.halted():
        _require_store(server)
        administer(settings, ("database", "dump", DATABASE, f"--to-path={folder}"), jars=server.jars())
        archive = folder / _ARCHIVE
        archive.chmod(0o600)  # it holds the records of students
        with archive.open("rb") as file:
            os.fsync(file.fileno())
        archive.replace(target)
    _log.info("backup of %d MiB written to %s", target.stat().st_size // MEBIBYTE, target)
    return target


def restore(settings: Settings, path: Path, *, checked: bool = True, progress: "Progress | None" = None) -> None:
    """Replaces the whole graph by that of an archive.

    The archive is loaded beside the store and takes its place only when the load, and the check, went well; until
    then the old graph stays as it is.

    Arguments:
        settings: says which store; there need not be one yet.
        path: an archive that `backup` wrote.
        checked: whether the loaded store is checked for consistency first.
        progress: shows the download of the jars.

    Raises:
        ServerError: NEO4J_URI is set, or the archive cannot be read or is inconsistent.
    """
    server = _embedded(settings, progress)
    source = path.absolute()
    if not source.is_file():
        raise ServerError("no archive", "a file that `fullcycle db backup` wrote", where=str(source))
    data = server.layout.data
    incoming, outgoing = data.with_name("data.new"), data.with_name("data.old")
    with server.halted(), _staged(server.layout.neo4j, "restore") as folder:
        # The tool takes the database's name from the file's; a link spares a copy.
        (folder / _ARCHIVE).symlink_to(source)
        staged = folder / "data"  # the admin tool takes the folder for a server's home
        load = ("database", "load", DATABASE, f"--from-path={folder}", "--overwrite-destination=true")
        try:
            administer(settings, load, jars=server.jars(), home=folder)
            if checked:
                administer(settings, _check_of(folder), jars=server.jars(), home=folder)
        except ServerError as error:
            raise ServerError(
                f"the archive cannot be used, and the graph is as it was: {error.given}",
                "a whole archive that `fullcycle db backup` wrote",
                where=str(source),
            ) from error
        if not (staged / "databases" / DATABASE).is_dir():
            raise ServerError("nothing was loaded, and the graph is as it was", where=str(folder))
        # Users, and the password with them, are this server's and not the archive's.
        for kept in ("databases/system", "transactions/system", "dbms", "server_id"):
            _copy(data / kept, staged / kept)
        shutil.rmtree(outgoing, ignore_errors=True)
        shutil.rmtree(incoming, ignore_errors=True)
        staged.rename(incoming)
        if data.exists():
            data.rename(outgoing)
        # Killed just before this line, the next start does it (see EmbeddedServer).
        incoming.rename(data)
        shutil.rmtree(outgoing, ignore_errors=True)
    _log.info("the graph is now that of %s", source)


def check(settings: Settings, *, progress: "Progress | None" = None) -> None:
    """Checks the store for consistency.

    Raises:
        ServerError: NEO4J_URI is set, there is no store, or it is inconsistent; the message holds the report.
    """
    server = _embedded(settings, progress)
    with server.halted(), _staged(server.layout.neo4j, "check") as folder:
        _require_store(server)
        administer(settings, _check_of(folder), jars=server.jars())


def _embedded(settings: Settings, progress: "Progress | None") -> EmbeddedServer:
    if not settings.embedded:
        raise ServerError(
            f"NEO4J_URI is {settings.uri}",
            "the embedded server; use the tools of that server for its backup, or unset NEO4J_URI",
            where="NEO4J_URI",
        )
    return EmbeddedServer(settings, progress)


def _require_store(server: EmbeddedServer) -> None:
    store = server.layout.data / "databases" / DATABASE
    if not store.is_dir():
        raise ServerError("there is no graph yet", "`fullcycle db up` first", where=str(store))


def _check_of(folder: Path) -> tuple[str, ...]:
    return ("database", "check", DATABASE, f"--report-path={folder}")


@contextmanager
def _staged(parent: Path, purpose: str) -> Iterator[Path]:
    """A folder beside the target, on the same disk, gone afterwards."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{purpose}-", dir=parent))
    except OSError as error:
        raise ServerError(str(error), "a folder that can be written", where=str(parent)) from None
    try:
        yield folder
    except OSError as error:
        raise ServerError(str(error), "a disk that can be written and has room", where=str(parent)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        shutil.copy2(source, target)
