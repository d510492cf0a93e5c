"""How a request reads the graph: in batches, and one generation only."""

QUERY = """{
  student(code: "u:1") {
    gaps { goal { demands { capability { skills { capabilities { weight } } } } history { postings } }
           lacks { amount capability { code } } }
    chain(goal: "j:analyst") { gap { lacks { amount } } steps { resource { improves { level } } } }
  }
}"""


def test_each_level_is_read_once(world, ask, recorder):
    """Would catch a query per item: five gaps must cost what one costs."""
    ask(QUERY)
    one = sorted(recorder.names)
    recorder.names.clear()
    world.write(
        "MATCH (u:Student {code: 'u:1'}), (k:Capability) WITH u, collect(k) AS units UNWIND range(1, 4) AS n "
        "CREATE (j:JobCluster {code: 'j:' + n})"
        "CREATE (gap:Gap {code: 'x:' + n, generation: 't:g2', value: 0.1, match: 0.5, rank: n + 1}) "
        "CREATE (u)-[:HAS_GAP {generation: 't:g2'}]->(gap)-[:TOWARD]->(j) "
        "FOREACH (k IN units | CREATE (gap)-[:LACKS {demanded: 0.1, held: 0.0, amount: 0.1}]->(k) "
        "CREATE (j)-[:DEMANDS {level: 0.1, generation: 't:g2'}]->(k))"
    )
    assert len(ask(QUERY)["student"]["gaps"]) == 5
    assert sorted(recorder.names) == one
    assert len(one) == len(set(one)), "a query ran twice in one request"


def test_nothing_is_read_that_nobody_asked_for(world, ask, recorder):
    """Would catch shortfalls and resources read for a list of gap values."""
    ask('{ student(code: "u:1") { gaps { value } chain(goal: "j:analyst") { goal { code } } } }')
    assert set(recorder.names) == {"serve/students", "serve/generation", "serve/goals", "serve/gaps"}


def test_jobs_of_several_clusters_are_read_at_once(world, ask, recorder):
    """Would catch a page of jobs read per cluster, and pages of different lengths that are mixed up."""
    found = ask(
        '{ a: jobCluster(code: "j:analyst") { jobs(first: 1) { totalCount edges { node { code } } } } '
        'b: jobCluster(code: "j:dev") { jobs(first: 1) { totalCount edges { node { code } } } '
        "all: jobs(first: 5) { edges { node { code } } } } }"
    )
    assert found["a"]["jobs"] == {"totalCount": 3, "edges": [{"node": {"code": "p:2"}}]}
    assert found["b"]["jobs"]["totalCount"] == 1
    assert found["b"]["all"]["edges"] == [{"node": {"code": "p:4"}}]
    assert recorder.names.count("serve/cluster-job-page") == 2
    assert recorder.names.count("serve/cluster-job-count") == 1
    assert recorder.names.count("serve/jobs") == 1


def test_a_request_reads_one_generation(world, ask, recorder):
    """Would catch an answer that mixes two generations because one was activated while it was read."""
    query = (
        '{ student(code: "u:1") { abilities { level capability { code } } gaps { value } } '
        'jobCluster(code: "j:analyst") { demands { level } } generation { code } }'
    )
    before = ask(query)
    moved = []

    def activate(name):
        if name == "serve/generation" and not moved:
            moved.append(name)
            world.write("MATCH (pointer:ActivePointer {code: 'active'}) SET pointer.generation = 't:g1'")

    recorder.after = activate
    assert ask(query) == before
    after = ask(query)
    assert moved
    assert after["generation"] == {"code": "t:g1"}
    assert after["student"]["abilities"] == [{"level": 0.9, "capability": {"code": "k:talk"}}]
    assert after["student"]["gaps"] == [{"value": 9.0}]
    assert after["jobCluster"] == {"demands": [{"level": 0.1}]}
