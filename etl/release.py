"""Held rows: listing them, and letting postings pass that screening held back.

A released posting goes through the same reading as every other, but is not screened, neither now nor in later loads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cypher import library
from cypher.graph import Graph
from etl import quarantine
from etl.mapping import ColumnMapping
from etl.pipeline import BATCH
from etl.records import Held, Parcel
from etl.shared import Hubs
from etl.sources.postings import TARGET, TITLE, Reading
from etl.targets import Change
from schema.clock import now
from schema.errors import InputError

ALL = 1_000_000
"""Rows that are looked at in one release."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that is held back.

    Arguments:
        code: code of the held row, by which it is released.
        source: name of its source.
        stage: "quarantine" or "screening".
        rule: short name of the reason.
        reason: what was given and expected.
        file, line, column: where it stood.
        duplicate_of: code of the record that it repeats, or None.
        digest: digest of the row.
        row: the row itself.
        released: a person let it pass.
    """

    code: str
    source: str
    stage: str
    rule: str
    reason: str
    file: str
    line: int
    column: str
    duplicate_of: str | None
    digest: str
    row: str
    released: bool


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did.

    Arguments:
        loaded: codes of the postings that are in the graph now.
        waiting: codes of held rows that are free, but only go in when their file is loaded again: of another kind
            than postings, or too long to be kept whole.
        refused: code of a held row -> why it cannot go in.
    """

    loaded: tuple[str, ...]
    waiting: tuple[str, ...]
    refused: dict[str, str]


def held(
    graph: Graph,
    *,
    source: str | None = None,
    stage: str | None = None,
    rule: str | None = None,
    codes: Sequence[str] | None = None,
    limit: int = ALL,
) -> list[HeldRow]:
    """Return held rows, in order of source, file and line.

    Arguments:
        graph: where they are.
        source, stage, rule, codes: what to look for; None for all.
        limit: at most so many, 1 or more.
    """
    records = graph.read(
        library.query("ingest/list-held-rows"),
        source=source,
        stage=stage,
        rule=rule,
        codes=None if codes is None else list(codes),
        limit=limit,
    )
    return [
        HeldRow(
            code=each["code"],
            source=each["source"],
            stage=each["stage"] or "",
            rule=each["rule"] or "",
            reason=each["reason"] or "",
            file=each["file"] or "",
            line=each["line"] or 0,
            column=each["column"] or "",
            duplicate_of=each["duplicateOf"],
            digest=each["digest"] or "",
            row=each["row"] or "",
            released=each["released"],
        )
        for each in records
    ]


def release(
    graph: Graph, *, codes: Sequence[str] | None = None, rule: str | None = None, source: str | None = None
) -> Released:
    """Let held rows pass and load those that are postings at once.

    Arguments:
        graph: where they are.
        codes: codes of held rows, as `held` gives them.
        rule: instead, all of screening that were held by this rule, such as "duplicate".
        source: of this source only; None for all.

    Raises:
        InputError: neither codes nor a rule is given, or a code is unknown.
    """
    if (codes is None) == (rule is None):
        raise InputError("codes and rule" if codes else "neither codes nor a rule", "one of the two")
    rows = held(graph, source=source, rule=rule, codes=codes, stage=None if codes is not None else "screening")
    if codes is not None and (missing := set(codes) - {each.code for each in rows}):
        raise InputError(f"held row {min(missing)!r}", "the code of a held row, as the list of held rows shows it")
    refused = {each.code: each.reason for each in rows if each.stage != "screening"}
    free = [each for each in rows if each.code not in refused]
    work = _Releasing(graph)
    loaded: list[str] = []
    waiting: list[str] = []
    for each in free:
        outcome = work.read(each)
        if isinstance(outcome, Held):
            refused[each.code] = outcome.reason
        else:
            (loaded if outcome else waiting).append(outcome or each.code)
    work.write()
    passed = [each.code for each in free if each.code not in refused]
    graph.write(library.query("ingest/release-held-rows"), codes=passed, at=work.at)
    return Released(tuple(loaded), tuple(waiting), refused)


class _Releasing:
    """Reads released postings and writes them; what the graph knows is read once a source."""

    def __init__(self, graph: Graph) -> None:
        self.at = now()
        self._graph = graph
        self._readings: dict[tuple[str, bytes], Reading] = {}
        self._known: dict[str, set[str]] = {}
        self._changes: dict[str, list[Change]] = {}

    def read(self, row: HeldRow) -> str | Held:
        """Read one posting: its code, an empty string where the row is not here, or why it cannot be read."""
        content = _content(row)
        if content is None:
            return ""
        reading = self._reading(row.source, content["mapping"])
        draft = reading.draft_of(content["fields"], file=row.file, line=row.line)
        outcome = reading.transform(draft.payload)
        if isinstance(outcome, Held):
            return outcome
        assert isinstance(outcome, Parcel)
        if row.source not in self._known:
            self._known[row.source] = {key for key, _, _ in TARGET.states(self._graph, row.source)}
        change = Change(draft, outcome, draft.key in self._known[row.source])
        self._changes.setdefault(row.source, []).append(change)
        return draft.key

    def write(self) -> None:
        """Write all that were read."""
        hubs = Hubs(self._graph)
        for source, changes in self._changes.items():
            for start in range(0, len(changes), BATCH):
                part = changes[start : start + BATCH]
                statements = hubs.statements((each.outcome for each in part), source=source, at=self.at)
                statements += TARGET.statements(part, source=source, at=self.at)
                key = f"release:{source}:{self.at.isoformat()}:{start}"
                self._graph.write_batch(key, statements)
                self._graph.clear_batches(key)

    def _reading(self, source: str, settings: dict[str, Any]) -> Reading:
        name = (source, orjson.dumps(settings))
        if name not in self._readings:
            mapping = ColumnMapping.of_json(settings)
            self._readings[name] = Reading(self._graph, mapping, source=source, at=self.at)
        return self._readings[name]


def _content(row: HeldRow) -> dict[str, Any] | None:
    """Return fields and mapping of a posting, or None where the row is of another kind or cut off."""
    if not row.code.startswith(quarantine.code(row.source, TITLE, "")):
        return None
    try:
        content = orjson.loads(row.row)
    except orjson.JSONDecodeError:
        return None
    return content if isinstance(content, dict) and {"fields", "mapping"} <= content.keys() else None
