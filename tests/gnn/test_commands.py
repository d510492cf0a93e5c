"""The command ``fullcycle gaps``."""

import json

import pytest

from cypher import command
from gnn.writeback import active
from schema.errors import JobError


def test_json_report_names_the_active_generation(world, capsys):
    """Would catch progress lines in the JSON, or a report of a generation that is not active."""
    assert command.run(["gaps", "--goals", "2", "--resources", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["generation"] == active(world).code
    assert report["previous"] is None
    assert (report["metrics"]["gaps"], report["dataThrough"]) == (3.0, "2024-05-10")


def test_table_shows_the_generation_and_as_of(world, capsys):
    """Would catch an --as-of that is read and then ignored."""
    assert command.run(["gaps", "--as-of", "2024-01-31"]) == 0
    shown = capsys.readouterr().out
    assert active(world).code in shown
    assert "2024-01-10" in shown


def test_an_empty_graph_is_an_error(graph):
    """Would catch exit status 0 where nothing was computed."""
    with pytest.raises(JobError, match="vocabulary"):
        command.run(["gaps"])
