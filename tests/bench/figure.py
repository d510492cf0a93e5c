"""A measured figure beside its target, and the table of all of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the result.

    Arguments:
        name: what was measured.
        value: how much it is.
        unit: of the value and of the target.
        target: the least that it must be, or the most where `most`; None where there is none.
        most: whether less is better.
        note: what it comes from.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    most: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        """Whether the target is missed; a value that is not a number misses every target."""
        if self.target is None:
            return False
        return not (self.value <= self.target if self.most else self.value >= self.target)

    def untargeted(self) -> "Figure":
        """Return the same without a target: at another size than that of the paper it says nothing."""
        return Figure(self.name, self.value, self.unit, None, self.most, self.note)


def rate(name: str, count: int, seconds: Sequence[float], *, target: float | None = None) -> Figure:
    """Return things a second, by the best of several rounds; the first is told beside it."""
    best = min(seconds)
    note = f"{count:,} in {best:.2f} s, at first {seconds[0]:.2f} s"
    return Figure(name, count / best if best else float("inf"), "a second", target, note=note)


def timed(name: str, work: Callable[[], int], *, rounds: int, target: float | None = None) -> Figure:
    """Run something several times; it returns how many things it did."""
    seconds, count = [], 0
    for _ in range(rounds):
        begun = time.perf_counter()
        count = work()
        seconds.append(time.perf_counter() - begun)
    return rate(name, count, seconds, target=target)


def table(figures: Sequence[Figure]) -> Table:
    """Return figures as a table."""
    grid = Table(box=None, pad_edge=False)
    grid.add_column("what", no_wrap=True)
    for name in ("measured", "target"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("met", no_wrap=True)
    grid.add_column("from")
    for each in figures:
        target, met = "-", "-"
        if each.target is not None:
            target = f"{'at most' if each.most else 'at least'} {_shown(each.target)}"
            met = "no" if each.missed else "yes"
        cells = (each.name, f"{_shown(each.value)} {each.unit}", target, met, each.note)
        grid.add_row(*cells, style="red" if each.missed else None)
    return grid


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.3g}"
