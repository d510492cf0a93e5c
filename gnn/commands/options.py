"""What the commands ``fullcycle gnn`` have in common: their options, and what these stand for."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cypher.progress import Progress
from cypher.settings import Settings

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
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


def last_day(through: datetime | None) -> date | None:
    """Return the day of an option that is a time."""
    return through.date() if through else None


def shown() -> Progress:
    """Return progress on the terminal, or in plain lines elsewhere."""
    return Progress.for_stream(sys.stderr)


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
