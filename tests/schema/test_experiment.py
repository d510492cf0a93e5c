"""Halves of an experiment are stable and even, and a variant changes what it says and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import SettingsError
from schema.experiment import Experiment
from schema.ranking import PATHS
from schema.rules import RankingRules


@given(st.text(min_size=1), st.text())
def test_variant_of_a_student_never_changes(name: str, student: str) -> None:
    """A draw from a random stream, or Python's salted hash, would differ between two processes or calls."""
    assert Experiment(name).variant(student) == Experiment(name).variant(student)


def test_halves_are_even_and_differ_between_experiments() -> None:
    """Taking a bit of the code itself would put whole classes on one side, and the same ones in every experiment."""
    students = [f"demo:S{number:06}" for number in range(4_000)]
    one = [Experiment("spring").variant(each) for each in students]
    other = [Experiment("autumn").variant(each) for each in students]
    assert abs(one.count("A") - 2_000) < 200
    same = sum(left == right for left, right in zip(one, other, strict=True))
    assert abs(same - 2_000) < 200


def test_variant_changes_only_what_it_names() -> None:
    """Replacing the weights of a path as a whole would set the terms that are not named back to the defaults."""
    base = RankingRules.of({"weights": {path: {"fit": 0.9} for path in PATHS}, "pool": 70})
    found = Experiment("x", {"B": {"weights": {"JOB": {"heat": 0.5}}}}).rules("B", base)
    assert (found.weights["JOB"].heat, found.weights["JOB"].fit, found.pool) == (0.5, 0.9, 70)
    assert found.weights["TRAINING"] == base.weights["TRAINING"]
    assert Experiment("x", {"B": {"pool": 5}}).rules("A", base) == base


@pytest.mark.parametrize("changes", [{"pools": 3}, {"pool": 0}, {"weights": {"JOB": {"fitness": 1.0}}}])
def test_unknown_or_impossible_settings_are_refused(changes: dict[str, object]) -> None:
    """A misspelt setting that is passed over would run an experiment of two equal halves."""
    with pytest.raises(SettingsError):
        Experiment("x", {"B": changes}).rules("B", RankingRules())
    with pytest.raises(SettingsError):
        Experiment("x", {"C": changes})
