"""Jobs that run a trained model: encode postings, reason over relations, make forecasts.

They are separate processes. Each reads the graph and the artifact and writes the graph: encode the vectors of postings,
relate those of clusters, students, skills and resources, and generate reads those of clusters and writes forecasts. The
vector of a cluster holds what its three channels say, one after the other; fusion and heads need nothing else.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import artifact as artifacts
from gnn import forecast
from gnn.artifact import DemandArtifact
from gnn.calibrate import scaled
from gnn.channels import text
from gnn.dataset import Dataset, dataset_of
from gnn.forecast import ForecastConfig
from gnn.fusion import CHANNELS
from gnn.heads import class_logits
from gnn.jobs.postings import by_month, corpus_of, padded
from gnn.jobs.training import TEXT
from gnn.material import Material, material_of
from gnn.network import DemandNetwork, Told
from gnn.panel import Rows, rows, windows
from gnn.snapshot import History, read_embeddings, read_history, read_texts
from gnn.writeback import EmbeddingReport, ForecastReport, Window, write_embeddings, write_forecasts
from schema.errors import JobError

Floats = NDArray[np.float64]


def encode(graph: Graph, folder: Path, *, through: date | None = None, progress: Progress) -> EmbeddingReport:
    """Encode every posting and write its vector.

    Raises:
        JobError: the model was trained without text.
    """
    trained = artifacts.read(folder)
    history = read_history(graph, through=through, progress=progress)
    texts = read_texts(graph, through=history.through, progress=progress)
    if not (folder / TEXT).exists():
        raise JobError("a model that was trained without text", "one trained with it", where=str(folder))
    vectors = text.encode(text.read(folder / TEXT), corpus_of(texts, history), progress=progress)
    return write_embeddings(graph, "Job", texts.codes, padded(vectors), generation=trained.code, progress=progress)


@dataclass(frozen=True, slots=True)
class RelateReport:
    """Vectors that were written, by label."""

    written: dict[str, int]


@torch.no_grad()
def relate(graph: Graph, folder: Path, *, through: date | None = None, progress: Progress) -> RelateReport:
    """Reason over the graph as of the end of its last month, and write the vectors of what takes part.

    Raises:
        JobError: the vectors of postings are not those of this model; encode first.
    """
    trained = artifacts.read(folder)
    history = read_history(graph, through=through, progress=progress)
    material = material_for(graph, trained, folder, history=history, progress=progress)
    every = rows_for(trained, material)
    data = dataset_of(material, every, horizon=trained.config.horizon, scaling=trained.scaling)
    network = trained.network(data)
    found = {"JobCluster": (history.clusters, _states(network, data))}
    found |= _others(network, data, history)
    written = {}
    for label, (codes, vectors) in found.items():
        report = write_embeddings(graph, label, codes, padded(vectors), generation=trained.code, progress=progress)
        written[label] = report.written + report.passed_over
    return RelateReport(written)


@torch.no_grad()
def generate(
    graph: Graph,
    folder: Path,
    *,
    config: ForecastConfig | None = None,
    through: date | None = None,
    progress: Progress,
) -> ForecastReport:
    """Make forecasts from the vectors of clusters, and let readers see them.

    Raises:
        JobError: the clusters have no vectors of this model; relate first.
    """
    config = config or ForecastConfig()
    trained = artifacts.read(folder)
    codes, vectors = _vectors(graph, "JobCluster", trained, progress=progress)
    history = read_history(graph, through=through, progress=progress)
    place = {code: number for number, code in enumerate(history.clusters)}
    last = windows(history.counts, trained.config.horizon)[:, -1]
    order = [number for number, code in enumerate(codes) if code in place and not np.isnan(last[place[code]])]
    codes, vectors = tuple(codes[number] for number in order), vectors[order]
    last = last[[place[code] for code in codes]]
    told = foretell(trained, vectors)
    logits = class_logits(told.demand, torch.as_tensor(last, dtype=torch.float32), cuts=trained.cuts)
    found = forecast.forecasts(
        scaled(logits.double().numpy(), trained.temperature),
        told.demand[:, 0].double().numpy(),
        last=last,
        gap=told.gap.double().numpy(),
        weights=told.weights.double().numpy(),
        ceiling=trained.ceiling,
        radius=trained.radius,
        config=config,
        channels=CHANNELS,
    )
    return write_forecasts(
        graph,
        found,
        clusters=codes,
        window=Window(history.through.replace(day=1), trained.cuts, trained.ceiling, trained.config.horizon),
        config=trained.config.json,
        config_hash=trained.config.hash,
        data_through=history.through,
        metrics=trained.metrics,
        progress=progress,
    )


@torch.no_grad()
def foretell(trained: DemandArtifact, vectors: NDArray[np.float32]) -> Told:
    """Return what the model says from stored states.

    Arguments:
        trained: a trained model.
        vectors: of clusters as `relate` wrote them, [clusters, values].
    """
    width = trained.config.width
    states = torch.as_tensor(vectors[:, : len(CHANNELS) * width]).view(len(vectors), len(CHANNELS), width)
    # A channel that a cluster lacks was written as zeros.
    return trained.ending()(states, states.abs().sum(dim=2) > 0)


def _until(trained: DemandArtifact, history: History) -> int:
    """Place of the month that ended the training span."""
    until = trained.trained_until
    place = (until.year - history.start.year) * 12 + until.month - history.start.month
    return min(max(place, 1), history.months)


def rows_for(trained: DemandArtifact, material: Material) -> Rows:
    """Rows by the cut points and the training span of the model."""
    found = rows(material.panel, horizon=trained.config.horizon, cuts=trained.cuts, future=True)
    until = trained.trained_until
    start = material.panel.start
    place = (until.year - start.year) * 12 + until.month - start.month
    return found.trained_until(place)


def material_for(
    graph: Graph, trained: DemandArtifact, folder: Path, *, history: History, progress: Progress
) -> Material:
    material = material_of(history, until=_until(trained, history), horizon=trained.config.horizon)
    if not (folder / TEXT).exists():
        return material
    codes, vectors = _vectors(graph, "Job", trained, progress=progress)
    texts = read_texts(graph, through=history.through, codes=codes, progress=progress)
    size = len(trained.scaling.mean["text"])
    place = {code: number for number, code in enumerate(codes)}
    chosen = np.array([place[code] for code in texts.codes], dtype=np.int64)
    return material.with_text(by_month(vectors[chosen][:, :size], texts, history))


def _vectors(
    graph: Graph, label: str, trained: DemandArtifact, *, progress: Progress
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    codes, vectors = read_embeddings(graph, label, generation=trained.code, progress=progress)
    if not len(codes):
        before = "encode" if label == "Job" else "relate"
        given = f"no vectors of {label} by this model"
        raise JobError(given, f"run `fullcycle gnn {before}` first", where=f"artifact {trained.code}")
    return codes, vectors


def _states(network: DemandNetwork, data: Dataset) -> NDArray[np.float32]:
    """What the channels say of each cluster at the end of the last month, one after the other."""
    tables = network.tables(data)
    blank = torch.zeros(data.series.shape[0], network.config.width)
    parts = [tables[name][:, -1] if name in tables else blank for name in CHANNELS]
    return torch.cat(parts, dim=1).numpy()


def _others(
    network: DemandNetwork, data: Dataset, history: History
) -> dict[str, tuple[tuple[str, ...], NDArray[np.float32]]]:
    """Vectors of students after their last known term, and of skills and resources as of the last month."""
    found: dict[str, tuple[tuple[str, ...], NDArray[np.float32]]] = {}
    middle = network.middle(data)
    if "skill" in middle:
        skills = middle["skill"].view(history.months, len(history.skills), -1)[-1].numpy()
        asked = np.abs(skills).sum(axis=1) > 0
        found["Skill"] = (tuple(np.array(history.skills)[asked]), skills[asked])
    if data.sequences is not None and network.growth is not None:
        last = max(int(data.sequences.known[-1]), 0)
        found["Student"] = (history.students.codes, network.growth.states(data.sequences)[:, last].numpy())
        resources = sum(
            middle[kind].view(-1, len(history.resources), network.config.width)[: last + 1].mean(dim=0)
            for kind in ("course", "project")
            if kind in middle
        )
        if not isinstance(resources, int):
            found["Resource"] = (history.resources, resources.numpy())
    return found
