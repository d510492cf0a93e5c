"""The code lists: complete, well formed, and without a name for two things."""

import re

from schema.vocabulary.education import LEVELS
from schema.vocabulary.industries import INDUSTRIES, NAMES, named
from schema.vocabulary.pay import CURRENCIES, PER_YEAR, PERIOD_WORDS, PERIODS, SHARED_SIGNS, SURROUNDING_WORDS
from schema.vocabulary.regions import LINES, REGIONS, folded
from schema.vocabulary.regions import NAMES as PLACES

_HAN = re.compile(r"[\u4e00-\u9fff]")


def test_education_levels() -> None:
    """A level left out, or a word of two levels, makes the reader choose by chance."""
    assert [level.level for level in LEVELS] == list(range(9))
    words = [word for level in LEVELS for word in (level.name.lower(), level.zh, *level.en, *level.more_zh)]
    assert sorted(words) == sorted(set(words))
    assert all(_HAN.search(level.zh) and level.name.isascii() for level in LEVELS)


def test_isic_is_complete() -> None:
    """ISIC Rev.4 has 21 sections and 88 divisions; a slip in the table would lose some or give them a wrong section."""
    assert "".join(sorted(code for code in INDUSTRIES if len(code) == 1)) == "ABCDEFGHIJKLMNOPQRSTU"
    divisions = {code[1:] for code in INDUSTRIES if len(code) == 3}
    assert len(divisions) == 88
    missing = {"04", "34", "40", "44", "48", "54", "57", "67", "76", "83", "89"}
    assert divisions == {f"{number:02d}" for number in range(1, 100)} - missing
    sections = "".join(code[0] for code in sorted(INDUSTRIES, key=lambda code: code[1:]) if len(code) == 3)
    assert sections == "".join(sorted(sections))
    assert all(INDUSTRIES[code].section == code[0] for code in INDUSTRIES)


def test_industry_names() -> None:
    """Every name leads back to its industry, whatever case and sign for "and" it is written with."""
    for industry in INDUSTRIES.values():
        assert _HAN.search(industry.zh), industry
        for name in (industry.name, industry.zh, *industry.aliases):
            found = NAMES[named(name.upper().replace(" AND ", " & "))]
            assert found == industry.code or INDUSTRIES[industry.section].name == name == INDUSTRIES[found].name, name


def test_regions_are_complete() -> None:
    """The counts that the standards give: ISO 3166-1, GB/T 2260 on the mainland, the states and DC."""
    levels = {
        level: [each for each in REGIONS.values() if each.level == level] for level in ("country", "province", "city")
    }
    assert len(levels["country"]) == 249
    assert len([each for each in levels["province"] if each.parent == "CN"]) == 31
    assert len([each for each in levels["province"] if each.parent == "US"]) == 51
    assert len(levels["city"]) > 600


def test_codes_of_regions() -> None:
    """A code says what a region is part of; a city under the wrong province would carry the wrong code."""
    for code, region in REGIONS.items():
        if region.level == "country":
            assert re.fullmatch(r"[A-Z]{2}", code)
        elif region.level == "province":
            assert re.fullmatch(r"CN-\d\d0000|US-[A-Z]{2}", code)
        elif code.startswith("CN-"):
            assert re.fullmatch(r"CN-\d{6}", code) and not code.endswith("0000")
            assert LINES[code][-2:] == (f"{code[:5]}0000", "CN")
        else:
            assert re.fullmatch(r"[A-Z]{2}(-[A-Z]{2})?-[a-z-]+", code) and code.startswith(f"{region.parent}-")
        assert _HAN.search(region.zh) and not _HAN.search(region.name), region
        assert LINES[code][0] == code and REGIONS[LINES[code][-1]].parent is None


def test_names_of_regions() -> None:
    """Every name leads to its region; and well-known facts hold, so that no table is shifted by a row."""
    for code, region in REGIONS.items():
        assert code in PLACES[folded(region.name)] and code in PLACES[folded(region.zh)]
    known = {
        "CN-410400": "平顶山",
        "CN-110000": "北京",
        "CN-440300": "深圳",
        "CN-650100": "乌鲁木齐",
        "DE": "德国",
        "US-TX": "得克萨斯州",
    }
    assert {code: REGIONS[code].zh for code in known} == known
    assert LINES["US-CA-los-angeles"] == ("US-CA-los-angeles", "US-CA", "US")
    assert LINES["CN-320583"] == ("CN-320583", "CN-320500", "CN-320000", "CN")
    assert LINES["HK"] == ("HK", "CN") and LINES["PR"] == ("PR", "US")


def test_pay_words() -> None:
    """A spelling with two meanings would be read by chance; a word in capitals would never match."""
    assert tuple(PERIOD_WORDS) == PERIODS == tuple(PER_YEAR)
    spellings = [word for words in PERIOD_WORDS.values() for word in words] + list(SHARED_SIGNS)
    spellings += [word for currency in CURRENCIES.values() for word in (currency.code.lower(), *currency.words)]
    spellings += [word for words in SURROUNDING_WORDS.values() for word in words]
    assert sorted(spellings) == sorted(set(spellings))
    assert all(word == word.lower().strip() and word for word in spellings)
    assert all(code in CURRENCIES for family in SHARED_SIGNS.values() for code in family)
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
