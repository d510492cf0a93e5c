"""Pre-training and adaptation: they learn, go on after a kill, and give the same numbers again."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from cypher.progress import Progress
from gnn.channels.text import Memory, adapt, encode, encoder, monthly, pretrain, vocabulary
from gnn.channels.text.checkpoint import Checkpoint
from gnn.channels.text.pretraining import IGNORED, mask
from gnn.channels.text.tokens import tokenise
from schema.errors import JobError
from tests.gnn.channels.conftest import Fitted
from tests.gnn.channels.interruption import Killed, Killing
from tests.gnn.channels.postings import CLUSTERS, MONTHS, TINY, corpus

SILENT = Progress.silent()


def test_pretraining_beats_guessing_by_frequency(fitted: Fitted) -> None:
    """Catches an encoder that learns nothing of the words around a gap."""
    assert fitted.pretraining.loss < 0.9 * fitted.pretraining.unigram


def test_masks_hide_only_what_means_something() -> None:
    """Catches padding or [CLS] that is to be guessed, and wrong shares of hidden, changed and kept tokens."""
    torch.manual_seed(1)
    numbers = torch.full((200, 100), 7)
    meaning = torch.ones_like(numbers, dtype=torch.bool)
    meaning[:, 0] = False
    given, wanted = mask(numbers, meaning, share=0.15, symbol=4, tokens=(5, 6))
    chosen = wanted != IGNORED
    assert not chosen[:, 0].any()
    assert float(chosen.float().mean()) == pytest.approx(0.15 * 0.99, abs=0.01)
    assert torch.equal(given[~chosen], numbers[~chosen])
    shares = [float((given[chosen] == token).float().mean()) for token in (4, 5, 7)]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.02)


def test_killed_pretraining_goes_on(fitted: Fitted, tmp_path: Path) -> None:
    """Catches a resumed training that begins anew, or draws other batches, masks or rates than an undisturbed one."""
    with pytest.raises(Killed):
        pretrain(fitted.corpus, TINY, folder=tmp_path, progress=Killing("Pre-training", 105))
    assert torch.load(tmp_path / "pretraining.state", weights_only=True)["step"] == 100
    again = pretrain(fitted.corpus, TINY, folder=tmp_path, progress=SILENT)
    assert again == fitted.pretraining
    assert (tmp_path / "model.safetensors").read_bytes() == (fitted.checkpoint / "model.safetensors").read_bytes()
    assert not (tmp_path / "pretraining.state").exists()


def test_finished_pretraining_is_not_done_again(fitted: Fitted) -> None:
    """Catches work that is done twice, and other settings that get the old weights."""
    assert pretrain(fitted.corpus, TINY, folder=fitted.checkpoint, progress=Killing("P", 1)) == fitted.pretraining
    other = dataclasses.replace(TINY, seed=1)
    with pytest.raises(Killed):
        pretrain(fitted.corpus, other, folder=fitted.checkpoint, progress=Killing("Pre-training", 1))


def test_states_of_another_key_are_passed_over(tmp_path: Path) -> None:
    """Catches a training that goes on with the weights of other settings."""
    Checkpoint(tmp_path / "state", "one").write(step=3)
    assert Checkpoint(tmp_path / "state", "two").read() is None
    assert Checkpoint(tmp_path / "state", "one").read() == {"step": 3}


def test_killed_adaptation_goes_on(fitted: Fitted, tmp_path: Path) -> None:
    """Catches a resumed adaptation, or a second one of the same seed, that gives other vectors."""

    def run(progress: Progress) -> np.ndarray:
        given = {"fit": fitted.fit, "pretrained": fitted.checkpoint, "folder": tmp_path, "progress": progress}
        artifact, report = adapt(fitted.corpus, fitted.panel, fitted.rows, TINY, **given)
        assert report == fitted.adaptation
        return encode(artifact, fitted.corpus, progress=SILENT)

    with pytest.raises(Killed):
        run(Killing("Adapting, pass 2", 3))
    assert (tmp_path / "adaptation.state").exists()
    assert np.array_equal(run(SILENT), encode(fitted.artifact, fitted.corpus, progress=SILENT))


def test_finished_adaptation_is_not_done_again_but_for_other_outcomes(fitted: Fitted, tmp_path: Path) -> None:
    """Catches work that is done twice, and weights, or a state, of other outcomes, other rows or another beginning."""
    quick = dataclasses.replace(TINY, epochs=1)

    def run(progress: Progress, **other: object) -> str:
        given = {"rows": fitted.rows, "fit": fitted.fit, "pretrained": fitted.checkpoint, "folder": tmp_path, **other}
        artifact, report = adapt(fitted.corpus, fitted.panel, config=quick, progress=progress, **given)
        assert np.isfinite(encode(artifact, fitted.corpus.take(np.arange(3)), progress=SILENT)).all()
        return report.key

    key = run(SILENT)
    assert run(Killing("", 1)) == key
    change = fitted.rows.change.copy()
    change[np.flatnonzero(fitted.fit)[0]] += 0.1
    fewer = fitted.fit.copy()
    fewer[np.flatnonzero(fitted.fit)[0]] = False
    tokenizer, transformer = encoder.read(str(fitted.checkpoint))
    with torch.no_grad():
        next(transformer.parameters())[7] += 0.1
    transformer.save_pretrained(tmp_path / "other")
    tokenizer.save_pretrained(tmp_path / "other")
    others = (
        {"rows": dataclasses.replace(fitted.rows, change=change)},
        {"fit": fewer},
        {"pretrained": tmp_path / "other"},
    )
    for other in others:
        assert run(SILENT) == key
        with pytest.raises(Killed):
            run(Killing("Adapting", 1), **other)


def test_texts_are_tokenised_once_in_a_run(fitted: Fitted, tmp_path: Path) -> None:
    """Catches postings that are read three times, and tokens of another tokenizer, length or corpus."""
    memory, corpus = Memory(), fitted.corpus
    pretrain(corpus, TINY, folder=tmp_path / "base", progress=SILENT, memory=memory)
    given = {"fit": fitted.fit, "pretrained": tmp_path / "base", "folder": tmp_path / "text", "memory": memory}
    artifact, _ = adapt(corpus, fitted.panel, fitted.rows, TINY, progress=Killing("Tokenising", 1), **given)
    found = encode(artifact, corpus, progress=Killing("Tokenising", 1), memory=memory)
    assert np.array_equal(found, encode(artifact, corpus, progress=SILENT))
    with pytest.raises(Killed):
        encode(artifact, corpus.take(np.arange(5)), progress=Killing("Tokenising", 1), memory=memory)
    for tokenizer, length in ((artifact.tokenizer, 9), (vocabulary.learn(corpus.texts[:50], TINY), TINY.length)):
        with pytest.raises(Killed):
            tokenise(tokenizer, corpus, length=length, progress=Killing("Tokenising", 1), memory=memory)


def test_vectors_tell_the_mood_of_months_that_were_not_learned(fitted: Fitted) -> None:
    """Catches an adaptation that learns clusters or seasons in place of what postings say of hiring."""
    matrix = encode(fitted.artifact, fitted.corpus, progress=SILENT)
    size = {"clusters": CLUSTERS, "months": MONTHS}
    mean, _ = monthly(matrix, fitted.corpus.cluster, fitted.corpus.month, **size)
    told = fitted.artifact.outlook(mean)[:, :, 2]
    unseen = slice(fitted.rows.parts.train.stop, MONTHS)
    assert np.corrcoef(told[:, unseen].ravel(), fitted.mood[:, unseen].ravel())[0, 1] > 0.85


def test_nothing_to_learn_from_is_said(fitted: Fitted, tmp_path: Path) -> None:
    """Catches a job that trains on nothing and reports success."""
    with pytest.raises(JobError, match="no posting with a text"):
        pretrain(corpus(["", ""]), TINY, folder=tmp_path, progress=SILENT)
    lost = dataclasses.replace(fitted.corpus, cluster=np.full(len(fitted.corpus), -1))
    given = {"fit": fitted.fit, "pretrained": fitted.checkpoint, "folder": tmp_path, "progress": SILENT}
    with pytest.raises(JobError, match="0 postings up to"):
        adapt(lost, fitted.panel, fitted.rows, TINY, **given)
