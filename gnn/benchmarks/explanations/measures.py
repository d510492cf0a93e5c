"""The measures of explanations as plain arithmetic; what they mean stands in the docstring of the folder."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from math import log

import numpy as np

LEAST_COMMON = 3
"""Items that two lists must share for the order of them to say anything."""


def evenness(kinds: Sequence[Hashable], *, possible: int) -> float:
    """Return the entropy of the kinds in a list, as a share of the largest that it could have, 0 to 1.

    Arguments:
        kinds: of each item.
        possible: kinds that there are.

    Returns:
        NaN where a list can hold one kind only.

    >>> evenness(["a", "a", "b", "b"], possible=2), evenness(["a", "a"], possible=5)
    (1.0, 0.0)
    """
    most = min(len(kinds), possible)
    if most < 2:
        return float("nan")
    shares = [count / len(kinds) for count in Counter(kinds).values()]
    return abs(sum(share * log(share) for share in shares)) / log(most)


def jaccard(left: Collection[Hashable], right: Collection[Hashable]) -> float:
    """Return how much two sets have in common, 0 to 1; NaN where both are empty.

    >>> jaccard("ab", "bc")
    0.3333333333333333
    """
    one, other = set(left), set(right)
    either = one | other
    return len(one & other) / len(either) if either else float("nan")


def same_order(left: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    """Return Spearman's rho of the ranks of what is in both lists, -1 to 1; NaN below `LEAST_COMMON` items.

    >>> same_order("abcx", "yabc"), same_order("abc", "cba")
    (1.0, -1.0)
    """
    both = set(left) & set(right)
    count = len(both)
    if count < LEAST_COMMON:
        return float("nan")
    ranks = {item: place for place, item in enumerate(item for item in right if item in both)}
    apart = sum((place - ranks[item]) ** 2 for place, item in enumerate(item for item in left if item in both))
    return 1.0 - 6.0 * apart / (count * (count**2 - 1))


def mean(values: Collection[float]) -> float:
    """Return the mean of what is a number; NaN without any."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")
