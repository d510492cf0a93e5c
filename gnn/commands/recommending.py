"""What ``fullcycle gnn bench --task recommend`` runs, and the command ``fullcycle gnn simulate-feedback``.

torch and the engine are imported when they run.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cypher.graph import Graph
from gnn.commands.app import app
from gnn.commands.options import AsJson, home, print_page, shown
from schema.errors import SettingsError

if TYPE_CHECKING:
    from gnn.benchmarks.recommend.bench import Benched

TASKS = ("demand", "recommend", "explanations")
"""What `bench` can measure."""

Task = Annotated[str, typer.Option(help=f"What is measured: {', '.join(TASKS[:-1])} or {TASKS[-1]}.")]
Interactions = Annotated[
    Path | None,
    typer.Option(help="With --task recommend: a CSV of user, item, time to measure on, instead of the graph."),
]
Months = Annotated[int, typer.Option(min=1, help="With --task recommend: last months, which are held out.")]
TestShare = Annotated[
    float,
    typer.Option(min=0.01, max=0.5, help="With --interactions: share of the steps, the last ones, that is the test."),
]
Most = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="With --task recommend: steps of a task at most, drawn; all otherwise. With explanations: students.",
    ),
]
Bound = Annotated[
    float,
    typer.Option(min=0.0, max=1.0, help="With --task recommend: how far a group may fall short when bounded."),
]
Out = Annotated[Path | None, typer.Option(help="Folder of tables and results; beside the database otherwise.")]

DAYS = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Recommending:
    """How recommendations are measured.

    Arguments:
        seeds: of rows that draw.
        rows: names of those that are wanted; empty for all.
        out: folder of tables and results.
        world: world.json of the synthetic university that is loaded, or None.
        months: held out.
        most: steps of a task, or None.
        bound: see `Bound`.
        test: share of a log that is the test.
    """

    seeds: tuple[int, ...]
    rows: tuple[str, ...]
    out: Path
    world: Path | None
    months: int
    most: int | None
    bound: float
    test: float

    def graph(self) -> "Benched":
        """Measure on the loaded graph."""
        from gnn.benchmarks.recommend.bench import Plan, bench
        from gnn.benchmarks.recommend.hold_out import hold_out
        from gnn.benchmarks.recommend.material import read_material
        from gnn.benchmarks.recommend.oracle import Oracle, Truth
        from gnn.benchmarks.recommend.reading import last_day, read_facts
        from gnn.benchmarks.recommend.roster import rows

        progress = shown()
        with Graph.open() as graph:
            facts = read_facts(graph, progress=progress)
            end = last_day(facts) + 1.0
            start = float(int(end - self.months * DAYS))
            held = hold_out(facts, start=start, end=end, most=self.most)
            material = read_material(graph, start=start, end=end, progress=progress)
        truth = Truth.of(self.world) if self.world else None
        plan = Plan(seeds=self.seeds, rows=self.rows, bound=self.bound)
        ceiling = (lambda: Oracle(truth)) if truth else None
        return bench(held, rows(material), plan, out=self.out, ceiling=ceiling, say=progress.say)

    def log(self, path: Path) -> "Benched":
        """Measure on a log of interactions."""
        from gnn.benchmarks.recommend.interactions import read_log
        from gnn.benchmarks.recommend.log_bench import bench_log, keep_held

        if self.rows:
            raise SettingsError(f"rows {', '.join(self.rows)}", "all rows, on a log", where="--row")
        progress = shown()
        log = read_log(path)
        if log.held:
            place = self.out / f"{path.stem}.held.csv"
            keep_held(log, place)
            progress.say(f"{len(log.held)} of {log.rows} rows were held back, see {place}")
        return bench_log(log, name=path.stem, out=self.out, seeds=self.seeds, test=self.test, say=progress.say)


def show(found: "Benched", *, as_json: bool) -> None:
    """Show what was measured, as a page or as JSON."""
    if as_json:
        typer.echo(json.dumps(found.json(), indent=2))
    else:
        print_page(found.markdown())


@app.command("simulate-feedback")
def simulate_feedback(
    users: Annotated[int, typer.Option(min=1, help="Students who are drawn.")] = 200,
    weeks: Annotated[int, typer.Option(min=1, help="Weeks, the last of which ends with the data.")] = 10,
    shown_items: Annotated[int, typer.Option("--shown", min=1, help="Items of each list that are shown.")] = 10,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of users, likings and draws.")] = 5,
    learned: Annotated[bool, typer.Option(help="Learn capabilities and weights first, not the plain ones.")] = True,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Show what feedback gains week by week, on students of the graph with hidden preferences, and what is exposed."""
    from gnn.benchmarks.recommend.material import read_material
    from gnn.benchmarks.recommend.ours import OURS, PLAIN, Ours
    from gnn.benchmarks.recommend.reading import last_day, read_facts
    from gnn.benchmarks.recommend.simulated import Setting, keep
    from gnn.benchmarks.recommend.simulation import simulate

    setting = Setting(users=users, weeks=weeks, shown=shown_items, seeds=tuple(range(seeds)))
    progress = shown()
    with Graph.open() as graph:
        facts = read_facts(graph, progress=progress)
        end = last_day(facts) + 1.0
        start = end - 7.0 * weeks
        material = read_material(graph, start=start, end=end, progress=progress)
    ours = Ours(material, OURS if learned else PLAIN)
    ours.learn(facts.before(start), seed=0)
    found = simulate(ours.engine, ours.abilities, setting, say=progress.say)
    paths = keep(found, out or home() / "bench")
    if as_json:
        typer.echo(json.dumps(found.json(), indent=2))
        return
    typer.echo(found.markdown())
    Console().print(f"Written to {', '.join(map(str, paths))}", soft_wrap=True, highlight=False)
