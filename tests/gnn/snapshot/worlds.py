"""A random world with every relationship that is read, and gaps of every kind in what is stated."""

import random
from datetime import date, timedelta

FIRST, LAST = date(2021, 11, 5), date(2024, 3, 20)
TERMS = ("2021-1", "2021-2", "2022-1", "2022-2", "2023-1", "2023-2")

NODES = """
UNWIND range(0, 3) AS n CREATE (:Capability {code: 'k:' + n})
UNWIND range(0, 11) AS n CREATE (:Skill {code: 's:' + n})
UNWIND range(0, 4) AS n CREATE (:JobCluster {code: 'j:' + n, rule: CASE n WHEN 4 THEN 'unclassified' ELSE 'column' END})
UNWIND range(0, 7) AS n CREATE (:Resource:Course {code: 'r:' + n})
UNWIND range(0, 2) AS n CREATE (:Major {code: 'm:' + n})
UNWIND range(0, 2) AS n CREATE (:Employer {code: 'e:' + n})
UNWIND range(0, 2) AS n CREATE (:Venture {code: 'v:' + n})
UNWIND range(0, 2) AS n CREATE (:Region {code: 'g:' + n})
UNWIND range(0, 2) AS n CREATE (:Industry {code: 'i:' + n})
"""
SIZES = {"Capability": 4, "Skill": 12, "JobCluster": 5, "Resource": 8, "Major": 3, "Employer": 3, "Venture": 3}
SIZES |= {"Region": 3, "Industry": 3, "Student": 30, "Job": 60}
LETTERS = {"Capability": "k", "Skill": "s", "JobCluster": "j", "Resource": "r", "Major": "m", "Employer": "e"}
LETTERS |= {"Venture": "v", "Region": "g", "Industry": "i", "Student": "u", "Job": "p"}


def build(graph, seed=1):
    """Write a world into an empty graph."""
    drawn = random.Random(seed)
    for statement in NODES.strip().splitlines():
        graph.write(statement)
    graph.write("UNWIND $rows AS row CREATE (n:Job) SET n = row", rows=[_job(drawn, n) for n in range(60)])
    graph.write("UNWIND $rows AS row CREATE (n:Student) SET n = row", rows=[_student(drawn, n) for n in range(30)])
    for start, type_, end, number, properties in EDGES:
        rows = []
        for _ in range(number):
            a, b = drawn.randrange(SIZES[start]), drawn.randrange(SIZES[end])
            values = {name: value for name, draw in properties.items() if (value := draw(drawn)) is not None}
            if drawn.random() < 0.1:
                values["closedAt"] = date_time(LAST)
            rows.append({"a": f"{LETTERS[start]}:{a}", "b": f"{LETTERS[end]}:{b}", "values": values})
        graph.write(
            f"UNWIND $rows AS row MATCH (a:{start} {{code: row.a}}) MATCH (b:{end} {{code: row.b}}) "
            f"CREATE (a)-[edge:{type_}]->(b) SET edge = row.values",
            rows=rows,
        )


def date_time(day):
    """Return the noon of a day, UTC."""
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _day(drawn):
    return FIRST + timedelta(days=drawn.randrange((LAST - FIRST).days + 1))


def _maybe(draw):
    return lambda drawn: draw(drawn) if drawn.random() < 0.8 else None


def _one_of(*values):
    return lambda drawn: drawn.choice(values)


def _share(drawn):
    return drawn.randrange(11) / 10


def _job(drawn, number):
    row = {"code": f"p:{number}", "name": f"Title {number}", "releasedOn": _day(drawn), "updatedAt": date_time(LAST)}
    for name, draw in (
        ("responsibilities", _one_of("Build things.", "造东西")),
        ("requirements", _one_of("Python", "三年经验")),
        ("language", _one_of("en", "zh")),
        ("education", _one_of(3, 6)),
        ("salaryMin", _one_of(5000.0, 8000.0)),
        ("salaryMax", _one_of(9000.0, 12000.0)),
        ("salaryPeriod", _one_of("month", "year", "hour")),
        ("salaryCurrency", _one_of("CNY", "EUR")),
        ("headcount", _one_of(1, 5)),
        ("closedAt", lambda _: date_time(LAST)),
    ):
        value = _maybe(draw)(drawn)
        if value is not None:
            row[name] = value
    return row


def _student(drawn, number):
    row = {"code": f"u:{number}"}
    for name, draw in (
        ("admittedOn", _day),
        ("graduatesOn", lambda drawn: _day(drawn) + timedelta(days=1400)),
        ("admissionScore", lambda drawn: drawn.randrange(1000) / 10),
        ("degree", _one_of(5, 6, 7)),
        ("regionText", _one_of("浙江", "江西")),
    ):
        value = _maybe(draw)(drawn)
        if value is not None:
            row[name] = value
    return row


_LEVEL, _DAY, _TERM = _share, _day, _one_of(*TERMS)
EDGES = (
    ("Job", "IN_CLUSTER", "JobCluster", 66, {}),
    ("Job", "REQUIRES", "Skill", 300, {"level": _LEVEL, "optional": _maybe(_one_of(True, False))}),
    ("Job", "POSTED_BY", "Employer", 50, {}),
    ("Job", "LOCATED_IN", "Region", 50, {}),
    ("Employer", "OPERATES_IN", "Industry", 4, {}),
    ("Skill", "MAPS_TO", "Capability", 15, {"weight": _LEVEL}),
    ("Skill", "BROADER", "Skill", 10, {}),
    ("Skill", "SAME_AS", "Skill", 4, {"score": _maybe(_share)}),
    ("JobCluster", "SAME_AS", "JobCluster", 4, {"score": _maybe(_share)}),
    ("JobCluster", "BROADER", "JobCluster", 4, {}),
    ("JobCluster", "TYPICALLY_REQUIRES", "Skill", 10, {"level": _LEVEL, "essential": _maybe(_one_of(True, False))}),
    ("Resource", "TEACHES", "Skill", 20, {"level": _LEVEL}),
    ("Resource", "PREPARES_FOR", "JobCluster", 10, {}),
    ("Student", "STUDIES", "Major", 30, {}),
    (
        "Student",
        "TOOK",
        "Resource",
        200,
        {
            "term": _TERM,
            "score": _maybe(lambda drawn: drawn.randrange(1000) / 10),
            "attendance": _maybe(_share),
            "credits": _maybe(_one_of(1.0, 2.5)),
            "status": _maybe(_one_of("completed", "failed", "withdrawn", "enrolled")),
        },
    ),
    ("Student", "EARNED", "Resource", 30, {"term": _TERM, "result": _maybe(_one_of("passed", "81.5"))}),
    ("Student", "ENTERED", "Resource", 30, {"term": _TERM, "result": _maybe(_one_of("first prize"))}),
    (
        "Student",
        "WORKED_ON",
        "Resource",
        30,
        {"term": _TERM, "result": _maybe(_one_of("good", "90")), "hours": _maybe(_one_of(16.0, 40.0))},
    ),
    (
        "Student",
        "INTERNED_AT",
        "Employer",
        30,
        {"term": _TERM, "jobCluster": _maybe(_one_of("j:0", "j:1", "j:4", "j:gone")), "startedOn": _maybe(_DAY)},
    ),
    (
        "Student",
        "EMPLOYED_AS",
        "JobCluster",
        30,
        {"startedOn": _DAY, "salary": _maybe(_one_of(6000.0)), "status": _maybe(_one_of("signed", "employed"))},
    ),
    ("Student", "FOUNDED", "Venture", 5, {"startedOn": _maybe(_DAY)}),
    ("Student", "AIMS_AT", "JobCluster", 20, {"statedOn": _maybe(_DAY)}),
    ("Student", "AIMS_AT", "Job", 20, {"statedOn": _maybe(_DAY)}),
    (
        "Student",
        "INTERACTED",
        "Job",
        100,
        {"kind": _one_of("view", "apply"), "at": lambda drawn: date_time(_day(drawn))},
    ),
    ("Student", "INTERACTED", "Resource", 50, {"kind": _one_of("view"), "at": lambda drawn: date_time(_day(drawn))}),
)
