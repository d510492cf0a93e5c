"""Past forecasts held against what came: those whose window is over by what the graph knows now.

Each forecast goes by the cut points and the ceiling of its own generation, so that a later model changes no past
verdict. What came is counted from the postings, as for training. Beside each generation stands what naming the class
of the last quarter again would have scored on the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn import metrics
from gnn.forecast import intensity
from gnn.panel import classify, windows
from gnn.snapshot.span import FEED
from schema import clock
from schema.clock import months_later
from schema.demand import Cuts
from schema.derived import DEMAND_CLASSES
from schema.errors import JobError

Floats = NDArray[np.float64]
Row = dict[str, Any]

HEADS = ("generation", "window from", "forecasts", "ripe", "accuracy", "macro F1", "as last quarter",
         "RMSE of intensity", "RMSE of log change", "calibration error", "in the interval")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What forecasts of a generation, or of all, are worth. Figures are NaN where no forecast is ripe.

    Arguments:
        generation: code; "all" for all together.
        month: first day of the window; None for several.
        forecasts, ripe: how many there are, and how many have a window that is over.
        accuracy, macro_f1: of the classes.
        persistence: accuracy of naming the class of the last quarter again, on the same rows.
        rmse_intensity, rmse_change: errors of intensity, 0 to 1, and of the log change.
        calibration_error: expected calibration error of the probabilities.
        coverage: share of intensities inside their interval.
    """

    generation: str
    month: date | None
    forecasts: int
    ripe: int
    accuracy: float
    macro_f1: float
    persistence: float
    rmse_intensity: float
    rmse_change: float
    calibration_error: float
    coverage: float

    def cells(self) -> tuple[str, ...]:
        """Return what stands in a table, in the order of HEADS."""
        figures = (self.accuracy, self.macro_f1, self.persistence, self.rmse_intensity, self.rmse_change,
                   self.calibration_error, self.coverage)  # fmt: skip
        month = f"{self.month:%Y-%m}" if self.month else ""
        told = ("-" if np.isnan(figure) else f"{figure:.3f}" for figure in figures)
        return (self.generation, month, str(self.forecasts), str(self.ripe), *told)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What past forecasts are worth.

    Arguments:
        through: last day of data.
        lines: of each generation, the latest first, then of all together where there are several.
        verdict: in a sentence, also where there is nothing to judge.
    """

    through: date
    lines: tuple[Line, ...]
    verdict: str

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values; NaN becomes None."""
        lines = [{name: _plain(value) for name, value in asdict(line).items()} for line in self.lines]
        return {"through": self.through.isoformat(), "generations": lines, "verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class _Held:
    """Ripe forecasts beside what came, [forecasts]."""

    named: NDArray[np.int64]
    label: NDArray[np.int64]
    before: NDArray[np.int64]
    probabilities: Floats
    foretold: Floats
    came: Floats
    change: Floats
    changed: Floats
    inside: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence["_Held"]) -> "_Held":
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def figures(self) -> tuple[float, ...]:
        return (
            metrics.accuracy(self.label, self.named),
            metrics.macro_f1(self.label, self.named),
            metrics.accuracy(self.label, self.before),
            metrics.rmse(self.came, self.foretold),
            metrics.rmse(self.changed, self.change),
            metrics.calibration_error(self.label, self.probabilities),
            float(self.inside.mean()) if len(self.inside) else float("nan"),
        )


def evaluate(graph: Graph, *, progress: Progress) -> Evaluation:
    """Hold every forecast that was active once against what came.

    Arguments:
        graph: an open graph.
        progress: shows the steps.

    Raises:
        JobError: there is no posting.
        UnreachableError: no server answers.
    """
    through = last_day(graph)
    with progress.step("Reading past forecasts", unit="forecasts") as step:
        rows = [dict(row) for row in graph.read(query("report/kept-forecasts"))]
        step.advance(len(rows))
    postings = _postings(graph, sorted({row["cluster"] for row in rows}))
    lines, held = [], []
    for _, found in groupby(rows, key=lambda row: row["generation"]):
        forecasts = list(found)
        part = _hold(forecasts, postings, through=through)
        held.append(part)
        lines.append(_line(forecasts[0]["generation"], forecasts[0]["month"].to_native(), len(forecasts), part))
    if len(lines) > 1:
        lines.append(_line("all", None, len(rows), _Held.joined(held)))
    return Evaluation(through, tuple(lines), _verdict(rows, lines, through=through))


def last_day(graph: Graph) -> date:
    """Return the last day of the last month that the postings cover, as a history without a given day does.

    Raises:
        JobError: there is no posting.
    """
    [row] = graph.read(query("snapshot/data-through"), day=clock.now().date())
    if row["dataThrough"] is None:
        raise JobError("no posting", "postings with a day of release; load them first", where="evaluate")
    return (row["dataThrough"].to_native() + timedelta(days=FEED + 1)).replace(day=1) - timedelta(days=1)


def own_figures(folder: Path) -> dict[str, float]:
    """Return the figures that a model was measured with when it was trained.

    Raises:
        JobError: there is no trained model in the folder.
    """
    # torch reads the weights that lie beside them.
    from gnn.artifact import read  # noqa: PLC0415

    return read(folder).metrics


def _postings(graph: Graph, codes: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return postings by cluster and month, counted from year 0."""
    found = {}
    for row in graph.read(query("serve/history"), codes=list(codes)):
        for month in row["rows"]:
            year, _, number = month["month"].partition("-")
            found[row["code"], int(year) * 12 + int(number) - 1] = int(month["postings"])
    return found


def _hold(forecasts: Iterable[Row], postings: dict[tuple[str, int], int], *, through: date) -> _Held:
    """Return those forecasts of a generation whose window is over, beside what came."""
    ripe = [row for row in forecasts if _end(row) <= through]
    count = len(ripe)
    if not count:
        nothing = np.zeros(0)
        none, unsure = np.zeros(0, np.int64), np.zeros((0, len(DEMAND_CLASSES)))
        return _Held(none, none, none, unsure, nothing, nothing, nothing, nothing, np.zeros(0, bool))
    horizon, ceiling = ripe[0]["horizon"], ripe[0]["ceiling"]
    cuts = Cuts(ripe[0]["lowCut"], tuple(ripe[0]["changeCuts"]))
    # The three windows that end with the month before last, with the origin, and with what was foretold.
    months = np.array(
        [
            [postings.get((row["cluster"], _month(row) + step), 0) for step in range(-2 * horizon, horizon)]
            for row in ripe
        ],
        dtype=np.float64,
    )
    early, last, coming = (windows(months, horizon)[:, place] for place in (horizon - 1, 2 * horizon - 1, -1))
    column = {name: np.array([row[name] for row in ripe]) for name in ("intensity", "lower", "upper", "change")}
    came = intensity(coming, ceiling=ceiling)
    return _Held(
        named=np.array([DEMAND_CLASSES.index(row["demandClass"]) for row in ripe]),
        label=classify(last, coming, cuts=cuts),
        before=classify(early, last, cuts=cuts),
        probabilities=np.array([row["probabilities"] for row in ripe]),
        foretold=column["intensity"],
        came=came,
        change=np.log1p(column["change"]),
        changed=np.log((coming + 1.0) / (last + 1.0)),
        inside=(came >= column["lower"]) & (came <= column["upper"]),
    )


def _month(row: Row) -> int:
    return int(row["month"].year * 12 + row["month"].month - 1)


def _end(row: Row) -> date:
    """Return the last day of the window that was foretold."""
    return months_later(row["month"].to_native(), count=row["horizon"]) - timedelta(days=1)


def _line(generation: str, month: date | None, forecasts: int, held: _Held) -> Line:
    return Line(generation, month, forecasts, len(held.label), *held.figures())


def _verdict(rows: Sequence[Row], lines: Sequence[Line], *, through: date) -> str:
    if not rows:
        return "There is no forecast in the graph yet: `fullcycle gnn forecast` makes them."
    if not lines[-1].ripe:
        first = min(_end(row) for row in rows)
        return (
            f"No forecast is ripe yet: the data reach to {through.isoformat()}, the first window ends on "
            f"{first.isoformat()}. Nothing is claimed of forecasts before that."
        )
    last = lines[-1]
    better = "more" if last.accuracy > last.persistence else "no more"
    return (
        f"Of {last.ripe} ripe forecasts {last.accuracy:.1%} named the right class, {better} than the class of the "
        f"last quarter again ({last.persistence:.1%}); {last.coverage:.1%} of the outcomes lay in their interval."
    )


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 5) if np.isfinite(value) else None
    return value
