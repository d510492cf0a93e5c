"""The place that a source names, as a country, province or city of the code list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from etl.values.writing import narrow
from schema.vocabulary.regions import LINES, NAMES, NUMBERS, REGIONS, Region, folded

_REMOTE = re.compile(
    r"\b(?:(?:fully |100% )?remote(?:ly)?(?: work| only| first)?|work(?:ing)? from home|wfh|anywhere(?: in the)?"
    r"|tele(?:work|commut\w+)|hybrid|home[- ]?office|home[- ]based)\b"
    r"|远程(?:办公|工作)?|居家(?:办公)?|在家办公|线上办公|地点不限",
    re.IGNORECASE,
)
_HYBRID = re.compile(r"hybrid", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[/|;、·>()\[\]+]|\s-+\s|-(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])-)\s*")
_ASIDE = re.compile(r"\s*,\s*")
# What may follow a Chinese name as part of it, and what shows that it is a street or district of that name.
_TAIL = re.compile(r"(?:[\u4e00-\u9fff]{0,6}族)?(?:特别行政区|自治区|自治州|地区|省|市|州|盟)")
_LESSER = frozenset("区县镇乡路街道村园")
_LONGEST_NAME = 9
_MOST_WORDS = 5
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a posting's work is done.

    Arguments:
        region: the narrowest region recognised, or None.
        remote: whether the text says that the work may be done from elsewhere; hybrid work is not remote.
    """

    region: Region | None
    remote: bool


def _chinese(text: str) -> Iterator[tuple[str, ...]]:
    """Give what each name in a run of Chinese may mean, from left to right."""
    at, end = 0, len(text)
    while at < end:
        for size in range(min(_LONGEST_NAME, end - at), 1, -1):
            name = text[at : at + size]
            codes = NAMES.get(name)
            if codes and not (at + size < end and text[at + size] in _LESSER and name[-1] not in "省市"):
                yield codes
                at += size
                tail = _TAIL.match(text, at)
                at = tail.end() if tail else at
                break
        else:
            at += 1


def _english(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Give what each run of words may mean, the longest first; short words must be capitals ("IN", never "in")."""
    at = 0
    while at < len(words):
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            run = words[at : at + size]
            codes = NAMES.get(folded("".join(run)))
            if codes and (sum(map(len, run)) > 3 or "".join(run).isupper()):
                yield codes
                at += size
                break
        else:
            at += 1


def _candidates(part: str) -> list[tuple[str, ...]]:
    whole = folded(part)
    codes = NAMES.get(whole)
    if codes and (len(whole) > 3 or not part.isascii() or part.isupper() or _is_town(part, codes)):
        return [codes]
    if part.isascii() or not any("\u4e00" <= sign <= "\u9fff" for sign in part):
        return list(_english(part.split()))
    return list(_chinese("".join(part.split())))


def _is_town(part: str, codes: tuple[str, ...]) -> bool:
    """Tell whether a short name that stands alone is a city's: "Aba, Sichuan", but not "in" or "me"."""
    return part.istitle() and all(REGIONS[code].level == "city" for code in codes)


def _refuted(code: str, following: tuple[str, ...]) -> bool:
    """Tell whether a city stands before a wider region that it is not part of: "Springfield, CA"."""
    wider = all(REGIONS[each].level != "city" for each in following)
    return wider and REGIONS[code].level == "city" and not set(following) & set(LINES[code])


def _narrowest(text: str) -> str | None:
    """Choose the region that most of the names agree with; of equals the first, in its usual meaning."""
    if codes := NAMES.get(folded(text)) if len(text) > 3 else None:
        return codes[0]
    found: list[tuple[str, ...]] = []
    asides: set[int] = set()  # positions in `found` that a comma parts from the name before
    for part in _PARTS.split(text):
        pieces = [piece for piece in _ASIDE.split(part) if piece]
        # "Washington, DC" and "Hong Kong, China" are one name each.
        if len(pieces) > 1 and (codes := NAMES.get(folded("".join(pieces)))):
            found.append(codes)
            continue
        for place, piece in enumerate(pieces):
            names = _candidates(piece)
            if place and names and len(names[0]) > 1 and len(piece) == 2:
                # Two letters after a comma are a state of the US before they are a country.
                names[0] = tuple(sorted(names[0], key=lambda code: not code.startswith("US-")))
            if names and found and place:
                asides.add(len(found))
            found.extend(names)
    best, most = None, (0, 0, 0)
    for place, codes in enumerate(found):
        for rank, code in enumerate(codes):
            if place + 1 in asides and _refuted(code, found[place + 1]):
                continue
            line = LINES[code]
            support = sum(1 for others in found if any(other in line for other in others))
            worth = (support, -rank, -place)
            if best is None or worth > most:
                best, most = code, worth
    return best


def _code(text: str) -> str | None:
    """Read a code of the list itself: ``CN-410400``, ``410400``, ``US-CA``, ``cn``."""
    if text in REGIONS:
        return text
    if text.isdecimal() and text in NUMBERS:
        return NUMBERS[text]
    return text.upper() if text.upper() in REGIONS else None


@lru_cache(maxsize=65536)
def place(text: str) -> Place:
    """Read a place.

    Arguments:
        text: such as ``北京-海淀区``, ``河南省平顶山市``, ``San Francisco, CA``, ``Shanghai, China``, ``Remote (US)``,
            or a code of the list. Of several places the first counts. A bare name with namesakes has its usual meaning
            (London is in the UK); ``Georgia`` alone is the country.

    Result: the narrowest region recognised and whether the work is remote. A district or an unknown town falls back to
    what it is part of; where nothing is recognised the region is None, for places are written freely.

    >>> place("河南省平顶山市").region.code, place("San Francisco, CA").region.code, place("Remote")
    ('CN-410400', 'US-CA-san-francisco', Place(region=None, remote=True))
    """
    written = narrow(text)[:_MOST_TEXT]
    if code := _code(written):
        return Place(REGIONS[code], False)
    remote = False
    if found := _REMOTE.search(written):
        remote = not _HYBRID.search(written) or "remote" in written.lower()
        written = _REMOTE.sub(" / ", written) if found else written
    code = _narrowest(written)
    return Place(None if code is None else REGIONS[code], remote)


def region(text: str) -> Region | None:
    """Give the region of `place`.

    >>> region("北京-海淀区").zh
    '北京'
    """
    return place(text).region


def region_code(text: str) -> str | None:
    """Give the code of the region of `place`.

    >>> region_code("Shanghai, China")
    'CN-310000'
    """
    found = place(text).region
    return None if found is None else found.code
