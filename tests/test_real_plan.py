"""The real thing, end to end: ESCO, O*NET, federal postings and students of the Open University, to a chain."""

import json
from pathlib import Path

import pytest

from cypher.command import run
from cypher.graph import Graph
from cypher.server import Connection

EXAMPLES = Path(__file__).parents[1] / "examples"
DATA = EXAMPLES.parents[1] / "shared" / "data"
# One department's postings: all 23,494 take minutes, and show nothing else.
POSTINGS = "jobs_department_of_education.json"


def plan(folder: Path) -> Path:
    """The example's plan with absolute paths and fewer postings."""
    text = (EXAMPLES / "real.toml").read_text(encoding="utf-8")
    for old, new in (
        ('"../../shared/data/usajobs"', f'"{DATA / "usajobs" / POSTINGS}"'),
        ('"../../shared/data/', f'"{DATA}/'),
        ('"oulad-courses.csv"', f'"{EXAMPLES / "oulad-courses.csv"}"'),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "real.toml"
    path.write_text(text, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    """What a named query answers on the command line."""
    capsys.readouterr()
    assert run(["query", "run", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.real
def test_plan_of_the_example(empty_graph: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a source that loads alone and not beside the others, postings that reach no skill, an example whose
    mapping names a skill that is not there, and a student whose courses lead to no chain."""
    if not DATA.is_dir():
        pytest.skip("the real data is not here: ../shared/data beside the checkout")
    assert run(["up", "--plan", str(plan(tmp_path)), "--no-serve"]) == 0
    shown = capsys.readouterr().out
    # The plan's own report: what each source did, then counts, then the chain.
    assert shown.index("onet: JobCluster") < shown.index("TYPICALLY_REQUIRES") < shown.index("similarityToGoal")

    labels = {each["label"]: each["nodes"] for each in asked(capsys, "report/labels")}
    assert labels["Skill"] == 13_896
    assert labels["Capability"] == 131
    assert labels["JobCluster"] >= 3_007 + 1_016
    assert labels["Student"] == 28_785
    assert labels["Course"] == labels["Resource"] == 7
    types = {each["type"]: each["relationships"] for each in asked(capsys, "report/relationships")}
    assert types["BROADER"] >= 6_565
    assert types["TYPICALLY_REQUIRES"] >= 123_855
    assert types["TOOK"] == 32_593
    assert types["TEACHES"] == 30

    with Graph(empty_graph) as graph:
        (linked,) = graph.read(
            "MATCH (job:Job) OPTIONAL MATCH (job)-[:IN_CLUSTER]->(cluster:JobCluster) "
            "WHERE cluster.code <> 'fc:unclassified' "
            "RETURN count(DISTINCT job) AS jobs, count(cluster) AS placed, "
            "count(CASE WHEN EXISTS { (cluster)-[:SAME_AS]->()-[:TYPICALLY_REQUIRES]->(:Skill) } "
            "OR EXISTS { (cluster)-[:TYPICALLY_REQUIRES]->(:Skill) } THEN 1 END) AS reaching"
        )
    assert linked["jobs"] > 0
    assert linked["placed"] > 0.7 * linked["jobs"]
    assert linked["reaching"] > 0.95 * linked["placed"]

    (chain,) = asked(capsys, "explain/chain", "-p", "student=oulad:11391")
    assert chain["value"] > 0 and 0 < chain["match"] <= 1
    assert chain["lacks"] and all(each["amount"] > 0 for each in chain["lacks"])
    best = chain["steps"][0]
    assert best["kind"] == "Course" and best["resource"].startswith("oulad:") and best["covers"]
    assert 0 < best["contribution"] <= 1
