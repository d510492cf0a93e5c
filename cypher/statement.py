"""Reads Cypher text as far as a header can be checked against it: parameters, clauses that write, columns.

This is no parser. Comments, strings and quoted names are blanked first, so that what is left can be searched.
"""

import re
from collections.abc import Iterator

_QUOTED = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`", re.DOTALL)
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_WRITES = re.compile(
    r"(?<![.:$\w])(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH|DROP)\b(?!\s*[:,=.)\]}])", re.IGNORECASE
)
_LABEL = re.compile(r"[:|&!]\s*[A-Za-z_]\w*")
_CALL = re.compile(r"\bCALL\s+([A-Za-z][\w.]*)", re.IGNORECASE)
_READING_CALLS = (
    "db.index.fulltext.query",
    "db.index.vector.query",
    "db.index.fulltext.list",
    "db.info",
    "db.labels",
    "db.ping",
    "db.propertykeys",
    "db.relationshiptypes",
    "db.schema.",
    "db.stats.retrieve",
    "dbms.components",
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_AFTER_RETURN = frozenset({"ORDER", "SKIP", "OFFSET", "LIMIT", "UNION", "NEXT"})
_ALIAS = re.compile(r".*\bAS\s+([A-Za-z_]\w*)\s*", re.IGNORECASE | re.DOTALL)


def blanked(text: str) -> str:
    """Return ``text`` with comments, strings and quoted names blanked out; length and lines stay."""
    return _QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def parameters(text: str) -> dict[str, int]:
    """Return the parameters that ``text`` uses, each with the line (from 1) of its first use."""
    bare = blanked(text)
    found: dict[str, int] = {}
    for use in _PARAMETER.finditer(bare):
        found.setdefault(use[1], _line(bare, use.start()))
    return found


def first_write(text: str) -> tuple[str, int] | None:
    """Return the first clause or call that may write, with its line (from 1), or None where ``text`` only reads.

    A procedure counts as writing unless it is known to read.
    """
    bare = blanked(text)
    # A label may be called like a clause, (:Set); a map key or a property too, but those the pattern passes over.
    clauses = _WRITES.finditer(_LABEL.sub(lambda found: " " * len(found[0]), bare))
    found = [(each.start(), each[1].upper()) for each in clauses]
    for call in _CALL.finditer(bare):
        if not call[1].lower().startswith(_READING_CALLS):
            found.append((call.start(), f"CALL {call[1]}"))
    if not found:
        return None
    start, clause = min(found)
    return clause, _line(bare, start)


def columns(text: str) -> tuple[list[str | None], int] | None:
    """Return the columns of the last RETURN clause and its line (from 1), or None where nothing is returned.

    A column that is neither a plain variable nor named by AS is None: nobody could name it in a header.
    """
    bare = blanked(text)
    start = None
    stop = len(bare)
    for word, place in _outer_words(bare):
        if word == "RETURN":
            start, stop = place + len(word), len(bare)
        elif start is not None and word in _AFTER_RETURN and stop == len(bare):
            stop = place
    if start is None:
        return None
    clause = re.sub(r"^\s*DISTINCT\b", "", bare[start:stop].rstrip().removesuffix(";"), flags=re.IGNORECASE)
    return [_column(each) for each in _outer_parts(clause)], _line(bare, start)


def _column(expression: str) -> str | None:
    if alias := _ALIAS.fullmatch(expression):
        return alias[1]
    word = expression.strip()
    return word if _WORD.fullmatch(word) else None


def _outer_words(bare: str) -> Iterator[tuple[str, int]]:
    """Yield words outside all brackets, in capitals, with their places."""
    depth = 0
    for token in re.finditer(r"[([{]|[)\]}]|[A-Za-z_]\w*", bare):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        elif depth == 0 and bare[token.start() - 1 : token.start()] not in (".", ":", "$"):
            yield token[0].upper(), token.start()


def _outer_parts(clause: str) -> list[str]:
    """Split at the commas outside all brackets."""
    parts = [""]
    depth = 0
    for letter in clause:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
