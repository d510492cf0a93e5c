"""A drawn world of a dozen nodes with derived facts of two generations, and clients of the service over it."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Self

import httpx
import pytest
from starlette.applications import Starlette

from api.app import application
from api.gateway import Gateway
from cypher.graph import Graph
from cypher.migrate import migrate
from cypher.server import Connection

ADDRESS = "http://127.0.0.1"

# g2 is active. What g1 says differs everywhere, so that a fact of another generation shows.
WORLD = """
CREATE (g1:Generation {
  code: 't:g1', createdAt: datetime('2024-04-01T08:00:00Z'), activatedAt: datetime('2024-04-01T09:00:00Z'),
  dataThrough: date('2024-03-31'), config: '{}', metrics: '{}', status: 'retired'
})
CREATE (g2:Generation {
  code: 't:g2', createdAt: datetime('2024-06-01T08:00:00Z'), activatedAt: datetime('2024-06-01T09:30:00Z'),
  dataThrough: date('2024-05-31'), status: 'active', metrics: '{"gaps": 1, "meanGap": 0.6, "note": "none"}',
  config: '{"resources": 2, "weights": {"to_student": 0.25, "to_goal": 0.75, "gap": 0.125}}'
})
CREATE (:ActivePointer {code: 'active', generation: 't:g2'})-[:POINTS_AT]->(g2)
CREATE (data:Capability {code: 'k:data', name: 'Data'}), (coding:Capability {code: 'k:code', name: 'Coding'})
CREATE (talk:Capability {code: 'k:talk', name: 'Talking'})
CREATE (sql:Skill {code: 's:sql', name: 'SQL', aliasesEn: ['structured query language'], aliasesZh: ['结构化查询语言']})
CREATE (python:Skill {code: 's:python', name: 'Python', aliasesEn: ['python development']})
CREATE (old:Skill {code: 's:cobol', name: 'COBOL query', closedAt: datetime('2024-01-01T00:00:00Z')})
CREATE (sql)-[:MAPS_TO {weight: 1.0}]->(data), (python)-[:MAPS_TO {weight: 0.5}]->(data)
CREATE (python)-[:MAPS_TO {weight: 0.75}]->(coding), (old)-[:MAPS_TO {weight: 1.0}]->(coding)
CREATE (analyst:JobCluster {code: 'j:analyst', name: 'Analyst'})
CREATE (developer:JobCluster {code: 'j:dev', name: 'Developer'})
CREATE (:JobCluster {code: 'fc:unclassified', rule: 'unclassified'})
CREATE (firm:Employer {code: 'e:1', name: 'Firm'})-[:OPERATES_IN]->(:Industry {code: 'i:J', name: 'Information'})
CREATE (p1:Job {
  code: 'p:1', name: 'Data analyst', releasedOn: date('2024-01-10'), salaryMin: 8000, salaryMax: 12000.0,
  salaryCurrency: 'CNY', salaryPeriod: 'month', education: 6, regionText: 'somewhere'
})-[:IN_CLUSTER]->(analyst)
CREATE (p2:Job {
  code: 'p:2', name: 'Analyst', releasedOn: date('2024-03-02'), educationText: 'Bachelor'
})-[:IN_CLUSTER]->(analyst)
CREATE (p3:Job {
  code: 'p:3', name: 'Analyst', releasedOn: date('2024-03-20'), closedAt: datetime('2024-05-01T00:00:00Z')
})-[:IN_CLUSTER]->(analyst)
CREATE (p4:Job {code: 'p:4', name: 'Coder', releasedOn: date('2024-03-02')})-[:IN_CLUSTER]->(developer)
CREATE (p5:Job {code: 'p:5', name: 'Analyst', releasedOn: date('2024-03-02')})-[:IN_CLUSTER]->(analyst)
CREATE (p1)-[:POSTED_BY]->(firm), (p4)-[:POSTED_BY]->(firm)
CREATE (p1)-[:LOCATED_IN]->(:Region {code: 'r:sh', name: 'Shanghai'})
CREATE (p1)-[:REQUIRES {level: 0.8, evidence: 'good SQL'}]->(sql), (p1)-[:REQUIRES {level: 0.9}]->(python)
CREATE (course:Resource:Course {code: 'r:sql', name: 'Databases'})
CREATE (project:Resource:Project {code: 'r:python', name: 'Python project'})
CREATE (contest:Resource:Competition {code: 'r:debate', name: 'Debate'})
CREATE (done:Resource:Certificate {code: 'r:done', name: 'Coding certificate'})
CREATE (over:Resource:Course {code: 'r:over', name: 'Over', endsOn: date('2024-01-01')})
CREATE (gone:Resource:Course {code: 'r:gone', name: 'Gone', closedAt: datetime('2024-01-01T00:00:00Z')})
CREATE (:Resource:Policy {code: 'r:policy', name: 'Start-up grant', policyLevel: 'meso'})
CREATE (class:ClassGroup {code: 'c:1', name: 'Class 1'}), (major:Major {code: 'm:1', name: 'Statistics'})
CREATE (one:Student {code: 'u:1', name: 'One'})-[:MEMBER_OF]->(class), (one)-[:STUDIES]->(major)
CREATE (two:Student {code: 'u:2', name: 'Two'})-[:MEMBER_OF]->(class)
CREATE (:Student {code: 'u:3', closedAt: datetime('2024-01-01T00:00:00Z')})-[:MEMBER_OF]->(class)
CREATE (one)-[:EARNED {term: '2023-1'}]->(done)
CREATE (one)-[:TOOK {term: '2023-1', status: 'failed'}]->(course)
CREATE (analyst)-[:DEMANDS {level: 0.75, generation: 't:g2'}]->(data)
CREATE (analyst)-[:DEMANDS {level: 0.5, generation: 't:g2'}]->(coding)
CREATE (analyst)-[:DEMANDS {level: 0.1, generation: 't:g1'}]->(talk)
CREATE (developer)-[:DEMANDS {level: 1.0, generation: 't:g2'}]->(coding)
CREATE (developer)-[:DEMANDS {level: 0.25, generation: 't:g2'}]->(data)
CREATE (developer)-[:DEMANDS {level: 0.25, generation: 't:g2'}]->(talk)
CREATE (one)-[:HAS_CAPABILITY {level: 0.5, generation: 't:g2'}]->(data)
CREATE (one)-[:HAS_CAPABILITY {level: 0.25, generation: 't:g2'}]->(coding)
CREATE (one)-[:HAS_CAPABILITY {level: 0.9, generation: 't:g1'}]->(talk)
CREATE (course)-[:IMPROVES {level: 0.5, generation: 't:g2'}]->(data)
CREATE (project)-[:IMPROVES {level: 0.5, generation: 't:g2'}]->(coding)
CREATE (project)-[:IMPROVES {level: 0.25, generation: 't:g2'}]->(data)
CREATE (project)-[:IMPROVES {level: 1.0, generation: 't:g1'}]->(talk)
CREATE (contest)-[:IMPROVES {level: 0.5, generation: 't:g2'}]->(talk)
CREATE (done)-[:IMPROVES {level: 1.0, generation: 't:g2'}]->(coding)
CREATE (over)-[:IMPROVES {level: 1.0, generation: 't:g2'}]->(coding)
CREATE (gone)-[:IMPROVES {level: 1.0, generation: 't:g2'}]->(coding)
CREATE (gap:Gap {code: 't:g2:u:1:j:analyst', generation: 't:g2', value: 0.5, match: 0.992, rank: 1})
CREATE (one)-[:HAS_GAP {generation: 't:g2'}]->(gap)-[:TOWARD {generation: 't:g2'}]->(analyst)
CREATE (gap)-[:LACKS {demanded: 0.5, held: 0.25, amount: 0.25, generation: 't:g2'}]->(coding)
CREATE (gap)-[:LACKS {demanded: 0.75, held: 0.5, amount: 0.25, generation: 't:g2'}]->(data)
CREATE (project)-[:BRIDGES {
  score: 0.5, similarityToStudent: 0.8, similarityToGoal: 0.9, contribution: 1.0, rank: 1, generation: 't:g2'
}]->(gap)
CREATE (course)-[:BRIDGES {
  score: 0.5, similarityToStudent: 0.7, similarityToGoal: 0.6, contribution: 0.5, rank: 2, generation: 't:g2'
}]->(gap)
CREATE (stale:Gap {code: 't:g1:u:1:j:dev', generation: 't:g1', value: 9.0, match: 0.1, rank: 1})
CREATE (one)-[:HAS_GAP {generation: 't:g1'}]->(stale)-[:TOWARD {generation: 't:g1'}]->(developer)
"""

Ask = Callable[..., dict[str, Any]]


class Client:
    """A client of the service in this process; the service runs from enter to exit."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self._lifespan = app.router.lifespan_context(app)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url=ADDRESS)

    def __enter__(self) -> Self:
        self._runner.run(self._lifespan.__aenter__())
        return self

    def __exit__(self, *error: object) -> None:
        self._runner.run(self._http.aclose())
        self._runner.run(self._lifespan.__aexit__(None, None, None))
        self._runner.close()

    def get(self, path: str, **given: Any) -> httpx.Response:
        """Send a GET request."""
        return self._runner.run(self._http.get(path, **given))

    def post(self, path: str, **given: Any) -> httpx.Response:
        """Send a POST request."""
        return self._runner.run(self._http.post(path, **given))

    def ended(self, task: "asyncio.Task[Any]", *, seconds: float = 30.0) -> bool:
        """Wait for a task of the service, and tell whether it has ended."""
        done, _ = self._runner.run(asyncio.wait([task], timeout=seconds))
        return bool(done)


class Recorder(Gateway):
    """The real way to the graph; it notes which queries ran, and may do something between two of them."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.names: list[str] = []
        self.after: Callable[[str], None] = lambda name: None

    async def read(self, name: str, **parameters: Any) -> Any:
        """Read, and note it."""
        self.names.append(name)
        records = await super().read(name, **parameters)
        self.after(name)
        return records


@pytest.fixture
def graph(empty_graph: Connection) -> Iterator[Graph]:
    """The empty graph with the declared catalog."""
    with Graph(empty_graph) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def world(graph: Graph) -> Graph:
    """The drawn world on the real server."""
    graph.write(WORLD)
    graph.schema("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    return graph


@pytest.fixture
def client(connection: Connection) -> Iterator[Client]:
    """A client of the service, which has been started."""
    with Client(application(connection, look_every=0.0)) as opened:
        yield opened


@pytest.fixture
def recorder(client: Client, connection: Connection) -> Recorder:
    """The recorder, in the place of the service's own way to the graph."""
    recording = Recorder(connection)
    client.app.state.gateway = recording
    return recording


@pytest.fixture
def ask(client: Client) -> Ask:
    """Ask a query that must succeed, and return its data."""

    def run(query: str, **variables: Any) -> dict[str, Any]:
        response = client.post("/graphql", json={"query": query, "variables": variables})
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    return run
