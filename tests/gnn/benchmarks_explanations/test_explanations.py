"""Explanations of a tiny synthetic university, measured on a real graph."""

import json
from collections import Counter
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from cypher.library import query
from cypher.progress import Progress
from etl.sources.university import World
from gnn import snapshot
from gnn.benchmarks.explanations.bench import STORED, STRANGERS, measure
from gnn.benchmarks.explanations.changes import one_dropped, one_point
from gnn.benchmarks.explanations.recency import Evidence
from gnn.benchmarks.explanations.stability import compared, told_by, told_of
from gnn.benchmarks.explanations.stored import generation_of, read_explained
from gnn.capability import Basis
from gnn.commands import app
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from gnn.ranking import read_behaviour
from schema.ranking import PATHS
from tests.gnn.tiny import university

TINY = World(postings=1_200, students=80, months=20, clusters=8, seed=9, start="2022-01", interactions=1_500)
QUIET = Progress.silent()


@pytest.fixture(scope="module")
def graph(connection, driver, tmp_path_factory):
    """The university after one run of the job."""
    with university(connection, driver, TINY, folder=tmp_path_factory.mktemp("explanations")) as opened:
        compute_gaps(opened, GapConfig(), progress=QUIET)
        yield opened


@pytest.fixture(scope="module")
def known(graph):
    """The generation, the snapshot with what was done, and all students."""
    generation = generation_of(graph)
    world = snapshot.read(graph, half_life=generation.config.half_life, progress=QUIET)
    behaviour = read_behaviour(graph, world, progress=QUIET)
    return generation, world, behaviour


@pytest.fixture(scope="module")
def explained(graph, known):
    """All items of stored lists."""
    generation, world, _ = known
    return list(read_explained(graph, generation, world.students))


@pytest.fixture(scope="module")
def measured(graph):
    """All figures."""
    return measure(graph, students=60, seed=1, progress=QUIET)


def test_chains_are_full_where_the_graph_says_so(graph, known, explained):
    """Would catch an item that is lost or counted twice, a full chain that is called broken, and one that is not."""
    generation, _, _ = known
    rows = graph.read(
        "MATCH (s:Student)-[r:RECOMMENDED {generation: $generation}]->() RETURN r.path AS path, count(*) AS items, "
        "sum(CASE WHEN r.gap > 1e-6 AND r.contribution > 0.0 THEN 1 ELSE 0 END) AS full, "
        "sum(CASE WHEN r.gap > 1e-6 THEN 0 ELSE 1 END) AS bare",
        generation=generation.code,
    )
    assert {row["path"] for row in rows} == set(PATHS)
    for row in rows:
        fails = Counter(each.fails for each in explained if each.path == row["path"])
        assert sum(fails.values()) == row["items"]
        assert fails[""] == row["full"] > 0
        assert fails["gap"] == row["bare"]
        # What the jobs write adds up; the rest closes nothing.
        assert fails["terms"] == fails["goal"] == fails["units"] == 0


BREAKS = {
    "terms": ("MATCH (s:Student {code: $student})-[r:RECOMMENDED {path: $path, rank: $rank}]->() ", "r", "score", 0.25),
    "goal": ("MATCH (:Student {code: $student})-[:HAS_GAP]->(r:Gap)-[:TOWARD]->({code: $goal}) ", "r", "value", 1e-4),
    "units": (
        "MATCH (:Student {code: $student})-[:HAS_GAP]->(gap:Gap)-[r:LACKS]->(u) "
        "WHERE EXISTS { (gap)-[:TOWARD]->({code: $goal}) } WITH r ORDER BY u.code LIMIT 1 ",
        "r",
        "amount",
        1e-3,
    ),
    "item": ("MATCH ({code: $item})-[r:IMPROVES]->(u) WHERE u.code IN $units ", "r", "level", -1.0),
}


@pytest.mark.parametrize("hop", BREAKS)
def test_a_broken_hop_is_found(graph, known, explained, hop):
    """Would catch a hop that is not looked at, so that explanations which do not add up count as full."""
    generation, _, _ = known
    each = next(each for each in explained if each.path == "TRAINING" and not each.fails and each.rank == 2)
    match, name, key, by = BREAKS[hop]
    given = {"student": each.student, "path": each.path, "rank": each.rank, "goal": each.goal, "item": each.item}
    given["units"] = sorted(each.units)
    moved = graph.write(f"{match} SET {name}.{key} = {name}.{key} + {by} RETURN count(*) AS moved", **given)
    try:
        found = {(now.path, now.rank): now.fails for now in read_explained(graph, generation, [each.student])}
    finally:
        graph.write(f"{match} SET {name}.{key} = {name}.{key} - ({by})", **given)
    assert moved is None or moved
    assert found[each.path, each.rank] == hop
    before = {(now.path, now.rank): now for now in explained if now.student == each.student}
    # What does not rest on that hop stays as it was.
    elsewhere = [place for place, now in before.items() if now.goal != each.goal]
    assert all(found[place] == before[place].fails for place in elsewhere if hop != "item")


def test_computed_lists_are_the_stored_ones(graph, known, explained):
    """Would catch a stability that is measured on other lists or sentences than students get."""
    generation, world, behaviour = known
    told = told_by(world, behaviour, generation.config, np.arange(len(world.students)))
    assert told == told_of(explained)


def test_the_evidence_is_that_which_is_listed(graph, known, explained):
    """Would catch evidence of another student or unit, or an age that is not counted from the day of the result."""
    generation, world, _ = known
    evidence = Evidence(Basis.of(world, generation.config), generation.through)
    seen = 0
    for item in [each for each in explained if each.rank == 1][::8]:
        rows = {
            (row["type"], row["source"], row["term"], row["day"], row["result"])
            for unit in item.units
            for row in graph.read(
                query("explain/evidence"), student=item.student, capability=unit, generation=generation.code
            )
            if row["type"] != "STUDIES"
        }
        ages = evidence.ages(item)
        behaved = {row for row in rows if row[0] == "INTERACTED"}
        # What was registered for, and completed more than once, may be one piece of evidence.
        least = len({source for _, source, *_ in behaved})
        assert least <= len(ages) - len(rows - behaved) <= len(behaved)
        ended = [_over(row[2]) for row in rows if row[0] in ("TOOK", "EARNED", "ENTERED", "WORKED_ON")]
        assert not Counter(max(0, (generation.through - day).days) for day in ended) - Counter(map(int, ages))
        seen += len(ages)
    assert seen > 20


def _over(term):
    year, half = int(term[:4]), term[5]
    return date(year + 1, 3 if half == "1" else 9, 1)


def test_one_score_is_changed_by_a_point(known):
    """Would catch a change of more than one score, of another student's, or beyond the marks that there are."""
    _, world, behaviour = known
    students = np.arange(0, len(world.students), 2)
    found = one_point(world, behaviour, students, seed=3)
    before, after = world.courses.columns[0], found.world.courses.columns[0]
    moved = np.flatnonzero(~np.isclose(before, after, equal_nan=True))
    assert np.abs(after[moved] - before[moved]).tolist() == [1.0] * len(moved)
    assert ((after[moved] >= 0) & (after[moved] <= 100)).all()
    assert world.courses.start[moved].tolist() == found.students.tolist() == sorted(set(found.students.tolist()))
    marked = np.unique(world.courses.start[~np.isnan(before)])
    assert found.students.tolist() == np.intersect1d(marked, students).tolist()


def test_one_record_is_dropped_with_what_it_says_is_done(known):
    """Would catch two records that go, one that stays done, and one that is still held and not done any more."""
    _, world, behaviour = known
    found = one_dropped(world, behaviour, np.arange(len(world.students)), seed=3)
    less = found.world

    def pairs(edges):
        return Counter(zip(edges.start.tolist(), edges.end.tolist(), strict=True))

    held = pairs(world.courses) + pairs(world.practice)
    left = pairs(less.courses) + pairs(less.practice)
    gone = held - left
    assert not left - held
    assert sorted(student for student, _ in gone.elements()) == sorted(found.students.tolist())
    assert len(found.students) == len(set(found.students.tolist())) > 40
    undone = pairs(world.done) - pairs(less.done)
    assert set(undone) == {pair for pair in gone if pair not in left} & set(pairs(world.done))
    assert not pairs(less.done) - pairs(world.done)


def test_the_figures_say_what_stays(measured):
    """Would catch a change that changes nothing, one that changes all, and a reference that is none."""
    by_name = {each.change: each for each in measured.stability}
    stored, strangers = by_name.pop(STORED), by_name.pop(STRANGERS)
    assert len(by_name) == 3
    for place, path in enumerate(PATHS):
        assert stored.overlaps[place].items == stored.overlaps[place].named == stored.overlaps[place].order == 1.0
        for change in by_name.values():
            overlap = change.overlaps[place]
            assert overlap.path == path and 0 < overlap.lists <= change.students
            assert strangers.overlaps[place].items < overlap.items <= 1.0
            assert strangers.overlaps[place].named < overlap.named <= 1.0
    assert any(overlap.items < 1.0 for overlap in by_name["one record of evidence less"].overlaps)
    for figures in measured.paths:
        assert 0.0 < figures.full <= 1.0 and figures.full == pytest.approx(
            1.0 - sum(figures.fails.values()) / figures.items
        )
        assert 1.0 <= figures.kinds <= figures.possible and 0.0 <= figures.diversity <= 1.0
        assert 0.0 < figures.recency.linked <= 1.0 and figures.recency.median >= 0.0


def test_the_same_seed_gives_the_same_figures(graph, measured):
    """Would catch a draw that no seed holds, or a figure that hangs on the order of a set."""
    assert measure(graph, students=60, seed=1, progress=QUIET).json() == measured.json()


def test_the_command_shows_tables_or_json(graph, tmp_path):
    """Would catch an option that is not passed on, and figures that are not kept."""
    runner = CliRunner()
    arguments = ["bench", "--task", "explanations", "--most", "12", "--first-seed", "4", "--out", str(tmp_path)]
    result = runner.invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["students"] == 12 and [each["path"] for each in found["paths"]] == list(PATHS)
    assert json.loads((tmp_path / "explanations.json").read_text(encoding="utf-8")) == found
    assert found == measure(graph, students=12, seed=4, progress=QUIET).json()
    shown = runner.invoke(app, arguments)
    assert shown.exit_code == 0, shown.output
    assert "full chain" in shown.stdout and "reference" in shown.stdout


def test_a_student_without_lists_on_both_sides_counts_for_nothing():
    """Would catch two empty lists that are called alike."""
    assert [each.lists for each in compared({}, {}, ["u:1"])] == [0, 0, 0]
