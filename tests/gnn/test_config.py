"""Settings of the gap job."""

import json

import pytest

from gnn.config import GapConfig
from schema.errors import SettingsError
from schema.scoring import BridgingWeights


def test_the_hash_tells_settings_apart():
    """Would catch a setting that is left out of the hash: two generations would look alike."""
    changed = [GapConfig(goals=6), GapConfig(weights=BridgingWeights(gap=0.1)), GapConfig(open_only=True)]
    assert GapConfig().hash == GapConfig().hash
    assert len({each.hash for each in (GapConfig(), *changed)}) == 4
    assert json.loads(GapConfig(goals=6).json)["goals"] == 6


@pytest.mark.parametrize(
    "given", [{"goals": 0}, {"resources": 0}, {"optional": 1.1}, {"least_level": -0.1}, {"pseudo_count": -1.0}]
)
def test_settings_out_of_range_are_refused(given):
    """Would catch a share above 1, which would drive levels out of their range."""
    with pytest.raises(SettingsError, match=next(iter(given))):
        GapConfig(**given)


def test_negative_weights_are_refused():
    """Would catch a weight that turns the best resource into the worst."""
    with pytest.raises(SettingsError, match="to_goal"):
        GapConfig(weights=BridgingWeights(to_goal=-1.0))
