"""Employers and the job clusters of an institution."""

from etl.hubs import region_code, region_hubs
from etl.records import Edge, Hub, Parcel
from etl.sources.tables import cells
from etl.sources.tables.forms import Reference
from etl.sources.tables.references import Found
from etl.sources.tables.table import Column, Link, NodeTable, Values, present
from etl.targets import Nodes
from etl.values.places import region


def employer(code: str, values: Values) -> Parcel:
    """Return the employer of a row; a place that is not recognised stays as it is written."""
    edges: list[Edge] = []
    hubs: list[Hub] = []
    industry: Found | None = values.get("industry")
    if industry is not None:
        edges.append(industry.edge("OPERATES_IN"))
        hubs.extend(industry.hubs)
    written = values.get("region")
    place = region(written) if written is not None else None
    if place is not None:
        hubs.extend(region_hubs(place.code))
        edges.append(Edge("LOCATED_IN", "Region", region_code(place.code)))
    properties = present(name=values["name"], size=values.get("size"), url=values.get("url"), regionText=written)
    return Parcel(code, properties, tuple(edges), tuple(hubs))


def job_cluster(code: str, values: Values) -> Parcel:
    """Return the job cluster of a row; the Chinese name comes first among the Chinese names."""
    zh = [values["zh"]] if "zh" in values else []
    zh += [each for each in values.get("aliases_zh", []) if each not in zh]
    skills: list[Found] = values.get("skills", [])
    edges = tuple(
        each.edge("TYPICALLY_REQUIRES", level=1.0 if each.weight is None else each.weight, essential=True)
        for each in skills
    )
    standard = values.get("isco") or values.get("onet")
    properties = present(
        name=values["name"],
        aliasesEn=values.get("aliases_en"),
        aliasesZh=zh or None,
        iscoCode=values.get("isco"),
        onetCode=values.get("onet"),
        rule="occupation" if standard else "column",
    )
    return Parcel(code, properties, edges)


EMPLOYERS = NodeTable(
    "employers",
    "Organisations that offer jobs and internships.",
    (
        cells.code("ACME", "单位代码", "统一社会信用代码"),
        cells.name("name of the organisation", "Acme Data Ltd", "单位名称", "企业名称", "公司名称"),
        Column("industry", "line of business", Reference(("Industry",), shared=True), example="互联网", also=("行业",)),
        cells.text("region", "place as written", "Shanghai, China", "地区", "所在地", "城市"),
        cells.text("size", "size class as written", "100-499", "规模", "单位规模"),
        cells.text("url", "home page", "https://acme.example.org", "网址", "官网"),
    ),
    Nodes("Employer", ("OPERATES_IN", "LOCATED_IN")),
    employer,
)
JOB_CLUSTERS = NodeTable(
    "job_clusters",
    "Groups of jobs of one occupation, as the institution sees them.",
    (
        cells.code("data-engineer", "岗位群代码"),
        cells.name("English name", "Data engineer", "英文名称"),
        cells.text("zh", "Chinese name", "数据工程师", "中文名称", "岗位群"),
        cells.texts("aliases_en", "further English names", "ETL developer; data pipeline engineer", "英文别名"),
        cells.texts("aliases_zh", "further Chinese names", "数据开发工程师", "中文别名", "别名"),
        cells.skills("skills that it typically requires", "python:0.7; sql:0.8"),
        Column(
            "broader",
            "the wider job cluster; it may stand in the same file",
            Reference(("JobCluster",), many=True, later=True),
            example="data-work",
            also=("上级", "上级岗位群"),
        ),
        cells.text("isco", "ISCO-08 code", "2521", "isco_code", "isco08"),
        cells.text("onet", "O*NET-SOC code", "15-1243.00", "onet_code"),
    ),
    Nodes("JobCluster", ("TYPICALLY_REQUIRES",)),
    job_cluster,
    (Link("broader", "BROADER", "JobCluster"),),
)
