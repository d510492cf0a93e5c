"""Postings that can be read but not believed are held back with the reason: incomplete, expired, implausible, repeated.

Rows are judged in the order of the file against what the graph holds and what was let through before, never against
the size of a batch, so that a load that was killed and run again comes to the same end. A posting in the graph beats a
new one, an earlier row a later one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cypher import library
from cypher.graph import Graph
from etl import quarantine
from etl.records import Draft, Held, Outcome, Parcel
from etl.register import Keys
from etl.standing import Standing
from schema.vocabulary.pay import PER_YEAR

EARLIEST = date(1990, 1, 1)
"""No posting is older."""

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
_PAGE = 20_000  # postings whose signatures are read at once


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


class Screening:
    """Judges postings one after the other; see the module.

    Arguments:
        graph: read by `prepare`.
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
        in_file: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self._graph = graph
        self._source = source
        self._at = at
        self._threshold = threshold
        self._hold_expired = hold_expired
        self._title = title
        self._columns = columns
        self._in_file = in_file
        self._file: Keys | None = None
        self._released: set[str] = set()
        self._standing: Standing | None = None

    def __call__(self, draft: Draft, outcome: Outcome) -> Outcome:
        """Return the outcome, or why it is held back."""
        if not isinstance(outcome, Parcel):
            return outcome
        assert self._standing is not None, "prepare comes first"
        if outcome.code not in self._released and (held := self._judge(outcome, self._standing)) is not None:
            return held
        self._standing.add(draft.key, outcome.properties["signature"])
        return outcome

    def prepare(self) -> None:
        """Read the open postings of the source, and which held rows were released."""
        held = quarantine.known(self._graph, self._source, title=self._title)
        self._released = {key for key, (_, released) in held.items() if released}
        self._standing = Standing(self._threshold, self._loaded())

    def _loaded(self) -> Iterator[tuple[str, bytes]]:
        query = library.query("ingest/open-postings")
        after = ""
        while True:
            (record,) = self._graph.read(query, source=self._source, after=after, most=_PAGE)
            codes = record["codes"]
            yield from zip(codes, record["signatures"], strict=True)
            if len(codes) < _PAGE:
                return
            after = codes[-1]

    def _judge(self, parcel: Parcel, standing: Standing) -> Held | None:
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
        return self._repeated(parcel, standing)

    def _repeated(self, parcel: Parcel, standing: Standing) -> Held | None:
        for other, share in standing.repeated(parcel.code, parcel.properties["signature"]):
            if standing.loaded(other) and self._leaving(other):
                continue
            reason = f"{share:.0%} of its text is that of {other}" if share < 1 else f"a copy of {other}"
            return _hold("duplicate", reason, duplicate_of=other)
        return None

    def _leaving(self, code: str) -> bool:
        """Whether a posting is no longer in a file that is all that the source has."""
        if self._in_file is None:
            return False
        if self._file is None:
            self._file = Keys(self._in_file())
        return code not in self._file
