"""The comparison of an experiment, read from what was shown and done."""

from cypher.graph import Graph
from cypher.library import query
from gnn.comparison import Comparison, compare
from schema.errors import JobError
from schema.feedback import POSITIVE


def compare_variants(graph: Graph, experiment: str, *, days: int = 14, level: float = 0.95) -> Comparison:
    """Return how the variants of an experiment did.

    Arguments:
        graph: an open graph.
        experiment: its name.
        days: after an item was first shown within which wanting it counts, >= 1.
        level: of the interval, above 0, below 1.

    Raises:
        JobError: nothing was shown under that name, or too little to compare.
    """
    rows = graph.read(query("snapshot/exposures"), experiment=experiment, days=days, wanted=list(POSITIVE))
    if not rows:
        raise JobError(f"experiment {experiment!r}, of which nothing was shown", "an experiment that was served")
    return compare(
        [row["variant"] for row in rows],
        [row["shown"] for row in rows],
        [row["taken"] for row in rows],
        level=level,
    )
