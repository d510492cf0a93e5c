"""The card of a model says what was measured, with what it stands beside, and what it is not for."""

import json
from datetime import date
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gnn import artifact as artifacts
from gnn import card
from gnn.artifact import DemandArtifact
from gnn.baselines.naive import LastChange, Majority
from gnn.benchmarks.table import compare
from gnn.benchmarks.verdict import Verdict
from gnn.commands import app
from gnn.config import DemandConfig
from gnn.dataset import Scaling
from schema.demand import Cuts
from schema.errors import JobError
from tests.gnn.baselines.panels import seasonal

CONFIG = DemandConfig(width=16)
FIGURES = {
    "testAccuracy": 0.78125,
    "testMacroF1": 0.7531,
    "testRows": 400.0,
    "temperature": 0.9412,
    "newFigure": 0.1234,
}
DATA = card.Data("2021-01", "2024-12", 80, 48, 84_216, 18_274, 240_000, 900, ("2021-03", "2023-05"),
                 ("2023-09", "2024-01"), ("2024-05", "2024-09"), (2_000, 300, 400))  # fmt: skip


def model(folder: Path, figures: dict[str, float]) -> Path:
    """An artifact with given figures."""
    cuts = Cuts(32.0, (-0.133, 0.174, 0.432))
    weights = {"a": torch.zeros(1)}
    trained = DemandArtifact(
        "fc:x", CONFIG, ("c1", "c2"), date(2023, 6, 1), cuts, 0.94, 0.1, 500.0, Scaling(), figures, weights
    )
    artifacts.write(trained, folder)
    return folder


def benched(folder: Path, settings_hash: str) -> Path:
    """A folder with the benchmark's table of the university."""
    folder.mkdir()
    table = compare(seasonal(), [Majority(), LastChange()], seeds=(0,), draws=10)
    judged = [{"claim": "beats XGBoost", "met": False, "figures": "0.1 against 0.2", "margin": None}]
    assert set(judged[0]) == set(Verdict.__slots__)
    found = {"set": "university", **table.json(), "settings": settings_hash, "ceiling": 0.85, "verdicts": judged}
    (folder / "university.json").write_text(json.dumps(found))
    return folder


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures=st.dictionaries(st.sampled_from([*card.TITLES, "another"]), st.floats(0, 1e6), max_size=6))
def test_every_measured_figure_is_told(tmp_path: Path, figures: dict[str, float]) -> None:
    """Catches a figure that is measured and then kept back."""
    text = card.write(model(tmp_path / "model", figures)).read_text()
    for name, value in figures.items():
        title = card.TITLES.get(name, name)
        [line] = [line for line in text.splitlines() if line.startswith(f"| {title} |")]
        assert float(line.split("|")[2].replace(",", "")) == pytest.approx(value, rel=1e-3, abs=0.5 * (value > 2))


def test_data_are_told_and_kept(tmp_path: Path) -> None:
    """Catches counts that are lost when the card is written again, and counts that were made up."""
    folder = model(tmp_path / "model", FIGURES)
    assert "not recorded" in card.write(folder).read_text()
    card.write(folder, data=DATA)
    text = card.write(folder).read_text()
    for told in ("80 job clusters", "48 months", "84,216 postings", "18,274 students", "240,000 course records",
                 "2024-05 to 2024-09, 400 rows", "under 32 postings", CONFIG.hash):  # fmt: skip
        assert told in text, told
    assert "must not be used" in text and "Limits" in text and "gnn relate" in text


def test_baselines_and_verdicts_stand_beside(tmp_path: Path) -> None:
    """Catches a card that hides a claim that was not met, or takes over figures of other settings in silence."""
    folder = model(tmp_path / "model", FIGURES)
    text = card.write(folder, bench=benched(tmp_path / "same", CONFIG.hash)).read_text()
    assert "| majority |" in text and "| last change |" in text
    assert "NOT MET: beats XGBoost" in text and "0.850" in text and "with the same settings" in text
    other = card.write(folder, bench=benched(tmp_path / "other", "abcdef")).read_text()
    assert "OTHER settings (abcdef)" in other
    assert "No table of baselines" in card.write(folder, bench=tmp_path / "nowhere").read_text()


def test_the_command(tmp_path: Path) -> None:
    """Catches a card of another model than the newest, and a folder without one."""
    model(tmp_path / "a", {"testAccuracy": 0.1})
    newest = model(tmp_path / "b", FIGURES)
    result = CliRunner().invoke(app, ["card", "--models", str(tmp_path), "--out", str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["card"] == str(newest / card.CARD)
    assert "0.7812" in (newest / card.CARD).read_text()
    with pytest.raises(JobError, match="gnn train"):
        card.write(tmp_path)
