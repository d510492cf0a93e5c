"""Capability vectors: hand-worked levels, naive re-computation, and that evidence never lowers a level."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn import capability
from gnn.config import GapConfig
from tests.gnn.snapshots import NAN, snapshot

EXACT = GapConfig(least_level=0.0)
SHARE = st.floats(0.0, 1.0)


def abilities(world, config=EXACT):
    """Return the abilities of all students as a matrix."""
    found = capability.Basis.of(world, config).states(None)
    return found.levels(np.arange(len(world.students))).dense()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), SHARE), max_size=30))
def test_noisy_or_equals_the_naive_product(entries):
    """Would catch a wrong grouping of rows and units, or a level that is not 1 - product(1 - share)."""
    rows, units, shares = (np.array(each) for each in zip(*entries, strict=True)) if entries else ([],) * 3
    found = capability.noisy_or(np.asarray(rows, int), np.asarray(units, int), np.asarray(shares, float), shape=(4, 5))
    naive = [
        [1 - prod(1 - share for r, u, share in entries if (r, u) == (row, unit)) for unit in range(5)]
        for row in range(4)
    ]
    assert found.dense() == pytest.approx(np.array(naive), abs=1e-12)
    assert ((found.levels > 0) & (found.levels <= 1)).all()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), SHARE), min_size=1, max_size=12), st.data())
def test_rows_taken_are_the_rows_held(entries, data):
    """Would catch an offset that is one vector off when rows are taken, put behind others, or thinned."""
    columns = [np.array(each) for each in zip(*entries, strict=True)]
    vectors = capability.noisy_or(*columns, shape=(3, 3))
    places = np.array(data.draw(st.lists(st.integers(0, 5), max_size=6)), np.int32)
    both = vectors.over(vectors)
    index, units, levels = both.take(places)
    again = np.zeros((len(places), 3))
    again[index, units] = levels
    assert (again == both.dense()[places]).all()
    least = data.draw(SHARE)
    dense = vectors.dense()
    assert (vectors.above(least).dense() == np.where(dense >= least, dense, 0.0)).all()


def test_postings_without_a_standard_speak_by_their_share():
    """Would catch a pseudo-count where no standard says anything, or optional skills counted in full."""
    world = snapshot(
        skills=2,
        postings=[4],
        requirements=[(0, 0, 0.8, 1.0, 0, 2), (0, 1, 1.0, 0.5, 1, 1)],
    )
    clusters, skills, levels = capability.skill_demands(world, EXACT)
    assert list(zip(clusters, skills, levels, strict=True)) == [(0, 0, 0.4), (0, 1, 0.0625)]


def test_a_standard_fades_as_postings_grow():
    """Would catch a smoothing that ignores the number of postings, or one that never lets them win."""

    def level(postings):
        world = snapshot(postings=[postings], requirements=[(0, 0, 1.0, 1.0, 0, postings)], standards=[(0, 0, 0.5, 1)])
        return capability.skill_demands(world, GapConfig(pseudo_count=20))[2][0]

    assert level(20) == pytest.approx((20 + 20 * 0.5) / 40)
    assert level(0) == pytest.approx(0.5)
    assert level(20_000) == pytest.approx(1.0, abs=1e-3)


def test_the_same_cluster_of_another_standard_lends_its_skills():
    """Would catch a SAME_AS that works in one direction only, or that loses how sure it is."""
    for pair in ((0, 1, 0.5), (1, 0, 0.5)):
        world = snapshot(clusters=2, standards=[(1, 0, 0.8, 1)], same_clusters=[pair])
        clusters, _, levels = capability.skill_demands(world, EXACT)
        assert list(zip(clusters, levels, strict=True)) == [(0, pytest.approx(0.4)), (1, pytest.approx(0.8))]


def test_an_unmapped_skill_takes_the_nearest_mapping():
    """Would catch a mapping taken from a farther ancestor, or a cycle of BROADER that never ends."""
    world = snapshot(
        units=3,
        skills=6,
        mappings=[(3, 0, 0.9), (4, 1, 0.4), (5, 2, 0.3), (5, 1, 0.6)],
        # 0 -> 1 -> 3; 2 -> 4 and 2 -> 5, equally near; 0 and 1 in a cycle
        broader=[(0, 1), (1, 0), (1, 3), (2, 4), (2, 5)],
    )
    dense = capability.skill_units(world).dense()
    assert dense[:3].tolist() == [[0.9, 0, 0], [0.9, 0, 0], [0, 0.6, 0.3]]
    same = snapshot(units=2, skills=3, mappings=[(1, 0, 0.5), (2, 1, 0.7)], broader=[(0, 2)], same_skills=[(1, 0)])
    assert capability.skill_units(same).dense()[0].tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("score", "status", "level"),
    [(80.0, 0, 0.4), (80.0, 1, 0.0), (80.0, 2, 0.0), (80.0, 3, 0.0), (80.0, NAN, 0.4), (NAN, 0, 0.3), (NAN, NAN, 0.0)],
)
def test_a_course_proves_what_its_score_says(score, status, level):
    """Would catch a failed course that counts, or a missing score taken for 0 or for 100."""
    world = snapshot(mappings=[(0, 0, 1.0)], teaching=[(0, 0, 0.5)], courses=[(0, 0, score, status)])
    assert abilities(world)[0, 0] == pytest.approx(level)


def test_every_kind_of_evidence_counts_by_its_share():
    """Would catch shares that are mixed up between kinds, or work that is read as a resource."""
    for place, share in enumerate((0.9, 0.5, 0.7)):
        world = snapshot(mappings=[(0, 0, 1.0)], teaching=[(0, 0, 0.5)], practice=[(0, 0, place)])
        assert abilities(world)[0, 0] == pytest.approx(0.5 * share)
    for place, share in enumerate((0.5, 0.7)):
        world = snapshot(mappings=[(0, 0, 1.0)], standards=[(0, 0, 0.4, 1)], work=[(0, 0, place)])
        assert abilities(world)[0, 0] == pytest.approx(0.4 * share)


def test_a_repeated_course_counts_once_by_its_best_result():
    """Would catch a course taken twice that counts as two courses."""
    world = snapshot(
        mappings=[(0, 0, 1.0)], teaching=[(0, 0, 0.5)], courses=[(0, 0, 40.0, 1), (0, 0, 60.0, 0), (0, 0, 90.0, 0)]
    )
    assert abilities(world)[0, 0] == pytest.approx(0.45)


COURSE = st.tuples(st.integers(0, 2), st.integers(0, 3), st.floats(0, 100), st.integers(0, 3))
PRACTICE = st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2))
WORK = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 1))


EVIDENCE = st.tuples(st.lists(COURSE, max_size=6), st.lists(PRACTICE, max_size=4), st.lists(WORK, max_size=4))


@given(EVIDENCE, EVIDENCE)
def test_more_evidence_never_lowers_an_ability(some, further):
    """Would catch averaging in place of noisy-or: a weak course would pull a strong student down."""
    world = {
        "units": 3,
        "skills": 4,
        "clusters": 2,
        "resources": 4,
        "students": 3,
        "mappings": [(0, 0, 0.9), (1, 1, 0.5), (2, 2, 1.0), (3, 0, 0.2), (3, 2, 0.4)],
        "teaching": [(0, 0, 0.8), (1, 1, 1.0), (2, 2, 0.5), (2, 3, 0.7), (3, 3, 1.0)],
        "standards": [(0, 0, 0.9, 1), (1, 3, 0.6, 0)],
    }
    names = ("courses", "practice", "work")
    before = dict(zip(names, some, strict=True))
    after = {name: before[name] + added for name, added in zip(names, further, strict=True)}
    less = abilities(snapshot(**world, **before), GapConfig())
    more = abilities(snapshot(**world, **after), GapConfig())
    assert (more >= less - 1e-12).all()
    assert ((more >= 0) & (more <= 1)).all()
