"""Terms that stand where skills stand and match nothing: what the vocabulary may be missing.

Three places are looked at: after an introduction ("experience with", 熟悉), in a list beside known skills, and names
written as only tools are ("PyTorch", "D3.js", "S7-1200").
"""

import re

from etl.mentions.context import Span
from etl.mentions.variants import words

_STOP = (
    r"to|for|on|that|which|who|is|are|was|be|as|at|by|from|using|you|your|we|our|will|can|preferred|required|plus|within|such|including"
    r"|etc|when|while|where|desired|desirable|needed|must|should|with|in|through|across"
)
_ITEM = re.compile(rf"(?:(?!(?:{_STOP}|and|or)\b)[^\s,;:/、。()\n|&]+\s?){{1,4}}", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:,\s*(?:and|or)\b|[,/&]|\band\b|\bor\b)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:(?:the|a|an|at least|one or more|all|any|some|various|other|different|modern|strong|good|working|basic"
    r"|relevant|similar|both|their|its|this|these|those|more|most|how|what|principles of|use of)\s+)+",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)|[;:。\n|•]")
_TOOL = re.compile(
    r"\b(?:[A-Z][a-z]+[A-Z][A-Za-z0-9]*|[a-z]{1,2}[A-Z][A-Za-z]{2,}|[A-Za-z][A-Za-z0-9]*\.(?:js|io|NET)|[A-Z][A-Za-z]*-?\d[A-Za-z0-9]*"
    r"|[A-Za-z]+(?:\+\+|#))(?![\w+#])"
)
_NEIGHBOUR = re.compile(
    r"\s*(?:,|/|&|、|\band\b|\bor\b|和|与|及|或)+\s*(?:(?:and|or)\s+)?([A-Z][\w.+#-]*(?: [A-Z][\w.+#-]*){0,2}?)"
    r"(?=\s*(?:[,;./)、。\n]|and\b|or\b|和|等|$))"
)
_HAN_STOP = re.compile(r"[,;:.。!?()\n|者等并且能有具进为的优加佳经]|和 以")
_HAN_JOINT = re.compile(r"[、/]|\s(?:和|与|及|或|以 及|或 者)\s")
_HAN = re.compile("[\u3400-\u9fff]")
_LONGEST_HAN = 10
_NEVER = words("phd ph.d msc bsc covid-19 linkedin youtube facebook e.g i.e etc ability experience work of")
_MOST = 6  # items taken after one introduction; what follows is prose


def introduced(plain: str, start: int) -> list[Span]:
    """Items of the list that an introduction opens; start is the offset after it."""
    piece = plain[start : start + 120]
    if _HAN.search(piece[:24]):
        return _introduced_in_chinese(plain, start)
    stop = _SENTENCE_END.search(piece)
    limit = start + (stop.start() if stop else len(piece))
    found: list[Span] = []
    place = start
    while place < limit and len(found) < _MOST:
        while place < limit and plain[place] == " ":
            place += 1
        lead = _LEAD.match(plain, place, limit)
        item = _ITEM.match(plain, lead.end() if lead else place, limit)
        if item is None:
            break
        found.append(_trimmed(plain, *item.span()))
        joint = _JOINT.match(plain, found[-1].end, limit)
        if joint is None:
            break
        place = joint.end()
    return [span for span in found if _plausible(plain[span.start : span.end])]


def _introduced_in_chinese(plain: str, start: int) -> list[Span]:
    stop = _HAN_STOP.search(plain, start, start + 60)
    limit = stop.start() if stop else min(len(plain), start + 60)
    found: list[Span] = []
    place = start
    for joint in [*_HAN_JOINT.finditer(plain, start, limit), None]:
        span = _trimmed(plain, place, joint.start() if joint else limit)
        text = plain[span.start : span.end].replace(" ", "")
        if 2 <= len(text) <= _LONGEST_HAN or not _HAN.search(text):
            found.append(span)
        place = joint.end() if joint else limit
    return [span for span in found[:_MOST] if _plausible(plain[span.start : span.end])]


def beside(plain: str, spans: list[Span]) -> list[Span]:
    """Capitalised items that follow a known skill in the same list, up to the next known one."""
    found = []
    for index, span in enumerate(spans):
        place = span.end
        limit = spans[index + 1].start if index + 1 < len(spans) else len(plain)
        while place < limit and (item := _NEIGHBOUR.match(plain, place)) is not None and item.start(1) < limit:
            found.append(_trimmed(plain, *item.span(1)))
            place = item.end(1)
    return [span for span in found if _plausible(plain[span.start : span.end])]


def tool_like(plain: str) -> list[Span]:
    """Names written with an inner capital, a digit or a sign, as tools and standards are."""
    return [Span(*found.span()) for found in _TOOL.finditer(plain) if found.group().lower() not in _NEVER]


def _trimmed(plain: str, start: int, end: int) -> Span:
    while end > start and plain[end - 1] in " .-'\"*":
        end -= 1
    while start < end and plain[start] in " -'\"*":
        start += 1
    return Span(start, end)


def _plausible(text: str) -> bool:
    return len(text) > 1 and text[0] not in "<[" and any(map(str.isalpha, text)) and text.lower() not in _NEVER
