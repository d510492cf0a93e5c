"""What competes on a day, and behaviour cut off in time."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.ranking.choices import MOST_OF_ONE, of_many
from gnn.ranking.leaning import leanings, positives, shown, toward
from gnn.ranking.pool import Pool, done_before
from gnn.snapshot.behaviour import ACTIONS, KINDS
from schema.feedback import POSITIVE, FeedbackRules
from schema.ranking import PATH_OF, freshness
from tests.gnn.ranking.reference import Reference
from tests.gnn.ranking.worlds import DAY, draw

SEEDS = st.integers(0, 5_000)


@given(SEEDS, st.integers(-3, 70), st.integers(1, 9))
@settings(max_examples=40)
def test_the_latest_open_postings_compete(seed, ago, size):
    """Would catch postings of the future, ones that are over, or a pool that is not of the latest."""
    openings, day = draw(seed).behaviour.openings, DAY - timedelta(days=ago)
    found = set(openings.latest(day, size).tolist())
    for cluster in range(5):
        open_ = [
            place
            for place in range(len(openings))
            if openings.cluster[place] == cluster
            and openings.released[place] <= day.toordinal() <= openings.closes[place]
        ]
        open_.sort(key=lambda place: (-openings.released[place], openings.codes[place]))
        assert found & {place for place in range(len(openings)) if openings.cluster[place] == cluster} == set(
            open_[:size]
        )


@given(SEEDS)
@settings(max_examples=20)
def test_shelves_hold_demands_and_freshness(seed):
    """Would catch a padded row that takes the demands of its neighbour, and a silent posting that demands nothing."""
    drawn = draw(seed)
    pool = Pool.of(drawn.behaviour.openings, DAY, demands=drawn.demands, size=50)
    known = drawn.behaviour.openings
    for cluster in range(5):
        shelf = pool.shelf(cluster)
        for row, place in enumerate(shelf.item.tolist()):
            asked = np.zeros(drawn.demands.shape[1])
            span = slice(known.starts[place], known.starts[place + 1])
            asked[known.units[span]] = known.levels[span]
            if not asked.any():
                asked = drawn.demands[cluster]
            spread = np.zeros(drawn.demands.shape[1])
            np.add.at(spread, shelf.units[row], shelf.levels[row])
            assert np.allclose(spread, asked)
            assert np.isclose(shelf.whole[row], asked.sum())
            assert shelf.fresh[row] == freshness(float(DAY.toordinal() - known.released[place]))


@given(SEEDS, st.integers(0, 500))
@settings(max_examples=20)
def test_nothing_later_is_known_before(seed, ago):
    """Would catch behaviour of the future in what choices are told from."""
    drawn, day = draw(seed, actions=60), DAY - timedelta(days=ago)
    past = drawn.behaviour.before(day)
    assert past.day == day
    assert (past.actions.day <= day.toordinal()).all()
    assert len(past.actions) == (drawn.behaviour.actions.day <= day.toordinal()).sum()
    done = done_before(drawn.world, drawn.behaviour, date(2024, 2, 29))
    finished = past.actions.kind == ACTIONS.index("complete")
    assert len(done) <= (drawn.behaviour.actions.kind == ACTIONS.index("complete")).sum()
    assert finished.sum() <= len(past.actions)


@given(SEEDS)
@settings(max_examples=20)
def test_leanings_equal_those_of_each_student(seed):
    """Would catch an action that is folded into another student, and a preference that is put together otherwise."""
    drawn = draw(seed, actions=80)
    ranker = drawn.ranker()
    everyone = np.arange(len(drawn.world.students))
    found = leanings(drawn.behaviour.actions, len(everyone), FeedbackRules())
    cluster = found.cluster.dense(everyone, 5)
    seen = shown(drawn.behaviour.actions, 5, 20).dense(everyone, len(KINDS) * 5)
    standing = ranker.standing(everyone, drawn.abilities)
    for student in everyone.tolist():
        reference = Reference(ranker, standing, student)
        assert found.stage[student].tolist() == reference.leaning.stage
        for number, kind in enumerate(KINDS):
            for goal in range(5):
                mine = toward(cluster[student, goal], found.kind[student, number])
                assert mine == reference.leaning.toward(kind, str(goal))
                assert seen[student, number * 5 + goal] == reference.seen(kind, goal)


@given(SEEDS)
@settings(max_examples=20)
def test_one_student_has_few_choices(seed):
    """Would catch a burst of one student that settles the weights of everybody."""
    drawn = draw(seed, students=3, actions=200)
    found = of_many(positives(drawn.behaviour.actions))
    assert {ACTIONS[kind] for kind in found.kind.tolist()} <= set(POSITIVE)
    for student in range(3):
        mine = found.where(found.student == student)
        assert len(set(mine.item.tolist())) == len(mine)
        paths = [PATH_OF.get(KINDS[kind], "") for kind in mine.item_kind.tolist()]
        assert all(paths.count(path) <= MOST_OF_ONE for path in paths)
