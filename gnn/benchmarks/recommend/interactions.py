"""A log of interactions in the usual form: a user, an item, a time in each row of a CSV file.

Rows that cannot be read are held back with file, line and reason; nothing is guessed.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schema.errors import InputError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

HEADS = {
    "user": ("user", "user_id", "userid", "uid", "student", "student_id", "id_student", "session", "session_id"),
    "item": ("item", "item_id", "itemid", "iid", "resource", "product", "product_id", "movie_id", "movieid", "job"),
    "time": ("time", "timestamp", "ts", "at", "date", "datetime", "day", "when"),
}
"""Names of a column, in any case, with blanks and hyphens as underscores."""
MILLISECONDS = 1e11
"""Numbers from here on are milliseconds since 1970, smaller ones seconds, or days, or whatever counts on."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row that was held back: file, line from 1, the reason, and the row as it stands."""

    file: str
    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Log:
    """Who did something with what, in order of time; each user and item counts once, at the first time.

    Arguments:
        users, items: names, in order.
        user, item, at: of each step. [steps]
        held: rows that were held back.
        rows: rows that were read, those held back among them.
    """

    users: tuple[str, ...]
    items: tuple[str, ...]
    user: Places
    item: Places
    at: Floats
    held: tuple[Held, ...] = ()
    rows: int = 0

    def __len__(self) -> int:
        return len(self.user)


def read_log(path: Path) -> Log:
    """Read a file.

    Arguments:
        path: CSV with a header, in UTF-8; comma, semicolon or tab between cells. Times are numbers, or dates and times
            by ISO 8601; the first good row says which.

    Raises:
        InputError: there is no such file, no such column, or not one good row.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("no such file", "a CSV file with a user, an item and a time", where=str(path)) from error
    held: list[Held] = []
    seen: dict[tuple[str, str], float] = {}
    numbers: bool | None = None
    count = 0
    lines = _lines(data, path.name, held)
    head, delimiter = _header(next(lines, (1, ""))[1], path)
    for line, text in lines:
        count += 1
        cells = _cells(text, delimiter)
        if len(cells) != head.width:
            held.append(Held(path.name, line, f"{len(cells)} cells, not {head.width}", text))
            continue
        user, item, time = (cells[place].strip() for place in head.places)
        if not user or not item:
            held.append(Held(path.name, line, f"no {'user' if not user else 'item'}", text))
            continue
        found, is_number = _time(time)
        if found is None:
            held.append(Held(path.name, line, f"time {time!r} is neither a number nor a date", text))
            continue
        if numbers is None:
            numbers = is_number
        if numbers != is_number:
            kinds = ("a number", "a date") if numbers else ("a date", "a number")
            held.append(Held(path.name, line, f"time {time!r}: {kinds[1]} where the rows before have {kinds[0]}", text))
            continue
        key = (user, item)
        seen[key] = min(found, seen.get(key, found))
    # Rows that are no UTF-8 never came out of `lines`.
    count += sum(each.reason.startswith("no UTF-8") for each in held)
    if not seen:
        raise InputError(f"no good row of {count}", "a user, an item and a time in each", where=str(path))
    return _log(seen, tuple(held), count)


@dataclass(frozen=True, slots=True)
class _Head:
    places: tuple[int, int, int]
    width: int


def _lines(data: bytes, name: str, held: list[Held]) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that is no blank; a line that is no UTF-8 is held back."""
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = raw.rstrip(b"\r").decode("utf-8")
        except UnicodeDecodeError:
            held.append(Held(name, number, "no UTF-8", raw.decode("utf-8", "replace")))
            continue
        if text.strip():
            yield number, text


def _header(text: str, path: Path) -> tuple[_Head, str]:
    delimiter = max((",", ";", "\t"), key=text.count)
    names = [each.strip().lower().replace(" ", "_").replace("-", "_") for each in _cells(text, delimiter)]
    places = []
    for column, known in HEADS.items():
        found = [names.index(name) for name in known if name in names]
        if not found:
            expected = f"a column for the {column}: one of {', '.join(known)}"
            raise InputError(f"columns {', '.join(names)}", expected, where=str(path))
        places.append(found[0])
    return _Head((places[0], places[1], places[2]), len(names)), delimiter


def _cells(text: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error:
        return []


def _time(text: str) -> tuple[float | None, bool]:
    """Return a time in seconds, or whatever the number counts, and whether it is a number."""
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        return ((number / 1000.0 if number >= MILLISECONDS else number) if isfinite(number) else None), True
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp(), False


def _log(seen: dict[tuple[str, str], float], held: tuple[Held, ...], rows: int) -> Log:
    users = sorted({user for user, _ in seen})
    items = sorted({item for _, item in seen})
    by_user = {name: place for place, name in enumerate(users)}
    by_item = {name: place for place, name in enumerate(items)}
    user = np.array([by_user[each] for each, _ in seen], np.int64)
    item = np.array([by_item[each] for _, each in seen], np.int64)
    at = np.array(list(seen.values()), np.float64)
    order = np.lexsort((item, user, at))
    return Log(tuple(users), tuple(items), user[order], item[order], at[order], held, rows)
