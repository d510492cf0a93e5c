"""The sub-commands of `fullcycle load`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from cypher.graph import Graph
from cypher.settings import Settings
from etl.commands import held, reading
from etl.commands.outcome import finish, progress
from etl.load import Builder, Closing, load
from etl.report import LoadReport
from schema.errors import InputError

app = typer.Typer(
    help="Bring data in: every source is read, transformed, loaded and pruned; what cannot be read is kept aside.",
    no_args_is_help=True,
)
Source = Annotated[str, typer.Option(help="Name of the source; its codes begin with it.")]
Full = Annotated[bool, typer.Option("--full", help="The file is all that the source has: close what is missing.")]
AsOf = Annotated[str | None, typer.Option(help="The instant to take for now, such as 2024-12-31T00:00:00Z.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Tolerate = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Share of rows that may be in quarantine without exit status 3.")
]
Workers = Annotated[int, typer.Option(min=0, max=64, help="Worker processes that read text; 0 reads in this one.")]

DEMO_DIRT = 0.05
"""Share of the demo's rows that are planted as unreadable at most: they are no failure of the load."""


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"instant {text!r}", "a form such as 2024-12-31T00:00:00Z", where="--as-of") from None
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def _load(
    graph: Graph,
    builders: list[Builder],
    *,
    source: str,
    file: str,
    as_of: str | None = None,
    workers: int = 1,
    after: tuple[Closing, ...] = (),
) -> LoadReport:
    at = _instant(as_of)
    return load(graph, builders, source=source, file=file, progress=progress(), as_of=at, workers=workers, after=after)


@app.command()
def vocabulary(as_json: Json = False) -> None:
    """Load the skill vocabulary that ships with the package."""
    from etl.sources import vocabulary as source

    with Graph.open() as graph:
        report = _load(graph, source.builders(), source=source.SOURCE, file="vocabulary")
    finish([report], as_json=as_json, tolerate=0.0)


@app.command()
def demo(
    postings: Annotated[int | None, typer.Option(min=100, help="Job postings; 3,000 if not said.")] = None,
    students: Annotated[int | None, typer.Option(min=50, help="Students; 400 if not said.")] = None,
    months: Annotated[int | None, typer.Option(min=15, help="Months of postings; 24 if not said.")] = None,
    clusters: Annotated[int | None, typer.Option(min=8, help="Job clusters; 30 if not said.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed: the same seed gives the same world.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where to write its files; beside the database otherwise.")
    ] = None,
    workers: Workers = 1,
    as_json: Json = False,
) -> None:
    """Make a synthetic university and load it; 84216 postings and 18274 students are the size of the paper."""
    from etl.commands.demo import load_demo, world_of

    world = world_of(postings=postings, students=students, months=months, clusters=clusters, seed=seed)
    place = folder or Settings.from_environment().home / "demo"
    with Graph.open() as graph:
        reports = load_demo(graph, world, folder=place, workers=workers, quiet=as_json)
    finish(reports, as_json=as_json, tolerate=DEMO_DIRT)


@app.command()
def postings(
    path: Annotated[Path, typer.Argument(help="CSV, TSV, JSON, JSON Lines, Parquet, or JSON-LD / HTML of schema.org.")],
    source: Annotated[str | None, typer.Option(help="Name of the source; that of the mapping, or own.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML file that names the columns.")] = None,
    full: Annotated[bool | None, typer.Option("--full/--part", help="The file is all that the source has.")] = None,
    hold_expired: Annotated[bool | None, typer.Option(help="Hold back postings that have closed already.")] = None,
    as_of: AsOf = None,
    workers: Workers = 1,
    tolerate: Tolerate = 0.0,
    as_json: Json = False,
) -> None:
    """Load job postings from a file."""
    from etl.candidates import after_load
    from etl.mapping import ColumnMapping
    from etl.sources import postings as adapter

    columns = ColumnMapping.read(mapping) if mapping is not None else ColumnMapping()
    passes = adapter.builders(path, mapping=columns, full=full, hold_expired=hold_expired)
    with Graph.open() as graph:
        report = load(
            graph,
            passes,
            source=source or columns.source or "own",
            file=str(path),
            progress=progress(),
            as_of=_instant(as_of),
            workers=workers,
            after=(after_load,),
        )
    finish([report], as_json=as_json, tolerate=tolerate)


@app.command()
def table(
    name: Annotated[str, typer.Argument(help="Name of a table, such as students; `load template list` names all.")],
    path: Annotated[Path, typer.Argument(help="File of that form.")],
    source: Source = "own",
    full: Full = False,
    mode: Annotated[str, typer.Option(help="Skills only: extend our vocabulary, or replace it.")] = "extend",
    as_of: AsOf = None,
    tolerate: Tolerate = 0.0,
    as_json: Json = False,
) -> None:
    """Load a table of an institution: students, course records, resources, outcomes, ..."""
    from etl.sources import tables

    if mode not in ("extend", "replace"):
        raise InputError(f"mode {mode!r}", "extend or replace", where="--mode")
    passes = tables.builders(tables.table(name), path, source=source, full=full, mode=mode)  # type: ignore[arg-type]
    with Graph.open() as graph:
        report = _load(graph, passes, source=source, file=str(path), as_of=as_of)
    finish([report], as_json=as_json, tolerate=tolerate)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="Name of a table, such as students; `list` names them all.")],
    describe: Annotated[bool, typer.Option("--describe", help="Say what each column means.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: the names, or what each column means.")] = False,
) -> None:
    """Print the CSV template of a table, with an example row."""
    from etl.sources import tables

    if name == "list":
        names = list(tables.TABLES)
        typer.echo(orjson.dumps(names).decode() if as_json else "\n".join(names))
    elif as_json:
        rows = [dict(zip(tables.HEADERS, row, strict=True)) for row in tables.described(name)]
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
    elif describe:
        for column, required, *rest in tables.described(name):
            typer.echo(f"{column}{' (required)' if required else ''}")
            said = zip(tables.HEADERS[2:], rest, strict=True)
            typer.echo("".join(f"    {title}: {text}\n" for title, text in said if text), nl=False)
    else:
        typer.echo(tables.template(name), nl=False)


@app.command()
def esco(
    path: Annotated[Path, typer.Argument(help="The CSV download, zipped or unpacked.")],
    group_level: Annotated[int, typer.Option(min=1, max=3, help="Level of the skill groups that become units.")] = 2,
    replace: Annotated[
        bool, typer.Option("--replace", help="Close our own vocabulary, in whose place ESCO stands then.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Load all of ESCO: skill groups, skills, occupations, and what occupations ask for."""
    from etl.sources import esco as source

    passes = source.builders(path, level=group_level, replace=replace)
    after = (source.close_own_vocabulary,) if replace else ()
    with Graph.open() as graph:
        report = _load(graph, passes, source=source.SOURCE, file=str(path), after=after)
    finish([report], as_json=as_json, tolerate=0.0)


@app.command()
def onet(
    path: Annotated[Path, typer.Argument(help="The text download, zipped or unpacked.")], as_json: Json = False
) -> None:
    """Load O*NET: occupations, alternate titles, technology; linked to ESCO where that is loaded."""
    from etl.sources import onet as source

    passes = source.builders(path)
    with Graph.open() as graph:
        report = _load(graph, passes, source=source.SOURCE, file=str(path))
    finish([report], as_json=as_json, tolerate=0.0)


@app.command()
def usajobs(
    path: Annotated[Path, typer.Argument(help="Folder of JSON lists, or one of them.")],
    workers: Workers = 1,
    tolerate: Tolerate = 0.0,
    as_json: Json = False,
) -> None:
    """Load postings of USAJobs; titles and series lead to O*NET occupations."""
    from etl.candidates import after_load
    from etl.sources import usajobs as source

    passes = source.builders(path)
    with Graph.open() as graph:
        report = _load(graph, passes, source=source.SOURCE, file=str(path), workers=workers, after=(after_load,))
    finish([report], as_json=as_json, tolerate=tolerate)


@app.command()
def oulad(
    path: Annotated[Path, typer.Argument(help="The download, zipped or unpacked.")],
    courses: Annotated[Path | None, typer.Option(help="CSV of course, skill, level: what the modules teach.")] = None,
    tolerate: Tolerate = 0.0,
    as_json: Json = False,
) -> None:
    """Load OULAD: students, modules and results; modules are anonymous, so say with --courses what they teach."""
    from etl.sources import oulad as source

    passes = source.builders(path, courses=courses)
    with Graph.open() as graph:
        report = _load(graph, passes, source=source.SOURCE, file=str(path))
    finish([report], as_json=as_json, tolerate=tolerate)


# Behind the commands that load, so that help lists those first.
held.register(app)
reading.register(app)
