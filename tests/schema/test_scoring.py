"""Equations 15 and 16: hand-worked cases, and a naive computation over dense lists."""

from math import isclose, sqrt

from hypothesis import given
from hypothesis import strategies as st

from schema.scoring import BridgingWeights, bridging, contribution, covered, gap, shortfalls, similarity

UNITS = ("a", "b", "c", "d")
levels = st.one_of(st.just(0.0), st.floats(1e-6, 1.0))
vectors = st.fixed_dictionaries(dict.fromkeys(UNITS, levels))


def test_gap_by_hand() -> None:
    """Catches a gap that lets a surplus in one unit pay for a shortfall in another."""
    demanded = {"a": 0.75, "b": 0.5, "c": 0.25}
    held = {"a": 0.25, "b": 1.0}
    assert shortfalls(demanded, held) == {"a": 0.5, "c": 0.25}
    assert gap(demanded, held) == 0.75


def test_contribution_by_hand() -> None:
    """Catches a resource that is credited with more than is lacking."""
    assert covered({"a": 0.5, "c": 0.25}, {"a": 1.0, "b": 1.0}) == {"a": 0.5}
    assert isclose(contribution({"a": 0.5, "c": 0.25}, {"a": 1.0}), 2 / 3)
    assert contribution({}, {"a": 1.0}) == 0.0


def test_bridging_by_hand() -> None:
    """Catches a wrong sign: a wider gap lowers the score."""
    weights = BridgingWeights(to_student=0.5, to_goal=0.25, gap=0.125)
    assert bridging(0.5, 1.0, 2.0, weights=weights) == 0.25


@given(vectors, vectors)
def test_against_a_naive_computation(left: dict[str, float], right: dict[str, float]) -> None:
    """Catches a slip in the sparse arithmetic."""
    x = [left[unit] for unit in UNITS]
    y = [right[unit] for unit in UNITS]
    assert isclose(gap(left, right), sum(max(0.0, p - q) for p, q in zip(x, y, strict=True)), abs_tol=1e-12)
    norms = sqrt(sum(p * p for p in x)) * sqrt(sum(q * q for q in y))
    expected = sum(p * q for p, q in zip(x, y, strict=True)) / norms if norms else 0.0
    assert isclose(similarity(left, right), expected, rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(similarity(left, right), similarity(right, left), rel_tol=1e-12)


@given(vectors, vectors, vectors)
def test_terms_sum_and_stay_in_range(
    demanded: dict[str, float], held: dict[str, float], supply: dict[str, float]
) -> None:
    """Catches shortfalls that do not sum to the gap, and a contribution beyond the whole gap."""
    lacking = shortfalls(demanded, held)
    assert isclose(sum(lacking.values()), gap(demanded, held), abs_tol=1e-12)
    assert all(0.0 < amount <= 1.0 for amount in lacking.values())
    assert 0.0 <= contribution(lacking, supply) <= 1.0


@given(vectors, vectors, st.sampled_from(UNITS), levels)
def test_more_ability_never_widens_the_gap(
    demanded: dict[str, float], held: dict[str, float], unit: str, more: float
) -> None:
    """Catches a gap that punishes learning."""
    better = {**held, unit: max(held[unit], more)}
    assert gap(demanded, better) <= gap(demanded, held) + 1e-12
