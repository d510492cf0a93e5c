"""The frozen configuration of a synthetic university: its sizes, its dynamics, its dirt, its seed."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from etl.sources.university.calendar import Window, month_number
from schema.errors import SettingsError

# Every room draws from its own stream, so that a change in one leaves the others as they were. Only append.
ROOMS = (
    "clusters", "employers", "resources", "students", "training", "dynamics", "ceiling", "postings", "text", "dirt",
    "practice", "careers", "interactions", "changes",
)  # fmt: skip

PAPER_POSTINGS = 84_216
PAPER_STUDENTS = 18_274
PAPER_INTERACTIONS = 41_784
PAPER_CAREERS = 6_315


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How demand moves; the equations are in `dynamics`.

    Arguments:
        change: standard deviation of the predictable log change of one quarter against the last, above 0.
        own, text, training, graph: shares of the variance of that predictable change that each channel carries;
            they are divided by their sum.
        season: part of `own` that is the season of the year; the rest is the movement of the series itself, 0 to 1.
        noise: standard deviation of the unpredictable part of that change, as a fraction of `change`, 0 or more.
        spread: standard deviation of the log level between clusters.
        breaks: share of the clusters with one sudden lasting shift of level.
        shift: size of such a shift, in logs, up or down.
        new: share of the clusters that appear only inside the window.
    """

    change: float = 0.50
    own: float = 0.20
    text: float = 0.35
    training: float = 0.20
    graph: float = 0.25
    season: float = 0.15
    noise: float = 0.16
    spread: float = 0.30
    breaks: float = 0.05
    shift: float = 0.6
    new: float = 0.05

    @property
    def shares(self) -> dict[str, float]:
        """Share of the predictable variance by channel; they sum to 1."""
        given = {"own": self.own, "text": self.text, "training": self.training, "graph": self.graph}
        total = sum(given.values())
        return {name: value / total for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class Dirt:
    """Rates of planted faults, each as a share of the rows of its file."""

    missing: float = 0.010
    exact_duplicates: float = 0.005
    near_duplicates: float = 0.005
    wrong_dates: float = 0.005
    implausible_pay: float = 0.003
    expired: float = 0.004
    unknown_skills: float = 0.03
    bad_course_references: float = 0.002
    bad_scores: float = 0.001
    repeated_course_records: float = 0.001


@dataclass(frozen=True, slots=True)
class World:
    """One synthetic university. Nothing in it comes from real people, employers or postings.

    Arguments:
        postings: rows of postings.csv, duplicates included; at least 100.
        students: students, each with course records; at least 50.
        months: months of postings, 15 to 240.
        clusters: job clusters, 8 to 1000.
        seed: any whole number from 0; the same world gives the same bytes.
        start: first month, ``YYYY-MM``.
        resources: training resources of all ten kinds; None for a number that suits the size.
        interactions: behaviours of users; None for as many per posting as in the paper's daily load.
        careers: internships and outcomes together; None for as many per student as in the paper.
        dynamics, dirt: see there.

    Errors: SettingsError for a size outside its range.
    """

    postings: int = 3_000
    students: int = 400
    months: int = 24
    clusters: int = 30
    seed: int = 20_260
    start: str = "2021-01"
    resources: int | None = None
    interactions: int | None = None
    careers: int | None = None
    dynamics: Dynamics = field(default_factory=Dynamics)
    dirt: Dirt = field(default_factory=Dirt)

    def __post_init__(self) -> None:
        for name, low, high in (
            ("postings", 100, 50_000_000), ("students", 50, 5_000_000), ("months", 15, 240), ("clusters", 8, 1_000),
            ("seed", 0, 2**63),
        ):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"{name} {value}", f"{low} to {high}", where="World")
        month_number(self.start)

    @property
    def window(self) -> Window:
        """The months of postings."""
        return Window(month_number(self.start), self.months)

    @property
    def resource_count(self) -> int:
        """Resources of all kinds, policies included."""
        given = self.resources
        suited = 190 + 2_810 * self.students // PAPER_STUDENTS
        return given if given is not None else max(4 * self.clusters, min(suited, 3_000))

    @property
    def interaction_count(self) -> int:
        """Rows of interactions.csv."""
        given = self.interactions
        return given if given is not None else round(self.postings * PAPER_INTERACTIONS / PAPER_POSTINGS)

    @property
    def career_count(self) -> int:
        """Rows of internships.csv and outcomes.csv together."""
        return self.careers if self.careers is not None else round(self.students * PAPER_CAREERS / PAPER_STUDENTS)

    def generator(self, room: str) -> np.random.Generator:
        """The random stream of one room, independent of all others."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=(ROOMS.index(room),))))

    def parameters(self) -> dict[str, Any]:
        """All settings as plain values, the derived sizes included, for world.json."""
        given = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        given.update(
            resources=self.resource_count,
            interactions=self.interaction_count,
            careers=self.career_count,
            dynamics=asdict(self.dynamics),
            dirt=asdict(self.dirt),
        )
        return given


SMALL = World(start="2023-01")
"""For the first `make up`: about 3,000 postings and 400 students over two years."""

PAPER = World(postings=PAPER_POSTINGS, students=PAPER_STUDENTS, months=48, clusters=80)
"""The size of the paper: 84,216 postings from January 2021 to December 2024, 18,274 students."""
