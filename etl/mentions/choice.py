"""Which matches are meant: the best name, the longest span, short and ordinary words only where surely names.

Rules, in this order:
- a span of Chinese characters that cuts a Chinese word is no mention;
- one token that is only the singular of a plural name is none either ("window" is not "Windows");
- a name of up to three letters, or one that is an ordinary word too ("Excel", "Go"), counts in its own spelling only;
  at the start of a sentence, as a single letter or in another spelling it needs a list of skills around it;
- a trade or department ("banking", "IT") is where the work is done more often than what must be known: it counts only
  in a list of skills, or with a word that asks for it ("experience in banking", "IT skills");
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
    access act all am and angular ant apex art as assembly bar bash basic bootstrap box c can chef confluence
    crystal dart delphi echo edge elm ember excel express fiori flash flask flow flutter forth galaxy go he hive
    hot hugo illustrator impala is it julia lean lens maven may maya mint mocha motion nest networking next node
    notion on or oracle outlook parse pascal pig pm pro publisher pulse puppet quest r rapid react reason
    redshift rest rhino ruby rust salt scratch set sketch slack snowflake soap solid spark spring storm swift
    teams testing torch unity unreal us use vault via vision windows word workday zoom
    """
)
# Trades, departments and broad activities: "an investment banking firm" asks for nothing, "experience in banking" does.
_BROAD = frozenset((*words("banking coding finance hr ict it physics qa research retail"), "software engineering"))
_ASKING = re.compile(
    r"\b(?:background|competen\w+|course\w*|degree|educat\w+|expertise|experienced?|familiar\w*|knowledge|master'?s?|major|phd"
    r"|proficien\w+|qualifi\w+|skill\w*|specialist|strong|studies|track record|train\w+|understanding|versed)"
    r"(?: \w+){0,2} (?:in|of|with|within) (?:the )?$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r" (?:background|certif\w+|competenc\w+|degree|experience|expertise|knowledge|skills?)\b", re.IGNORECASE
)
_SHORT = 3
# "Excel in your role" against "Excel skills", "Excel, Word" and a line that says "Excel" only.
_VERB_LIKE = re.compile(r" (?!skill|knowledge|experience|and |or |is |certif|programming|develop)[a-z]")
# What makes another thing of an ordinary word: "Go-to-market", "Word of mouth", "Spring 2024", "drug testing".
_OTHER_AFTER = re.compile(
    r"-(?:to|live)\b|'s\b| of (?!the\b)| (?:19|20)\d\d\b"
    r"| (?:break|events?|fair|groups?|intake|opportunit\w+|season|semester|term)\b"
)
_OTHER_BEFORE = re.compile(
    r"\b(?:alcohol|animal|blood|drug|genetic|hearing|laboratory|medical|psychological|substance) $", re.IGNORECASE
)
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
    """Whether a name is so short, so ordinary or so broad a word that more is asked for than its letters."""
    return name.isascii() and (len(name) <= _SHORT or name.lower() in _ORDINARY or name.lower() in _BROAD)


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
    """Whether a short, ordinary or broad name needs a list of skills or a cue around it to count."""
    surface = plain[hit.start : hit.end]
    if len(surface) == 1:
        return True
    if surface != hit.name.exact or surface.lower() in _BROAD:
        return True
    if surface.lower() in _ORDINARY:
        if _other_thing(plain, hit):
            return True
        before = plain[max(0, hit.start - 8) : hit.start].rstrip(" \"'(-*•")
        return (not before or before[-1] in ".!?\n。") and _VERB_LIKE.match(plain, hit.end) is not None
    return False


def vouched(plain: str, hit: Hit, hits: list[Hit], unsure: list[Hit]) -> bool:
    """Whether the words around a doubtful name show that it is one.

    Either it is an item of a list of skills, or a cue such as "in", "with" or 熟悉 stands right before it; the cue is
    not enough for an ordinary word, nor the list for a single letter in another case. A trade or department needs a
    cue that says that it must be known.
    """
    surface = plain[hit.start : hit.end]
    own_spelling = surface == hit.name.exact
    if len(surface) == 1 and not own_spelling:
        return False
    if surface.lower() in _ORDINARY and _other_thing(plain, hit):
        return False
    if surface.lower() in _BROAD:
        if (own_spelling or surface.lower() not in _ORDINARY) and _asked_for(plain, hit.start, hit.end):
            return True
    elif (own_spelling or surface.lower() not in _ORDINARY) and _introduced(plain, hit.start, hit.end):
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


def _other_thing(plain: str, hit: Hit) -> bool:
    lead = plain[max(0, hit.start - 16) : hit.start]
    return _OTHER_AFTER.match(plain, hit.end) is not None or _OTHER_BEFORE.search(lead) is not None


def _asked_for(plain: str, start: int, end: int) -> bool:
    lead = plain[max(0, start - 60) : start]
    return (
        _ASKING.search(lead) is not None
        or _ASKED.match(plain, end) is not None
        or lead[-14:].replace(" ", "").endswith(_HAN_CUES)
    )


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
