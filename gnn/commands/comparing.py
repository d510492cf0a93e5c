"""The command ``fullcycle gnn compare``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cypher.graph import Graph
from gnn.commands.app import app
from gnn.commands.options import AsJson


@app.command()
def compare(
    experiment: Annotated[str, typer.Argument(help="Name of the experiment, as it was served.")],
    days: Annotated[int, typer.Option(min=1, help="Days after the showing within which wanting an item counts.")] = 14,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Level of the interval.")] = 0.95,
    as_json: AsJson = False,
) -> None:
    """Hold the two configurations of an experiment against each other, with the interval of the difference."""
    from gnn.jobs.comparing import compare_variants

    with Graph.open() as graph:
        found = compare_variants(graph, experiment, days=days, level=level)
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"decided": found.decided}, indent=2))
        return
    table = Table("variant", "students", "shown", "wanted", "rate")
    for name, arm in (("A", found.a), ("B", found.b)):
        table.add_row(name, f"{arm.students:,}", f"{arm.shown:,}", f"{arm.taken:,}", f"{arm.rate:.4f}")
    Console().print(table)
    verdict = "B differs from A" if found.decided else "no difference is shown"
    Console().print(
        f"B - A: {found.difference:+.4f}, {level:.0%} interval {found.low:+.4f} to {found.high:+.4f}: {verdict}."
    )
