"""Lists from arrays against the plain oracle, on drawn worlds; no server is needed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.recommend.facts import own_of
from api.recommend.lists import computed, excluded
from schema.ranking import PATHS
from tests.api import drawn, oracle

SEEDS = range(60)


def compared(ours, theirs):
    """Hold a list against the oracle's, item by item and term by term."""
    assert [each.item for each in ours] == [item for item, _, _, _ in theirs]
    for mine, (_, goal, score, terms) in zip(ours, theirs, strict=True):
        assert mine.goal == goal
        assert mine.score == pytest.approx(score, abs=1e-9)
        assert list(mine.terms) == pytest.approx(terms, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_equal_the_oracle(seed):
    """Would catch a term, a gate, a tie or the greedy order that the arrays get wrong; also for a student of whom
    nothing is known."""
    generator = random.Random(seed)
    world = drawn.world(generator)
    pool = drawn.pool(world)
    for known in (True, True, False):
        student = drawn.student(generator, world, "u:1", known=known)
        own = own_of(drawn.row(world, student), pool, drawn.days(), created=drawn.CREATED)
        assert own.stage == pytest.approx(oracle.stage(world, student), abs=1e-12)
        assert own.provisional is not known
        for path in PATHS:
            compared(computed(pool, own, path, days=drawn.days()), oracle.lists(world, student, path))
        region = computed(pool, own, "JOB", days=drawn.days(), region="g:1")
        compared(region, oracle.lists(world, student, "JOB", region="g:1"))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_out_is_named_and_scored(seed):
    """Would catch an item in both, an item in neither, a gate without a name, and a score of another kind."""
    generator = random.Random(seed)
    world = drawn.world(generator)
    pool = drawn.pool(world)
    student = drawn.student(generator, world, "u:1")
    own = own_of(drawn.row(world, student), pool, drawn.days(), created=drawn.CREATED)
    for path in PATHS:
        listed = {each.item for each in computed(pool, own, path, days=drawn.days(), region="g:0")}
        out = excluded(pool, own, path, days=drawn.days(), most=100, region="g:0")
        assert not listed & {each.item for each in out}
        assert [each.rank for each in out] == list(range(1, len(out) + 1))
        assert [each.score for each in out] == sorted((each.score for each in out), reverse=True)
        by_code = {each.code: each for each in world.postings} if path == "JOB" else {}
        after = {each.code: each.after for each in world.resources}
        weights = world.rules.weights[path].signed()
        for each in out:
            assert sum(w * v for w, v in zip(weights, each.terms, strict=True)) == pytest.approx(each.score, abs=1e-9)
            gates = {name for name, _ in each.gates}
            posting = by_code.get(each.item)
            if posting is None:
                assert gates == {"PREREQUISITE"} and not set(after[each.item]) <= own.done
            else:
                assert ("REGION" in gates) == ("g:0" not in posting.regions)
                assert ("DEGREE" in gates) == (student.degree is not None and (posting.education or 0) > student.degree)


@settings(max_examples=50)
@given(st.integers(0, 10_000))
def test_terms_sum_to_the_score(seed):
    """Would catch a number that is shown and cannot be recomputed, and a term out of its range."""
    generator = random.Random(seed)
    world = drawn.world(generator)
    pool = drawn.pool(world)
    student = drawn.student(generator, world, "u:1")
    own = own_of(drawn.row(world, student), pool, drawn.days(), created=drawn.CREATED)
    assert sum(own.stage) == pytest.approx(1.0)
    for path in PATHS:
        for each in computed(pool, own, path, days=drawn.days()):
            weights = world.rules.weights[path].signed()
            total = sum(weight * value for weight, value in zip(weights, each.terms, strict=True))
            assert total == pytest.approx(each.score, abs=1e-6)
            *shares, preference, redundancy = each.terms
            assert all(0.0 <= value <= 1.0 for value in (*shares, redundancy))
            assert -1.0 <= preference <= 1.0


def test_a_posting_that_came_later_joins_and_says_so():
    """Would catch a posting one minute old that nobody sees before the next run, or that passes for a stored one."""
    generator = random.Random(7)
    world = drawn.world(generator)
    student = drawn.student(generator, world, "u:1")
    goal = student.goals[0].code
    pool = drawn.pool(world)
    later = {goal: [("p:new", drawn.REFERENCE, None, None, (), list(student.abilities.items()))]}
    grown = pool.with_arrivals(later)
    own = own_of(drawn.row(world, student), grown, drawn.days(), created=drawn.CREATED)
    found = {each.item: each for each in computed(grown, own, "JOB", days=drawn.days())}
    assert found["p:new"].terms[0] == 1.0
    assert [item for item, each in found.items() if each.provisional] == ["p:new"]
    assert "p:new" not in {each.item for each in computed(pool, own, "JOB", days=drawn.days())}
    assert len(grown.with_arrivals({}).postings) == len(pool.postings)
