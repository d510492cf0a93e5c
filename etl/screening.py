"""Postings that can be read but not believed are held back with the reason: incomplete, expired, implausible, repeated.

Rows are judged in the order of the file against what the graph holds and what was let through before, never against
the size of a batch, so that a load that was killed and run again comes to the same end. A posting in the graph beats a
new one, an earlier row a later one.
"""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from cypher import library
from cypher.graph import Graph
from etl import quarantine, signatures
from etl.records import Draft, Held, Outcome, Parcel
from schema.vocabulary.pay import PER_YEAR

EARLIEST = date(1990, 1, 1)
"""No posting is older."""

WINDOW = 30
"""Days between two releases within which postings may repeat one another."""

RATIO = 20.0
"""Greatest pay against least pay; above it one of them is a slip."""

LEAST, GREATEST = 1_500.0, 2_000_000.0
"""Bounds of a full year's pay in US dollars."""

# How many of a currency make a US dollar, to one digit: enough to tell a slip by a factor of ten.
_PER_DOLLAR = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD"), 1.0),
    **dict.fromkeys(("BRL", "PLN", "MYR", "ILS", "AED", "SAR", "RON"), 4.0),
    **dict.fromkeys(("CNY", "HKD", "MOP", "SEK", "NOK", "DKK"), 8.0),
    **dict.fromkeys(("MXN", "ZAR", "CZK", "TWD", "THB", "TRY", "UAH", "EGP"), 30.0),
    **dict.fromkeys(("INR", "PHP", "RUB"), 80.0),
    **dict.fromkeys(("JPY", "KES"), 150.0),
    **dict.fromkeys(("HUF",), 400.0),
    **dict.fromkeys(("KRW", "CLP", "ARS", "NGN"), 1_200.0),
    **dict.fromkeys(("COP",), 4_000.0),
    **dict.fromkeys(("IDR", "VND"), 20_000.0),
}
_PERMUTATIONS = signatures.PERMUTATIONS


def last_release(at: datetime) -> date:
    """Return the last day of release that is believed at an instant: the day after it."""
    return at.date() + timedelta(days=1)


def _hold(rule: str, reason: str, column: str = "", *, duplicate_of: str | None = None) -> Held:
    return Held(reason, rule, stage="screening", column=column, duplicate_of=duplicate_of)


def implausible_pay(posting: Mapping[str, Any]) -> str:
    """Say what is wrong with the pay of a posting, or return an empty string.

    >>> implausible_pay({"salaryMin": 8000.0, "salaryMax": 12000.0, "salaryCurrency": "CNY", "salaryPeriod": "month"})
    ''
    """
    low, high = posting.get("salaryMin"), posting.get("salaryMax")
    amounts = [amount for amount in (low, high) if amount is not None]
    if not amounts:
        return ""
    stated = " to ".join(f"{amount:,.0f}" for amount in amounts)
    if low is not None and high is not None and low > high:
        return f"pay of {stated}; expected the least amount first"
    if low and high and high > RATIO * low:
        return f"pay of {stated}; expected at most {RATIO:.0f} times the least amount"
    currency, period = posting.get("salaryCurrency"), posting.get("salaryPeriod")
    rate = _PER_DOLLAR.get(currency or "")
    if rate is None or period is None:
        return ""
    floor, ceiling = LEAST * rate, GREATEST * rate
    for amount in amounts:
        year = amount * PER_YEAR[period]
        if not floor <= year <= ceiling:
            return (
                f"pay of {stated} {currency} per {period}, {year:,.0f} a year; "
                f"expected {floor:,.0f} to {ceiling:,.0f} {currency} a year"
            )
    return ""


def implausible_dates(released: date, closes: date | None, *, at: datetime) -> str:
    """Say what is wrong with the dates of a posting, or return an empty string."""
    if released > last_release(at):
        return f"released on {released}; expected no later than {last_release(at)}, the day after the load"
    if released < EARLIEST:
        return f"released on {released}; expected {EARLIEST} or later"
    if closes is not None and closes < released:
        return f"closes on {closes}, before its release on {released}; expected the release first"
    return ""


@dataclass
class _Block:
    """Open postings of one employer in one place."""

    codes: list[str] = field(default_factory=list)
    days: "array[int]" = field(default_factory=lambda: array("i"))
    values: bytearray = field(default_factory=bytearray)


class Open:
    """The open postings of one source by signature.

    Arguments:
        threshold: least estimated Jaccard similarity of a near-duplicate.
    """

    def __init__(self, threshold: float) -> None:
        self._least = threshold * _PERMUTATIONS
        self._blocks: dict[bytes, _Block] = {}
        self._exact: dict[bytes, str | list[str]] = {}
        self._places: dict[str, tuple[bytes, _Block | None, int]] = {}

    def add(self, code: str, packed: bytes) -> None:
        """Take up a posting, in the place of its older version where there is one."""
        signature = signatures.unpack(packed)
        self._forget(code)
        copies = self._copies(signature.exact)
        self._exact[signature.exact] = [*copies, code] if copies else code
        if not signature.values:
            self._places[code] = signature.exact, None, 0
            return
        block = self._blocks.setdefault(signature.block, _Block())
        self._places[code] = signature.exact, block, len(block.codes)
        block.codes.append(code)
        block.days.append(signature.day)
        block.values += signature.values

    def _copies(self, exact: bytes) -> list[str]:
        """Return the codes of all with one content; nearly always there is one, which is kept without a list."""
        held = self._exact.get(exact, [])
        return [held] if isinstance(held, str) else held

    def _forget(self, code: str) -> None:
        if code not in self._places:
            return
        exact, block, place = self._places.pop(code)
        self._exact[exact] = [each for each in self._copies(exact) if each != code]
        if block is not None:
            block.codes[place] = ""

    def repeated(self, code: str, packed: bytes) -> list[tuple[str, float]]:
        """Return what a posting repeats, the first released first: codes, and how much of the text is the same."""
        signature = signatures.unpack(packed)
        if copies := [each for each in self._copies(signature.exact) if each != code]:
            return [(each, 1.0) for each in sorted(copies)]
        block = self._blocks.get(signature.block)
        if block is None or not signature.values:
            return []
        own = np.frombuffer(signature.values, dtype="<u4")
        # No view of the values may live on, or they could not grow.
        same = (np.frombuffer(block.values, dtype="<u4").reshape(-1, _PERMUTATIONS) == own).sum(axis=1)
        found = [
            (block.days[place], block.codes[place], int(same[place]) / _PERMUTATIONS)
            for place in np.flatnonzero(same >= self._least).tolist()
            if block.codes[place] not in ("", code) and abs(block.days[place] - signature.day) <= WINDOW
        ]
        return [(other, share) for _, other, share in sorted(found)]


class Screening:
    """Judges postings one after the other; see the module.

    Arguments:
        graph: read once, when the first posting comes.
        source: only its own postings are compared.
        at: the instant of the load.
        threshold: least estimated Jaccard similarity of a near-duplicate.
        hold_expired: hold back what closed before the instant of the load.
        title: title of the pass, under which rows were released.
        columns: field -> what the file calls it.
        in_file: gives the codes of the whole file where the file is all that the source has, else None: a posting
            that is in the graph but no longer in the file is about to be closed, and stands in nobody's way.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        source: str,
        at: datetime,
        threshold: float,
        hold_expired: bool,
        title: str,
        columns: Mapping[str, str],
        in_file: Callable[[], frozenset[str]] | None = None,
    ) -> None:
        self._graph = graph
        self._source = source
        self._at = at
        self._open = Open(threshold)
        self._hold_expired = hold_expired
        self._title = title
        self._columns = columns
        self._in_file = in_file
        self._known: set[str] = set()
        self._file: frozenset[str] | None = None
        self._released: set[str] = set()
        self._ready = False

    def __call__(self, draft: Draft, outcome: Outcome) -> Outcome:
        """Return the outcome, or why it is held back."""
        if not isinstance(outcome, Parcel):
            return outcome
        if not self._ready:
            self._read()
        if outcome.code not in self._released and (held := self._judge(outcome)) is not None:
            return held
        # The draft's key is the same text as the code, and is kept for the whole load anyway.
        self._open.add(draft.key, outcome.properties["signature"])
        return outcome

    def _read(self) -> None:
        query = library.query("ingest/open-postings")
        for record in self._graph.stream(query, source=self._source):
            for code, signature in zip(record["codes"], record["signatures"], strict=True):
                self._known.add(code)
                self._open.add(code, signature)
        held = quarantine.known(self._graph, self._source, title=self._title)
        self._released = {key for key, (_, released) in held.items() if released}
        self._ready = True

    def _judge(self, parcel: Parcel) -> Held | None:
        posting = parcel.properties
        if not posting.get("name"):
            return _hold("incomplete", "no title", self._columns["title"])
        asks = any(edge.type == "REQUIRES" for edge in parcel.edges)
        if not asks and not posting.get("responsibilities") and not posting.get("requirements"):
            return _hold("incomplete", "neither text nor skills", self._columns["responsibilities"])
        released, closes = posting["releasedOn"], posting.get("closesOn")
        if reason := implausible_dates(released, closes, at=self._at):
            return _hold("dates", reason, self._columns["released_on"])
        if self._hold_expired and closes is not None and closes < self._at.date():
            return _hold("expired", f"closed on {closes}, before {self._at.date()}", self._columns["closes_on"])
        if reason := implausible_pay(posting):
            return _hold("pay", reason, self._columns["salary"])
        return self._repeated(parcel)

    def _repeated(self, parcel: Parcel) -> Held | None:
        for other, share in self._open.repeated(parcel.code, parcel.properties["signature"]):
            if self._leaving(other):
                continue
            reason = f"{share:.0%} of its text is that of {other}" if share < 1 else f"a copy of {other}"
            return _hold("duplicate", reason, duplicate_of=other)
        return None

    def _leaving(self, code: str) -> bool:
        if self._in_file is None or code not in self._known:
            return False
        if self._file is None:
            self._file = self._in_file()
        return code not in self._file
