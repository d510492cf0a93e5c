"""The sets of the benchmark: public series, each as panels that end when they are told to, and the rows on them.

The loaded graph is a set too, see `gnn.benchmarks.university`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from gnn.baselines.forecaster import Forecaster
from gnn.benchmarks import hiringlab, usajobs
from gnn.benchmarks.reading import Reading
from gnn.benchmarks.trial import Trial
from gnn.config import DemandConfig
from gnn.panel import Panel
from schema.demand import HORIZON
from schema.errors import InputError, SettingsError

OURS = "ours"
UNIVERSITY, LINKS = "university", "occupation-skill"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Where the public data lie unless the caller says: in shared/data beside the checkout."""

FILES = {
    "hiring-lab": "hiringlab/job_postings_by_sector_US.csv",
    "usajobs": "usajobs",
    "usajobs-half": "usajobs",
    LINKS: "occupation-skill-demand",
}
"""Where each public set lies in the folder of public data."""

SETS = (UNIVERSITY, *FILES)
ORIGINS = {"hiring-lab": 4, "usajobs-half": 2}
"""Trials of a set unless the caller says; one where it is not named. A single test span of a real series can be nearly
two classes."""


class Source(Protocol):
    """A set of the benchmark."""

    @property
    def name(self) -> str:
        """Name on the command line and of the files."""

    @property
    def real(self) -> bool:
        """Whether the data are real, not synthetic."""

    @property
    def horizon(self) -> int:
        """Steps of a window."""

    @property
    def year(self) -> int:
        """Steps of a year."""

    def panel(self, until: int | None = None) -> Panel:
        """Return the series, as one could know them at the end of step ``until - 1``; None takes all."""

    def forecasters(self, trial: Trial, *, seed: int) -> list[Forecaster]:
        """Return what is compared on a trial of this set, fresh, ours last."""


@dataclass(frozen=True, slots=True)
class Series:
    """A public set of series: no student and no text, so that only the masked model and the baselines stand on it.

    Arguments:
        name: of the set.
        read: reads it, cut off at a step.
        config: settings of ours.
        horizon: steps of a window.
        year: steps of a year.
        threads: of the trees.
        real: always.
    """

    name: str
    read: Callable[[int | None], Reading]
    config: DemandConfig
    horizon: int = HORIZON
    year: int = 12
    threads: int = 1
    real: bool = True

    def panel(self, until: int | None = None) -> Panel:
        """Return the series until a step."""
        return self.read(until).panel

    def forecasters(self, trial: Trial, *, seed: int) -> list[Forecaster]:
        """Return the baselines and ours."""
        # torch comes with the networks.
        from gnn.baselines.roster import roster  # noqa: PLC0415
        from gnn.device import chosen  # noqa: PLC0415
        from gnn.material import Material  # noqa: PLC0415
        from gnn.model import DemandModel  # noqa: PLC0415

        beside = roster(horizon=self.horizon, year=self.year, threads=self.threads, device=str(chosen().device))
        return [*beside, DemandModel(self.config, Material(trial.panel, year=self.year), name=OURS)]


def public(name: str, data: Path | None = None, *, config: DemandConfig | None = None, threads: int = 1) -> Series:
    """Return a public set of series.

    Arguments:
        name: "hiring-lab", "usajobs" or "usajobs-half".
        data: folder with the public data; None looks beside the checkout.
        config: settings of ours; the horizon is always that of the set.
        threads: of the trees.

    Raises:
        SettingsError: there is no such set.
        InputError: its files are not there.
    """
    readers: dict[str, Callable[[Path, int | None], Reading]] = {
        "hiring-lab": _hiring_lab,
        "usajobs": lambda path, until: usajobs.read(path, until=until),
        "usajobs-half": lambda path, until: usajobs.read(path, parts=2, until=until),
    }
    if name not in readers:
        raise SettingsError(f"set {name!r}", " or ".join(readers), where="set")
    path = place(name, data)
    settings = replace(config or DemandConfig(), horizon=HORIZON)
    year = 24 if name == "usajobs-half" else 12
    return Series(name, lambda until: readers[name](path, until), settings, year=year, threads=threads)


def place(name: str, data: Path | None = None) -> Path:
    """Return where a public set lies.

    Raises:
        InputError: it is not there.
    """
    path = (data or BESIDE) / FILES[name]
    if not path.exists():
        expected = f"the folder with public data behind --data, with {FILES[name]} as its publisher hands it out"
        raise InputError(f"no {FILES[name]}", expected, where=str(data or BESIDE))
    return path


def _hiring_lab(path: Path, until: int | None) -> Reading:
    found = hiringlab.read(path)
    return replace(found, panel=cut_off(found.panel, until))


def cut_off(panel: Panel, until: int | None) -> Panel:
    """Return a panel without what lies at or after a step; clusters that are not there before it stay, without demand.

    Arguments:
        panel: the data. Its affinity, if any, must be known by then.
        until: step; None keeps all.
    """
    return panel if until is None else replace(panel, values=panel.values[:, :until])
