"""Values of the graph on a terminal: what stands in the data neither moves the cursor nor is taken for markup."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text


def printable(text: str) -> str:
    """Return a text without control characters: each is written as Python writes it; line ends stay.

    >>> printable("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    return "".join(letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in text)


def cell(value: Any) -> Text:
    """Return a value as the text of a cell: nothing for None, JSON for what is no text."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return Text(printable(text))


def grid(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Return rows as a table; what is too wide for the terminal is folded, not cut off."""
    table = Table()
    for column in columns:
        table.add_column(Text(printable(column)), overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    return table


def page(columns: Sequence[str], row: Sequence[Any]) -> Table:
    """Return one row as names and values, so that many columns can be read; maps in a list have a line each."""
    table = Table(show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column, value in zip(columns, row, strict=True):
        parts = value if isinstance(value, list) and any(isinstance(each, dict) for each in value) else [value]
        table.add_row(cell(column), Text("\n").join(cell(part) for part in parts))
    return table
