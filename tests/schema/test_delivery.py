"""Delivery priority: what can be applied for, what cannot wait, what is worth preparing for."""

from hypothesis import given
from hypothesis import strategies as st

from schema.delivery import CLOSES_ENOUGH, READY, SCARCE, Priority, priority
from schema.derived import DEMAND_CLASSES

shares = st.floats(0.0, 1.0) | st.sampled_from((0.0, READY, CLOSES_ENOUGH, 1.0))
demands = st.none() | st.sampled_from(DEMAND_CLASSES)


@given(shares, shares, st.booleans(), demands)
def test_each_priority_says_what_it_means(fit, contribution, closing, demand):
    """Would catch haste for what the student cannot do, training when it is too late, and a reason to wait that is
    none."""
    found = priority(fit, contribution, closing=closing, demand=demand)
    assert (found is Priority.NOW) == (fit >= READY and (closing or demand in SCARCE))
    if found is Priority.PREPARE:
        assert fit < READY and contribution >= CLOSES_ENOUGH and not closing


@given(shares, shares, shares, st.booleans(), demands)
def test_who_can_do_more_is_never_told_to_prepare_instead(fit, more, contribution, closing, demand):
    """Would catch a rule that sends the better of two students to training."""
    low, high = sorted((fit, more))
    if priority(high, contribution, closing=closing, demand=demand) is Priority.PREPARE:
        assert priority(low, contribution, closing=closing, demand=demand) is Priority.PREPARE


def test_classes_of_scarce_demand_exist():
    """Would catch a demand class that was renamed, so that nothing is ever scarce."""
    assert set(DEMAND_CLASSES) > SCARCE
