"""Which matches are meant: the best name, the longest span, short and ordinary words only where surely names.

Rules, in this order:
- a span of Chinese characters that cuts a Chinese word is no mention;
- one token that is only the singular of a plural name is none either ("window" is not "Windows");
- a name of up to three letters, or one that is an ordinary word too ("Excel", "Go"), counts in its own spelling only;
  at the start of a sentence, as a single letter or in another spelling it needs a list of skills around it;
- of overlapping mentions the longest wins, then the earliest.
"""

import re
from typing import NamedTuple

from etl.mentions.context import listed
from etl.mentions.pipelines import crosses_words
from etl.mentions.terms import Term
from etl.mentions.variants import words

PREFERRED, ALIAS, INFLECTED = 1.0, 0.9, 0.8

# Names of tools that are ordinary words too: they count only in their own spelling, and at the start of a sentence,
# where every word has a capital, only in a list of skills.
_ORDINARY = words(
    """
    access act agile all am and ant apex art as assembly bar bash basic bootstrap box c can chef crystal
    dart delphi echo edge elm ember excel express fiori flash flask flow forth galaxy go he hive hot hugo
    illustrator impala is it julia lean lens may maya mint mocha motion nest next notion on or oracle
    outlook parse pascal pig pm pro publisher pulse puppet quest r rapid react reason rhino rust salt
    scratch set sketch slack snowflake solid spark spring storm swift teams torch unity unreal us use vault
    via vision windows word zoom
    """
)
_SHORT = 3
# "Excel in your role" against "Excel skills", "Excel, Word" and a line that says "Excel" only.
_VERB_LIKE = re.compile(r" (?!skill|knowledge|experience|and |or |is |certif|programming|develop)[a-z]")
_CUES = frozenset(("in", "with", "using", "of", "know", "language", "languages", "familiar"))
_HAN_CUES = ("熟悉", "掌握", "精通", "使用", "用", "了解", "会")


class Name(NamedTuple):
    """A name behind a pattern: exact is the tidied spelling, literal whether other spellings count less."""

    term: Term
    exact: str
    folded: str
    literal: bool


class Hit(NamedTuple):
    """A match that was found to be a name: token span, offsets in the plain text, and how sure we are."""

    first: int
    last: int
    start: int
    end: int
    name: Name
    confidence: float


def literal_only(name: str) -> bool:
    """Whether a name is so short or so ordinary a word that its own spelling is asked for."""
    return name.isascii() and (len(name) <= _SHORT or name.lower() in _ORDINARY)


def resolve(names: tuple[Name, ...], surface: str, language: str, hit: Hit) -> Hit | None:
    """The best name for what stands in the text; None where only a singular of a plural name does."""
    folded = surface.casefold()
    best: tuple[float, bool, str] | None = None
    for name in names:
        if folded == name.folded:
            confidence = PREFERRED if name.term.preferred else ALIAS
        elif (
            hit.last - hit.first == 1
            and not folded.endswith("s")
            and name.folded.endswith("s")
            and len(name.folded) > len(folded)
        ):
            continue  # "window" is not "Windows"
        else:
            confidence = INFLECTED
        rank = (-confidence, name.term.language != language, name.term.code)
        if best is None or rank < best:
            best = rank
            hit = hit._replace(name=name, confidence=confidence)
    return hit if best is not None else None


def doubtful(plain: str, hit: Hit) -> bool:
    """Whether a short or ordinary name needs a list of skills around it to count."""
    surface = plain[hit.start : hit.end]
    if len(surface) == 1:
        return True
    if surface != hit.name.exact:
        return True
    if surface.lower() in _ORDINARY:
        before = plain[max(0, hit.start - 8) : hit.start].rstrip(" \"'(-*•")
        return (not before or before[-1] in ".!?\n。") and _VERB_LIKE.match(plain, hit.end) is not None
    return False


def vouched(plain: str, hit: Hit, hits: list[Hit], unsure: list[Hit]) -> bool:
    """Whether the words around a doubtful name show that it is one.

    Either it is an item of a list of skills, or a cue such as "in", "with" or 熟悉 stands right before it; the cue is
    not enough for an ordinary word, nor the list for a single letter in another case.
    """
    surface = plain[hit.start : hit.end]
    own_spelling = surface == hit.name.exact
    if len(surface) == 1 and not own_spelling:
        return False
    if (own_spelling or surface.lower() not in _ORDINARY) and _introduced(plain, hit.start, hit.end):
        return True
    if any(_neighbours(plain, hit, other) for other in hits):
        return True
    # Two short names in their own spelling vouch for each other, but not two letters: "SAP, R" against "C, D".
    return own_spelling and any(
        other is not hit
        and max(len(surface), len(other.name.exact)) > 1
        and plain[other.start : other.end] == other.name.exact
        and _neighbours(plain, hit, other)
        for other in unsure
    )


def _introduced(plain: str, start: int, end: int) -> bool:
    lead = plain[max(0, start - 14) : start].lower()
    after = plain[end : end + 2]
    if after[:1] in {"&", "'", "-"} or after == " &" or (end - start == 1 and after == ". "):
        return False
    last = lead.rsplit(maxsplit=1)[-1:]
    return (last != [] and last[0] in _CUES) or lead.replace(" ", "").endswith(_HAN_CUES)


def _neighbours(plain: str, one: Hit, other: Hit) -> bool:
    if other.end <= one.start:
        return listed(plain, other.end, one.start)
    return one.end <= other.start and listed(plain, one.end, other.start)


def whole(plain: str, start: int, end: int) -> bool:
    """Whether a match in Chinese characters is made of whole words; two or three can meet by chance, more hardly do."""
    run = plain[start:end]
    if len(run) > 5 or not _is_han(run[0]) or not _is_han(run[-1]):
        return True
    left, right = start, end
    while left > 1 and _is_han(plain[left - 2]) and plain[left - 1] == " " and start - left < 24:
        left -= 2
    while right + 1 < len(plain) and plain[right] == " " and _is_han(plain[right + 1]) and right - end < 24:
        right += 2
    text = plain[left:right].replace(" ", "")
    offset = (start - left) // 2
    return not crosses_words(text, offset, offset + (len(run) + 1) // 2)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


def longest(hits: list[Hit]) -> list[Hit]:
    """Hits that do not overlap, longer ones first, then earlier ones; in order of position."""
    if len(hits) < 2:
        return hits
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if hit.first not in taken and hit.last - 1 not in taken:
            kept.append(hit)
            taken.update(range(hit.first, hit.last))
    return sorted(kept, key=lambda hit: hit.start)
