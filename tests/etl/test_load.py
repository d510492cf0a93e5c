"""What a load does before its first pass."""

from cypher.graph import Graph
from cypher.migrate import applied, migrations, verify
from cypher.progress import Progress
from etl.load import load


def test_a_load_brings_the_catalog_up_to_date(empty_graph) -> None:
    """Catches a load into a database without constraints: every look-up scans all nodes, and codes stand twice."""
    with Graph(empty_graph) as graph:
        assert not applied(graph)
        load(graph, [], source="test", file="nothing", progress=Progress.silent())
        assert [each.code for each in applied(graph)] == [each.code for each in migrations()]
        assert not verify(graph)
