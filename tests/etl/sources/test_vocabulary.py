"""The package's vocabulary in the graph."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.progress import Progress
from cypher.server import Connection
from etl.load import load
from etl.report import LoadReport
from etl.sources import vocabulary
from schema.vocabulary import VOCABULARY, Vocabulary


@pytest.fixture
def graph(empty_graph: Connection) -> Iterator[Graph]:
    """An empty graph with its catalog."""
    with Graph(empty_graph) as opened:
        migrate(opened)
        yield opened


def loaded(graph: Graph, given: Vocabulary = VOCABULARY) -> LoadReport:
    """Load a vocabulary."""
    return load(graph, vocabulary.builders(given), source="fc", file="vocabulary", progress=Progress.silent())


def test_all_of_it_is_there_and_loads_once(graph: Graph) -> None:
    """Catches a skill without its names, its units or its wider skill, and a second load that writes something."""
    report = loaded(graph)
    broader = [skill for skill in VOCABULARY.skills.values() if skill.broader]
    assert [each.new for each in report.passes] == [len(VOCABULARY.units), len(VOCABULARY.skills), len(broader), 1]
    (counted,) = graph.read(
        "MATCH (s:Skill)-[m:MAPS_TO]->(:Capability) WITH s, sum(m.weight) AS total "
        "RETURN count(s) AS skills, max(abs(total - 1)) AS off"
    )
    assert counted["skills"] == len(VOCABULARY.skills)
    assert counted["off"] < 1e-6
    (python,) = graph.read(
        "MATCH (s:Skill {code: 'fc:python'}) RETURN s, [(s)-[:BROADER]->(b) | b.code] AS broader, "
        "EXISTS { (:JobCluster {code: 'fc:unclassified', rule: 'unclassified'}) } AS unclassified"
    )
    entry = VOCABULARY.skills["python"]
    assert python["s"]["aliasesZh"] == [entry.zh, *entry.more_zh]
    assert set(python["s"]["aliasesEn"]) == set(entry.en)
    assert python["s"]["esco"] == f"http://data.europa.eu/esco/skill/{entry.esco}"
    assert python["s"]["field"]
    assert python["broader"] == [f"fc:{entry.broader}"]
    assert python["unclassified"]
    assert loaded(graph).nothing_changed


def test_another_version_changes_only_what_differs(graph: Graph) -> None:
    """Catches an upgrade that rewrites all skills, or leaves a dropped one open."""
    loaded(graph)
    skills = dict(VOCABULARY.skills)
    leaf = next(slug for slug in skills if all(each.broader != slug for each in skills.values()))
    del skills[leaf]
    skills["python"] = replace(skills["python"], en=(*skills["python"].en, "CPython"))
    changed = Vocabulary(VOCABULARY.units.values(), skills.values(), fields=VOCABULARY.fields)
    units, nodes, *_ = loaded(graph, changed).passes
    assert units.nothing_changed
    assert (nodes.new, nodes.changed, nodes.closed) == (0, 1, 1)
    (record,) = graph.read("MATCH (s:Skill) WHERE s.closedAt IS NOT NULL RETURN collect(s.code) AS codes")
    assert record["codes"] == [f"fc:{leaf}"]
    assert [each.changed for each in loaded(graph).passes] == [
        0,
        2,
        0 if VOCABULARY.skills[leaf].broader is None else 1,
        0,
    ]
