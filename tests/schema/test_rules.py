"""The settings of recommendations, as a generation keeps them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import SettingsError
from schema.feedback import FeedbackRules
from schema.ranking import PATHS, TERMS, ScoreWeights, StageRules
from schema.rules import RankingRules

numbers = st.floats(-9.0, 9.0)
weights = st.builds(ScoreWeights, **dict.fromkeys(TERMS, st.floats(0.0, 9.0)))
rules = st.builds(
    RankingRules,
    weights=st.fixed_dictionaries(dict.fromkeys(PATHS, weights)),
    stage=st.builds(StageRules, st.tuples(*[st.tuples(*[numbers] * 4)] * 4), st.tuples(*[numbers] * 4)),
    feedback=st.builds(FeedbackRules, st.floats(0.01, 1.0), st.floats(0.1, 9.0)),
    pool=st.integers(1, 999),
    listed=st.integers(1, 99),
    recent=st.integers(0, 99),
    learned=st.booleans(),
)


@given(rules)
def test_rules_survive_the_generation(kept):
    """Would catch a setting that is lost or turned into another type on its way through JSON."""
    assert RankingRules.of(json.loads(json.dumps(kept.plain()))) == kept


def test_what_is_missing_is_as_documented():
    """Would catch an older generation that the service cannot read."""
    assert RankingRules.of(None) == RankingRules.of({}) == RankingRules()
    assert RankingRules.of({"pool": 7}) == replace(RankingRules(), pool=7)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pool": 0},
        {"listed": 0},
        {"recent": -1},
        {"weights": {"JOB": {}}},
        {"weights": {path: {"fit": -0.1} for path in PATHS}},
    ],
)
def test_a_setting_out_of_range_is_refused(wrong):
    """Would catch rules by which nothing can be ranked."""
    with pytest.raises(SettingsError):
        RankingRules.of(wrong)
