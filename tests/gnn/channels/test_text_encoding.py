"""Vectors of postings: whatever the batch, whatever is missing, from any checkpoint, in both languages."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, DistilBertConfig, DistilBertModel

from cypher.progress import Progress
from gnn.channels.text import adapt, attended, encode, read, vocabulary
from gnn.channels.text.artifact import TextArtifact
from gnn.channels.text.corpus import Corpus
from gnn.channels.text.posting import standard
from gnn.channels.text.tokens import by_length, shuffled, tokenise
from schema.errors import JobError, SettingsError
from tests.gnn.channels.conftest import Fitted
from tests.gnn.channels.postings import TINY

SILENT = Progress.silent()
HEADS = ("Java Developer", "Java开发工程师，月薪15k-20k")
BODIES = (
    "We are doubling the {core} team this year; C++/C#, e-mail & 3 years' experience.",
    "订单饱满，核心组一次性新增3个编制。熟悉 Python、Spring Boot和MySQL者优先。",
    "Ünïcode, naïve — “quotes” … ½ ①　全角ＡＢＣ",
)


def test_vectors_do_not_depend_on_the_batch(fitted: Fitted) -> None:
    """Catches padding that leaks into vectors, and rows that come back in the order of their length."""
    corpus = fitted.corpus.take(np.arange(200))
    whole = encode(fitted.artifact, corpus, batch=200, progress=SILENT)
    order = np.random.default_rng(1).permutation(200)
    again = encode(fitted.artifact, corpus.take(order), batch=7, progress=SILENT)
    assert again == pytest.approx(whole[order], abs=1e-5)
    assert whole.dtype == np.float32
    assert whole.shape == (200, TINY.size)


def test_a_saved_artifact_gives_the_same_vectors(fitted: Fitted) -> None:
    """Catches weights, settings, statistics or a tokenizer that are not saved."""
    back = read(fitted.folder)
    assert back.config == TINY
    assert np.array_equal(
        encode(back, fitted.corpus, progress=SILENT), encode(fitted.artifact, fitted.corpus, progress=SILENT)
    )
    with pytest.raises(JobError):
        read(fitted.folder / "nowhere")


def hollow(corpus: Corpus) -> Corpus:
    """The first posting without text, the second without skills, the third without attributes."""
    held = np.diff(corpus.skill_offsets)
    kept = np.repeat(np.arange(len(corpus)) != 1, held)
    held = np.where(np.arange(len(corpus)) == 1, 0, held)
    numbers, categories = corpus.numbers.copy(), corpus.categories.copy()
    numbers[2], categories[2] = np.nan, -1
    return dataclasses.replace(
        corpus,
        texts=("", *corpus.texts[1:]),
        skill_offsets=np.concatenate([[0], np.cumsum(held)]),
        skill_places=corpus.skill_places[kept],
        numbers=numbers,
        categories=categories,
    )


def test_what_is_missing_is_masked(fitted: Fitted) -> None:
    """Catches a posting without text, skills or attributes that gets the vector of a bias, a NaN or a neighbour."""
    corpus = fitted.corpus.take(np.array([1, 2, 3]))
    whole = encode(fitted.artifact, corpus, progress=SILENT)
    found = encode(fitted.artifact, hollow(corpus), progress=SILENT)
    parts = np.split(np.arange(TINY.size), np.cumsum([TINY.text_size, TINY.skill_size]))
    for row in range(3):
        for number, part in enumerate(parts):
            if row == number:
                assert not found[row, part].any()
                assert whole[row, part].any()
            else:
                assert found[row, part] == pytest.approx(whole[row, part], abs=1e-5)


def test_attention_can_be_asked(fitted: Fitted) -> None:
    """Catches weights that belong to other tokens, and a pooling that attends to what means nothing."""
    found = attended(fitted.artifact, fitted.corpus, 11)
    assert sum(weight for _, weight in found) == pytest.approx(1.0, abs=1e-5)
    assert {token: weight for token, weight in found if token in ("[CLS]", "[SEP]")} == {"[CLS]": 0.0, "[SEP]": 0.0}


def test_other_skills_than_those_of_the_fit_are_refused(fitted: Fitted) -> None:
    """Catches places of skills that mean something else in another graph."""
    with pytest.raises(JobError, match="those of the fit"):
        encode(fitted.artifact, dataclasses.replace(fitted.corpus, skills=9), progress=SILENT)


def test_any_checkpoint_on_disk_is_an_encoder(fitted: Fitted, tmp_path: Path) -> None:
    """Catches an encoder that works with our own architecture only, or asks the network."""
    tokenizer = AutoTokenizer.from_pretrained(fitted.checkpoint)
    shape = DistilBertConfig(vocab_size=len(tokenizer), dim=24, n_layers=1, n_heads=2, hidden_dim=32)
    torch.manual_seed(0)
    DistilBertModel(shape).save_pretrained(tmp_path / "other")
    tokenizer.save_pretrained(tmp_path / "other")
    config = dataclasses.replace(TINY, encoder=str(tmp_path / "other"), epochs=1)
    given = {"fit": fitted.fit, "folder": tmp_path / "text", "progress": SILENT}
    artifact, _ = adapt(fitted.corpus, fitted.panel, fitted.rows, config, pretrained=tmp_path / "other", **given)
    assert type(artifact.model.transformer) is DistilBertModel
    few = fitted.corpus.take(np.arange(20))
    back: TextArtifact = read(tmp_path / "text")
    assert np.array_equal(encode(back, few, progress=SILENT), encode(artifact, few, progress=SILENT))
    with pytest.raises(SettingsError, match="encoder"):
        adapt(fitted.corpus, fitted.panel, fitted.rows, config, pretrained=tmp_path, **given)


def test_both_languages_are_known(fitted: Fitted) -> None:
    """Catches characters that the alphabet leaves out, and Chinese that is taken for one unknown word."""
    texts = [f"{head} {body}" for head in HEADS for body in BODIES]
    tokenizer = vocabulary.learn(texts * 3, TINY)
    for text in (*texts, *(part.upper() for part in texts)):
        tokens = tokenizer.tokenize(text)
        assert "[UNK]" not in tokens
        assert all(len(token) <= TINY.han_token for token in tokens if "\u4e00" <= token[0] <= "\u9fff")
    assert not any("[UNK]" in fitted.artifact.tokenizer.tokenize(text) for text in fitted.corpus.texts)
    same = vocabulary.learn(texts * 3, TINY)
    assert same.backend_tokenizer.to_str() == tokenizer.backend_tokenizer.to_str()


def test_long_texts_are_cut_and_empty_ones_stay(fitted: Fitted) -> None:
    """Catches texts beyond the positions that the encoder has, and a lost place for an empty text."""
    corpus = dataclasses.replace(fitted.corpus.take(np.arange(2)), texts=("nurse " * 500, ""))
    tokens = tokenise(fitted.artifact.tokenizer, corpus, length=TINY.length, progress=SILENT)
    assert tokens.lengths.tolist() == [TINY.length, 2]
    assert np.isfinite(encode(fitted.artifact, corpus, progress=SILENT)).all()


def test_batches_hold_every_posting_once() -> None:
    """Catches postings that are left out of a pass or learned from twice."""
    lengths = np.random.default_rng(2).integers(1, 90, 1001)
    among = np.arange(0, 1001, 3)
    for found in (shuffled(lengths, among, batch=16, seed=(1, 2)), list(by_length(lengths, among, batch=16))):
        assert sorted(np.concatenate(found).tolist()) == among.tolist()
        assert max(len(batch) for batch in found) == 16
    first, second = (np.concatenate(shuffled(lengths, among, batch=16, seed=(1, seed))) for seed in (2, 3))
    assert not np.array_equal(first, second)


def test_numbers_are_standardised_over_what_is_known() -> None:
    """Catches a missing value that is taken for 0, and a division by 0 where a column never differs."""
    means, deviations = standard(np.array([[1.0, 4.0], [np.nan, 4.0], [3.0, 4.0]]))
    assert means == (2.0, 4.0)
    assert deviations == (1.0, 1.0)
