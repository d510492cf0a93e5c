"""Which skills a posting asks for, how much of each, and by which words.

How much (the level of a REQUIRES) follows from the clause around the mention:

==== ==========================================================
1.0  the clause insists ("must", "proficient in", 精通, 熟练), or the source lists the skill in a column of its own
0.8  the skill is named, and nothing more is said
0.6  some of it is enough ("basic", "awareness of", 了解)
0.5  it is welcome, but not needed ("a plus", 优先)
==== ==========================================================

A skill that is named several times counts once: what insists most, then the surest reading, then the first. What is
only named to say that it is not needed ("no Java needed") is not asked for.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from etl.mentions import Mention
from etl.records import Edge

INSISTED, NAMED, SOME, WELCOME = 1.0, 0.8, 0.6, 0.5

_CLAUSE_END = re.compile(r"[.;!?](?=\s|$)|[。；！？\n•]")
_INSISTS = re.compile(
    r"\b(?:must|mandatory|essential|required|requires|indispensable|proficien\w+|expert\w*|strong|solid|advanced|excellent"
    r"|in-depth|deep|thorough|extensive|fluent|master\w*)\b|精通|熟练|必须|必备|必需|务必|扎实|深入|深厚|过硬|擅长|丰富的",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:basics?|beginner|some|awareness|aware of|exposure to|entry-level|introductory|elementary|fundamental)\b"
    r"|了解|初步|基础的|基本的",
    re.IGNORECASE,
)


class _Clauses:
    """The clauses of a text, each judged once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [found.end() for found in _CLAUSE_END.finditer(text)]
        self._levels: dict[int, float] = {}

    def level(self, offset: int) -> float:
        """Return the level that the clause around an offset gives."""
        place = bisect_right(self._ends, offset)
        if place not in self._levels:
            start = self._ends[place - 1] if place else 0
            end = self._ends[place] if place < len(self._ends) else len(self._text)
            clause = self._text[start:end]
            level = INSISTED if _INSISTS.search(clause) else SOME if _SOME.search(clause) else NAMED
            self._levels[place] = level
        return self._levels[place]


def edges(text: str, mentions: Iterable[Mention], *, listed: dict[str, tuple[str, float]]) -> tuple[Edge, ...]:
    """Return one REQUIRES for each skill, in order of code.

    Arguments:
        text: responsibilities, a line break, requirements; offsets count its characters.
        mentions: what was read in it.
        listed: code of a skill that the source lists itself -> its words and the confidence, 0 to 1.
    """
    clauses = _Clauses(text)
    best: dict[str, tuple[tuple[float, float, int], Mention]] = {}
    for mention in mentions:
        if mention.negated:
            continue
        level = WELCOME if mention.optional else clauses.level(mention.start)
        rank = (-level, -mention.confidence, mention.start)
        held = best.get(mention.code)
        if held is None or rank < held[0]:
            best[mention.code] = rank, mention
    return tuple(_edge(skill, best.get(skill), listed.get(skill)) for skill in sorted({*best, *listed}))


def _edge(skill: str, found: tuple[tuple[float, float, int], Mention] | None, listed: tuple[str, float] | None) -> Edge:
    properties: dict[str, object] = {}
    if found is not None:
        (level, _, _), mention = found
        properties = {
            "level": -level,
            "confidence": mention.confidence,
            "evidence": mention.text,
            "start": mention.start,
            "end": mention.end,
            "optional": mention.optional,
        }
    if listed is not None:
        words, confidence = listed
        surest = max(confidence, float(str(properties.get("confidence", 0.0))))
        properties = {"evidence": words, **properties, "level": INSISTED, "confidence": surest, "optional": False}
    return Edge("REQUIRES", "Skill", skill, properties)
