"""Gaps and bridges of many students at once, held against the plain equations of `schema.scoring`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gnn.bridging import bridges
from gnn.gaps import gaps
from gnn.order import best
from schema import scoring
from schema.scoring import BridgingWeights

STUDENTS, CLUSTERS, RESOURCES, UNITS = 3, 4, 5, 3
# Few distinct levels, so that ties are frequent.
LEVELS = st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.5, 0.5, 0.9, 1.0])
WEIGHTS = BridgingWeights(0.3, 0.7, 0.05)


def matrix(rows):
    return arrays(float, (rows, UNITS), elements=LEVELS)


def vector(row):
    return {str(unit): float(level) for unit, level in enumerate(row) if level > 0}


WORLDS = st.tuples(
    matrix(STUDENTS),
    matrix(CLUSTERS),
    matrix(RESOURCES),
    arrays(bool, (STUDENTS, CLUSTERS)),
    arrays(bool, (STUDENTS, RESOURCES)),
    st.integers(1, 5),
)


def naive_goals(ability, demands, own, count):
    """Return (cluster, match, own) of one student, best first."""
    goals = []
    for cluster, demand in enumerate(demands):
        match = round(scoring.similarity(vector(ability), vector(demand)), 12)
        if demand.any() and (own[cluster] or match > 0):
            goals.append((not own[cluster], -match, cluster))
    stated = sum(not other for other, _, _ in goals)
    return [(cluster, -match, not other) for other, match, cluster in sorted(goals)[: max(count, stated)]]


@given(WORLDS)
@settings(max_examples=150, deadline=None)
def test_gaps_equal_equation_15(world):
    """Would catch a wrong goal, order, match or shortfall, and a value that is not the sum of its shortfalls."""
    abilities, demands, _, own, _, count = world
    found = gaps(abilities, demands, own=own, count=count)
    for student in range(STUDENTS):
        mine = np.flatnonzero(found.student == student)
        expected = naive_goals(abilities[student], demands, own[student], count)
        assert found.cluster[mine].tolist() == [cluster for cluster, _, _ in expected]
        assert found.rank[mine].tolist() == list(range(1, len(mine) + 1))
        assert found.own[mine].tolist() == [stated for _, _, stated in expected]
        assert found.match[mine].tolist() == pytest.approx([match for _, match, _ in expected], abs=1e-11)
        for row in mine:
            held, demanded = vector(abilities[student]), vector(demands[found.cluster[row]])
            assert found.value[row] == pytest.approx(scoring.gap(demanded, held), abs=1e-9)
            assert vector(found.lacking[row]) == pytest.approx(scoring.shortfalls(demanded, held), abs=1e-9)
            assert found.lacking[row].sum() == pytest.approx(found.value[row], abs=1e-9)


@given(WORLDS)
@settings(max_examples=150, deadline=None)
def test_bridges_equal_equation_16(world):
    """Would catch a wrong term, a barred or useless resource, and an order that is not score, then code."""
    abilities, demands, supply, own, barred, count = world
    found = gaps(abilities, demands, own=own, count=2)
    steps = bridges(found, supply, abilities=abilities, demands=demands, barred=barred, count=count, weights=WEIGHTS)
    for gap in range(len(found)):
        student, cluster = found.student[gap], found.cluster[gap]
        held, demanded = vector(abilities[student]), vector(demands[cluster])
        lacking, expected = scoring.shortfalls(demanded, held), []
        for resource in range(RESOURCES):
            supplied = vector(supply[resource])
            share = scoring.contribution(lacking, supplied)
            if share > 0 and not barred[student, resource]:
                near, fit = scoring.similarity(held, supplied), scoring.similarity(supplied, demanded)
                score = scoring.bridging(near, fit, sum(lacking.values()), weights=WEIGHTS)
                expected.append((-round(score, 10), resource, near, fit, share))
        expected = sorted(expected)[:count]
        mine = np.flatnonzero(steps.gap == gap)
        assert steps.resource[mine].tolist() == [each[1] for each in expected]
        assert steps.rank[mine].tolist() == list(range(1, len(mine) + 1))
        columns = (steps.score, steps.to_student, steps.to_goal, steps.contribution)
        terms = [tuple(float(column[row]) for column in columns) for row in mine]
        assert terms == [pytest.approx((-minus, near, fit, share), abs=1e-9) for minus, _, near, fit, share in expected]


@given(arrays(float, (4, 7), elements=st.sampled_from([-np.inf, 0.0, 0.5, 0.5, 1.0])), st.integers(1, 9))
def test_best_equals_sorting_each_row(scores, count):
    """Would catch a tie at the limit that is cut by memory order, and a forbidden entry that is taken."""
    rows, columns, ranks = best(scores, count)
    expected = [
        (row, column, rank)
        for row, entries in enumerate(scores.tolist())
        for rank, (_, column) in enumerate(
            sorted((-score, column) for column, score in enumerate(entries) if score > -np.inf)[:count], start=1
        )
    ]
    assert list(zip(rows.tolist(), columns.tolist(), ranks.tolist(), strict=True)) == expected


@given(WORLDS)
@settings(max_examples=50, deadline=None)
def test_a_chunk_of_one_student_gives_the_same(world):
    """Would catch numbers that depend on how students are cut into chunks."""
    abilities, demands, _, own, _, count = world
    whole = gaps(abilities, demands, own=own, count=count)
    for student in range(STUDENTS):
        alone = gaps(abilities[[student]], demands, own=own[[student]], count=count)
        mine = whole.student == student
        assert alone.cluster.tolist() == whole.cluster[mine].tolist()
        assert alone.value.tolist() == whole.value[mine].tolist()
        assert alone.match.tolist() == whole.match[mine].tolist()


def test_a_stated_goal_beyond_the_count_is_kept():
    """Would catch a student whose stated goal vanishes because others match better."""
    own = np.array([[False, True, True]])
    found = gaps(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0], [0.1, 1.0], [0.0, 1.0]]), own=own, count=1)
    assert (found.cluster.tolist(), found.own.tolist()) == ([1, 2], [True, True])


def test_the_gap_weight_lowers_scores_but_not_the_order():
    """Would catch a gap term that differs between the resources of one gap."""
    abilities, demands = np.array([[0.2, 0.0]]), np.array([[0.8, 0.6]])
    supply = np.array([[0.5, 0.1], [0.1, 0.5], [0.4, 0.4]])
    found = gaps(abilities, demands, own=np.array([[True]]), count=1)
    barred = np.zeros((1, 3), bool)
    given_weights = [replace(WEIGHTS, gap=weight) for weight in (0.0, 2.0)]
    low, high = (
        bridges(found, supply, abilities=abilities, demands=demands, barred=barred, count=3, weights=weights)
        for weights in given_weights
    )
    assert low.resource.tolist() == high.resource.tolist()
    assert (low.score - high.score).tolist() == pytest.approx([2.0 * 1.2] * 3)


def test_a_narrow_cluster_is_a_goal_only_where_it_was_stated():
    """Would catch an occupation of one known unit that beats all others by a perfect match."""
    abilities = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    demands = np.array([[0.5, 0.0, 0.0], [0.5, 0.4, 0.3]])
    own = np.array([[False, False], [True, False]])
    found = gaps(abilities, demands, own=own, count=2, least_units=2)
    assert list(zip(found.student.tolist(), found.cluster.tolist(), strict=True)) == [(0, 1), (1, 0), (1, 1)]
