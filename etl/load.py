"""A load: passes run one after the other under one instant, taken up again where a killed run left off."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from cypher import library
from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.progress import Progress
from etl.pipeline import BATCH, Pass, run
from etl.report import LoadReport
from schema.clock import now


@dataclass(frozen=True)
class Loading:
    """What the builders of passes are given.

    Arguments:
        graph: the graph, as the passes before have left it.
        source: name of the source.
        at: the instant that the load takes for now.
    """

    graph: Graph
    source: str
    at: datetime


Builder = Callable[[Loading], Pass]
Closing = Callable[[Loading, LoadReport], None]


def load(
    graph: Graph,
    builders: Sequence[Builder],
    *,
    source: str,
    file: str,
    progress: Progress,
    as_of: datetime | None = None,
    workers: int = 1,
    batch: int = BATCH,
    after: Sequence[Closing] = (),
) -> LoadReport:
    """Run the passes of one source and return what they did. Migrations that the database lacks are applied first.

    A run that was killed is taken up again: the same instant is used, what is in the graph is skipped, and the end is
    the same graph as that of a run that was not killed.

    Arguments:
        graph: where to.
        builders: each gives one pass, once those before it are done.
        source: name of the source, kept on all that it states.
        file: what is loaded, as the user named it.
        progress: where to show it.
        as_of: the instant to take for now; None for the clock, or that of the unfinished run.
        workers: worker processes for reading text.
        batch: rows a transaction.
        after: run once all passes are done, before the load counts as finished; each must be safe to run again.
    """
    # Without the constraints and indexes every look-up is a scan of all nodes.
    migrate(graph)
    began = now()
    code = f"load:{source}:{file}"
    graph.write(library.query("ingest/begin-load"), code=code, source=source, file=file, at=began, asOf=as_of or began)
    (record,) = graph.read(library.query("ingest/load-instant"), code=code)
    at = as_of or record["asOf"].to_native()
    # The ledger serves within one run; across runs the digests tell what is there.
    graph.clear_batches(f"{code}:")
    run_key = f"{code}:{uuid.uuid4().hex}"
    report = LoadReport(source)
    for builder in builders:
        each = builder(Loading(graph, source, at))
        with progress.step(f"{source}: {each.name}", unit="rows") as step:
            done = run(graph, each, source=source, at=at, run_key=run_key, step=step, workers=workers, batch=batch)
            report.passes.append(done)
    for closing in after:
        closing(Loading(graph, source, at), report)
    graph.write(
        library.query("ingest/finish-load"), code=code, at=now(), report=orjson.dumps(report.as_json()).decode()
    )
    graph.clear_batches(f"{code}:")
    return report
