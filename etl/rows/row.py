"""What a reader yields: a row, or a place where there should have been one."""

from dataclasses import dataclass
from typing import Any

import orjson

# How much of a bad row is kept to be looked at.
MOST_RAW = 65536


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the file has it.

    Arguments:
        file: the file's name as it was given.
        line: the line where the row starts, from 1; for Parquet, a JSON list and JSON-LD the number of the record.
        cells: column name to cell. Tables give text; JSON and Parquet give what they hold.
        raw: canonical bytes of names and cells, for a content hash: the same whatever the order of columns, quoting,
            encoding and packing of the file.
    """

    file: str
    line: int
    cells: dict[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read; reading goes on behind it.

    Arguments:
        file: the file's name as it was given.
        line: as in `Row`.
        column: name of the column at fault, or empty.
        reason: what is wrong, what was given and what was expected.
        raw: the bytes of the file at fault, at most 64 KiB of them.
    """

    file: str
    line: int
    column: str
    reason: str
    raw: bytes


def _written(value: object) -> str:
    """Give a cell that JSON does not know (decimal, bytes) as text."""
    return value.hex() if isinstance(value, bytes) else str(value)


def canonical(cells: dict[str, Any]) -> bytes:
    """Give the canonical bytes of cells that JSON or Parquet hold: JSON with sorted names.

    Errors: TypeError (orjson's) where a cell cannot be written even as text.
    """
    return orjson.dumps(cells, default=_written, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
