"""A drawn world for postings: seven skills, four clusters, and files written row by row."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cypher.graph import Graph
from cypher.progress import Progress
from etl import candidates, pipeline
from etl.load import Loading, load
from etl.mapping import ColumnMapping
from etl.report import LoadReport, PassReport
from etl.sources import postings

AT = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
SOURCE = "campus"
SKILLS = (
    ("python", "Python", ["Python programming"], ["Python编程"]),
    ("java", "Java", [], []),
    ("sql", "SQL", ["SQL queries"], ["SQL语言"]),
    ("docker", "Docker", [], []),
    ("data-analysis", "data analysis", ["data analytics"], ["数据分析"]),
    ("data-cleaning", "data cleaning", [], ["数据清洗"]),
    ("teamwork", "teamwork", [], ["团队合作"]),
)
CLUSTERS = (
    ("fc:data-analyst", "Data Analyst", ["Analytics Specialist"], ["数据分析师"]),
    ("fc:java-developer", "Java Developer", ["Java Engineer"], ["Java开发工程师"]),
    ("onet:15-2051.00", "Data Scientists", ["Data Analyst"], []),
    ("esco:nurse", "nurse", ["ward nurse"], ["护士"]),
)
TEXT = (
    "You build reports for the sales team, answer questions from managers, keep the numbers clean and explain to "
    "everybody in the company what they mean and where they come from each month."
)
BASE = {
    "code": "1",
    "title": "Data Analyst",
    "responsibilities": TEXT,
    "requirements": "Must know Python. Experience with SQL. Docker is a plus. No Java needed.",
    "education": "Bachelor's degree",
    "industry": "Software",
    "location": "Shanghai, China",
    "salary": "$60,000 - 75,000 a year",
    "released_on": "2025-03-05",
    "employer": "Acme Ltd",
    "closes_on": "2025-04-30",
    "headcount": "2",
}

_SKILLS = (
    "UNWIND $rows AS row CREATE (skill:Skill {code: 'fc:' + row[0]}) SET skill.name = row[1], "
    "skill.aliasesEn = row[2], skill.aliasesZh = row[3], skill.source = 'fc', skill.contentHash = 'x', "
    "skill.createdAt = $at, skill.updatedAt = $at"
)
_CLUSTERS = (
    "UNWIND $rows AS row CREATE (cluster:JobCluster {code: row[0]}) SET cluster.name = row[1], "
    "cluster.aliasesEn = row[2], cluster.aliasesZh = row[3], cluster.source = 'fc', cluster.contentHash = 'x', "
    "cluster.rule = 'occupation', cluster.createdAt = $at, cluster.updatedAt = $at"
)


def seed(graph: Graph) -> None:
    """Put skills and clusters into an empty graph."""
    graph.write(_SKILLS, rows=[list(each) for each in SKILLS], at=AT)
    graph.write(_CLUSTERS, rows=[list(each) for each in CLUSTERS], at=AT)


def row(code: str, **changes: str) -> dict[str, str]:
    """The base posting with another code and changed fields."""
    return {**BASE, "code": code, **changes}


def distinct(number: int, **changes: str) -> dict[str, str]:
    """A posting that resembles no other: employer and text are its own."""
    words = " ".join(f"task{number}x{place}" for place in range(30))
    return row(str(number), employer=f"Employer {number}", responsibilities=words, **changes)


def write(path: Path, rows: Iterable[Mapping[str, str]], *, encoding: str = "utf-8") -> Path:
    """Write rows as CSV."""
    rows = list(rows)
    names = list(dict.fromkeys(name for each in rows for name in each))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def bring(
    graph: Graph, path: Path, *, mapping: ColumnMapping | None = None, full: bool = False, at: datetime = AT
) -> LoadReport:
    """Load a file of postings as the command does."""
    builders = postings.builders(path, mapping=mapping, full=full)
    return load(
        graph,
        builders,
        source=SOURCE,
        file=path.name,
        progress=Progress.for_stream(io.StringIO()),
        as_of=at,
        after=[candidates.after_load],
    )


def bring_in_batches(graph: Graph, path: Path, *, batch: int, rows: int | None = None, run: str = "run") -> PassReport:
    """Run the pass of a file with another batch size, or only over its first rows, as a killed load does."""
    (builder,) = postings.builders(path)
    each = builder(Loading(graph, SOURCE, AT))
    if rows is not None:
        drafts = list(each.drafts())[:rows]
        each = pipeline.Pass(each.target, lambda: drafts, each.transform, each.screen)
    with Progress.for_stream(io.StringIO()).step("postings") as step:
        return pipeline.run(graph, each, source=SOURCE, at=AT, run_key=f"{run}:{batch}", step=step, batch=batch)


_NODES = (
    "MATCH (node) WHERE NOT node:Load AND NOT node:LoadBatch AND NOT node:Migration "
    "RETURN labels(node) AS labels, properties(node) AS properties"
)
_EDGES = (
    "MATCH (start)-[edge]->(end) RETURN labels(start)[0] AS start, start.code AS code, type(edge) AS type, "
    "labels(end)[0] AS end, end.code AS other, properties(edge) AS properties"
)


def facts(graph: Graph) -> set[str]:
    """Every node and relationship as text, bookkeeping of runs left out: equal sets, equal graphs."""
    found = {f"{sorted(each['labels'])} {sorted(each['properties'].items())}" for each in graph.read(_NODES)}
    edges = graph.read(_EDGES)
    return found | {f"{each.values()[:5]} {sorted(each['properties'].items())}" for each in edges}


def held(graph: Graph) -> dict[str, tuple[str, str]]:
    """Code of each held posting, without the prefix -> (stage, rule)."""
    records = graph.read("MATCH (held:HeldRow) RETURN held.code AS code, held.stage AS stage, held.rule AS rule")
    return {each["code"].rsplit(":", 1)[-1]: (each["stage"], each["rule"]) for each in records}


def jobs(graph: Graph) -> set[str]:
    """Numbers of the open postings in the graph."""
    return {
        each["code"].removeprefix(f"{SOURCE}:")
        for each in graph.read("MATCH (job:Job) WHERE job.closedAt IS NULL RETURN job.code AS code")
    }
