"""Students: one row each, with programme, class and goal."""

from dataclasses import replace

from etl.records import Edge, Hub, Parcel
from etl.sources.tables import cells
from etl.sources.tables.forms import Education, Flag, Number, Reference
from etl.sources.tables.references import Found
from etl.sources.tables.table import Column, NodeTable, Values, ordered, present
from etl.targets import Nodes


def student(code: str, values: Values) -> Parcel:
    """Return the student of a row; the university stands behind the programme."""
    ordered(values, "admitted_on", "graduates_on")
    university: Found | None = values.get("university")
    edges: list[Edge] = []
    hubs: list[Hub] = list(university.hubs) if university is not None else []
    for column, type_ in (("major", "STUDIES"), ("class_group", "MEMBER_OF"), ("goal", "AIMS_AT")):
        found: Found | None = values.get(column)
        if found is not None:
            edges.append(found.edge(type_))
            offered = (university.edge("OFFERED_BY"),) if university is not None and column == "major" else ()
            hubs.extend(replace(each, edges=offered) for each in found.hubs)
    properties = present(
        name=values.get("name"),
        gender=values.get("gender"),
        regionText=values.get("region"),
        admittedOn=values.get("admitted_on"),
        admissionScore=values.get("admission_score"),
        degree=values.get("degree"),
        graduatesOn=values.get("graduates_on"),
        year=values.get("year"),
        difficulty=values.get("difficulty"),
    )
    return Parcel(code, properties, tuple(edges), tuple(hubs))


STUDENTS = NodeTable(
    "students",
    "Students and graduates.",
    (
        cells.code("2021001", "学号", "student", "student_id"),
        cells.text("name", "name, real or a pseudonym", "Li Hua", "姓名"),
        cells.text("gender", "gender as recorded", "female", "性别"),
        cells.text("region", "home region as written", "河南省平顶山市", "生源地", "籍贯"),
        cells.day("admitted_on", "day of admission", "2021-09-01", "入学日期", "入学时间"),
        Column(
            "admission_score",
            "score at admission, rescaled to 100",
            Number(0, 100),
            unit="percent of the maximum",
            example="78.4",
            also=("高考成绩", "入学成绩"),
        ),
        Column("degree", "degree aimed at", Education(), example="bachelor", also=("学历", "学历层次", "培养层次")),
        Column("major", "programme of study", Reference(("Major",), shared=True), example="软件工程", also=("专业",)),
        Column(
            "class_group",
            "administrative class",
            Reference(("ClassGroup",), shared=True),
            example="软件2101",
            also=("班级",),
        ),
        Column(
            "university",
            "who offers the programme",
            Reference(("University",), shared=True),
            example="Example University",
            also=("学校", "院校", "高校"),
        ),
        cells.day("graduates_on", "day of graduation, planned or real", "2025-06-30", "毕业日期", "毕业时间"),
        Column("year", "year of study", Number(1, 12, whole=True), unit="years", example="4", also=("年级",)),
        Column("difficulty", "marked as in need of help", Flag(), example="no", also=("困难生", "就业困难")),
        Column(
            "goal",
            "the job cluster that the student aims at",
            Reference(("JobCluster",)),
            example="data-engineer",
            also=("就业意向", "目标岗位"),
        ),
    ),
    Nodes("Student", ("STUDIES", "MEMBER_OF", "AIMS_AT")),
    student,
)
