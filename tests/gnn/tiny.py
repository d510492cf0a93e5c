"""A tiny synthetic university in the graph, and the smallest posting encoder, for tests of whole jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neo4j import Driver

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import Connection
from etl.commands.demo import load_demo
from etl.sources.university import World
from gnn.channels.text import TextConfig
from tests.conftest import WIPE

SMALL = TextConfig(
    vocabulary=400, length=32, layers=1, hidden=16, heads=2, pretrain_steps=3, epochs=1, text_size=8, skill_size=8,
    attribute_size=4,
)  # fmt: skip


@contextmanager
def university(connection: Connection, driver: Driver, world: World, *, folder: Path) -> Iterator[Graph]:
    """Wipe the session's server, load a world into it through files in a folder, and open the graph."""
    with driver.session(database=connection.database) as session:
        session.run(WIPE).consume()
    with Graph(connection) as opened:
        migrate(opened)
        load_demo(opened, world, folder=folder, workers=0, quiet=True)
        yield opened
