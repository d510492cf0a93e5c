"""Forecasts on the graph: written as a generation of their own, kept as history, held against what came."""

import threading
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from gnn.writeback import active
from gnn.writeback import forecasts as writing
from gnn.writeback.forecasts import active_forecasts
from schema import demand
from schema.errors import JobError
from tests.forecasts import CEILING, FIRST, outputs, write

SILENT = Progress.silent()
CALM = dict.fromkeys(FIRST, ("STABLE", 9.0, 0.0, 0.0))
CODES = "MATCH (g:Generation {kind: 'forecast'}) RETURN g.code AS code, g.status AS status ORDER BY g.createdAt, code"


class Dying(Graph):
    """The real graph of a process that dies after so many batches."""

    def __init__(self, connection, batches):
        super().__init__(connection)
        self.left = batches

    def write_batch(self, key, statement, /, **parameters):
        """Write, until it is over."""
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().write_batch(key, statement, **parameters)


def forecast(graph, cluster="j:analyst"):
    """Return what the graph tells of a forecast."""
    [row] = graph.read(query("explain/forecast"), cluster=cluster)
    return row


def test_every_number_arrives(world):
    """Would catch a column that is mixed up, left out or written for another cluster."""
    report = write(world)
    found, row = outputs(FIRST), forecast(world)
    assert (row["generation"], row["name"], row["demandClass"]) == (report.generation, "Analyst", "HIGH_GROWTH")
    assert (row["month"].to_native(), row["origin"].to_native()) == (date(2024, 4, 1), date(2024, 3, 1))
    assert row["horizon"] == demand.HORIZON
    for name in ("before", "expected", "intensity", "lower", "upper", "change", "gap", "confidence", "warning"):
        assert row[name] == pytest.approx(float(getattr(found, name)[0])), name
    assert row["expected"] == pytest.approx(19.0)
    assert row["warning"] == pytest.approx(0.7102, abs=1e-4)
    assert (row["threshold"], row["focus"]) == (0.5, True)
    assert [each["demandClass"] for each in row["probabilities"]][:2] == ["HIGH_GROWTH", "GROWTH"]
    assert sum(each["probability"] for each in row["probabilities"]) == pytest.approx(1)
    assert row["channels"] == [
        {"channel": "text", "weight": 0.5},
        {"channel": "growth", "weight": 0.25},
        {"channel": "relation", "weight": 0.25},
    ]
    other = forecast(world, "j:developer")
    assert (other["demandClass"], other["focus"], other["focusSince"]) == ("LOW_DEMAND", False, None)
    assert report.focus == report.entered == ("j:analyst",)
    assert active_forecasts(world).metrics == {"accuracy": 0.5, "focus": 1.0, "forecasts": 2.0, "proposals": 0.0}


def test_gaps_and_forecasts_do_not_lose_one_another(world):
    """Would catch one job that hides the other's facts, pruning that takes forecasts, or leaves recommendations."""
    first = write(world)
    assert active(world) is None
    gaps = [compute_gaps(world, progress=SILENT).generation]
    world.write(
        "MATCH (s:Student {code: 'u:1'}) UNWIND [$code, $other] AS code MATCH (r:Resource {code: 'r:python'}) "
        "CREATE (s)-[:RECOMMENDED {generation: code}]->(r)",
        code=gaps[0],
        other=first.generation,
    )
    gaps += [compute_gaps(world, progress=SILENT).generation for _ in range(3)]
    recommended = world.read("MATCH ()-[r:RECOMMENDED]->() RETURN DISTINCT r.generation AS code")
    assert {row["code"] for row in recommended} == {first.generation, *gaps[-2:]}
    assert forecast(world)["generation"] == first.generation
    second = write(world, CALM)
    assert second.previous == first.generation
    assert active(world).code == gaps[-1]
    assert forecast(world)["generation"] == second.generation
    assert [tuple(row) for row in world.read(CODES)] == [
        (first.generation, "retired"),
        (second.generation, "active"),
    ]
    kept = world.read(
        "MATCH (j {code: 'j:analyst'})-[h:HAS_FORECAST]->(f) RETURN h.generation AS code, f.focus AS focus"
    )
    assert {(row["code"], row["focus"]) for row in kept} == {(first.generation, True), (second.generation, False)}
    points = world.read("MATCH (:ActivePointer)-[:POINTS_AT]->(g) RETURN g.code AS code")
    assert {row["code"] for row in points} == {gaps[-1], second.generation}
    assert not world.read("MATCH (b:LoadBatch) RETURN b")


@pytest.mark.parametrize("batches", range(5))
def test_a_run_that_dies_leaves_the_active_generation(world, connection, batches):
    """Would catch half a generation that becomes visible, or leftovers that stay."""
    first = write(world)
    with Dying(connection, batches) as graph, pytest.raises(KeyboardInterrupt):
        write(graph)
    assert forecast(world)["generation"] == first.generation
    again = write(world, CALM)
    assert len(again.pruned) == (batches > 0)
    assert [row["code"] for row in world.read(CODES)] == [first.generation, again.generation]
    assert {row["code"] for row in world.read("MATCH (f:Forecast) RETURN DISTINCT f.generation AS code")} == {
        first.generation,
        again.generation,
    }


def test_a_run_that_was_taken_over_stops(world, connection):
    """Would catch an old run that activates over a newer one."""

    class Slow(Graph):
        """Another run passes it before its second batch."""

        def write_batch(self, key, statement, /, **parameters):
            if statement.name == "writeback/forecasts" and not passed:
                passed.append(write(world))
            return super().write_batch(key, statement, **parameters)

    passed = []
    with Slow(connection) as graph, pytest.raises(JobError, match="one run at a time"):
        write(graph, CALM)
    assert forecast(world)["generation"] == passed[0].generation


def test_a_cluster_that_vanished_fails_the_run(world):
    """Would catch rows that the server drops in silence."""
    first = write(world)
    with pytest.raises(JobError, match="written of 3"):
        write(world, FIRST | {"j:gone": ("STABLE", 1.0, 0.0, 0.0)})
    assert active_forecasts(world).code == first.generation
    with pytest.raises(JobError, match="0 forecasts"):
        write(world, {})


def test_readers_see_one_generation_as_a_whole(world, connection, monkeypatch):
    """Would catch forecasts that show before all are written, and a pointer that is for a moment nowhere."""
    monkeypatch.setattr(writing, "FORECASTS", 1)
    first, seen, stop = write(world), [], threading.Event()
    whole = (
        "MATCH (p:ActivePointer) MATCH (f:Forecast {generation: p.forecastGeneration}) "
        "RETURN collect(DISTINCT f.generation) AS codes, count(f) AS forecasts"
    )

    def read():
        with Graph(connection) as graph:
            while not stop.is_set():
                seen.extend(tuple(map(str, row)) for row in graph.read(whole))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        codes = [first.generation, *(write(world, drawn).generation for drawn in (CALM, FIRST, CALM))]
    finally:
        stop.set()
        reader.join()
    assert {forecasts for _, forecasts in seen} == {"2"}
    assert {found for found, _ in seen} <= {str([code]) for code in codes}


def test_focus_is_noted_once_and_renews_what_is_older(world):
    """Would catch a mark lost when the cluster stays in focus, or one that a new run of the gap job does not settle."""
    compute_gaps(world, progress=SILENT)
    due = {row["student"] for row in world.read("MATCH (s)-[:HAS_GAP]->()-[:TOWARD]->({code: 'j:developer'}) "
                                                "RETURN s.code AS student")}  # fmt: skip
    drawn = FIRST | {"j:developer": FIRST["j:analyst"]}
    write(world, CALM)
    assert world.read(query("report/renewals")) == [] == world.read(query("report/focus"))
    entered = write(world, drawn)
    since = forecast(world, "j:developer")["focusSince"]
    assert entered.entered == ("j:analyst", "j:developer")
    stayed = write(world, drawn)
    assert (stayed.focus, stayed.entered) == (("j:analyst", "j:developer"), ())
    assert forecast(world, "j:developer")["focusSince"] == since
    renewals = world.read(query("report/renewals"))
    assert {row["student"] for row in renewals if row["cluster"] == "j:developer"} == due != set()
    focus = {row["cluster"]: row["renewals"] for row in world.read(query("report/focus"))}
    assert focus["j:developer"] == len(due)
    compute_gaps(world, progress=SILENT)
    assert world.read(query("report/renewals")) == []
    assert {row["renewals"] for row in world.read(query("report/focus"))} == {0}
    write(world, CALM)
    assert write(world, drawn).entered == ("j:analyst", "j:developer")
    assert forecast(world, "j:developer")["focusSince"] > since


def test_proposals_close_the_most_for_the_most(world):
    """Would catch resources ranked by anything else, of another goal, of a generation that is not active, or twice."""
    world.write(
        "MATCH (j {code: 'j:developer'}) UNWIND range(4, 6) AS n CREATE (:Student {code: 'u:' + n})-[:AIMS_AT]->(j)"
    )
    compute_gaps(world, progress=SILENT)
    drawn = FIRST | {"j:developer": FIRST["j:analyst"]}
    write(world, drawn)
    rows = world.read(
        "MATCH (p:ActivePointer) MATCH (gap:Gap {generation: p.generation})-[:TOWARD]->({code: 'j:developer'}) "
        "MATCH (gap)<-[b:BRIDGES]-(r) RETURN r.code AS code, gap.value * b.contribution AS amount"
    )
    expected: dict[str, list[float]] = {}
    for row in rows:
        expected.setdefault(row["code"], []).append(row["amount"])
    ranked = sorted(expected.items(), key=lambda item: (-sum(item[1]), item[0]))[:5]
    found = {row["cluster"]: row["proposals"] for row in world.read(query("report/focus"))}["j:developer"]
    assert [(each["resource"], each["students"]) for each in found] == [(code, len(each)) for code, each in ranked]
    assert [each["amount"] for each in found] == pytest.approx([sum(each) for _, each in ranked])
    assert len(found) > 1 and found[0]["amount"] > found[-1]["amount"]
    assert forecast(world, "j:developer")["proposals"] == found
    before = [each["resource"] for each in found]
    world.write("MATCH (r:Resource {code: $code}) SET r.closedAt = datetime()", code=before[0])
    write(world, drawn)
    assert [each["resource"] for each in forecast(world, "j:developer")["proposals"]] == before[1:]
    # A later run of the gap job proposes by its own gaps, and leaves one resource once.
    world.write("MATCH (r:Resource {code: $code}) REMOVE r.closedAt", code=before[0])
    compute_gaps(world, progress=SILENT)
    assert forecast(world, "j:developer")["proposals"] == found


def test_the_gap_of_a_cluster_by_hand(world):
    """Would catch a mean over all students, a sum in place of a share, or gaps of an older generation."""
    for _ in range(2):
        report = compute_gaps(world, GapConfig.plain(least_units=1), progress=SILENT)
    found = {row["cluster"]: (row["students"], row["gap"]) for row in world.read(query("snapshot/cluster-gaps"))}
    rows = world.read(
        "MATCH (s:Student)-[:HAS_GAP {generation: $code}]->(gap)-[:TOWARD]->({code: 'j:analyst'}) "
        "RETURN s.code AS student",
        code=report.generation,
    )
    # Of 0.1 coding and 0.4375 data student 1, who holds 0.4 of data, lacks 0.1375; the others lack all of it.
    shares = [0.1375 / 0.5375 if row["student"] == "u:1" else 1.0 for row in rows]
    assert min(shares) < 1.0 and len(shares) > 1
    assert found["j:analyst"] == (len(shares), pytest.approx(sum(shares) / len(shares), abs=1e-6))


def test_past_forecasts_against_what_came(world):
    """Would catch a window that is a month off, an outcome before it is known, or a class by other cut points."""
    world.write(
        "MATCH (j:JobCluster {code: 'j:analyst'}) UNWIND range(1, 6) AS n "
        "CREATE (:Job {code: 'q:' + n, releasedOn: date('2024-05-31')})-[:IN_CLUSTER]->(j)"
    )
    early = write(world, origin=date(2024, 3, 1))
    # What is known ends with the data of the active generations: May is known, June is not.
    [row] = world.read(query("explain/past-forecasts"), cluster="j:analyst")
    assert [row[name] for name in ("actual", "actualClass", "hit", "actualIntensity", "within")] == [None] * 5
    world.write("MATCH (g:Generation) SET g.dataThrough = date('2024-06-30')")
    late = write(world, CALM, origin=date(2024, 4, 1))
    world.write("MATCH (g:Generation {code: $code}) SET g.dataThrough = date('2024-06-30')", code=late.generation)
    last, first = world.read(query("explain/past-forecasts"), cluster="j:analyst")
    assert (last["generation"], last["month"].to_native(), last["actual"]) == (late.generation, date(2024, 5, 1), None)
    # January to March held 3 postings, April to June 7: x = log 2, which is high growth.
    assert (first["generation"], first["actual"], first["actualClass"]) == (early.generation, 7, "HIGH_GROWTH")
    assert first["hit"] is True
    assert first["actualChange"] == pytest.approx(1.0)
    assert first["actualIntensity"] == pytest.approx(0.4515, abs=1e-4)
    assert first["within"] is False


@given(
    last=st.integers(0, 40),
    coming=st.integers(0, 40),
    low=st.floats(0, 20),
    cuts=st.lists(st.floats(-3, 3), min_size=3, max_size=3).map(sorted),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_class_that_came_is_that_of_the_task(graph, last, coming, low, cuts):
    """Would catch a class computed in Cypher by another rule than the one that models are trained on."""
    graph.write("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    graph.write(
        "CREATE (j:JobCluster {code: 'j:analyst'}) "
        "CREATE (:ActivePointer {code: 'active', forecastGeneration: 'f'}) "
        "CREATE (:Generation {code: 'f', kind: 'forecast', dataThrough: date('2024-06-30'), horizon: 3, "
        "lowCut: $low, changeCuts: $cuts, ceiling: $ceiling, activatedAt: datetime()}) "
        "CREATE (j)-[:HAS_FORECAST {generation: 'f'}]->(:Forecast {code: 'f:j:analyst', generation: 'f', "
        "month: date('2024-04-01'), demandClass: 'STABLE', lower: 0.0, upper: 1.0}) "
        "WITH j UNWIND [[$last, date('2024-01-31')], [$coming, date('2024-06-30')]] AS part "
        "UNWIND range(1, part[0]) AS n CREATE (:Job {releasedOn: part[1]})-[:IN_CLUSTER]->(j)",
        low=low,
        cuts=cuts,
        last=last,
        coming=coming,
        ceiling=CEILING,
    )
    [row] = graph.read(query("explain/past-forecasts"), cluster="j:analyst")
    assert row["actual"] == coming
    assert row["actualClass"] == demand.demand_class(last, coming, cuts=demand.Cuts(low, tuple(cuts)))
