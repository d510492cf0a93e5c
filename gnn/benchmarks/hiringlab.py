"""Indeed Hiring Lab: the job postings index by sector, as monthly demand.

The publisher's file `job_postings_by_sector_XX.csv` has a row per day and sector: the number of open postings against
1 February 2020 (100), as a mean of seven days. So values are an index, not a count: sectors cannot be added or
compared in size, and "low demand" means a sector that lost much since February 2020. The publisher adjusts for season
with factors that are revised later, so that past values know a little of their future; all forecasters alike read them.

Source: Indeed Hiring Lab, Job Postings Index, CC BY 4.0.
"""

import csv
from calendar import monthrange
from datetime import date
from math import isfinite
from pathlib import Path

import numpy as np

from gnn.benchmarks.reading import Faults, Reading, opened
from gnn.panel import Panel
from schema.errors import InputError

COLUMNS = ("date", "jobcountry", "indeed_job_postings_index", "variable", "display_name")
ENDING = ".csv"
STEM = "job_postings_by_sector"
LEAST_DAYS = 15
TOTAL = "total postings"


def read(path: Path, *, variable: str = TOTAL) -> Reading:
    """Read the index of sectors as monthly means.

    A month of a sector is the mean of its days, where at least 15 are there, else not known. The last month is left
    out unless its last day is there. Rows that cannot be read are counted and left out; of two rows for the same day
    the first counts.

    Arguments:
        path: the publisher's CSV file, a folder or a zip with one.
        variable: "total postings" or "new postings".

    Raises:
        InputError: a column is missing, there is more than one country or file, or there is no whole month.
    """
    faults, days, countries = Faults(), dict[tuple[str, date], float](), set[str]()
    with opened(path, ENDING) as files:
        wanted = [(name, file) for name, file in files if STEM in name] if len(files) > 1 else files
        if len(wanted) != 1:
            raise InputError(f"{len(wanted)} files {STEM}*{ENDING}", "one", where=str(path))
        place, file = wanted[0]
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"no column {', '.join(missing)}", ", ".join(COLUMNS), where=f"{place}:1")
        for row in reader:
            where = f"{place}:{reader.line_num}"
            if row["variable"] != variable:
                continue
            found = _day(row)
            if isinstance(found, str):
                faults.add(found, where=where)
            elif found[:2] in days:
                faults.add("twice the same day", where=where)
            else:
                days[found[:2]] = found[2]
                countries.add(row["jobcountry"])
    if len(countries) != 1:
        raise InputError(f"countries {sorted(countries)}, {variable!r}", "rows of one country", where=place)
    return Reading(_panel(f"Hiring Lab {countries.pop()}", days, place), len(days), faults)


def _day(row: dict[str, str]) -> tuple[str, date, float] | str:
    """Return sector, day and index of a row, or what is wrong with it."""
    try:
        day = date.fromisoformat(row["date"] or "")
    except ValueError:
        return "bad date"
    try:
        value = float(row["indeed_job_postings_index"] or "")
    except ValueError:
        return "bad index"
    if not isfinite(value) or value < 0:
        return "bad index"
    if not row["display_name"]:
        return "no sector"
    return row["display_name"], day, value


def _panel(name: str, days: dict[tuple[str, date], float], place: str) -> Panel:
    sectors = sorted({sector for sector, _ in days})
    first, last = (pick(day for _, day in days) for pick in (min, max))
    start = first.year * 12 + first.month - 1
    whole = last.day == monthrange(last.year, last.month)[1]
    months = last.year * 12 + last.month - 1 - start + whole
    if months < 1:
        raise InputError(f"days from {first} to {last}", "a whole month", where=place)
    total, count = np.zeros((2, len(sectors), months))
    row = {sector: number for number, sector in enumerate(sectors)}
    for (sector, day), value in days.items():
        month = day.year * 12 + day.month - 1 - start
        if month < months:
            total[row[sector], month] += value
            count[row[sector], month] += 1
    values = np.where(count >= LEAST_DAYS, total / np.maximum(count, 1), np.nan)
    return Panel(name, tuple(sectors), date(first.year, first.month, 1), values)
