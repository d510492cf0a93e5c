"""Forms of cells: what is written is read back, what is wrong is refused."""

import csv
import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import rows
from etl.records import Held, Strand
from etl.sources.tables.edges import edge_transform
from etl.sources.tables.forms import Day, Share, Term, items, weighted
from etl.sources.tables.header import columns_of
from etl.sources.tables.outcomes import OUTCOMES
from etl.sources.tables.reading import Sheet
from etl.sources.tables.references import Found
from etl.sources.tables.table import CellError
from etl.sources.tables.training import COURSE_RECORDS, taken
from schema.errors import InputError

WORD = st.text("abcXYZ中文 :.-+#0", min_size=1).map(str.strip).filter(bool)


@given(st.integers(1900, 2100), st.integers(1, 2))
def test_terms_are_read_in_every_form(year: int, half: int) -> None:
    """Catches a half-year that is read as another one."""
    written = [f"{year}-{half}", f"{year}-{year + 1}-{half}", f"{year}-{year + 1}学年第{'一二'[half - 1]}学期"]
    assert {Term().read(each) for each in written} == {f"{year}-{half}"}


@pytest.mark.parametrize("text", ["2023-3", "2023", "2023-2025-1", "23-1", "spring"])
def test_what_is_no_term_is_refused(text: str) -> None:
    """Catches a year taken for a half-year, and an academic year of two years."""
    with pytest.raises(InputError, match="term"):
        Term().read(text)


@given(st.floats(0, 1))
def test_a_share_is_the_same_as_fraction_and_percentage(share: float) -> None:
    """Catches 85% read as 85."""
    fraction = round(share, 6)
    assert Share().read(f"{fraction:.6f}") == pytest.approx(fraction)
    assert Share().read(f"{fraction * 100:.4f}%") == pytest.approx(fraction)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_days_are_read_back(day: date) -> None:
    """Catches month and day taken for each other."""
    assert Day().read(day.isoformat()) == day
    assert Day().read(f"{day.year}年{day.month}月{day.day}日") == day


@given(st.lists(WORD.filter(lambda word: ";" not in word), unique=True))
def test_lists_are_read_back(words: list[str]) -> None:
    """Catches an entry that is lost, doubled or reordered."""
    assert items("; ".join(words)) == words


@given(WORD.filter(lambda word: word[-1] not in "0.: "), st.integers(1, 100))
def test_a_weight_behind_a_name_is_read_back(name: str, percent: int) -> None:
    """Catches a code with colons that is cut in the wrong place."""
    assert weighted(f"{name}:{percent / 100}") == (name, pytest.approx(percent / 100))
    assert weighted(f"{name}: {percent}%") == (name, pytest.approx(percent / 100))
    assert weighted(name) == (name, None)


@given(st.floats(0, 1000), st.floats(0.5, 1000))
def test_scores_are_percentages_of_the_maximum(score: float, most: float) -> None:
    """Catches a score above 100, and a score of another scale that is taken as it is."""
    values = {"score": score, "score_max": most, "term": "2023-1"}
    if score > most:
        with pytest.raises(CellError):
            taken(values)
    else:
        assert math.isclose(taken(values)["score"], 100 * score / most, abs_tol=1e-9)
        assert 0 <= taken(values)["score"] <= 100 + 1e-9


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 1000)), st.integers(0, 100), st.integers(0, 9)), min_size=1)
)
def test_rows_come_through_the_file_unchanged(tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple]) -> None:
    """Catches a cell that is lost or moves to another column between file and graph."""
    path = tmp_path_factory.mktemp("rows") / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["学分", "score", "TERM", "course", "student", "Attendance"])
        for score, attendance, credit in drawn:
            tenth = "" if score is None else score / 10
            writer.writerow([credit, tenth, "2023-1", "C", "S", f"{attendance}%"])
    transform = edge_transform(COURSE_RECORDS)
    for (row, cells), (score, attendance, credit) in zip(Sheet(path, COURSE_RECORDS).rows(), drawn, strict=True):
        assert isinstance(row, rows.Row)
        assert not isinstance(cells, Held)
        outcome = transform(("u:S", Found("Course", "u:C"), {"term": "2023-1"}, cells))
        assert isinstance(outcome, Strand)
        expected = {"term": "2023-1", "credits": float(credit), "attendance": pytest.approx(attendance / 100)}
        if score is not None:
            expected["score"] = pytest.approx(score / 10)
        assert outcome.properties == expected


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(-400, 400))
def test_an_end_before_the_beginning_is_held(day: date, later: int) -> None:
    """Catches employment that ends before it begins, and an honest one-day job that is held."""
    end = day + timedelta(days=later)
    cells = {"ended_on": end.isoformat(), "status": "employed"}
    outcome = edge_transform(OUTCOMES)(("u:S", Found("JobCluster", "u:J"), {"started_on": day}, cells))
    assert isinstance(outcome, Held) == (later < 0)


def test_a_parquet_file_is_read_as_a_table(tmp_path: Path) -> None:
    """Catches typed cells (numbers, dates, missing values) that are read otherwise than their text."""
    import pyarrow
    from pyarrow import parquet

    columns = {"student": [7], "course": ["C"], "term": ["2023-1"], "score": [61.5], "credits": [None]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "records.parquet")
    ((_, cells),) = Sheet(tmp_path / "records.parquet", COURSE_RECORDS).rows()
    assert cells == {"student": "7", "course": "C", "term": "2023-1", "score": "61.5"}


def test_an_unknown_header_names_the_nearest() -> None:
    """Catches a message that leaves the reader to guess what was meant."""
    columns = COURSE_RECORDS.columns
    with pytest.raises(InputError, match=r"f\.csv: column 'attendence' .* expected attendance\?"):
        columns_of(["student", "course", "term", "attendence"], columns, table="course_records", where="f.csv")
