"""How a cell is written: one plain form for full-width signs and the many dashes, and quoting it in a message."""

import unicodedata

from schema.errors import InputError

# Dashes, the minus sign and tildes that stand between two bounds; NFKC leaves all of them as they are.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─━－﹣﹘〜～〰∼˜ー"), "-") | {ord(mark): "'" for mark in "’‘ʼ`´"}
_LONGEST = 80


def narrow(text: str) -> str:
    """Give a text with full-width signs narrowed, all dashes as ``-`` and single spaces; case is kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_DASHES))
    return " ".join(text.split())


def plain(text: str) -> str:
    """Give a text as `narrow` does, in lower case.

    >>> plain(" ８Ｋ—１２Ｋ ")
    '8k-12k'
    """
    return narrow(text).lower()


def refusal(kind: str, text: object, expected: str, *, reason: str = "") -> InputError:
    """Give the error for a cell that cannot be read; the caller raises it.

    Arguments:
        kind: what the cell should be, ``pay`` or ``date``.
        text: the cell as it was written; cut where it is long.
        expected: what would have been right.
        reason: what is wrong, where that is not simply that it is no such thing.
    """
    written = str(text)
    shown = written if len(written) <= _LONGEST else f"{written[: _LONGEST - 3]}..."
    return InputError(f"{kind} '{shown}' {reason}", expected)
