"""The tokenizer of an institution: learned from its own postings, English and Chinese.

Byte-pair merges are learned apart for runs of Chinese characters and for everything else, because Chinese does not
mark words: without a limit the merges would swallow whole sentences that a house likes to repeat, and one token per
character makes texts almost twice as long.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from gnn.channels.text.config import TextConfig

PAD, UNKNOWN, START, END, MASK = SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SAMPLE = 20_000
"""Postings that a vocabulary is learned from at most, spread evenly; more do not change it much."""
RUNS = r"\p{Han}+|[0-9]|[\p{L}\p{M}&&[^\p{Han}]]+|[^\s\p{L}\p{M}0-9]|\s+"


def learn(texts: Sequence[str], config: TextConfig) -> PreTrainedTokenizerFast:
    """Return a tokenizer learned from texts; the same texts give the same tokenizer.

    Arguments:
        texts: at least one that is not empty.
        config: size of the vocabulary and longest Chinese token.
    """
    sample = [texts[place] for place in np.linspace(0, len(texts) - 1, min(len(texts), SAMPLE)).astype(int)]
    share = config.vocabulary // 2
    han = _merges(_runs(sample, han=True), share, longest=config.han_token)
    other = _merges(_runs(sample, han=False), config.vocabulary - share, longest=None)
    tokens = list(dict.fromkeys((*SPECIAL, *_ordered(han["vocab"]), *_ordered(other["vocab"]))))
    merges = [tuple(pair) for part in (han, other) for pair in part["merges"]]
    tokenizer = _blank(models.BPE({token: place for place, token in enumerate(tokens)}, merges, unk_token=UNKNOWN))
    ends = [(START, tokens.index(START)), (END, tokens.index(END))]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{START} $A {END}", special_tokens=ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        cls_token=START,
        sep_token=END,
        mask_token=MASK,
        model_max_length=config.length,
    )


def _blank(model: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    parts = [pre_tokenizers.Split(Regex(RUNS), "isolated"), pre_tokenizers.Split(Regex(r"\s+"), "removed")]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(parts)
    return tokenizer


def _runs(texts: Iterable[str], *, han: bool) -> Iterator[str]:
    """The runs of Chinese characters of each text, or all the others, parted by blanks."""
    blank = _blank(models.BPE())
    for text in texts:
        pieces = blank.pre_tokenizer.pre_tokenize_str(blank.normalizer.normalize_str(text))
        yield " ".join(piece for piece, _ in pieces if _is_han(piece) == han)


def _is_han(piece: str) -> bool:
    return ("\u2e80" <= piece[0] <= "\u9fff" and piece[0].isalpha()) or "\U00020000" <= piece[0] <= "\U0003ffff"


def _merges(texts: Iterator[str], size: int, *, longest: int | None) -> dict:
    tokenizer = _blank(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size, limit_alphabet=max(size // 2, 100), max_token_length=longest, show_progress=False
    )
    batches = iter(lambda: list(islice(texts, 1000)), [])
    tokenizer.train_from_iterator(batches, trainer)
    return json.loads(tokenizer.to_str())["model"]


def _ordered(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)
