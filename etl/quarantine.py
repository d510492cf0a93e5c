"""Rows that are held back: written beside the good ones, counted, listed and released."""

from collections.abc import Iterable, Sequence
from typing import Any

from cypher import library
from cypher.graph import Graph
from etl.records import Draft, Held, HeldDraft
from etl.targets import Known, Statement

ROW_LIMIT = 20_000
"""Characters of a row that are kept with it."""


def code(source: str, title: str, key: str) -> str:
    """Return the code of a held row: the same row has the same code in every load."""
    return f"held:{source}:{title}:{key}"


def statement(rows: Iterable[tuple[Draft | HeldDraft, Held]], *, source: str, title: str, at: Any) -> Statement:
    """Return the statement that writes held rows."""
    values = [
        {
            "code": code(source, title, draft.key),
            "properties": {
                "name": f"{title}: {held.rule}",
                "stage": held.stage,
                "reason": held.reason,
                "rule": held.rule,
                "file": draft.file,
                "line": draft.line,
                "column": held.column or None,
                "row": draft.row[:ROW_LIMIT],
                "contentHash": draft.digest,
                "duplicateOf": held.duplicate_of,
                "released": None,
            },
        }
        for draft, held in rows
    ]
    return library.query("ingest/hold-rows").text, {"rows": values, "at": at, "source": source}


def resolved(keys: Sequence[str], *, source: str, title: str) -> Statement:
    """Return the statement that removes held rows whose row is good by now."""
    rows = [code(source, title, key) for key in keys]
    return library.query("ingest/resolve-held-rows").text, {"codes": rows}


def known(graph: Graph, source: str, *, title: str) -> dict[str, tuple[Known, bool]]:
    """Return digest and release of each held row of a source, by key."""
    prefix = code(source, title, "")
    (record,) = graph.read(library.query("ingest/held-rows"), source=source, prefix=prefix)
    return {
        each[len(prefix) :]: (Known(value, False), released)
        for each, value, released in zip(record["codes"], record["digests"], record["released"], strict=True)
    }
