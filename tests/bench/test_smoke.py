"""The benchmark itself, on a few hundred rows."""

from io import StringIO

import pytest
from rich.console import Console

from tests.bench.load import Measured, main


@pytest.mark.bench
def test_load_benchmark_runs() -> None:
    """Would catch a benchmark that no longer runs, or that measures loads which do not do what they should."""
    output = StringIO()
    assert main(["--small"], console=Console(file=output, width=160)) == 0
    shown = output.getvalue()
    for name in ("new ", "again ", "offline importer ", "next day ", "new, twice as long "):
        assert f"\n{name}" in shown, shown


def test_missed_target_is_told() -> None:
    """Would catch a benchmark that is content with anything."""
    assert Measured("new", 1, 91.0, 100.0, 100.0, 90.0).missed
    assert Measured("new", 1, 89.0, 100.0, 1025.0, 90.0).missed
    assert not Measured("new", 1, 89.0, 100.0, 1023.0, 90.0).missed
    assert not Measured("new", 1, 91.0, 100.0, 2000.0).missed
