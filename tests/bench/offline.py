"""The same rows through the server's own offline importer: all that a graph holds, as CSV, into a store of its own."""

import csv
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cypher import library
from cypher.admin import administer
from cypher.graph import Graph
from cypher.server import DATABASE, EmbeddedServer
from schema.model import MODEL
from schema.properties import Kind, Property

BETWEEN = "\x1f"  # separates the items of a list: no text holds it
_TYPES = {
    Kind.STRING: "string",
    Kind.INTEGER: "long",
    Kind.FLOAT: "double",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.STRINGS: "string[]",
    Kind.FLOATS: "double[]",
    Kind.BYTES: "byte[]",
}


@dataclass
class Export:
    """CSV files in the importer's form, and what is in them."""

    folder: Path
    nodes: int = 0
    relationships: int = 0
    options: list[str] = field(default_factory=list)


def export(graph: Graph, folder: Path) -> Export:
    """Write all nodes and relationships of a graph.

    Arguments:
        graph: whose nodes have the declared labels.
        folder: made where missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Export(folder)
    (record,) = graph.read(library.query("audit/label-names"))
    with ExitStack() as stack:
        sheets: dict[str, _Sheet] = {}
        for label in record["names"]:
            for found in graph.stream(library.query("audit/nodes-of-label"), label=label, leaveOut=[]):
                if min(found["labels"]) != label:
                    continue
                main = MODEL.node(label).label
                if main not in sheets:
                    columns = MODEL.node(main).every_property
                    sheets[main] = stack.enter_context(_Sheet(folder, main, columns, heads=["code:ID", ":LABEL"]))
                held = found["properties"]
                sheets[main].add([held["code"], BETWEEN.join(found["labels"])], held)
                made.nodes += 1
                for type_, end, own in found["edges"]:
                    if type_ not in sheets:
                        columns = MODEL.relationship(type_).every_property
                        sheets[type_] = stack.enter_context(
                            _Sheet(folder, type_, columns, heads=[":START_ID", ":END_ID"])
                        )
                    sheets[type_].add([held["code"], end], own)
                    made.relationships += 1
    for name, sheet in sheets.items():
        kind = "relationships" if name.isupper() else "nodes"
        made.options.append(f"--{kind}={f'{name}=' if kind == 'relationships' else ''}{sheet.path}")
    return made


class _Sheet:
    """A CSV file of one label or type."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Property], *, heads: list[str]) -> None:
        self.path = folder / f"{name}.csv"
        self._columns = [(each.name, each.kind) for each in columns if each.name != "code" or ":ID" not in heads[0]]
        self._heads = heads + [f"{name}:{_TYPES[kind]}" for name, kind in self._columns]

    def __enter__(self) -> "_Sheet":
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(self._heads)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, heads: list[str], held: dict[str, Any]) -> None:
        """Write one row."""
        self._writer.writerow(heads + [_cell(held.get(name)) for name, _ in self._columns])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray):
        return BETWEEN.join(str(each - 256 if each > 127 else each) for each in value)
    if isinstance(value, list):
        return BETWEEN.join(str(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.iso_format()) if hasattr(value, "iso_format") else str(value)


def run(server: EmbeddedServer, made: Export, folder: Path) -> float:
    """Import an export into a store of its own; return the seconds of the whole command.

    Arguments:
        server: whose jars and memory are used; its own store stays as it is.
        made: the files.
        folder: where the new store is made.

    Raises:
        ServerError: the importer failed, or has skipped rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ("database", "import", "full", DATABASE, "--overwrite-destination=true", "--id-type=string")
    form = ("--multiline-fields=true", f"--array-delimiter=U+{ord(BETWEEN):04X}", "--skip-bad-relationships=false")
    begun = time.monotonic()
    administer(server.settings, (*arguments, *form, *made.options), jars=server.jars(), home=folder)
    return time.monotonic() - begun
