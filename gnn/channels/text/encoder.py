"""Transformer checkpoints: the small one of our own, or any that AutoTokenizer and AutoModel can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import logging

from gnn.channels.text.config import TextConfig
from schema.errors import SettingsError


def small(tokenizer: PreTrainedTokenizerFast, config: TextConfig) -> BertModel:
    """Return a small untrained Transformer for a tokenizer."""
    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=config.hidden,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        intermediate_size=4 * config.hidden,
        max_position_embeddings=config.length,
        hidden_dropout_prob=config.dropout,
        attention_probs_dropout_prob=0.0,
        pad_token_id=tokenizer.pad_token_id,
    )
    return BertModel(shape, add_pooling_layer=False)


def read(name: str) -> tuple[Any, PreTrainedModel]:
    """Return tokenizer and model of a checkpoint.

    Arguments:
        name: a folder, or a name on the hub. What is on this machine already is taken without asking the network.

    Raises:
        SettingsError: there is no such checkpoint, or it cannot be read.
    """
    try:
        with quiet():
            try:
                return _read(name, local=True)
            except (OSError, ValueError):
                if Path(name).is_dir():
                    raise
                return _read(name, local=False)
    except (OSError, ValueError, ImportError) as error:
        expected = "a folder or a hub name that AutoTokenizer and AutoModel can read"
        raise SettingsError(f"encoder {name}: {error}", expected, where="text.encoder") from error


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the library's own bars and reports off the terminal; ours tell what there is to tell."""
    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _read(name: str, *, local: bool) -> tuple[Any, PreTrainedModel]:
    tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local)
    model = AutoModel.from_pretrained(name, local_files_only=local, dtype=torch.float32)
    if getattr(model, "pooler", None) is not None:
        model.pooler = None  # the posting encoder pools by itself; unused weights would only be decayed
    return tokenizer, model


def states(model: torch.nn.Module, numbers: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    """Return the last hidden state of each token, [batch, tokens, hidden]."""
    found: torch.Tensor = model(input_ids=numbers, attention_mask=there.long()).last_hidden_state
    return found
