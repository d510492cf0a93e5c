"""The long lists: job clusters, postings and resources, page by page."""

import pytest

from api.lists import Direction, JobClusterOrder
from tests.forecasts import FIRST, write

CLUSTERS = """query ($first: Int, $after: String, $order: JobClusterOrder, $direction: Direction, $search: String,
       $focus: Boolean) {
  jobClusters(first: $first, after: $after, orderBy: $order, direction: $direction, search: $search,
              focusOnly: $focus) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { code } }
  } }"""
JOBS = """query ($first: Int, $after: String, $search: String, $cluster: ID, $region: String) {
  jobs(first: $first, after: $after, search: $search, jobCluster: $cluster, region: $region) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { code } }
  } }"""
RESOURCES = """query ($first: Int, $after: String, $search: String, $kind: ResourceKind) {
  resources(first: $first, after: $after, search: $search, kind: $kind) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { code kind } }
  } }"""

# Two of them alike in everything, one that falls, one in between; j:x and j:y have no forecast.
DRAWN = {
    "j:analyst": FIRST["j:analyst"],
    "j:twin": FIRST["j:analyst"],
    "j:dev": FIRST["j:developer"],
    "j:fall": ("DECLINE", 49.0, -0.5, 0.0),
    "j:calm": ("STABLE", 9.0, 0.0, 0.375),
}
NAMES = {"j:analyst": "Analyst", "j:twin": "Analyst", "j:dev": "Developer", "j:fall": "Sales", "j:calm": "Data clerk"}


def walk(ask, query, *, first, **variables):
    """Return the codes of a whole list, read page by page, and its total count."""
    codes, after = [], None
    while True:
        [found] = ask(query, first=first, after=after, **variables).values()
        codes += [each["node"]["code"] for each in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            return codes, found["totalCount"]
        assert len(found["edges"]) == first
        after = found["pageInfo"]["endCursor"]


@pytest.fixture
def market(world):
    """The drawn world with seven job clusters, of which five have a forecast."""
    rows = [*NAMES.items(), ("j:x", None), ("j:y", "Analyst of x")]
    world.write("UNWIND $rows AS row MERGE (j:JobCluster {code: row[0]}) SET j.name = row[1]", rows=rows)
    world.schema("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    write(world, DRAWN)
    return world


@pytest.mark.parametrize("order", JobClusterOrder)
@pytest.mark.parametrize("direction", Direction)
def test_clusters_in_every_order(market, ask, order, direction):
    """Would catch a page that repeats or leaves out equal clusters, and one without a forecast that comes first."""
    keys = {
        row["code"]: row["key"]
        for row in market.read(
            "MATCH (j:JobCluster) WHERE coalesce(j.rule, '') <> 'unclassified' OPTIONAL MATCH (j)-[:HAS_FORECAST]->(f) "
            "RETURN j.code AS code, CASE $key WHEN 'name' THEN coalesce(j.name, j.code) ELSE f[$key] END AS key",
            key=order.value.lower(),
        )
    }
    known = sorted(code for code, key in keys.items() if key is not None)
    known.sort(key=keys.__getitem__, reverse=direction is Direction.DESC)
    expected = known + sorted(code for code, key in keys.items() if key is None)
    assert len(expected) == 7
    for first in (1, 2, 3, 20):
        found = walk(ask, CLUSTERS, first=first, order=order.value, direction=direction.value)
        assert found == (expected, 7)


def test_clusters_of_a_search_and_in_focus(market, ask):
    """Would catch a search that shows all, a filter that the total leaves out, and a cursor that loses them."""
    assert walk(ask, CLUSTERS, first=1, search="analyst", order="NAME", direction="ASC") == (
        ["j:analyst", "j:twin", "j:y"],
        3,
    )
    assert walk(ask, CLUSTERS, first=1, focus=True) == (["j:analyst", "j:twin"], 2)
    assert walk(ask, CLUSTERS, first=5, focus=True, search="DATA (") == ([], 0)
    assert walk(ask, CLUSTERS, first=5, search="*:*") == ([], 0)
    assert walk(ask, CLUSTERS, first=20, search="  ")[1] == 7


def test_before_the_first_forecast_clusters_are_listed(world, ask):
    """Would catch a list that needs forecasts, and a filter that then lets everything pass."""
    assert walk(ask, CLUSTERS, first=1) == (["j:analyst", "j:dev"], 2)
    assert walk(ask, CLUSTERS, first=1, focus=True) == ([], 0)


@pytest.mark.parametrize("order", [{"orderBy": "GAP"}, {"direction": "ASC"}, {"orderBy": "NAME", "direction": "DESC"}])
def test_a_cursor_of_another_order_is_refused(market, client, ask, order):
    """Would catch a page that starts at a place which means nothing in its order."""
    after = ask("{ jobClusters(first: 1) { pageInfo { endCursor } } }")["jobClusters"]["pageInfo"]["endCursor"]
    given = ", ".join(f"{name}: {value}" for name, value in order.items())
    query = f'{{ jobClusters(first: 1, after: "{after}", {given}) {{ totalCount }} }}'
    [error] = client.post("/graphql", json={"query": query}).json()["errors"]
    assert error["extensions"]["code"] == "INVALID"
    assert "in the same order" in error["message"]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({}, ["p:2", "p:4", "p:5", "p:1"]),
        ({"cluster": "j:analyst"}, ["p:2", "p:5", "p:1"]),
        ({"cluster": "j:nowhere"}, []),
        ({"search": "analyst"}, ["p:2", "p:5", "p:1"]),
        ({"search": "Data", "cluster": "j:analyst"}, ["p:1"]),
        ({"search": "coder", "cluster": "j:analyst"}, []),
        ({"region": "Shanghai"}, ["p:1"]),
        ({"region": "r:cn"}, ["p:4", "p:1"]),
        ({"region": "r:cn", "search": "analyst"}, ["p:1"]),
        ({"region": "China", "cluster": "j:dev"}, ["p:4"]),
        ({"region": "Paris"}, []),
    ],
)
def test_jobs_of_a_search_a_cluster_or_a_region(world, ask, wanted, codes):
    """Would catch a filter that is dropped, a closed posting, a region without what lies in it, or a wrong order."""
    world.write(
        "MATCH (r:Region {code: 'r:sh'}), (job:Job {code: 'p:4'}), (closed:Job {code: 'p:3'}) "
        "CREATE (cn:Region {code: 'r:cn', name: 'China'}) CREATE (r)-[:PART_OF]->(cn) "
        "CREATE (job)-[:LOCATED_IN]->(cn), (closed)-[:LOCATED_IN]->(cn)"
    )
    for first in (1, 2, 20):
        assert walk(ask, JOBS, first=first, **wanted) == (codes, len(codes))


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({}, ["r:debate", "r:done", "r:over", "r:policy", "r:python", "r:sql"]),
        ({"kind": "COURSE"}, ["r:over", "r:sql"]),
        ({"kind": "MENTOR"}, []),
        ({"search": "python"}, ["r:python"]),
        ({"search": "python", "kind": "COURSE"}, []),
        ({"search": "gone"}, []),
    ],
)
def test_resources_of_a_kind_or_a_search(world, ask, wanted, codes):
    """Would catch a kind that is not compared, or a resource that no source states any more."""
    for first in (1, 2, 20):
        assert walk(ask, RESOURCES, first=first, **wanted) == (codes, len(codes))
