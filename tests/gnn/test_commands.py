"""The command ``fullcycle gaps``."""

import json

import pytest
import typer
from typer.testing import CliRunner

from gnn.commands import gaps
from gnn.writeback import active
from schema.errors import JobError


@pytest.fixture
def run():
    """Run the command as the assembled app does."""
    app = typer.Typer()
    app.command("gaps")(gaps)

    def call(*arguments):
        result = CliRunner().invoke(app, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def test_json_report_names_the_active_generation(world, run):
    """Would catch progress lines in the JSON, or a report of a generation that is not active."""
    report = json.loads(run("--goals", "2", "--resources", "1", "--least-units", "1", "--json"))
    assert report["generation"] == active(world).code
    assert report["previous"] is None
    assert (report["metrics"]["gaps"], report["dataThrough"]) == (6.0, "2024-05-10")


def test_table_shows_the_generation_and_as_of(world, run):
    """Would catch an --as-of that is read and then ignored."""
    shown = run("--as-of", "2024-01-31")
    assert active(world).code in shown
    assert "2024-01-10" in shown


def test_an_empty_graph_is_an_error(graph, run):
    """Would catch exit status 0 where nothing was computed."""
    with pytest.raises(JobError, match="vocabulary"):
        run()
