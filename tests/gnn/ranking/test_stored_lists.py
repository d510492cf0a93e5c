"""A tiny demo university on the real server: every list that is stored can be made again from what is stored."""

import json
from collections import defaultdict
from datetime import date, timedelta

import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from etl.sources.university import World
from gnn import writeback
from gnn.config import GapConfig
from gnn.jobs import compute_gaps
from schema import scoring
from schema.feedback import USED, Action, fold
from schema.ranking import (
    PATH_OF,
    PATHS,
    TERMS,
    Studies,
    freshness,
    match,
    redundancy,
    score,
    stage_fit,
    stage_state,
    stage_weights,
)
from tests.gnn.tiny import university

TINY = World(postings=1_200, students=120, months=20, clusters=8, seed=9, start="2022-01", interactions=2_500)
SILENT = Progress.silent()

LISTED = """
MATCH (s:Student)-[r:RECOMMENDED {generation: $g}]->(item)
RETURN s.code AS student, item.code AS item, properties(r) AS facts,
       [label IN labels(item) WHERE label <> 'Resource'][0] AS kind
ORDER BY student, facts.path, facts.rank
"""
GAPS = """
MATCH (s:Student)-[:HAS_GAP {generation: $g}]->(gap:Gap)-[:TOWARD]->(j:JobCluster)
RETURN s.code AS student, j.code AS goal, gap.value AS value, gap.likelihood AS likelihood, gap.ownGoal AS own,
       gap.rank AS rank,
       COLLECT { MATCH (gap)-[l:LACKS]->(k) RETURN [k.code, l.amount] } AS lacks,
       COLLECT { MATCH (gap)<-[b:BRIDGES]-(r) RETURN [r.code, b.contribution] } AS bridges
"""
LEVELS = "MATCH (n:{0})-[r:{1} {{generation: $g}}]->(k) RETURN n.code AS code, collect([k.code, r.level]) AS levels"
ASKED = """
MATCH (p:Job)-[q:REQUIRES]->(:Skill)-[m:MAPS_TO]->(k:Capability)
WHERE q.closedAt IS NULL AND m.closedAt IS NULL
RETURN p.code AS code,
       collect([k.code, q.level * coalesce(q.confidence, 1.0) * m.weight
                        * CASE WHEN coalesce(q.optional, false) THEN 0.5 ELSE 1.0 END]) AS shares
"""
POSTINGS = """
MATCH (p:Job)-[:IN_CLUSTER]->(j:JobCluster)
RETURN p.code AS code, j.code AS cluster, p.releasedOn AS released, p.closesOn AS closes, p.education AS education,
       p.closedAt IS NULL AS open
"""
ACTIONS = """
MATCH (s:Student)-[a:INTERACTED]->(item) WHERE a.closedAt IS NULL
RETURN s.code AS student, a.at AS at, a.key AS key, a.kind AS kind, item.code AS item,
       [label IN labels(item) WHERE label <> 'Resource'][0] AS itemKind,
       COLLECT { MATCH (item)-[:IN_CLUSTER|PREPARES_FOR]->(j:JobCluster) WHERE coalesce(j.rule, '') <> 'unclassified'
                 RETURN j.code ORDER BY j.code LIMIT 1 } AS clusters
ORDER BY student, at, key
"""
STUDENTS = """
MATCH (s:Student)
RETURN s.code AS code, s.degree AS degree, s.admittedOn AS admitted, s.graduatesOn AS graduates,
       COLLECT { MATCH (s)-[t:TOOK]->(:Course) WHERE coalesce(t.status, 'completed') = 'completed'
                 RETURN t.term } AS took,
       COLLECT { MATCH (s)-[t:ENTERED|WORKED_ON]->(r) WHERE r:Competition OR r:Project RETURN t.term } AS ventured,
       COLLECT { MATCH (s)-[t:INTERNED_AT]->() RETURN t.startedOn } AS interned,
       COLLECT { MATCH (s)-[t:FOUNDED]->(v) RETURN coalesce(t.startedOn, v.startedOn) } AS founded,
       COLLECT { MATCH (s)-[t:TOOK|EARNED|ENTERED|WORKED_ON]->(r:Resource)
                 WHERE type(t) <> 'TOOK' OR NOT coalesce(t.status, 'completed') IN ['failed', 'withdrawn']
                 RETURN DISTINCT r.code } AS done
"""
RESOURCES = """
MATCH (r:Resource)
RETURN r.code AS code, r.endsOn AS ends, COLLECT { MATCH (r)-[:PREPARES_FOR]->(j) RETURN j.code } AS prepares,
       COLLECT { MATCH (r)-[:REQUIRES_FIRST]->(f) RETURN f.code } AS firsts
"""


@pytest.fixture(scope="module")
def world(connection, driver, tmp_path_factory):
    """The university after one run of the job, with learning as it is set by default."""
    with university(connection, driver, TINY, folder=tmp_path_factory.mktemp("lists")) as graph:
        report = compute_gaps(graph, GapConfig(), progress=SILENT)
        yield graph, report


class Stored:
    """All that the checks need, read row by row in plain Cypher."""

    def __init__(self, graph: Graph, generation: str) -> None:
        self.config = GapConfig.of(
            graph.read("MATCH (g:Generation {code: $g}) RETURN g.config AS c", g=generation)[0]["c"]
        )
        self.through = graph.read("MATCH (g:Generation {code: $g}) RETURN g.dataThrough AS d", g=generation)[0]["d"]
        self.day: date = self.through.to_native()
        self.lists = defaultdict(list)
        for row in graph.read(LISTED, g=generation):
            self.lists[row["student"], row["facts"]["path"]].append((row["item"], row["kind"], row["facts"]))
        self.gaps = defaultdict(dict)
        for row in graph.read(GAPS, g=generation):
            self.gaps[row["student"]][row["goal"]] = row
        self.held, self.asked_of, self.supplied = (
            defaultdict(
                dict, {row["code"]: dict(row["levels"]) for row in graph.read(LEVELS.format(*of), g=generation)}
            )
            for of in (("Student", "HAS_CAPABILITY"), ("JobCluster", "DEMANDS"), ("Resource", "IMPROVES"))
        )
        self.asked = {}
        for row in graph.read(ASKED):
            left = defaultdict(lambda: 1.0)
            for unit, share in row["shares"]:
                left[unit] *= 1.0 - share
            self.asked[row["code"]] = {unit: 1.0 - rest for unit, rest in left.items() if rest < 1.0}
        self.postings = {row["code"]: row for row in graph.read(POSTINGS)}
        self.students = {row["code"]: row for row in graph.read(STUDENTS)}
        self.resources = {row["code"]: row for row in graph.read(RESOURCES)}
        self.actions = defaultdict(list)
        for row in graph.read(ACTIONS):
            cluster = row["clusters"][0] if row["clusters"] else None
            action = Action(row["at"].to_native(), row["key"], row["kind"], row["itemKind"], cluster)
            self.actions[row["student"]].append((action, row["item"]))

    def studies(self, code: str) -> Studies:
        """Return what the stage of a student is told from."""
        row, since = self.students[code], self.day - timedelta(days=365)
        admitted, graduates = row["admitted"].to_native(), row["graduates"].to_native()
        late = [action for action, _ in self.actions[code] if action.at.date() > since]

        def over(term: str) -> bool:
            year, half = int(term[:4]), term[-1]
            ended = date(year + 1, 3, 1) if half == "1" else date(year + 1, 9, 1)
            return since < ended <= self.day

        return Studies(
            min(1.0, max(0.0, (self.day - admitted).days / (graduates - admitted).days)),
            sum(map(over, row["took"])),
            sum(a.item_kind == "Job" and a.kind in ("apply", "bookmark") for a in late)
            + sum(since < day.to_native() <= self.day for day in row["interned"]),
            sum(map(over, row["ventured"]))
            + sum(
                a.item_kind in ("Mentor", "Policy", "Incubator", "Project") and a.kind in ("register", "complete")
                for a in late
            ),
            sum(day.to_native() <= self.day for day in row["founded"]),
        )


@pytest.fixture(scope="module")
def stored(world) -> Stored:
    """What is stored."""
    return Stored(world[0], world[1].generation)


def test_every_student_has_three_lists(stored, world):
    """Would catch a path that is never written, a rank that is skipped, and metrics that count otherwise."""
    assert len(stored.students) == 120
    assert {path for _, path in stored.lists} == set(PATHS)
    full = sum(len(stored.lists[student, "JOB"]) == 20 for student in stored.students)
    assert full > 100
    for (_, path), items in stored.lists.items():
        assert [facts["rank"] for _, _, facts in items] == list(range(1, len(items) + 1))
        assert all(PATH_OF[kind] == path for _, kind, _ in items)
        assert len({item for item, _, _ in items}) == len(items)
    assert world[1].metrics["recommendations"] == sum(map(len, stored.lists.values()))


def test_every_number_of_every_list_can_be_made_again(stored):
    """Would catch a term, weight, gap or likelihood that is stored otherwise than it was used, anywhere on the demo."""
    rules = stored.config.ranking
    for (student, path), items in stored.lists.items():
        weights, placed = rules.weights[path], []
        actions = stored.actions[student]
        leaning = fold([action for action, _ in actions], rules.feedback)
        stage = stage_weights(stage_state(stored.studies(student)), rules.stage, leaning=leaning.stage)
        recent = [action for action, _ in actions][-rules.recent :]
        for item, kind, facts in items:
            goal = facts["goal"]
            gap = stored.gaps[student][goal]
            terms = dict(zip(TERMS, facts["terms"], strict=True))
            assert score(facts["terms"], weights) == pytest.approx(facts["score"], abs=1e-6)
            assert match(facts["terms"], weights) == pytest.approx(facts["match"], abs=1e-9)
            assert facts["gap"] == gap["value"]
            assert sum(amount for _, amount in gap["lacks"]) == pytest.approx(gap["value"], abs=1e-6)
            assert facts["contribution"] == terms["compensation"]
            assert facts["heat"] == terms["heat"] == 0.5
            assert terms["stage"] == pytest.approx(stage_fit(stage, kind), abs=1e-9)
            assert terms["preference"] == pytest.approx(leaning.toward(kind, goal), abs=1e-9)
            alike = sum(a.item_kind == kind and a.cluster == goal for a in recent) + placed.count((kind, goal))
            assert terms["redundancy"] == pytest.approx(redundancy(alike), abs=1e-12)
            placed.append((kind, goal))
            held, lacking = stored.held[student], dict(gap["lacks"])
            if path == "JOB":
                posting = stored.postings[item]
                assert posting["cluster"] == goal
                asked = stored.asked.get(item) or stored.asked_of[goal]
                fit = sum(min(level, held.get(unit, 0.0)) for unit, level in asked.items()) / sum(asked.values())
                days = (stored.day - posting["released"].to_native()).days
                best = max((share for _, share in gap["bridges"]), default=0.0)
                expected = [fit, float(gap["own"]), gap["likelihood"], freshness(days), 0.5, best]
            else:
                supplied = stored.supplied[item]
                prepares = goal in stored.resources[item]["prepares"]
                expected = [
                    scoring.similarity(held, supplied),
                    scoring.similarity(supplied, stored.asked_of[goal]),
                    gap["likelihood"] if prepares else 0.0,
                    0.0,
                    0.5,
                    scoring.contribution(lacking, supplied),
                ]
            assert facts["terms"][:6] == pytest.approx(expected, abs=1e-6)


def test_gates_hold_on_the_whole_demo(stored):
    """Would catch an item that the student had, one that is over, and a degree or prerequisite that is not there."""
    for (student, path), items in stored.lists.items():
        used = {item for action, item in stored.actions[student] if action.kind in USED}
        finished = {item for action, item in stored.actions[student] if action.kind == "complete"}
        row = stored.students[student]
        done = set(row["done"]) | finished
        for item, _, _ in items:
            assert item not in used
            if path == "JOB":
                posting = stored.postings[item]
                assert posting["open"]
                assert posting["released"].to_native() <= stored.day
                assert posting["closes"] is None or posting["closes"].to_native() >= stored.day
                assert posting["education"] is None or row["degree"] is None or posting["education"] <= row["degree"]
            else:
                resource = stored.resources[item]
                assert item not in done
                assert set(resource["firsts"]) <= done
                assert resource["ends"] is None or resource["ends"].to_native() >= date.today()


def test_goals_are_stated_first_then_likeliest(stored):
    """Would catch goals by another order than the stored likelihoods tell."""
    for gaps in stored.gaps.values():
        ordered = sorted(gaps.values(), key=lambda gap: gap["rank"])
        keys = [(not gap["own"], -round(gap["likelihood"], 9)) for gap in ordered]
        assert keys == sorted(keys)


def test_shares_of_majors_sum_to_one(world):
    """Would catch shares that are not smoothed over all clusters, or that an earlier generation left behind."""
    graph, report = world
    rows = graph.read(
        "MATCH (m:Major) RETURN m.code AS code, "
        "COLLECT { MATCH (m)-[l:LEADS_TO]->(j) WHERE l.generation = $g RETURN l.share } AS shares, "
        "COUNT { (m)-[:LEADS_TO]->() } AS all",
        g=report.generation,
    )
    assert rows
    for row in rows:
        assert sum(row["shares"]) == pytest.approx(1.0, abs=1e-9)
        assert len(row["shares"]) == row["all"]


def test_the_settings_of_the_generation_are_those_that_were_used(world, stored):
    """Would catch weights that are learned and not kept, which nobody could explain a list with."""
    graph, report = world
    config = json.loads(graph.read("MATCH (g:Generation {code: $g}) RETURN g.config AS c", g=report.generation)[0]["c"])
    assert set(config["ranking"]["weights"]) == set(PATHS)
    assert config["ranking"]["learned"] == bool(report.metrics["listsLearned"])
    assert stored.config.ranking.plain()["weights"] == config["ranking"]["weights"]


def test_lists_of_an_old_generation_are_pruned_with_it(world):
    """Would catch lists and shares that stay behind for ever: two generations are kept, and no fact of a third."""
    graph, _ = world
    codes = [compute_gaps(graph, GapConfig.plain(), progress=SILENT).generation for _ in range(2)]
    assert writeback.active(graph).code == codes[-1]
    for start, type_ in (("Student", "RECOMMENDED"), ("Major", "LEADS_TO")):
        rows = graph.read(f"MATCH (:{start})-[r:{type_}]->() RETURN DISTINCT r.generation AS code ORDER BY code")
        assert [row["code"] for row in rows] == sorted(codes)
