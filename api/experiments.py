"""A/B: which configuration a student's lists are made by, and the record of what was shown."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from api.context import Context
from api.recommend import Ranked
from schema.errors import GraphError, InputError, SettingsError
from schema.experiment import VARIANTS, Experiment
from schema.rules import RankingRules

_log = logging.getLogger("fullcycle.api")


def read(path: Path) -> Experiment:
    """Return the experiment of a JSON file: ``{"name": "spring", "variants": {"B": {"weights": {...}}}}``.

    Raises:
        InputError: the file cannot be read, or is no such JSON.
        SettingsError: a setting is unknown or out of its range.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        found = Experiment.of(plain)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"experiment: {error}", "a JSON object with name and variants", where=str(path)) from error
    for variant in VARIANTS:
        try:
            found.rules(variant, RankingRules())
        except (TypeError, AttributeError) as error:
            raise SettingsError(str(error), "settings as in a generation", where=f"{path} {variant}") from error
    return found


def widest(experiment: Experiment | None) -> int:
    """Return the most postings of a job cluster that a variant of an experiment lets compete; 0 where none says."""
    changes = experiment.changes.values() if experiment is not None else ()
    return max((int(each.get("pool", 0)) for each in changes), default=0)


async def record_shown(context: Context, student: str, path: str, items: Sequence[Ranked]) -> None:
    """Record what a student is shown, once a day and list; without an experiment nothing is.

    A graph that cannot be written does not keep the list from the student.

    Arguments:
        context: of the request.
        student: code of the student.
        path: of the list.
        items: of the list.
    """
    experiment = context.experiment
    if experiment is None or not items:
        return
    try:
        await context.gateway.write(
            "feedback/shown",
            student=student,
            key=f"{context.now.date()}:{experiment.name}:{path}",
            at=context.now,
            path=path,
            experiment=experiment.name,
            variant=experiment.variant(student),
            items=[[each.item, each.rank] for each in items],
        )
    except GraphError as error:
        _log.warning("what %s was shown is not recorded: %s", student, error)
