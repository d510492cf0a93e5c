"""Pay as postings write it, in English and Chinese, to amounts, currency and period."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from etl.values.numbers import NUMERAL, numeral
from etl.values.writing import plain, refusal
from schema.errors import InputError
from schema.vocabulary.pay import CURRENCIES, PER_YEAR, PERIOD_WORDS, PERIODS, SHARED_SIGNS, SURROUNDING_WORDS

EXPECTED = "'<number> <currency> per <period>'"

# What a posting in this language means where it names neither: (currency, period). "8k-12k" in a Chinese posting is
# yuan a month; English postings have no such habit, so nothing is assumed for them.
LANGUAGE_DEFAULTS: dict[str, tuple[str | None, str | None]] = {"zh": ("CNY", "month"), "en": (None, None)}

_LARGEST = 1e12
_MULTIPLIERS = {"k": 1e3, "千": 1e3, "万": 1e4, "w": 1e4, "萬": 1e4, "m": 1e6, "mio": 1e6, "million": 1e6}
_MULTIPLIERS |= {
    "thousand": 1e3,
    "grand": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "lpa": 1e5,
    "百万": 1e6,
    "亿": 1e8,
    "mil": 1e6,
}


@dataclass(frozen=True, slots=True)
class Pay:
    """What a posting pays, as it states it.

    Arguments:
        low: least amount per period, 0 or more; None where only an upper bound is stated.
        high: greatest amount per period, not less than ``low``; None where only a lower bound is stated.
        currency: ISO 4217 code, or None where neither text nor caller says.
        period: hour, day, week, month or year, or None where neither text nor caller says.
        months: how many monthly salaries a year has, 12 to 24 ("13薪" is 13); None where not stated.
    """

    low: float | None
    high: float | None
    currency: str | None
    period: str | None
    months: int | None = None


@dataclass(slots=True)
class _Scan:
    """The marks found in one text, before they are put together."""

    amounts: list[tuple[str, float]]
    signs: list[str]
    currencies: set[str]
    periods: set[str]
    bounds: set[str]
    months: int | None = None
    linked: bool = False
    unstated: bool = False
    trailing_link: bool = False


def _words() -> Iterator[tuple[str, str, str]]:
    """Give (spelling, kind, value); an earlier one wins over a later one."""
    for period, words in PERIOD_WORDS.items():
        yield from ((word, "period", period) for word in words)
    for sign in SHARED_SIGNS:
        yield sign, "sign", sign
    for code, currency in CURRENCIES.items():
        names = (code.lower(), currency.name.lower(), currency.zh, *currency.words)
        yield from ((word, "currency", code) for word in names)
    for kind, words in SURROUNDING_WORDS.items():
        yield from ((word, kind, word) for word in words)


def _by_first() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Group the spellings by their first sign, the longest first: faster than one pattern of 400 alternatives."""
    table: dict[str, tuple[str, str, str]] = {}
    for word, kind, value in _words():
        table.setdefault(word, (word, kind, value))
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for entry in sorted(table.values(), key=lambda each: (-len(each[0]), each[0])):
        groups.setdefault(entry[0][0], []).append(entry)
    return {first: tuple(entries) for first, entries in groups.items()}


_WORDS = _by_first()
_FACTORS = "|".join(sorted(map(re.escape, _MULTIPLIERS), key=len, reverse=True))
_NUMBER = re.compile(
    r"(?P<months>\d{2})\s*(?:个月?)?薪"
    r"|(?P<number>\d{1,3}(?:[ ,.']\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d{1,2}(?:,\d\d)+,\d{3}|\d+(?:[.,]\d+)?|"
    + NUMERAL
    + ")"
    r"(?:\s*(?P<factor>" + _FACTORS + r")(?![a-z]))?",
    re.ASCII,
)
_TIMES = re.compile(r"[x×*·@-]\s*(?=\d\d\s*(?:个月?)?薪)", re.ASCII)
_MARKS = re.compile(r"[ ,.']")


def _word(text: str, at: int) -> tuple[str, str, str] | None:
    """Find the longest known word at a place; one that ends in a letter must end there."""
    for entry in _WORDS.get(text[at], ()):
        word = entry[0]
        if text.startswith(word, at):
            end = at + len(word)
            if not ("a" <= word[-1] <= "z" and end < len(text) and "a" <= text[end] <= "z"):
                return entry
    return None


def _scan(text: str) -> _Scan | None:
    """Take a text apart, or give None where something in it is not understood."""
    scan = _Scan([], [], set(), set(), set())
    at, end = 0, len(text)
    while at < end:
        sign = text[at]
        if sign == " " or (sign == "." and not text[at + 1 : at + 2].isdigit()):
            at += 1
        elif sign in "x×*·@-" and (times := _TIMES.match(text, at)):
            at = times.end()
        elif entry := _word(text, at):
            if not _take(scan, *entry):
                return None
            at += len(entry[0])
        elif found := _NUMBER.match(text, at):
            if not _take_number(scan, found):
                return None
            at = found.end()
        else:
            return None
    scan.trailing_link = scan.linked and text[-1] in "-~"
    return scan


def _take(scan: _Scan, word: str, kind: str, value: str) -> bool:
    """Note a word; False where it cannot stand there."""
    if kind == "link":
        scan.linked = True
        return bool(scan.amounts) or not word.startswith("-")  # a dash before the first number is a minus sign
    if kind == "period":
        scan.periods.add(value)
    elif kind == "currency":
        scan.currencies.add(value)
    elif kind == "sign":
        scan.signs.append(value)
    elif kind == "unstated":
        scan.unstated = True
    elif kind != "noise":
        scan.bounds.add(kind)
    return True


def _take_number(scan: _Scan, found: re.Match[str]) -> bool:
    """Note a number; False where it follows another one without a link between them."""
    if found["months"]:
        scan.months = int(found["months"])
        return True
    if scan.amounts and not scan.linked:
        return False
    scan.amounts.append((found["number"], _MULTIPLIERS[found["factor"]] if found["factor"] else 0.0))
    scan.linked = False
    return True


def _amount(written: str, comma: bool, scaled: bool) -> float:
    """Read digits whose marks part thousands or start the decimals; see `Currency.comma`."""
    marks = _MARKS.findall(written)
    if not marks:
        return float(written) if written[0].isascii() else float(numeral(written) or 0)
    head, last, tail = written.rpartition(marks[-1])
    if len(set(marks)) > 1:
        decimal = marks.count(last) == 1
    elif len(marks) > 1 or last in " '":
        decimal = False
    elif len(tail) != 3 or head == "0":
        decimal = True
    else:
        decimal = last == "." and (scaled or not comma)
    whole = _MARKS.sub("", head)
    return float(f"{whole}.{tail}") if decimal else float(whole + tail)


def _currency(scan: _Scan, default: str | None) -> str | None:
    """Settle the currency, or raise LookupError where the signs contradict one another."""
    possible: list[str] | None = None
    for sign in scan.signs:
        family = SHARED_SIGNS[sign]
        possible = list(family) if possible is None else [code for code in possible if code in family]
    if len(scan.currencies) > 1 or possible == []:
        raise LookupError
    if scan.currencies:
        (code,) = scan.currencies
        if possible is not None and code not in possible:
            raise LookupError
        return code
    if possible is None or default in possible:
        return default
    return possible[0]


def _bounds(scan: _Scan, comma: bool) -> tuple[float | None, float | None]:
    """Give the amounts; a multiplier written once ("8-12k") counts for both where they then rise."""
    # No posting has more than eight decimals; rounding to them makes 0.07 x 10,000 be 700 again.
    raw = [_amount(written, comma, factor > 0) for written, factor in scan.amounts]
    factors = [factor or 1.0 for _, factor in scan.amounts]
    if len(raw) == 1:
        value = round(raw[0] * factors[0], 8)
        if scan.bounds == {"upper"}:
            return None, value
        return value, (None if scan.bounds == {"lower"} else value)
    (low, high), (first, second) = raw, (scan.amounts[0][1], scan.amounts[1][1])
    if (not first and second and low <= high) or (first and not second and high < low * first):
        factors = [first or second] * 2
    return round(low * factors[0], 8), round(high * factors[1], 8)


@lru_cache(maxsize=131072)
def _parsed(text: str, default_currency: str | None, default_period: str | None) -> Pay | None:
    written = plain(text)
    if not written or written in ("-", "--", "/"):
        return None
    scan = _scan(written.replace(" /", "/").replace("/ ", "/"))
    if scan is None or len(scan.amounts) > 2 or scan.trailing_link or (not scan.amounts and not scan.unstated):
        raise refusal("pay", text, EXPECTED, reason="is not an amount")
    if not scan.amounts:
        return None
    try:
        currency = _currency(scan, default_currency)
    except LookupError:
        raise refusal("pay", text, EXPECTED, reason="names more than one currency") from None
    if len(scan.periods) > 1:
        raise refusal("pay", text, EXPECTED, reason="names more than one period")
    if scan.months is not None and not 12 <= scan.months <= 24:
        raise refusal("pay", text, "12 to 24 monthly salaries a year", reason=f"has {scan.months} salaries a year")
    period = next(iter(scan.periods), "month" if scan.months else default_period)
    low, high = _bounds(scan, currency is not None and currency in CURRENCIES and CURRENCIES[currency].comma)
    if low is not None and high is not None and low > high:
        raise refusal("pay", text, EXPECTED, reason="runs from high to low")
    if max(low or 0.0, high or 0.0) > _LARGEST:
        raise refusal("pay", text, f"at most {_LARGEST:.0e}", reason="is out of bounds")
    return Pay(low, high, currency, period, scan.months)


def parse_pay(text: str, *, default_currency: str | None = None, default_period: str | None = None) -> Pay | None:
    """Read what a posting pays.

    Postings in Chinese leave out what they take for granted: give them ``LANGUAGE_DEFAULTS["zh"]``, yuan a month.

    Arguments:
        text: such as ``8k-12k``, ``0.8-1.2万/月``, ``$60,000 - 75,000 a year``, ``up to £50k``, ``3000以上``.
        default_currency: ISO 4217 code taken where the text names none; it also settles what ``$``, ``¥`` and ``元``
            mean (without it US dollars, yuan and yuan).
        default_period: hour, day, week, month or year, taken where the text names none.

    Result: the pay; None where the text states no amount (empty, negotiable, competitive, 面议).
    Errors: InputError where the text is not understood as a whole, runs from high to low, or contradicts itself.

    >>> parse_pay("8-12K·13薪", default_currency="CNY")
    Pay(low=8000.0, high=12000.0, currency='CNY', period='month', months=13)
    >>> parse_pay("$60,000 - 75,000 a year")
    Pay(low=60000.0, high=75000.0, currency='USD', period='year', months=None)
    >>> parse_pay("面议") is None
    True
    """
    if default_period is not None and default_period not in PERIODS:
        raise InputError(f"pay period '{default_period}' is unknown", ", ".join(PERIODS))
    return _parsed(text, default_currency, default_period)


def annual(pay: Pay) -> Pay | None:
    """Give the pay of a full-time year (2,080 hours, 260 days, 52 weeks, 12 or the stated number of months).

    It serves to tell whether pay is plausible, and to compare; taxes and bonuses are left aside.

    Result: pay with period ``year``, or None where the period is not known.

    >>> annual(Pay(10.0, 20.0, "USD", "hour"))
    Pay(low=20800.0, high=41600.0, currency='USD', period='year', months=None)
    """
    if pay.period is None:
        return None
    times = float(pay.months) if pay.months and pay.period == "month" else PER_YEAR[pay.period]
    low = None if pay.low is None else pay.low * times
    high = None if pay.high is None else pay.high * times
    return Pay(low, high, pay.currency, "year")
