"""Places, education, industries and numbers: texts that sources write, and any text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.values import (
    Headcount,
    industry,
    isced,
    numeral,
    parse_headcount,
    parse_integer,
    parse_number,
    place,
    region,
    region_code,
)
from schema.errors import InputError
from schema.vocabulary.education import LEVELS
from schema.vocabulary.industries import INDUSTRIES
from schema.vocabulary.regions import LINES, REGIONS

PLACES = {
    "北京-海淀区": "CN-110000",
    "河南省平顶山市": "CN-410400",
    "广东/深圳": "CN-440300",
    "中国-上海": "CN-310000",
    "上海市浦东新区张江路": "CN-310000",
    "北京市朝阳区": "CN-110000",
    "辽宁朝阳": "CN-211300",
    "吉林省吉林市": "CN-220200",
    "吉林": "CN-220000",
    "苏州": "CN-320500",
    "Suzhou, Anhui": "CN-341300",
    "江苏省苏州市昆山市": "CN-320583",
    "内蒙古自治区呼和浩特市": "CN-150100",
    "延边朝鲜族自治州": "CN-222400",
    "海南": "CN-460000",
    "海南藏族自治州": "CN-632500",
    "410400": "CN-410400",
    "us-ca": "US-CA",
    "Shanghai, China": "CN-310000",
    "Xi'an": "CN-610100",
    "San Francisco, CA": "US-CA-san-francisco",
    "Mountain View, CA 94043, USA": "US-CA-mountain-view",
    "Toronto, CA": "CA-toronto",
    "Springfield, CA": "US-CA",
    "Paris, TX": "US-TX",
    "Berlin, DE": "DE-berlin",
    "Atlanta, Georgia": "US-GA-atlanta",
    "Georgia": "GE",
    "London": "GB-london",
    "London, Ontario, Canada": "CA-london",
    "Birmingham, Alabama, United States": "US-AL-birmingham",
    "New York": "US-NY-new-york",
    "Washington, DC": "US-DC-washington",
    "San Jose, Costa Rica": "CR-san-jose",
    "Zürich": "CH-zurich",
    "Hong Kong, China": "HK",
    "Greater Boston Area": "US-MA-boston",
    "Beijing / Shanghai": "CN-110000",
}


@pytest.mark.parametrize(("text", "code"), PLACES.items())
def test_places(text: str, code: str) -> None:
    """A namesake chosen against its province, a district taken for a city, or a lost city would show here."""
    assert region_code(text) == code


@pytest.mark.parametrize("text", ["", "Multiple Locations", "朝阳区", "work in office and at home", "???"])
def test_no_place(text: str) -> None:
    """A small word must not become a country: "in" is not India and "and" is not Andorra."""
    assert region(text) is None


def test_remote() -> None:
    """Remote work has no region unless one is named, and hybrid work is not remote."""
    assert (place("Remote").region, place("Remote").remote) == (None, True)
    assert (region_code("Remote in Texas"), place("Remote in Texas").remote) == ("US-TX", True)
    assert place("远程办公").remote and not place("Hybrid - London").remote and not place("北京").remote


@settings(deadline=None)
@example("CN-513200")
@given(st.sampled_from(sorted(REGIONS)))
def test_every_region_is_found_by_its_whole_path(code: str) -> None:
    """Each region named with all that it is part of is found in either language; a namesake inside it may be meant."""
    line = [REGIONS[each] for each in LINES[code]]
    assert region_code(code) == code
    for text in (", ".join(each.name for each in line), "/".join(each.zh for each in reversed(line))):
        found = region(text)
        assert found is not None and LINES[found.code][-1] == LINES[code][-1], text
        assert found.code == code or found.name == REGIONS[code].name, text


EDUCATION = {
    "本科及以上": 6,
    "统招本科": 6,
    "博士": 8,
    "博士研究生": 8,
    "硕士": 7,
    "研究生": 7,
    "硕士及以上学历": 7,
    "大专": 5,
    "大专以上": 5,
    "高中": 3,
    "中专/高中": 3,
    "初中": 2,
    "小学": 1,
    "不限": 0,
    "学历不限": 0,
    "大学": 6,
    "Bachelor's degree": 6,
    "Bachelor’s or Master’s degree": 6,
    "BSc": 6,
    "B.S. in CS": 6,
    "Master": 7,
    "MBA preferred": 7,
    "PhD": 8,
    "PhD degree required": 8,
    "Ph.D.": 8,
    "associate degree": 5,
    "High School Diploma or equivalent": 3,
    "no degree required": 0,
    "University degree": 6,
    "ISCED 5": 5,
    "3": 3,
}


@pytest.mark.parametrize(("text", "level"), EDUCATION.items())
def test_education(text: str, level: int) -> None:
    """The lowest level that is named counts, and a longer word wins over one inside it."""
    assert isced(text) == level


def test_education_refuses_and_passes_over() -> None:
    """An unknown word is not "no requirement", and an empty cell is not an error."""
    assert isced("") is None
    with pytest.raises(InputError, match="names no level"):
        isced("three years of Java")


@settings(deadline=None)
@given(st.sampled_from(LEVELS))
def test_every_word_of_a_level(level) -> None:  # type: ignore[no-untyped-def]
    """A word that another level's shorter word covers would give that other level."""
    for word in (level.name, level.zh, *level.en, *level.more_zh):
        assert isced(word) == level.level, word


INDUSTRY = {
    "互联网": "J63",
    "移动互联网": "J63",
    "计算机软件": "J62",
    "Information technology": "J62",
    "Software & Services": "J62",
    "IT": "J62",
    "金融": "K",
    "银行": "K64",
    "教育培训": "P",
    "房地产": "L",
    "制造业": "C",
    "Health care": "Q",
    "Hospital & Health Care": "Q86",
    "Oil & Gas": "B06",
    "互联网/电子商务": "J63",
    "汽车·新能源": "C29",
    "C29": "C29",
    "J6201": "J62",
    "j": "J",
    "Modern Banking Group": "K64",
}


@pytest.mark.parametrize(("text", "code"), INDUSTRY.items())
def test_industries(text: str, code: str) -> None:
    """A short name found inside another word, or a board's name without an entry, would show here."""
    found = industry(text)
    assert found is not None and found.code == code


def test_unknown_industries() -> None:
    """A division in the wrong section is no code; batteries are not the arts."""
    assert [industry(text) for text in ("", "外太空", "batteries", "A62", "Q99")] == [None] * 5


@settings(deadline=None)
@given(st.sampled_from(sorted(INDUSTRIES)))
def test_every_industry_by_name_and_code(code: str) -> None:
    """Each section and division is found by code and names; a name of both means the section."""
    entry = INDUSTRIES[code]
    named = INDUSTRIES[entry.section] if INDUSTRIES[entry.section].name == entry.name else entry
    assert [industry(text) for text in (entry.code, entry.zh)] == [entry] * 2
    assert [industry(text) for text in (entry.name, entry.name.upper())] == [named] * 2


def _spoken(number: int) -> str:
    """Write a number below 100,000,000 in Chinese, digit by digit, as a naive second way."""
    digits, parts = "零一二三四五六七八九", []
    for group, unit in ((number // 10_000, "万"), (number % 10_000, "")):
        text, gap = "", bool(parts) and group < 1000
        for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group // power % 10
            if digit:
                text += ("零" if gap else "") + digits[digit] + name
                gap = False
            else:
                gap = gap or bool(text)
        if text:
            parts.append(text + unit)
    return "".join(parts) or "零"


@settings(deadline=None)
@given(st.integers(0, 99_999_999))
def test_numerals_come_back(number: int) -> None:
    """A lost zero or ten-thousand changes the number."""
    assert numeral(_spoken(number)) == number


def test_short_numerals() -> None:
    """After a unit the last digit counts the next lower unit."""
    known = {"十": 10, "十二": 12, "两百五": 250, "一万二": 12_000, "一万零二": 10_002, "二〇二四": 2024}
    known |= {"一亿二千万": 120_000_000}
    assert {text: numeral(text) for text in known} == known
    assert numeral("x") is None and numeral("") is None


def test_headcounts() -> None:
    """若干 is not zero, and "10+" has no upper bound."""
    assert parse_headcount("3人") == parse_headcount("3") == parse_headcount("招三名") == Headcount(3, 3)
    assert parse_headcount("5-10 people") == parse_headcount("五至十人") == Headcount(5, 10)
    assert parse_headcount("10+") == parse_headcount("10人以上") == Headcount(10, None)
    assert parse_headcount("若干") is None and parse_headcount("") is None
    for text in ("abc", "10-5", "-3", "3.5"):
        with pytest.raises(InputError):
            parse_headcount(text)


@settings(deadline=None)
@given(st.floats(0, 1e9) | st.integers(0, 10**9))
def test_numbers_come_back(value: float) -> None:
    """Parted thousands and percent signs keep the value."""
    assert parse_number(f"{value:,.4f}") == pytest.approx(value, abs=1e-4)
    assert parse_integer(f"{int(value):,}") == int(value)
    assert parse_number(f"{value:.2f}%") == pytest.approx(value / 100, abs=1e-4)


def test_numbers_out_of_bounds() -> None:
    """A score of 101 of 100 must not pass."""
    assert parse_number("100", low=0, high=100) == 100
    for text in ("101", "-1", "1e3", "ten"):
        with pytest.raises(InputError):
            parse_number(text, low=0, high=100)
    with pytest.raises(InputError, match="not whole"):
        parse_integer("3.5")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_nothing_else_is_raised(text: str) -> None:
    """Any text gives a value, None, or InputError; places and industries never raise."""
    place(text)
    industry(text)
    for parse in (isced, parse_headcount, parse_number, parse_integer):
        try:
            parse(text)
        except InputError as error:
            assert error.expected
