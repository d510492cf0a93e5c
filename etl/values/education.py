"""The education that a posting asks for, as a level of ISCED 2011."""

import re
from functools import lru_cache

from etl.values.writing import plain, refusal
from schema.vocabulary.education import LEVELS

EXPECTED = "a level such as 'bachelor', '本科', '不限' or an ISCED level 0 to 8"

_UNSTATED = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "unknown",
        "not specified",
        "unspecified",
        "未知",
        "其他",
        "other",
    }
)
# Words that say "university" without a level count only where no level is named beside them.
_UNIVERSITY = re.compile(r"(?<![a-z])(?:degree|university|college)(?![a-z])|大学|学位")
_ISCED = re.compile(r"(?:isced(?: ?2011)?(?: ?level)? ?)?([0-8])(?:\.0)?")


def _words() -> dict[str, int]:
    words: dict[str, int] = {}
    for level in LEVELS:
        for word in (level.name.lower(), level.zh, *level.en, *level.more_zh):
            words.setdefault(word.rstrip("."), level.level)
    return words


_WORDS = _words()


def _pattern() -> re.Pattern[str]:
    english = sorted((word for word in _WORDS if word.isascii() or word[0] < "\u3000"), key=len, reverse=True)
    chinese = sorted((word for word in _WORDS if word[0] >= "\u3000"), key=len, reverse=True)
    return re.compile(
        rf"(?<![a-z])(?:{'|'.join(map(re.escape, english))})(?![a-z])|{'|'.join(map(re.escape, chinese))}"
    )


_LEVEL = _pattern()


@lru_cache(maxsize=65536)
def isced(text: str) -> int | None:
    """Read the least education that is asked for.

    Arguments:
        text: such as ``本科及以上``, ``Bachelor's or Master's degree``, ``学历不限``, ``ISCED 6``, ``3``.

    Result: ISCED 2011 level, 0 to 8: the lowest that the text names, and 0 where it says that none is needed;
    None where it states nothing.
    Errors: InputError where no level is recognised.

    >>> isced("硕士及以上学历"), isced("Bachelor's or Master's degree"), isced("no degree required")
    (7, 6, 0)
    """
    written = plain(text)
    if written in _UNSTATED:
        return None
    if found := _ISCED.fullmatch(written):
        return int(found[1])
    levels = [_WORDS[word] for word in _LEVEL.findall(written)]
    if not levels and _UNIVERSITY.search(written):
        return 6
    if not levels:
        raise refusal("education", text, EXPECTED, reason="names no level")
    return min(levels)
