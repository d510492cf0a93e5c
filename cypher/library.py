"""The query files: every Cypher statement that is not composed from the model has a name, a header and a file.

``cypher/query/ROOM/NAME.cypher`` is the query ``ROOM/NAME``. A header that disagrees with its text raises when the
file is loaded, with file and line, so a broken query never reaches the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cypher import statement
from cypher.header import Field, Header
from schema.errors import QueryError

ROOMS = ("ingest", "snapshot", "writeback", "serve", "explain", "feedback", "audit", "report", "bloom")
ROOT = Path(__file__).with_name("query")


@dataclass(frozen=True, slots=True)
class Query:
    """A named query with its checked header.

    Arguments:
        name: "room/name".
        sentence: what it is for.
        mode: "read" or "write".
        parameters: what it takes.
        columns: what it gives, by the names in RETURN.
        text: the Cypher, without the header.
        path: its file.
        first_line: line of the file on which ``text`` starts.
        scan: why it may start from all nodes of a label; empty where it must not.
        samples: sample arguments, as written in the header.
    """

    name: str
    sentence: str
    mode: str
    parameters: tuple[Field, ...]
    columns: tuple[Field, ...]
    text: str
    path: Path
    first_line: int = 1
    scan: str = ""
    samples: tuple[tuple[str, str], ...] = ()

    def arguments(self, **given: Any) -> dict[str, Any]:
        """Return the arguments to send: all that are declared, null for those left out that may be null.

        Raises:
            QueryError: a name is not declared, a value is missing, or a value is of another type or out of range.
        """
        declared = {each.name: each for each in self.parameters}
        for name in given.keys() - declared.keys():
            raise QueryError(f"argument '{name}'", _one_of(declared), where=self.name)
        for name, parameter in declared.items():
            if name not in given and not parameter.type.nullable:
                raise QueryError(f"no argument '{name}'", str(parameter), where=self.name)
            if fault := parameter.fault(given.get(name)):
                raise QueryError(fault, str(parameter), where=f"{self.name} ${name}")
        return {name: given.get(name) for name in declared}

    def read_arguments(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Return the arguments to send, read from texts such as a command line gives.

        Raises:
            QueryError: as `arguments`, or a text is no value of the declared type.
        """
        declared = {each.name: each.type for each in self.parameters}
        values: dict[str, Any] = {}
        for name, text in texts.items():
            if name not in declared:
                raise QueryError(f"argument '{name}'", _one_of(declared), where=self.name)
            try:
                values[name] = declared[name].read(text)
            except QueryError as error:
                raise QueryError(error.given, error.expected, where=f"{self.name} ${name}") from None
        return self.arguments(**values)

    @property
    def example(self) -> dict[str, Any] | None:
        """Sample arguments for tests, or None where the header gives too few."""
        given = dict(self.samples)
        if any(each.name not in given and not each.type.nullable for each in self.parameters):
            return None
        return self.read_arguments(given)

    def place(self, line: int) -> str:
        """Return "file:line" for a line of ``text``, counted from 1."""
        return f"{self.name}.cypher:{self.first_line + line - 1}"


class Library:
    """The query files under one folder. Files are read when first asked for, and once.

    Arguments:
        root: the folder; it holds one folder per room.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._loaded: dict[str, Query] = {}

    def names(self, room: str | None = None) -> list[str]:
        """Return the names of all queries, or of those in one room, in order.

        Raises:
            QueryError: the room is unknown, or two names differ in hyphens, underscores or capitals only.
        """
        if room is not None and room not in ROOMS:
            raise QueryError(f"room '{room}'", _one_of(ROOMS))
        seen: dict[str, str] = {}
        for path in sorted(self._root.glob("**/*.cypher")):
            name = path.relative_to(self._root).with_suffix("").as_posix()
            if name.count("/") != 1 or name.split("/")[0] not in ROOMS:
                raise QueryError(f"query file {name}.cypher", f"ROOM/NAME.cypher, the room {_one_of(ROOMS)}")
            plain = name.lower().replace("_", "-")
            if plain in seen:
                raise QueryError(f"query {name}", f"another name: {seen[plain]} is there", where=f"{name}.cypher:1")
            seen[plain] = name
        return [name for name in seen.values() if room is None or name.startswith(f"{room}/")]

    def query(self, name: str) -> Query:
        """Return one query by name, for example "serve/student".

        Raises:
            QueryError: there is no such file, or its header breaks the form or disagrees with the text.
        """
        if name not in self._loaded:
            path = self._root / f"{name}.cypher"
            if name not in self.names():
                raise QueryError(f"query '{name}'", f"one of {', '.join(self.names())}")
            self._loaded[name] = read(name, path)
        return self._loaded[name]

    def queries(self, room: str | None = None) -> list[Query]:
        """Return all queries, or those of one room, in the order of their names."""
        return [self.query(name) for name in self.names(room)]


def read(name: str, path: Path) -> Query:
    """Read and check one query file.

    Raises:
        QueryError: the header breaks the form or disagrees with the text, both ways; see `cypher.header`.
    """
    whole = path.read_text(encoding="utf-8")
    file = f"{name}.cypher"
    header = Header.parse(whole, file)
    body = "\n".join(whole.splitlines()[header.body_line - 1 :]).rstrip().removesuffix(";")
    _check_parameters(header, body, file)
    _check_columns(header, body, file)
    if ";" in statement.blanked(body):
        raise QueryError("two statements", "one statement in a file", where=file)
    written = statement.first_write(body)
    if header.mode == "read" and written is not None:
        clause, line = written
        where = f"{file}:{header.body_line + line - 1}"
        raise QueryError(f"{clause} in a query of mode read", "mode: write, or no such clause", where=where)
    return Query(
        name,
        header.sentence,
        header.mode,
        header.parameters,
        header.columns,
        body,
        path,
        header.body_line,
        header.scan,
        header.examples,
    )


def _check_parameters(header: Header, body: str, file: str) -> None:
    declared = {each.name: each for each in header.parameters}
    used = statement.parameters(body)
    for name, line in used.items():
        if name not in declared:
            where = f"{file}:{header.body_line + line - 1}"
            raise QueryError(f"parameter ${name} is not declared", f"a line '// parameter {name}: TYPE'", where=where)
    for name, parameter in declared.items():
        if name not in used:
            raise QueryError(f"parameter {name} is not used", f"${name} in the text", where=f"{file}:{parameter.line}")


def _check_columns(header: Header, body: str, file: str) -> None:
    found = statement.columns(body)
    returned, line = found if found is not None else ([], 1)
    declared = {each.name: each for each in header.columns}
    where = f"{file}:{header.body_line + line - 1}"
    if header.mode == "read" and found is None:
        raise QueryError("no RETURN", "a read query to return columns", where=where)
    for column in returned:
        if column is None:
            raise QueryError("a column of RETURN without a name", "AS NAME behind each expression", where=where)
        if column not in declared:
            raise QueryError(f"column {column} is not declared", f"a line '// column {column}: TYPE'", where=where)
    for name in declared.keys() - set(returned):
        place = f"{file}:{declared[name].line}"
        raise QueryError(f"column {name} is not returned", f"{name} in the last RETURN", where=place)


def _one_of(names: Any) -> str:
    return f"one of {', '.join(names)}" if names else "no arguments"


@cache
def _packaged() -> Library:
    return Library()


def query(name: str) -> Query:
    """Return one query of the package by name, for example ``query("serve/student")``; see `Library.query`."""
    return _packaged().query(name)


def queries(room: str | None = None) -> list[Query]:
    """Return all queries of the package, or those of one room; see `Library.queries`."""
    return _packaged().queries(room)
