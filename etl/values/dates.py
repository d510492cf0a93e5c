"""Dates and instants as sources write them, in English and Chinese; instants come out in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from etl.values.numbers import NUMERAL, numeral
from etl.values.writing import plain, refusal
from schema.errors import InputError

EXPECTED = "a date such as '2024-03-05', '2024年3月5日' or '5 March 2024'"

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_UNSTATED = frozenset(
    {
        "",
        "-",
        "--",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "nat",
        "unknown",
        "tbd",
        "ongoing",
        "长期",
        "长期有效",
        "不限",
        "无",
        "未知",
        "待定",
    }
)
# Years that a posting, a student or a course can have; epoch numbers outside them are taken for something else.
_FIRST, _LAST = 1900, 2200
_EPOCH_LOW, _EPOCH_HIGH = 631_152_000, 4_102_444_800  # 1990 to 2100, in seconds

_NAME = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?(?:"
    r"(?P<y1>\d{4})(?P<s1>[-/.]) ?(?P<m1>\d{1,2})(?P=s1) ?(?P<d1>\d{1,2})"
    r"|(?P<y2>\d{4}) ?年 ?(?P<m2>\d{1,2}) ?月 ?(?P<d2>\d{1,2}) ?[日号]?"
    r"|(?P<y3>\d{4})(?P<m3>\d\d)(?P<d3>\d\d)"
    rf"|(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[ -]?(?:of )?{_NAME.format('m4')},?[ -]?(?P<y4>\d{{4}})"
    rf"|{_NAME.format('m5')} ?(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>\d{{4}})"
    r"|(?P<a>\d{1,2})(?P<s6>[-/.]) ?(?P<b>\d{1,2})(?P=s6) ?(?P<y6>\d{4})"
    r")(?:(?:[ t,]|, | at )(?P<time>[^ ].*)|(?P<joined>(?:\d{4}|\d{6}|[上下早晚中凌].+)))?",
    re.ASCII,
)
_TIME = re.compile(
    r"(?P<half0>上午|下午|晚上|早上|中午|凌晨)? ?"
    r"(?:(?P<h>\d{1,2})[:时点](?P<m>\d\d)?[:分]?(?:(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?秒?)?|(?P<compact>\d{4}|\d{6}))"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?"
    r"(?: ?(?P<zone>z|utc|gmt|(?:utc|gmt)?(?P<sign>[+-])(?P<zh>\d\d?):?(?P<zm>\d\d)?))?(?: \([a-z ]+\))?",
    re.ASCII,
)
_AGO = re.compile(
    r"(?:posted|active|updated|发布于|发布)?[: ]*(?:over |about )?"
    rf"(?P<n>\d{{1,4}}|an?|one|{NUMERAL}|半|数|几)\+? ?(?:个)?"
    r"(?P<unit>minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mo|years?|seconds?|secs?|s"
    r"|分钟|小时|天|日|周|星期|月|年|秒钟?)"
    r"(?:之|以)?(?: ago|前)(?:发布|更新)?",
    re.ASCII,
)
_NAMED_DAYS = {
    "today": 0,
    "just posted": 0,
    "just now": 0,
    "now": 0,
    "yesterday": 1,
    "今天": 0,
    "今日": 0,
    "刚刚": 0,
    "昨天": 1,
    "昨日": 1,
    "前天": 2,
}
_NAMED_DAYS |= {
    "posted today": 0,
    "posted yesterday": 1,
    "刚刚发布": 0,
    "今天发布": 0,
    "昨天发布": 1,
    "tomorrow": -1,
    "明天": -1,
    "当天": 0,
}
_UNIT_DAYS = {
    "d": 1.0,
    "天": 1.0,
    "日": 1.0,
    "w": 7.0,
    "周": 7.0,
    "星": 7.0,
    "h": 1 / 24,
    "小": 1 / 24,
    "分": 1 / 1440,
    "秒": 1 / 86400,
    "s": 1 / 86400,
}


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date as written, with the time and the zone where they are written too; ``late`` where the time is 24:00."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None
    late: bool = False

    def instant(self, zone: tzinfo) -> datetime:
        """Give the instant; ``zone`` counts where none is written."""
        start = datetime.combine(self.day, self.clock or time(), self.zone or zone)
        return start + timedelta(days=1) if self.late else start


def _order(first: int, second: int, mark: str, text: str, day_first: bool | None) -> tuple[int, int]:
    """Give (month, day) of two numbers in either order."""
    if day_first is None:
        if first > 12 or mark == ".":
            day_first = True
        elif second > 12 or first == second:
            day_first = False
        else:
            expected = "the year first, or the day_first option"
            raise refusal("date", text, expected, reason="may be day or month first")
    return (second, first) if day_first else (first, second)


def _clock(text: str, written: str) -> tuple[time, tzinfo | None, bool]:
    found = _TIME.fullmatch(written)
    if not found:
        raise refusal("date", text, EXPECTED, reason="has a time that cannot be read")
    if compact := found["compact"]:
        hour, minute, second = int(compact[:2]), int(compact[2:4]), int(compact[4:] or 0)
    else:
        hour, minute, second = int(found["h"]), int(found["m"] or 0), int(found["s"] or 0)
    half = (found["half"] or found["half0"] or "")[:1]
    if half and hour <= 12:
        if half in "p下晚" or (half == "中" and hour < 11):
            hour = hour % 12 + 12
        elif half in "a上早凌":
            hour %= 12
    zone: tzinfo | None = None
    if found["sign"]:
        shift = timedelta(hours=int(found["zh"]), minutes=int(found["zm"] or 0))
        zone = timezone(-shift if found["sign"] == "-" else shift)
    elif found["zone"]:
        zone = UTC
    late = (hour, minute, second) == (24, 0, 0)
    micro = int((found["f"] or "0").ljust(6, "0")[:6])
    return time(0 if late else hour, minute, second, micro), zone, late


@lru_cache(maxsize=65536)
def _moment(text: str, day_first: bool | None) -> _Moment | None:
    """Read an absolute date, or give None where the text is not of that form."""
    found = _DATE.fullmatch(plain(text))
    if not found or _epoch_text(text):
        return None
    try:
        if found["y1"]:
            day = date(int(found["y1"]), int(found["m1"]), int(found["d1"]))
        elif found["y2"]:
            day = date(int(found["y2"]), int(found["m2"]), int(found["d2"]))
        elif found["y3"]:
            day = date(int(found["y3"]), int(found["m3"]), int(found["d3"]))
        elif found["y4"]:
            day = date(int(found["y4"]), _MONTH[found["m4"][:3]], int(found["d4"]))
        elif found["y5"]:
            day = date(int(found["y5"]), _MONTH[found["m5"][:3]], int(found["d5"]))
        else:
            day = date(int(found["y6"]), *_order(int(found["a"]), int(found["b"]), found["s6"], text, day_first))
        written = found["time"] or found["joined"]
        clock, zone, late = _clock(text, written) if written else (None, None, False)
    except ValueError:
        raise refusal("date", text, EXPECTED, reason="is not in the calendar") from None
    if not _FIRST <= day.year <= _LAST:
        raise refusal("date", text, f"a year from {_FIRST} to {_LAST}", reason="is out of bounds")
    return _Moment(day, clock, zone, late)


def _back(day: date, months: int) -> date:
    """Give the same day so many months earlier, or that month's last day."""
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _relative(text: str, reference: datetime | None) -> datetime | None:
    """Read "3 days ago" and 昨天, or give None where the text is not of that form."""
    written = plain(text)
    days = _NAMED_DAYS.get(written)
    found = None if days is not None else _AGO.fullmatch(written)
    if days is None and not found:
        return None
    if reference is None:
        raise refusal("date", text, "a reference instant, or an absolute date", reason="counts from an unknown day")
    if reference.tzinfo is None:
        raise InputError(f"reference instant {reference.isoformat()} has no zone", "an aware datetime")
    if not found:
        return reference - timedelta(days=days or 0)
    number, unit = found["n"], found["unit"]
    count = (
        float(number)
        if number.isdecimal()
        else {"半": 0.5, "数": 3.0, "几": 3.0}.get(number, float(numeral(number) or 1))
    )
    try:
        if unit.startswith(("mo", "y", "月", "年")):
            months = int(count * (12 if unit[0] in "y年" else 1))
            return datetime.combine(_back(reference.date(), months), reference.timetz())
        return reference - timedelta(days=count * _UNIT_DAYS.get(unit[0], 1 / 1440))
    except (ValueError, OverflowError):
        raise refusal("date", text, EXPECTED, reason="is out of bounds") from None


def _epoch(value: float) -> datetime | None:
    """Read seconds or milliseconds since 1970, where they fall into 1990 to 2100."""
    if not abs(value) < 1e15:
        return None
    for seconds in (value, value / 1000):
        if _EPOCH_LOW <= seconds < _EPOCH_HIGH:
            return datetime.fromtimestamp(seconds, UTC)
    return None


def _epoch_text(text: str) -> datetime | None:
    digits = text.removesuffix(".0")
    return _epoch(int(digits)) if len(digits) in (9, 10, 12, 13) and digits.isascii() and digits.isdecimal() else None


def parse_instant(
    value: str | float | date, *, zone: tzinfo = UTC, day_first: bool | None = None, reference: datetime | None = None
) -> datetime | None:
    """Read an instant.

    Arguments:
        value: text in any usual form (ISO 8601, ``2024/3/5 10:30``, ``2024年3月5日``, ``20240305``, ``5 March 2024``,
            ``Tue, 05 Mar 2024 10:00:00 GMT``, ``3 days ago``, 昨天), seconds or milliseconds since 1970 that fall into
            1990 to 2100 (a number or its digits), or what a Parquet file holds (date, datetime).
        zone: zone of a value that names none; a date without a time is its first instant.
        day_first: whether ``03/05/2024`` is 3 May; without it such a date is refused, while 13/05/2024 and 05.03.2024
            are clear.
        reference: aware instant from which "3 days ago" counts.

    Result: an aware instant in UTC; None where nothing is stated.
    Errors: InputError where the value is no date, may mean two dates, or is relative without a reference.

    >>> parse_instant("2024-03-05T10:30:00+08:00").isoformat()
    '2024-03-05T02:30:00+00:00'
    """
    if isinstance(value, datetime):
        return _universal(value if value.tzinfo else value.replace(tzinfo=zone), value)
    if isinstance(value, date):
        return _universal(datetime.combine(value, time(), zone), value)
    if isinstance(value, (int, float)):
        text, found = str(value), _epoch(value)
    else:
        text = value.strip()
        moment = _moment(text, day_first)
        if moment is not None:
            return _universal(moment.instant(zone), text)
        if plain(text) in _UNSTATED:
            return None
        found = _epoch_text(text) or _relative(text, reference)
    if found is None:
        raise refusal("date", text, EXPECTED, reason="is not a date")
    return found.astimezone(UTC)


def _universal(instant: datetime, value: object) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise refusal("date", value, EXPECTED, reason="is out of bounds") from None


def parse_date(
    value: str | float | date, *, zone: tzinfo = UTC, day_first: bool | None = None, reference: datetime | None = None
) -> date | None:
    """Read a calendar date: the day as it is written, whatever its zone; else as `parse_instant`.

    Arguments:
        zone: zone whose calendar counts for seconds since 1970 and for relative dates.

    >>> parse_date("2024年3月5日"), parse_date("Mar 5, 2024 23:00 -0800")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        moment = _moment(value.strip(), day_first)
        if moment is not None:
            return moment.day
    instant = parse_instant(value, zone=zone, day_first=day_first, reference=reference)
    return None if instant is None else instant.astimezone(zone).date()
