"""The occupation-skill graphs as a set: kept expert by expert, judged by the row to beat."""

import json
from pathlib import Path

import pytest

from gnn.benchmarks.links import GIVEN, REFERENCE, bench_links, beside
from gnn.benchmarks.occupation_skill import network, trees
from gnn.benchmarks.occupation_skill.bench import OURS
from schema.errors import InputError
from tests.gnn.benchmarks_occupation.publishing import files, industry, publish

SMALL = network.Settings(width=8, heads=2, hidden=8, steps=10, batch=6)


def test_it_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches experts that are fitted again, or kept under a name that two of them share."""
    publish(tmp_path / "IT.zip", files(industry(half_years=7)))
    real, fits = network.forecast, 0

    def dying(*given: object, **named: object) -> object:
        nonlocal fits
        fits += 1
        if fits == 3:
            raise KeyboardInterrupt
        return real(*given, **named)  # type: ignore[arg-type]

    out = tmp_path / "out"
    monkeypatch.setattr(network, "forecast", dying)
    with pytest.raises(KeyboardInterrupt):
        bench_links(tmp_path, out=out, seeds=(0, 1), settings=SMALL, rounds=3)
    monkeypatch.setattr(network, "forecast", real)
    # Six fits of two experts, three half-years by two seeds; in the third one the trees were there already.
    rest = bench_links(tmp_path, out=out, seeds=(0, 1), settings=SMALL, rounds=3)
    assert (rest.found, rest.fits) == (5, 7)
    again = bench_links(tmp_path, out=out, seeds=(0, 1), settings=SMALL, rounds=3)
    assert (again.found, again.fits) == (12, 0)
    assert again.tables == rest.tables
    fresh = bench_links(tmp_path, out=tmp_path / "fresh", seeds=(0, 1), settings=SMALL, rounds=3)
    assert fresh.tables == rest.tables


def test_the_row_to_beat_stands_beside(tmp_path: Path) -> None:
    """Catches a verdict that passes over the row that came with the data."""
    publish(tmp_path / "IT.zip", files(industry(half_years=7)))
    found = bench_links(tmp_path, out=tmp_path / "out", seeds=(0,), settings=SMALL, rounds=3)
    names = [row.name for row in beside(found.tables[0])]
    assert names[-2:] == [GIVEN, OURS]
    auc = found.verdicts[0]
    assert auc.met == (found.tables[0].rows[-1].mean.auc >= REFERENCE["IT"].auc)
    assert auc.met is False
    written = json.loads((tmp_path / "out" / "occupation-skill.json").read_text())
    assert written["verdicts"][0]["margin"] == pytest.approx(auc.margin)
    assert trees.HALF_YEARS == 2


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    """Catches an empty table."""
    with pytest.raises(InputError, match="zip"):
        bench_links(tmp_path, out=tmp_path)
