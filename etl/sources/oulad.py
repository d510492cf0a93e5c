"""OULAD as its publisher hands it out: students, modules, and how each student did in each presentation.

Modules are anonymous there. What they teach is said by a mapping file of one's own (``course,skill,level``), so that a
chain can lead from a student through a module to a skill.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from etl.directory import Directory
from etl.load import Builder, Loading
from etl.pipeline import Pass
from etl.records import Draft, Edge, Held, HeldDraft, Hub, Parcel, Strand, digest
from etl.sources.assembled import draft, passing
from etl.sources.download import Download
from etl.targets import Edges, Nodes
from schema.errors import InputError

SOURCE = "oulad"
STATUS = {"Pass": "completed", "Distinction": "completed", "Fail": "failed", "Withdrawn": "withdrawn"}
MONTHS = {"B": 2, "J": 10}
"""A presentation such as 2013J starts in October, 2014B in February; dates count days from its start."""

PRESENTATION = ("code_module", "code_presentation")


def starts_on(presentation: str) -> date:
    """Return the day on which a presentation starts.

    >>> starts_on("2013J")
    datetime.date(2013, 10, 1)
    """
    return date(int(presentation[:4]), MONTHS[presentation[4:]], 1)


def term(presentation: str) -> str:
    """Return the half-year of a presentation: the academic year that it falls in, and its half.

    >>> term("2013J"), term("2014B")
    ('2013-1', '2013-2')
    """
    year = int(presentation[:4])
    return f"{year}-1" if presentation[4:] == "J" else f"{year - 1}-2"


class Oulad:
    """The files of one download: a folder or a zip file."""

    def __init__(self, path: Path) -> None:
        self.download = Download(path)
        self.file = str(path)

    def courses(self) -> Iterator[Draft]:
        """Yield each module once, as a course."""
        modules: dict[str, tuple[int, int]] = {}
        for line, row in self.download.rows("courses.csv", (*PRESENTATION, "module_presentation_length")):
            modules.setdefault(row["code_module"], (line, int(row["module_presentation_length"])))
        for module, (line, days) in sorted(modules.items()):
            properties = {"name": f"Module {module}", "description": f"{days} days", "provider": "The Open University"}
            yield draft(Parcel(f"{SOURCE}:{module}", properties, kind="Course"), file=self.file, line=line)

    def students(self) -> Iterator[Draft]:
        """Yield each student once, a member of the class of the latest presentation."""
        latest: dict[str, tuple[int, dict[str, str]]] = {}
        for line, row in self.download.rows(
            "studentInfo.csv", (*PRESENTATION, "id_student", "gender", "region", "disability", "imd_band")
        ):
            before = latest.get(row["id_student"])
            place = (starts_on(row["code_presentation"]), row["code_module"])
            if before is None or place > (starts_on(before[1]["code_presentation"]), before[1]["code_module"]):
                latest[row["id_student"]] = (line, row)
        for student, (line, row) in latest.items():
            group = f"{row['code_module']} {row['code_presentation']}"
            code = f"{SOURCE}:{row['code_module']}-{row['code_presentation']}"
            yield draft(
                Parcel(
                    f"{SOURCE}:{student}",
                    {
                        "name": f"Student {student}",
                        "gender": row["gender"],
                        "regionText": row["region"],
                        "difficulty": row["disability"] == "Y",
                    },
                    (Edge("MEMBER_OF", "ClassGroup", code),),
                    (Hub("ClassGroup", code, {"name": group}),),
                ),
                file=self.file,
                line=line,
            )

    def _scores(self) -> dict[tuple[str, str, str], float]:
        """Return the weighted mean score of each (student, module, presentation), in percent."""
        weights: dict[str, tuple[str, str, float]] = {}
        for _, row in self.download.rows("assessments.csv", (*PRESENTATION, "id_assessment", "weight")):
            weights[row["id_assessment"]] = (row["code_module"], row["code_presentation"], float(row["weight"] or 0))
        sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        for _, row in self.download.rows("studentAssessment.csv", ("id_assessment", "id_student", "score")):
            if not row["score"]:
                continue
            module, presentation, weight = weights[row["id_assessment"]]
            held = sums[row["id_student"], module, presentation]
            score = float(row["score"])
            for place, value in enumerate((weight * score, weight, score, 1.0)):
                held[place] += value
        # Some modules weigh no assessment at all: there the plain mean stands.
        return {key: (a / b if b else c / n) for key, (a, b, c, n) in sums.items()}

    def records(self) -> Iterator[Draft]:
        """Yield how each student did in each presentation."""
        scores = self._scores()
        columns = (*PRESENTATION, "id_student", "studied_credits", "final_result")
        for line, row in self.download.rows("studentInfo.csv", columns):
            student, module, presentation = row["id_student"], row["code_module"], row["code_presentation"]
            status = STATUS[row["final_result"]]
            properties: dict[str, Any] = {"term": term(presentation), "status": status}
            score = scores.get((student, module, presentation))
            if score is not None:
                properties["score"] = round(score, 3)
            if status == "completed":
                properties["credits"] = float(row["studied_credits"])
            strand = Strand(f"{SOURCE}:{student}", f"{SOURCE}:{module}", properties)
            yield draft(strand, properties["term"], file=self.file, line=line)

    def data_through(self) -> date:
        """Return the last day that the download covers."""
        ends = [
            starts_on(row["code_presentation"]) + timedelta(days=int(row["module_presentation_length"]))
            for _, row in self.download.rows("courses.csv", (*PRESENTATION, "module_presentation_length"))
        ]
        return max(ends)


def teaching(path: Path, loading: Loading) -> Iterator[Draft | HeldDraft]:
    """Yield what courses teach, from a mapping file of the columns course, skill and level."""
    courses = Directory(loading.graph, "Course", source=SOURCE)
    skills = Directory(loading.graph, "Skill", source=SOURCE)
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(line for line in text if not line.startswith("#"))
        missing = {"course", "skill", "level"} - set(reader.fieldnames or ())
        if missing:
            raise InputError(f"columns {', '.join(sorted(missing))} are missing", "course,skill,level", where=str(path))
        for row in reader:
            line = reader.line_num
            try:
                level = float(row["level"])
                if not 0.0 < level <= 1.0:
                    raise InputError(f"level {row['level']}", "above 0, up to 1")
                strand = Strand(courses.find(row["course"]), skills.find(row["skill"]), {"level": level})
            except (InputError, ValueError, TypeError) as error:
                held = Held(str(error), "teaching")
                key = f"{path.name}:{row['course']}:{row['skill']}"
                yield HeldDraft(key, held, digest(str(row)), str(path), line, str(row))
            else:
                yield draft(strand, file=str(path), line=line)


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
