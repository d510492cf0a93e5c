"""Rows of CSV and tab-separated files."""

import csv
from collections import deque
from collections.abc import Iterator
from operator import itemgetter

from etl.rows.row import MOST_RAW, BadRow, Row
from etl.rows.text import BROKEN, Text
from schema.errors import InputError

_DELIMITERS = ",;\t|"
# ESCO has cells of several hundred thousand signs; a quote that is not closed is noticed here at the latest.
LONGEST_CELL = 1 << 20


class _Lines:
    """The lines that the csv module takes; those of the record at hand are kept, so that they can be given again."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._again.popleft() if self._again else next(self._source)
        except StopIteration:
            self.ended = True
            raise
        self.taken.append(line)
        self.number += 1
        return line

    def put_back(self) -> None:
        """Give all lines of the record but its first again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        self.ended = False
        del self.taken[1:]


def _sniffed(header: str) -> str:
    """Give the sign that parts the header's cells: the most frequent one outside quotes, a comma where none is."""
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=lambda mark: (outside.count(mark), mark == ","))


def _header(lines: _Lines, delimiter: str | None, file: str) -> tuple[list[str], str]:
    for line in lines:
        if line.strip():
            break
        lines.taken.clear()
    else:
        raise InputError("the file is empty", "a header line and rows", where=file)
    # A header cell may hold a line break; then only the csv module finds its end.
    delimiter = delimiter or _sniffed(line)
    lines.taken.clear()
    reader = csv.reader(_chained(line, lines), delimiter=delimiter)
    try:
        names = [name.strip() or f"column{place}" for place, name in enumerate(next(reader), 1)]
    except csv.Error as error:
        raise InputError(f"the header cannot be read ({error})", "names of columns", where=f"{file}:1") from error
    lines.taken.clear()
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"column '{doubled[0]}' stands twice", "each name once", where=f"{file}:{lines.number}")
    if broken := next((name for name in names if BROKEN.search(name)), None):
        shown = broken.encode("utf-8", "replace").decode()
        raise InputError(
            f"column '{shown}' has bytes in another encoding", "one encoding", where=f"{file}:{lines.number}"
        )
    return names, delimiter


def _chained(first: str, rest: _Lines) -> Iterator[str]:
    yield first
    yield from rest


def read_table(text: Text, file: str, *, delimiter: str | None = None) -> Iterator[Row | BadRow]:
    """Read a table with a header line.

    Arguments:
        text: the file's text.
        file: its name, for rows and messages.
        delimiter: what parts the cells; None finds it in the header among comma, semicolon, tab and bar.

    Result: a row for each record with as many cells as the header; other records as bad rows. Blank lines are passed
    over. Where a quote is not closed, only the line that opens it is given up, and reading goes on with the next one.
    Errors: InputError for a file without a header or with a name twice in it.
    """
    # The limit is the whole process's: it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    lines = _Lines(text.lines())
    names, delimiter = _header(lines, delimiter, file)
    width = len(names)
    order = sorted(range(width), key=names.__getitem__)
    # itemgetter gives a bare cell for one column, a tuple for more.
    pick = itemgetter(*order) if width > 1 else tuple
    head = "\x1f".join(names[place] for place in order) + "\x1e"
    taken = lines.taken
    # Strict, so that a quote that is closed by another row's quote is noticed, and does not join the two rows.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.number + 1
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = _leniently(lines, delimiter)
            if len(cells) != width:
                reason = f"the row's quotes cannot be read ({error})"
                if len(taken) > 1:
                    reason += "; a quote that opens here may not be closed"
                    lines.put_back()
                yield _bad(lines, text, file, start, reason)
                continue
        if len(cells) != width:
            if cells:
                yield _bad(lines, text, file, start, f"the row has {len(cells)} cells; expected {width}")
            continue
        try:
            raw = (head + "\x1f".join(pick(cells))).encode()
        except UnicodeEncodeError:
            column = next(name for name, cell in zip(names, cells, strict=True) if BROKEN.search(cell))
            reason = f"column '{column}' has bytes that are not {text.encoding}"
            yield BadRow(file, start, column, reason, text.bytes_of("".join(taken))[:MOST_RAW])
            continue
        yield Row(file, start, dict(zip(names, cells, strict=True)), raw)


def _leniently(lines: _Lines, delimiter: str) -> list[str]:
    """Read a record of one whole line again, taking a sign behind a closing quote into the cell; or give no cells."""
    if len(lines.taken) > 1 or lines.ended:
        return []
    try:
        return next(csv.reader(lines.taken[:], delimiter=delimiter), [])
    except csv.Error:
        return []


def _bad(lines: _Lines, text: Text, file: str, start: int, reason: str) -> BadRow:
    """Give the record at hand as a bad row."""
    return BadRow(file, start, "", reason, text.bytes_of("".join(lines.taken))[:MOST_RAW])
