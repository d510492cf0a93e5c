"""OULAD as a log of interactions: user, item, time.

A user is a student; an item is a module, or the n-th assessment of a kind of a module, in whatever presentation; times
are days since 2013-01-01, presentations that end with B beginning on 1 February and with J on 1 October.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path


def begin(presentation: str) -> int:
    """Return the first day of a presentation."""
    return (date(int(presentation[:4]), 2 if presentation[-1] == "B" else 10, 1) - date(2013, 1, 1)).days


def rows(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Yield user, item and time of registrations and submissions."""
    numbers: dict[tuple[str, str, str], list[tuple[float, str]]] = {}
    for row in _read(folder / "assessments.csv"):
        key = (row["code_module"], row["code_presentation"], row["assessment_type"])
        # An exam without a day comes at the end.
        numbers.setdefault(key, []).append((float(row["date"] or 999), row["id_assessment"]))
    place = {}
    for (module, presentation, kind), found in numbers.items():
        for number, (_, assessment) in enumerate(sorted(found), start=1):
            place[assessment] = f"{module}-{kind}{number}", begin(presentation)
    for row in _read(folder / "studentRegistration.csv"):
        if row["date_registration"]:
            yield row["id_student"], row["code_module"], begin(row["code_presentation"]) + int(row["date_registration"])
    for row in _read(folder / "studentAssessment.csv"):
        item, first = place[row["id_assessment"]]
        yield row["id_student"], item, first + int(row["date_submitted"])


def write(folder: Path, path: Path) -> None:
    """Write the log as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("user", "item", "time"))
        writer.writerows(rows(folder))


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
