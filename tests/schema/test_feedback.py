"""Equation 22: one update by hand, and what must hold whatever a student does."""

from datetime import UTC, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.feedback import POSITIVE, REWARDS, USED, Action, FeedbackRules, Leaning, estimate, fold, update
from schema.ranking import SERVES

START = datetime(2024, 3, 1, tzinfo=UTC)
actions = st.lists(
    st.builds(
        Action,
        at=st.integers(0, 5).map(lambda hours: START + timedelta(hours=hours)),
        key=st.text("abcdefgh", min_size=1, max_size=2),
        kind=st.sampled_from(sorted(REWARDS)),
        item_kind=st.sampled_from(sorted(SERVES)),
        cluster=st.none() | st.sampled_from(("x", "y")),
    ),
    max_size=12,
    unique_by=lambda action: action.key,
)


def one(kind, *, item="Job", cluster="x", key="k", hours=0):
    """Return an action."""
    return Action(START + timedelta(hours=hours), key, kind, item, cluster)


def test_one_update_by_hand():
    """Would catch a wrong sign, a step that is not alpha, or a slope that is not that of the softmax."""
    leaning = fold([one("apply")], FeedbackRules(step=0.5))
    # Nothing was expected, so the surprise is 0.9; half of it is the step.
    assert leaning.cluster == {"x": 0.45}
    assert leaning.kind == {"Job": 0.45}
    # The four stages were alike: employment rises by 0.45 (1 - 1/4), the others fall by 0.45 / 4.
    assert leaning.stage == pytest.approx([-0.1125, -0.1125, 0.3375, -0.1125])
    # 0.45 + 0.45 / 2 is expected of the next job of the cluster; the surprise is 0.9 - 0.675.
    assert estimate(leaning, one("apply")) == pytest.approx(0.675)
    update(leaning, one("apply", key="l"), FeedbackRules(step=0.5))
    assert leaning.cluster["x"] == pytest.approx(0.45 + 0.5 * 0.225)


@given(actions, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(given_, generator):
    """Would catch late actions that are folded where they arrive, not where they belong."""
    shuffled = list(given_)
    generator.shuffle(shuffled)
    assert fold(shuffled) == fold(given_)


@given(actions)
def test_a_key_counts_once(given_):
    """Would catch a request that is sent again and moves the student twice."""
    assert fold([*given_, *given_]) == fold(given_)


@given(actions, st.integers(0, 11))
def test_what_is_withdrawn_has_never_happened(given_, place):
    """Would catch state that is kept between two folds."""
    kept = [action for number, action in enumerate(given_) if number != place]
    fold(given_)
    assert fold(kept) == fold(list(kept))


@given(actions, st.floats(0.05, 1.0), st.floats(0.1, 2.0))
def test_no_weight_leaves_its_bounds(given_, step, bound):
    """Would catch a burst that lifts a weight without end."""
    leaning = fold(given_ * 3 + [one("complete", key=f"z{n}", hours=n) for n in range(30)], FeedbackRules(step, bound))
    weights = [*leaning.stage, *leaning.cluster.values(), *leaning.kind.values()]
    assert all(-bound <= weight <= bound for weight in weights)
    assert all(-1.0 <= leaning.toward(kind, cluster) <= 1.0 for kind in SERVES for cluster in (None, "x", "y"))


@given(actions, st.sampled_from(sorted(POSITIVE)), st.sampled_from(sorted(SERVES)))
def test_wanting_raises_and_dismissing_lowers(given_, kind, item):
    """Would catch feedback that turns a preference the wrong way."""
    before = fold(given_)
    late = {"item": item, "cluster": "x", "key": "zz", "hours": 9}
    lifted = fold([*given_, one(kind, **late)])
    lowered = fold([*given_, one("dismiss", **late)])
    reward = REWARDS[kind]
    now = before.toward(item, "x")
    # Toward the reward, so up only where less was expected.
    assert (lifted.toward(item, "x") - now) * (reward - now) >= -1e-12
    assert lowered.toward(item, "x") <= now + 1e-12


@given(actions)
def test_what_was_not_met_stays_as_it_was(given_):
    """Would catch a preference for one thing that spills over to another one."""
    leaning = fold(given_)
    assert "never" not in leaning.cluster
    assert leaning.cluster.keys() <= {action.cluster for action in given_}
    assert leaning.kind.keys() == {action.item_kind for action in given_}
    assert isclose(Leaning().toward("Job", "never"), 0.0)


def test_every_action_has_a_reward_and_used_ones_are_known():
    """Would catch a kind of action that nobody weighs."""
    assert set(POSITIVE) | set(USED) <= set(REWARDS)
    assert all(-1.0 <= reward <= 1.0 for reward in REWARDS.values())
    assert min(REWARDS[kind] for kind in POSITIVE) > REWARDS["click"] > REWARDS["view"] > 0.0 > REWARDS["dismiss"]
