"""Migrations: numbered, immutable, checksummed; and the live catalog held against the declared one.

``cypher/migration/NNNN_name.cypher`` holds statements that each end with a semicolon at the end of a line. An applied
migration is a (:Migration) with the checksum of its file. Statements must bear being run twice (``IF NOT EXISTS``),
since a migration that was interrupted starts again; those that write data run once, through the ledger of batches.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cypher import statement
from cypher.graph import Graph
from schema.catalog import CATALOG, Constraint, Index
from schema.clock import now
from schema.errors import CatalogError, QueryError

FOLDER = Path(__file__).with_name("migration")

_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.cypher")
_OPTION = re.compile(r"`([\w.]+)`: ('[^']*'|[\w.]+)")
_APPLIED = (
    "MATCH (each:Migration) RETURN each.code AS code, each.name AS name, each.checksum AS checksum, "
    "each.appliedAt AS at ORDER BY code"
)
_RECORD = (
    "MERGE (each:Migration {code: $code}) ON CREATE SET each.name = $name, each.source = 'fullcycle', "
    "each.checksum = $checksum, each.appliedAt = $at, each.createdAt = $at, each.updatedAt = $at"
)
_CONSTRAINTS = (
    "SHOW CONSTRAINTS YIELD name, type, entityType, labelsOrTypes, properties "
    "RETURN name, type AS kind, entityType AS entity, labelsOrTypes AS labels, properties, {} AS options, "
    "'ONLINE' AS state"
)
_INDEXES = (
    "SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, options, owningConstraint, state "
    "WHERE owningConstraint IS NULL RETURN name, type AS kind, entityType AS entity, labelsOrTypes AS labels, "
    "properties, options.indexConfig AS options, state"
)
# The server makes these two by itself; without them a label or a type cannot be found.
_LOOKUPS = {
    "NODE": "CREATE LOOKUP INDEX IF NOT EXISTS FOR (node) ON EACH labels(node)",
    "RELATIONSHIP": "CREATE LOOKUP INDEX IF NOT EXISTS FOR ()-[edge]-() ON EACH type(edge)",
}


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration file: its number as four digits, name, path, text and statements."""

    code: str
    name: str
    path: Path
    checksum: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that the database has."""

    code: str
    name: str
    checksum: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between the live catalog and the declared one.

    Arguments:
        name: of the constraint or index.
        kind: "missing", "unexpected", "different" or "failed".
        live: what the database has; empty where it has nothing.
        declared: what `schema.catalog` says; empty where it says nothing.
    """

    name: str
    kind: str
    live: str = ""
    declared: str = ""

    def __str__(self) -> str:
        parts = [f"{self.name}: {self.kind}"]
        parts += [f"live {self.live}"] if self.live else []
        parts += [f"declared {self.declared}"] if self.declared else []
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A constraint or an index in one form, whether declared or live."""

    kind: str
    entity: str
    labels: tuple[str, ...]
    properties: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        options = "".join(f", {name} {value}" for name, value in self.options)
        return f"{self.kind} on {self.entity.lower()} {'|'.join(self.labels)}({', '.join(self.properties)}){options}"


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """Read the migration files in order.

    Raises:
        CatalogError: a file name is of another form, a number is missing or stands twice, or a file has no statement.
    """
    found: list[Migration] = []
    for path in sorted(folder.glob("*.cypher")):
        name = _FILE.fullmatch(path.name)
        if name is None:
            raise CatalogError(f"migration file {path.name}", "NNNN_name.cypher", where=path.name)
        expected = f"{len(found) + 1:04d}"
        if name[1] != expected:
            raise CatalogError(f"migration {name[1]}", f"{expected}: no gap and no number twice", where=path.name)
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        found.append(Migration(name[1], name[2], path, checksum, _split(text, path.name)))
    return found


def applied(graph: Graph) -> list[Applied]:
    """Return the migrations that the database has, in order."""
    return [Applied(each["code"], each["name"], each["checksum"], each["at"].to_native()) for each in _rows(graph)]


def migrate(graph: Graph, *, folder: Path = FOLDER) -> list[Applied]:
    """Apply the migrations that the database lacks and wait until its indexes answer; return those applied now.

    Raises:
        CatalogError: an applied migration was changed or is not there any more, one was left out, or a statement
            fails; the message names the file. Migrations before it stay applied.
    """
    files = migrations(folder)
    _check(files, applied(graph))
    done: list[Applied] = []
    for each in files[len(applied(graph)) :]:
        for place, text in enumerate(each.statements, start=1):
            _run(graph, each, place, text)
        at = now()
        graph.write(_RECORD, code=each.code, name=each.name, checksum=each.checksum, at=at)
        done.append(Applied(each.code, each.name, each.checksum, at))
    if done:
        await_indexes(graph)
    return done


def await_indexes(graph: Graph, seconds: int = 600) -> None:
    """Wait until all indexes are filled and answer.

    Raises:
        CatalogError: one is still being filled after ``seconds``, or failed.
    """
    try:
        graph.read("CALL db.awaitIndexes($seconds)", seconds=seconds)
    except QueryError as error:
        raise CatalogError(error.given, f"all indexes online within {seconds} s") from error


def verify(graph: Graph, *, catalog: Sequence[Constraint | Index] = CATALOG) -> list[Difference]:
    """Hold the live catalog against the declared one; return the differences by name, none where they agree."""
    declared = {each.name: _declared(each) for each in catalog}
    live = dict(_live(graph))
    found = [Difference(name, "missing", declared=str(declared[name])) for name in declared.keys() - live.keys()]
    lookups = {entry.entity for entry, _ in live.values() if entry.kind == "LOOKUP"}
    found += [
        Difference(f"lookup of {entity}", "missing", declared=f"LOOKUP on {entity}")
        for entity in _LOOKUPS.keys() - lookups
    ]
    for name, (entry, state) in live.items():
        if entry.kind == "LOOKUP":
            continue
        if name not in declared:
            found.append(Difference(name, "unexpected", live=str(entry)))
        elif (seen := _restricted(entry, declared[name])) != declared[name]:
            found.append(Difference(name, "different", str(seen), str(declared[name])))
        elif state == "FAILED":
            found.append(Difference(name, "failed", f"{entry} in state {state}", str(declared[name])))
    return sorted(found, key=lambda each: each.name)


def draft(graph: Graph, *, catalog: Sequence[Constraint | Index] = CATALOG) -> str:
    """Return the statements that turn the live catalog into the declared one: the text of the next migration."""
    create = {each.name: each.create for each in catalog}
    create |= {f"lookup of {entity}": text for entity, text in _LOOKUPS.items()}
    constraints = {name for name, (entry, _) in _live(graph) if entry.kind.endswith("UNIQUENESS")}
    differences = verify(graph, catalog=catalog)
    lines: list[str] = []
    for each in differences:
        if each.kind != "missing":
            lines.append(f"DROP {'CONSTRAINT' if each.name in constraints else 'INDEX'} {each.name} IF EXISTS;")
    # In the order of the declaration: constraints first, since a constraint refuses an index like its own.
    wanted = {each.name for each in differences if each.kind != "unexpected"}
    lines += [f"{text};" for name, text in create.items() if name in wanted]
    return "".join(f"{line}\n" for line in lines)


def _rows(graph: Graph) -> list[Any]:
    return graph.read(_APPLIED)


def _check(files: Sequence[Migration], present: Sequence[Applied]) -> None:
    for place, each in enumerate(present):
        expected = f"{place + 1:04d}"
        if each.code != expected:
            where = f"{each.code}_{each.name}.cypher"
            raise CatalogError(f"migration {each.code} is applied, {expected} is not", "all before it too", where=where)
        if place >= len(files):
            where = f"{each.code}_{each.name}.cypher"
            expected = "its file, as it was; or a newer version of this program"
            raise CatalogError("an applied migration is not among the files", expected, where=where)
        if files[place].checksum != each.checksum:
            expected = "the file as it was applied; put changes into a new migration"
            raise CatalogError("an applied migration was changed", expected, where=files[place].path.name)


def _run(graph: Graph, migration: Migration, place: int, text: str) -> None:
    try:
        if graph.explain(text).query_type == "s":
            graph.schema(text)
        else:
            graph.write_batch(f"migration:{migration.code}:{place}", text)
    except QueryError as error:
        where = f"{migration.path.name}, statement {place}"
        raise CatalogError(error.given, "a statement that this server takes", where=where) from error


def _split(text: str, file: str) -> tuple[str, ...]:
    """Split at semicolons that end a line; comments stay with the statement below them."""
    bare = statement.blanked(text)
    found: list[str] = []
    start = 0
    for end in re.finditer(r";[ \t]*$", bare, re.MULTILINE):
        if bare[start : end.start()].strip():
            found.append(text[start : end.start()].strip())
        start = end.end()
    if not found or bare[start:].strip():
        raise CatalogError("a statement without an end", "each to end with ';' at the end of a line", where=file)
    return tuple(found)


def _declared(each: Constraint | Index) -> _Entry:
    if isinstance(each, Constraint):
        return _Entry("UNIQUENESS", "NODE", (each.label,), each.properties)
    # The options stand in the statement only, so that what is compared is what is run.
    options = {name: value.strip("'") for name, value in _OPTION.findall(each.create)}
    entity = "RELATIONSHIP" if each.on_relationships else "NODE"
    return _entry(each.kind, entity, each.labels, each.properties, options)


def _live(graph: Graph) -> Iterator[tuple[str, tuple[_Entry, str]]]:
    for text in (_CONSTRAINTS, _INDEXES):
        for each in graph.read(text):
            kind = each["kind"].removeprefix("NODE_PROPERTY_")  # newer servers say NODE_PROPERTY_UNIQUENESS
            labels, properties = each["labels"] or (), each["properties"] or ()
            yield each["name"], (_entry(kind, each["entity"], labels, properties, each["options"]), each["state"])


def _entry(
    kind: str, entity: str, labels: Sequence[str], properties: Sequence[str], options: Mapping[str, Any] | None
) -> _Entry:
    # Only the order of a range index's properties means something.
    columns = tuple(properties) if kind == "RANGE" else tuple(sorted(properties))
    pairs = sorted((name, str(value).casefold()) for name, value in (options or {}).items())
    return _Entry(kind, entity, tuple(sorted(labels)), columns, tuple(pairs))


def _restricted(live: _Entry, declared: _Entry) -> _Entry:
    """Leave out options that are not declared: the server fills in defaults of its own."""
    names = {name for name, _ in declared.options}
    options = tuple((name, value) for name, value in live.options if name in names)
    return _Entry(live.kind, live.entity, live.labels, live.properties, options)
