"""Forecasts and similar job clusters, on the drawn world with forecasts from the job's own writer."""

import pytest

from cypher.migrate import await_indexes
from schema.catalog import CATALOG
from schema.derived import DEMAND_CLASSES
from tests.forecasts import FIRST, write

DRAWN = {"j:analyst": FIRST["j:analyst"], "j:dev": FIRST["j:developer"]}
NUMBERS = ("intensity", "change", "gap", "confidence", "warning")
FIELDS = "month demandClass probabilities { demandClass probability } focus generation " + " ".join(NUMBERS)


def test_a_forecast_is_told_in_full(world, ask):
    """Would catch a column of another name, classes in another order, or forecasts that hide the gaps' generation."""
    report = write(world, DRAWN)
    found = ask(
        f'{{ generation {{ code }} jobCluster(code: "j:analyst") {{ forecast {{ {FIELDS} }} demands {{ level }} }} '
        'other: jobCluster(code: "j:dev") { forecast { demandClass focus } } }'
    )
    assert found["generation"] == {"code": "t:g2"}
    assert len(found["jobCluster"]["demands"]) == 2
    assert found["other"]["forecast"] == {"demandClass": "LOW_DEMAND", "focus": False}
    told = found["jobCluster"]["forecast"]
    assert [each["demandClass"] for each in told["probabilities"]] == list(DEMAND_CLASSES)
    assert [each["probability"] for each in told["probabilities"]] == pytest.approx([0.6, 0.1, 0.1, 0.1, 0.1])
    assert (told["month"], told["demandClass"], told["focus"]) == ("2024-04-01", "HIGH_GROWTH", True)
    assert told["generation"] == report.generation
    # log 20 / log 100; 19 + 1 against 9 + 1; 0.6 narrowed by an interval of 0.25; 0.4 d + 0.3 delta + 0.3 q.
    numbers = [told[name] for name in NUMBERS]
    assert numbers == pytest.approx([0.650515, 1.0, 0.5, 0.6 * 0.75**0.5, 0.710206], abs=1e-6)


def test_without_a_forecast_it_is_null(world, ask):
    """Would catch an error before the first forecast, for a cluster that has none, or before the first generation."""
    query = '{ generation { code } jobCluster(code: "j:dev") { forecast { month } similar { similarity } } }'
    assert ask(query)["jobCluster"] == {"forecast": None, "similar": []}
    write(world, {"j:analyst": DRAWN["j:analyst"]})
    assert ask(query)["jobCluster"]["forecast"] is None
    world.write("MATCH (pointer:ActivePointer) REMOVE pointer.generation")
    alone = ask('{ generation { code } jobCluster(code: "j:analyst") { forecast { focus } demands { level } } }')
    assert alone == {"generation": None, "jobCluster": {"forecast": {"focus": True}, "demands": []}}


def test_a_request_reads_one_generation_of_forecasts(world, ask, recorder):
    """Would catch an answer that mixes forecasts of two generations, and forecasts read one by one."""
    first = write(world, DRAWN)
    query = "{ jobClusters { edges { node { code forecast { generation focus } } } } generation { code } }"
    before = ask(query)
    assert recorder.names.count("serve/forecasts") == recorder.names.count("serve/generation") == 1
    assert {each["node"]["forecast"]["generation"] for each in before["jobClusters"]["edges"]} == {first.generation}
    moved = []

    def activate(name):
        if name == "serve/generation" and not moved:
            moved.append(name)
            moved.append(write(world, dict.fromkeys(DRAWN, ("STABLE", 9.0, 0.0, 0.0))))

    recorder.after = activate
    assert ask(query) == before
    after = ask(query)
    assert {each["node"]["forecast"]["generation"] for each in after["jobClusters"]["edges"]} == {moved[1].generation}


def test_similar_clusters_are_the_nearest_ones(world, ask, recorder):
    """Would catch a cluster that is like itself, one that is none, another model's, or a score that is no cosine."""
    angles = {"j:analyst": (1.0, 0.0), "j:dev": (0.6, 0.8), "j:near": (0.8, 0.6), "j:far": (-1.0, 0.0)}
    world.write(
        "UNWIND $rows AS row MERGE (j:JobCluster {code: row[0]}) "
        "SET j.embedding = row[1], j.embeddingGeneration = 'm:2'",
        rows=[[code, [*angle, *([0.0] * 126)]] for code, angle in angles.items()],
    )
    world.write(
        "MATCH (j:JobCluster {code: 'j:analyst'}) MATCH (u {code: 'fc:unclassified'}) SET u.embedding = j.embedding "
        "SET u.embeddingGeneration = 'm:2' CREATE (:JobCluster {code: 'j:old', embedding: j.embedding, "
        "embeddingGeneration: 'm:1'}) CREATE (:JobCluster {code: 'j:gone', embedding: j.embedding, "
        "embeddingGeneration: 'm:2', closedAt: datetime()})"
    )
    query = "{ similar(first: %s) { similarity jobCluster { code name forecast { focus } } } }"
    found = ask(
        f'{{ jobCluster(code: "j:analyst") {query % 10} two: jobCluster(code: "j:dev") {query % 1} '
        f'same: jobCluster(code: "j:near") {query % 10} }}'
    )
    near = [(each["jobCluster"]["code"], each["similarity"]) for each in found["jobCluster"]["similar"]]
    assert near == [("j:near", 0.8), ("j:dev", 0.6), ("j:far", -1.0)]
    assert [each["jobCluster"]["code"] for each in found["two"]["similar"]] == ["j:near"]
    assert recorder.names.count("serve/similar-clusters") == 1


def test_without_the_index_nothing_is_similar(world, ask):
    """Would catch a service that fails for as long as embeddings are being replaced."""
    world.write("MATCH (j:JobCluster) SET j.embedding = $vector", vector=[1.0] * 128)
    query = '{ jobCluster(code: "j:analyst") { code similar { similarity } } }'
    assert len(ask(query)["jobCluster"]["similar"]) == 1
    [index] = [each for each in CATALOG if each.name == "job_cluster_embedding"]
    world.schema("DROP INDEX job_cluster_embedding")
    try:
        assert ask(query)["jobCluster"] == {"code": "j:analyst", "similar": []}
    finally:
        world.schema(index.create)
        await_indexes(world)
