"""What each process of `tests.gnn.test_parallel` runs: train a small model with the others; the first says how it went.

torchrun --nproc-per-node 2 -m tests.gnn.together RESULT.json
"""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import torch

from gnn.baselines.forecaster import may_fit
from gnn.config import DemandConfig
from gnn.model import DemandModel
from gnn.panel import rows
from gnn.parallel import Ranks, first, together
from tests.gnn.relations import related

SURE = DemandConfig(
    epochs=5, patience=5, width=16, learning_rate=1e-2, dropout=0.0, channel_dropout=0.0, balance=0.5, contrast=0.2
)
KINDS = {
    "whole": SURE,
    "batches": replace(SURE, full_graph_limit=0, fanout=0, batch=70),
    "dropout": replace(SURE, dropout=0.1, channel_dropout=0.05),
}


def fitted(ranks: Ranks) -> dict[str, dict[str, list]]:
    """Curves, forecasts and sums of weights of a model of each kind."""
    torch.set_num_threads(1)
    given = related(clusters=6, months=32)
    every = rows(given.panel)
    found = {}
    for name, config in KINDS.items():
        model = DemandModel(config, given, ranks=ranks)
        model.fit(given.panel, every, fit=may_fit(every, horizon=3), seed=2)
        said = model.outlook(every, at=every.within(every.parts.test))
        weights = [each.double().sum().item() for each in model.members[0].state_dict().values()]
        found[name] = {**asdict(model.curves[0]), "change": said.change.tolist(), "tau": model.tau, "weights": weights}
    return found


def threads() -> list[str]:
    """Names of the threads of this process, where the system tells them."""
    return [each.read_text().strip() for each in Path("/proc/self/task").glob("*/comm")]


def main(path: Path) -> None:
    """Train, and keep what came of it."""
    with together() as ranks:
        found = fitted(ranks)
        every = [ranks.told(None) if ranks.rank else ranks.told(found), found]
    every.append(threads())
    if not first():
        path = path.with_suffix(".other")
    path.write_text(json.dumps(every), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
