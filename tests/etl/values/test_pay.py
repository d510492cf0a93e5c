"""Pay: each form is rendered and read back, and nothing but InputError leaves the parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.values import LANGUAGE_DEFAULTS, Pay, annual, parse_pay
from schema.errors import InputError
from schema.vocabulary.pay import CURRENCIES, PER_YEAR, PERIODS

DAY, MONTH, YEAR, HOUR = "day", "month", "year", "hour"

WRITTEN = {
    "8k-12k": Pay(8000, 12000, None, None),
    "８Ｋ－１２Ｋ": Pay(8000, 12000, None, None),
    "8-12K·13薪": Pay(8000, 12000, None, MONTH, 13),
    "15-25K*14薪": Pay(15000, 25000, None, MONTH, 14),
    "0.8-1.2万/月": Pay(8000, 12000, None, MONTH),
    "8000-1.2万": Pay(8000, 12000, None, None),
    "10-15万/年": Pay(100_000, 150_000, None, YEAR),
    "年薪15-20万": Pay(150_000, 200_000, None, YEAR),
    "月薪：5千-8千": Pay(5000, 8000, None, MONTH),
    "1-2w": Pay(10_000, 20_000, None, None),
    "八千到一万": Pay(8000, 10_000, None, None),
    "200元/天": Pay(200, 200, "CNY", DAY),
    "200元一天": Pay(200, 200, "CNY", DAY),
    "¥5000元/月": Pay(5000, 5000, "CNY", MONTH),
    "6000-8000元/月 五险一金": Pay(6000, 8000, "CNY", MONTH),
    "3000以上": Pay(3000, None, None, None),
    "10万以下": Pay(None, 100_000, None, None),
    "$60,000 - 75,000 a year": Pay(60_000, 75_000, "USD", YEAR),
    "$85,000.00 – $120,000.00 per year": Pay(85_000, 120_000, "USD", YEAR),
    "£30k per annum": Pay(30_000, 30_000, "GBP", YEAR),
    "£25,000 - £30,000 p.a. plus benefits": Pay(25_000, 30_000, "GBP", YEAR),
    "15-20 USD/hour": Pay(15, 20, "USD", HOUR),
    "salary: $20.50 / hr DOE": Pay(20.5, 20.5, "USD", HOUR),
    "up to $50k": Pay(None, 50_000, "USD", None),
    "from 5000": Pay(5000, None, None, None),
    "from 5000 to 6000": Pay(5000, 6000, None, None),
    "$60k+": Pay(60_000, None, "USD", None),
    "€2.500,00 monthly": Pay(2500, 2500, "EUR", MONTH),
    "€2.500": Pay(2500, 2500, "EUR", None),
    "$2.500": Pay(2.5, 2.5, "USD", None),
    "CHF 95'000": Pay(95_000, 95_000, "CHF", None),
    "Rs. 4,00,000 p.a.": Pay(400_000, 400_000, "INR", YEAR),
    "60 000 PLN": Pay(60_000, 60_000, "PLN", None),
    "$80k CAD": Pay(80_000, 80_000, "CAD", None),
    "60000-75000": Pay(60_000, 75_000, None, None),
    "500-1k": Pay(500, 1000, None, None),
    "0.07万": Pay(700, 700, None, None),
}
UNSTATED = ["", "  ", "面议", "薪资面议", "negotiable", "Competitive", "Competitive salary", "-", "N/A", "待遇面议"]
REFUSED = [
    "ca. 3000",
    "12k-8k",
    "-5000",
    "3000-",
    "100 EUR 200 USD",
    "8k 9k",
    "$",
    "PA",
    "30薪",
    "8k·99薪",
    "5000 EUR or $",
    "$1/day/year",
]


@pytest.mark.parametrize(("text", "pay"), WRITTEN.items())
def test_usual_forms(text: str, pay: Pay) -> None:
    """A multiplier that is not shared, a mark read as decimals, or a lost bound would show here."""
    assert parse_pay(text) == pay


@pytest.mark.parametrize("text", UNSTATED)
def test_unstated_pay_is_none(text: str) -> None:
    """Reading "negotiable" as zero, or refusing it, would hold back half of all postings."""
    assert parse_pay(text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_not_understood_is_refused(text: str) -> None:
    """Guessing from a part of the text would put wrong amounts into the graph."""
    with pytest.raises(InputError) as caught:
        parse_pay(text)
    assert text in str(caught.value)


def test_message_says_what_was_given_and_expected() -> None:
    """The documented message must not drift."""
    with pytest.raises(InputError) as caught:
        parse_pay("ca. 3000")
    assert str(caught.value) == "pay 'ca. 3000' is not an amount; expected '<number> <currency> per <period>'"


def test_defaults_fill_only_what_is_missing() -> None:
    """A default that overrides the text would turn dollars into yuan; one that is ignored leaves them unknown."""
    currency, period = LANGUAGE_DEFAULTS["zh"]
    assert parse_pay("8k-12k", default_currency=currency, default_period=period) == Pay(8000, 12000, "CNY", "month")
    assert parse_pay("$8k a year", default_currency=currency, default_period=period) == Pay(8000, 8000, "USD", "year")
    assert parse_pay("$8k", default_currency="AUD") == Pay(8000, 8000, "AUD", None)
    assert parse_pay("¥300000", default_currency="JPY") == Pay(300_000, 300_000, "JPY", None)
    assert parse_pay("300元", default_currency="TWD") == Pay(300, 300, "TWD", None)
    with pytest.raises(InputError, match="fortnight"):
        parse_pay("8k", default_period="fortnight")


def test_annual() -> None:
    """Twelve months where thirteen are paid, or an unknown period taken for a year, would spoil plausibility."""
    assert annual(Pay(8000, 12000, "CNY", "month", 13)) == Pay(104_000, 156_000, "CNY", "year")
    assert annual(Pay(None, 20, "USD", "hour")) == Pay(None, 41_600, "USD", "year")
    assert annual(Pay(1, 2, None, None)) is None


amounts = st.integers(1, 999_999)
codes = st.sampled_from([None, *sorted(CURRENCIES)])
periods = st.sampled_from([None, *PERIODS])
thousands = st.sampled_from(["", ","])


def _render(value: int, mark: str) -> str:
    return f"{value:,}".replace(",", mark)


@settings(deadline=None)
@given(
    st.tuples(amounts, amounts), codes, periods, thousands, st.sampled_from(["-", " - ", "–", " to ", "~", "至", "－"])
)
def test_ranges_come_back(pair: tuple[int, int], code: str | None, period: str | None, mark: str, link: str) -> None:
    """Any amount, currency and period written in English comes back as written."""
    low, high = sorted(pair)
    stated = f"{_render(low, mark)}{link}{_render(high, mark)}"
    text = f"{stated}{f' {code}' if code else ''}{f' per {period}' if period else ''}"
    assert parse_pay(text) == Pay(low, high, code, period)


@settings(deadline=None)
@given(
    st.tuples(st.integers(1, 999), st.integers(1, 999)),
    st.sampled_from([("k", 1e3), ("K", 1e3), ("千", 1e3), ("万", 1e4), ("w", 1e4)]),
)
def test_one_multiplier_counts_for_both(pair: tuple[int, int], multiplier: tuple[str, float]) -> None:
    """ "8-12k" is eight to twelve thousand, with tenths too, exactly."""
    sign, factor = multiplier
    low, high = sorted(pair)
    pay = parse_pay(f"{low / 10}-{high / 10}{sign}/月")
    assert pay == Pay(round(low * factor / 10), round(high * factor / 10), None, "month")
    assert parse_pay(f"{low}{sign}-{high}{sign}") == Pay(low * factor, high * factor, None, None)


@settings(deadline=None)
@given(amounts, st.sampled_from([code for code in sorted(CURRENCIES) if CURRENCIES[code].comma]), st.integers(0, 99))
def test_decimal_comma(value: int, code: str, cents: int) -> None:
    """Where a country parts thousands by points, so do we."""
    amount = float(f"{value}.{cents:02d}")
    assert parse_pay(f"{_render(value, '.')},{cents:02d} {code}") == Pay(amount, amount, code, None)


@settings(deadline=None)
@given(
    st.text(max_size=40) | st.text("0123456789,.-–~$€£¥kKw万千元/月年薪以上至 adeprmoty", max_size=24), codes, periods
)
def test_nothing_else_is_raised(text: str, code: str | None, period: str | None) -> None:
    """Any text gives pay with bounds in order, None, or InputError."""
    try:
        pay = parse_pay(text, default_currency=code, default_period=period)
    except InputError:
        return
    if pay is not None:
        assert pay.low is not None or pay.high is not None
        assert pay.low is None or pay.high is None or 0 <= pay.low <= pay.high
        assert pay.period is None or pay.period in PER_YEAR
