"""Single random numbers at the price of a function call, from a stream that is filled in blocks."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BLOCK = 8192


class Draws:
    """Uniform numbers one by one.

    Arguments:
        generator: where they come from; nothing else may draw from it.
    """

    def __init__(self, generator: np.random.Generator) -> None:
        self.next: Callable[[], float] = _stream(generator).__next__

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1."""
        return int(self.next() * bound)

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, each as likely as another."""
        return options[int(self.next() * len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Different options in drawn order, fewer where there are not so many."""
        pool = list(options)
        picked = []
        for _ in range(min(count, len(pool))):
            picked.append(pool.pop(int(self.next() * len(pool))))
        return picked


def _stream(generator: np.random.Generator) -> Iterator[float]:
    while True:
        yield from generator.random(BLOCK).tolist()
