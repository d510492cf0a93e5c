"""Two configurations held against each other by what students did with what they were shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from gnn.snapshot import Floats
from schema.errors import JobError

LEAST = 2
"""Students of a variant below which there is no spread, hence no interval."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant.

    Arguments:
        students: who were shown anything.
        shown: items that they were shown.
        taken: those of them that they wanted.
        rate: mean over students of taken / shown, 0 to 1.
    """

    students: int
    shown: int
    taken: int
    rate: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference B - A of the mean rates, with its interval.

    Arguments:
        a, b: the variants.
        difference: B - A, -1 to 1.
        low, high: ends of the interval.
        level: share of such intervals that hold the true difference, e.g. 0.95.
        p: chance of a difference as large where there is none (Welch's test), 0 to 1.
    """

    a: Arm
    b: Arm
    difference: float
    low: float
    high: float
    level: float
    p: float

    @property
    def decided(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0.0 or self.high < 0.0


def compare(variants: Sequence[str], shown: Sequence[int], taken: Sequence[int], *, level: float = 0.95) -> Comparison:
    """Compare two variants; each student counts once, however much was shown.

    A student is what was drawn at random, so students are the sample: items of one student depend on one another, and
    counting them one by one would make the interval too narrow.

    Source: Welch 1947, for unequal variances.

    Arguments:
        variants: "A" or "B" of each student.
        shown: items shown to each, >= 1.
        taken: those that each wanted, 0 to shown.
        level: of the interval, above 0, below 1.

    Raises:
        JobError: a variant has fewer than two students.
    """
    side = np.asarray(variants)
    count, wanted = np.asarray(shown, float), np.asarray(taken, float)
    rates: Floats = wanted / count
    arms = {}
    for name in ("A", "B"):
        here = side == name
        if here.sum() < LEAST:
            raise JobError(f"{int(here.sum())} students of variant {name}", f"{LEAST} or more", where="compare")
        arms[name] = Arm(int(here.sum()), int(count[here].sum()), int(wanted[here].sum()), float(rates[here].mean()))
    difference = arms["B"].rate - arms["A"].rate
    if np.ptp(rates[side == "A"]) == 0.0 and np.ptp(rates[side == "B"]) == 0.0:
        # Without any spread the test has nothing to divide by; the difference is what it is.
        return Comparison(arms["A"], arms["B"], difference, difference, difference, level, float(difference == 0.0))
    test = stats.ttest_ind(rates[side == "B"], rates[side == "A"], equal_var=False)
    low, high = test.confidence_interval(level)
    return Comparison(arms["A"], arms["B"], difference, float(low), float(high), level, float(test.pvalue))
