"""Terms of the academic year: two halves, from 09-01 and from 03-01, as numbers that can be counted with."""

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


def last_term(day: date, *, ended: bool) -> str:
    """Return the last term that has begun by a day, or has ended before it. Terms start on 09-01 and on 03-01.

    >>> last_term(date(2024, 3, 1), ended=False), last_term(date(2024, 3, 1), ended=True)
    ('2023-2', '2023-1')
    """
    # Terms are numbered from the first half of year 0; three months decide which one a day lies in.
    number = day.year * 2 + (day.month >= 3) + (day.month >= 9) - 2 - ended
    return f"{number // 2}-{number % 2 + 1}"


def term_start(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ordinal of the first day of terms, and so, for the next number, the day when their results are known.

    Arguments:
        numbers: twice the first year of the academic year, and one more for its second half; NaN stays.

    >>> term_start(np.array([4046.0, 4047.0])).tolist() == [date(2023, 9, 1).toordinal(), date(2024, 3, 1).toordinal()]
    True
    """
    kinds, place = np.unique(numbers, return_inverse=True)  # few terms, many records
    days = [
        float("nan") if np.isnan(each) else date(int(each + 1) // 2, 9 if each % 2 == 0 else 3, 1).toordinal()
        for each in kinds.tolist()
    ]
    found: NDArray[np.float64] = np.array(days, float)[place]
    return found


@lru_cache(maxsize=1024)
def term_number(value: str | None) -> float:
    """Return the number of a term as `term_start` takes it; NaN for what is none.

    >>> term_number("2023-2"), term_number("summer")
    (4047.0, nan)
    """
    year, _, half = (value or "").partition("-")
    known = year.isdigit() and len(year) == 4 and half in ("1", "2")
    return 2.0 * int(year) + int(half) - 1.0 if known else float("nan")
