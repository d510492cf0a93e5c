"""Past forecasts on a real graph against what came, worked out by hand."""

import json
from datetime import date
from math import log, sqrt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.commands import app
from gnn.jobs.evaluation import evaluate
from schema.errors import JobError
from tests.forecasts import FIRST, write

QUIET = Progress.silent()
# The drawn world has analyst postings in January to April 2024, and one of no cluster on 10 May: April is over.
RIPE, LATER = date(2024, 1, 1), date(2024, 3, 1)
CALM = dict.fromkeys(FIRST, ("STABLE", 9.0, 0.0, 0.0))


def test_ripe_forecasts_by_hand(world: Graph) -> None:
    """Catches windows that are a month off, cut points of another generation, and a hit that is none."""
    code = write(world, origin=RIPE).generation
    [line] = evaluate(world, progress=QUIET).lines
    assert (line.generation, line.month, line.forecasts, line.ripe) == (code, date(2024, 2, 1), 2, 2)
    # Analyst: 1 posting in November to January, 3 in February to April: log(4 / 2) is high growth, as foretold. The
    # developer has none at all: low demand, as foretold.
    assert (line.accuracy, line.macro_f1) == (1.0, 1.0)
    # The analyst's last quarter had a single posting, low demand; the developer's too.
    assert line.persistence == 0.5
    # Foretold 19 postings and a change of log 2; none for the developer.
    apart = (log(20) - log(4)) / log(100)
    assert line.rmse_intensity == pytest.approx(apart / sqrt(2))
    assert line.rmse_change == pytest.approx(0.0, abs=1e-9)
    assert line.coverage == 0.5
    assert line.calibration_error == pytest.approx(0.4)


def test_generations_stand_apart(world: Graph) -> None:
    """Catches an unripe window that is counted as nothing came, and a total of other rows than the lines."""
    early, second, late = write(world, origin=RIPE), write(world, CALM, origin=RIPE), write(world, origin=LATER)
    report = evaluate(world, progress=QUIET)
    assert report.through == date(2024, 4, 30)
    found = {line.generation: line for line in report.lines}
    assert list(found) == [late.generation, second.generation, early.generation, "all"]
    assert (found[late.generation].ripe, found[late.generation].forecasts) == (0, 2)
    assert found[late.generation].cells()[4:] == ("-",) * 7
    assert (found[second.generation].accuracy, found[early.generation].accuracy) == (0.0, 1.0)
    total = found["all"]
    assert (total.forecasts, total.ripe, total.accuracy, total.persistence) == (6, 4, 0.5, 0.5)
    assert "no more" in report.verdict and "50.0%" in report.verdict


def test_a_forecast_that_was_never_active_does_not_count(world: Graph) -> None:
    """Catches forecasts of a run that died."""
    code = write(world, origin=RIPE).generation
    world.write("MATCH (g:Generation {code: $code}) SET g.activatedAt = null", code=code)
    assert evaluate(world, progress=QUIET).lines == ()


def test_nothing_ripe_is_said(world: Graph) -> None:
    """Catches a figure made of nothing, and silence."""
    assert "no forecast in the graph" in evaluate(world, progress=QUIET).verdict
    write(world, origin=LATER)
    report = evaluate(world, progress=QUIET)
    assert "No forecast is ripe yet" in report.verdict and "2024-06-30" in report.verdict
    assert report.json()["generations"][0]["accuracy"] is None


def test_a_graph_without_postings(graph: Graph) -> None:
    """Catches a bare error of a date that is null."""
    with pytest.raises(JobError, match="load them first"):
        evaluate(graph, progress=QUIET)


def test_the_command(world: Graph, tmp_path: Path) -> None:
    """Catches JSON with other things in it, and a missing model that hides the forecasts."""
    write(world, origin=RIPE)
    result = CliRunner().invoke(app, ["evaluate", "--models", str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["generations"][0]["ripe"] == 2
    assert (found["artifact"], found["figures"]) == (None, {})
    shown = CliRunner().invoke(app, ["evaluate", "--models", str(tmp_path)])
    assert "gnn train" in shown.stdout and "100.0%" in shown.stdout
