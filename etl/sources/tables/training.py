"""Training records: courses taken, certificates earned, competitions entered, practical work."""

from typing import Any

from etl.sources.tables import cells
from etl.sources.tables.forms import Choice, Number, Reference, Share
from etl.sources.tables.table import CellError, Column, EdgeTable, Values, present
from etl.targets import Edges

STATUS = Choice(
    (
        ("completed", "passed", "pass", "通过", "及格", "已修", "合格"),
        ("failed", "fail", "不及格", "未通过", "挂科", "不合格"),
        ("withdrawn", "dropped", "退课", "退选", "缓考"),
        ("enrolled", "taking", "在修", "在读", "选课"),
    )
)


def taken(values: Values) -> dict[str, Any]:
    """Return the properties of a course taken; the score becomes a percentage of the maximum.

    Raises:
        CellError: the score is above its maximum.
    """
    properties = {name: value for name, value in values.items() if name not in ("score", "score_max")}
    score = values.get("score")
    if score is not None:
        most = values.get("score_max", 100.0)
        if most <= 0 or score > most:
            raise CellError("score", f"score {score:g} of {most:g}", "a score up to score_max, or to 100 without it")
        properties["score"] = score if most == 100.0 else score * 100.0 / most
    return properties


def recorded(values: Values) -> dict[str, Any]:
    """Return the properties of a record with a result."""
    return present(term=values["term"], result=values.get("result"))


def worked(values: Values) -> dict[str, Any]:
    """Return the properties of practical work."""
    return present(term=values["term"], result=values.get("result"), hours=values.get("hours"))


COURSE_RECORDS = EdgeTable(
    "course_records",
    "Courses that students took, one row for each student, course and half-year.",
    (
        cells.student("2021001"),
        Column(
            "course",
            "the course",
            Reference(("Course",)),
            required=True,
            example="DS101",
            also=("课程", "课程代码", "课程编号"),
        ),
        cells.term("2022-1"),
        Column("score", "mark", Number(0), unit="points", example="87", also=("分数", "成绩", "总评成绩")),
        Column(
            "score_max",
            "greatest mark; 100 where the cell is empty",
            Number(0),
            unit="points",
            example="100",
            also=("满分",),
        ),
        Column(
            "attendance",
            "share of sessions attended",
            Share(),
            unit="fraction or percent",
            example="95%",
            also=("出勤率", "考勤"),
        ),
        Column("credits", "credit points earned", Number(0), unit="credits", example="3", also=("学分",)),
        Column("status", "how it ended", STATUS, example="completed", also=("状态", "修读状态")),
    ),
    (Edges("TOOK", "Student", "Course"),),
    "student",
    "course",
    taken,
    ("term",),
)
CERTIFICATES = EdgeTable(
    "certificates",
    "Certificates that students earned.",
    (
        cells.student("2021001"),
        Column(
            "certificate",
            "the certificate",
            Reference(("Certificate",)),
            required=True,
            example="CERT-SQL",
            also=("证书", "证书名称"),
        ),
        cells.term("2023-1"),
        cells.result("passed"),
    ),
    (Edges("EARNED", "Student", "Certificate"),),
    "student",
    "certificate",
    recorded,
    ("term",),
)
COMPETITIONS = EdgeTable(
    "competitions",
    "Competitions that students entered.",
    (
        cells.student("2021001"),
        Column(
            "competition",
            "the competition",
            Reference(("Competition",)),
            required=True,
            example="COMP-MODEL",
            also=("竞赛", "竞赛名称", "比赛"),
        ),
        cells.term("2023-1"),
        cells.result("second prize"),
    ),
    (Edges("ENTERED", "Student", "Competition"),),
    "student",
    "competition",
    recorded,
    ("term",),
)
PRACTICE = EdgeTable(
    "practice",
    "Projects and practica that students worked on.",
    (
        cells.student("2021001"),
        Column(
            "resource",
            "the project or practicum",
            Reference(("Project", "Practicum")),
            required=True,
            example="PROJ-ETL",
            also=("项目", "实训", "实践项目"),
        ),
        cells.term("2023-2"),
        cells.result("good"),
        Column("hours", "effort", Number(0), unit="hours", example="60", also=("学时", "时长")),
    ),
    (Edges("WORKED_ON", "Student", "Project"), Edges("WORKED_ON", "Student", "Practicum")),
    "student",
    "resource",
    worked,
    ("term",),
)
