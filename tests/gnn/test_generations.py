"""Generations: readers see the old or the new one, a run that dies changes nothing, old ones are pruned."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import writeback
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from gnn.writeback import active
from gnn.writeback import gaps as writing
from schema.errors import JobError

SILENT = Progress.silent()

# Everything derived that a reader can reach from the pointer, in one statement, with the codes that it carries.
WHOLE = """
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (g:Generation {code: pointer.generation})
WITH g LIMIT 1
MATCH (s:Student)-[has:HAS_GAP {generation: g.code}]->(gap:Gap)-[toward:TOWARD]->(:JobCluster)
OPTIONAL MATCH (gap)-[lack:LACKS]->(:Capability)
WITH g, has, gap, toward, collect(lack) AS lacks
RETURN
  g.code AS code,
  count(gap) AS gaps,
  sum(size(lacks)) AS lacks,
  sum(reduce(total = 0.0, each IN lacks | total + each.amount)) AS amount,
  collect(DISTINCT has.generation) + collect(DISTINCT gap.generation) + collect(DISTINCT toward.generation) AS codes
"""
GENERATIONS = "MATCH (g:Generation) RETURN g.code AS code, g.status AS status ORDER BY g.createdAt, code"
CARRIED = """
MATCH ()-[fact:DEMANDS|IMPROVES|HAS_CAPABILITY|HAS_GAP|TOWARD|LACKS|BRIDGES]->()
RETURN fact.generation AS code, count(fact) AS facts ORDER BY code
"""


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


@pytest.fixture
def crowd(world):
    """The drawn world with 120 more students, each with a course and a goal, so that writing takes several batches."""
    world.write(
        "MATCH (r:Resource {code: 'r:sql'}), (j:JobCluster {code: 'j:developer'}) UNWIND range(1, 120) AS n "
        "CREATE (s:Student {code: 'v:' + n})-[:AIMS_AT]->(j) "
        "CREATE (s)-[:TOOK {term: '2023-1', score: toFloat(n % 100), status: 'completed'}]->(r)"
    )
    return world


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of about fifty relationships."""
    monkeypatch.setattr(writing, "FACTS", 50)
    monkeypatch.setattr(writing, "HOLDERS", 20)


def totals(graph):
    """Return what one read of the active generation sees."""
    rows = graph.read(WHOLE)
    return [(row["code"], row["gaps"], row["lacks"], round(row["amount"], 6), set(row["codes"])) for row in rows]


def test_readers_never_see_two_generations_mixed(crowd, connection, small_batches):
    """Would catch a write in place, a pointer moved before the end, or pruning of what is still read."""
    first = compute_gaps(crowd, progress=SILENT)
    lists, stop = ([], []), threading.Event()

    def read(seen):
        with Graph(connection) as graph:
            while not stop.is_set():
                seen.append(totals(graph))

    readers = [threading.Thread(target=read, args=(seen,)) for seen in lists]
    for reader in readers:
        reader.start()
    try:
        reports = [first]
        for goals in (1, 2, 3):
            reports.append(compute_gaps(crowd, GapConfig(goals=goals), progress=SILENT))
            # A generation stays for one more run: each reader ends what it began before the next one starts.
            before = [len(seen) for seen in lists]
            while any(len(seen) < count + 2 for seen, count in zip(lists, before, strict=True)):
                time.sleep(0.01)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    expected = {each.generation: (each.metrics["gaps"], each.metrics["lacks"]) for each in reports}
    seen = [rows for each in lists for rows in each]
    for rows in seen:
        [(code, gaps, lacks, _, codes)] = rows
        assert codes == {code}
        assert (gaps, lacks) == expected[code]
    amounts = {(code, amount) for [(code, _, _, amount, _)] in seen}
    assert len(amounts) == len({code for code, _ in amounts}) > 1


@pytest.mark.parametrize("batches", [0, 1, 2, 3, 5, 9])
def test_a_run_that_dies_leaves_the_active_generation(crowd, connection, small_batches, batches):
    """Would catch half a generation that becomes visible, or leftovers that stay or stop the next run."""
    first = compute_gaps(crowd, progress=SILENT)
    before = totals(crowd)
    with Dying(connection, batches) as graph, pytest.raises(KeyboardInterrupt):
        compute_gaps(graph, progress=SILENT)
    assert active(crowd).code == first.generation
    assert totals(crowd) == before
    again = compute_gaps(crowd, progress=SILENT)
    assert len(again.pruned) == min(batches, 1)
    assert [row[1:4] for row in totals(crowd)] == [row[1:4] for row in before]
    assert {row["code"] for row in crowd.read(CARRIED)} == {first.generation, again.generation}
    assert crowd.read("MATCH (batch:LoadBatch) RETURN count(batch) AS n")[0]["n"] == 0


RUN = """
import sys
from cypher.graph import Graph
from cypher.progress import Progress
from gnn.jobs import compute_gaps
from gnn.writeback import gaps
gaps.FACTS = 20
with Graph.open() as graph:
    compute_gaps(graph, progress=Progress.silent())
"""


def test_a_killed_process_leaves_the_active_generation(crowd):
    """Would catch clean-up that only an orderly end runs: here the process gets kill -9 in the middle of writing."""
    first = compute_gaps(crowd, progress=SILENT)
    before = totals(crowd)
    process = subprocess.Popen([sys.executable, "-c", RUN], env=dict(os.environ))
    try:
        deadline = time.monotonic() + 60
        written = "MATCH (g:Generation {status: 'writing'}) MATCH (gap:Gap {generation: g.code}) RETURN count(gap) AS n"
        while not crowd.read(written)[0]["n"]:
            assert time.monotonic() < deadline, "the process never wrote"
            assert process.poll() is None, "the process ended before it was killed"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert totals(crowd) == before
    [dead] = [row["code"] for row in crowd.read(GENERATIONS) if row["status"] == "writing"]
    again = compute_gaps(crowd, progress=SILENT)
    assert again.pruned == (dead,)
    assert again.previous == first.generation
    assert [row[1:4] for row in totals(crowd)] == [row[1:4] for row in before]


def test_the_generation_before_stays_and_older_ones_go(world):
    """Would catch generations that pile up, or one deleted while a reader is still at work on it."""
    codes = [compute_gaps(world, progress=SILENT).generation for _ in range(4)]
    assert [(row["code"], row["status"]) for row in world.read(GENERATIONS)] == [
        (codes[2], "retired"),
        (codes[3], "active"),
    ]
    facts = {row["code"]: row["facts"] for row in world.read(CARRIED)}
    assert set(facts) == set(codes[2:])
    assert len(set(facts.values())) == 1
    [row] = world.read("MATCH (p:ActivePointer)-[:POINTS_AT]->(g) RETURN p.generation AS name, g.code AS code")
    assert (row["name"], row["code"]) == (codes[3], codes[3])


def test_asserted_facts_are_not_touched(world):
    """Would catch a job that writes to nodes that it does not own, beside the derived properties of students."""
    asserted = (
        "MATCH (n) WHERE NOT n:Generation AND NOT n:Gap AND NOT n:ActivePointer AND NOT n:LoadBatch "
        "RETURN labels(n) AS labels, n {.*, stage: null, gapState: null, gapGeneration: null} AS properties "
        "ORDER BY n.code"
    )
    edges = (
        "MATCH (a)-[r]->(b) WHERE r.generation IS NULL AND type(r) <> 'POINTS_AT' "
        "RETURN a.code AS a, type(r) AS t, properties(r) AS p, b.code AS b ORDER BY a, t, b"
    )
    before = [world.read(asserted), world.read(edges)]
    for _ in range(3):
        compute_gaps(world, progress=SILENT)
    assert [world.read(asserted), world.read(edges)] == before


def test_a_run_that_was_taken_over_stops(world):
    """Would catch two runs at once that both write, or an old run that activates over a newer one."""
    config = GapConfig()
    old = writeback.Writer(world, config, data_through=date(2024, 5, 10), units=["k:code", "k:data"])
    writeback.take_over(world)
    new = compute_gaps(world, progress=SILENT)
    with pytest.raises(JobError, match="one run at a time"):
        old.activate({}, gaps=0)
    assert active(world).code == new.generation
    assert old.code in new.pruned


def test_a_node_that_vanished_fails_the_run(world, connection):
    """Would catch rows that the server drops in silence because a node is gone."""

    class Thieving(Graph):
        def write_batch(self, key, statement, /, **parameters):
            if statement.name == "writeback/gaps":
                self.write("MATCH (s:Student {code: 'u:2'}) DETACH DELETE s")
            return super().write_batch(key, statement, **parameters)

    first = compute_gaps(world, progress=SILENT)
    with Thieving(connection) as graph, pytest.raises(JobError, match="relationships written"):
        compute_gaps(graph, progress=SILENT)
    assert active(world).code == first.generation
