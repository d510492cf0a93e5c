"""USAJobs postings as their collectors hand them out: JSON lists by department, with titles and occupation series.

There is no description. The names of the series and the part of the agency stand for it, so that the classification of
the publisher is what can be read; the series also lead to an occupation where the title does not.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from etl import clusters
from etl.load import Builder, Loading
from etl.mapping import ColumnMapping
from etl.pipeline import Pass
from etl.records import Draft, HeldDraft
from etl.rows import BadRow, read
from etl.sources.postings import TARGET, Reading, occupations
from schema.errors import InputError

SOURCE = "usajobs"
STANDARDS = ("onet", "esco", "fc")
UNCLASSIFIED = "unclassified"

_COLUMNS = {
    "code": ("control_number",),
    "title": ("position_title",),
    "responsibilities": ("occupation_series",),
    "employer": ("agency",),
    "released_on": ("open_date",),
    "closes_on": ("close_date",),
    "job_cluster": ("occupation_series",),
    "url": ("usajobs_url",),
}
MAPPING = ColumnMapping(columns=_COLUMNS, language="en", currency="USD", occupations=STANDARDS)

_NUMBER = re.compile(r"^\d{4}\s*-\s*")
_SERIES = re.compile(r"\s+series$", re.IGNORECASE)


def series_names(cell: object) -> list[str]:
    """Return the names of occupation series without number and the word "series".

    >>> series_names(["1822 - Mine Safety And Health Inspection Series"])
    ['Mine Safety And Health Inspection']
    """
    items: Sequence[Any] = cell if isinstance(cell, list) else [cell] if cell else []
    return [_SERIES.sub("", _NUMBER.sub("", str(item).strip())) for item in items]


def files(path: Path) -> list[Path]:
    """Return the JSON files of a folder, or the file itself.

    Raises:
        InputError: there is none.
    """
    found = sorted(path.glob("*.json")) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        raise InputError("no JSON file", "a folder of JSON lists, or one of them", where=str(path))
    return found


def fields(cells: dict[str, Any], index: clusters.ClusterIndex) -> dict[str, str]:
    """Return the fields of a posting; the series leads to a cluster where the title does not."""
    names = series_names(cells.get("occupation_series"))
    given = {
        "code": str(cells.get("control_number") or ""),
        "title": str(cells.get("position_title") or ""),
        "responsibilities": "; ".join(filter(None, [*names, str(cells.get("subagency") or "")])),
        "employer": str(cells.get("agency") or cells.get("department") or ""),
        "released_on": str(cells.get("open_date") or ""),
        "closes_on": str(cells.get("close_date") or ""),
        "industry": "Public administration",
        "location": "United States",
        "url": str(cells.get("usajobs_url") or ""),
    }
    if index.place(given["title"]).how == UNCLASSIFIED:
        placed = (index.place(name) for name in names)
        given["job_cluster"] = next((each.code for each in placed if each.how != UNCLASSIFIED), "")
    return {name: value for name, value in given.items() if value}


def builders(path: Path) -> list[Builder]:
    """Return the pass that loads all postings of a folder.

    Raises:
        InputError: there is no file.
    """
    return [partial(_build, files(path))]


def _build(paths: list[Path], loading: Loading) -> Pass:
    index = clusters.index(occupations(loading.graph), STANDARDS)
    reading = Reading(loading.graph, MAPPING, source=loading.source, at=loading.at)

    def drafts() -> Iterator[Draft | HeldDraft]:
        for path in paths:
            for row in read(path, format="json"):
                if isinstance(row, BadRow):
                    yield reading.draft(row)
                else:
                    yield reading.draft_of(fields(row.cells, index), file=row.file, line=row.line)

    return Pass(TARGET, drafts, reading.factory, screen=partial(reading.screening, paths[0]), heavy=True)
