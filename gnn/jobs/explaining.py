"""The explaining job: which edges of the graph mattered for a cluster's forecast, by their codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import artifact as artifacts
from gnn.dataset import dataset_of
from gnn.explanation import Case, Counted
from gnn.jobs.inference import material_for, rows_for
from gnn.snapshot import History, read_history
from schema.errors import JobError

MONTHLY = ("cluster", "skill", "capability")
"""Nodes that are laid out by month; courses, projects and students are by term."""


@dataclass(frozen=True, slots=True)
class Reason:
    """An edge that counted.

    Arguments:
        verb: of the edge, for example asked_by.
        source_kind, source, source_at: kind, code, and month (2024-05) or term (2023-2) of the node that it leads from.
        target_kind, target, target_at: of the node that it leads to.
        weight: attention of the target to the source, 0 to 1.
        effect: how far the foretold change moves once the edge is deleted.
    """

    verb: str
    source_kind: str
    source: str
    source_at: str
    target_kind: str
    target: str
    target_at: str
    weight: float
    effect: float


@dataclass(frozen=True, slots=True)
class ExplainReport:
    """What a forecast rests on.

    Arguments:
        cluster: code.
        month: first day of the month at whose end is foretold.
        change: x, log change of the coming quarter against the last.
        weights: of the channels, sum 1.
        edges: those that move x most, the largest effect first.
    """

    cluster: str
    month: date
    change: float
    weights: dict[str, float]
    edges: tuple[Reason, ...]


def explain(
    graph: Graph, folder: Path, cluster: str, *, top: int = 10, through: date | None = None, progress: Progress
) -> ExplainReport:
    """Say what the forecast of a cluster at the end of the last month rests on.

    Arguments:
        graph: an open graph with the vectors that `encode` wrote.
        folder: of a trained model.
        cluster: code.
        top: most edges, >= 1; each is deleted once.
        through: last day of data that counts; None takes all.
        progress: shows the steps.

    Raises:
        JobError: there is no such cluster, the model has no relation channel, or postings have no vectors by it.
    """
    trained = artifacts.read(folder)
    if "relation" not in trained.config.channels:
        raise JobError("a model without the relation channel", "one that was trained with it", where=str(folder))
    history = read_history(graph, through=through, progress=progress)
    if cluster not in history.clusters:
        raise JobError(f"cluster {cluster!r}", "the code of a cluster with postings", where="explain")
    material = material_for(graph, trained, folder, history=history, progress=progress)
    data = dataset_of(material, rows_for(trained, material), horizon=trained.config.horizon, scaling=trained.scaling)
    place, origin = history.clusters.index(cluster), history.months - 1
    with progress.step("Deleting edges", top, unit="edges") as step:
        case = Case(trained.network(data), data, cluster=place, origin=origin)
        found = case.measured(top)
        step.advance(len(found))
    name = _namer(history, data.students.tolist())
    return ExplainReport(
        cluster,
        material.panel.month(origin),
        float(case.told().demand[0, 0]),
        case.weights(),
        tuple(_reason(each, name) for each in found),
    )


def _reason(counted: Counted, name: Callable[[str, int], tuple[str, str]]) -> Reason:
    source, verb, target = counted.type
    ends = (source, *name(source, counted.source), target, *name(target, counted.target))
    return Reason(verb, *ends, counted.weight, counted.effect)


def _namer(history: History, students: list[list[int]]) -> Callable[[str, int], tuple[str, str]]:
    """Return what names a node by its kind and place: its code, and its month or term."""
    monthly = dict(zip(MONTHLY, (history.clusters, history.skills, history.capabilities), strict=True))

    def name(kind: str, place: int) -> tuple[str, str]:
        if kind in monthly:
            when, thing = divmod(place, len(monthly[kind]))
            number = history.first_month + when
            return monthly[kind][thing], f"{number // 12}-{number % 12 + 1:02}"
        if kind == "student":
            student, term = students[place]
            return history.students.codes[student], history.terms[term]
        term, resource = divmod(place, len(history.resources))
        return history.resources[resource], history.terms[term]

    return name
