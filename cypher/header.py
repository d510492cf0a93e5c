"""The comment lines at the head of a query file: what it is for, what it takes, what it gives.

::

    // A sentence, on one line or several.
    // mode: read                          (or write)
    // parameter NAME: TYPE[, RANGE][, remark]
    // column NAME: TYPE[, RANGE][, remark]
    // scan: why it may start from all nodes of a label
    // example NAME: VALUE                 (sample argument for the tests)
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from cypher.values import Range, ValueType
from schema.errors import QueryError

_NAMED = re.compile(r"(parameter|column|example) ([A-Za-z][A-Za-z0-9]*): (.+)")
_PLAIN = re.compile(r"(mode|scan): (.+)")
_LIKE_HEADER = re.compile(r"\s*//\s*(?:(?:parameter|column|example)\s+\S+|mode|scan)\s*:")
_FORMS = "'mode: ...', 'parameter NAME: TYPE', 'column NAME: TYPE', 'scan: REASON' or 'example NAME: VALUE'"


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a column.

    Arguments:
        name: lowerCamelCase name, without the dollar sign.
        type: what it may be.
        range: range of the number, or of each number in a list.
        remark: unit, or which end is better.
        line: line in the file, from 1.
    """

    name: str
    type: ValueType
    range: Range | None = None
    remark: str = ""
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return ", ".join(str(each) for each in (f"{self.name}: {self.type}", self.range, self.remark) if each)

    def fault(self, value: Any) -> str:
        """Say what is wrong with ``value``, or return an empty string where it fits."""
        return self.type.fault(value, self.range)


@dataclass(frozen=True, slots=True)
class Header:
    """A header as data; ``body_line`` is the line on which the Cypher starts, from 1."""

    sentence: str
    mode: str
    parameters: tuple[Field, ...] = ()
    columns: tuple[Field, ...] = ()
    scan: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    body_line: int = field(default=1, compare=False)

    def render(self) -> str:
        """Return the comment lines that `parse` reads back as an equal header."""
        lines = [self.sentence, f"mode: {self.mode}"]
        lines += [f"parameter {each}" for each in self.parameters]
        lines += [f"column {each}" for each in self.columns]
        if self.scan:
            lines.append(f"scan: {self.scan}")
        lines += [f"example {name}: {value}" for name, value in self.examples]
        return "".join(f"// {line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str, file: str) -> "Header":
        """Read the header at the start of ``text``.

        Arguments:
            text: a whole query file.
            file: its name, for messages.

        Raises:
            QueryError: a line has none of the forms, a name or the mode stands twice, the sentence or the mode is
                missing, or a header line stands below the first clause. The message names file and line.
        """
        return _Reader(file).read(text)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.line = 0
        self.sentence: list[str] = []
        self.plain: dict[str, str] = {}
        self.fields: dict[str, dict[str, Field]] = {"parameter": {}, "column": {}}
        self.examples: dict[str, str] = {}

    def fail(self, given: str, expected: str) -> NoReturn:
        raise QueryError(given, expected, where=f"{self.file}:{self.line}")

    def read(self, text: str) -> Header:
        body_line = 0
        for self.line, line in enumerate(text.splitlines(), start=1):
            if not body_line and line.startswith("//"):
                self.take(line[2:].strip())
            elif line.strip() and not body_line:
                body_line = self.line
            if body_line and _LIKE_HEADER.match(line):
                self.fail(f"header line '{line.strip()}' below the first clause", "it above, with the other ones")
        self.line = 1
        if not self.sentence:
            self.fail("no sentence", "a first comment line that says what the query is for")
        if "mode" not in self.plain:
            self.fail("no mode", "a line '// mode: read' or '// mode: write'")
        if not body_line:
            self.fail("no Cypher", "a statement under the header")
        for name in self.examples.keys() - self.fields["parameter"].keys():
            self.fail(f"example for '{name}'", "the name of a declared parameter")
        return Header(
            " ".join(self.sentence),
            self.plain["mode"],
            tuple(self.fields["parameter"].values()),
            tuple(self.fields["column"].values()),
            self.plain.get("scan", ""),
            tuple(self.examples.items()),
            body_line,
        )

    def take(self, line: str) -> None:
        if found := _PLAIN.fullmatch(line):
            self.take_plain(found[1], found[2].strip())
        elif found := _NAMED.fullmatch(line):
            self.take_named(found[1], found[2], found[3].strip())
        elif self.plain or self.fields["parameter"] or self.fields["column"] or _LIKE_HEADER.match(f"//{line}"):
            if line:
                self.fail(f"header line '{line}'", _FORMS)
        elif line:
            self.sentence.append(line)

    def take_plain(self, word: str, value: str) -> None:
        if word in self.plain:
            self.fail(f"{word} twice", "it once")
        if word == "mode" and value not in ("read", "write"):
            self.fail(f"mode '{value}'", "read or write")
        self.plain[word] = value

    def take_named(self, word: str, name: str, value: str) -> None:
        if word == "example":
            if name in self.examples:
                self.fail(f"example {name} twice", "it once")
            self.examples[name] = value
            return
        if name in self.fields[word]:
            self.fail(f"{word} {name} twice", f"it once; the first is on line {self.fields[word][name].line}")
        self.fields[word][name] = self.read_field(name, value)

    def read_field(self, name: str, value: str) -> Field:
        type_text, *notes = value.split(", ")
        try:
            type_ = ValueType.parse(type_text)
        except QueryError as error:
            self.fail(error.given, error.expected)
        span = Range.parse(notes[0]) if notes else None
        if span is not None:
            notes = notes[1:]
            if not type_.is_number:
                self.fail(f"range '{span}' on {name}: {type_}", "a range on numbers only")
            if span.high is not None and span.low > span.high:
                self.fail(f"range '{span}'", "the smaller end first")
        return Field(name, type_, span, ", ".join(notes), self.line)
