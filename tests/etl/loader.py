"""A loader to be killed: loads one day's files of a synthetic university and says which step it begins.

Run as ``python -m tests.etl.loader FOLDER DAY AS_OF``; the server is the one that the environment names. Transactions
are small, so that there are many moments between two of them.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cypher.graph import Graph
from cypher.progress import Progress
from etl import workers
from etl.candidates import after_load
from etl.load import Builder, load
from etl.mapping import ColumnMapping
from etl.report import LoadReport
from etl.sources import postings, tables, vocabulary
from schema.errors import FullCycleError

SOURCE = "demo"
BATCH = 50
STEPS = {
    "first": ("vocabulary", "job_clusters", "employers", "postings", "resources", "students", "interactions"),
    "next": ("postings", "interactions"),
}


def builders(name: str, folder: Path) -> list[Builder]:
    """The passes of one step."""
    if name == "vocabulary":
        return vocabulary.builders()
    path = folder / f"{name}.csv"
    if name == "postings":
        return postings.builders(path, mapping=ColumnMapping.read(folder / "postings.toml"), full=True)
    return tables.builders(tables.table(name), path, source=SOURCE, full=True)


def load_day(
    graph: Graph, folder: Path, *, day: str, at: datetime, workers: int, begin: Callable[[str], None]
) -> list[LoadReport]:
    """Load the files of a day, one after the other; ``begin`` hears the name of each step."""
    reports = []
    for name in STEPS[day]:
        begin(name)
        reports.append(
            load(
                graph,
                builders(name, folder),
                source=vocabulary.SOURCE if name == "vocabulary" else SOURCE,
                file=f"{day}/{name}",
                progress=Progress.silent(),
                as_of=at,
                workers=workers,
                batch=BATCH,
                after=(after_load,) if name == "postings" else (),
            )
        )
    begin("end")
    return reports


def main() -> int:
    """Load as the command line says; 1 and one line on standard error where it fails."""
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("day", choices=sorted(STEPS))
    parser.add_argument("at", type=datetime.fromisoformat)
    parser.add_argument("--workers", type=int, default=0)
    given = parser.parse_args()
    workers.POOL_FROM = 2 * BATCH  # worker processes even for this small world
    try:
        with Graph.open() as graph:
            load_day(
                graph,
                given.folder,
                day=given.day,
                at=given.at,
                workers=given.workers,
                begin=lambda name: print(name, flush=True),  # noqa: T201 - the test reads it
            )
    except FullCycleError as error:
        print(f"fullcycle: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
