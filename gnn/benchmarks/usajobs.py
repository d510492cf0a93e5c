"""USAJobs: postings of the United States government by occupation series, as demand per month or half month.

The publisher's lists (JSON) have an object per posting. A posting counts once in each of its occupation series, in the
step of its opening date. Months with no posting at all, such as January 2025, which the publisher does not have, are
not known (NaN), not zero; every row whose windows touch them falls away.

With one step a month 18 origins are left by the 23 months and six of those fall to the missing month, most of them
around the break of level in 2025. With two steps a month, and windows of three half months, there are 41 origins, and
what follows the break is learned from too.

Only series with enough postings in the training span are read; what they do later plays no part.
"""

import json
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from gnn.benchmarks.reading import Faults, Reading, opened
from gnn.panel import Floats, Panel
from schema.demand import HORIZON, spans
from schema.errors import InputError, SettingsError

LEAST = 24


def read(
    path: Path, *, least: int = LEAST, parts: int = 1, horizon: int = HORIZON, until: int | None = None
) -> Reading:
    """Read the postings of occupation series.

    Arguments:
        path: a folder, a zip or one file of the publisher's JSON lists.
        least: postings that a series must have in the steps of the training span, >= 1.
        parts: steps of a month, 1 (months) or 2 (half months: to the 15th, and the rest).
        horizon: steps of a window, which the spans depend on.
        until: step at which to cut the series off, exclusive, before any of them is chosen; None takes all.

    Raises:
        SettingsError: the steps are not 1 or 2, or the postings span too few of them.
        InputError: a file is not a JSON list, or no series has enough postings.
    """
    if parts not in (1, 2):
        raise SettingsError(f"{parts} steps of a month", "1 or 2", where="parts")
    faults, seen = Faults(), set[object]()
    found: list[tuple[date, tuple[str, ...]]] = []
    with opened(path, ".json") as files:
        for place, file in files:
            for number, posting in _postings(place, file.read()):
                where = f"{place}:posting {number}"
                read_one = _posting(posting)
                if isinstance(read_one, str):
                    faults.add(read_one, where=where)
                elif posting.get("control_number") in seen:
                    faults.add("twice the same control number", where=where)
                else:
                    if posting.get("control_number") is not None:
                        seen.add(posting["control_number"])
                    found.append(read_one)
    if not found:
        raise InputError(f"no posting that can be read ({faults or 'none at all'})", "postings", where=str(path))
    panel = _panel(found, least=least, parts=parts, horizon=horizon, until=until, place=str(path))
    return Reading(panel, len(found), faults, year=12 * parts)


def _postings(place: str, text: str) -> Iterator[tuple[int, Any]]:
    """Yield the postings of a file with their numbers, from 1."""
    try:
        listed = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON: {error.msg}", "a JSON list of postings", where=f"{place}:{error.lineno}"
        ) from error
    if not isinstance(listed, list):
        raise InputError(f"a JSON {type(listed).__name__}", "a JSON list of postings", where=f"{place}:1")
    yield from enumerate(listed, start=1)


def _posting(posting: object) -> tuple[date, tuple[str, ...]] | str:
    """Return opening date and series codes of a posting, or what is wrong with it."""
    if not isinstance(posting, dict):
        return "not an object"
    series = posting.get("occupation_series")
    if not isinstance(series, list) or not series or not all(isinstance(each, str) and each for each in series):
        return "no occupation series"
    try:
        opening = date.fromisoformat(posting.get("open_date") or "")
    except (ValueError, TypeError):
        return "bad opening date"
    return opening, tuple(sorted(set(series)))


def _panel(
    found: list[tuple[date, tuple[str, ...]]],
    *,
    least: int,
    parts: int,
    horizon: int,
    until: int | None,
    place: str,
) -> Panel:
    first, last = (pick(day for day, _ in found) for pick in (min, max))
    start = (first.year * 12 + first.month - 1) * parts
    # A step that is not over is left out. Few postings open on a weekend, so up to two days may lack.
    over = last.day >= monthrange(last.year, last.month)[1] - 2
    steps = _step(last, parts) - start + over
    steps = steps if until is None else min(steps, until)
    names = sorted({name for _, series in found for name in series})
    row = {name: number for number, name in enumerate(names)}
    counts: Floats = np.zeros((len(names), max(steps, 1)))
    for day, series in found:
        step = _step(day, parts) - start
        if step < steps:
            counts[[row[name] for name in series], step] += 1
    train = spans(range(horizon - 1, steps - horizon), horizon=horizon).train.stop
    kept = counts[:, :train].sum(axis=1) >= least
    if not kept.any():
        raise InputError(f"no series with {least} postings in the training span", "a lower limit", where=place)
    values = counts[kept]
    values[:, counts.sum(axis=0) == 0] = np.nan
    name = "USAJobs" if parts == 1 else "USAJobs half months"
    return Panel(name, tuple(np.array(names)[kept].tolist()), date(first.year, first.month, 1), values)


def _step(day: date, parts: int) -> int:
    return (day.year * 12 + day.month - 1) * parts + (parts == 2 and day.day > 15)
