"""Bars and lines that tell how far a long job is: bars on a terminal, plain lines elsewhere.

Everything goes to the stream that is given, standard error by habit, so that ``--json`` output stays clean.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

EVERY_SECONDS = 5.0
"""Plain lines come at most this often while a step runs."""


class Step:
    """One step under way.

    Arguments:
        title: what is done, for example "Loading postings".
        total: how many units there are, or None where nobody knows yet.
        unit: what is counted, in the plural, for example "rows".
    """

    def __init__(self, title: str, total: int | None = None, *, unit: str = "") -> None:
        self.title = title
        self.total = total
        self.unit = unit
        self.count = 0
        self._started = time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Count ``count`` more units."""
        self.count += count
        self.show()

    def expect(self, total: int) -> None:
        """Set the total once it is known."""
        self.total = total
        self.show()

    def show(self) -> None:
        """Show the present state; a step that shows nothing leaves it at that."""

    @property
    def seconds(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._started

    def summary(self, *, failed: bool = False) -> str:
        """Return the last line: count, seconds, rate."""
        text = f"{self.title}: {self.amount}" if self.count else self.title
        text += f"{' in' if self.count else ':'} {self.seconds:.1f} s"
        if self.count and self.seconds >= 0.05:
            text += f" ({self.count / self.seconds:,.0f}/s)"
        return f"{text}, failed" if failed else text

    @property
    def amount(self) -> str:
        """The count with its total and unit, for example "1,000 of 84,216 rows"."""
        of_total = f" of {self.total:,}" if self.total is not None and self.total != self.count else ""
        return f"{self.count:,}{of_total} {self.unit}".rstrip()


class Progress(ABC):
    """Shows steps. Make one with `for_stream` and hand it on; every package takes it as an argument."""

    @classmethod
    def for_stream(cls, stream: TextIO) -> "Progress":
        """Return bars where ``stream`` is a terminal, plain lines elsewhere."""
        return Bars(stream) if stream.isatty() else Lines(stream)

    @classmethod
    def silent(cls) -> "Progress":
        """Return a progress that shows nothing, for calls from programs."""
        return Silent()

    @contextmanager
    def step(self, title: str, total: int | None = None, *, unit: str = "") -> Iterator[Step]:
        """Show one step while the block runs, and a last line with count, seconds and rate.

        Arguments:
            title: what is done.
            total: how many units there are, or None.
            unit: what is counted, in the plural.
        """
        step = self.begin(title, total, unit)
        failed = True
        try:
            yield step
            failed = False
        finally:
            self.end(step, failed)

    @abstractmethod
    def begin(self, title: str, total: int | None, unit: str) -> Step:
        """Start to show a step."""

    @abstractmethod
    def end(self, step: Step, failed: bool) -> None:
        """Write the last line of a step."""

    @abstractmethod
    def say(self, line: str) -> None:
        """Write a line between steps."""


class Silent(Progress):
    """Shows nothing; steps still count."""

    def begin(self, title: str, total: int | None, unit: str) -> Step:
        return Step(title, total, unit=unit)

    def end(self, step: Step, failed: bool) -> None:
        return

    def say(self, line: str) -> None:
        return


class _LineStep(Step):
    def __init__(self, title: str, total: int | None, *, unit: str, stream: TextIO) -> None:
        super().__init__(title, total, unit=unit)
        self._stream = stream
        self._shown = self._started

    def show(self) -> None:
        present = time.monotonic()
        if present - self._shown >= EVERY_SECONDS:
            self._shown = present
            percent = f" ({100 * self.count / self.total:.0f} %)" if self.total else ""
            self._stream.write(f"{self.title}: {self.amount}{percent}\n")
            self._stream.flush()


class Lines(Progress):
    """Plain lines for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, title: str, total: int | None, unit: str) -> Step:
        return _LineStep(title, total, unit=unit, stream=self._stream)

    def end(self, step: Step, failed: bool) -> None:
        self.say(step.summary(failed=failed))

    def say(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class _BarStep(Step):
    def __init__(self, title: str, total: int | None, *, unit: str, bars: RichProgress) -> None:
        super().__init__(title, total, unit=unit)
        self.bars = bars
        self.task = bars.add_task(title, total=total)

    def show(self) -> None:
        self.bars.update(self.task, completed=self.count, total=self.total)


class Bars(Progress):
    """Bars on a terminal; a finished bar is replaced by its last line. Steps may lie inside one another."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)
        self._bars: RichProgress | None = None
        self._open = 0

    def begin(self, title: str, total: int | None, unit: str) -> Step:
        if self._bars is None:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
            )
            self._bars = RichProgress(*columns, console=self._console, transient=True)
            self._bars.start()
        self._open += 1
        return _BarStep(title, total, unit=unit, bars=self._bars)

    def end(self, step: Step, failed: bool) -> None:
        assert isinstance(step, _BarStep)
        step.bars.remove_task(step.task)
        self._open -= 1
        if self._open == 0:
            step.bars.stop()
            self._bars = None
        self.say(step.summary(failed=failed))

    def say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False)
