"""Pictures of a training: losses by epoch and the confusion of classes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from gnn.metrics import confusion
from gnn.panel import Places
from gnn.train import Curve
from schema.derived import DEMAND_CLASSES


def draw(folder: Path, curves: Sequence[Curve], *, label: Places, named: Places) -> None:
    """Write curves.png and confusion.png into a folder.

    Arguments:
        folder: it exists.
        curves: losses of each member.
        label, named: true and foretold classes of the test span, places in DEMAND_CLASSES.
    """
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="epoch", ylabel="loss", title="Training of the demand model")
    for member, curve in enumerate(curves):
        axes.plot(np.arange(1, len(curve.fit) + 1), curve.fit, color=f"C{member}", alpha=0.5, label="training span")
        axes.plot(np.arange(1, len(curve.check) + 1), curve.check, color=f"C{member}", label="validation span")
        axes.axvline(curve.best, color="0.6", linestyle=":", label="best epoch")
    axes.legend()
    figure.savefig(folder / "curves.png", dpi=120)
    table = confusion(label, named)
    names = [name.replace("_", " ").lower() for name in DEMAND_CLASSES]
    figure = Figure(figsize=(5.5, 5), layout="constrained")
    axes = figure.add_subplot(xlabel="foretold", ylabel="came", title="Classes of the test span")
    axes.imshow(table, cmap="Blues")
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), names)
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            axes.text(
                column,
                row,
                str(int(count)),
                ha="center",
                va="center",
                color="white" if count > table.max() / 2 else "black",
            )
    figure.savefig(folder / "confusion.png", dpi=120)
