"""A synthetic university on an embedded server of its own, for benchmarks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.progress import Progress
from cypher.server import EmbeddedServer
from cypher.settings import VARIABLES, Settings
from etl.commands.demo import SOURCE, load_demo
from etl.load import load
from etl.mapping import ColumnMapping
from etl.sources import postings
from etl.sources.university import World
from tests.conftest import KEPT, free_port

TINY = World(postings=1_500, students=120, months=20, clusters=8, seed=3, start="2022-01")
"""To see whether a benchmark runs at all."""


@dataclass(frozen=True)
class Campus:
    """A loaded university.

    Arguments:
        graph: open.
        files: folder of its files.
        folder: for whatever comes of it.
        environment: by which other processes reach the same server.
    """

    graph: Graph
    files: Path
    folder: Path
    environment: dict[str, str]

    def load_postings(self) -> None:
        """Load the file of postings again."""
        path = self.files / "postings.csv"
        passes = postings.builders(path, mapping=ColumnMapping.read(self.files / "postings.toml"), full=True)
        load(self.graph, passes, source=SOURCE, file=str(path), progress=Progress.silent(), workers=0)


@contextmanager
def campus(world: World, folder: Path) -> Iterator[Campus]:
    """Generate a world and load it into an embedded server in a folder; the server stops with the block."""
    environment = own_environment(folder)
    settings = Settings.from_environment(environment)
    try:
        with Graph.open(settings) as graph:
            migrate(graph)
            load_demo(graph, world, folder=folder / "files", workers=1, quiet=True)
            yield Campus(graph, folder / "files", folder, environment)
    finally:
        EmbeddedServer(settings).stop()


def own_environment(folder: Path) -> dict[str, str]:
    """Return the environment of an embedded server of its own in a folder."""
    names = {variable.name for variable in VARIABLES} - KEPT
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "FULLCYCLE_HOME": str(folder / "home"),
        "FULLCYCLE_BOLT_PORT": str(free_port()),
        "FULLCYCLE_HTTP_PORT": str(free_port()),
    }
