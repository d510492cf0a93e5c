"""The rows beside ours: what is planted is found, and nothing later than the hold-out moves a score."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from gnn.benchmarks.recommend.baselines import Chance, Content, ImplicitALS, Popularity, SkillOverlap
from gnn.benchmarks.recommend.baselines.content import BM25
from gnn.benchmarks.recommend.baselines.factorisation import ALS
from gnn.benchmarks.recommend.baselines.network import GraphSettings, LightGraph
from gnn.benchmarks.recommend.bench import Plan, Row, bench
from gnn.benchmarks.recommend.facts import Acts, Facts
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, OUTCOMES, STUDENTS, TASKS, HoldOut, hold_out
from gnn.benchmarks.recommend.ranker import Ranker
from gnn.benchmarks.recommend.session import ask
from schema.errors import JobError, SettingsError
from tests.gnn.benchmarks_recommend import drawn

START = 150.0
MAKERS: list[Callable[[], Ranker]] = [
    Chance, Popularity, Content, SkillOverlap, lambda: ImplicitALS(ALS(factors=4, rounds=4)),
    lambda: LightGraph(GraphSettings(size=8, steps=60)),
]  # fmt: skip


def held(facts: Facts) -> HoldOut:
    """The steps of the last fifty days."""
    return hold_out(facts, start=START, end=float(drawn.DAYS))


def test_als_finds_a_planted_structure() -> None:
    """Catches a wrong normal equation: blocks of users and items must be found again from half of their pairs."""
    draw = np.random.default_rng(3)
    block = np.arange(60)[:, None] % 3 == np.arange(45) % 3
    kept = block & (draw.random(block.shape) < 0.5)
    users, items = ALS(factors=3, rounds=15, reg=0.1).fit(csr_array(kept.astype(float)), seed=0)
    scores = users @ items.T
    hidden = block & ~kept
    # Whatever was hidden in a block stands above whatever lies outside.
    better = scores[hidden].mean() - scores[~block].mean()
    assert better > 0.5
    assert np.mean([scores[row][hidden[row]].min() > scores[row][~block[row]].max() for row in range(60)]) > 0.95


def test_als_solves_the_equation_of_the_paper() -> None:
    """Catches a confidence that is left out: the slope of the documented loss is 0 at what a half step returns."""
    draw = np.random.default_rng(0)
    seen = csr_array(draw.integers(0, 3, (8, 6)).astype(float))
    als = ALS(factors=2, reg=0.7, alpha=3.0, rounds=1)
    users, items = als.fit(seen, seed=1)
    dense = seen.toarray()
    confidence, wanted = 1 + als.alpha * dense, (dense > 0).astype(float)
    slope = -(confidence * (wanted - users @ items.T)).T @ users + als.reg * items
    np.testing.assert_allclose(slope, 0.0, atol=1e-9)


def test_bm25_by_hand() -> None:
    """Catches a wrong document frequency or a length that does not count."""
    counts = csr_array(np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 1.0]]))
    found = BM25(counts, np.ones(3, bool)).scores(np.array([1.0, 0.0]), np.arange(3))
    idf, mean = np.log(1 + 1.5 / 2.5), 5 / 3
    first = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 2 / mean))
    second = idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean))
    assert found == pytest.approx([first, second, 0.0])


@pytest.mark.parametrize("make", MAKERS[2:])
def test_rows_find_what_is_planted(make: Callable[[], Ranker]) -> None:
    """Catches a row that is put together wrongly: each kind of student takes two of four clusters."""
    asked = held(drawn.facts())
    ranker = make()
    ranker.learn(asked.known, seed=0)
    found = ask(asked, ranker, asked.tasks[OUTCOMES]).gains["recall@5"]
    assert len(found) == drawn.STUDENTS
    kind = np.arange(drawn.STUDENTS) % 2
    right = 0
    for student in range(drawn.STUDENTS):
        scores = ranker.scores(OUTCOMES, student, np.arange(4), START)
        right += int(np.argmax(scores)) // 2 == kind[student]
    assert right / drawn.STUDENTS >= 0.9


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_later_moves_a_score(make: Callable[[], Ranker]) -> None:
    """Catches a leak: acts and outcomes after the hold-out begins, and postings released later, are rewritten."""
    facts = drawn.facts()
    later = facts.acts.at >= START
    item = np.where(later, (facts.acts.item + 7) % drawn.JOBS, facts.acts.item)
    acts = Acts(np.where(later, 0, facts.acts.student), item, facts.acts.kind, facts.acts.at)
    careers = replace(facts.careers, cluster=(facts.careers.cluster + 1) % drawn.CLUSTERS)
    hidden = facts.jobs.starts >= START
    jobs = replace(facts.jobs, cluster=np.where(hidden, 0, facts.jobs.cluster))
    other = replace(facts, acts=acts, careers=careers, jobs=jobs)
    said = []
    for each in (facts, other):
        ranker = make()
        ranker.learn(each.before(START), seed=0)
        shown = np.flatnonzero(~hidden)
        parts = [ranker.scores(OUTCOMES, 3, np.arange(drawn.CLUSTERS), START)]
        parts.append(ranker.scores(APPLICATIONS, 3, shown, START))
        parts.append(ranker.scores("training", 3, np.arange(0, drawn.RESOURCES, 2), START))
        parts.append(ranker.scores(STUDENTS, int(shown[0]), np.arange(drawn.STUDENTS), START))
        said.append(np.concatenate(parts))
    np.testing.assert_array_equal(said[0], said[1])


def test_candidates_are_what_was_on_offer() -> None:
    """Catches postings that were not out, items that were used, and a right answer that cannot be chosen."""
    facts = drawn.facts()
    asked = held(facts)
    assert set(asked.tasks) == set(TASKS)
    used = asked.known.used
    for task in asked.tasks.values():
        assert len(task)
        assert (task.at >= START).all()
        for event in range(len(task)):
            pool = asked.candidates(task, event)
            assert task.target[event] in pool
            if task.name == APPLICATIONS:
                assert (facts.jobs.starts[pool] <= task.at[event]).all()
                assert not any((int(task.student[event]), item) in used for item in pool.tolist())


def test_a_killed_benchmark_goes_on(tmp_path: Path) -> None:
    """Catches results that are not found again, or found although the data differ; and a wrong verdict."""
    rows = {"popularity": Row(Popularity), "ours": Row(SkillOverlap)}
    lines: list[str] = []
    first = bench(held(drawn.facts()), rows, Plan(seeds=(0,), draws=50), out=tmp_path, say=lines.append)
    again = bench(held(drawn.facts()), rows, Plan(seeds=(0,), draws=50), out=tmp_path, say=lines.append)
    assert first.json() == again.json()
    assert [line.endswith("found") for line in lines] == [False, False, True, True]
    assert (tmp_path / "recommend.md").read_text(encoding="utf-8") == again.markdown()
    bench(held(drawn.facts(1)), rows, Plan(seeds=(0,), draws=50), out=tmp_path, say=lines.append)
    assert not lines[-1].endswith("found")
    judged = {each.claim: each for each in first.verdicts}
    assert judged["outcomes: beats popularity by more than the interval"].met
    with pytest.raises(SettingsError):
        bench(held(drawn.facts()), rows, Plan(rows=("nobody",)), out=tmp_path)


def test_an_empty_span_is_said() -> None:
    """Catches a table of nothing."""
    with pytest.raises(JobError):
        hold_out(drawn.facts(), start=5000.0, end=5001.0)
