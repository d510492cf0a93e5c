"""The industry that a source names, as a section or division of ISIC Rev.4."""

import re
from functools import lru_cache

from etl.values.writing import plain
from schema.vocabulary.industries import INDUSTRIES, NAMES, Industry, named

_ISIC = re.compile(
    r"(?:isic(?: rev\.? ?4)? ?)?(?:([a-u]) ?)?(\d\d)(?:\d{0,2})|(?:isic(?: rev\.? ?4)? ?)?([a-u])", re.ASCII
)
_PARTS = re.compile(r"\s*(?:[/|,;·、>()\[\]]|\s-\s|-(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])-)\s*")
_TAILS = ("行业", "业", "类", "公司", " industry", " sector", " services")
_BY_NUMBER = {code[1:]: code for code in INDUSTRIES if len(code) > 1}
# Within a longer text a name must be long enough to mean the industry: 电子 does, "it" does not.
_LEAST_LETTERS, _LEAST_SIGNS, _MOST_WORDS, _MOST_SIGNS, _MOST_TEXT = 4, 2, 5, 8, 120


def _exact(name: str) -> str | None:
    code = NAMES.get(name)
    if code is None:
        code = next(
            (NAMES[cut] for tail in _TAILS if name.endswith(tail) and (cut := name.removesuffix(tail)) in NAMES), None
        )
    return code


def _within(name: str) -> str | None:
    """Find the longest name inside a longer text; the first of equally long ones."""
    best = ""
    if name.isascii():
        words = name.split()
        runs = (" ".join(words[i : i + n]) for n in range(_MOST_WORDS, 0, -1) for i in range(len(words) - n + 1))
        best = max((run for run in runs if len(run) >= _LEAST_LETTERS and run in NAMES), key=len, default="")
    else:
        text = name[:_MOST_TEXT]
        for size in range(_MOST_SIGNS, _LEAST_SIGNS - 1, -1):
            runs = (text[i : i + size] for i in range(len(text) - size + 1))
            best = best or next((run for run in runs if not run.isascii() and run in NAMES), "")
    return NAMES[best] if best else None


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
        text: a job board's or ISIC's name, or an ISIC code (``J``, ``62``, ``J6201``); of several names the
            first known.

    Result: the section or division; None where none is recognised, for industries are written freely.

    >>> industry("互联网").code, industry("Health care").code, industry("房地产/建筑").code, industry("???")
    ('J63', 'Q', 'L', None)
    """
    written = plain(text)
    name = named(written)
    code = _exact(name) or _by_code(written)
    if code is None:
        code = next((each for part in _PARTS.split(written) if part and (each := _exact(named(part)))), None)
    if code is None:
        code = _within(name)
    return None if code is None else INDUSTRIES[code]
