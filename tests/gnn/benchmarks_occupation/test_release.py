"""The reader of the published zips, and what shares tell about counts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn.benchmarks.occupation_skill.ranking import ranking
from gnn.benchmarks.occupation_skill.release import postings, read
from schema.errors import InputError
from tests.gnn.benchmarks_occupation.publishing import files, industry, publish

DATA = Path(__file__).parents[4] / "shared" / "data" / "occupation-skill-demand"


def test_a_zip_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Catches occupations and skills that are swapped or shifted, a half-year left out, and rounded shares."""
    made = industry()
    got = read(publish(tmp_path / "made.zip", files(made)))
    assert got.name == "made"
    assert got.half_years == made.half_years
    for name in ("occupations", "skills", "clusters", "shares"):
        np.testing.assert_array_equal(getattr(got, name), getattr(made, name))


@pytest.mark.parametrize(
    ("member", "line", "written", "place"),
    [
        ("2/triplet_percentage.tsv", 4, "20000\t100000\t30001", ":4"),
        ("2/triplet_percentage.tsv", 4, "20000\t100000\t30001\tmuch", ":4"),
        ("2/triplet_percentage.tsv", 4, "20000\t100000\t30001\tnan", ":4"),
        ("2/triplet_percentage.tsv", 4, "20000\t100000\t30001\t1.5", ":4"),
        ("2/triplet_percentage.tsv", 4, "20000\t100000\t30001\t0", ":4"),
        ("2/triplet_percentage.tsv", 4, "20000\t100000\t39999\t0.5", ":4"),
        ("2/triplet_percentage.tsv", 4, "x\t100000\t30001\t0.5", ":4"),
        ("0/triplet_percentage.tsv", 2, None, ":2"),
        ("entities.dict", 3, "2\t20001", ":3"),
        ("entities.dict", 3, "20002", ":3"),
        ("entities.dict", 3, "2\t-5", ":3"),
        ("skill2cluster.tsv", 5, "a", ":5"),
        ("skill2cluster.tsv", 5, "1\t2", ":5"),
        ("skill2cluster.tsv", 5, "1\n1", ""),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, member: str, line: int, written: str | None, place: str) -> None:
    """Catches a line that is skipped or read as something else, and an error that does not say where."""
    held = files(industry(half_years=3))
    lines = held[member].splitlines()
    # None stands for the line before it a second time.
    lines[line - 1] = lines[line - 2] if written is None else written
    held[member] = "\n".join(lines) + "\n"
    with pytest.raises(InputError) as caught:
        read(publish(tmp_path / "made.zip", held))
    assert caught.value.where == f"made.zip/{member}{place}"


@pytest.mark.parametrize("member", ["entities.dict", "skill2cluster.tsv", "0/triplet_percentage.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, member: str) -> None:
    """Catches a zip without a file that passes as an industry without data."""
    held = files(industry(half_years=1))
    del held[member]
    with pytest.raises(InputError, match=member):
        read(publish(tmp_path / "made.zip", held))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    """Catches an error of the zip library that reaches the user as a traceback."""
    path = tmp_path / "made.zip"
    with pytest.raises(InputError):
        read(path)
    path.write_text("no zip", encoding="utf-8")
    with pytest.raises(InputError):
        read(path)


@given(st.lists(st.integers(0, 400), min_size=3, max_size=30), st.integers(400, 100_000))
def test_postings_make_every_share_a_count(counts: list[int], size: int) -> None:
    """Catches a number of postings that leaves a share between two counts, or more postings than needed."""
    shares = np.array([[1, *counts]]) / size
    assert postings(shares)[0] == pytest.approx(size)


def test_shares_that_are_no_counts_give_what_the_least_says() -> None:
    """Catches an endless search and a zero for an occupation that has shares."""
    assert postings(np.array([[0.5, 0.5**0.5]]))[0] == pytest.approx(2.0)


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "occupations", "skills", "first", "last", "copy"),
    [
        ("IT", 193, 1026, 77_691, 85_871, (89.7, 36.9, 46.3)),
        ("Man", 155, 1012, 37_675, 55_247, (90.9, 42.1, 51.2)),
    ],
)
def test_published_counts_and_the_copied_row(
    name: str, occupations: int, skills: int, *, first: int, last: int, copy: tuple[float, float, float]
) -> None:
    """Catches a reader that loses pairs, and measures that differ from those of the reference rows."""
    if not DATA.is_dir():
        pytest.skip("the real data is not here: ../shared/data beside the checkout")
    demand = read(DATA / f"{name}.zip")
    assert demand.shares.shape == (8, occupations, skills)
    assert np.count_nonzero(demand.shares[0]) == first
    assert np.count_nonzero(demand.shares[7]) == last
    got = ranking(demand.shares[6], demand.shares[7] > 0)
    assert (got.auc, got.hits, got.reciprocal) == pytest.approx(copy, abs=0.05)
