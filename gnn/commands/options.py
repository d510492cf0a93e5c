"""What the commands ``fullcycle gnn`` have in common: their options, and what these stand for."""

import sys
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from cypher.progress import Progress
from cypher.settings import Settings
from gnn.drift import DriftConfig
from schema.errors import SettingsError

if TYPE_CHECKING:
    from gnn.channels.text import TextConfig

Through = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of data that counts; all that is loaded.")
]
Models = Annotated[Path | None, typer.Option(help="Folder of trained models; beside the database otherwise.")]
Model = Annotated[Path | None, typer.Option("--artifact", help="Folder of one trained model; the newest otherwise.")]
Encoder = Annotated[
    str | None, typer.Option(help="Name or folder of a Hugging Face checkpoint; a small one is trained here otherwise.")
]
Again = Annotated[bool, typer.Option("--all", help="Compute and write all, changed or not.")]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="What counts as drift; can be given several times. By default "
        + ", ".join(f"{name}={value}" for name, value in asdict(DriftConfig()).items()),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


def last_day(through: datetime | None) -> date | None:
    """Return the day of an option that is a time."""
    return through.date() if through else None


def shown() -> Progress:
    """Return progress on the terminal, or in plain lines elsewhere."""
    return Progress.for_stream(sys.stderr)


def print_page(text: str) -> None:
    """Show Markdown on a terminal as a page, elsewhere as it is."""
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        typer.echo(text)


def home() -> Path:
    """Return the folder of the database and of what lies beside it."""
    return Settings.from_environment().home


def models_folder(given: Path | None) -> Path:
    """Return the folder of trained models."""
    return given or home() / "models"


def artifact_folder(given: Path | None, models: Path | None) -> Path:
    """Return the folder of the model that was named, else of the newest.

    Raises:
        JobError: there is none.
    """
    from gnn.artifact import latest

    return given or latest(models_folder(models))


def text_settings(encoder: str | None) -> "TextConfig":
    """Return the settings of the posting encoder."""
    from gnn.channels.text import TextConfig

    return TextConfig(encoder=encoder)


def drift_limits(given: list[str] | None) -> DriftConfig:
    """Return what counts as drift, from options NAME=NUMBER; the defaults for what they do not name.

    Raises:
        SettingsError: there is no such limit, or its value is no number or out of its range.
    """
    defaults, found = asdict(DriftConfig()), {}
    for each in given or ():
        name, _, value = each.partition("=")
        if name not in defaults:
            raise SettingsError(f"limit {name!r}", ", ".join(defaults), where="--limit")
        kind = type(defaults[name])
        try:
            found[name] = kind(value)
        except ValueError as error:
            expected = "a whole number" if kind is int else "a number"
            raise SettingsError(f"limit {name} {value!r}", expected, where="--limit") from error
    return replace(DriftConfig(), **found)
