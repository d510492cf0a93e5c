"""The header of a file held against the declared columns: what is unknown or missing is named."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from etl.sources.tables.table import Column
from schema.errors import InputError

_GAP = re.compile(r"[\s_\-]+")


def folded(header: str) -> str:
    """Return the form in which headers are compared: lower case, gaps as underscores.

    >>> folded(" Admitted-On ")
    'admitted_on'
    """
    return _GAP.sub("_", header.strip().strip("\ufeff").casefold())


def columns_of(headers: Iterable[str], columns: Sequence[Column], *, table: str, where: str) -> dict[str, str]:
    """Return the header in the file for each declared column that the file has.

    Arguments:
        headers: the headers of the file.
        columns: the declared columns.
        table: name of the table, for the message.
        where: the file, for the message.

    Raises:
        InputError: a header is unknown (the nearest known one is named), stands twice, or a required column is missing.
    """
    known = {folded(each): column for column in columns for each in (column.name, *column.also)}
    found: dict[str, str] = {}
    for header in headers:
        column = known.get(folded(header))
        if column is None:
            near = get_close_matches(folded(header), known, n=1, cutoff=0.5)
            names = ", ".join(each.name for each in columns)
            hint = f"{near[0]}?" if near else f"one of {names}"
            raise InputError(f"column {header!r} is unknown in {table}", hint, where=where)
        if column.name in found:
            given = f"columns {found[column.name]!r} and {header!r} both mean {column.name}"
            raise InputError(given, "one of them", where=where)
        found[column.name] = header
    missing = [column for column in columns if column.required and column.name not in found]
    if missing:
        names = ", ".join(f"{each.name} ({each.meaning})" for each in missing)
        raise InputError(f"{table} without {names}", "all required columns", where=where)
    return found
