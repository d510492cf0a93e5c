"""A kept result is dropped where the code behind it changed, and only there."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gnn.benchmarks import fingerprint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small package of two modules, one of which imports the other, counted as ours."""
    folder = tmp_path / "benched"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "inner.py").write_text('"""Doc."""\nVALUE = 1\n')
    (folder / "outer.py").write_text("def found():\n    from benched.inner import VALUE\n    return VALUE\n")
    (folder / "alone.py").write_text("import os\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(fingerprint, "OWN", ("benched",))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "benched"]:
        del sys.modules[name]


def code(name: str) -> str:
    """The digest as a new process takes it."""
    importlib.invalidate_caches()
    fingerprint.code.cache_clear()
    return fingerprint.code(name)


def test_code_that_is_imported_counts(package: Path) -> None:
    """Catches a result that outlives a change of what its forecaster imports, even inside a function."""
    before, alone = code("benched.outer"), code("benched.alone")
    (package / "inner.py").write_text('"""Another text."""\n# A comment.\nVALUE = 1\n')
    assert code("benched.outer") == before
    (package / "inner.py").write_text("VALUE = 2\n")
    assert code("benched.outer") != before
    assert code("benched.alone") == alone
