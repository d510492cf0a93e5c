"""Token numbers of many texts in one flat array, and batches of them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cypher.progress import Progress
from gnn.channels.text.corpus import Corpus, Places

CHUNK = 2_000  # texts that are tokenised at once
SORTED = 50  # batches whose postings are sorted by length together


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of texts.

    Arguments:
        numbers: tokens of all texts, one text after the other, [tokens].
        offsets: where each text begins, and the end, [texts + 1].
        pad: the token that fills up.
        fixed: tokens that stand in every text and mean nothing, such as [CLS]; they are neither pooled nor masked.
    """

    numbers: NDArray[np.int32]
    offsets: Places
    pad: int
    fixed: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Places:
        """Tokens of each text, [texts]."""
        return np.diff(self.offsets)

    def padded(self, places: Places) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return a batch: tokens, which of them are there, which of them mean something; all [batch, longest]."""
        lengths = self.lengths[places]
        within = np.arange(max(1, lengths.max(initial=0)))
        there = within < lengths[:, None]
        numbers = np.full(there.shape, self.pad, dtype=np.int64)
        numbers[there] = self.numbers[(self.offsets[:-1][places][:, None] + within)[there]]
        meaning = there & ~np.isin(numbers, self.fixed)
        return torch.from_numpy(numbers), torch.from_numpy(there), torch.from_numpy(meaning)


class Memory:
    """Keeps the tokens made last, so that pre-training, adaptation and encoding of one run read the texts once."""

    def __init__(self) -> None:
        self._held: tuple[Corpus, tuple[str, int], Tokens] | None = None

    def find(self, corpus: Corpus, key: tuple[str, int]) -> Tokens | None:
        """Return the tokens of the same postings under the same key, or None."""
        held = self._held
        return held[2] if held is not None and held[0] is corpus and held[1] == key else None

    def keep(self, corpus: Corpus, key: tuple[str, int], tokens: Tokens) -> None:
        """Keep tokens in place of those before."""
        self._held = (corpus, key, tokens)


def tokenise(
    tokenizer: Any, corpus: Corpus, *, length: int, progress: Progress, memory: Memory | None = None
) -> Tokens:
    """Return the tokens of all texts.

    Arguments:
        tokenizer: of Hugging Face.
        corpus: the postings.
        length: most tokens of a text; the rest is cut off.
        progress: shows the step.
        memory: what was tokenised before, and what is kept for later; None keeps nothing.
    """
    key = None if memory is None else fingerprint(tokenizer)
    if memory is None or key is None:
        return _tokenised(tokenizer, corpus, length=length, progress=progress)
    found = memory.find(corpus, (key, length))
    if found is None:
        found = _tokenised(tokenizer, corpus, length=length, progress=progress)
        memory.keep(corpus, (key, length), found)
    return found


def fingerprint(tokenizer: Any) -> str | None:
    """Return digits that differ where tokenizers differ; None for one that is not made of a `tokenizers.Tokenizer`."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return None
    parts = json.loads(backend.to_str())
    # These two change with every call.
    parts["truncation"] = parts["padding"] = None
    named = {name: str(token) for name, token in tokenizer.special_tokens_map.items()}
    return hashlib.sha256(json.dumps([parts, named], sort_keys=True).encode()).hexdigest()


def _tokenised(tokenizer: Any, corpus: Corpus, *, length: int, progress: Progress) -> Tokens:
    found: list[list[int]] = []
    with progress.step("Tokenising postings", len(corpus), unit="postings") as step:
        for first in range(0, len(corpus), CHUNK):
            texts = list(corpus.texts[first : first + CHUNK])
            given = tokenizer(texts, truncation=True, max_length=length, return_attention_mask=False)
            found += given["input_ids"]
            step.advance(len(texts))
    lengths = np.fromiter((len(numbers) for numbers in found), np.int64, len(found))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    numbers = np.fromiter((number for numbers in found for number in numbers), np.int32, int(offsets[-1]))
    ends = (tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id)
    fixed = {tokenizer.pad_token_id, *ends} - {None}
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    return Tokens(numbers, offsets, pad, tuple(sorted(fixed)))


def shuffled(lengths: Places, among: Places, *, batch: int, seed: tuple[int, ...]) -> list[Places]:
    """Return batches in random order, each of texts of about the same length.

    Arguments:
        lengths: tokens of each text, [texts].
        among: places of the texts to part.
        batch: texts of a batch.
        seed: the same seed gives the same batches.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(among)
    found: list[Places] = []
    for first in range(0, len(order), batch * SORTED):
        chunk = order[first : first + batch * SORTED]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        found += [chunk[start : start + batch] for start in range(0, len(chunk), batch)]
    return [found[place] for place in generator.permutation(len(found))]


def by_length(lengths: Places, among: Places, *, batch: int) -> Iterator[Places]:
    """Yield batches by falling length, so that little is filled up and the largest comes first."""
    order = among[np.argsort(-lengths[among], kind="stable")]
    for first in range(0, len(order), batch):
        yield order[first : first + batch]
