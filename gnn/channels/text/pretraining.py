"""Masked-language pre-training of the small encoder on an institution's own postings."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel, PreTrainedTokenizerFast

from cypher.progress import Progress
from gnn.channels.text import encoder, vocabulary
from gnn.channels.text.checkpoint import Checkpoint
from gnn.channels.text.config import TextConfig
from gnn.channels.text.corpus import Corpus
from gnn.channels.text.tokens import Memory, Tokens, by_length, shuffled, tokenise
from schema.errors import JobError

HELD_OUT = 512  # postings at most that only measure the loss
IGNORED = -100
REPORT = "pretraining.json"


@dataclass(frozen=True, slots=True)
class Pretraining:
    """What a pre-training did.

    Arguments:
        key: of settings and postings.
        steps: batches learned from.
        loss: mean loss over the masked tokens of postings that were not learned from, nats.
        unigram: the loss of guessing by frequency alone on the same tokens, nats.
        curve: loss of every batch, nats.
    """

    key: str
    steps: int
    loss: float
    unigram: float
    curve: tuple[float, ...]


class MaskedHead(nn.Module):
    """Guesses tokens from hidden states; the output weights are the input embeddings."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        self.tables = [table]  # in a list: owned by the encoder, not by this head
        self.dense = nn.Linear(table.embedding_dim, table.embedding_dim)
        self.norm = nn.LayerNorm(table.embedding_dim)
        self.bias = nn.Parameter(torch.zeros(table.num_embeddings))

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return scores of all tokens, [states, vocabulary]."""
        return functional.linear(self.norm(functional.gelu(self.dense(hidden))), self.tables[0].weight, self.bias)


def pretrain(
    corpus: Corpus,
    config: TextConfig,
    *,
    folder: Path,
    progress: Progress,
    device: str = "cpu",
    memory: Memory | None = None,
) -> Pretraining:
    """Learn a tokenizer and a small encoder from postings, and save both in a folder as a Hugging Face checkpoint.

    Killed and run again with the same settings and postings it goes on where it was; finished, it returns at once.

    Arguments:
        corpus: the postings; only their texts count.
        config: settings.
        folder: of the checkpoint; made if it is not there.
        progress: shows the steps.
        device: of torch.
        memory: of tokens; None keeps none.

    Raises:
        JobError: there is no text.
    """
    if not any(corpus.texts):
        raise JobError("no posting with a text", "texts to learn from", where="pretrain")
    key = f"{config.hash}-{corpus.digest}"
    done = finished(folder)
    if done is not None and done.key == key:
        return done
    with progress.step("Learning the vocabulary"):
        tokenizer = vocabulary.learn(corpus.texts, config)
    tokens = tokenise(tokenizer, corpus, length=config.length, progress=progress, memory=memory)
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = encoder.small(tokenizer, config)
        model.to(torch.device(device))  # type: ignore[arg-type]  # a module moves itself
        training = _Training(model, tokenizer, tokens, config, device=device)
        state = Checkpoint(folder / "pretraining.state", key)
        training.run(state, progress=progress)
        loss, unigram = training.measure()
    folder.mkdir(parents=True, exist_ok=True)
    with encoder.quiet():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    report = Pretraining(key, training.steps, loss, unigram, tuple(training.curve))
    (folder / REPORT).write_text(json.dumps(asdict(report)), encoding="utf-8")
    state.clear()
    return report


def finished(folder: Path) -> Pretraining | None:
    """Return what the pre-training in a folder did, or None where none was finished."""
    path = folder / REPORT
    if not path.exists():
        return None
    values = json.loads(path.read_text(encoding="utf-8"))
    return Pretraining(**{**values, "curve": tuple(values["curve"])})


class _Training:
    def __init__(
        self, model: BertModel, tokenizer: PreTrainedTokenizerFast, tokens: Tokens, config: TextConfig, *, device: str
    ) -> None:
        self.model, self.tokens, self.config, self.device = model, tokens, config, device
        self.mask, self.size, self.special = tokenizer.mask_token_id, len(tokenizer), len(vocabulary.SPECIAL)
        self.head = MaskedHead(model.embeddings.word_embeddings).to(device)
        filled = np.flatnonzero(tokens.lengths > len(tokens.fixed) - 1)
        apart = filled[:: max(2, math.ceil(len(filled) / HELD_OUT))]
        self.apart, self.learned = apart, np.setdiff1d(filled, apart) if len(filled) > 1 else filled
        self.per_epoch = math.ceil(len(self.learned) / config.pretrain_batch)
        self.steps = max(1, min(config.pretrain_steps, config.pretrain_passes * self.per_epoch))
        self.curve: list[float] = []

    def run(self, state: Checkpoint, *, progress: Progress) -> None:
        config = self.config
        parameters = [*self.model.parameters(), *self.head.parameters()]
        optimizer = torch.optim.AdamW(parameters, lr=config.pretrain_rate, weight_decay=config.weight_decay)
        first = self._resume(state, optimizer)
        batches: list[np.ndarray] = []
        self.model.train()
        with progress.step("Pre-training", self.steps, unit="batches") as step:
            step.advance(first)
            for number in range(first, self.steps):
                epoch, place = divmod(number, self.per_epoch)
                if place == 0 or not batches:
                    seed = (config.seed, epoch)
                    batches = shuffled(self.tokens.lengths, self.learned, batch=config.pretrain_batch, seed=seed)
                torch.manual_seed(config.seed * 1_000_003 + number)
                for group in optimizer.param_groups:
                    group["lr"] = config.pretrain_rate * warmup(number, self.steps)
                loss, count = self._loss(batches[place])
                optimizer.zero_grad(set_to_none=True)
                (loss / max(count, 1)).backward()
                nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                self.curve.append(float(loss.detach()) / max(count, 1))
                if (number + 1) % config.checkpoint_every == 0 and number + 1 < self.steps:
                    state.write(
                        step=number + 1,
                        model=self.model.state_dict(),
                        head=self.head.state_dict(),
                        optimizer=optimizer.state_dict(),
                        curve=self.curve,
                    )
                step.advance()

    def _resume(self, state: Checkpoint, optimizer: torch.optim.Optimizer) -> int:
        kept = state.read()
        if kept is None:
            return 0
        self.model.load_state_dict(kept["model"])
        self.head.load_state_dict(kept["head"])
        optimizer.load_state_dict(kept["optimizer"])
        self.curve = list(kept["curve"])
        return int(kept["step"])

    def _loss(self, places: np.ndarray) -> tuple[torch.Tensor, int]:
        """Sum of the loss over the masked tokens of a batch, and how many there are."""
        numbers, there, meaning = self.tokens.padded(places)
        masked, wanted = mask(
            numbers, meaning, share=self.config.mask, symbol=self.mask, tokens=(self.special, self.size)
        )
        chosen = (wanted != IGNORED).to(self.device)
        with torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=self.device.startswith("cuda")):
            hidden = encoder.states(self.model, masked.to(self.device), there.to(self.device))
            scores = self.head(hidden[chosen])
        found = functional.cross_entropy(scores.float(), wanted.to(self.device)[chosen], reduction="sum")
        return found, int(chosen.sum())

    @torch.no_grad()
    def measure(self) -> tuple[float, float]:
        """Loss on the postings that are not learned from, and that of guessing by frequency."""
        self.model.eval()
        seen = np.bincount(np.concatenate([self._words(place) for place in self.learned]), minlength=self.size) + 1.0
        frequency = np.log(seen / seen.sum())
        total = unigram = 0.0
        count = 0
        for number, places in enumerate(by_length(self.tokens.lengths, self.apart, batch=self.config.pretrain_batch)):
            torch.manual_seed(self.config.seed * 1_000_003 + number)
            loss, masked = self._loss(places)
            total, count = total + float(loss), count + masked
            torch.manual_seed(self.config.seed * 1_000_003 + number)
            numbers, _, meaning = self.tokens.padded(places)
            tokens = (self.special, self.size)
            _, wanted = mask(numbers, meaning, share=self.config.mask, symbol=self.mask, tokens=tokens)
            unigram -= float(frequency[wanted[wanted != IGNORED].numpy()].sum())
        return total / max(count, 1), unigram / max(count, 1)

    def _words(self, place: int) -> np.ndarray:
        found = self.tokens.numbers[self.tokens.offsets[place] : self.tokens.offsets[place + 1]]
        return found[~np.isin(found, self.tokens.fixed)]


def warmup(step: int, steps: int) -> float:
    """Factor of the learning rate: up over the first tenth, then down to a twentieth along a straight line."""
    rising = max(1, steps // 10)
    return (step + 1) / rising if step < rising else max(0.05, (steps - step) / max(1, steps - rising))


def mask(
    numbers: torch.Tensor, meaning: torch.Tensor, *, share: float, symbol: int, tokens: tuple[int, int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Hide tokens: eight of ten behind the mask symbol, one of ten behind any token, one of ten is left as it is.

    Arguments:
        numbers: tokens, [batch, tokens].
        meaning: which may be hidden, [batch, tokens].
        share: of these that are to be guessed.
        symbol: token of the mask.
        tokens: first and end of the tokens that may stand in for another.

    Returns:
        What the encoder reads, and what it is to guess: -100 where nothing is.
    """
    chosen = meaning & (torch.rand(numbers.shape) < share)
    wanted = torch.where(chosen, numbers, IGNORED)
    drawn = torch.rand(numbers.shape)
    other = torch.randint(*tokens, numbers.shape)
    given = torch.where(chosen & (drawn < 0.8), symbol, numbers)
    return torch.where(chosen & (drawn >= 0.9), other, given), wanted
