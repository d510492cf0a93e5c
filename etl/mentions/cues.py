"""The phrases around a skill that change what its mention means.

They are data: the reader puts them into the same matcher as the skills, so a text without them costs nothing more.
"""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a cue says of the mentions in its reach."""

    NEGATION = "not needed"
    OPTION = "welcome, not needed"
    NEUTRAL = "says nothing; hides a shorter cue inside it, as 'not only' hides 'not'"
    INTRODUCTION = "a skill is about to be named"


class Side(Enum):
    """Where the mentions stand that a cue speaks of."""

    BEFORE = "before the cue"
    AFTER = "after the cue"
    BEFORE_ELSE_AFTER = "before the cue if there is one in reach, else after it"
    AFTER_ELSE_BEFORE = "after the cue if there is one in reach, else before it"


class Cue(NamedTuple):
    """One phrase.

    Arguments:
        phrase: as written; forms are matched as those of skills are.
        kind: what it says.
        side: of which mentions.
        reach: how many words, for Chinese characters, may stand between it and the nearest mention.
        plural: whether it speaks of a whole list at least as often as of its last item ("are a plus").
    """

    phrase: str
    kind: Kind
    side: Side
    reach: int
    plural: bool = True


def _cues(kind: Kind, side: Side, reach: int, phrases: str) -> list[Cue]:
    return [
        Cue(phrase.strip(), kind, side, reach, not phrase.strip().startswith(("is ", "'s ")))
        for phrase in phrases.split("|")
    ]


_DEGREES = (
    "",
    "definite ",
    "big ",
    "huge ",
    "strong ",
    "great ",
    "real ",
    "major ",
    "distinct ",
    "added ",
    "significant ",
    "clear ",
)
_VALUES = ("plus", "bonus", "advantage", "asset")
_PLUSES = "|".join(
    phrase
    for value in _VALUES
    for degree in _DEGREES
    for phrase in ((f"a {degree}{value}", f"an {degree}{value}", f"is a {degree}{value}", f"is an {degree}{value}"))
    if not (value == "asset" and degree == "" and phrase.startswith("a "))
)

CUES: tuple[Cue, ...] = (
    # English, not needed
    *_cues(Kind.NEGATION, Side.AFTER, 4, "no|without|no need for|no need to|neither"),
    *_cues(Kind.NEGATION, Side.AFTER, 2, "not"),
    *_cues(
        Kind.NEGATION,
        Side.AFTER,
        5,
        "do not need|don't need|does not need|doesn't need|not need|need not|do not require|don't require"
        "|does not require|doesn't require|not require|won't need|will not need|not looking for|not be using"
        "|no longer use|not expect you to know",
    ),
    *_cues(
        Kind.NEGATION,
        Side.BEFORE_ELSE_AFTER,
        5,
        "not required|not needed|not necessary|not a requirement|isn't required|isn't needed|aren't required"
        "|aren't needed|unnecessary|isn't necessary|not relevant|no longer required|no longer needed|not used",
    ),
    # English, welcome
    *_cues(Kind.OPTION, Side.BEFORE, 6, _PLUSES),
    *_cues(
        Kind.OPTION,
        Side.BEFORE_ELSE_AFTER,
        6,
        "is preferred|preferred|are preferred|is desirable|desirable|is desired|highly desired|preferable"
        "|advantageous|beneficial|nice to have|good to have|is optional|optional|not essential|not mandatory"
        "|not a must|is welcome|welcome|is appreciated|appreciated|would be nice|not required but"
        "|not necessary but|helpful|is helpful",
    ),
    *_cues(
        Kind.OPTION,
        Side.AFTER_ELSE_BEFORE,
        8,
        "preferably|ideally|bonus points for|extra points for|bonus points if|a plus if",
    ),
    # English, says nothing
    *_cues(
        Kind.NEUTRAL,
        Side.AFTER,
        0,
        "not only|not just|not merely|not limited to|no less than|not less than|no later than|no more than"
        "|no fewer than|no matter|no doubt|no problem with|no problem working|or not|with or without|not afraid"
        "|not be afraid|not least|preferred name|no. of",
    ),
    # Chinese, not needed
    *_cues(Kind.NEGATION, Side.AFTER, 8, "无需|无须|不需要|不需|不必|不用|毋须|没有必要"),
    *_cues(
        Kind.NEGATION, Side.BEFORE_ELSE_AFTER, 8, "不要求|无要求|没有要求|不作要求|不做要求|不作硬性要求|不做硬性要求"
    ),
    # Chinese, welcome
    *_cues(
        Kind.OPTION,
        Side.BEFORE_ELSE_AFTER,
        14,
        "优先|优先考虑|优先录用|加分|加分项|更佳|更好|尤佳|为佳|佳|非必须|非必需|不是必须|不是必需|不强制|可加分|者优先",
    ),
    *_cues(Kind.OPTION, Side.AFTER_ELSE_BEFORE, 8, "最好|加分项"),
    # Chinese, says nothing
    *_cues(
        Kind.NEUTRAL,
        Side.AFTER,
        0,
        "不限于|不仅|不只|不但|无论|不论|不要求精通|不要求熟练|优先级|最佳|最好的|更好地|更好的",
    ),
    # a skill follows
    *_cues(
        Kind.INTRODUCTION,
        Side.AFTER,
        0,
        "experience with|experience in|experience using|experience of|knowledge of|knowledge in|proficient in"
        "|proficient with|proficiency in|proficiency with|familiar with|familiarity with|expertise in"
        "|expertise with|skilled in|skills in|skill in|understanding of|experienced in|experienced with"
        "|certified in|fluent in|fluency in|competent in|competency in|mastery of|background in|hands-on with"
        "|command of|熟悉|掌握|精通|了解|熟练使用|熟练运用|熟练掌握|熟练操作|擅长|会使用|能使用",
    ),
)
