"""Columns that several tables have."""

from etl.sources.tables.forms import Choice, Day, Reference, Term, Text, Texts
from etl.sources.tables.table import Column

CODE_MEANING = "your own code, unique in the table; the source's name is put before it"


def code(example: str, *also: str) -> Column:
    """Return the column with a row's own code."""
    return Column("code", CODE_MEANING, Text(), required=True, example=example, also=("id", "编号", "代码", *also))


def name(meaning: str, example: str, *also: str) -> Column:
    """Return the column with a row's name."""
    return Column("name", meaning, Text(), required=True, example=example, also=("名称", *also))


def text(name_: str, meaning: str, example: str, *also: str) -> Column:
    """Return a column with a text."""
    return Column(name_, meaning, Text(), example=example, also=also)


def texts(name_: str, meaning: str, example: str, *also: str) -> Column:
    """Return a column with several texts."""
    return Column(name_, meaning, Texts(), example=example, also=also)


def day(name_: str, meaning: str, example: str, *also: str, required: bool = False) -> Column:
    """Return a column with a date."""
    return Column(name_, meaning, Day(), required=required, example=example, also=also)


def choice(name_: str, meaning: str, example: str, *also: str, words: tuple[tuple[str, ...], ...]) -> Column:
    """Return a column with one of a few words."""
    return Column(name_, meaning, Choice(words), example=example, also=also)


def skills(meaning: str, example: str) -> Column:
    """Return the column with skills and how much of each."""
    form = Reference(("Skill",), many=True, weighted=True)
    return Column("skills", meaning, form, unit="level, 0 to 1", example=example, also=("技能", "技能要求", "skill"))


def clusters(meaning: str, example: str) -> Column:
    """Return the column with job clusters."""
    form = Reference(("JobCluster",), many=True)
    return Column("job_clusters", meaning, form, example=example, also=("岗位群", "职业", "job_cluster"))


def student(example: str) -> Column:
    """Return the column with the student of a record."""
    form = Reference(("Student",))
    also = ("学号", "学生", "student_code", "student_id")
    return Column("student", "the student", form, required=True, example=example, also=also)


def term(example: str) -> Column:
    """Return the column with the half-year of a record."""
    return Column("term", "half of an academic year", Term(), required=True, example=example, also=("学期", "学年学期"))


def result(example: str) -> Column:
    """Return the column with the result of a record."""
    return text("result", "grade, award or mark as stated", example, "结果", "成绩", "等级", "奖项")


URL = text("url", "where to read more", "https://example.org/more", "网址", "链接")
