"""Equations 17 to 20: hand-worked cases, ranges, directions, and numbers against arrays."""

from math import exp, isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.nodes import RESOURCE_KINDS
from schema.ranking import (
    DECADES,
    PATH_OF,
    PATHS,
    SERVES,
    STAGES,
    TERMS,
    ScoreWeights,
    StageRules,
    Studies,
    freshness,
    likelihood,
    match,
    redundancy,
    score,
    stage_fit,
    stage_state,
    stage_weights,
)

shares = st.floats(0.0, 1.0)
values = st.lists(shares, min_size=len(TERMS), max_size=len(TERMS))
weights = st.builds(ScoreWeights, **dict.fromkeys(TERMS, st.floats(0.0, 2.0)))
studies = st.builds(
    Studies,
    progress=shares,
    completed=st.integers(0, 20),
    searched=st.integers(0, 20),
    ventured=st.integers(0, 10),
    founded=st.integers(0, 2),
)
TRAINING, EMPLOYMENT, ENTREPRENEURSHIP = (STAGES.index(name) for name in STAGES[1:])


def pi(known):
    """Return the stage weights by the documented rules."""
    return stage_weights(stage_state(known), StageRules())


@given(values, weights)
def test_a_score_is_the_sum_of_its_terms(given_, weighed):
    """Would catch a term that is counted twice or not at all, and redundancy that counts for an item."""
    products = [weight * value for weight, value in zip(weighed.signed(), given_, strict=True)]
    assert isclose(score(given_, weighed), sum(products), abs_tol=1e-12)
    parts = dict(zip(TERMS, products, strict=True))
    rest = parts["compensation"] + parts["stage"] + parts["preference"] + parts["redundancy"]
    assert isclose(score(given_, weighed), weighed.match * match(given_, weighed) + rest, abs_tol=1e-9)
    assert parts["redundancy"] <= 0.0


@given(values, weights)
def test_a_match_is_a_share(given_, weighed):
    """Would catch a match beyond 1, and one that is told where no term of it counts."""
    assert 0.0 <= match(given_, weighed) <= 1.0 + 1e-12
    assert match(given_, ScoreWeights(0.0, 0.0, 0.0, 0.0, 0.0)) == 0.0


@given(values, st.integers(0, len(TERMS) - 1), shares)
def test_more_of_a_term_never_lowers_the_score(given_, place, more):
    """Would catch a sign that is turned; of redundancy more lowers it."""
    raised = list(given_)
    raised[place] = max(given_[place], more)
    change = score(raised, ScoreWeights()) - score(given_, ScoreWeights())
    assert change <= 1e-12 if TERMS[place] == "redundancy" else change >= -1e-12


@given(st.floats(-9.0, 0.0), st.floats(0.0, 4000.0), st.floats(0.0, 100.0))
def test_terms_stay_in_range_and_fall(ratio, days, alike):
    """Would catch a term beyond 0 to 1, or one that rises where it must fall."""
    assert 0.0 <= likelihood(ratio) <= 1.0
    assert likelihood(ratio - 0.1) <= likelihood(ratio)
    assert (likelihood(ratio) == 0.0) == (ratio <= -DECADES) or isclose(ratio, -DECADES)
    assert 0.0 < freshness(days) <= 1.0
    assert freshness(days + 1.0) < freshness(days)
    assert 0.0 <= redundancy(alike) < 1.0
    assert redundancy(alike + 1.0) > redundancy(alike)


@given(st.lists(values, min_size=1, max_size=5), weights)
def test_arrays_and_numbers_agree(rows, weighed):
    """Would catch an operator that does something else on arrays, so that jobs and service part."""
    table = np.array(rows).T
    assert np.allclose(score(list(table), weighed), [score(row, weighed) for row in rows], atol=1e-12)
    assert np.allclose(match(list(table), weighed), [match(row, weighed) for row in rows], atol=1e-12)
    column = table[0]
    assert np.allclose(likelihood(-9.0 * column), [likelihood(-9.0 * value) for value in column.tolist()])
    assert np.allclose(freshness(99.0 * column), [freshness(99.0 * value) for value in column.tolist()])
    assert np.allclose(redundancy(9.0 * column), [redundancy(9.0 * value) for value in column.tolist()])


def test_stage_state_by_hand():
    """Would catch a part of equation 17 in the wrong place or of another form."""
    state = stage_state(Studies(progress=0.5, completed=4, searched=3, ventured=6, founded=1))
    assert state == pytest.approx([0.5, 1 - exp(-1), 1 - (1 - 0.125) * exp(-1), 1 - exp(-2)])
    assert stage_state(Studies()) == [1.0, 0.0, 0.0, 0.0]


@given(studies)
def test_stage_weights_are_shares(known):
    """Would catch weights that do not sum to 1, and a state beyond 0 to 1."""
    assert all(0.0 <= part <= 1.0 for part in stage_state(known))
    assert isclose(sum(pi(known)), 1.0)
    assert all(weight > 0.0 for weight in pi(known))


@given(completed=st.integers(1, 8), searched=st.integers(0, 1), early=st.floats(0.0, 0.3), late=st.floats(0.9, 1.0))
def test_lower_years_lean_to_training_and_final_years_to_jobs(completed, searched, early, late):
    """Would catch rules by which a first-year student is sent to apply and a finalist to class."""
    young, old = pi(Studies(early, completed)), pi(Studies(late, completed, searched))
    assert young[TRAINING] > young[EMPLOYMENT] and young[TRAINING] > young[ENTREPRENEURSHIP]
    assert old[EMPLOYMENT] == max(old)
    assert old[EMPLOYMENT] > young[EMPLOYMENT]


@given(studies)
def test_venturing_leans_to_entrepreneurship(known):
    """Would catch a founder who is treated like anybody else."""
    plain = Studies(known.progress, known.completed, known.searched)
    founder = Studies(known.progress, known.completed, known.searched, known.ventured, known.founded + 1)
    assert pi(founder)[ENTREPRENEURSHIP] > pi(plain)[ENTREPRENEURSHIP]


@given(studies, st.integers(0, 3), st.floats(0.01, 1.0))
def test_a_leaning_lifts_its_stage(known, place, lean):
    """Would catch feedback that does not reach the stage weights, or lifts another one."""
    leaning = [lean if number == place else 0.0 for number in range(len(STAGES))]
    leaned = stage_weights(stage_state(known), StageRules(), leaning=leaning)
    assert leaned[place] > pi(known)[place]
    assert all(leaned[number] < pi(known)[number] for number in range(len(STAGES)) if number != place)


def test_every_kind_serves_some_stage_and_has_its_list():
    """Would catch a kind of item that no list or no stage knows."""
    assert set(SERVES) == {"Job", *RESOURCE_KINDS}
    assert all(isclose(sum(row), 1.0) for row in SERVES.values())
    assert set(PATH_OF) == set(SERVES) - {"Guidance", "Fair"}
    assert set(PATH_OF.values()) == set(PATHS)


@given(studies, st.sampled_from(sorted(SERVES)))
def test_stage_fit_is_a_share(known, kind):
    """Would catch a fit beyond 0 to 1."""
    assert 0.0 <= stage_fit(pi(known), kind) <= 1.0
