"""Opening a file, a member of a zip archive or a gzip stream as bytes."""

import gzip
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from schema.errors import InputError

MEMBER = "!"
# What the standard library raises when a packed or plain file cannot be read; OSError includes gzip.BadGzipFile.
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, RuntimeError, NotImplementedError)
_IN_MEMORY = 1 << 24


def member_name(path: str) -> str:
    """Give the name that tells a file's format: the member's where there is one, without ``.gz``."""
    name = path.rsplit(MEMBER, 1)[-1] if ".zip!" in path.lower() else path
    return name[:-3] if name.lower().endswith(".gz") else name


def only_member(path: str) -> str:
    """Give ``archive.zip!member`` for an archive with one file in it; any other path as it is.

    Errors: InputError where the archive holds no file or several: it names them.
    """
    if not path.lower().endswith(".zip"):
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
    except UNREADABLE as error:
        raise InputError(f"the archive cannot be read ({error})", "a zip file", where=path) from error
    if len(members) != 1:
        shown = ", ".join(members[:8]) + (", ..." if len(members) > 8 else "")
        raise InputError(f"the archive holds {len(members)} files ({shown})", f"'{path}{MEMBER}member'", where=path)
    return f"{path}{MEMBER}{members[0]}"


def _members(archive: zipfile.ZipFile) -> list[str]:
    return [each.filename for each in archive.infolist() if not each.is_dir() and "__MACOSX" not in each.filename]


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes.

    Arguments:
        path: a file, ``file.gz``, or ``archive.zip!member``.

    Errors: InputError where there is no such file or member; what a broken stream raises later is in `UNREADABLE`.
    """
    low = path.lower()
    if ".zip!" in low:
        at = low.index(".zip!") + len(".zip")
        archive_path, member = path[:at], path[at + 1 :]
        with _checked(archive_path), zipfile.ZipFile(archive_path) as archive:
            if member not in archive.namelist():
                shown = ", ".join(_members(archive)[:8])
                raise InputError(f"the archive has no member '{member}'", f"one of {shown}", where=archive_path)
            with archive.open(member) as stream:
                yield cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if member.lower().endswith(".gz") else stream
    elif low.endswith(".gz"):
        with _checked(path), gzip.open(path, "rb") as packed:
            yield cast(IO[bytes], packed)
    else:
        with _checked(path), Path(path).open("rb") as plain:
            yield plain


@contextmanager
def _checked(path: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise InputError("there is no such file", "the path of a file", where=path) from error
    except IsADirectoryError as error:
        raise InputError("this is a folder", "the path of a file", where=path) from error
    except UNREADABLE as error:
        raise InputError(f"the file cannot be read ({error})", "a whole and readable file", where=path) from error


@contextmanager
def seekable(path: str) -> Iterator[IO[bytes]]:
    """Open a file for reading at any place: a packed one is unpacked first, beyond 16 MiB onto disk."""
    with opened(path) as stream:
        if isinstance(stream, io.BufferedReader):
            yield stream
            return
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            shutil.copyfileobj(stream, spool, 1 << 20)
            spool.seek(0)
            yield cast(IO[bytes], spool)
