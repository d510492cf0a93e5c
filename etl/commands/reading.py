"""How well skills are read from text, on public corpora with gold spans."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer

RATES = ("precision", "recall", "f1")


def evaluate_mentions(
    greenskills: Annotated[Path, typer.Option(help="CSV of the Green benchmark corpus.")],
    skillspan: Annotated[Path, typer.Option(help="JSON lines of SkillSpan's dev set.")],
    esco: Annotated[Path | None, typer.Option(help="ESCO download, to read with its names as well.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Print precision, recall and F1 of reading skills, strict and partial, beside plain string look-up."""
    from etl.mentions.evaluation import as_table
    from etl.mentions.evaluation import evaluate_mentions as run

    results = list(run(greenskills, skillspan, esco=esco))
    if not as_json:
        typer.echo(as_table(results))
        return
    figures = [
        {
            "corpus": each.corpus,
            "labels": each.labels,
            "names": each.names,
            "method": each.method,
            "strict": dict(zip(RATES, each.score.strict(), strict=True)),
            "partial": dict(zip(RATES, each.score.partial(), strict=True)),
            **asdict(each.score),
        }
        for each in results
    ]
    typer.echo(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())


def register(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command("evaluate-mentions")(evaluate_mentions)
