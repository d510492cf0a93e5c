"""Types of parameters and columns as query headers write them, and the values that fit them.

Grammar: ``TYPE := NAME | "list of" TYPE``, then ``" or null"`` where null fits too; a header may add a range such as
``1 to 500`` or ``0 or more``, which holds for a number or for every number of a list.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import neo4j.graph
import neo4j.time

from schema.errors import QueryError

_PLAIN = "string, integer, float, boolean, date, datetime, bytes, map, node, relationship, path, any"
_NAMES = frozenset(_PLAIN.split(", "))
_NUMBERS = frozenset({"integer", "float"})
_NUMBER = r"-?\d+(?:\.\d+)?"
_SPAN = re.compile(rf"({_NUMBER}) to ({_NUMBER})")
_FROM = re.compile(rf"({_NUMBER}) or more")

_CLASSES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (float, int),
    "boolean": (bool,),
    "date": (date, neo4j.time.Date),
    "datetime": (datetime, neo4j.time.DateTime),
    "bytes": (bytes, bytearray),
    "list": (list, tuple),
    "map": (dict,),
    "node": (neo4j.graph.Node,),
    "relationship": (neo4j.graph.Relationship,),
    "path": (neo4j.graph.Path,),
    "any": (object,),
}


@dataclass(frozen=True, slots=True)
class Range:
    """Closed range of a number; ``high`` is None where there is no upper end."""

    low: float
    high: float | None = None

    def __str__(self) -> str:
        return f"{self.low:g} or more" if self.high is None else f"{self.low:g} to {self.high:g}"

    def holds(self, number: float) -> bool:
        """Tell whether ``number`` lies in the range; not-a-number never does."""
        return number >= self.low and (self.high is None or number <= self.high)

    @classmethod
    def parse(cls, text: str) -> "Range | None":
        """Return the range that ``text`` is, or None where it is a remark of another kind."""
        if span := _SPAN.fullmatch(text):
            return cls(float(span[1]), float(span[2]))
        if start := _FROM.fullmatch(text):
            return cls(float(start[1]))
        return None


@dataclass(frozen=True, slots=True)
class ValueType:
    """What a value may be.

    Arguments:
        name: one of the plain names, or "list".
        item: type of the items of a list, else None.
        nullable: whether null fits.
    """

    name: str
    item: "ValueType | None" = None
    nullable: bool = False

    def __str__(self) -> str:
        plain = f"list of {self.item}" if self.item else self.name
        return f"{plain} or null" if self.nullable else plain

    @property
    def is_number(self) -> bool:
        """Whether a range may stand on it: a number, or a list of numbers."""
        return self.item.is_number if self.item else self.name in _NUMBERS

    @classmethod
    def parse(cls, text: str) -> "ValueType":
        """Read a type.

        >>> str(ValueType.parse("list of integer or null"))
        'list of integer or null'

        Raises:
            QueryError: the text is no type.
        """
        bare = text.removesuffix(" or null")
        nullable = bare != text
        if bare.startswith("list of "):
            item = cls.parse(bare.removeprefix("list of "))
            if item.nullable:
                raise QueryError(f"type '{text}'", "'or null' once, for the whole list")
            return cls("list", item, nullable)
        if bare not in _NAMES:
            raise QueryError(f"type '{text}'", f"one of {_PLAIN}, 'list of' one of them, then 'or null' if null fits")
        return cls(bare, None, nullable)

    def fault(self, value: Any, span: Range | None = None) -> str:
        """Say what is wrong with ``value``, or return an empty string where it fits.

        Arguments:
            value: a Python value as it goes to the driver or comes from it.
            span: range that a number, or each number of a list, must lie in.
        """
        if value is None:
            return "" if self.nullable or self.name == "any" else f"null is no {self}"
        fits = isinstance(value, _CLASSES[self.name]) and not self._is_lookalike(value)
        if not fits:
            return f"{_brief(value)} is no {self}"
        if self.item is not None:
            faults = ((place, self.item.fault(each, span)) for place, each in enumerate(value))
            return next((f"item {place}: {fault}" for place, fault in faults if fault), "")
        if self.name == "datetime" and value.tzinfo is None:
            return f"{_brief(value)} has no time zone"
        if span is not None and not span.holds(value):
            return f"{_brief(value)} is not in the range {span}"
        return ""

    def _is_lookalike(self, value: Any) -> bool:
        """Python counts True as an integer and a datetime as a date; the database does not."""
        if self.name in _NUMBERS:
            return isinstance(value, bool)
        return self.name == "date" and isinstance(value, datetime)

    def read(self, text: str) -> Any:
        """Read a value from the command line or from an ``example`` line: JSON, but strings and times go bare.

        >>> ValueType.parse("list of string").read('["a", "b"]')
        ['a', 'b']

        Raises:
            QueryError: the text is no value of this type.
        """
        try:
            value = self._read(text)
        except ValueError:
            raise QueryError(f"'{text}'", f"a value of type {self}") from None
        if fault := self.fault(value):
            raise QueryError(fault, f"a value of type {self}")
        return value

    def _read(self, text: str) -> Any:
        if self.nullable and text == "null":
            return None
        if self.name == "string":
            return text
        if self.name in ("date", "datetime"):
            return self._time(text)
        if self.name == "float":
            return float(text)
        value = json.loads(text)
        if self.item is not None and self.item.name in ("date", "datetime") and isinstance(value, list):
            return [self.item.read(each) if isinstance(each, str) else each for each in value]
        return value

    def _time(self, text: str) -> date | datetime:
        return datetime.fromisoformat(text) if self.name == "datetime" else date.fromisoformat(text)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
