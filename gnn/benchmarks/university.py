"""The loaded graph as a set of the benchmark: all channels, the ablation, and baselines that are given the same inputs.

The posting encoder is made for each seed as the training job does it, and kept in a folder. Stricter than there, its
tokenizer and its masked-language pre-training read the postings of the training span alone, so that nothing of the
test months is in the vectors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.baselines.forecaster import Forecaster
from gnn.baselines.roster import roster
from gnn.benchmarks.fingerprint import code, digest
from gnn.benchmarks.sets import OURS, UNIVERSITY
from gnn.benchmarks.store import DIGITS, Store
from gnn.benchmarks.trial import Trial
from gnn.channels import text
from gnn.channels.text import Corpus, TextConfig
from gnn.config import DemandConfig
from gnn.device import chosen
from gnn.jobs.postings import by_month, corpus_of
from gnn.material import Growth, Material, material_of
from gnn.model import DemandModel
from gnn.panel import Panel
from gnn.snapshot import History, Texts, read_history, read_texts

Floats = NDArray[np.float64]

STEPS: Mapping[str, tuple[str, ...]] = {
    "ablation: text": ("text",),
    "ablation: text + training": ("text", "growth"),
    "ablation: text + training + relations": ("text", "growth", "relation"),
}
"""Channels of the ablation, in its order; ours, with the market beside them, is the last step."""

DIRECTIONS = 8
"""Principal directions of the text that baselines read beside the encoder's own outlook."""


@dataclass(slots=True)
class University:
    """The graph that is loaded.

    Arguments:
        graph: an open graph.
        config: settings of ours.
        texts: settings of the posting encoder; None leaves texts out.
        folder: of posting encoders and their vectors.
        progress: shows the steps.
        through: last day that counts; None takes all.
        threads: of the trees.
        name, real, year: of the set.
    """

    graph: Graph
    config: DemandConfig
    texts: TextConfig | None
    folder: Path
    progress: Progress
    through: date | None = None
    threads: int = 1
    name: str = UNIVERSITY
    real: bool = False
    year: int = 12
    _histories: dict[int | None, History] = field(default_factory=dict)
    _materials: dict[int, Material] = field(default_factory=dict)
    _postings: dict[int, tuple[Texts, Corpus]] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """Months of a window."""
        return self.config.horizon

    def panel(self, until: int | None = None) -> Panel:
        """Return the demand of the clusters as the graph tells it of the end of a month."""
        if until not in self._histories:
            through = self.through
            if until is not None:
                through = self.panel().month(until) - timedelta(days=1)
            self._histories[until] = read_history(self.graph, through=through, progress=self.progress)
        history = self._histories[until]
        # A whole history is known by its number of months too.
        self._histories.setdefault(history.months, history)
        return self._material(history.months).panel

    def forecasters(self, trial: Trial, *, seed: int) -> list[Forecaster]:
        """Return baselines, the steps of the ablation where there are texts and students, and ours."""
        months = trial.panel.months
        material = replace(self._material(months), panel=trial.panel)
        outlook = None
        if self.texts is not None:
            said, outlook = self._texts(trial, seed=seed)
            material = material.with_text(said)
        beside = roster(
            text=outlook,
            training=training_of(material),
            horizon=self.horizon,
            year=self.year,
            threads=self.threads,
            device=str(chosen().device),
        )
        steps = []
        if material.text is not None and material.growth is not None:
            steps = [_step(self.config, material, name, channels) for name, channels in STEPS.items()]
        return [*beside, *steps, DemandModel(self.config, material, name=OURS)]

    def _material(self, months: int) -> Material:
        if months not in self._materials:
            self._materials[months] = material_of(self._histories[months], horizon=self.horizon)
        return self._materials[months]

    def _corpus(self, months: int) -> tuple[Texts, Corpus]:
        if months not in self._postings:
            history = self._histories[months]
            postings = read_texts(self.graph, through=history.through, progress=self.progress)
            self._postings[months] = postings, corpus_of(postings, history.span)
        return self._postings[months]

    def _texts(self, trial: Trial, *, seed: int) -> tuple[Floats, Floats]:
        """Return what the postings of each cluster and month say, and what baselines read of them."""
        assert self.texts is not None
        months = trial.panel.months
        _, corpus = self._corpus(months)
        config = replace(self.texts, seed=seed)
        span = trial.rows.within(trial.rows.parts.train)
        key = digest(config, corpus.digest, trial.panel, trial.rows.origin[span], code(text.__name__))
        name = f"text {months} months seed {seed}"
        found, _ = Store(self.folder).arrays(name, key, lambda: self._encoded(trial, config, key=key))
        return found["said"].astype(np.float64), found["outlook"].astype(np.float64)

    def _encoded(self, trial: Trial, config: TextConfig, *, key: str) -> dict[str, Floats]:
        months = trial.panel.months
        postings, corpus = self._corpus(months)
        assert self.texts is not None
        base, device, memory = config.encoder, str(chosen().device), text.Memory()
        stop = trial.rows.parts.train.stop
        if base is None:
            early = corpus.before(stop)
            # One for all seeds: a seed starts with the adaptation.
            folder = self.folder / f"encoder-{digest(self.texts, early.digest, code(text.__name__))[:DIGITS]}"
            text.pretrain(early, self.texts, folder=folder, progress=self.progress, device=device)
            base = str(folder)
        artifact, _ = text.adapt(
            corpus,
            trial.panel,
            trial.rows,
            config,
            fit=trial.rows.within(trial.rows.parts.train),
            pretrained=base,
            folder=self.folder / f"text-{key[:DIGITS]}",
            progress=self.progress,
            device=device,
            memory=memory,
        )
        encoded = text.encode(artifact, corpus, progress=self.progress, device=device, memory=memory)
        vectors = by_month(encoded, postings, self._histories[months])
        said = vectors @ artifact.directions.T
        directions = principal(vectors, stop=stop)
        return {"said": said, "outlook": np.concatenate([said, directions], axis=2)}


def principal(vectors: Floats, *, stop: int) -> Floats:
    """Return vectors along the principal directions of the months before one, [clusters, months, DIRECTIONS].

    Arguments:
        vectors: [clusters, months, values], NaN where there is no posting.
        stop: month that ends the training span, exclusive.
    """
    early = vectors[:, :stop].reshape(-1, vectors.shape[2])
    early = early[~np.isnan(early).any(axis=1)]
    mean = early.mean(axis=0)
    _, _, basis = np.linalg.svd(early - mean, full_matrices=False)
    return np.asarray((vectors - mean) @ basis[:DIRECTIONS].T)


def training_of(material: Material) -> Floats | None:
    """Return what baselines read of students and market at the end of each month, [clusters, months, values].

    Share of each cluster in the training of the last known term and its change, the gap of the students, and outcomes,
    interest and foundations: the same sources that ours reads.
    """
    parts = []
    if material.growth is not None:
        parts.append(_shares(material.growth))
    if material.gap is not None:
        parts.append(material.gap[:, :, None])
    if material.market is not None:
        parts.append(material.market)
    return np.concatenate(parts, axis=2) if parts else None


def _shares(growth: Growth) -> Floats:
    table = growth.share[np.maximum(growth.known, 0)].astype(np.float64)
    table[growth.known < 0] = np.nan
    return table.transpose(1, 0, 2)


def _step(config: DemandConfig, material: Material, name: str, channels: tuple[str, ...]) -> DemandModel:
    settings = replace(config, channels=channels)
    given = material.only(growth="growth" in channels, relation="relation" in channels, market=False)
    return DemandModel(settings, given, name=name)
