"""What trains and supports: courses, certificates, projects, mentors, policies and the rest."""

from etl.records import Edge, Parcel
from etl.sources.tables import cells
from etl.sources.tables.forms import Choice, Number, Reference
from etl.sources.tables.references import Found
from etl.sources.tables.table import Column, Link, NodeTable, Values, ordered, present
from etl.targets import Nodes

KINDS = Choice(
    (
        ("course", "课程"),
        ("certificate", "证书"),
        ("competition", "竞赛", "比赛"),
        ("practicum", "实训", "实习实训", "实践"),
        ("project", "项目"),
        ("mentor", "导师"),
        ("policy", "政策"),
        ("incubator", "孵化器", "孵化基地"),
        ("guidance", "指导", "就业指导", "讲座"),
        ("fair", "招聘会", "双选会", "宣讲会"),
    )
)
LEVELS = Choice((("macro", "宏观", "国家"), ("meso", "中观", "地方", "省级"), ("micro", "微观", "校级", "学校")))
WHOLE = 1.0
"""Level of a skill where none is written: it is taught in full."""


def _edges(values: Values) -> tuple[Edge, ...]:
    skills: list[Found] = values.get("skills", [])
    clusters: list[Found] = values.get("job_clusters", [])
    teaches = [each.edge("TEACHES", level=WHOLE if each.weight is None else each.weight) for each in skills]
    return (*teaches, *(each.edge("PREPARES_FOR") for each in clusters))


def resource(code: str, values: Values) -> Parcel:
    """Return the resource of a row."""
    ordered(values, "starts_on", "ends_on")
    properties = present(
        name=values["name"],
        description=values.get("description"),
        hours=values.get("hours"),
        credits=values.get("credits"),
        term=values.get("term"),
        capacity=values.get("capacity"),
        provider=values.get("provider"),
        audience=values.get("audience"),
        startsOn=values.get("starts_on"),
        endsOn=values.get("ends_on"),
        policyLevel=values.get("policy_level"),
        url=values.get("url"),
    )
    return Parcel(code, properties, _edges(values), kind=values["kind"].capitalize())


def policy(code: str, values: Values) -> Parcel:
    """Return the policy of a row."""
    ordered(values, "starts_on", "ends_on")
    properties = present(
        name=values["name"],
        description=values.get("description"),
        provider=values.get("issuer"),
        startsOn=values.get("starts_on"),
        endsOn=values.get("ends_on"),
        policyLevel=values.get("level"),
        url=values.get("url"),
    )
    return Parcel(code, properties, _edges(values), kind="Policy")


_TARGET = Nodes("Resource", ("TEACHES", "PREPARES_FOR"))

RESOURCES = NodeTable(
    "resources",
    "Courses, certificates, competitions, practica, projects, mentors, policies, incubators, guidance and fairs.",
    (
        cells.code("DS101", "课程代码", "课程编号", "资源编号"),
        Column("kind", "what it is", KINDS, required=True, example="course", also=("类型", "类别", "资源类型")),
        cells.name("what readers see", "Data preparation with Python", "课程名称", "资源名称"),
        cells.text("description", "what it offers", "Cleaning and joining tables.", "简介", "描述", "内容"),
        cells.skills("skills that it trains", "python:0.6; data cleaning:0.9"),
        cells.clusters("job clusters that it is made for", "data-engineer"),
        Column(
            "prerequisites",
            "resources that come first; they may stand in the same file",
            Reference(("Resource",), many=True, later=True),
            example="CS100",
            also=("先修课程", "先修", "前置"),
        ),
        Column("hours", "effort", Number(0), unit="hours", example="48", also=("学时", "时长")),
        Column("credits", "credit points", Number(0), unit="credits", example="3", also=("学分",)),
        cells.text("term", "half-year in which it is offered", "2022-1", "学期", "开课学期"),
        Column("capacity", "places", Number(0, whole=True), unit="people", example="60", also=("容量", "名额")),
        cells.text("provider", "who offers it", "School of Computing", "提供方", "开课单位", "主办方"),
        cells.text("audience", "for whom", "second year", "面向对象", "对象"),
        cells.day("starts_on", "first day", "2022-09-05", "开始日期", "开始时间"),
        cells.day("ends_on", "last day", "2023-01-13", "结束日期", "结束时间"),
        Column("policy_level", "level of a policy", LEVELS, example="", also=("政策层级",)),
        cells.URL,
    ),
    _TARGET,
    resource,
    (Link("prerequisites", "REQUIRES_FIRST", "Resource"),),
)
POLICIES = NodeTable(
    "policies",
    "Policies that support employment and enterprise.",
    (
        cells.code("POL1", "政策编号", "文号"),
        cells.name("title of the policy", "Start-up grant for graduates", "政策名称", "标题"),
        Column("level", "who it comes from: state, region or university", LEVELS, example="meso", also=("层级",)),
        cells.text("description", "what it grants", "Grant of up to 10,000 for a first enterprise.", "内容", "简介"),
        cells.skills("skills that it supports", "entrepreneurship:0.5"),
        cells.clusters("job clusters that it is made for", ""),
        cells.text("issuer", "who issued it", "Department of Human Resources", "发布单位", "发文机关"),
        cells.day("starts_on", "in force from", "2024-01-01", "生效日期", "开始日期", "发布日期"),
        cells.day("ends_on", "in force to", "2026-12-31", "失效日期", "结束日期"),
        cells.URL,
    ),
    _TARGET,
    policy,
)
