"""Dates: each form is rendered and read back, and nothing but InputError leaves the parser."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.values import parse_date, parse_instant
from schema.errors import InputError

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
FIFTH = date(2024, 3, 5)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FORMS = {
    "iso": lambda day: day.isoformat(),
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "points": lambda day: f"{day.year}.{day.month:02d}.{day.day:02d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "digits": lambda day: f"{day.year}{day.month:02d}{day.day:02d}",
    "english": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    "american": lambda day: f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}",
    "german": lambda day: f"{day.day:02d}.{day.month:02d}.{day.year}",
    "full-width": lambda day: f"{day.year}／{day.month}／{day.day}".translate({48 + i: 0xFF10 + i for i in range(10)}),
}
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@settings(deadline=None)
@given(days, st.sampled_from(sorted(FORMS)))
def test_dates_come_back(day: date, form: str) -> None:
    """A swapped day and month, or a form that is not read, would show here."""
    assert parse_date(FORMS[form](day)) == day


@settings(deadline=None)
@given(days)
def test_order_of_day_and_month(day: date) -> None:
    """03/05/2024 must be refused unless the order is given, and 13/05/2024 must not be."""
    first, second = f"{day.day:02d}/{day.month:02d}/{day.year}", f"{day.month:02d}/{day.day:02d}/{day.year}"
    assert parse_date(first, day_first=True) == parse_date(second, day_first=False) == day
    if day.day > 12 or day.day == day.month:
        assert parse_date(first) == parse_date(second) == day
    else:
        with pytest.raises(InputError, match="day or month first"):
            parse_date(first)


instants = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30))
zones = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@settings(deadline=None)
@given(instants, zones)
def test_instants_come_back_in_utc(naive: datetime, zone: timezone) -> None:
    """A sign of the offset that is lost, or a cut fraction, moves the instant."""
    instant = naive.replace(tzinfo=zone)
    assert parse_instant(instant.isoformat()) == instant
    assert parse_instant(str(instant)) == instant
    assert parse_instant(naive.isoformat(), zone=zone) == instant
    found = parse_instant(instant)
    assert found == instant and found.tzinfo is UTC
    assert parse_date(instant.isoformat()) == naive.date()


@settings(deadline=None)
@given(st.integers(631_152_000, 4_102_444_799))
def test_seconds_since_1970(seconds: int) -> None:
    """Seconds and milliseconds, as numbers and as digits, are one instant; eight digits are a date."""
    instant = datetime.fromtimestamp(seconds, UTC)
    for value in (seconds, str(seconds), seconds * 1000, str(seconds * 1000), float(seconds), f"{seconds}.0"):
        assert parse_instant(value) == instant
    assert parse_date(seconds, zone=CHINA) == instant.astimezone(CHINA).date()


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-05T10:30:00Z", datetime(2024, 3, 5, 10, 30, tzinfo=UTC)),
        ("20240305123000", datetime(2024, 3, 5, 12, 30, tzinfo=UTC)),
        ("2024年3月5日 下午3:05", datetime(2024, 3, 5, 15, 5, tzinfo=UTC)),
        ("2024-3-5 12:05 AM", datetime(2024, 3, 5, 0, 5, tzinfo=UTC)),
        ("Tue, 05 Mar 2024 10:00:00 GMT", datetime(2024, 3, 5, 10, tzinfo=UTC)),
        ("2024-03-05 24:00", datetime(2024, 3, 6, tzinfo=UTC)),
        ("5th of March 2024", datetime(2024, 3, 5, tzinfo=UTC)),
        ("3 days ago", NOW - timedelta(days=3)),
        ("Posted 30+ days ago", NOW - timedelta(days=30)),
        ("3天前", NOW - timedelta(days=3)),
        ("三天前", NOW - timedelta(days=3)),
        ("昨天", NOW - timedelta(days=1)),
        ("2小时前", NOW - timedelta(hours=2)),
        ("a week ago", NOW - timedelta(days=7)),
        ("1个月前", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        ("1 year ago", datetime(2023, 3, 31, 12, tzinfo=UTC)),
    ],
)
def test_other_forms(text: str, instant: datetime) -> None:
    """Noon taken for midnight, a month that is 30 days, or a relative day counted forwards."""
    assert parse_instant(text, reference=NOW) == instant


def test_zone_decides_the_day() -> None:
    """A date without a time starts at midnight of its zone, which is the day before in UTC."""
    assert parse_instant("2024-03-05", zone=CHINA) == datetime(2024, 3, 4, 16, tzinfo=UTC)
    assert parse_date("2024-03-05 23:30 -0800") == FIFTH
    assert parse_date("2024-03-05 24:00") == FIFTH
    assert parse_date(datetime(2024, 3, 5, 1, tzinfo=CHINA)) == parse_date(FIFTH) == FIFTH


@pytest.mark.parametrize("text", ["", " ", "-", "长期有效", "N/A"])
def test_nothing_stated(text: str) -> None:
    """An empty cell is no error."""
    assert parse_date(text) is None
    assert parse_instant(text) is None


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "2024-13-01", "2024", "2024-03", "soon", "0000-01-01", "2024-03-05T25:00", "2024-03-05 noon", "1"],
)
def test_no_dates(text: str) -> None:
    """A day that the calendar lacks must not be moved to another one."""
    with pytest.raises(InputError):
        parse_date(text)


def test_relative_needs_an_aware_reference() -> None:
    """Without one the day of the load would be taken, and the same file loaded later would differ."""
    with pytest.raises(InputError, match="unknown day"):
        parse_date("3 days ago")
    with pytest.raises(InputError, match="no zone"):
        parse_date("3 days ago", reference=NOW.replace(tzinfo=None))


@settings(deadline=None)
@given(
    st.text(max_size=30)
    | st.text("0123456789-/.年月日:T+Zz天前小时 agodysMr,", max_size=24)
    | st.floats()
    | st.integers(),
    st.none() | st.booleans(),
)
def test_nothing_else_is_raised(value: str | float, day_first: bool | None) -> None:
    """Any value gives an aware UTC instant, None, or InputError."""
    try:
        found = parse_instant(value, day_first=day_first, reference=NOW)
    except InputError:
        return
    assert found is None or found.tzinfo is UTC


@settings(deadline=None)
@given(days, st.sampled_from([-23, 23]))
def test_the_ends_of_time(day: date, hours: int) -> None:
    """A zone shift near the ends of what datetime holds is refused, not an OverflowError."""
    for edge in (datetime.min, datetime.max, datetime.combine(day, datetime.min.time())):
        try:
            parse_instant(edge.replace(tzinfo=timezone(timedelta(hours=hours))))
        except InputError as error:
            assert edge.year in (1, 9999), error
