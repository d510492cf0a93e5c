"""A drawn world: one student, one goal with its forecast, one gap, and the resource that closes it."""

from collections.abc import Iterator

import pytest

from cypher.graph import Graph
from cypher.server import Connection

DRAWING = """
CREATE (pointer:ActivePointer {code: 'active', generation: 't:g1', forecastGeneration: 't:f1'})
CREATE (pointer)-[:POINTS_AT]->(:Generation {code: 't:g1'})
CREATE (pointer)-[:POINTS_AT]->(:Generation {code: 't:f1', kind: 'forecast'})
CREATE (student:Student {code: 't:s1', name: 'Student 1'})-[:MEMBER_OF]->(:ClassGroup {code: 't:c1', name: 'Class 1'})
CREATE (goal:JobCluster {code: 't:j1', name: 'Data analyst'})
CREATE (capability:Capability {code: 't:k1', name: 'Data analysis'})
CREATE (skill:Skill {code: 't:sql', name: 'SQL'})-[:MAPS_TO {weight: 1.0}]->(capability)
CREATE (goal)-[:TYPICALLY_REQUIRES {level: 0.8}]->(skill)
CREATE (goal)-[:DEMANDS {level: 0.8, generation: 't:g1'}]->(capability)
CREATE (gap:Gap {code: 't:gap1', name: 'Gap', value: 0.5, match: 0.4, rank: 1, generation: 't:g1'})
CREATE (student)-[:HAS_GAP {generation: 't:g1'}]->(gap)-[:TOWARD {generation: 't:g1'}]->(goal)
CREATE (gap)-[:LACKS {demanded: 0.8, held: 0.3, amount: 0.5, generation: 't:g1'}]->(capability)
CREATE (course:Resource:Course {code: 't:r1', name: 'Databases'})-[:TEACHES {level: 0.6}]->(skill)
CREATE (course)-[:IMPROVES {level: 0.6, generation: 't:g1'}]->(capability)
CREATE (course)-[:BRIDGES {score: 0.7, contribution: 1.0, rank: 1, generation: 't:g1'}]->(gap)
CREATE (forecast:Forecast {code: 't:f1:t:j1', name: 'Data analyst', generation: 't:f1', focus: true})
CREATE (goal)-[:HAS_FORECAST {generation: 't:f1'}]->(forecast)
CREATE (forecast)-[:PROPOSES {rank: 1, students: 1, amount: 0.5, generation: 't:f1'}]->(course)
"""


@pytest.fixture
def drawn_chain(empty_graph: Connection) -> Iterator[Connection]:
    """The drawn world on the real server."""
    with Graph(empty_graph) as graph:
        graph.write(DRAWING)
    yield empty_graph
