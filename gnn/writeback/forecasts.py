"""Forecasts into the graph: a generation of their own, beside that of the gaps.

Forecasts and gaps come from different jobs, at different times. So the pointer names two generations: `generation` for
gaps and all that belongs to them, `forecastGeneration` for forecasts. Each changes in one write, when its own job has
written all of its own; neither job can lose what the other one wrote, and a reader who reads both codes at once sees
each kind of fact from one generation.

Forecasts of a generation that was active once are never deleted: they are held against what came. Those of a
generation that was never active, because its run died or another one took over, go with the next run.

A cluster in focus notes since when it has been without a break. Chains and recommendations from before that instant are
due for renewal; the resources to rearrange are proposed on the graph, by what they close of all gaps toward it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.forecast import Forecasts
from gnn.writeback.gaps import Active, generation_code
from schema import clock
from schema.clock import months_later
from schema.demand import HORIZON, Cuts
from schema.derived import DEMAND_CLASSES
from schema.errors import JobError

Row = dict[str, Any]

FORECASTS = 2_000
"""Forecasts in one transaction."""

FOCUS = 20
"""Clusters in focus whose resources are proposed in one transaction: each reads all gaps toward it."""

PROPOSED = 5
"""Resources for each cluster in focus."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a generation of forecasts is about; kept on it, so that its forecasts can be held against what came.

    Arguments:
        origin: first day of the last month that was known.
        cuts: cut points of the classes.
        ceiling: postings of a window that count as intensity 1.
        horizon: months of the window that is foretold.
    """

    origin: date
    cuts: Cuts
    ceiling: float
    horizon: int = HORIZON


@dataclass(frozen=True, slots=True)
class ForecastReport:
    """What a run wrote.

    Arguments:
        generation: code of the generation of forecasts that is active now.
        previous: code of the one that was active before, or None.
        focus: codes of the clusters in focus.
        entered: those of them that were not in focus before: what leads to them is due for renewal.
        proposals: resources that were proposed.
        pruned: codes of generations that never became active and were deleted.
    """

    generation: str
    previous: str | None
    focus: tuple[str, ...]
    entered: tuple[str, ...]
    proposals: int
    pruned: tuple[str, ...]


def active_forecasts(graph: Graph) -> Active | None:
    """Return the active generation of forecasts, or None before the first."""
    for row in graph.read(query("writeback/active-forecast")):
        metrics = json.loads(row["metrics"])
        return Active(row["generation"], row["activatedAt"].to_native(), row["dataThrough"].to_native(), metrics)
    return None


def write_forecasts(
    graph: Graph,
    found: Forecasts,
    *,
    clusters: Sequence[str],
    window: Window,
    config: str,
    config_hash: str,
    data_through: date,
    metrics: Mapping[str, float],
    proposed: int = PROPOSED,
    progress: Progress,
) -> ForecastReport:
    """Write forecasts as a generation, propose resources for the clusters in focus, and let readers see it all.

    It can be run again at any time: a run that dies leaves the active generation as it is. Of two runs at once the
    later one wins, the earlier one ends with a JobError.

    Arguments:
        graph: an open graph.
        found: from `gnn.forecast.forecasts`.
        clusters: codes, in the order of the forecasts.
        window: what they are about.
        config: settings as JSON; they are kept on the generation.
        config_hash: of the settings; part of the code of the generation.
        data_through: last day of data that they know.
        metrics: measured figures by name.
        proposed: resources for each cluster in focus, >= 1.
        progress: shows the steps.

    Raises:
        JobError: there are no forecasts, another run took over, or a cluster is gone.
        UnreachableError: the server went away and did not come back in time.
    """
    if not len(found) or len(found) != len(clusters):
        raise JobError(f"{len(found)} forecasts of {len(clusters)} clusters", "one for each", where="forecasts")
    before = active_forecasts(graph)
    graph.write(query("writeback/retire-forecasts"), at=clock.now())
    pruned = _prune(graph)
    run = _Run(graph, generation_code(clock.now(), config_hash))
    run.batch(
        "begin-forecast",
        dataThrough=data_through,
        config=config,
        horizon=window.horizon,
        lowCut=window.cuts.low,
        changeCuts=list(window.cuts.change),
        ceiling=window.ceiling,
        threshold=found.threshold,
    )
    rows = list(_rows(found, clusters))
    about = {
        "month": months_later(window.origin, count=1),
        "origin": window.origin,
        "channels": list(found.channels),
    }
    with progress.step("Writing forecasts", len(rows), unit="clusters") as step:
        for first in range(0, len(rows), FORECASTS):
            chunk = rows[first : first + FORECASTS]
            run.batch("forecasts", rows=chunk, **about)
            step.advance(len(chunk))
    focus = [row["cluster"] for row in rows if row["focus"]]
    for first in range(0, len(focus), FOCUS):
        run.batch("proposals", status="writing", codes=focus[first : first + FOCUS], most=proposed)
    written = graph.read(query("writeback/written-forecasts"), generation=run.code)[0]
    if written["forecasts"] != len(rows):
        given = f"{written['forecasts']} forecasts in the graph"
        raise JobError(given, f"{len(rows)}; run it again", where=f"generation {run.code}")
    figures = {
        **metrics,
        "forecasts": float(len(rows)),
        "focus": float(len(focus)),
        "proposals": float(written["proposals"]),
    }
    run.batch("complete", metrics=json.dumps(figures, sort_keys=True))
    run.batch("activate-forecast")
    graph.clear_batches(_ledger(run.code))
    entered = tuple(written["entered"])
    return ForecastReport(
        run.code, before.code if before else None, tuple(focus), entered, written["proposals"], tuple(pruned)
    )


def renew_proposals(graph: Graph, *, proposed: int = PROPOSED) -> None:
    """Propose resources for the clusters in focus by the active gaps; nothing happens before the first forecasts.

    Arguments:
        graph: an open graph.
        proposed: resources for each cluster in focus, >= 1.
    """
    active = active_forecasts(graph)
    if active is not None:
        propose = query("writeback/proposals")
        graph.write(propose, generation=active.code, status="active", at=clock.now(), most=proposed)


class _Run:
    """Batches of one generation, each exactly once."""

    def __init__(self, graph: Graph, code: str) -> None:
        self.code = code
        self._graph = graph
        self._batches = 0

    def batch(self, name: str, **parameters: Any) -> None:
        """Write one batch, and see that it arrived.

        Raises:
            JobError: another run took over, or a cluster is gone.
        """
        self._batches += 1
        given = {"generation": self.code, "at": clock.now(), **parameters}
        key = f"{_ledger(self.code)}{self._batches:06}"
        counters = self._graph.write_batch(key, query(f"writeback/{name}"), **given)
        if counters is None:
            return
        expected = len(parameters.get("rows", ()))
        # The lock itself sets one property; whoever no longer holds the generation sets no other. A cluster of which
        # no student is known has no resources to propose, so that a batch of proposals may be empty.
        lost = counters.properties_set <= 1 and name != "proposals"
        if lost or counters.nodes_created < expected:
            raise JobError(
                f"{name}: {counters.nodes_created} forecasts written of {expected}",
                "one run at a time on a graph that keeps its nodes; run it again",
                where=f"generation {self.code}",
            )


def _ledger(generation: str) -> str:
    return f"forecasts:{generation}:"


def _rows(found: Forecasts, clusters: Sequence[str]) -> Iterator[Row]:
    columns = {
        "probabilities": found.probabilities.tolist(),
        "before": found.before.tolist(),
        "expected": found.expected.tolist(),
        "intensity": found.intensity.tolist(),
        "lower": found.lower.tolist(),
        "upper": found.upper.tolist(),
        "change": found.change.tolist(),
        "gap": found.gap.tolist(),
        "confidence": found.confidence.tolist(),
        "warning": found.warning.tolist(),
        "focus": found.focus.tolist(),
        "weights": found.weights.tolist(),
    }
    labels = found.label.tolist()
    for place, code in enumerate(clusters):
        values = {name: column[place] for name, column in columns.items()}
        yield {"cluster": code, "demandClass": DEMAND_CLASSES[labels[place]], **values}


def _prune(graph: Graph) -> list[str]:
    """Delete generations of forecasts that never became active, with their forecasts, and return their codes."""
    codes = [row["generation"] for row in graph.read(query("writeback/abandoned-forecasts"))]
    for code in codes:
        while graph.write(query("writeback/prune-forecasts"), generation=code, most=FORECASTS).nodes_deleted:
            pass
        graph.clear_batches(_ledger(code))
        graph.write(query("writeback/prune-generation"), generation=code)
    return codes
