"""A publisher's download, zipped or unpacked: its members as rows, checked for the columns that are needed."""

import csv
import io
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from schema.errors import InputError


def _outermost(paths: Iterable[Path]) -> Path | None:
    """Return the path with the fewest folders: an older edition may lie in a folder beside."""
    return min(paths, key=lambda path: (len(path.parts), path), default=None)


class Download:
    """The members of a zip file or of a folder.

    Arguments:
        path: the zip file, or the folder that holds its members.
        delimiter: what separates the cells; where it is a tab, quotes are letters like any other.

    Raises:
        InputError: the path is neither.
    """

    def __init__(self, path: Path, *, delimiter: str = ",") -> None:
        if not path.is_dir() and not path.is_file():
            raise InputError("no such file or folder", "a download as its publisher hands it out", where=str(path))
        self.path = path
        self._delimiter = delimiter

    def place(self, member: str) -> str:
        """Return what a member is called in messages: path, exclamation mark, name."""
        return f"{self.path}!{member}"

    @contextmanager
    def _open(self, member: str) -> Iterator[IO[str]]:
        where = self.place(member)
        if self.path.is_dir():
            file = _outermost(each for each in self.path.rglob(member) if each.is_file())
            if file is None:
                raise InputError("no such member", "all files of the download", where=where)
            with file.open(encoding="utf-8-sig", newline="") as text:
                yield text
            return
        try:
            with ZipFile(self.path) as archive:
                found = _outermost(Path(each) for each in archive.namelist() if Path(each).name == member)
                if found is None:
                    raise InputError("no such member", "all files of the download", where=where)
                with archive.open(found.as_posix()) as stream:
                    yield io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        except (BadZipFile, zlib.error, EOFError) as error:
            raise InputError(f"no zip file that can be read ({error})", "the download, complete", where=where) from None

    def rows(self, member: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, row) of a member; the line is the one on which the row begins.

        Arguments:
            member: file name without folders.
            columns: those that are needed; others come along.

        Raises:
            InputError: the member or a column is missing, a row ends before the last needed column (as the last one
                of a download that broke off), or the text is not UTF-8.
        """
        where = self.place(member)
        # The cells of some publishers hold whole lists of names, beyond the module's own limit.
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        with self._open(member) as text:
            if self._delimiter == "\t":
                reader = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
            else:
                reader = csv.DictReader(text, delimiter=self._delimiter)
            try:
                missing = [name for name in columns if name not in (reader.fieldnames or ())]
                if missing:
                    raise InputError(f"columns {', '.join(missing)} are missing", ", ".join(columns), where=where)
                line = reader.line_num + 1
                for row in reader:
                    if any(row[name] is None for name in columns):
                        raise InputError("a row breaks off", "the download, complete", where=f"{where}:{line}")
                    yield line, {name: value or "" for name, value in row.items() if name is not None}
                    line = reader.line_num + 1
            except UnicodeDecodeError as error:
                raise InputError(str(error), "UTF-8 text", where=where) from None
            except csv.Error as error:
                raise InputError(str(error), "a table of text", where=f"{where}:{reader.line_num + 1}") from None
