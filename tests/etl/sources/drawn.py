"""Drawn downloads: a few rows in a publisher's own format, and what the graph makes of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cypher.graph import Graph
from cypher.progress import Progress
from etl.load import Builder, Closing, load
from etl.report import LoadReport

Rows = Sequence[Mapping[str, str]]


def text(rows: Rows, *, delimiter: str = ",") -> str:
    """Rows as a file: CSV in quotes where needed, or tab-separated without any."""
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    file = io.StringIO(newline="")
    writer = csv.DictWriter(
        file, list(rows[0]), delimiter=delimiter, quoting=quoting, quotechar=None if quoting else '"'
    )
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def zipped(path: Path, members: Mapping[str, str]) -> Path:
    """A zip file with these members."""
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def bring(graph: Graph, builders: Sequence[Builder], *, source: str, after: Sequence[Closing] = ()) -> LoadReport:
    """Load as `fullcycle load` does."""
    return load(graph, builders, source=source, file="download", progress=Progress.silent(), after=after)


def counts(report: LoadReport) -> list[tuple[int, int, int, int, int]]:
    """New, changed, unchanged, held and closed rows of each pass."""
    return [(each.new, each.changed, each.unchanged, each.held_back, each.closed) for each in report.passes]


def table(graph: Graph, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The records of a query as tuples, in order, None first."""
    found = (tuple(record.values()) for record in graph.read(query, **parameters))
    return sorted(found, key=lambda row: [(value is not None, 0 if value is None else value) for value in row])


def edges(graph: Graph, *types: str) -> list[tuple[Any, ...]]:
    """Open relationships of some types: start, type, end."""
    found = graph.read(
        "MATCH (a)-[edge]->(b) WHERE type(edge) IN $types AND edge.closedAt IS NULL "
        "RETURN a.code AS start, type(edge) AS type, b.code AS end",
        types=list(types),
    )
    return sorted(tuple(record.values()) for record in found)


def nodes(graph: Graph, label: str) -> set[str]:
    """Codes of the open nodes of a label."""
    found = graph.read(f"MATCH (node:{label}) WHERE node.closedAt IS NULL RETURN collect(node.code) AS codes")
    return set(found[0]["codes"])
