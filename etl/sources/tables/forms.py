"""The forms that a cell of a table may have: how it is written, and what it is read as."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from etl.values.dates import parse_date, parse_instant
from etl.values.education import isced
from etl.values.numbers import parse_integer, parse_number
from schema.errors import InputError

Reader = Callable[[str], Any]

_TERM = re.compile(r"(\d{4})(?:-(\d{4}))?(?:学年)?[-第]?([12一二])(?:学期)?")
_HALVES = {"1": "1", "2": "2", "一": "1", "二": "2"}
_YES = frozenset({"yes", "y", "true", "1", "是", "有"})
_NO = frozenset({"no", "n", "false", "0", "否", "无"})
_LIST = re.compile(r"[;；]")
_WEIGHTED = re.compile(r"(.*\S)\s*[:：]\s*([0-9.]+%?)")


class Form(Protocol):
    """How a cell is written."""

    @property
    def description(self) -> str:
        """The form in a few words, for the documentation."""

    def read(self, text: str) -> Any:
        """Return the value of a cell that is not empty, or raise InputError."""


@dataclass(frozen=True, slots=True)
class Text:
    """Any text."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "text"

    def read(self, text: str) -> str:
        """Return the text as it is."""
        return text


@dataclass(frozen=True, slots=True)
class Texts:
    """Several texts in one cell."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "texts, parted by `; `"

    def read(self, text: str) -> list[str]:
        """Return the texts, each once, in order."""
        return items(text)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a range.

    Arguments:
        low: least value, or None.
        high: greatest value, or None.
        whole: True where it must be whole.
    """

    low: float | None = 0.0
    high: float | None = None
    whole: bool = False

    @property
    def description(self) -> str:
        """The form in a few words."""
        kind = "whole number" if self.whole else "number"
        if self.low is not None and self.high is not None:
            return f"{kind}, {self.low:g} to {self.high:g}"
        return kind if self.low is None else f"{kind}, {self.low:g} or more"

    def read(self, text: str) -> float | int | None:
        """Return the number."""
        if self.whole:
            low, high = (None if each is None else int(each) for each in (self.low, self.high))
            return parse_integer(text, low=low, high=high)
        return parse_number(text, low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the whole: a fraction or a percentage."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "`85%` or `0.85`"

    def read(self, text: str) -> float | None:
        """Return the share, 0 to 1."""
        return parse_number(text, low=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "date, such as `2024-09-01`"

    def read(self, text: str) -> Any:
        """Return the day."""
        return parse_date(text)


@dataclass(frozen=True, slots=True)
class Instant:
    """A point of time."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "time, such as `2024-09-01T08:30:00+08:00`; UTC where no zone is given"

    def read(self, text: str) -> Any:
        """Return the instant, in UTC."""
        return parse_instant(text)


@dataclass(frozen=True, slots=True)
class Term:
    """A half of an academic year."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "`2023-1` (from September 2023) or `2023-2` (from March 2024); `2023-2024-1` is understood"

    def read(self, text: str) -> str:
        """Return the term as ``2023-1``.

        >>> Term().read("2023-2024-2")
        '2023-2'
        >>> Term().read("2023-2024学年第一学期")
        '2023-1'
        """
        match = _TERM.fullmatch(text.replace(" ", ""))
        if match is None or (match[2] and int(match[2]) != int(match[1]) + 1):
            raise InputError(f"term {text!r}", "a half-year such as 2023-1 or 2023-2")
        return f"{match[1]}-{_HALVES[match[3]]}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words.

    Arguments:
        words: (word, further spelling ...) for each; the first is what is stored.
    """

    words: tuple[tuple[str, ...], ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The words that are stored."""
        return tuple(each[0] for each in self.words)

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "one of " + ", ".join(f"`{each}`" for each in self.values)

    def read(self, text: str) -> str:
        """Return the word as it is stored; case, spaces and hyphens do not count."""
        folded = text.casefold().replace(" ", "_").replace("-", "_")
        for word in self.words:
            if folded in word:
                return word[0]
        raise InputError(repr(text), f"one of {', '.join(self.values)}")


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "`yes` or `no`"

    def read(self, text: str) -> bool:
        """Return True for yes."""
        folded = text.casefold()
        if folded in _YES:
            return True
        if folded in _NO:
            return False
        raise InputError(repr(text), "yes or no")


@dataclass(frozen=True, slots=True)
class Education:
    """A level of education."""

    @property
    def description(self) -> str:
        """The form in a few words."""
        return "ISCED 2011 level 0 to 8, or its name, such as `bachelor` or `本科`"

    def read(self, text: str) -> int:
        """Return the ISCED 2011 level."""
        if len(text) == 1 and text in "012345678":
            return int(text)
        level = isced(text)
        if level is None:
            raise InputError(f"education {text!r}", "a level of education")
        return level


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing that is in the graph, by its code or its exact name.

    Arguments:
        labels: labels that it may have, the first that holds it wins.
        many: True where a cell may name several.
        weighted: True where each may be followed by ``:`` and a number from 0 to 1.
        shared: True where a thing not yet there is made: majors, classes, universities, industries, regions.
        later: True where it may stand in the same file, so that it is looked up after all rows are in.
    """

    labels: tuple[str, ...]
    many: bool = False
    weighted: bool = False
    shared: bool = False
    later: bool = False

    @property
    def description(self) -> str:
        """The form in a few words."""
        things = " or ".join(self.labels)
        one = f"code or exact name of a {things}"
        if self.shared:
            one = f"name of a {things}"
        if self.weighted:
            one += ", with `:` and a number from 0 to 1, or without for 1"
        return f"{one}; several parted by `; `" if self.many else one

    def read(self, text: str) -> list[str]:
        """Return what the cell names, as written."""
        return items(text) if self.many else [text]


def items(text: str) -> list[str]:
    """Return the parts of a cell with several values, each once, in order.

    >>> items("Java;  Python；Java ")
    ['Java', 'Python']
    """
    return list(dict.fromkeys(part for each in _LIST.split(text) if (part := each.strip())))


def weighted(text: str) -> tuple[str, float | None]:
    """Return name and weight of an entry such as ``python:0.8``; None where no weight is given.

    Raises:
        InputError: the weight is not in (0, 1].

    >>> weighted("fc:python : 80%")
    ('fc:python', 0.8)
    >>> weighted("fc:python")
    ('fc:python', None)
    """
    match = _WEIGHTED.fullmatch(text)
    if match is None:
        return text, None
    weight = parse_number(match[2])
    if weight is None or not 0 < weight <= 1:
        raise InputError(f"{match[2]} behind {match[1]!r}", "more than 0, at most 1")
    return match[1], weight
