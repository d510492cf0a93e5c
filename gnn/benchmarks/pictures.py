"""The confusion of classes as a picture."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from gnn.benchmarks.store import write_whole
from schema.derived import DEMAND_CLASSES


def draw(path: Path, table: Sequence[Sequence[int]], *, title: str) -> None:
    """Write a confusion matrix as a picture.

    Arguments:
        path: file that ends with .png.
        table: true class by named class.
        title: above it.
    """
    counts = np.asarray(table)
    names = [name.replace("_", " ").lower() for name in DEMAND_CLASSES]
    figure = Figure(figsize=(5.5, 5), layout="constrained")
    axes = figure.add_subplot(xlabel="foretold", ylabel="came", title=title)
    axes.imshow(counts, cmap="Blues")
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), names)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if count > counts.max() / 2 else "black"
        axes.text(column, row, str(int(count)), ha="center", va="center", color=colour)
    write_whole(path, lambda target: figure.savefig(target, dpi=120))
