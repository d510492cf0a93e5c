"""Which matches are meant: the best name, the longest span, and short or ordinary words only where they are surely names.

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

PREFERRED, ALIAS, INFLECTED = 1.0, 0.9, 0.8

# Names of tools that are ordinary words too: they count only in their own spelling, and at the start of a sentence,
# where every word has a capital, only in a list of skills.
_ORDINARY = frozenset(
    "access act agile ant apex assembly basic bash bootstrap box c chef crystal dart delphi echo edge elm ember excel express fiori flash"
    " flask flow forth galaxy git go gradle hive hugo illustrator impala java jenkins julia kafka lean lens maven maya mint mocha motion"
    " nest next notion oracle outlook parse pascal photoshop pig puppet pulse publisher quest r rails rapid react reason revit rhino"
    " ruby rust salt scala scratch sketch slack snowflake solid spark spring spss stata storm swift tableau teams torch unity unreal visio"
    " vault vision vue windows word zoom".split()
) - frozenset(
    "java jenkins kafka maven photoshop rails revit ruby scala spss stata tableau visio vue git gradle".split()
)
_SHORT = 3
# "Excel in your role" against "Excel skills", "Excel, Word" and a line that says "Excel" only.
_VERB_LIKE = re.compile(r" (?!skill|knowledge|experience|and |or |is |certif|programming|develop)[a-z]")
_WEAK_CUES = ("in", "with", "using", "of", "know", "language", "languages", "熟悉", "掌握", "精通", "使用", "用")


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
    """Whether a doubtful name is an item of a list of skills, or a single letter that a cue such as "in" introduces."""
    if len(hit.name.exact) == 1:
        if plain[hit.start : hit.end] != hit.name.exact:
            return False
        lead = plain[max(0, hit.start - 14) : hit.start].replace(" ", "") if hit.name.term.language == "zh" else ""
        words = plain[max(0, hit.start - 14) : hit.start].lower().split()
        if plain[hit.end : hit.end + 1] not in {"&", "'", "-"} and (
            (words and words[-1] in _WEAK_CUES and plain[hit.end : hit.end + 2] != ". ") or lead.endswith(_WEAK_CUES)
        ):
            return True
    for other in hits:
        if other.end <= hit.start and listed(plain[other.end : hit.start]):
            return True
        if hit.end <= other.start and listed(plain[hit.end : other.start]):
            return True
    if plain[hit.start : hit.end] == hit.name.exact:
        # Two short names in a list vouch for each other: "R, C and Go".
        return any(
            other is not hit
            and plain[other.start : other.end] == other.name.exact
            and (
                listed(plain[other.end : hit.start]) if other.end <= hit.start else listed(plain[hit.end : other.start])
            )
            for other in unsure
        )
    return False


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
