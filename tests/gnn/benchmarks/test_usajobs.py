"""The reader of federal postings: counts of series, the month that is not there, and what is left out."""

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from gnn.benchmarks import usajobs
from gnn.panel import rows
from schema.errors import InputError, SettingsError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "usajobs"
MONTHS = [date(2024 + number // 12, number % 12 + 1, 1) for number in range(20)]


def posting(number: int, day: date, *series: str) -> dict[str, object]:
    return {"control_number": number, "open_date": day.isoformat(), "occupation_series": list(series)}


def monthly(*, missing: int = 12) -> list[dict[str, object]]:
    """Return postings of 20 months: of A as many as the number of the month, of B one, and one of both."""
    made: list[dict[str, object]] = []
    for number, month in enumerate(MONTHS):
        if number == missing:
            continue
        made += [posting(len(made) + 1000 * number + each, month.replace(day=20), "A") for each in range(number + 1)]
        made += [posting(900_000 + number, month, "B"), posting(910_000 + number, month.replace(day=28), "A", "B", "A")]
    made.append(posting(1, date(2025, 8, 31), "A"))
    return made


def written(folder: Path, postings: object, name: str = "jobs_of_one.json") -> Path:
    (folder / name).write_text(json.dumps(postings), encoding="utf-8")
    return folder


def test_postings_count_once_in_each_series(tmp_path: Path) -> None:
    """Catches a series named twice that counts twice, and a second series that is forgotten."""
    panel = usajobs.read(written(tmp_path, monthly()), least=5).panel
    assert panel.clusters == ("A", "B")
    assert panel.start == date(2024, 1, 1) and panel.months == 20
    assert panel.values[0, :5].tolist() == [2.0, 3.0, 4.0, 5.0, 6.0]
    assert panel.values[1, :5].tolist() == [2.0] * 5


def test_a_month_that_is_not_there_is_not_zero(tmp_path: Path) -> None:
    """Catches rows that take the missing month for a fall to nothing."""
    panel = usajobs.read(written(tmp_path, monthly()), least=5).panel
    assert np.isnan(panel.values[:, 12]).all()
    assert np.isnan(panel.values).sum() == 2
    assert set(rows(panel).origin.tolist()) == {2, 3, 4, 5, 6, 7, 8, 15, 16}


def test_half_months_part_at_the_fifteenth(tmp_path: Path) -> None:
    """Catches days in the wrong half, and a year that has twelve steps still."""
    read = usajobs.read(written(tmp_path, monthly()), least=5, parts=2)
    assert read.year == 24
    assert read.panel.months == 40
    assert read.panel.values[:, 0].tolist() == [0.0, 1.0]
    assert read.panel.values[:, 1].tolist() == [2.0, 1.0]
    assert np.isnan(read.panel.values[:, 24:26]).all()


def test_series_are_chosen_without_the_future(tmp_path: Path) -> None:
    """Catches a look ahead: a series that becomes busy after the training span must not be chosen for it."""
    late = [posting(950_000 + number, date(2025, 8, 3), "C") for number in range(50)]
    assert usajobs.read(written(tmp_path, monthly() + late), least=5).panel.clusters == ("A", "B")


def test_bad_postings_are_counted_with_their_place(tmp_path: Path) -> None:
    """Catches a posting that stops the reader, or that counts though it is there twice."""
    bad: list[object] = [posting(5_000_000, date(2024, 3, 1)), {"open_date": "soon", "occupation_series": ["A"]}, 7]
    folder = written(tmp_path, [*bad, *monthly()])
    written(tmp_path, [posting(900_000, date(2024, 1, 1), "B")], "jobs_of_two.json")
    read = usajobs.read(folder, least=5)
    assert read.faults.counts == {
        "no occupation series": 1, "bad opening date": 1, "not an object": 1, "twice the same control number": 1,
    }  # fmt: skip
    assert read.faults.first["bad opening date"].endswith("jobs_of_one.json:posting 2")
    assert read.faults.first["twice the same control number"].endswith("jobs_of_two.json:posting 1")
    assert read.rows == len(monthly())


def test_errors_name_file_and_line(tmp_path: Path) -> None:
    """Catches an error that does not say where."""
    (tmp_path / "a.json").write_text('[\n{"open_date": }]')
    with pytest.raises(InputError, match=r"a\.json:2: not JSON"):
        usajobs.read(tmp_path)
    with pytest.raises(InputError, match=r"a\.json:1: a JSON dict"):
        usajobs.read(written(tmp_path, {}, "a.json"))
    with pytest.raises(InputError, match="no posting that can be read"):
        usajobs.read(written(tmp_path, [], "a.json"))
    with pytest.raises(InputError, match="no series with 24000 postings"):
        usajobs.read(written(tmp_path, monthly(), "a.json"), least=24000)
    with pytest.raises(SettingsError, match="3 steps of a month"):
        usajobs.read(tmp_path, parts=3)


def test_a_zip_reads_as_the_folder(tmp_path: Path) -> None:
    """Catches a download that must be unpacked by hand."""
    folder = written(tmp_path, monthly())
    with ZipFile(tmp_path / "jobs.zip", "w") as packed:
        packed.write(folder / "jobs_of_one.json", "data/jobs_of_one.json")
    plain = usajobs.read(folder, least=5).panel.values
    np.testing.assert_array_equal(usajobs.read(tmp_path / "jobs.zip", least=5).panel.values, plain)


@pytest.mark.real
def test_the_real_files() -> None:
    """Catches a change of what the publisher's files become: January 2025 is not there, 2025 is lower."""
    if not DATA.is_dir():
        pytest.skip("the real data is not here: ../shared/data beside the checkout")
    read = usajobs.read(DATA)
    assert read.rows == 23493
    assert dict(read.faults.counts) == {"twice the same control number": 1}
    assert read.panel.values.shape == (104, 23)
    assert np.isnan(read.panel.values[:, 11]).all() and np.isnan(read.panel.values).sum() == 104
    total = read.panel.values.sum(axis=0)
    assert total[12:].mean() < 0.3 * total[:11].mean()
