"""What a reader of public data hands over: the panel, and what it could not read."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO
from zipfile import BadZipFile, ZipFile

from gnn.panel import Panel
from schema.errors import InputError


@dataclass(slots=True)
class Faults:
    """Rows that were left out, by reason, each with its first place.

    Arguments:
        counts: rows by reason.
        first: "file:line" of the first by reason.
    """

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, *, where: str) -> None:
        """Count a row."""
        self.counts[reason] += 1
        self.first.setdefault(reason, where)

    def __str__(self) -> str:
        return "; ".join(f"{count} {reason} (first {self.first[reason]})" for reason, count in self.counts.items())


@dataclass(frozen=True, slots=True)
class Reading:
    """A panel with what was read for it.

    Arguments:
        panel: monthly demand.
        rows: rows or postings that count in it.
        faults: what was left out.
        year: steps of a year: 12 where a step is a month.
    """

    panel: Panel
    rows: int
    faults: Faults
    year: int = 12


@contextmanager
def opened(path: Path, ending: str) -> Iterator[list[tuple[str, TextIO]]]:
    """Open the text files of a path, in order of name: itself, those of a folder, or those in a zip file.

    Arguments:
        path: a file, folder or zip file.
        ending: how the names of wanted files end, in a folder or zip file.

    Raises:
        InputError: there is no such path, it cannot be unpacked, or holds no such file.
    """
    if not path.exists():
        raise InputError("no such file or folder", f"a file, folder or zip with *{ending}", where=str(path))
    if path.is_dir():
        found = [(str(each), each.open(encoding="utf-8-sig", newline="")) for each in sorted(path.rglob(f"*{ending}"))]
    elif path.suffix == ".zip":
        try:
            packed = ZipFile(path)
        except BadZipFile as error:
            raise InputError("not a zip file", f"a zip with *{ending}", where=str(path)) from error
        found = [
            (f"{path}/{name}", TextIOWrapper(packed.open(name), encoding="utf-8-sig", newline=""))
            for name in sorted(packed.namelist())
            if name.endswith(ending)
        ]
    else:
        found = [(str(path), path.open(encoding="utf-8-sig", newline=""))]
    if not found:
        raise InputError(f"no file *{ending}", "the files as the publisher hands them out", where=str(path))
    try:
        yield found  # type: ignore[misc]
    finally:
        for _, file in found:
            file.close()
