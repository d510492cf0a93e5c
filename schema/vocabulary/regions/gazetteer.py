"""All regions in one table, and the codes that a name may mean; built and checked at import."""

import unicodedata
from collections.abc import Iterator

from schema.errors import DeclarationError
from schema.vocabulary.regions.china import PROVINCES
from schema.vocabulary.regions.cities import CITIES
from schema.vocabulary.regions.countries import ALIASES, COUNTRIES, PARENTS
from schema.vocabulary.regions.region import Region, folded
from schema.vocabulary.regions.united_states import STATES

# The regions that ISO 3166-1 codes and GB/T 2260 numbers alike.
_NUMBERED_COUNTRIES = {"710000": "TW", "810000": "HK", "820000": "MO"}
_PROVINCE_TAILS = {
    "内蒙古": "自治区",
    "广西": "壮族自治区",
    "西藏": "自治区",
    "宁夏": "回族自治区",
    "新疆": "维吾尔自治区",
}
_MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})
# A prefecture that shares its short name with a province is told apart by its whole name.
_WHOLE = {"海南州": "海南藏族自治州"}
_CITY_TAILS = ("地区", "州", "盟")
# Which of several namesakes a bare name means, where it is not the first in the tables.
_USUAL = ("US-NY-new-york", "US-CA-san-jose", "US-OR-portland", "US-NY-rochester", "US-VA-arlington", "US-SC-columbia")


def _entries(table: str, mark: str = ";") -> Iterator[str]:
    return (entry for piece in table.split(mark) if (entry := " ".join(piece.split())))


def _groups(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in _entries(table):
        head, _, tail = entry.partition(":")
        yield head, tuple(_entries(tail, ","))


def _blocks(table: str) -> Iterator[tuple[str, list[str]]]:
    """Give each line at the margin with the comma-parted entries of the indented lines below it."""
    head, below = "", ""
    for line_ in table.strip().splitlines():
        if line_.startswith(" "):
            below += line_
        else:
            if head:
                yield head, list(_entries(below, ","))
            head, below = line_, ""
    yield head, list(_entries(below, ","))


def _countries() -> Iterator[Region]:
    aliases = dict(_groups(ALIASES))
    parents = {child: parent for parent, children in _groups(PARENTS) for child in " ".join(children).split()}
    for entry in _entries(COUNTRIES):
        code, long_code, names = entry.split(" ", 2)
        name, zh = names.rsplit(" ", 1)
        yield Region(code, name, zh, "country", parents.get(code), (long_code, *aliases.get(code, ())))


def _china() -> Iterator[Region]:
    for head, cities in _blocks(PROVINCES):
        number, zh, names = head.split(" ", 2)
        name, *others = names.split("/")
        province = f"CN-{number}"
        tail = "市" if zh in _MUNICIPALITIES else _PROVINCE_TAILS.get(zh, "省")
        yield Region(province, name, zh, "province", "CN", (zh + tail, *others))
        for city in cities:
            own, own_zh, own_names = city.split(" ", 2)
            name, *others = own_names.split("/")
            # A county-level city (its last two digits are not 00) is part of its prefecture where it has one.
            prefecture = f"CN-{own[:4]}00"
            parent = prefecture if own[4:] != "00" and own[2:4] != "90" else province
            plain = next((own_zh.removesuffix(end) for end in _CITY_TAILS if own_zh.endswith(end)), own_zh)
            whole = own_zh if len(plain) < len(own_zh) and len(plain) > 1 else own_zh + "市"
            short = (plain,) if len(plain) > 1 and plain != own_zh else ()
            whole = _WHOLE.get(own_zh, whole)
            yield Region(f"CN-{own}", name, own_zh, "city", parent, (whole, *short, *others))


def _city(entry: str, parent: str) -> Region:
    names, zh_names = entry.rsplit(" ", 1)
    name, *others = names.split("/")
    zh, *others_zh = zh_names.split("/")
    plain = next((each for each in (name, *others) if each.isascii()), name)
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    slug = letters.casefold().replace(".", "").replace(" ", "-")
    return Region(f"{parent}-{slug}", name, zh, "city", parent, (*others, *others_zh))


def _united_states() -> Iterator[Region]:
    for head, cities in _blocks(STATES):
        letters, zh_names, name = head.split(" ", 2)
        zh, *others_zh = zh_names.split("/")
        yield Region(f"US-{letters}", name, zh, "province", "US", (letters, *others_zh))
        for city in cities:
            yield _city(city, f"US-{letters}")


def _cities() -> Iterator[Region]:
    for country, cities in _groups(CITIES):
        for city in cities:
            yield _city(city, country)


def _build() -> dict[str, Region]:
    regions: dict[str, Region] = {}
    for region in (*_countries(), *_china(), *_cities(), *_united_states()):
        if region.code in regions:
            raise DeclarationError(f"two regions have the code {region.code}", "one", where=__name__)
        regions[region.code] = region
    for region in regions.values():
        if region.parent is not None and region.parent not in regions:
            given = f"{region.code} is part of {region.parent}"
            raise DeclarationError(given, "the code of a region", where=__name__)
    return regions


def line(region: Region) -> tuple[str, ...]:
    """Give the codes of a region and of all that it is part of, the narrowest first."""
    codes = [region.code]
    while region.parent is not None:
        region = REGIONS[region.parent]
        codes.append(region.code)
    return tuple(codes)


def _names() -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for region in REGIONS.values():
        for name in (region.name, region.zh, *region.aliases):
            codes = names.setdefault(folded(name), [])
            if region.code not in codes:
                codes.append(region.code)
        if region.level == "country" and region.code not in names.setdefault(folded(region.code), []):
            names[folded(region.code)].insert(0, region.code)
    for code in _USUAL:
        names[folded(REGIONS[code].name)].sort(key=lambda each, first=code: each != first)  # type: ignore[misc]
    return {name: tuple(codes) for name, codes in names.items()}


# Region by code; country by number of GB/T 2260; a folded name with every region that bears it (countries first, then
# Chinese divisions from broad to narrow, cities of the world, US states and their cities); and the line of each region.
REGIONS: dict[str, Region] = _build()
NUMBERS: dict[str, str] = {code[3:]: code for code in REGIONS if code.startswith("CN-")} | _NUMBERED_COUNTRIES
NAMES: dict[str, tuple[str, ...]] = _names()
LINES: dict[str, tuple[str, ...]] = {code: line(region) for code, region in REGIONS.items()}
