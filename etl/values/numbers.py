"""Numbers in cells: plain numbers, Chinese numerals, and how many people are wanted."""

import re
from dataclasses import dataclass
from functools import lru_cache

from etl.values.writing import plain, refusal

NUMERAL = r"[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*"
_DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HUNDREDS = {"万": 10_000, "亿": 100_000_000}

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[, ']\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
_HEADCOUNT = re.compile(
    rf"(?:about|approx\.?|around|约|招聘?|共|hiring|up to)?\s*(?P<low>\d{{1,6}}|{NUMERAL})\s*(?:人|名|位|个)?"
    rf"(?:\s*(?:-|~|至|到|to)\s*(?P<high>\d{{1,6}}|{NUMERAL}))?\s*"
    r"(?P<open>\+|以上|多)?\s*(?:人|名|位|个|people|persons?|positions?|openings?|vacanc(?:y|ies)|hires?|staff|headcount|posts?)?"
    r"\s*(?P<over>\+|以上|or more|左右)?",
    re.ASCII,
)
_UNSTATED = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "若干",
        "若干人",
        "若干名",
        "不限",
        "多名",
        "多人",
        "数名",
        "several",
        "many",
        "multiple",
        "few",
        "n/a",
        "na",
        "none",
    }
    | {"unknown", "a few", "some", "various", "open", "null", "nan", "tbd", "待定", "无", "未知"}
)


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people a posting asks for.

    Arguments:
        low: at least so many, 0 or more.
        high: at most so many, or None where the posting leaves it open; never less than ``low``.
    """

    low: int
    high: int | None


def numeral(text: str) -> int | None:
    """Read a Chinese numeral, or give None where it is not one.

    Arguments:
        text: such as 三, 十二, 两百五十, 一万二 (that is 12,000), 二〇二四.

    Result: 0 or more.

    >>> numeral("三千五百"), numeral("一万二"), numeral("二〇二四")
    (3500, 12000, 2024)
    """
    if not text:
        return None
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    whole = part = digit = 0
    last = 1
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            # After 零 the digit counts ones: 一万零二 is 10,002, and 一万二 is 12,000.
            last = 1 if digit == 0 else last
        elif sign in _TENS:
            part += (digit or 1) * _TENS[sign]
            digit, last = 0, _TENS[sign]
        elif sign in _HUNDREDS:
            times = _HUNDREDS[sign]
            whole = (whole + part + digit) * times if sign == "亿" else whole + (part + digit) * times
            part, digit, last = 0, 0, times
        else:
            return None
    return whole + part + digit * (last // 10 or 1)


@lru_cache(maxsize=65536)
def _number(text: str) -> float:
    written = plain(text)
    share = written.endswith("%")
    body = written.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(body):
        raise refusal("number", text, "digits such as '3', '3.5', '1,200' or '85%'", reason="is not a number")
    value = float(re.sub("[, ']", "", body))
    return value / 100 if share else value


def parse_number(text: str, *, low: float | None = None, high: float | None = None) -> float | None:
    """Read a plain number.

    Arguments:
        text: digits with an optional decimal point, thousands parted by a comma, space or apostrophe; ``85%`` is 0.85.
        low: smallest value allowed, or None.
        high: largest value allowed, or None.

    Result: the number, or None where the cell is empty.
    Errors: InputError where the text is no number or out of bounds.

    >>> parse_number("1,200.5"), parse_number("85%"), parse_number(" ")
    (1200.5, 0.85, None)
    """
    if not text or text.isspace():
        return None
    value = _number(text)
    if not abs(value) < 1e300 or (low is not None and value < low) or (high is not None and value > high):
        bounds = f"{'any' if low is None else f'{low:g}'} to {'any' if high is None else f'{high:g}'}"
        raise refusal("number", text, bounds, reason="is out of bounds")
    return value


def parse_integer(text: str, *, low: int | None = None, high: int | None = None) -> int | None:
    """Read a whole number; as `parse_number`, and ``3.5`` is refused while ``3.0`` is 3.

    >>> parse_integer("2,024")
    2024
    """
    value = parse_number(text, low=low, high=high)
    if value is None:
        return None
    if not value.is_integer():
        raise refusal("number", text, "a whole number", reason="is not whole")
    return int(value)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else numeral(text) or 0


@lru_cache(maxsize=65536)
def parse_headcount(text: str) -> Headcount | None:
    """Read how many people are wanted.

    Arguments:
        text: such as ``3``, ``3人``, ``5-10 people``, ``三名``, ``10人以上``, ``若干``.

    Result: the bounds, or None where the text states no number (empty, 若干, several).
    Errors: InputError where it states something else, or runs from high to low.

    >>> parse_headcount("5-10 people"), parse_headcount("10人以上"), parse_headcount("若干")
    (Headcount(low=5, high=10), Headcount(low=10, high=None), None)
    """
    written = plain(text)
    if written in _UNSTATED:
        return None
    found = _HEADCOUNT.fullmatch(written.removesuffix(".0"))
    expected = "'<number> people' or '<low>-<high> people'"
    if not found:
        raise refusal("headcount", text, expected, reason="is not a number of people")
    low = _count(found["low"])
    if found["high"] is not None:
        high: int | None = _count(found["high"])
    else:
        more = found["open"] or (found["over"] not in (None, "左右") and found["over"])
        high = None if more else low
    if high is not None and high < low:
        raise refusal("headcount", text, expected, reason="runs from high to low")
    return Headcount(low, high)
