"""Progress: what a terminal, a log and a program see."""

import io
import re

import pytest

from cypher import progress
from cypher.progress import Bars, Lines, Progress


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_log_gets_one_line_with_count_seconds_and_rate():
    """Would catch bars or escape codes in a log, and a last line without its figures."""
    stream = io.StringIO()
    with Progress.for_stream(stream).step("Loading postings", total=3000, unit="rows") as step:
        for _ in range(3):
            step.advance(1000)
    assert re.fullmatch(r"Loading postings: 3,000 rows in 0\.0 s\n", stream.getvalue())


def test_rate_is_count_by_seconds(monkeypatch):
    """Would catch a rate over the wrong time."""
    instants = iter([100.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(instants, 104.0))
    step = progress.Step("Loading", 8, unit="rows")
    step.count = 8
    assert step.summary() == "Loading: 8 rows in 4.0 s (2/s)"


def test_lines_come_seldom(monkeypatch):
    """Would catch a line per batch, which fills a log."""
    present = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: present[0])
    stream = io.StringIO()
    with Lines(stream).step("Loading", total=80, unit="rows") as step:
        for _ in range(80):
            present[0] += 0.125
            step.advance()
    assert stream.getvalue() == (
        "Loading: 40 of 80 rows (50 %)\nLoading: 80 rows (100 %)\nLoading: 80 rows in 10.0 s (8/s)\n"
    )


def test_failed_step_says_so():
    """Would catch a broken step that reads like a finished one."""
    stream = io.StringIO()
    with pytest.raises(ValueError, match="broken"), Lines(stream).step("Loading", total=10, unit="rows") as step:
        step.advance(4)
        raise ValueError("broken")
    assert stream.getvalue() == "Loading: 4 of 10 rows in 0.0 s, failed\n"


def test_terminal_gets_bars_and_last_lines():
    """Would catch nested bars that stop the outer one, and text read as markup."""
    stream = Terminal()
    shown = Progress.for_stream(stream)
    assert isinstance(shown, Bars)
    with shown.step("Outer [bold]", unit="files") as outer:
        outer.expect(1)
        with shown.step("Inner", total=2, unit="rows") as inner:
            inner.advance(2)
        outer.advance()
    shown.say("done")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert "Inner: 2 rows in 0.0 s" in plain
    assert "Outer [bold]: 1 files in 0.0 s" in plain
    assert plain.rstrip().endswith("done")


def test_silent_counts():
    """Would catch a silent progress that loses the count on which reports rely."""
    with Progress.silent().step("Quiet") as step:
        step.advance(7)
    assert step.count == 7
