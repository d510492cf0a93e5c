"""What students did with postings and resources."""

from typing import Any

from etl.sources.tables import cells
from etl.sources.tables.forms import Choice, Instant, Reference, Text
from etl.sources.tables.table import Column, EdgeTable, Values
from etl.targets import Edges

KINDS = Choice(
    (
        ("view", "viewed", "浏览", "查看"),
        ("click", "clicked", "点击"),
        ("bookmark", "bookmarked", "收藏"),
        ("apply", "applied", "投递", "申请"),
        ("register", "registered", "报名", "注册"),
        ("complete", "completed", "完成"),
        ("dismiss", "dismissed", "忽略", "不感兴趣"),
    )
)


def interacted(values: Values) -> dict[str, Any]:
    """Return the properties of an interaction."""
    return {"kind": values["kind"], "at": values["at"], "key": values["key"]}


INTERACTIONS = EdgeTable(
    "interactions",
    "What students did with postings and resources. Rows are events: a full export takes none back.",
    (
        Column("key", "idempotency key: the same key counts once", Text(), required=True, example="e-1", also=("键",)),
        cells.student("2021001"),
        Column(
            "item",
            "the resource or posting",
            Reference(("Resource", "Job")),
            required=True,
            example="DS101",
            also=("对象", "资源", "职位"),
        ),
        Column("kind", "what was done", KINDS, required=True, example="view", also=("行为", "类型")),
        Column("at", "when", Instant(), required=True, example="2024-03-05T10:15:00+08:00", also=("时间",)),
    ),
    (Edges("INTERACTED", "Student", "Job"), Edges("INTERACTED", "Student", "Resource")),
    "student",
    "item",
    interacted,
    ("key",),
    behaviour=True,
)
