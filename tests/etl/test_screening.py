"""The rules of screening and the signatures behind them, without a server."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.screening import implausible_dates, implausible_pay
from etl.signatures import PERMUTATIONS, Signer, shingles, unpack
from etl.standing import Standing

AT = datetime(2025, 6, 1, 12, tzinfo=UTC)
WORDS = [f"word{number}" for number in range(400)]


def sign(text: str, **changes) -> bytes:
    """The signature of a text."""
    given = {"employer": "e", "place": "p", "released": date(2025, 5, 1), "closes": None, "language": "en"}
    return Signer().sign("title", text, **{**given, **changes})


@pytest.mark.parametrize(
    ("low", "high", "currency", "period", "wrong"),
    [
        (8000, 12000, "CNY", "month", False),
        (150, 200, "CNY", "day", False),
        (1, 2, "CNY", "month", True),
        (9e6, 12e6, "CNY", "month", True),
        (60_000, 75_000, "USD", "year", False),
        (60, 75, "USD", "year", True),
        (15, None, "USD", "hour", False),
        (1500, None, "USD", "hour", True),
        (12_000, 8_000, "USD", "year", True),
        (5_000, 150_000, "USD", "year", True),
        (3_000_000, 5_000_000, "JPY", "year", False),
        (1, 2, None, "month", False),
        (1, 2, "CNY", None, False),
        (None, None, None, None, False),
        (0, 50_000, "USD", "year", True),
    ],
)
def test_pay(low, high, currency, period, wrong):
    """Catches a slip by a factor of a thousand that goes in, and ordinary pay that is held back."""
    posting = {"salaryMin": low, "salaryMax": high, "salaryCurrency": currency, "salaryPeriod": period}
    assert bool(implausible_pay(posting)) == wrong


@pytest.mark.parametrize(
    ("released", "closes", "wrong"),
    [
        (date(2025, 6, 1), None, False),
        (date(2025, 6, 2), None, False),
        (date(2025, 6, 3), None, True),
        (date(1990, 1, 1), None, False),
        (date(1989, 12, 31), None, True),
        (date(2025, 1, 1), date(2025, 1, 1), False),
        (date(2025, 1, 2), date(2025, 1, 1), True),
    ],
)
def test_dates(released, closes, wrong):
    """Catches a bound that is off by a day."""
    assert bool(implausible_dates(released, closes, at=AT)) == wrong


def test_the_signature_estimates_the_jaccard_similarity():
    """Catches permutations that depend on one another: the estimate must stay near the true share."""
    left, right = " ".join(WORDS[:300]), " ".join(WORDS[60:360])
    one, two = set(shingles(left, "en")[1]), set(shingles(right, "en")[1])
    truth = len(one & two) / len(one | two)
    signatures = [unpack(sign(text)).values for text in (left, right)]
    pairs = zip(*(memoryview(each).cast("I") for each in signatures), strict=True)
    assert sum(a == b for a, b in pairs) / PERMUTATIONS == pytest.approx(truth, abs=0.2)


def test_a_signature_is_the_same_in_every_process_and_version():
    """Catches a change of hash or permutation, after which no posting in a graph would be found again."""
    values = memoryview(unpack(sign(" ".join(WORDS[:30]))).values).cast("I")
    assert list(values[:4]) == [35542632, 45990246, 530974676, 73523159]


def test_near_duplicates_need_the_same_block_window_and_text():
    """Catches a comparison across employers, places or months, and one that misses a changed word."""
    standing = Standing(0.9)
    text = " ".join(WORDS[:200])
    standing.add("a", sign(text))
    assert [code for code, _ in standing.repeated("b", sign(f"{text} more"))] == ["a"]
    assert standing.repeated("a", sign(f"{text} more")) == []
    assert standing.repeated("b", sign(text, employer="other")) == []
    assert standing.repeated("b", sign(text, place="other")) == []
    assert standing.repeated("b", sign(text, released=date(2025, 5, 31))) != []
    assert standing.repeated("b", sign(text, released=date(2025, 6, 1))) == []
    assert standing.repeated("b", sign(" ".join(WORDS[100:300]))) == []


def test_short_texts_are_compared_as_a_whole():
    """Catches two short postings that are called the same because they share their few words."""
    standing = Standing(0.9)
    standing.add("a", sign("Teach mathematics to children."))
    assert unpack(sign("Teach mathematics to children.")).values == b""
    assert standing.repeated("b", sign("Teach Mathematics  to children.")) == [("a", 1.0)]
    assert standing.repeated("b", sign("Teach mathematics to the children.")) == []


def test_a_changed_posting_stands_for_itself_only():
    """Catches an old version that still holds others back."""
    standing = Standing(0.9)
    old, new = " ".join(WORDS[:100]), " ".join(WORDS[200:300])
    standing.add("a", sign(old))
    standing.add("a", sign(new))
    assert standing.repeated("b", sign(old)) == []
    assert standing.repeated("b", sign(new)) == [("a", 1.0)]


def test_of_several_the_first_released_is_named():
    """Catches an answer that depends on the order in which postings were taken up."""
    text = " ".join(WORDS[:100])
    early, late = sign(text, released=date(2025, 4, 20)), sign(f"{text} x", released=date(2025, 4, 25))
    for order in ((("z", early), ("a", late)), (("a", late), ("z", early))):
        standing = Standing(0.8)
        for code, signature in order:
            standing.add(code, signature)
        assert [code for code, _ in standing.repeated("b", sign(f"{text} y"))] == ["z", "a"]


@given(st.text(max_size=300), st.sampled_from(["en", "zh"]))
def test_every_text_can_be_signed(text, language):
    """Catches a text that breaks a load, and an unstable signature."""
    signature = sign(text, language=language)
    assert signature == sign(text, language=language)
    assert len(unpack(signature).values) in (0, 4 * PERMUTATIONS)
