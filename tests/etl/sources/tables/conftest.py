"""An institution on the real server, with the package's vocabulary in the graph."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cypher.fingerprint import Item, items
from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.progress import Progress
from cypher.server import Connection
from etl.load import load
from etl.report import LoadReport
from etl.sources import vocabulary
from etl.sources.tables import TABLES, builders, template
from etl.sources.tables.skill_list import Mode

SOURCE = "uni"


class Institution:
    """What a person at an institution does: writes a file and loads it."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self.graph = graph
        self._folder = folder

    def vocabulary(self) -> LoadReport:
        """Load the package's vocabulary."""
        passes = vocabulary.builders()
        return load(self.graph, passes, source="fc", file="vocabulary", progress=Progress.silent())

    def load(
        self, name: str, text: str | bytes, *, full: bool = False, mode: Mode = "extend", source: str = SOURCE
    ) -> LoadReport:
        """Load a file of a table."""
        path = self._folder / f"{name}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        passes = builders(TABLES[name], path, source=source, full=full, mode=mode)
        return load(self.graph, passes, source=source, file=path.name, progress=Progress.silent())

    def examples(self, *names: str) -> dict[str, LoadReport]:
        """Load the templates of some tables, or of all, in the documented order."""
        return {name: self.load(name, template(name)) for name in TABLES if not names or name in names}

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the records of a query as tuples, in order."""
        return sorted((tuple(record.values()) for record in self.graph.read(query, **parameters)), key=repr)

    def held(self) -> list[tuple[Any, ...]]:
        """Return line, column and reason of the rows that are held back."""
        return self.rows("MATCH (held:HeldRow) RETURN held.line, held.column, held.reason")

    def everything(self) -> Counter[Item]:
        """Return all nodes and relationships with all that counts of them."""
        return Counter(items(self.graph))


def counts(report: LoadReport) -> list[tuple[int, int, int, int, int]]:
    """Return new, changed, unchanged, held and closed rows of each pass."""
    return [(each.new, each.changed, each.unchanged, each.held_back, each.closed) for each in report.passes]


@pytest.fixture
def institution(empty_graph: Connection, tmp_path: Path) -> Iterator[Institution]:
    """An institution whose graph holds the vocabulary and nothing else."""
    with Graph(empty_graph) as graph:
        migrate(graph)
        made = Institution(graph, tmp_path)
        made.vocabulary()
        yield made
