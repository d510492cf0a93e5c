"""One epoch of the relation channel beside the same layers of stock PyG and stock dgl, on the graph of a history.

Run on a database that holds a university, for example after ``fullcycle load demo``:

    python -m tests.bench.relation

Each row runs in a process of its own, so that the peak of memory is its own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench.figure import Figure, table
from tests.bench.memory import begin_peak, high_water

EPOCHS = 5
ROWS = ("ours", "stock dgl", "stock PyG")
MOST = 1.5
ROOT = Path(__file__).parents[2]


def epoch(name: str) -> dict[str, float]:
    """Return the seconds of the fastest epoch and the peak of memory in MiB, in this process."""
    import torch

    from cypher.graph import Graph
    from cypher.progress import Progress
    from gnn.config import DemandConfig
    from gnn.dataset import dataset_of
    from gnn.material import material_of
    from gnn.network import DemandNetwork
    from gnn.panel import rows
    from gnn.snapshot import read_history

    torch.manual_seed(0)
    with Graph.open() as graph:
        material = material_of(read_history(graph, progress=Progress.silent()))
    config = DemandConfig(dropout=0.0, channel_dropout=0.0)
    data = dataset_of(material, rows(material.panel), horizon=config.horizon)
    network = DemandNetwork(config, data)
    assert network.relation is not None and network.growth is not None and data.sequences is not None
    with torch.no_grad():
        states = network.growth.states(data.sequences)
        inputs = network.inputs(data, text=None, states=states)
    inputs = {kind: table.detach() for kind, table in inputs.items()}
    before = begin_peak()
    step = {"ours": _ours, "stock dgl": _dgl, "stock PyG": _pyg}[name](network, data, inputs)
    seconds = []
    for _ in range(EPOCHS):
        begun = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begun)
    peak = high_water(os.getpid()) - before
    return {"seconds": min(seconds), "peak": peak / 1024, "edges": float(data.graph.num_edges())}


def _ours(network: Any, data: Any, inputs: dict[str, Any]) -> Callable[[], None]:
    return lambda: network.relation(data.graph, inputs).sum().backward()


def _dgl(network: Any, data: Any, inputs: dict[str, Any]) -> Callable[[], None]:
    import torch
    from dgl.nn.pytorch import GATConv, HeteroGraphConv

    width, heads = network.config.width, network.config.heads
    first, last = _parts(network)
    reached = {target for _, _, target in first}
    sizes = {kind: table.shape[1] for kind, table in inputs.items()}
    middle = {kind: width if kind in reached else size for kind, size in sizes.items()}
    layers = [
        HeteroGraphConv(
            {verb: GATConv((held[a], held[b]), width // heads, heads, allow_zero_in_degree=True) for a, verb, b in part}
        )
        for held, part in ((sizes, first), (middle, last))
    ]
    graphs = [data.graph.edge_type_subgraph(list(part)) for part in (first, last)]

    def step() -> None:
        found = {kind: table.flatten(1) for kind, table in layers[0](graphs[0], _held(graphs[0], inputs)).items()}
        found = layers[1](graphs[1], _held(graphs[1], inputs | found))
        torch.flatten(found["cluster"], 1).sum().backward()

    return step


def _held(graph: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {kind: values[kind] for kind in graph.ntypes}


def _pyg(network: Any, data: Any, inputs: dict[str, Any]) -> Callable[[], None]:
    import torch
    from torch_geometric.nn import GATConv, HeteroConv

    width, heads = network.config.width, network.config.heads
    first, last = _parts(network)
    reached = {target for _, _, target in first}
    sizes = {kind: table.shape[1] for kind, table in inputs.items()}
    middle = {kind: width if kind in reached else size for kind, size in sizes.items()}
    layers = [
        HeteroConv(
            {
                name: GATConv((held[name[0]], held[name[2]]), width // heads, heads, add_self_loops=False)
                for name in part
            }
        )
        for held, part in ((sizes, first), (middle, last))
    ]
    edges = {name: torch.stack(data.graph.edges(etype=name)) for name in data.graph.canonical_etypes}

    def step() -> None:
        found = layers[0](inputs, {name: edges[name] for name in first})
        found = layers[1](inputs | found, {name: edges[name] for name in last})
        found["cluster"].sum().backward()

    return step


def _parts(network: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    return network.relation.first.types, network.relation.last.types


def measured(environment: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Run each row in a process of its own, on the graph that an environment names."""
    found = {}
    for name in ROWS:
        command = [sys.executable, "-m", "tests.bench.relation", name]
        made = subprocess.run(command, env=dict(environment), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        found[name] = json.loads(made.stdout.splitlines()[-1])
    return found


def figures(found: Mapping[str, Mapping[str, float]]) -> list[Figure]:
    """Hold ours against the better of the stock rows."""
    ours, others = found[ROWS[0]], [found[name] for name in ROWS[1:]]
    seconds, peak = (min(row[name] for row in others) for name in ("seconds", "peak"))
    told = [
        ", ".join(f"{name} {row[value]:{form}}" for name, row in found.items())
        for value, form in (("seconds", ".3f"), ("peak", ".0f"))
    ]
    return [
        Figure(
            "epoch of the relation channel, to the faster stock",
            ours["seconds"] / seconds,
            "times",
            MOST,
            most=True,
            note=f"{told[0]} s, {ours['edges']:,.0f} edges",
        ),
        Figure(
            "its peak memory, to the smaller stock",
            # A graph that is too small to need memory has no ratio.
            ours["peak"] / peak if peak else float(ours["peak"] > 0),
            "times",
            1.0,
            most=True,
            note=f"{told[1]} MiB",
        ),
    ]


def main() -> int:
    """Print a table; the status is 1 where ours takes more than MOST times the faster one, or more memory."""
    if len(sys.argv) > 1:
        print(json.dumps(epoch(sys.argv[1])))  # noqa: T201 - the parent process reads it
        return 0
    found = figures(measured(os.environ))
    Console().print(table(found))
    return int(any(each.missed for each in found))


if __name__ == "__main__":
    raise SystemExit(main())
