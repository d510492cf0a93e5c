"""Unified codes (section 4.1 of the paper): every node has one, unique within its label."""

import re
import unicodedata

_NOT_SLUG = re.compile(r"[^\w]+", re.UNICODE)


def code(source: str, *parts: str) -> str:
    """Return the unified code of a thing that ``source`` names by ``parts``.

    >>> code("demo", "job", "17")
    'demo:job:17'
    """
    return ":".join((source, *parts))


def slug(text: str) -> str:
    """Return ``text`` as one lower-case word of letters, digits and hyphens; Chinese letters stay.

    >>> slug("Data  Cleaning (ETL)")
    'data-cleaning-etl'
    >>> slug("平顶山 学院")
    '平顶山-学院'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_SLUG.sub("-", folded).strip("-")
