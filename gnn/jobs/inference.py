"""Jobs that run a trained model: encode postings, reason over relations, make forecasts.

They are separate processes. Each reads the graph and the artifact and writes the graph: encode the vectors of postings,
relate those of clusters, students, skills and resources, and generate reads those of clusters and writes forecasts. The
vector of a cluster holds what its three channels say, one after the other; fusion and heads need nothing else.

Each may be killed at any moment and run again. What is right already stays: a posting whose vector was made by this
model from what it says now, and every other vector that the model would give the same again. `again` computes and
writes all the same. `gnn.jobs.refresh` runs all three on one reading of the graph.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cypher import vectors
from cypher.graph import Graph
from cypher.progress import Progress
from gnn import artifact as artifacts
from gnn.artifact import DemandArtifact
from gnn.channels import text
from gnn.dataset import Dataset, dataset_of
from gnn.device import chosen, threads
from gnn.forecast import ForecastConfig
from gnn.fusion import CHANNELS
from gnn.jobs.foretelling import Foreteller
from gnn.jobs.postings import TEXT, corpus_for, padded
from gnn.jobs.texts import Vectors, read_vectors, with_text
from gnn.material import Material, growth_of, market_of, material_of, profile_of, relation_of
from gnn.material.growth import known_terms
from gnn.network import DemandNetwork
from gnn.panel import Panel, Rows, rows, windows
from gnn.snapshot import History, Past, Postings, read_embeddings, read_history, read_past
from gnn.snapshot.packed import SESSIONS
from gnn.snapshot.texts import joined, stream_texts
from gnn.writeback import (
    EmbeddingReport,
    ForecastReport,
    Window,
    forget_embeddings,
    put_embeddings,
    searchable,
    write_embeddings,
    write_forecasts,
)
from schema.errors import JobError

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

BLOCKS = 10
"""Blocks of postings that are encoded and written at once: what a killed run has to do again at most."""

LABELS = ("JobCluster", "Skill", "Student", "Resource")
"""Labels of nodes that take part in the relations, as in `states_of`."""

NEAR = 1e-6
"""Vectors that differ by no more than this are the same; the order of a sum decides about less."""


def encode(
    graph: Graph, folder: Path, *, again: bool = False, through: date | None = None, progress: Progress
) -> EmbeddingReport:
    """Encode the postings that are new or changed, and write their vectors.

    Arguments:
        graph: an open graph.
        folder: of the artifact.
        again: encode all.
        through: last day that counts; None takes all.
        progress: shows the steps.

    Raises:
        JobError: the model was trained without text.
    """
    trained = artifacts.read(folder)
    if not (folder / TEXT).exists():
        raise JobError("a model that was trained without text", "one trained with it", where=str(folder))
    with Past(graph, through=through, progress=progress) as past:
        postings = past.postings
    due = due_of(graph, trained, postings=postings, again=again)
    found = encoded(graph, folder, postings=postings, due=due)
    return put_encoded(graph, trained, found, postings=postings, due=due, progress=progress)


@dataclass(frozen=True, slots=True)
class Due:
    """Postings whose vectors are due.

    Arguments:
        digests: of what the vectors are to be made from, by code.
        every, own: how many vectors of postings there were, and how many of them by the model.
    """

    digests: dict[str, str]
    every: int
    own: int

    @property
    def codes(self) -> list[str]:
        """Codes of the postings."""
        return list(self.digests)


def due_of(graph: Graph, trained: DemandArtifact, *, postings: Postings, again: bool = False) -> Due:
    """Return the postings whose vectors are due; ``again`` takes all."""
    [there] = graph.read(vectors.counted("Job"), generation=trained.code)
    held = None
    if there["own"] != postings.marked.get(trained.code, 0):
        # Some that say so have no vector.
        held = set(graph.read(vectors.written("Job"), generation=trained.code)[0]["codes"])
    places = np.arange(len(postings)) if again else postings.due(trained.code, held=held)
    digests = {postings.codes[place]: str(postings.digests[place]) for place in places.tolist()}
    return Due(digests, there["every"], there["own"])


def encoded(graph: Graph, folder: Path, *, postings: Postings, due: Due) -> Iterator[Vectors]:
    """Read the texts of postings that are due, and yield their vectors block by block; nothing is written."""
    if not due.digests:
        return
    encoder, silent = text.read(folder / TEXT), Progress.silent()
    found = stream_texts(graph, codes=due.codes, as_of=postings.as_of, names=postings.names, progress=silent)
    while blocks := list(islice(found, BLOCKS)):
        corpus = corpus_for(encoder, folder / TEXT, joined(blocks), postings.span)
        matrix = text.encode(encoder, corpus, device=str(chosen().device), progress=silent)
        yield corpus.codes, padded(matrix)


def put_encoded(
    graph: Graph,
    trained: DemandArtifact,
    found: Iterable[Vectors],
    *,
    postings: Postings,
    due: Due,
    progress: Progress,
) -> EmbeddingReport:
    """Write vectors of postings that were due, and remove those of postings that are there no more."""
    begun, count = time.monotonic(), len(due.digests)
    with searchable(graph, "Job", writes=count, total=len(postings), progress=progress) as index:
        if count:
            with progress.step("Encoding and writing postings", count, unit="postings") as step:
                for codes, matrix in found:
                    digests = [due.digests[code] for code in codes]
                    put_embeddings(graph, "Job", codes, matrix, generation=trained.code, digests=digests, step=step)
        # Nothing is to be looked for where all vectors that there were are by this model and of postings that stay.
        settled = due.every == due.own == postings.by(trained.code)
        forgotten = 0 if settled else forget_embeddings(graph, "Job", generation=trained.code, kept=postings.codes)
        seconds = time.monotonic() - begun
    return EmbeddingReport("Job", trained.code, count, len(postings) - count, forgotten, seconds, index.seconds)


@dataclass(frozen=True, slots=True)
class RelateReport:
    """What a run did, by label.

    Arguments:
        vectors: that there are now.
        written: those of them that were new or changed.
    """

    vectors: dict[str, int]
    written: dict[str, int]


def relate(
    graph: Graph, folder: Path, *, again: bool = False, through: date | None = None, progress: Progress
) -> RelateReport:
    """Reason over the graph as of the end of its last month, and write the vectors of what takes part.

    Arguments:
        graph: an open graph.
        folder: of the artifact.
        again: also write vectors that have not changed.
        through: last day that counts; None takes all.
        progress: shows the steps.

    Raises:
        JobError: the vectors of postings are not those of this model, or not of what they say now; encode first.
    """
    trained = artifacts.read(folder)
    history, postings = read_past(graph, through=through, progress=progress)
    material = latest_material(trained, history)
    months = trained.config.lags
    material = with_text(graph, trained, folder, material, postings=postings, months=months, progress=progress)
    return relate_material(graph, trained, material, history=history, again=again, progress=progress)


@torch.no_grad()
def relate_material(
    graph: Graph,
    trained: DemandArtifact,
    material: Material,
    *,
    history: History,
    again: bool = False,
    after: Callable[[], object] | None = None,
    progress: Progress,
) -> RelateReport:
    """Reason over a material, and write the vectors that differ from those on the graph.

    Arguments:
        graph: an open graph.
        trained: the model.
        material: of the history.
        history: the past.
        again: also write vectors that have not changed.
        after: is called before anything is written, and returns when that may be.
        progress: shows the steps.
    """

    def held_of(label: str) -> tuple[tuple[str, ...], Matrix]:
        return read_embeddings(graph, label, generation=trained.code, progress=Progress.silent())

    # The server gives out what is there while the states are computed; a core is left to it.
    with ThreadPoolExecutor(1) as session, threads(-1), progress.step("Reasoning over relations"):
        stored = {label: session.submit(held_of, label) for label in LABELS if not again}
        every = rows_for(trained, material)
        data = dataset_of(material, every, horizon=trained.config.horizon, scaling=trained.scaling)
        place = chosen()
        network = trained.network(data).to(place.device)
        data = place.put(data)
        found = states_of(network, data, history)
    if after is not None:
        after()

    def put(label: str) -> int:
        codes, states = found[label]
        matrix, silent = padded(states), Progress.silent()
        write = partial(write_embeddings, graph, label, codes, matrix, generation=trained.code, progress=silent)
        if again:
            return write(again=True).written
        held, before = stored[label].result()
        return write(changed=_changed(codes, matrix, held=held, stored=before), held=held).written

    with ThreadPoolExecutor(SESSIONS) as sessions, progress.step("Writing states", unit="states") as step:
        written = dict(zip(found, sessions.map(put, found), strict=True))
        step.advance(sum(written.values()))
    return RelateReport({label: len(codes) for label, (codes, _) in found.items()}, written)


def _changed(codes: tuple[str, ...], matrix: Matrix, *, held: tuple[str, ...], stored: Matrix) -> set[str]:
    """Codes of nodes whose vector by the same model is another one than the one that is stored."""
    place = {code: number for number, code in enumerate(held)}
    both = [code in place for code in codes]
    there = [place[code] for code in codes if code in place]
    differ = np.abs(stored[there] - matrix[both]).max(axis=1, initial=0.0) > NEAR
    return set(np.array(codes)[both][differ].tolist())


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
    trained = artifacts.read(folder)
    read_vectors(graph, "JobCluster", trained, progress=Progress.silent())
    history = read_history(graph, through=through, progress=progress)
    return generate_from(graph, trained, history=history, config=config, progress=progress)


def generate_from(
    graph: Graph, trained: DemandArtifact, *, history: History, config: ForecastConfig | None = None, progress: Progress
) -> ForecastReport:
    """Make forecasts from the vectors of clusters on the graph and the last window of a history."""
    codes, states = read_vectors(graph, "JobCluster", trained, progress=progress)
    place = {code: number for number, code in enumerate(history.clusters)}
    last = windows(history.counts, trained.config.horizon)[:, -1]
    order = [number for number, code in enumerate(codes) if code in place and not np.isnan(last[place[code]])]
    codes, states = tuple(codes[number] for number in order), states[order]
    last = last[[place[code] for code in codes]]
    return write_forecasts(
        graph,
        Foreteller(trained, config).forecasts(states, last),
        clusters=codes,
        window=Window(history.through.replace(day=1), trained.cuts, trained.ceiling, trained.config.horizon),
        config=trained.config.json,
        config_hash=trained.config.hash,
        data_through=history.through,
        metrics=trained.metrics,
        progress=progress,
    )


def until_of(trained: DemandArtifact, history: History) -> int:
    """Place of the month that ended the training span."""
    return min(max(_trained_until(trained, history.start), 1), history.months)


def rows_for(trained: DemandArtifact, material: Material) -> Rows:
    """Rows by the cut points and the training span of the model."""
    found = rows(material.panel, horizon=trained.config.horizon, cuts=trained.cuts, future=True)
    return found.trained_until(_trained_until(trained, material.panel.start))


def _trained_until(trained: DemandArtifact, start: date) -> int:
    """Months from a first one to the one that ended the training span."""
    return (trained.trained_until.year - start.year) * 12 + trained.trained_until.month - start.month


def material_for(
    graph: Graph, trained: DemandArtifact, folder: Path, *, history: History, progress: Progress
) -> Material:
    """Return the whole material of a history, the text of postings by their vectors on the graph.

    Raises:
        JobError: the vectors of postings are not those of this model, or not of what they say now; encode first.
    """
    material = material_of(history, until=until_of(trained, history), horizon=trained.config.horizon)
    if not (folder / TEXT).exists():
        return material
    _, postings = read_past(graph, through=history.through, progress=progress)
    months = history.months
    return with_text(graph, trained, folder, material, postings=postings, months=months, progress=progress)


def latest_material(trained: DemandArtifact, history: History) -> Material:
    """Return what the states at the end of the last month depend on, but for texts.

    That is the same as the whole material but for what later months are to tell, and for what lies further back than
    the model looks: terms, and edges of earlier months. A month's node in the graph in time has edges from that month
    only, and from terms. Of texts the model needs as many months as it has lags, see `gnn.jobs.texts`.
    """
    profile = profile_of(history)
    until = until_of(trained, history)
    growth = growth_of(history, profile, until=until, first=_first_term(history, lags=trained.config.lags))
    last = range(history.months - 1, history.months)
    relation = relation_of(history, profile, growth, months=last)
    if not trained.edges <= {"|".join(name) for name in relation.links}:
        # The network has a part for each type of edge of all months, of which the last one may have none.
        relation = relation_of(history, profile, growth)
    affinity = profile.likeness(until - 1).toarray()
    return Material(
        panel=Panel("history", history.clusters, history.start, history.counts, affinity),
        growth=growth,
        relation=relation,
        market=market_of(history),
    )


def _first_term(history: History, *, lags: int) -> int:
    """The first term that the growth channel sees at the end of the last month, and one more to compare it with."""
    if not history.terms:
        return 0
    return max(int(known_terms(history)[max(history.months - lags, 0)]) - 1, 0)


def states_of(
    network: DemandNetwork, data: Dataset, history: History
) -> dict[str, tuple[tuple[str, ...], NDArray[np.float32]]]:
    """Codes and vectors by label: of clusters what the channels say at the end of the last month, one after the other;
    of students after their last known term; of skills and resources as of the last month.
    """
    tables, middle, students = network.reasoned(data)
    blank = torch.zeros(data.series.shape[0], network.config.width, device=data.series.device)
    states = torch.cat([tables[name][:, -1] if name in tables else blank for name in CHANNELS], dim=1)
    found = {"JobCluster": (history.clusters, np.asarray(states.cpu().numpy()))}
    if "skill" in middle:
        skills = middle["skill"].view(history.months, len(history.skills), -1)[-1].cpu().numpy()
        asked = np.abs(skills).sum(axis=1) > 0
        found["Skill"] = (tuple(np.array(history.skills)[asked]), skills[asked])
    if data.sequences is not None and students is not None:
        last = max(int(data.sequences.known[-1]), 0)
        found["Student"] = (history.students.codes, students[:, last].cpu().numpy())
        resources = sum(
            middle[kind].view(-1, len(history.resources), network.config.width)[: last + 1].mean(dim=0)
            for kind in ("course", "project")
            if kind in middle
        )
        if not isinstance(resources, int):
            found["Resource"] = (history.resources, resources.cpu().numpy())
    return found
