"""One tiny encoder, pre-trained and adapted once for all tests of the text channel."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch

from cypher.progress import Progress
from gnn.channels.text import Adaptation, Corpus, Pretraining, TextArtifact, adapt, pretrain
from gnn.panel import Panel, Rows
from tests.gnn.channels.postings import TINY, world


class Fitted(NamedTuple):
    """A tiny world with the encoder that was fitted to it."""

    corpus: Corpus
    panel: Panel
    rows: Rows
    fit: np.ndarray
    mood: np.ndarray
    checkpoint: Path
    folder: Path
    pretraining: Pretraining
    artifact: TextArtifact
    adaptation: Adaptation


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    torch.set_num_threads(1)
    checkpoint, folder = tmp_path_factory.mktemp("checkpoint"), tmp_path_factory.mktemp("text")
    corpus, panel, rows, mood = world()
    fit = rows.within(rows.parts.train)
    silent = Progress.silent()
    pretraining = pretrain(corpus, TINY, folder=checkpoint, progress=silent)
    artifact, adaptation = adapt(
        corpus, panel, rows, TINY, fit=fit, pretrained=checkpoint, folder=folder, progress=silent
    )
    return Fitted(corpus, panel, rows, fit, mood, checkpoint, folder, pretraining, artifact, adaptation)
