"""OULAD as its publisher hands it out: students, modules, and how each student did in each presentation.

Modules are anonymous there. What they teach is said by a mapping file of one's own (``course,skill,level``), so that a
chain can lead from a student through a module to a skill.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from etl.directory import Directory
from etl.load import Builder, Loading
from etl.pipeline import Pass
from etl.records import Draft, Edge, Held, HeldDraft, Hub, Parcel, Strand, digest, edge_key
from etl.sources.assembled import draft, passing
from etl.sources.download import Download
from etl.targets import Edges, Nodes
from schema.errors import InputError

SOURCE = "oulad"
STATUS = {"Pass": "completed", "Distinction": "completed", "Fail": "failed", "Withdrawn": "withdrawn"}
MONTHS = {"B": 2, "J": 10}
"""A presentation such as 2013J starts in October, 2014B in February; dates count days from its start."""

PRESENTATION = ("code_module", "code_presentation")
STUDENTS = "studentInfo.csv"
SUBMISSIONS = "studentAssessment.csv"
BLANK = ("", "?")
"""How a missing value is written, in the one or the other edition of the download."""

Key = tuple[str, str, str]
"""Student, module and presentation."""


def starts_on(presentation: str) -> date:
    """Return the day on which a presentation starts.

    Raises:
        InputError: it is not of the form of 2013B or 2013J.

    >>> starts_on("2013J")
    datetime.date(2013, 10, 1)
    """
    year, month = presentation[:4], MONTHS.get(presentation[4:])
    if month is None or not (year.isascii() and year.isdigit() and len(year) == 4 and int(year)):
        raise InputError(f"code_presentation {presentation!r}", "a year with B or J, such as 2013J")
    return date(int(year), month, 1)


def term(presentation: str) -> str:
    """Return the half-year of a presentation: the academic year that it falls in, and its half. Errors: `starts_on`.

    >>> term("2013J"), term("2014B")
    ('2013-1', '2013-2')
    """
    start = starts_on(presentation)
    return f"{start.year}-1" if start.month == MONTHS["J"] else f"{start.year - 1:04}-2"


def _number(text: str, column: str, *, high: float) -> float:
    """Return a number of a cell, from 0 to ``high``."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= high:
        raise InputError(f"{column} {text!r}", f"a number from 0 to {high:g}")
    return value


class Oulad:
    """The files of one download: a folder or a zip file."""

    def __init__(self, path: Path) -> None:
        self.download = Download(path)
        self.file = str(path)

    def _held(self, member: str, line: int, row: dict[str, str], *, error: InputError, key: str = "") -> HeldDraft:
        """Return a row that cannot be read; without a key it may be any of those that are missing."""
        column = error.given.partition(" ")[0]
        held = Held(str(error), column, column=column)
        text = ",".join(row.values())
        place = self.download.place(member)
        return HeldDraft(key or f"{member}:{line}", held, digest(text), place, line, text, anonymous=not key)

    def courses(self) -> Iterator[Draft]:
        """Yield each module once, as a course."""
        modules: dict[str, tuple[int, str]] = {}
        for line, row in self.download.rows("courses.csv", (*PRESENTATION, "module_presentation_length")):
            modules.setdefault(row["code_module"], (line, row["module_presentation_length"]))
        for module, (line, days) in sorted(modules.items()):
            length = f"{days} days" if days not in BLANK else None
            properties = {"name": f"Module {module}", "description": length, "provider": "The Open University"}
            yield draft(Parcel(f"{SOURCE}:{module}", properties, kind="Course"), file=self.file, line=line)

    def students(self) -> Iterator[Draft | HeldDraft]:
        """Yield each student once, a member of the class of the latest presentation.

        A row whose presentation cannot be read says nothing of a class; it is held back with the records.
        """
        latest: dict[str, tuple[tuple[date, str], int, dict[str, str]]] = {}
        for line, row in self.download.rows(STUDENTS, (*PRESENTATION, "id_student", "gender", "region", "disability")):
            if not row["id_student"]:
                yield self._held(STUDENTS, line, row, error=InputError("id_student ''", "the number of a student"))
                continue
            try:
                place = (starts_on(row["code_presentation"]), row["code_module"])
            except InputError:
                place = (date.min, "")
            before = latest.get(row["id_student"])
            if before is None or place > before[0]:
                latest[row["id_student"]] = (place, line, row)
        for student, (place, line, row) in latest.items():
            yield draft(self._student(student, row, placed=place[0] > date.min), file=self.file, line=line)

    @staticmethod
    def _student(student: str, row: dict[str, str], *, placed: bool) -> Parcel:
        group = f"{row['code_module']} {row['code_presentation']}"
        code = f"{SOURCE}:{row['code_module']}-{row['code_presentation']}"
        properties = {
            "name": f"Student {student}",
            "gender": row["gender"],
            "regionText": row["region"],
            "difficulty": row["disability"] == "Y",
        }
        if not placed:
            return Parcel(f"{SOURCE}:{student}", properties)
        edges = (Edge("MEMBER_OF", "ClassGroup", code),)
        return Parcel(f"{SOURCE}:{student}", properties, edges, (Hub("ClassGroup", code, {"name": group}),))

    def _weights(self) -> dict[str, tuple[str, str, float]]:
        """Return module, presentation and weight of each assessment; the weight of one without is 0."""
        weights = {}
        for line, row in self.download.rows("assessments.csv", (*PRESENTATION, "id_assessment", "weight")):
            text = row["weight"]
            try:
                weight = 0.0 if text in BLANK else _number(text, "weight", high=100.0)
            except InputError as error:
                place = f"{self.download.place('assessments.csv')}:{line}"
                raise InputError(error.given, error.expected, where=place) from None
            weights[row["id_assessment"]] = (row["code_module"], row["code_presentation"], weight)
        return weights

    def _scores(self) -> tuple[dict[Key, float], list[HeldDraft]]:
        """Return the weighted mean score of what was handed in, in percent, and the rows that cannot be read.

        A banked score, handed in during an earlier presentation, counts as the university counts it.
        """
        weights = self._weights()
        held: list[HeldDraft] = []
        sums: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        for line, row in self.download.rows(SUBMISSIONS, ("id_assessment", "id_student", "score")):
            if row["score"] in BLANK:
                continue
            try:
                if row["id_assessment"] not in weights:
                    raise InputError(f"id_assessment {row['id_assessment']!r}", "one of assessments.csv")
                score = _number(row["score"], "score", high=100.0)
            except InputError as error:
                # It says which record it is not about: nothing is closed because of it, nor kept open.
                key = f"{SUBMISSIONS}:{row['id_assessment']}:{row['id_student']}"
                held.append(self._held(SUBMISSIONS, line, row, error=error, key=key))
                continue
            module, presentation, weight = weights[row["id_assessment"]]
            total = sums[row["id_student"], module, presentation]
            for place, value in enumerate((weight * score, weight, score, 1.0)):
                total[place] += value
        # Some modules weigh no assessment at all: there the plain mean stands.
        return {key: (a / b if b else c / n) for key, (a, b, c, n) in sums.items()}, held

    def records(self) -> Iterator[Draft | HeldDraft]:
        """Yield how each student did in each presentation."""
        scores, held = self._scores()
        yield from held
        columns = (*PRESENTATION, "id_student", "studied_credits", "final_result")
        for line, row in self.download.rows(STUDENTS, columns):
            student, module, presentation = row["id_student"], row["code_module"], row["code_presentation"]
            key = ""
            try:
                half = term(presentation)
                key = edge_key(f"{SOURCE}:{student}", f"{SOURCE}:{module}", half) if student else ""
                status = STATUS.get(row["final_result"])
                if status is None:
                    raise InputError(f"final_result {row['final_result']!r}", ", ".join(STATUS))
                properties: dict[str, Any] = {"term": half, "status": status}
                if status == "completed":
                    properties["credits"] = _number(row["studied_credits"], "studied_credits", high=1000.0)
            except InputError as error:
                yield self._held(STUDENTS, line, row, error=error, key=key)
                continue
            if not student:
                continue  # held with the students
            score = scores.get((student, module, presentation))
            if score is not None:
                properties["score"] = round(score, 3)
            strand = Strand(f"{SOURCE}:{student}", f"{SOURCE}:{module}", properties)
            yield draft(strand, half, file=self.file, line=line)


def teaching(path: Path, loading: Loading) -> Iterator[Draft | HeldDraft]:
    """Yield what courses teach, from a mapping file of the columns course, skill and level.

    Raises:
        InputError: the file or a column is missing, or the text is not UTF-8.
    """
    courses = Directory(loading.graph, "Course", source=SOURCE)
    skills = Directory(loading.graph, "Skill", source=SOURCE)
    for line, row in _mapping(path):
        key, column = "", "course"
        try:
            course = courses.find(row["course"])
            column = "skill"
            skill = skills.find(row["skill"])
            key, column = edge_key(course, skill), "level"
            level = _number(row["level"], "level", high=1.0)
            if not level:
                raise InputError("level 0", "above 0, up to 1")
        except InputError as error:
            held = Held(str(error), "teaching", column=column)
            text = ",".join(row.values())
            name = f"{path.name}:{row['course']}:{row['skill']}"
            yield HeldDraft(key or name, held, digest(text), str(path), line, text, anonymous=not key)
        else:
            yield draft(Strand(course, skill, {"level": level}), file=str(path), line=line)


def _mapping(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a mapping file; lines that begin with ``#`` are remarks."""
    names = ("course", "skill", "level")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(str(reason), "a CSV file in UTF-8: course,skill,level", where=str(path)) from None
    kept = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    reader = csv.DictReader((line for _, line in kept), restval="")
    missing = [name for name in names if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"columns {', '.join(missing)} are missing", "course,skill,level", where=str(path))
    for row in reader:
        yield kept[reader.line_num - 1][0], {name: row[name].strip() for name in names}


def builders(path: Path, *, courses: Path | None = None) -> list[Builder]:
    """Return the passes: courses, what they teach, students, records.

    Arguments:
        path: the download.
        courses: mapping file that says what the modules teach; None leaves them bare.
    """
    oulad = Oulad(path)

    def teaches(loading: Loading) -> Pass:
        assert courses is not None
        mapping = courses
        return passing(Edges("TEACHES", "Course", "Skill"), lambda: teaching(mapping, loading))

    return [
        lambda _: passing(Nodes("Resource"), oulad.courses, title="Course"),
        *([teaches] if courses is not None else []),
        lambda _: passing(Nodes("Student", ("MEMBER_OF",)), oulad.students),
        lambda _: passing(Edges("TOOK", "Student", "Course"), oulad.records),
    ]
