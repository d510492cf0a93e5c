"""How long training takes, and how much memory: ``fullcycle gnn train`` as a process of its own.

``python -m tests.bench.training MODELS PACE`` is that process; it prints the folder of the model.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.campus import Campus
from tests.bench.figure import Figure
from tests.bench.memory import Peak

ROOT = Path(__file__).parents[2]
MINUTES = {"paper": 60.0, "small": 3.0}
GIBIBYTES = 10.0
PACES = ("full", "quick", "tiny")
"""As the command trains; a few passes, where what the model foretells does not matter; with a tiny encoder too."""


def training(campus: Campus, *, size: str, pace: str = "full") -> tuple[Path, list[Figure]]:
    """Train on a university.

    Arguments:
        campus: holds the graph; the model comes into its folder.
        size: "paper" or "small", which have targets.
        pace: of PACES.

    Returns:
        The folder of the model, and time and memory.
    """
    command = [sys.executable, "-m", "tests.bench.training", str(campus.folder / "models"), pace]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=campus.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peak = Peak(process)
    output, _ = process.communicate()
    minutes = (time.perf_counter() - begun) / 60
    peak.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    note = f"texts included, {os.cpu_count()} cores"
    return Path(output.splitlines()[-1]), [
        Figure(f"training, {size} size", minutes, "min", MINUTES[size], most=True, note=note),
        Figure(f"its peak memory, {size} size", peak.mebibytes / 1024, "GiB", GIBIBYTES, most=True),
    ]


def main(models: str, pace: str) -> None:
    """Train on the graph that the environment names."""
    from cypher.graph import Graph
    from cypher.progress import Progress
    from gnn.channels.text import TextConfig
    from gnn.config import DemandConfig
    from gnn.jobs import training as job

    passes = DemandConfig(epochs=3, patience=3)
    demand, texts = {
        "full": (DemandConfig(), TextConfig()),
        "quick": (passes, TextConfig(pretrain_steps=10, epochs=1)),
        "tiny": (passes, TextConfig(
            vocabulary=400, length=32, layers=1, hidden=16, heads=2, pretrain_steps=3, epochs=1, text_size=8,
            skill_size=8, attribute_size=4,
        )),
    }[pace]  # fmt: skip
    with Graph.open() as graph:
        report = job.train(graph, demand, texts, models=Path(models), progress=Progress.for_stream(sys.stderr))
    sys.stdout.write(f"{report.folder}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
