"""Negation and optionality: what the words around a mention say of it.

The scope of a cue is the nearest mention in its reach and the list that this mention belongs to. No sentence end is
crossed, nor a comma between cue and mention; inside a list commas, "and", "、" and single unknown items are.
A heading ("Nice to have:") speaks for its line, or for the lines under it until a blank line or the next heading.
"""

import re
from typing import NamedTuple

from etl.mentions.cues import Cue, Kind, Side

_BREAK = re.compile(r"[;,。\n\r|•]|[.!?](?=\s|$)")
_LINE_END = re.compile(r"\n|[.!?](?=\s|$)|[;。]")
_FILLER = (
    r"(?:skills?|experience|experiences|knowledge|programming|development|languages?|expertise|certifications?|proficiency|familiarity"
    r"|understanding|background|exposure|good|strong|solid|basic|some|working|hands-on|prior|previous|of|in|with|using|to|the|an|a"
    r"|等|语 言|经 验|技 术|开 发|软 件|工 具|知 识)"
)
_JOINT = (
    r"(?:,\s*(?:and/or|and|or|以 及|和|或)\b|,|、|/|\||&|\+|\band/or\b|\band\b|\bor\b|\bas\s+well\s+as\b"
    r"|和|与|及|以 及|或 者|或|并|且)"
)
_CONJUNCTION = re.compile(r"(?:and/or|\band\b|\bor\b|&|和|与|或|以 及|及)")
_OR = re.compile(r"(?:and/or|\bor\b|/|或)")
_WORD = r"[^\s,;/、。|&()]+"
_PURE_LIST = re.compile(rf"[)\s]*(?:{_FILLER}\s+)*{_JOINT}\s*(?:{_FILLER}\s*)*[(\s]*|[(\s]+", re.IGNORECASE)
# One or two words that we do not know may stand between two joints: "Python, dbt and Airflow".
_LIST = re.compile(
    rf"[)\s]*(?:{_FILLER}\s+)*{_JOINT}\s*(?:{_WORD}(?:\s{_WORD})?\s*{_JOINT}\s*)?(?:{_FILLER}\s*)*[(\s]*|[(\s]+",
    re.IGNORECASE,
)
_HEAD_NOUN = re.compile(r"\b(?:of|in|with|using)\s*$", re.IGNORECASE)
_HEADING = re.compile(r"[^\n,;.:。]{0,40}:[ \t]*(\n)?|[ \t]*(\n)", re.IGNORECASE)
_BLOCK_END = re.compile(r"\n[ \t]*\n|\n[^\n]{1,60}:[ \t]*(?=\n|$)")
_REACHABLE = 120  # characters; no reach in words is longer, and the check stays cheap


class Span(NamedTuple):
    """From one offset up to another, in the plain text of a page."""

    start: int
    end: int


class Judgement(NamedTuple):
    """Indices of the mentions that are not needed, and of those that are welcome but not needed."""

    negated: set[int]
    optional: set[int]


def judge(plain: str, spans: list[Span], cues: list[tuple[Cue, int, int]]) -> Judgement:
    """Which mentions are negated or optional.

    Arguments:
        plain: the text of the page, one blank between tokens.
        spans: the mentions, in order of position.
        cues: cue, start and end, in order of position, none overlapping another.

    Result: indices into spans; a mention that is said to be both is optional only ("not required but a plus").
    """
    negated: set[int] = set()
    optional: set[int] = set()
    for cue, start, end in cues:
        if cue.kind is Kind.NEGATION:
            negated.update(_scope(plain, spans, cue, start=start, end=end))
        elif cue.kind is Kind.OPTION:
            optional.update(_scope(plain, spans, cue, start=start, end=end))
    return Judgement(negated - optional, optional)


def listed(plain: str, start: int, end: int) -> bool:
    """Whether what stands between two mentions makes them items of one list, with nothing unknown between them."""
    return end - start < _REACHABLE and _PURE_LIST.fullmatch(plain, start, end) is not None


def _scope(plain: str, spans: list[Span], cue: Cue, *, start: int, end: int) -> list[int]:
    under = _heading(plain, spans, start=start, end=end) if cue.kind is Kind.OPTION else []
    if under:
        return under
    before = cue.side is not Side.AFTER
    after = cue.side is not Side.BEFORE
    if cue.side is Side.AFTER_ELSE_BEFORE:
        return _after(plain, spans, end, cue.reach) or _before(plain, spans, start, cue)
    return (before and _before(plain, spans, start, cue)) or (after and _after(plain, spans, end, cue.reach)) or []


def _heading(plain: str, spans: list[Span], *, start: int, end: int) -> list[int]:
    """Mentions under a heading, if the cue is one: it begins a line or sentence and a colon or a new line follows."""
    lead = plain[max(0, start - 30) : start]
    if _LINE_END.split(lead)[-1].strip(" -*#\t\r") and not lead.rstrip().endswith(","):
        return []
    found = _HEADING.match(plain, end)
    if found is None:
        return []
    block = found.group(1) or found.group(2)
    stop = (_BLOCK_END if block else _LINE_END).search(plain, found.end())
    limit = stop.start() if stop else len(plain)
    return [index for index, span in enumerate(spans) if found.end() <= span.start < limit]


def _before(plain: str, spans: list[Span], start: int, cue: Cue) -> list[int]:
    """The nearest mention before a cue, and the list that ends with it."""
    last = -1
    for index, span in enumerate(spans):
        if span.end > start:
            break
        last = index
    if last < 0 or not _near(plain, spans[last].end, start, reach=cue.reach):
        return []
    scope = [last]
    only_or = not cue.plural and not _has_head(plain, spans, last)
    conjunction = comma = False
    for index in range(last, 0, -1):
        if not _in_list(plain, spans, index):
            break
        gap = plain[spans[index - 1].end : spans[index].start]
        if only_or and not _OR.search(gap):
            break
        if _CONJUNCTION.search(gap):
            # A list has one conjunction, before its last item: what stands left of a second one is another list.
            if comma and not only_or:
                return [last]
            if conjunction and "," in plain[spans[index].end : start]:
                break
            conjunction = True
        elif not conjunction:
            comma = True
        scope.append(index - 1)
    return scope


def _has_head(plain: str, spans: list[Span], last: int) -> bool:
    """Whether a noun governs the list that ends at a mention: "knowledge of A, B, C is a plus" means all three."""
    first = last
    while first > 0 and _in_list(plain, spans, first):
        first -= 1
    return _HEAD_NOUN.search(plain[max(0, spans[first].start - 12) : spans[first].start]) is not None


def _after(plain: str, spans: list[Span], end: int, reach: int) -> list[int]:
    """The nearest mention after a cue, and the list that begins with it."""
    first = next((index for index, span in enumerate(spans) if span.start >= end), -1)
    if first < 0 or not _near(plain, end, spans[first].start, reach=reach):
        return []
    scope = [first]
    for index in range(first + 1, len(spans)):
        if not _in_list(plain, spans, index):
            break
        scope.append(index)
    return scope


def _in_list(plain: str, spans: list[Span], index: int) -> bool:
    """Whether a mention and the one before it are items of one list; one unknown item may stand between them."""
    start, end = spans[index - 1].end, spans[index].start
    return end - start < _REACHABLE and _LIST.fullmatch(plain, start, end) is not None


def _near(plain: str, start: int, end: int, *, reach: int) -> bool:
    if end - start > _REACHABLE:
        return False
    gap = plain[start:end].removeprefix(":")
    return len(gap.split()) <= reach and _BREAK.search(gap) is None
