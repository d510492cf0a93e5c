"""What a simulation of feedback found: week by week, as table, figures and picture."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import t as student_t

from gnn.benchmarks.recommend.table import plain
from gnn.benchmarks.store import write_json, write_text, write_whole
from gnn.settings import Settings

Floats = NDArray[np.float64]

NAME = "feedback-simulation"
ARMS = ("without", "with")


@dataclass(frozen=True, slots=True)
class Setting(Settings):
    """What is simulated.

    Arguments:
        users: students drawn, >= 1.
        weeks: >= 1.
        shown: items of each list that are shown, >= 1.
        seeds: of users, likings and draws; at least one.
    """

    users: int = 200
    weeks: int = 10
    shown: int = 10
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)

    def __post_init__(self) -> None:
        for name in ("users", "weeks", "shown"):
            self.require(name, getattr(self, name) >= 1, "1 or more")


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one arm.

    Arguments:
        worth: mean worth of what is shown, weighted by the chance to be looked at, -1 to 1.
        wanted: actions a user that say that the item is wanted.
        items, clusters: share of those that could be shown which were shown to anyone, 0 to 1.
        item_gini, cluster_gini: how uneven the exposure of items and clusters is, 0 to 1.
    """

    worth: float
    wanted: float
    items: float
    clusters: float
    item_gini: float
    cluster_gini: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of it.

    Arguments:
        setting: what was simulated.
        weeks: by arm, seed and week.
    """

    setting: Setting
    weeks: dict[str, list[list[Week]]]

    def series(self, arm: str, name: str) -> Floats:
        """Return a figure. [seeds, weeks]"""
        return np.array([[getattr(week, name) for week in weeks] for weeks in self.weeks[arm]])

    def difference(self, name: str) -> tuple[Floats, Floats]:
        """Return with less without: the mean of each week, and half its 95 % interval over seeds. [weeks] each"""
        apart = self.series("with", name) - self.series("without", name)
        seeds = len(apart)
        if seeds < 2:
            return apart.mean(axis=0), np.full(apart.shape[1], np.nan)
        half = student_t.ppf(0.975, seeds - 1) * apart.std(axis=0, ddof=1) / np.sqrt(seeds)
        return apart.mean(axis=0), np.asarray(half)

    def markdown(self) -> str:
        """Return the table as Markdown."""
        of = self.setting
        heads = ["week", "worth without", "worth with", "gain", "wanted a user, without", "with"]
        heads += ["clusters shown, without", "with", "Gini of clusters, without", "with"]
        heads += ["items shown, without", "with", "Gini of items, without", "with"]
        about = (
            f"{of.users} users, {of.weeks} weeks, {of.shown} items a list, {len(of.seeds)} seeds. "
            "After the gain its 95 % interval over seeds."
        )
        lines = [about, "", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
        gain, half = self.difference("worth")
        means = {(arm, name): self.series(arm, name).mean(axis=0) for arm in ARMS for name in Week.__dataclass_fields__}
        for week in range(of.weeks):
            cells = [str(week + 1), *(f"{means[arm, 'worth'][week]:.3f}" for arm in ARMS)]
            cells.append(f"{gain[week]:+.3f} ± {half[week]:.3f}")
            for name in ("wanted", "clusters", "cluster_gini", "items", "item_gini"):
                cells += [f"{means[arm, name][week]:.3f}" for arm in ARMS]
            lines.append(f"| {' | '.join(cells)} |")
        return "## Feedback, simulated\n\n" + "\n".join(lines) + "\n"

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        gain, half = self.difference("worth")
        found: dict[str, Any] = plain(
            {
                "setting": asdict(self.setting),
                "gain": gain.tolist(),
                "half": half.tolist(),
                "weeks": {arm: [[asdict(week) for week in run] for run in runs] for arm, runs in self.weeks.items()},
            }
        )
        return found


def draw(path: Path, found: Simulated) -> None:
    """Write the picture: worth of each arm, the gain with its interval, exposure."""
    weeks = np.arange(1, found.setting.weeks + 1)
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    worth, gain_axes, seen = figure.subplots(1, 3)
    gain, half = found.difference("worth")
    for arm, colour in zip(ARMS, ("tab:grey", "tab:blue"), strict=True):
        worth.plot(weeks, found.series(arm, "worth").mean(axis=0), color=colour, label=f"{arm} feedback")
        clusters, uneven = (found.series(arm, name).mean(axis=0) for name in ("clusters", "cluster_gini"))
        seen.plot(weeks, clusters, color=colour, label=f"clusters shown, {arm}")
        seen.plot(weeks, uneven, color=colour, linestyle="--", label=f"Gini of clusters, {arm}")
    gain_axes.plot(weeks, gain, color="tab:blue")
    gain_axes.fill_between(weeks, gain - np.nan_to_num(half), gain + np.nan_to_num(half), alpha=0.25)
    gain_axes.axhline(0.0, color="black", linewidth=0.6)
    worth.set(xlabel="week", ylabel="mean worth of what is shown", title="Worth")
    gain_axes.set(xlabel="week", ylabel="with less without feedback", title="Gain, 95 % over seeds")
    seen.set(xlabel="week", ylim=(0, 1), title="Exposure")
    worth.legend(fontsize="small")
    seen.legend(fontsize="small")
    write_whole(path, lambda target: figure.savefig(target, dpi=120))


def keep(found: Simulated, out: Path) -> Sequence[Path]:
    """Write table, figures and picture, and return where they are."""
    paths = [out / f"{NAME}.{ending}" for ending in ("md", "json", "png")]
    write_text(paths[0], found.markdown())
    write_json(paths[1], found.json())
    draw(paths[2], found)
    return paths
