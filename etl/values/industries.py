"""The industry that a source names, as a section or division of ISIC Rev.4."""

import re
from functools import lru_cache

from etl.values.writing import plain
from schema.vocabulary.industries import INDUSTRIES, NAMES, Industry, named

_ISIC = re.compile(r"(?:isic(?: rev\.? ?4)? ?)?(?:([a-u]) ?)?(\d\d)(?:\d{0,2})|(?:isic(?: rev\.? ?4)? ?)?([a-u])", re.ASCII)
_PARTS = re.compile(r"\s*(?:[/|,;·、>()\[\]]|\s-\s|-(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])-)\s*")
_TAILS = ("行业", "业", "类", "公司", " industry", " sector", " services")
_BY_NUMBER = {code[1:]: code for code in INDUSTRIES if len(code) > 1}
# Within a longer text a name must be long enough to mean the industry: 电子 does, 水 or "it" do not.
_WITHIN = re.compile(
    "|".join(
        re.escape(name) if not name.isascii() else rf"\b{re.escape(name)}\b"
        for name in sorted(NAMES, key=lambda name: (-len(name), name))
        if len(name) >= (4 if name.isascii() else 2)
    )
)


def _exact(name: str) -> str | None:
    code = NAMES.get(name)
    if code is None:
        code = next((NAMES[cut] for tail in _TAILS if name.endswith(tail) and (cut := name.removesuffix(tail)) in NAMES), None)
    return code


def _by_code(text: str) -> str | None:
    found = _ISIC.fullmatch(text)
    if not found:
        return None
    if found[3]:
        return found[3].upper()
    code = _BY_NUMBER.get(found[2])
    return code if code and (not found[1] or code[0] == found[1].upper()) else None


@lru_cache(maxsize=65536)
def industry(text: str) -> Industry | None:
    """Read an industry.

    Arguments:
        text: a job board's or ISIC's name, or an ISIC code (``J``, ``62``, ``J6201``); of several names the first known.

    Result: the section or division; None where none is recognised, for industries are written freely.

    >>> industry("互联网").code, industry("Health care").code, industry("房地产/建筑").code, industry("???")
    ('J63', 'Q', 'L', None)
    """
    written = plain(text)
    name = named(written)
    code = _exact(name) or _by_code(written)
    if code is None:
        code = next((each for part in _PARTS.split(written) if part and (each := _exact(named(part)))), None)
    if code is None and (found := _WITHIN.search(name)):
        code = NAMES[found[0]]
    return None if code is None else INDUSTRIES[code]
