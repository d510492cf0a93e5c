"""Signatures of postings: what tells that two of them are the same, in 276 bytes.

A signature is packed little-endian: block (8 bytes: employer and place), exact (8 bytes: all that a copy repeats), day
of release (int32, proleptic ordinal), then for texts that are long enough 64 MinHash values (uint32 each).
"""

import re
import struct
import zlib
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

PERMUTATIONS = 64
SHINGLE = 3
"""Words of English text, characters of Chinese text."""

SHORT = 20
"""Tokens below which texts are only compared as a whole: few shingles estimate badly."""

_HEAD = struct.Struct("<8s8si")
_VALUES = struct.Struct(f"<{PERMUTATIONS}I")
_WORD = re.compile(r"\w+")


class Signature(NamedTuple):
    """A signature, unpacked.

    Arguments:
        block: postings of different blocks are not compared.
        exact: equal for copies.
        day: day of release, as `date.toordinal`.
        values: the MinHash values as bytes; empty for a short text.
    """

    block: bytes
    exact: bytes
    day: int
    values: bytes


def shingles(text: str, language: str) -> tuple[int, list[bytes]]:
    """Return the number of tokens of a text and its shingles.

    >>> shingles("Own the data pipelines", "en")
    (4, [b'own the data', b'the data pipelines'])
    >>> shingles("数据分析。", "zh")[1][0].decode()
    '数据分'
    """
    words = _WORD.findall(text.casefold())
    if language == "zh":
        run = "".join(words)
        return len(run), [run[start : start + SHINGLE].encode() for start in range(max(len(run) - SHINGLE + 1, 0))]
    runs = zip(*(words[start:] for start in range(SHINGLE)), strict=False)
    return len(words), [" ".join(run).encode() for run in runs]


def _short(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode(), digest_size=8).digest()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class Signer:
    """Signs postings. One signer is for one thread."""

    def __init__(self) -> None:
        from datasketch import MinHash  # noqa: PLC0415 - it takes a third of a second, and who compares needs none

        # Version 2 of the library changed its default scheme; signatures stay in the graph, so the scheme is named.
        self._sketch = MinHash(PERMUTATIONS, seed=1, hashfunc=zlib.crc32, scheme="affine32")

    def sign(
        self, title: str, text: str, *, employer: str, place: str, released: date, closes: date | None, language: str
    ) -> bytes:
        """Return the signature of a posting.

        Arguments:
            title: as written.
            text: responsibilities and requirements.
            employer: code of the employer, or empty.
            place: code of the region, or the place as written.
            released: day of release.
            closes: last day to apply.
            language: "en" or "zh".
        """
        place = _folded(place)
        block = _short(employer, place)
        dates = (released.isoformat(), closes.isoformat() if closes else "")
        exact = _short(_folded(title), employer, place, *dates, _folded(text))
        head = _HEAD.pack(block, exact, released.toordinal())
        tokens, found = shingles(f"{title}\n{text}", language)
        if tokens < SHORT:
            return head
        self._sketch.clear()
        self._sketch.update_batch(found)
        return head + _VALUES.pack(*self._sketch.hashvalues.tolist())


def unpack(signature: bytes) -> Signature:
    """Return the parts of a signature."""
    block, exact, day = _HEAD.unpack_from(signature)
    return Signature(block, exact, day, bytes(signature[_HEAD.size :]))
