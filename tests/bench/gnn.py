"""What the demand model takes: time and memory of reading, writing, training, updating and foretelling.

``python -m tests.bench.gnn`` loads a synthetic university at the size of the paper into an embedded server of its own,
measures, and ends with status 1 where a target is missed; it takes about a quarter of an hour. ``--part`` measures
some parts only, ``--existing`` reads a graph that the environment names and writes nothing there, ``--small`` sees
whether all of it runs at all.
"""

import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console

from cypher.graph import Graph
from cypher.progress import Progress
from etl.sources.university import PAPER, SMALL
from gnn.jobs.refresh import refresh
from tests.bench import relation
from tests.bench.campus import TINY, Campus, campus
from tests.bench.figure import Figure, table
from tests.bench.latency import latency
from tests.bench.refresh import refreshing
from tests.bench.snapshot import embeddings, reading
from tests.bench.training import training

PARTS = ("snapshot", "relation", "training", "forecast", "refresh")


def measured(
    place: Campus, parts: tuple[str, ...], *, tiny: bool = False, model: Path | None = None, console: Console
) -> list[Figure]:
    """Measure parts on a university.

    Arguments:
        place: at the size of the paper, or a small one.
        parts: of PARTS.
        tiny: train the smallest posting encoder.
        model: folder of a trained model; None trains one.
        console: where to say what goes on.
    """
    figures: list[Figure] = []
    if "snapshot" in parts:
        console.print("Reading and writing the training snapshot")
        figures += [*reading(place.graph), *embeddings(place.graph)]
    if "relation" in parts:
        console.print("One epoch of the relation channel, beside stock layers")
        figures += relation.figures(relation.measured(place.environment))
    if "training" in parts or (model is None and {"forecast", "refresh"} & set(parts)):
        console.print("Training")
        pace = "tiny" if tiny else "full" if "training" in parts else "quick"
        model, found = training(place, size="paper", pace=pace)
        figures += found if "training" in parts else []
    if model is not None and {"forecast", "refresh"} & set(parts):
        console.print("Running the model on everything")
        refresh(place.graph, model, progress=Progress.silent())
    if model is not None and "forecast" in parts:
        figures += latency(place.graph, model)
    if model is not None and "refresh" in parts:
        console.print("Updating after a change of one posting in a hundred")
        figures += refreshing(place, model, console=console)
    return figures


def options(arguments: list[str] | None) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m tests.bench.gnn", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="what to measure; all otherwise")
    parser.add_argument("--model", type=Path, help="folder of a model that was trained on such a university before")
    parser.add_argument("--existing", action="store_true", help="only read, from the graph that the environment names")
    parser.add_argument("--small", action="store_true", help="a tiny university: does it run at all?")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None, *, console: Console | None = None) -> int:
    """Measure, print a table, and return 1 where a target is missed."""
    given = options(arguments)
    console = console or Console()
    parts = tuple(given.part or PARTS)
    console.print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", highlight=False)
    with tempfile.TemporaryDirectory(prefix="fullcycle-bench-") as name:
        figures = _existing(parts) if given.existing else _own(given, parts, folder=Path(name), console=console)
    if given.small:
        figures = [each.untargeted() for each in figures]
    console.print(table(figures))
    console.print(
        "Targets hold at the size of the paper and on two cores that have nothing else to do.", highlight=False
    )
    return int(any(each.missed for each in figures))


def _existing(parts: tuple[str, ...]) -> list[Figure]:
    """What can be measured without a write."""
    figures: list[Figure] = []
    if "snapshot" in parts:
        with Graph.open() as graph:
            figures += reading(graph)
    if "relation" in parts:
        figures += relation.figures(relation.measured(dict(os.environ)))
    return figures


def _own(given: Namespace, parts: tuple[str, ...], *, folder: Path, console: Console) -> list[Figure]:
    """Everything, on servers of its own."""
    figures: list[Figure] = []
    if "training" in parts and not given.small:
        console.print(f"Loading the demo university of {SMALL.postings:,} postings, and training")
        with campus(SMALL, folder / "small") as place:
            figures += training(place, size="small")[1]
    world = TINY if given.small else PAPER
    console.print(f"Loading a university of {world.postings:,} postings")
    with campus(world, folder / "own") as place:
        return figures + measured(place, parts, tiny=given.small, model=given.model, console=console)


if __name__ == "__main__":
    sys.exit(main())
