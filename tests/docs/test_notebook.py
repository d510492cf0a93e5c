"""The analysts' notebook runs as it is, on a drawn world."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from cypher.graph import Graph
from cypher.migrate import migrate

NOTEBOOK = Path(__file__).parents[2] / "examples" / "analyst.ipynb"

WORLD = """
CREATE (g:Generation {code: 't:g1', status: 'active'}), (old:Generation {code: 't:g0', status: 'retired'})
CREATE (:ActivePointer {code: 'active', generation: 't:g1'})-[:POINTS_AT]->(g)
CREATE (data:Capability {code: 'k:data', name: 'Data'}), (coding:Capability {code: 'k:code', name: 'Coding'})
CREATE (analyst:JobCluster {code: 'j:analyst', name: 'Analyst'}), (coder:JobCluster {code: 'j:coder', name: 'Coder'})
CREATE (:Job {code: 'p:1', releasedOn: date('2024-01-10')})-[:IN_CLUSTER]->(analyst)
CREATE (:Job {code: 'p:2', releasedOn: date('2024-01-20')})-[:IN_CLUSTER]->(analyst)
CREATE (:Job {code: 'p:3', releasedOn: date('2024-02-10')})-[:IN_CLUSTER]->(analyst)
CREATE (:Job {code: 'p:4', releasedOn: date('2024-02-10')})-[:IN_CLUSTER]->(coder)
CREATE (one:Student {code: 'u:1', name: 'One'})
CREATE (course:Resource:Course {code: 'r:1', name: 'Databases'})
CREATE (gap:Gap {code: 't:gap', value: 0.75, match: 0.5, rank: 1, ownGoal: true, generation: 't:g1'})
CREATE (one)-[:HAS_GAP {generation: 't:g1'}]->(gap)-[:TOWARD {generation: 't:g1'}]->(analyst)
CREATE (gap)-[:LACKS {demanded: 0.75, held: 0.25, amount: 0.5, generation: 't:g1'}]->(data)
CREATE (gap)-[:LACKS {demanded: 0.5, held: 0.25, amount: 0.25, generation: 't:g1'}]->(coding)
CREATE (course)-[:IMPROVES {level: 0.5, generation: 't:g1'}]->(data)
CREATE (course)-[:BRIDGES {
  score: 0.625, similarityToStudent: 0.5, similarityToGoal: 0.5, contribution: 0.5, rank: 1, generation: 't:g1'
}]->(gap)
CREATE (stale:Gap {code: 't:stale', value: 9.0, match: 0.1, rank: 1, generation: 't:g0'})
CREATE (one)-[:HAS_GAP {generation: 't:g0'}]->(stale)-[:TOWARD {generation: 't:g0'}]->(coder)
CREATE (stale)-[:LACKS {demanded: 1.0, held: 0.0, amount: 1.0, generation: 't:g0'}]->(coding)
"""


@pytest.fixture
def drawn(empty_graph):
    """The drawn world: two clusters with a history, and a gap of an older generation beside the active one."""
    with Graph(empty_graph) as graph:
        migrate(graph)
        graph.write(WORLD)
    return empty_graph


def test_the_notebook_is_kept_without_outputs():
    """Would catch outputs, which hold data of whoever ran it and make every change unreadable."""
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None


def test_the_notebook_runs(drawn, tmp_path, monkeypatch):
    """Would catch a query, a column or a py2neo call that no longer works, and facts of a generation that is over."""
    # The kernel finds the server by the variables of this session, and keeps its own files out of the user's home.
    for variable in ("JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=180, kernel_name="python3").execute(cwd=str(NOTEBOOK.parent))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
    tables = [output["data"]["text/plain"] for output in outputs if output.output_type == "execute_result"]
    rows = [[part.strip() for part in line.split("|")] for table in tables for line in table.splitlines()]
    assert ["j:analyst", "Analyst", "3"] in rows
    # One gap of the active generation lacks each unit; the older generation does not count.
    assert ["Coding", "1", "0.25"] in rows and ["Data", "1", "0.5"] in rows
    assert ["Analyst", "0.75", "0.5", "true"] in rows
    assert ["1", "Databases", "Course", "0.625", "0.5"] in rows
