"""Stages: what they mean for drawn students, and that learning keeps their meaning."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.ranking.stage import counts, learn_stage, sensible, stages, states
from gnn.snapshot.behaviour import KINDS
from schema.ranking import SERVES, STAGES, StageRules, Studies, stage_state
from tests.gnn.ranking.reference import Reference
from tests.gnn.ranking.worlds import DAY, draw

DILIGENT = st.integers(1, 6)
NONE = np.zeros((1, 4))


def pi(known: Studies, rules: StageRules | None = None) -> dict[str, float]:
    """Return the stage weights of a student by name."""
    return dict(zip(STAGES, stages([known], rules or StageRules(), NONE)[0].tolist(), strict=True))


@given(
    st.builds(Studies, st.floats(0, 1), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 3))
)
def test_weights_sum_to_one(known):
    """Would catch a softmax over the wrong axis, or one that overflows."""
    found = pi(known)
    assert sum(found.values()) == pytest.approx(1.0)
    assert min(found.values()) > 0.0


@given(st.floats(0.0, 0.3), DILIGENT)
def test_lower_years_lean_to_training(progress, completed):
    """Would catch beginners who are sent to job postings."""
    found = pi(Studies(progress, completed))
    assert found["training"] > found["employment"]
    assert found["training"] > pi(Studies(0.95, completed))["training"]


@given(st.floats(0.92, 1.0), DILIGENT, st.integers(0, 10))
def test_final_years_lean_to_jobs(progress, completed, searched):
    """Would catch finalists who are sent back to courses."""
    found = pi(Studies(progress, completed, searched))
    assert max(found, key=found.get) == "employment"


@given(st.floats(0.2, 0.9), st.integers(0, 4), st.integers(0, 2), st.integers(1, 10), st.integers(0, 1))
def test_ventures_lean_to_entrepreneurship(progress, completed, searched, ventured, founded):
    """Would catch founders whose ventures count for nothing."""
    found = pi(Studies(progress, completed, searched, ventured, founded))
    assert found["entrepreneurship"] > pi(Studies(progress, completed, searched))["entrepreneurship"]
    most = pi(Studies(progress, min(completed, 1), 0, 12, 1))
    assert max(most, key=most.get) == "entrepreneurship"


@given(st.integers(0, 500))
@settings(max_examples=15)
def test_counts_equal_a_slow_count(seed):
    """Would catch a fact of another student, of another year, or of another kind that is counted."""
    drawn = draw(seed, actions=80)
    ranker = drawn.ranker()
    everyone = np.arange(len(drawn.world.students))
    found = counts(drawn.world, drawn.behaviour, DAY).of(everyone)
    standing = ranker.standing(everyone, drawn.abilities)
    for student in everyone.tolist():
        assert found[student] == Reference(ranker, standing, student).studies()


def planted(rules: StageRules, count: int, seed: int = 0):
    """Return states, and kinds that students of these weights take up when all kinds are on offer alike."""
    drawn = np.random.default_rng(seed)
    known = [Studies(*row) for row in zip(
        drawn.random(count).tolist(), *drawn.integers(0, 8, (2, count)).tolist(), drawn.integers(0, 8, count).tolist(),
        drawn.integers(0, 2, count).tolist(), strict=True,
    )]  # fmt: skip
    served = np.array([SERVES[kind] for kind in KINDS])
    chances = stages(known, rules, np.zeros((count, 4))) @ served.T
    chances /= chances.sum(axis=1, keepdims=True)
    kinds = (chances.cumsum(axis=1) < drawn.random((count, 1))).sum(axis=1)
    return states(known), np.minimum(kinds, len(KINDS) - 1)


def test_learning_goes_where_behaviour_points():
    """Would catch a wrong slope: weights that move away from those which drew the steps."""
    prior = StageRules()
    moved = [list(row) for row in prior.weights]
    moved[2][2], moved[3][3], moved[1][1] = 3.9, 5.0, 2.6
    truth = StageRules(tuple(tuple(row) for row in moved), prior.bias)
    found = learn_stage(*planted(truth, 6_000))
    assert found != prior
    far = np.abs(np.array(prior.weights) - np.array(truth.weights)).sum()
    assert np.abs(np.array(found.weights) - np.array(truth.weights)).sum() < 0.75 * far


@pytest.mark.parametrize("seed", range(3))
def test_learned_stages_still_mean_what_they_say(seed):
    """Would catch behaviour that has nothing to do with stages, and turns them into noise."""
    drawn = np.random.default_rng(seed)
    given_states, _ = planted(StageRules(), 4_000, seed)
    found = learn_stage(given_states, drawn.choice([0, 1, 4], 4_000))
    assert sensible(found)
    assert sensible(StageRules())
    assert not sensible(StageRules(weights=((0.0,) * 4,) * 4))


def test_few_steps_leave_the_documented_weights():
    """Would catch weights learned from a handful of clicks."""
    known = np.array([stage_state(Studies(0.5))] * 20)
    assert learn_stage(known, np.zeros(20, int)) == StageRules()
