"""How well skills are read from text, on public corpora with gold spans."""

from pathlib import Path
from typing import Annotated

import typer


def evaluate_mentions(
    greenskills: Annotated[Path, typer.Option(help="CSV of the Green benchmark corpus.")],
    skillspan: Annotated[Path, typer.Option(help="JSON lines of SkillSpan's dev set.")],
    esco: Annotated[Path | None, typer.Option(help="ESCO download, to read with its names as well.")] = None,
) -> None:
    """Print precision, recall and F1 of reading skills, strict and partial, beside plain string look-up."""
    from etl.mentions.evaluation import as_table
    from etl.mentions.evaluation import evaluate_mentions as run

    typer.echo(as_table(run(greenskills, skillspan, esco=esco)))


def register(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command("evaluate-mentions")(evaluate_mentions)
