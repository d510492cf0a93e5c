"""The reader of the job postings index: means of months, and what it does with rows that are not as they should be."""

from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from gnn.benchmarks import hiringlab
from gnn.panel import rows
from schema.errors import InputError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "hiringlab"
HEADER = "date,jobcountry,indeed_job_postings_index,variable,display_name"


def lines(first: date, last: date, *, sector: str = "Sales", variable: str = "total postings") -> list[str]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [f"{day},US,{day.month}{'.5' if day.day % 2 else ''},{variable},{sector}" for day in days]


def written(folder: Path, body: list[str], *, header: str = HEADER) -> Path:
    path = folder / "job_postings_by_sector_US.csv"
    path.write_text("\n".join([header, *body]) + "\n", encoding="utf-8")
    return path


def test_months_are_means_and_a_started_month_is_left_out(tmp_path: Path) -> None:
    """Catches sums for means, the wrong variable, and a last month of a few days."""
    body = lines(date(2020, 2, 1), date(2020, 4, 29)) + lines(date(2020, 2, 1), date(2020, 4, 29), sector="Arts")
    body += lines(date(2020, 2, 1), date(2020, 4, 29), variable="new postings")
    read = hiringlab.read(written(tmp_path, body))
    assert read.panel.clusters == ("Arts", "Sales")
    assert read.panel.start == date(2020, 2, 1)
    assert read.panel.values[1].tolist() == pytest.approx([2 + 15 / 29 / 2, 3 + 16 / 31 / 2])
    whole = hiringlab.read(written(tmp_path, lines(date(2020, 2, 1), date(2020, 4, 30))))
    assert whole.panel.months == 3
    assert whole.panel.name == "Hiring Lab US"


def test_bad_rows_are_counted_with_their_place(tmp_path: Path) -> None:
    """Catches a row that stops the reader, or is left out in silence, or counts twice."""
    body = lines(date(2020, 2, 1), date(2020, 2, 29))
    body += ["2020-13-01,US,5,total postings,Sales", "2020-02-03,US,none,total postings,Sales"]
    body += ["2020-02-04,US,-1,total postings,Sales", "2020-02-05,US,900,total postings,Sales"]
    body += ["2020-02-04,US,1,total postings,"]
    path = written(tmp_path, body)
    read = hiringlab.read(path)
    assert read.faults.counts == {"bad date": 1, "bad index": 2, "twice the same day": 1, "no sector": 1}
    assert read.faults.first["bad date"] == f"{path}:31"
    assert "first" in str(read.faults)
    assert read.panel.values[0].tolist() == pytest.approx([2 + 15 / 29 / 2])


def test_a_sector_without_early_data_is_not_known_there(tmp_path: Path) -> None:
    """Catches a sector that starts later and counts as no demand before."""
    body = lines(date(2020, 2, 1), date(2020, 4, 30)) + lines(date(2020, 3, 10), date(2020, 4, 30), sector="Arts")
    values = hiringlab.read(written(tmp_path, body)).panel.values
    assert np.isnan(values[0]).tolist() == [True, False, False]
    few = lines(date(2020, 2, 1), date(2020, 4, 30)) + lines(date(2020, 3, 20), date(2020, 4, 30), sector="Arts")
    assert np.isnan(hiringlab.read(written(tmp_path, few)).panel.values[0]).tolist() == [True, True, False]


def test_errors_name_file_and_line(tmp_path: Path) -> None:
    """Catches an error that does not say which file, and a second country that is mixed in."""
    path = written(tmp_path, ["2020-02-01,US"], header="date,jobcountry")
    with pytest.raises(InputError, match=r"US\.csv:1: no column indeed_job_postings_index"):
        hiringlab.read(path)
    body = [*lines(date(2020, 2, 1), date(2020, 2, 29)), "2020-02-01,GB,5,total postings,Arts"]
    with pytest.raises(InputError, match="countries"):
        hiringlab.read(written(tmp_path, body))
    with pytest.raises(InputError, match="a whole month"):
        hiringlab.read(written(tmp_path, lines(date(2020, 2, 1), date(2020, 2, 20))))
    with pytest.raises(InputError, match="no such file"):
        hiringlab.read(tmp_path / "absent.csv")
    (tmp_path / "broken.zip").write_text("no zip")
    with pytest.raises(InputError, match="not a zip file"):
        hiringlab.read(tmp_path / "broken.zip")


def test_a_zip_and_a_folder_read_as_the_file(tmp_path: Path) -> None:
    """Catches a download that must be unpacked by hand."""
    path = written(tmp_path, lines(date(2020, 2, 1), date(2020, 4, 30)))
    (tmp_path / "sector-job-title-examples.csv").write_text("sector,job_titles\n")
    with ZipFile(tmp_path / "us.zip", "w") as packed:
        packed.write(path, "US/job_postings_by_sector_US.csv")
        packed.write(tmp_path / "sector-job-title-examples.csv", "US/sector-job-title-examples.csv")
    plain = hiringlab.read(path).panel.values
    assert hiringlab.read(tmp_path / "us.zip").panel.values.tolist() == plain.tolist()
    assert hiringlab.read(tmp_path).panel.values.tolist() == plain.tolist()


@pytest.mark.real
def test_the_real_file() -> None:
    """Catches a change of what the publisher's file becomes."""
    if not DATA.is_dir():
        pytest.skip("the real data is not here: ../shared/data beside the checkout")
    read = hiringlab.read(DATA)
    assert read.panel.values.shape == (46, 55)
    assert read.rows == 78246 and not read.faults.counts
    assert read.panel.month(54) == date(2024, 8, 1)
    assert not np.isnan(read.panel.values).any()
    assert len(rows(read.panel)) == 46 * 50
