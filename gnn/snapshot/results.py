"""Results of certificates, competitions, practice and internships, from words to a share."""

import math
import re
from functools import lru_cache

# Looked for in this order: "not passed" is no pass, and "passed with merit" is more than one.
_WORDS = (
    (0.0, ("fail", "not pass", "no award", "no prize", "不合格", "不及格", "未通过", "未获奖")),
    (
        1.0,
        ("merit", "distinction", "excellent", "outstanding", "first", "gold", "champion", "优秀", "一等", "特等", "金"),
    ),
    (2 / 3, ("good", "second", "silver", "良", "二等", "银")),
    (1 / 3, ("pass", "third", "bronze", "satisf", "qualified", "合格", "及格", "通过", "三等", "铜", "中等")),
)
_NUMBER = re.compile(r"\s*(\d{1,3}(?:\.\d+)?)\s*(?:%|分)?\s*")


@lru_cache(maxsize=4096)
def result_share(text: str | None) -> float:
    """Return how good a result is, 0 to 1; NaN where it is not known.

    Arguments:
        text: grade, award or mark as stated; a number is a mark out of 100.

    >>> result_share("second prize"), result_share("不及格"), result_share("85"), result_share(None)
    (0.6666666666666666, 0.0, 0.85, nan)
    """
    plain = (text or "").strip().lower()
    if number := _NUMBER.fullmatch(plain):
        mark = float(number.group(1)) / 100.0
        return mark if mark <= 1.0 else math.nan
    return next((share for share, words in _WORDS if any(word in plain for word in words)), math.nan)
