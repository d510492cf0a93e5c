"""Forecasters beside one another by one protocol: the table, its Markdown and its JSON.

`compare` follows the protocol of `gnn.baselines.forecaster`: every forecaster learns from the same rows and foretells
the test span once for each seed. `tabulate` makes the table of runs that were made elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gnn.baselines.forecaster import Forecaster
from gnn.benchmarks.scoring import Line, Runs, Scoring
from gnn.benchmarks.trial import SPLITS, Outcome, Split, Trial, attempt, parted
from gnn.metrics import Interval
from gnn.panel import Panel, Places
from schema.demand import HORIZON
from schema.derived import DEMAND_CLASSES
from schema.errors import SettingsError

DRAWS = 500
COLUMNS = ("accuracy", "macro_f1", "weighted_f1", "top_3", "ordinal_error", "rmse_change", "rmse_intensity",
           "calibration_error", "coverage")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """What forecasters scored on the same rows.

    Arguments:
        data: name of the panel.
        split: "time", or "random-leaking", whose figures are too good.
        clusters, months: size of the panel of the latest trial.
        rows: rows learned from in the latest trial, and rows of the test in all trials.
        classes: share of each class in both.
        low, cuts: cut points of the latest trial.
        spans: first and last origin of the test of each trial, the latest first.
        seeds: as given.
        reference: the forecaster that the others are held against.
        lines: in the order given.
    """

    data: str
    split: str
    clusters: int
    months: int
    rows: dict[str, int]
    classes: dict[str, list[float]]
    low: float
    cuts: tuple[float, float, float]
    spans: tuple[str, ...]
    seeds: tuple[int, ...]
    reference: str
    lines: tuple[Line, ...]

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values; NaN becomes None."""
        return _plain(asdict(self))  # type: ignore[return-value]

    def markdown(self, *, ceiling: float | None = None) -> str:
        """Return the table as Markdown, with what it rests on above it.

        Arguments:
            ceiling: accuracy that an oracle reaches on the rows of the latest trial; its share is then a column.
        """
        heads = [name.replace("_", " ") for name in COLUMNS]
        heads += ["accuracy over clusters", f"accuracy - {self.reference}"]
        heads += ["of the ceiling"] if ceiling else []
        lines = [*self._about(), "", *_head(["row", *heads])]
        for line in self.lines:
            cells = [_cell(line.metrics[name]) for name in COLUMNS]
            against = line.against.get("accuracy")
            cells += [ends(line.clusters["accuracy"]), f"{against.mean:+.3f} {ends(against)}" if against else ""]
            cells += [f"{line.trials[0] / ceiling:.1%}"] if ceiling else []
            lines.append(f"| {line.name} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def _about(self) -> list[str]:
        leaking = "; RANDOM SPLIT, LEAKS: rows that overlap in time on both sides" if self.split != "time" else ""
        seeds = ", ".join(map(str, self.seeds))
        about = (
            f"{self.data}: {self.clusters} clusters, {self.months} steps, learned from {self.rows['fit']} rows, "
            f"test {self.rows['test']} rows, {len(self.seeds)} seeds ({seeds}){leaking}"
        )
        shares = ", ".join(
            f"{name.replace('_', ' ').lower()} {share:.0%}"
            for name, share in zip(DEMAND_CLASSES, self.classes["test"], strict=True)
        )
        origins = f"Origins of the test: {'; '.join(self.spans)}. Classes in it: {shares}."
        intervals = (
            "After ± half the 95 % interval over seeds; in brackets the 95 % interval when clusters are drawn again, "
            f"of the difference to {self.reference} too, which is paired."
        )
        return [about, "", origins, intervals]

    def parts(self) -> str:
        """Return a table of the accuracy on parts of the rows, of those that have any, as Markdown."""
        names = [name for name, found in self.lines[0].slices.items() if found["rows"]]
        counts = {name: int(self.lines[0].slices[name]["rows"]) for name in names}
        lines = _head(["accuracy on", *(f"{name} ({count})" for name, count in counts.items())])
        for line in self.lines:
            cells = [f"{line.slices[name]['accuracy']:.3f}" for name in names]
            lines.append(f"| {line.name} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def line(self, name: str) -> Line:
        """Return the line of a forecaster.

        Raises:
            SettingsError: it is not in the table.
        """
        for each in self.lines:
            if each.name == name:
                return each
        raise SettingsError(f"forecaster {name!r}", ", ".join(each.name for each in self.lines), where="table")


def compare(
    panel: Panel,
    forecasters: Sequence[Forecaster],
    *,
    seeds: Sequence[int] = (0, 1, 2),
    split: Split = "time",
    horizon: int = HORIZON,
    reference: str = "XGBoost",
    draws: int = DRAWS,
    progress: Callable[[str], None] | None = None,
) -> Table:
    """Let each forecaster learn and foretell, and score it.

    Arguments:
        panel: the data.
        forecasters: what to compare; names differ.
        seeds: at least one.
        split: "time"; "random-leaking" parts rows at random instead, to show what that adds: no result.
        horizon: months of a window.
        reference: name of the forecaster that the others are held against; the first where there is none of that name.
        draws: draws of the bootstrap, >= 1.
        progress: told of each step.

    Raises:
        SettingsError: no such split, no seed, or two forecasters of one name.
        JobError: there are no rows to learn from or none to test.
    """
    check_names([forecaster.name for forecaster in forecasters], seeds)
    trial = Trial.of(panel, split=split, horizon=horizon)
    runs: dict[str, list[list[Outcome]]] = {}
    for number, forecaster in enumerate(forecasters, start=1):
        runs[forecaster.name] = []
        for seed in seeds:
            found = attempt(trial, forecaster, seed=seed)
            runs[forecaster.name].append([found])
            if progress:
                about = f"{panel.name} [{number}/{len(forecasters)}] {forecaster.name}, seed {seed}"
                progress(f"{about}: {sum(found.seconds):.1f} s")
    return tabulate([trial], runs, seeds=seeds, reference=reference, draws=draws)


def check_names(names: Sequence[str], seeds: Sequence[int]) -> None:
    """Raise SettingsError where there is no seed, no forecaster, or two of one name."""
    if not seeds or not names or len(set(names)) != len(names):
        given = f"{len(seeds)} seeds, forecasters {list(names)}"
        raise SettingsError(given, "a seed, and names that differ", where="compare")


def tabulate(
    trials: Sequence[Trial],
    runs: Mapping[str, Runs],
    *,
    seeds: Sequence[int],
    reference: str = "XGBoost",
    draws: int = DRAWS,
) -> Table:
    """Return the table of runs.

    Arguments:
        trials: the latest first; at least one.
        runs: by name of the forecaster: outcomes by seed and trial.
        seeds: of the runs.
        reference: as in `compare`.
        draws: draws of the bootstrap, >= 1.
    """
    names = list(runs)
    reference = reference if reference in names else names[0]
    scoring = Scoring(trials, draws=draws)
    latest = trials[0]
    parts = {
        "fit": latest.rows.label[latest.fit],
        "test": scoring.label,
    }
    return Table(
        data=latest.panel.name,
        split=latest.split,
        clusters=len(latest.panel.clusters),
        months=latest.panel.months,
        rows={part: len(label) for part, label in parts.items()},
        classes={part: _shares(label) for part, label in parts.items()},
        low=latest.rows.cuts.low,
        cuts=latest.rows.cuts.change,
        spans=tuple(trial.span for trial in trials),
        seeds=tuple(seeds),
        reference=reference,
        lines=tuple(
            scoring.line(name, found, other=None if name == reference else runs[reference])
            for name, found in runs.items()
        ),
    )


def ends(found: Interval) -> str:
    """Return the ends of an interval as text."""
    return f"[{found.low:.3f}, {found.high:.3f}]"


def _head(cells: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(cells)} |", f"|{' --- |' * len(cells)}"]


def _shares(label: Places) -> list[float]:
    return [round(float(count) / max(len(label), 1), 4) for count in np.bincount(label, minlength=len(DEMAND_CLASSES))]


def _cell(found: Interval) -> str:
    if np.isnan(found.mean):
        return "-"
    half = (found.high - found.low) / 2
    return f"{found.mean:.3f}" if np.isnan(half) or half < 5e-4 else f"{found.mean:.3f} ± {half:.3f}"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, 5) if np.isfinite(value) else None
    return value


__all__ = ["DRAWS", "SPLITS", "Line", "Split", "Table", "compare", "ends", "parted", "tabulate"]
