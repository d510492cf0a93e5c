"""The two blank spaCy pipelines: how English, Chinese and mixed text becomes tokens.

Nothing is downloaded. The stock English tokenizer applies special cases in a second pass, which costs twenty times
the rest; ours has rules for affixes and infixes only, so that each chunk of text is split once and then cached.
Chinese is split into characters, so that a name is found wherever it stands; whether it really is a word there is
asked of jieba, only for what matched (see `crosses_words`).
"""

import logging
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from etl.mentions.engine import IS_SPACE, NORM, Doc, Language, Tokenizer, spacy
from etl.mentions.variants import norm

HAN = "\u3400-\u9fff\uf900-\ufaff"
_CLOSING = r"[,;:!?)\]}\"'…*|·=~`<>%&@/\\]|(?<!\.)\.(?![A-Za-z])|(?<=\w{3})\.|'s|’s"
_PREFIX = re.compile(r"[(\[{\"'*•·|~`<>@#&=+,;:!?/\\…_–—-]|\.(?![A-Za-z])")
_SUFFIX = re.compile(rf"(?:{_CLOSING}|[_–—-])$")
# Only a zero-width infix leaves a hyphen on the token before it, where `norm` drops it: "problem-solving" reads as
# "problem solving". Between lower-case letter, full stop and capital, two sentences were glued together.
_INFIX = re.compile(
    r"(?<=\w-)(?=\w)|[/\\,;:()\[\]{}|…–—•·&=<>\"]+|(?<=[a-z]{2})\.(?=[A-Z][a-z]{2,})|(?<=[a-z0-9]{2})!(?=\w)|(?<=\w)'s(?=\W)"
)
# One character for one character, so that offsets stay: full-width letters and signs, blanks, quotes, hyphens.
_SAME: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(blank): " " for blank in "\t\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\u200b\ufeff"},
    **{ord(quote): '"' for quote in "“”„«»"},
    **{ord(quote): "'" for quote in "‘’‚"},
    **{ord(hyphen): "-" for hyphen in "\u2010\u2011\u2012\u00ad"},
}
_HAN = re.compile(f"[{HAN}、。【】《》「」]")
_EDIT = re.compile(
    rf"(?<= ) +|(?<=[{HAN}、。【】《》「」])(?=\S)|(?<=[^\s{HAN}、。【】《》「」])(?=[{HAN}、。【】《》「」])"
)
# A ruled line. spaCy strips signs one by one and copies the rest each time, so thousands of them would take minutes.
_RULE = re.compile(r"[^\w\s]{16,}")
_CACHED_CHUNKS = 40_000
_HELD_STRINGS = 300_000


class Page(NamedTuple):
    """A text ready for matching.

    Arguments:
        doc: its tokens; `doc.text` is `plain`.
        plain: the text with one blank between tokens and one blank around each Chinese character.
        cuts: offsets in `plain` from which the shift to the original changes, ascending.
        shifts: what to add to an offset after the cut of the same index.
        chinese: whether the text has Chinese characters.
    """

    doc: Doc
    plain: str
    cuts: list[int]
    shifts: list[int]
    chinese: bool

    def original(self, offset: int) -> int:
        """The offset in the text as it was given, for an offset in `plain` at which a token starts."""
        if not self.cuts:
            return offset
        index = bisect_left(self.cuts, offset + 1) - 1
        return offset + self.shifts[index] if index >= 0 else offset


class Pipelines:
    """The blank English and the blank Chinese pipeline.

    Both norm tokens alike, and a norm is the hash of a string, so one matcher serves the documents of both.
    """

    def __init__(self) -> None:
        self.english: Language = _pipeline("en")
        self.chinese: Language = _pipeline("zh")

    def page(self, text: str) -> Page:
        """Tokens of a text in either language or both."""
        plain = text if text.isascii() and "\t" not in text else text.translate(_SAME)
        plain = _RULE.sub(_lines, plain)
        chinese = not plain.isascii() and _HAN.search(plain) is not None
        cuts: list[int] = []
        shifts: list[int] = []
        if chinese or "  " in plain:
            plain, cuts, shifts = _spaced(plain)
        pipeline = self.chinese if chinese else self.english
        return Page(pipeline.make_doc(plain), plain, cuts, shifts, chinese)

    @contextmanager
    def zone(self) -> Iterator[None]:
        """Where to read a text: once many strings are held, what a text adds is forgotten with it."""
        with ExitStack() as stack:
            for pipeline in (self.english, self.chinese):
                if len(pipeline.vocab.strings) > _HELD_STRINGS:
                    stack.enter_context(pipeline.memory_zone())
            yield


def _pipeline(language: str) -> Language:
    """A blank pipeline with our tokens and norms in place of the stock ones."""
    pipeline = spacy.blank(language)
    vocab: Any = pipeline.vocab  # its stub does not declare the getters
    # Shapes, prefixes and flags of every new word would be computed and never read.
    vocab.lex_attr_getters = {NORM: norm, IS_SPACE: str.isspace}
    for lexeme in vocab:
        lexeme.norm_ = norm(lexeme.orth_)
    pipeline.tokenizer = Tokenizer(
        vocab,
        rules={},
        prefix_search=_PREFIX.match,
        suffix_search=_SUFFIX.search,
        infix_finditer=_INFIX.finditer,
        max_cache_size=_CACHED_CHUNKS,
    )
    return pipeline


def _lines(rule: re.Match[str]) -> str:
    """As many line ends as the rule has signs: offsets stay, and nothing reaches across."""
    return "\n" * len(rule.group())


def _spaced(text: str) -> tuple[str, list[int], list[int]]:
    """One blank around each Chinese character, one for each run of blanks, and how offsets lead back."""
    parts: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    last = length = shift = 0
    for edit in _EDIT.finditer(text):
        start, end = edit.span()
        parts.append(text[last:start])
        length += start - last
        if start == end:
            parts.append(" ")
            length += 1
            shift -= 1
        else:
            shift += end - start
        cuts.append(length)
        shifts.append(shift)
        last = end
    parts.append(text[last:])
    return "".join(parts), cuts, shifts


def tidy(text: str) -> str:
    """A name in the form in which texts are matched: NFKC, plain quotes and blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SAME).split())


def crosses_words(run: str, start: int, end: int) -> bool:
    """Whether run[start:end] takes a part of one Chinese word and a part of the next, as 会计 does in 社会计划."""
    place = 0
    for length in _words(run):
        stop = place + length
        if place < start < stop < end or start < place < end < stop:
            return True
        place = stop
    return False


@lru_cache(maxsize=20_000)
def _words(run: str) -> tuple[int, ...]:
    import jieba  # noqa: PLC0415  its dictionary takes most of a second, and English texts never need it

    jieba.setLogLevel(logging.ERROR)
    return tuple(len(word) for word in jieba.cut(run))
