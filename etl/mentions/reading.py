"""What reading a text gives: mentions of known skills, and candidates for new ones."""

from typing import NamedTuple


class Mention(NamedTuple):
    """One place where a text names a skill.

    Arguments:
        code: code of the skill.
        start: offset of its first character in the text, from 0.
        end: offset after its last character; ``text[start:end]`` is the mention.
        text: the mention as written.
        confidence: 1.0 the preferred name, 0.9 an alias, 0.8 an inflected or re-spelled form of either.
        optional: the text says that it is welcome but not needed ("a plus").
        negated: the text says that it is not needed ("no Java needed"); optional wins where both are said.
        language: of the name that matched, "en" or "zh".
    """

    code: str
    start: int
    end: int
    text: str
    confidence: float
    optional: bool
    negated: bool
    language: str


class Candidate(NamedTuple):
    """A term that stands where skills stand and is none that we know.

    Arguments:
        text: the term as written.
        start: offset of its first character in the text, from 0.
        end: offset after its last character.
    """

    text: str
    start: int
    end: int


class Reading(NamedTuple):
    """Mentions and candidates of one text, each in order of position, none overlapping another."""

    mentions: list[Mention]
    candidates: list[Candidate]
