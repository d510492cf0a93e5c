"""The query that lists what speaks for a capability of a student."""

import pytest

from cypher.library import query
from cypher.progress import Progress
from gnn import capability, snapshot
from gnn.config import GapConfig
from gnn.jobs import compute_gaps

SILENT = Progress.silent()
MORE = """
MATCH (u:Student {code: 'u:1'}), (python:Resource {code: 'r:python'}), (sql:Resource {code: 'r:sql'}),
      (paper:Resource {code: 'r:certificate'}), (p1:Job {code: 'p:1'}), (analyst:JobCluster {code: 'j:analyst'}),
      (coder:JobCluster {code: 'j:coder'})
SET u.admissionScore = 71.0, u.admittedOn = date('2022-09-01')
CREATE (u)-[:STUDIES]->(:Major {code: 'm:1', name: 'Statistics'})
CREATE (u)-[:EARNED {term: '2023-1', result: 'passed'}]->(paper)
CREATE (u)-[:TOOK {term: '2023-2', status: 'failed', score: 41.0}]->(python)
CREATE (u)-[:TOOK {term: '2024-1', status: 'enrolled'}]->(sql)
CREATE (u)-[:INTERACTED {kind: 'complete', at: datetime('2024-01-05T10:00:00Z'), key: 'a'}]->(python)
CREATE (u)-[:INTERACTED {kind: 'view', at: datetime('2024-01-06T10:00:00Z'), key: 'b'}]->(python)
CREATE (u)-[:INTERNED_AT {term: '2023-2', jobCluster: 'j:analyst', result: 'good'}]->(e:Employer {code: 'e:1'})
CREATE (u)-[:EMPLOYED_AS {startedOn: date('2024-02-01'), status: 'employed'}]->(coder)
CREATE (e)-[:OPERATES_IN]->(line:Industry {code: 'i:1'})
CREATE (p1)-[:POSTED_BY]->(e)
CREATE (u)-[:FOUNDED {startedOn: date('2024-03-01'), status: 'running'}]->(venture:Venture {code: 'v:1'})
CREATE (venture)-[:OPERATES_IN]->(line)
"""


@pytest.fixture
def listed(world):
    """The drawn world with evidence of every kind: what is listed for data, and the generation."""
    world.write(MORE)
    report = compute_gaps(world, GapConfig.plain(least_units=1), progress=SILENT)

    def rows(unit="k:data"):
        return world.read(query("explain/evidence"), student="u:1", capability=unit, generation=report.generation)

    return rows


def test_every_kind_of_evidence_is_listed_with_its_level(listed):
    """Would catch a kind that is left out, a running course or a mere view that is listed, or another unit's level."""
    found = [(row["type"], row["source"], row["score"], row["result"], row["level"]) for row in listed()]
    demand, half = 0.4375, 1 - 0.875 * 0.9375
    assert found == [
        ("EARNED", "r:certificate", None, "passed", pytest.approx(1.0)),
        ("TOOK", "r:sql", 80.0, "completed", pytest.approx(0.5)),
        ("FOUNDED", "v:1", None, "running", pytest.approx(demand)),
        ("INTERNED_AT", "j:analyst", None, "good", pytest.approx(demand)),
        ("INTERACTED", "r:python", None, "complete", pytest.approx(0.25)),
        ("TOOK", "r:python", 41.0, "failed", pytest.approx(0.25)),
        ("EMPLOYED_AS", "j:coder", None, "employed", pytest.approx(half)),
        ("STUDIES", "m:1", 71.0, None, None),
    ]
    assert [row["term"] for row in listed() if row["type"] == "TOOK"] == ["2023-1", "2023-2"]
    # Nothing that the student did teaches coding but Python, and the analyst's and the coder's work.
    coding = [(row["type"], row["source"]) for row in listed("k:code")]
    assert ("EARNED", "r:certificate") not in coding
    assert ("TOOK", "r:python") in coding


def test_what_is_listed_is_what_the_state_is_made_of(world, listed):
    """Would catch evidence that moves a level and is not listed, or that is listed and moves nothing."""
    config = GapConfig.plain()
    found = snapshot.read(world, progress=SILENT)
    mapping = capability.skill_units(found)
    demands = capability.demands(found, config, mapping=mapping)
    supply = capability.supply(found, config, mapping=mapping)
    sources = supply.over(demands).over(capability.industries(found, config, demands=demands)).dense()
    names = (*found.resources, *found.clusters, *["v:1"] * len(found.industries))
    known = capability.pieces(found, config)
    for unit in ("k:data", "k:code"):
        place = found.capabilities.index(unit)
        moved = {
            (names[source], round(sources[source, place], 9))
            for student, source in zip(known.student, known.source, strict=True)
            if found.students[student] == "u:1" and sources[source, place] > 0
        }
        assert moved == {(row["source"], round(row["level"], 9)) for row in listed(unit) if row["type"] != "STUDIES"}
