"""Postings in schema.org's JSON-LD: an object, a list, a graph, or a web page with such scripts in it."""

import io
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import orjson

from etl.rows.document import elements, row_of_cells
from etl.rows.row import MOST_RAW, BadRow, Row
from etl.rows.text import Text
from schema.errors import InputError

TYPE = "JobPosting"
_LARGEST = 1 << 26
_DEEPEST = 8


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("@type", [])
    return [str(each).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for each in (types if isinstance(types, list) else [types])]


def postings(document: Any, *, depth: int = 0, known: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """Give each JobPosting in a JSON-LD document.

    A property that is only ``{"@id": ...}`` of another node of the same graph is replaced by that node.
    """
    if depth > _DEEPEST:
        return
    if isinstance(document, list):
        for each in document:
            yield from postings(each, depth=depth + 1, known=known)
    elif isinstance(document, dict):
        if TYPE in _types(document):
            yield {name: _resolved(value, known or {}) for name, value in document.items()}
            return
        graph = document.get("@graph")
        if isinstance(graph, list):
            nodes = {each["@id"]: each for each in graph if isinstance(each, dict) and isinstance(each.get("@id"), str)}
            yield from postings(graph, depth=depth + 1, known=nodes)
        for name in ("itemListElement", "item", "mainEntity", "mainEntityOfPage"):
            if name in document:
                yield from postings(document[name], depth=depth + 1, known=known)


def _resolved(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return known.get(value["@id"], value)
    return [_resolved(each, known) for each in value] if isinstance(value, list) else value


class _Scripts(HTMLParser):
    """Collects the JSON-LD scripts of a web page with the line where each begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._open: list[str] | None = None
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").split(";")[0].strip().lower()
        if tag == "script" and kind == "application/ld+json":
            self._open, self._line = [], self.getpos()[0]

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._open is not None:
            self.found.append((self._line, "".join(self._open)))
            self._open = None


def _whole(text: Text, file: str) -> str:
    held = io.StringIO()
    for chunk in text.chunks():
        if held.write(chunk) and held.tell() > _LARGEST:
            raise InputError("the document is longer than 64 MiB", "JSON Lines or a JSON list", where=file)
    return held.getvalue()


def _rows(document: str, file: str, number: int, source: Text) -> Iterator[Row | BadRow]:
    """Give the postings of one document, numbered from ``number``."""
    try:
        decoded = orjson.loads(document)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        yield BadRow(file, number, "", f"the document is not JSON ({error})", source.bytes_of(document)[:MOST_RAW])
        return
    for place, posting in enumerate(postings(decoded)):
        yield row_of_cells(posting, file, number + place)


def read_linked(text: Text, file: str) -> Iterator[Row | BadRow]:
    """Read a JSON-LD file; ``line`` is the number of the posting. Nodes of other types are passed over.

    Errors: InputError for one object of more than 64 MiB; a list may be of any length.
    """
    chunks = text.chunks()
    first = next(chunks, "")
    while first.isspace() and (more := next(chunks, None)) is not None:
        first = more
    rest = _Again(first, chunks, text)
    if first.lstrip().startswith("["):
        number = 1
        for element in elements(rest, file):
            for row in _rows(element, file, number, text):
                yield row
                number += 1
        return
    yield from _or_none(_rows(_whole(rest, file), file, 1, text), file)


def _or_none(rows: Iterator[Row | BadRow], file: str) -> Iterator[Row | BadRow]:
    """Give the rows; where there are none, say so instead of passing over the file in silence."""
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        yield BadRow(file, 1, "", f"the document has no node of type {TYPE}", b"")


def read_page(text: Text, file: str) -> Iterator[Row | BadRow]:
    """Read the postings in a web page's JSON-LD scripts; ``line`` is the number of the posting."""
    scripts = _Scripts()
    scripts.feed(_whole(text, file))
    scripts.close()
    yield from _or_none(_numbered(scripts.found, file, text), file)


def _numbered(found: list[tuple[int, str]], file: str, text: Text) -> Iterator[Row | BadRow]:
    number = 1
    for _line, script in found:
        for row in _rows(script, file, number, text):
            yield row
            number += 1


class _Again(Text):
    """A text whose first chunk has been looked at."""

    def __init__(self, first: str, rest: Iterator[str], text: Text) -> None:
        self.encoding = text.encoding
        self._chunks = [first]
        self._rest = rest

    def chunks(self) -> Iterator[str]:
        yield from self._chunks
        yield from self._rest
