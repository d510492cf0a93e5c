"""One measured load in a process of its own: ``python -m tests.bench.loading FOLDER AT WORKERS NAME...``.

Prints a JSON object: for each name the counts of its load and the seconds it took.
"""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from cypher.graph import Graph
from cypher.progress import Progress
from etl.candidates import after_load
from etl.load import Builder, load
from etl.mapping import ColumnMapping
from etl.sources import postings, tables, vocabulary

SOURCE = "demo"


def builders(name: str, folder: Path) -> list[Builder]:
    """Return the passes of one file."""
    if name == "vocabulary":
        return vocabulary.builders()
    path = folder / f"{name}.csv"
    if name == "postings":
        return postings.builders(path, mapping=ColumnMapping.read(folder / "postings.toml"), full=True)
    return tables.builders(tables.table(name), path, source=SOURCE, full=True)


def main(folder: str, at: str, workers: str, *names: str) -> None:
    """Load some files of a folder, one after the other."""
    result: dict[str, Any] = {}
    with Graph.open() as graph:
        for name in names:
            begun = time.monotonic()
            report = load(
                graph,
                builders(name, Path(folder)),
                source=vocabulary.SOURCE if name == "vocabulary" else SOURCE,
                file=f"{name}.csv",
                progress=Progress.silent(),
                as_of=datetime.fromisoformat(at),
                workers=int(workers),
                after=(after_load,) if name == "postings" else (),
            )
            result[name] = {**report.as_json(), "seconds": time.monotonic() - begun}
    sys.stdout.write(orjson.dumps(result).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
