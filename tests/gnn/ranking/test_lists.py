"""The lists of many students at once, held against one student in plain Python."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.ranking import GATES, Ranker, rank, scores_of
from gnn.ranking.lists import Lists, reorder
from schema.feedback import USED
from schema.ranking import PATHS, TERMS, ScoreWeights, redundancy, score
from schema.rules import RankingRules
from schema.scoring import DECIMALS
from tests.gnn.ranking.reference import Reference
from tests.gnn.ranking.worlds import Drawn, draw

FEW = (0.1, 0.25, 0.5, 1.0)
SEEDS = st.integers(0, 10_000)


def listed(drawn: Drawn, ranker: Ranker | None = None, **given_sizes) -> Lists:
    """Return the lists of everybody."""
    everyone = np.arange(len(drawn.world.students))
    return rank(ranker or drawn.ranker(), everyone, lambda some: drawn.abilities[some], **given_sizes)


@given(SEEDS, st.booleans(), st.integers(1, 12), st.integers(1, 8))
@settings(max_examples=40)
def test_lists_equal_the_plain_equations(seed, ties, count, pool):
    """Would catch a wrong term, gate, goal, group, tie or order anywhere between the arrays and the lists."""
    drawn = draw(seed, levels=FEW if ties else None, actions=60)
    ranker = drawn.ranker(RankingRules(listed=count, pool=pool, recent=5))
    everyone = np.arange(len(drawn.world.students))
    standing = ranker.standing(everyone, drawn.abilities)
    found = ranker.lists(standing)
    for student in everyone.tolist():
        reference = Reference(ranker, standing, student)
        for number, path in enumerate(PATHS):
            mine = np.flatnonzero((found.student == student) & (found.path == number))
            expected = reference.listed(path)
            assert found.rank[mine].tolist() == list(range(1, len(expected) + 1))
            assert [(int(found.item[row]), int(found.goal[row])) for row in mine] == [each[:2] for each in expected]
            assert found.score[mine].tolist() == pytest.approx([each[2] for each in expected], abs=1e-9)
            for row, (_, _, _, values) in zip(mine.tolist(), expected, strict=True):
                assert found.terms[row].tolist() == pytest.approx(values, abs=1e-9)


@given(SEEDS)
@settings(max_examples=20)
def test_likelihoods_equal_the_plain_softmax(seed):
    """Would catch a part of P(cluster | student) that is left out, or goals that are not the likeliest ones."""
    drawn = draw(seed, actions=60)
    ranker = drawn.ranker()
    everyone = np.arange(len(drawn.world.students))
    standing = ranker.standing(everyone, drawn.abilities)
    weights, shares = ranker.likelihood.weights, ranker.likelihood.shares
    own = set(zip(drawn.world.goals.start.tolist(), drawn.world.goals.end.tolist(), strict=True))
    for student in everyone.tolist():
        reference = Reference(ranker, standing, student)
        raised = []
        for cluster, demanded in enumerate(drawn.demands):
            whole = demanded.sum()
            fit = np.minimum(drawn.abilities[student], demanded).sum() / whole if whole else 0.0
            raised.append(
                weights.major * np.log(shares[drawn.world.major[student], cluster])
                + weights.fit * fit
                + weights.own * ((student, cluster) in own)
                + weights.history * np.log1p(reference.positives(cluster))
            )
        chances = np.exp(raised) / np.exp(raised).sum()
        expected = np.maximum(0.0, 1.0 + np.log10(chances / chances.max()) / 3.0)
        gaps = standing.gaps
        mine = np.flatnonzero(gaps.student == student)
        assert gaps.likelihood[mine].tolist() == pytest.approx(expected[gaps.cluster[mine]].tolist(), abs=1e-9)
        stated = [((student, cluster) not in own) for cluster in gaps.cluster[mine].tolist()]
        assert stated == sorted(stated)
        order = [(not_own, -round(chances[c], 12)) for not_own, c in zip(stated, gaps.cluster[mine], strict=True)]
        assert order == sorted(order)


@given(SEEDS)
@settings(max_examples=20)
def test_terms_sum_to_the_score_and_stay_in_range(seed):
    """Would catch a stored score that its terms do not explain, and a term outside the range that the schema states."""
    drawn = draw(seed, actions=80)
    rules = RankingRules(weights={path: ScoreWeights(redundancy=0.3) for path in PATHS})
    found = listed(drawn, drawn.ranker(rules))
    assert found.terms.shape == (len(found), len(TERMS))
    sums = found.terms @ np.array(ScoreWeights(redundancy=0.3).signed())
    assert np.abs(sums - found.score).max(initial=0.0) < 1e-6
    low = np.array([-1.0 if name == "preference" else 0.0 for name in TERMS])
    assert ((found.terms >= low) & (found.terms <= 1.0)).all()
    assert ((found.match >= 0.0) & (found.match <= 1.0)).all()


@given(SEEDS)
@settings(max_examples=20)
def test_nothing_done_used_dismissed_or_over_is_listed(seed):
    """Would catch an item that the student has had, and a posting that nobody can apply to any more."""
    drawn = draw(seed, actions=120)
    found, world, behaviour = listed(drawn), drawn.world, drawn.behaviour
    done = set(zip(world.done.start.tolist(), world.done.end.tolist(), strict=True))
    actions, today = behaviour.actions, behaviour.day.toordinal()
    from gnn.snapshot.behaviour import ACTIONS

    used = {
        (student, actions.items[item])
        for student, item, kind in zip(
            actions.student.tolist(), actions.item.tolist(), actions.kind.tolist(), strict=True
        )
        if ACTIONS[kind] in USED
    }
    for student, path, item in zip(found.student.tolist(), found.path.tolist(), found.item.tolist(), strict=True):
        if PATHS[path] == "JOB":
            assert (student, behaviour.openings.codes[item]) not in used
            assert behaviour.openings.released[item] <= today <= behaviour.openings.closes[item]
            degree = behaviour.profiles.degree[student]
            assert np.isnan(degree) or not behaviour.openings.education[item] > degree
        else:
            assert (student, item) not in done
            assert (student, world.resources[item]) not in used
            assert world.offered[item]


def test_gates_are_named():
    """Would catch an item that is left out without a reason, or with the wrong one."""
    names = dict.fromkeys(GATES, 0)
    for seed in range(12):
        drawn = draw(seed, actions=120)
        everyone = np.arange(len(drawn.world.students))
        for candidates, scores in scores_of(drawn.ranker(), everyone, drawn.abilities).values():
            there = candidates.item >= 0
            assert ((scores == -np.inf) == ((candidates.gate != 0) | ~there)).all()
            for gate, count in zip(*np.unique(candidates.gate[there], return_counts=True), strict=True):
                names[GATES[gate]] += int(count)
    assert all(names.values()), names


@given(SEEDS)
@settings(max_examples=15)
def test_what_one_student_does_moves_nobody_else(seed):
    """Would catch behaviour that leaks from one student into the lists of others, in a single bit."""
    drawn = draw(seed, actions=30)
    ranker = drawn.ranker()
    burst = [(0, code, kind, 1) for code in drawn.behaviour.openings.codes[:20] for kind in ("apply", "bookmark")]
    burst += [(0, code, "complete", 0) for code in drawn.world.resources]
    moved = replace(ranker, behaviour=drawn.acted(*burst).behaviour)
    before, after = listed(drawn, ranker), listed(drawn, moved)
    for name in Lists.__slots__:
        kept = getattr(before, name)[before.student != 0]
        assert kept.tobytes() == getattr(after, name)[after.student != 0].tobytes(), name
    assert before.where(before.student == 0).item.tolist() != after.where(after.student == 0).item.tolist()


def test_chunks_do_not_change_lists():
    """Would catch a student whose list depends on who else is in the chunk."""
    drawn = draw(3, students=12, actions=60)
    whole, parts = listed(drawn), listed(drawn, chunk=5)
    assert whole.item.tolist() == parts.item.tolist()
    assert whole.score.tolist() == pytest.approx(parts.score.tolist(), abs=1e-12)


@given(st.data())
@settings(max_examples=60)
def test_order_equals_a_slow_one(data):
    """Would catch a candidate that is dropped too early, a tie broken otherwise, or redundancy counted wrongly."""
    drawn = np.random.default_rng(data.draw(SEEDS))
    students, width, groups, count = 3, data.draw(st.integers(0, 40)), 4, data.draw(st.integers(1, 8))
    gamma = data.draw(st.sampled_from([0.0, 0.05, 0.3, 2.0]))
    base = drawn.choice([0.1, 0.2, 0.25, 0.3, -np.inf], (students, width)) + drawn.choice(
        [0.0, 1e-14], (students, width)
    )
    group = drawn.integers(0, groups, (students, width))
    shown = drawn.integers(0, 3, (students, groups)).astype(float)
    tie = np.argsort(drawn.random((students, width)), axis=1)
    rows, columns, scores, _ = reorder(base, group, shown, tie=tie, gamma=gamma, count=count)
    for student in range(students):
        rest = [column for column in range(width) if base[student, column] > -np.inf]
        counts, expected = shown[student].copy(), []
        while rest and len(expected) < count:
            now = {c: round(base[student, c] - gamma * redundancy(counts[group[student, c]]), DECIMALS) for c in rest}
            best = min(rest, key=lambda c: (-now[c], tie[student, c]))
            expected.append((best, now[best]))
            counts[group[student, best]] += 1
            rest.remove(best)
        mine = rows == student
        assert columns[mine].tolist() == [column for column, _ in expected]
        assert scores[mine].tolist() == pytest.approx([value for _, value in expected], abs=1e-11)


def test_a_student_without_goals_gets_nothing_and_breaks_nothing():
    """Would catch an empty axis: a world where no cluster demands anything, and one without postings or resources."""
    drawn = draw(1)
    blank = replace(drawn, demands=np.zeros_like(drawn.demands))
    assert len(listed(blank)) == 0
    assert listed(draw(2, postings=0, actions=0)).path.min(initial=9) > 0


def test_scores_of_candidates_are_those_of_the_first_pick():
    """Would catch scores shown for candidates that differ from those which lists are made by."""
    drawn = draw(5, actions=60)
    ranker = drawn.ranker()
    everyone = np.arange(len(drawn.world.students))
    found, lists = scores_of(ranker, everyone, drawn.abilities), listed(drawn, ranker)
    for number, path in enumerate(PATHS):
        candidates, scores = found[path]
        first = lists.where((lists.path == number) & (lists.rank == 1))
        assert scores.max(axis=1)[first.student].tolist() == pytest.approx(first.score.tolist(), abs=1e-11)
        again = np.round(score(candidates.values, ranker.rules.weights[path]), DECIMALS)
        assert np.array_equal(scores[candidates.free], again[candidates.free])
