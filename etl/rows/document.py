"""Rows of JSON Lines files and of JSON lists."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from etl.rows.row import MOST_RAW, BadRow, Row, canonical
from etl.rows.text import BROKEN, LONGEST_LINE, Text
from schema.errors import InputError

# Outside strings only these marks matter for finding where an element ends. A string that is not closed matches up to
# the end of what has been read, which tells that more must be read.
_MARK = re.compile(r'[\[\]{},]|"[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)
_SPACE = re.compile(r"\s*")


def row_of(text: str, file: str, line: int, source: Text) -> Row | BadRow:
    """Give the row of one JSON object, or what is wrong with it."""
    try:
        cells = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        broken = BROKEN.search(text)
        reason = f"the row has bytes that are not {source.encoding}" if broken else f"the row is not JSON ({error})"
        return BadRow(file, line, "", reason, source.bytes_of(text)[:MOST_RAW])
    return row_of_cells(cells, file, line)


def row_of_cells(cells: Any, file: str, line: int) -> Row | BadRow:
    """Give the row of a decoded JSON value, which must be an object."""
    if not isinstance(cells, dict):
        reason = f"the row is {_kind(cells)}; expected an object"
        return BadRow(file, line, "", reason, orjson.dumps(cells)[:MOST_RAW])
    return Row(file, line, cells, canonical(cells))


def _kind(value: Any) -> str:
    kinds = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def read_lines(text: Text, file: str) -> Iterator[Row | BadRow]:
    """Read a file with one JSON object a line; blank lines are passed over."""
    for number, line in enumerate(text.lines(), 1):
        if line.isspace():
            continue
        yield row_of(line, file, number, text)


def elements(text: Text, file: str) -> Iterator[str]:
    """Give the text of each element of a JSON list; only the element at hand is held.

    Errors: InputError where the text is no list, is not closed, or has an element of more than 64 MiB.
    """
    chunks = text.chunks()
    buffer = ""
    while not buffer.strip() and (chunk := next(chunks, None)) is not None:
        buffer += chunk
    at = _after(buffer, 0)
    if buffer[at : at + 1] != "[":
        raise InputError(f"the text begins with '{buffer[at : at + 20]}'", "a JSON list '['", where=file)
    start = place = at + 1
    depth, count = 0, 0
    while True:
        found = _MARK.search(buffer, place)
        # A string that reaches the end of the buffer may go on in the next chunk.
        if found is None or (found[0][0] == '"' and not found[1] and found.end() >= len(buffer) - 1):
            chunk = next(chunks, None)
            if chunk is None:
                raise InputError(f"the list ends within element {count + 1}", "a closing ']'", where=file)
            buffer, place = buffer[start:] + chunk, (len(buffer) if found is None else found.start()) - start
            start = 0
            if len(buffer) > LONGEST_LINE:
                raise InputError(f"element {count + 1} is longer than 64 MiB", "smaller elements", where=file)
            continue
        mark, place = found[0], found.end()
        if mark in "[{":
            depth += 1
        elif depth and mark in "]}":
            depth -= 1
        elif not depth and mark in ",]}":
            element = buffer[start : found.start()].strip()
            if element or mark == ",":
                count += 1
                yield element
            if mark != ",":
                return
            start = place


def _after(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def read_list(text: Text, file: str) -> Iterator[Row | BadRow]:
    """Read a file that is one JSON list of objects; ``line`` is the number of the element, from 1."""
    for number, element in enumerate(elements(text, file), 1):
        yield row_of(element, file, number, text)
