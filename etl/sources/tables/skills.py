"""Skills of an institution: further names of skills that are known, and skills of its own."""

from math import isclose

from etl.records import Edge, Hub, Parcel
from etl.sources.tables import cells
from etl.sources.tables.forms import Reference, items
from etl.sources.tables.references import Found
from etl.sources.tables.table import CellError, Column, Link, NodeTable, Values, present
from etl.targets import Nodes
from schema.ids import code as unified_code
from schema.vocabulary import VOCABULARY, SkillEntry

ESCO = "http://data.europa.eu/esco/skill/"
_NEAR = 0.011
"""How far a sum of weights may be from 1: three times 0.33 is meant to be all."""


def mapping(found: list[Found]) -> tuple[Edge, ...]:
    """Return the relationships to capability units; without weights all count the same.

    Raises:
        CellError: some have a weight and some have not, or the weights do not sum to 1.
    """
    weights = [each.weight for each in found if each.weight is not None]
    if not weights:
        weights = [1.0 / len(found)] * len(found)
    total = sum(weights)
    if len(weights) != len(found) or not isclose(total, 1.0, abs_tol=_NEAR):
        given = f"capabilities with weights that sum to {total:g}, {len(found) - len(weights)} without"
        raise CellError("capabilities", given, "a weight for each, the sum 1, or none at all")
    return tuple(each.edge("MAPS_TO", weight=weight / total) for each, weight in zip(found, weights, strict=True))


def ours(name: str) -> SkillEntry | None:
    """Return the skill of the package's vocabulary that a name or code means."""
    return VOCABULARY.skills.get(name.removeprefix("fc:")) or VOCABULARY.find(name)


def inherited(broader: str) -> tuple[Edge, ...]:
    """Return the relationships to capability units of a broader skill of the package.

    Raises:
        CellError: no capabilities are given, and there is no such skill.
    """
    first = next(iter(items(broader)), "")
    skill = ours(first) if first else None
    if skill is None:
        raise CellError("capabilities", "no capabilities", "capability units, or a broader skill of the package")
    return tuple(
        Edge("MAPS_TO", "Capability", unified_code("fc", unit), {"weight": weight}) for unit, weight in skill.units
    )


def skill(code: str, values: Values) -> Parcel:
    """Return the skill of a row; the Chinese name comes first among the Chinese names."""
    found: list[Found] = values.get("capabilities", [])
    edges = mapping(found) if found else inherited(values.get("broader", ""))
    hubs: list[Hub] = [hub for each in found for hub in each.hubs]
    zh = dict.fromkeys([*([values["zh"]] if "zh" in values else []), *values.get("aliases_zh", [])])
    esco: str | None = values.get("esco")
    properties = present(
        name=values["name"],
        aliasesEn=values.get("aliases_en"),
        aliasesZh=list(zh) or None,
        esco=f"{ESCO}{esco.rsplit('/', 1)[-1]}" if esco else None,
    )
    return Parcel(code, properties, edges, tuple(hubs))


SKILLS = NodeTable(
    "skills",
    "Skills of the institution. A row that names a skill of the package adds its names to that one.",
    (
        cells.code("etl-design", "技能代码"),
        cells.name("English name", "ETL job design", "英文名称", "技能"),
        cells.text("zh", "Chinese name", "ETL作业设计", "中文名称", "技能名称"),
        cells.texts("aliases_en", "further English names", "ETL mapping design", "英文别名"),
        cells.texts("aliases_zh", "further Chinese names", "数据抽取设计", "中文别名", "别名"),
        Column(
            "capabilities",
            "capability units that it counts towards; may be empty where a broader skill of the package is named",
            Reference(("Capability",), many=True, weighted=True),
            unit="weight, summing to 1",
            example="data-processing-and-cleaning:0.7; data-platforms:0.3",
            also=("能力单元", "能力"),
        ),
        Column(
            "broader",
            "the wider skill; it may stand in the same file",
            Reference(("Skill",), many=True, later=True),
            example="fc:data-cleaning",
            also=("上级", "上级技能"),
        ),
        cells.text("esco", "UUID or URI of the ESCO concept", "", "esco_uri", "concepturi"),
    ),
    Nodes("Skill", ("MAPS_TO",)),
    skill,
    (Link("broader", "BROADER", "Skill"),),
)
