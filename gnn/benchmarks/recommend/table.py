"""The tables of the benchmark, and what they show."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gnn.benchmarks.recommend.metrics import HEADLINE, METRICS, Span
from gnn.benchmarks.verdict import Verdict

STEPS = ("documented weights",)
"""Rows that are parts of ours, to show what the rest adds, and nobody to be beaten."""
BESIDE = ("coverage", "novelty", "diversity")


@dataclass(frozen=True, slots=True)
class Line:
    """A row on one task.

    Arguments:
        name: of the row.
        metrics: means over events and seeds, by name.
        beside: coverage, novelty and diversity of the first ten of its lists; NaN where they mean nothing.
        span: of the headline, with its interval over users.
        against: ours less this row, paired, in the headline; None for ours.
    """

    name: str
    metrics: Mapping[str, float]
    beside: Mapping[str, float]
    span: Span
    against: Span | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """How even ours is over the groups of an attribute.

    Arguments:
        attribute: gender, region, difficulty or year.
        groups: headline of each group with enough events.
        gap: of the headline, the best group less the worst.
        exposures: of each group, as `fairness` tells it.
        exposure_gap: of these, the largest less the smallest.
        bounded_gap: of the exposures when lists are put in order again within the bound; None where students are not
            what is ranked.
        bounded_cost: what that takes off the headline.
    """

    attribute: str
    groups: Mapping[str, float]
    gap: float
    exposures: Mapping[str, float]
    exposure_gap: float
    bounded_gap: float | None = None
    bounded_cost: float | None = None


@dataclass(frozen=True, slots=True)
class TaskTable:
    """What all rows made of a task.

    Arguments:
        task: its name.
        events, users: how many.
        dropped: steps left out, by reason.
        offered: items that were a candidate at all.
        pool: candidates of an event, on average.
        lines: ours is called "ours".
        ceiling: the oracle's row on the same events, or None.
        fairness: of ours, by attribute.
    """

    task: str
    events: int
    users: int
    dropped: Mapping[str, int]
    offered: int
    pool: float
    lines: tuple[Line, ...]
    ceiling: Line | None = None
    fairness: tuple[Fairness, ...] = ()

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values; NaN becomes None."""
        found: dict[str, Any] = plain(asdict(self))
        return found

    def markdown(self) -> str:
        """Return the table as Markdown, with what it rests on above it."""
        left = "; ".join(f"{name} {count}" for name, count in self.dropped.items())
        about = f"{self.events} steps of {self.users} users, {self.pool:,.0f} candidates each on average."
        heads = ["row", *METRICS, *BESIDE, f"ours - row, {HEADLINE}"]
        heads += ["of the ceiling"] if self.ceiling else []
        lines = [about + (f" Left out: {left}." if left else ""), "", *_head(heads)]
        every = [*self.lines, self.ceiling] if self.ceiling else [*self.lines]
        for line in every:
            cells = [_cell(line.metrics[name]) for name in METRICS] + [_cell(line.beside[name]) for name in BESIDE]
            cells.append(str(line.against) if line.against else "")
            if self.ceiling:
                top = self.ceiling.metrics[HEADLINE]
                cells.append(f"{line.metrics[HEADLINE] / top:.0%}" if top > 0 else "-")
            lines.append(f"| {line.name} | {' | '.join(cells)} |")
        return f"### {self.task}\n\n" + "\n".join(lines) + "\n" + self._fair()

    def _fair(self) -> str:
        if not self.fairness:
            return ""
        heads = ["ours by", f"{HEADLINE} by group", "gap", "exposure by group", "gap", "gap within the bound", "cost"]
        lines = ["", *_head(heads)]
        for each in self.fairness:
            cells = [each.attribute, _groups(each.groups), _cell(each.gap), _groups(each.exposures)]
            cells += [_cell(each.exposure_gap), _cell(each.bounded_gap), _cell(each.bounded_cost)]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def verdicts(self, *, ours: str) -> list[Verdict]:
        """Return whether ours beats each row by more than the interval, and stays below the ceiling."""
        found = []
        mine = next((line for line in self.lines if line.name == ours), None)
        if mine is None:
            return [Verdict(f"{self.task}: what ours is worth", None, f"no row {ours!r}")]
        for line in self.lines:
            if line.against is not None and line.name not in STEPS:
                figures = f"{HEADLINE} {mine.metrics[HEADLINE]:.3f} against {line.metrics[HEADLINE]:.3f}, "
                figures += f"difference {line.against}"
                claim = f"{self.task}: beats {line.name} by more than the interval"
                found.append(Verdict(claim, line.against.low > 0.0, figures, line.against.mean))
        if self.ceiling and self.ceiling.against:
            # Chance lifts a list above the truth now and then; what lies above by more than the interval is a leak.
            figures = f"{mine.metrics[HEADLINE]:.3f}, ceiling {self.ceiling.metrics[HEADLINE]:.3f}, "
            figures += f"difference {self.ceiling.against}"
            claim = f"{self.task}: not above the ceiling by more than the interval, which only a leak would explain"
            found.append(Verdict(claim, self.ceiling.against.low <= 0.0, figures))
        return found


def _head(cells: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(cells)} |", f"|{' --- |' * len(cells)}"]


def _cell(value: float | None) -> str:
    return "-" if value is None or np.isnan(value) else f"{value:.3f}"


def _groups(found: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in found.items()) or "-"


def plain(value: Any) -> Any:
    """Return plain values for JSON; what is not a number becomes None."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float | np.floating):
        return round(float(value), 5) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
