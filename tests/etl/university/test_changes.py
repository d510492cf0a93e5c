"""The next day's files: as many rows, known shares of new and changed ones, the rest untouched."""

from pathlib import Path

import pytest

from etl.sources.university import Manifest, changed
from schema.errors import InputError, SettingsError
from tests.etl.university.conftest import TINY, table


def test_shares_are_exact_and_the_rest_is_the_same(tiny: Manifest, tmp_path: Path) -> None:
    """Catches an unchanged row that differs in a byte, which a benchmark would count as unchanged."""
    report = changed(TINY, tiny.folder, tmp_path)
    total = TINY.postings + TINY.interaction_count
    new = altered = same = 0
    for name, key in (("postings", "code"), ("interactions", "key")):
        before = {row[key]: row for row in table(tiny.folder, name)}
        after = table(tmp_path, name)
        assert len(after) == len(before) == len({row[key] for row in after})
        for row in after:
            new += row[key] not in before
            altered += row[key] in before and row != before[row[key]]
            same += row == before.get(row[key])
    assert (new, altered, same) == (report.new, report.changed, report.same)
    assert new + altered + same == total
    assert new == pytest.approx(0.05 * total, abs=2)
    assert altered == pytest.approx(0.10 * total, abs=2)


def test_same_bytes_again(tiny: Manifest, tmp_path: Path) -> None:
    """Catches a next day that is another one every time."""
    assert changed(TINY, tiny.folder, tmp_path / "a").digest == changed(TINY, tiny.folder, tmp_path / "b").digest


def test_new_interactions_refer_to_kept_postings(tiny: Manifest, tmp_path: Path) -> None:
    """Catches a new behaviour on a posting that the same day's file has closed."""
    changed(TINY, tiny.folder, tmp_path, new=0.3, changed=0.0)
    kept = {row["code"] for row in table(tmp_path, "postings")}
    before = {row["key"] for row in table(tiny.folder, "interactions")}
    fresh = [row for row in table(tmp_path, "interactions") if row["key"] not in before]
    assert fresh and all(row["item"] in kept for row in fresh)


def test_wrong_settings_are_refused(tiny: Manifest, tmp_path: Path) -> None:
    """Catches a run that would overwrite the day before, or read the files of another world."""
    with pytest.raises(SettingsError):
        changed(TINY, tiny.folder, tiny.folder)
    with pytest.raises(SettingsError):
        changed(TINY, tiny.folder, tmp_path, new=0.7, changed=0.5)
    with pytest.raises(InputError):
        changed(TINY, tmp_path / "nothing", tmp_path / "out")
