"""`fullcycle up`: from nothing to answers, by running the other commands in order."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from cypher import library
from cypher.command import INTERRUPTED, commands, run
from cypher.graph import Graph
from cypher.plan import Plan, PlanStep
from cypher.plan import read as read_plan
from cypher.server import EmbeddedServer
from cypher.settings import Settings
from schema.errors import PlanError

NOTHING = Plan("what is in the graph", ())
START = (PlanStep("Start Neo4j", ("db", "up")), PlanStep("Bring the catalog up to date", ("db", "migrate")))


def demo(sizes: dict[str, int | None]) -> Plan:
    """Return the plan of the demo university, a synthetic world.

    Arguments:
        sizes: options of `fullcycle load demo` by name; None leaves the default. Without any, a graph that holds
            a university is left as it is.
    """
    words = [part for name, value in sizes.items() if value is not None for part in (f"--{name}", str(value))]
    unless = "" if words else "audit/university-is-loaded"
    foretold = "" if words else "audit/has-forecasts"
    computed = "" if words else "audit/lists-know-forecasts"
    return Plan(
        "the demo university (synthetic)",
        (
            PlanStep("Load the skill vocabulary and the demo university", ("load", "demo", *words), unless),
            PlanStep("Train the demand model", ("gnn", "train"), foretold),
            PlanStep("Encode postings, reason over relations, forecast demand", ("gnn", "run"), foretold),
            # Lists weigh the demand that is foretold: made before, they would have to be made again.
            PlanStep("Compute gaps, bridging and lists", ("gaps",), computed),
        ),
    )


def up(
    demo_world: Annotated[bool, typer.Option("--demo", help="Load the demo university if the graph is empty.")] = False,
    plan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Run the steps of a plan, such as examples/real.toml.")
    ] = None,
    postings: Annotated[int | None, typer.Option(min=100, help="Demo: job postings.")] = None,
    students: Annotated[int | None, typer.Option(min=50, help="Demo: students.")] = None,
    months: Annotated[int | None, typer.Option(min=15, help="Demo: months of postings.")] = None,
    clusters: Annotated[int | None, typer.Option(min=8, help="Demo: job clusters.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Demo: seed of the world.")] = None,
    serve: Annotated[bool, typer.Option(help="Serve GraphQL when all is done, until Ctrl-C.")] = True,
) -> None:
    """Start Neo4j, migrate, load, compute, and serve; what is in place already is left alone.

    Without --demo or --plan nothing is loaded: what is in the graph is served.
    """
    settings = Settings.from_environment()
    sizes = {"postings": postings, "students": students, "months": months, "clusters": clusters, "seed": seed}
    sized = any(value is not None for value in sizes.values())
    if plan is not None and (demo_world or sized):
        raise PlanError("--plan together with --demo or its sizes", "one of them")
    if sized and not demo_world:
        raise PlanError("sizes of the demo without --demo", "--demo with them")
    chosen = read_plan(plan) if plan is not None else demo(sizes) if demo_world else NOTHING
    _check(chosen.steps, where=str(plan or "--demo"))
    if serve:  # a port that is taken ends this before the long steps, not after them
        run(["serve", "--check"])
    server = EmbeddedServer(settings) if settings.embedded else None
    found = server is not None and server.status().running
    console = Console(stderr=True)
    steps = START + chosen.steps
    with _orderly():
        try:
            console.print(f"This brings up {chosen.title}.", markup=False, highlight=False)
            for number, step in enumerate(steps, start=1):
                _run(step, f"[{number}/{len(steps)}]", settings=settings, console=console)
            _welcome(settings)
            if serve:
                _run(PlanStep("Serve GraphQL", ("serve",)), "", settings=settings, console=console)
        finally:
            # Ctrl-C of `up` ends what `up` began: a server that ran before, or that is to stay, is left running.
            if server is not None and not found and (serve or sys.exc_info()[0] is not None):
                console.print("Stopping Neo4j", style="bold")
                server.stop()


@contextmanager
def _orderly() -> Iterator[None]:
    """End on SIGTERM, and when the terminal is closed, as on Ctrl-C: through every ``finally``.

    The service raises the signal again once it has closed, which would end this process at once.
    """

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    # A signal that is ignored on purpose, as by nohup, stays ignored.
    watched = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is not signal.SIG_IGN]
    before = [(each, signal.signal(each, end)) for each in watched]
    try:
        yield
    finally:
        for each, handler in before:
            signal.signal(each, handler)


def _check(steps: Sequence[PlanStep], *, where: str) -> None:
    """Refuse what could not run before anything runs; raises PlanError or QueryError."""
    known = commands()
    for step in steps:
        if step.run[0] not in known or step.run[0] == "up":
            others = ", ".join(sorted(known.keys() - {"up"}))
            raise PlanError(f"command {step.run[0]!r}", f"one of {others}", where=f"{where}: {step.title}")
        if step.unless:
            library.query(step.unless)


def _run(step: PlanStep, count: str, *, settings: Settings, console: Console) -> None:
    console.print(f"{count} {step.title}".strip(), style="bold", markup=False)
    if step.unless:
        with Graph.open(settings) as graph:
            (record,) = graph.read(library.query(step.unless))
        if record[0]:
            console.print("  in place already", style="dim")
            return
    status = run(list(step.run))
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    if status:
        raise PlanError(f"`fullcycle {' '.join(step.run)}` ended with status {status}", "status 0", where=step.title)


def _welcome(settings: Settings) -> None:
    """Say what to try, with codes that are in this graph."""
    with Graph.open(settings) as graph:
        records = graph.read(library.query("report/first-chain"))
        place = graph.connection
    console = Console()
    console.print(f"\nNeo4j: {place.uri}, user {place.username}", markup=False)
    if settings.embedded:
        console.print(f"  password: in {settings.home / 'password'}", markup=False, soft_wrap=True)
    if not records:
        console.print("No student has a gap yet: load students and outcomes, then run `fullcycle gaps`.")
        return
    student, goal = records[0]["student"], records[0]["goal"]
    graphql = (
        f'{{ student(code: "{student}") {{ chain(goal: "{goal}") {{ goal {{ name }} gap {{ value }} '
        "steps { resource { name kind } contribution } } } }"
    )
    # The generation before is kept: without the pointer its gaps would be shown too.
    statement = (
        "MATCH (pointer:ActivePointer {code: 'active'}) "
        f"MATCH chain = (:Student {{code: '{student}'}})-[:HAS_GAP]->(:Gap {{generation: pointer.generation}})"
        "-[:TOWARD]->(:JobCluster) RETURN chain"
    )
    console.print("\nThree things to try:", style="bold")
    for title, text in (
        ("GraphQL, at the address below under /graphql:", graphql),
        ("Cypher, in `fullcycle db shell`:", statement + ";"),
        ("Bloom: import the perspective", "cypher/bloom/employment.json"),
    ):
        console.print(f"  {title}", markup=False, highlight=False)
        console.print(f"    {text}", markup=False, highlight=False, soft_wrap=True)
    console.print()
