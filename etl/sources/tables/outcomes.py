"""What came of the students: internships, employment and enterprises of their own."""

from collections.abc import Mapping
from typing import Any

from etl.clusters import UNCLASSIFIED
from etl.records import Parcel
from etl.sources.tables import cells
from etl.sources.tables.forms import Choice, Form, Number, Reference
from etl.sources.tables.references import Found
from etl.sources.tables.table import CellError, Column, EdgeTable, Link, NodeTable, Values, ordered, present
from etl.targets import Edges, Nodes

STATUS = Choice(
    (
        ("signed", "签约", "已签约", "签三方"),
        ("employed", "就业", "已就业", "在职"),
        ("further_study", "升学", "考研", "深造", "出国"),
        ("self_employed", "创业", "自主创业", "灵活就业", "自由职业"),
        ("unemployed", "待业", "未就业"),
        ("left", "离职", "已离职"),
    )
)
_WITHOUT_JOB = frozenset({"further_study", "unemployed"})


def interned(values: Values) -> dict[str, Any]:
    """Return the properties of an internship."""
    ordered(values, "started_on", "ended_on")
    cluster: Found | None = values.get("job_cluster")
    return present(
        term=values["term"],
        result=values.get("result"),
        role=values.get("role"),
        jobCluster=cluster.code if cluster is not None else None,
        startedOn=values.get("started_on"),
        endedOn=values.get("ended_on"),
    )


def employed(values: Values) -> dict[str, Any]:
    """Return the properties of an outcome."""
    ordered(values, "started_on", "ended_on")
    employer: Found | None = values.get("employer")
    return present(
        startedOn=values["started_on"],
        endedOn=values.get("ended_on"),
        salary=values.get("salary"),
        employer=employer.code if employer is not None else None,
        status=values.get("status"),
    )


def without_job(row: Mapping[str, str]) -> Found:
    """Return the cluster of an outcome that names none: there is none for further study and unemployment.

    Raises:
        CellError: the outcome is a job.
    """
    if STATUS.read(row.get("status", "")) in _WITHOUT_JOB:
        return Found("JobCluster", UNCLASSIFIED)
    raise CellError("job_cluster", "no job_cluster", "a job cluster, or status further_study or unemployed")


def venture(code: str, values: Values) -> Parcel:
    """Return the enterprise of a row."""
    industry: Found | None = values.get("industry")
    hubs = industry.hubs if industry is not None else ()
    edges = (industry.edge("OPERATES_IN"),) if industry is not None else ()
    properties = present(name=values["name"], description=values.get("description"), startedOn=values.get("started_on"))
    return Parcel(code, properties, edges, hubs)


def founded(values: Values) -> dict[str, Any]:
    """Return the properties of founding."""
    return present(startedOn=values.get("started_on"), role=values.get("role"), status=values.get("status"))


def _cluster(meaning: str, form: Form) -> Column:
    also = ("岗位群", "岗位", "职位", "职业")
    return Column("job_cluster", meaning, form, example="data-engineer", also=also)


def _employer() -> Column:
    also = ("单位", "用人单位", "企业", "公司", "实习单位")
    return Column("employer", "the employer", Reference(("Employer",)), example="ACME", also=also)


INTERNSHIPS = EdgeTable(
    "internships",
    "Internships of students.",
    (
        cells.student("2021001"),
        Column(
            "employer",
            "the employer",
            Reference(("Employer",)),
            required=True,
            example="ACME",
            also=("单位", "用人单位", "企业", "公司", "实习单位"),
        ),
        _cluster("job cluster of the role", Reference(("JobCluster",))),
        cells.term("2023-2"),
        cells.day("started_on", "first day", "2024-03-04", "开始日期", "开始时间"),
        cells.day("ended_on", "last day", "2024-06-28", "结束日期", "结束时间"),
        cells.text("role", "what the student did", "data engineering intern", "角色", "实习岗位"),
        cells.result("excellent"),
    ),
    (Edges("INTERNED_AT", "Student", "Employer"),),
    "student",
    "employer",
    interned,
    ("term",),
)
OUTCOMES = EdgeTable(
    "outcomes",
    "Signing results and later employment; several rows for a student are a career.",
    (
        cells.student("2021001"),
        _cluster("the job cluster; may be empty for further_study and unemployed", Reference(("JobCluster",))),
        _employer(),
        cells.day("started_on", "first day", "2025-07-01", "开始日期", "入职日期", "签约日期", required=True),
        cells.day("ended_on", "last day", "", "结束日期", "离职日期"),
        Column("salary", "pay", Number(0), unit="per month", example="9500", also=("薪资", "月薪", "工资")),
        Column("status", "kind of outcome", STATUS, example="signed", also=("状态", "就业状态", "毕业去向")),
    ),
    (Edges("EMPLOYED_AS", "Student", "JobCluster"),),
    "student",
    "job_cluster",
    employed,
    ("started_on",),
    without_end=without_job,
)
VENTURES = NodeTable(
    "ventures",
    "Enterprises founded by students.",
    (
        cells.code("V1"),
        cells.name("name of the enterprise", "Campus Data Studio", "企业名称", "项目名称"),
        Column(
            "student",
            "its founders",
            Reference(("Student",), many=True, later=True),
            example="2021002",
            also=("学号", "学生", "负责人", "students"),
        ),
        Column("industry", "line of business", Reference(("Industry",), shared=True), example="互联网", also=("行业",)),
        cells.day("started_on", "foundation", "2024-05-01", "成立日期", "开始日期"),
        cells.text("role", "role of the founders", "founder", "角色"),
        cells.text("status", "how it stands", "running", "状态"),
        cells.text("description", "what it does", "Data cleaning for small firms", "简介", "描述"),
    ),
    Nodes("Venture", ("OPERATES_IN",)),
    venture,
    (Link("student", "FOUNDED", "Student", incoming=True, properties=founded),),
)
