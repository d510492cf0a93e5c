"""A drawn world of two capability units, in which every number can be worked out by hand."""

from collections.abc import Iterator

import pytest

from cypher.graph import Graph
from cypher.migrate import migrate

WORLD = """
CREATE (data:Capability {code: 'k:data', name: 'Data'}), (coding:Capability {code: 'k:code', name: 'Coding'})
CREATE (sql:Skill {code: 's:sql'})-[:MAPS_TO {weight: 1.0}]->(data)
CREATE (python:Skill {code: 's:python'})-[:MAPS_TO {weight: 0.8}]->(coding)
CREATE (python)-[:MAPS_TO {weight: 0.5}]->(data)
CREATE (pandas:Skill {code: 's:pandas'})-[:BROADER]->(python)
CREATE (analyst:JobCluster {code: 'j:analyst', name: 'Analyst', rule: 'occupation'})
CREATE (developer:JobCluster {code: 'j:developer', name: 'Developer', rule: 'occupation'})
CREATE (coder:JobCluster {code: 'j:coder', name: 'Coder', rule: 'occupation'})
CREATE (rest:JobCluster {code: 'fc:unclassified', rule: 'unclassified'})
CREATE (developer)-[:TYPICALLY_REQUIRES {level: 0.5, essential: true}]->(python)
CREATE (developer)-[:TYPICALLY_REQUIRES {level: 0.5, essential: false}]->(pandas)
CREATE (coder)-[:SAME_AS {score: 0.5}]->(developer)
CREATE (p1:Job {code: 'p:1', releasedOn: date('2024-01-10')})-[:IN_CLUSTER]->(analyst)
CREATE (p2:Job {code: 'p:2', releasedOn: date('2024-02-10')})-[:IN_CLUSTER]->(analyst)
CREATE (p3:Job {code: 'p:3', releasedOn: date('2024-03-10')})-[:IN_CLUSTER]->(analyst)
CREATE (p4:Job {code: 'p:4', releasedOn: date('2024-04-10')})-[:IN_CLUSTER]->(analyst)
CREATE (p5:Job {code: 'p:5', releasedOn: date('2024-05-10')})-[:IN_CLUSTER]->(rest)
CREATE (p1)-[:REQUIRES {level: 0.8, confidence: 1.0, optional: false}]->(sql)
CREATE (p2)-[:REQUIRES {level: 0.8, confidence: 1.0}]->(sql)
CREATE (p3)-[:REQUIRES {level: 1.0, confidence: 1.0, optional: true}]->(python)
CREATE (p5)-[:REQUIRES {level: 1.0, confidence: 1.0}]->(sql)
CREATE (course:Resource:Course {code: 'r:sql'})-[:TEACHES {level: 0.5}]->(sql)
CREATE (practice:Resource:Course {code: 'r:python'})-[:TEACHES {level: 0.5}]->(python)
CREATE (:Resource:Certificate {code: 'r:certificate'})-[:TEACHES {level: 1.0}]->(sql)
CREATE (:Resource:Course {code: 'r:over', endsOn: date('2020-01-01')})-[:TEACHES {level: 1.0}]->(python)
CREATE (one:Student {code: 'u:1', name: 'One'})-[:TOOK {term: '2023-1', score: 80.0, status: 'completed'}]->(course)
CREATE (one)-[:AIMS_AT]->(developer)
CREATE (:Student {code: 'u:2', name: 'Two'})-[:AIMS_AT]->(p1)
CREATE (:Student {code: 'u:3', name: 'Three'})
"""


@pytest.fixture
def graph(empty_graph) -> Iterator[Graph]:
    """The empty graph with the declared catalog."""
    with Graph(empty_graph) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def world(graph: Graph) -> Graph:
    """The drawn world on the real server.

    Demands by hand: of 4 analyst postings 2 ask for SQL at 0.8, so 0.4, and 1 for Python as a plus, so 0.125;
    data is 1 - 0.6 * (1 - 0.0625) = 0.4375, coding 0.8 * 0.125 = 0.1. The developer has a standard only: Python 0.5,
    pandas, which counts as Python, 0.25: coding 1 - 0.6 * 0.8 = 0.52, data 1 - 0.75 * 0.875 = 0.34375. The coder has
    half of these levels. Student 1 holds 0.8 * 0.5 = 0.4 of data; the others hold nothing.
    """
    graph.write(WORLD)
    return graph
