"""Settings of the text channel. They are kept in the artifact and their hash names it."""

from dataclasses import dataclass
from typing import ClassVar

from gnn.settings import Settings


@dataclass(frozen=True, slots=True)
class TextConfig(Settings):
    """All that the vectors of postings depend on, beside the postings.

    Arguments:
        encoder: folder or hub name of a checkpoint for AutoTokenizer and AutoModel; None trains the small encoder here.
        vocabulary: tokens of the own tokenizer, > 100.
        han_token: longest token of Chinese characters, >= 1; 1 parts all characters.
        length: most tokens of a posting, the rest is cut off, >= 8.
        layers, hidden, heads: size of the own Transformer; hidden is a multiple of heads.
        dropout: in the Transformer and before the head, 0 up to 1.
        mask: share of the tokens to be guessed in pre-training, above 0 up to 1.
        pretrain_steps: most batches of pre-training, >= 1.
        pretrain_passes: most passes over the postings in it, >= 1.
        pretrain_batch: postings of such a batch, >= 1.
        pretrain_rate: highest learning rate of pre-training, > 0.
        queries: of each attention pooling over tokens, >= 1.
        breadth: share of the clusters among which a token has to be spread to be a common word, 0 to 1.
        text_size, skill_size, attribute_size: values of the three parts of h, >= 1; 128 together at most.
        epochs: most passes over the postings of the fitting span in adaptation, >= 1.
        batch: postings of a batch in adaptation, >= 2.
        rate: learning rate of the encoder in adaptation, >= 0; 0 leaves it as it is. None takes 2e-5 for a given
            checkpoint and 1e-3 for the own one.
        head_rate: learning rate of everything else in adaptation, > 0.
        query_rate: learning rate of the queries of the pooling, > 0.
        response_rate: learning rate of how strongly each cluster answers to its postings, > 0.
        weight_decay: of AdamW, >= 0 (L2 term of equation 9).
        decay: lambda of equation 8, per month, >= 0.
        contrast: weight of the contrastive term over clusters (beta 2 of equation 9), >= 0.
        temperature: of the contrastive term, > 0.
        absence: chance that adaptation hides the text, the skills or the attributes of a posting, 0 up to 1.
        leads: outlooks per posting, >= 1: a posting of month m is held against the change after m, m + 1, ...
        held_out: last months of the fitting span that are not learned from but tell when to stop, >= 1.
        patience: passes without a better outlook on those months until adaptation stops, >= 1.
        checkpoint_every: batches between two checkpoints, >= 1.
        seed: of all that is drawn.

    Raises:
        SettingsError: a value is out of its range.
    """

    part: ClassVar[str] = "text"

    encoder: str | None = None
    vocabulary: int = 8000
    han_token: int = 4
    length: int = 160
    layers: int = 1
    hidden: int = 64
    heads: int = 2
    dropout: float = 0.1
    mask: float = 0.15
    pretrain_steps: int = 300
    pretrain_passes: int = 5
    pretrain_batch: int = 64
    pretrain_rate: float = 2e-3
    queries: int = 4
    breadth: float = 0.5
    text_size: int = 64
    skill_size: int = 32
    attribute_size: int = 16
    epochs: int = 2
    batch: int = 64
    rate: float | None = None
    head_rate: float = 2e-3
    query_rate: float = 0.02
    response_rate: float = 0.02
    weight_decay: float = 0.01
    decay: float = 0.02
    contrast: float = 0.05
    temperature: float = 0.2
    absence: float = 0.05
    leads: int = 4
    held_out: int = 4
    patience: int = 1
    checkpoint_every: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        whole = ("han_token", "layers", "heads", "pretrain_steps", "pretrain_passes", "pretrain_batch", "queries",
                 "text_size", "skill_size", "attribute_size", "epochs", "leads", "held_out", "patience",
                 "checkpoint_every")  # fmt: skip
        for name in whole:
            self.require(name, getattr(self, name) >= 1, "1 or more")
        for name in ("weight_decay", "decay", "contrast"):
            self.require(name, getattr(self, name) >= 0, "0 or more")
        for name in ("dropout", "absence"):
            self.require(name, 0 <= getattr(self, name) < 1, "0 up to 1")
        for name in ("pretrain_rate", "head_rate", "query_rate", "response_rate", "temperature"):
            self.require(name, getattr(self, name) > 0, "above 0")
        self.require("breadth", 0 <= self.breadth <= 1, "0 to 1")
        self.require("text_size", self.text_size % 2 == 0, "an even number: common words have one half")
        self.require("mask", 0 < self.mask <= 1, "above 0 up to 1")
        self.require("rate", self.rate is None or self.rate >= 0, "0 or more")
        self.require("batch", self.batch >= 2, "2 or more")
        self.require("length", self.length >= 8, "8 or more")
        self.require("vocabulary", self.vocabulary > 100, "more than 100")
        self.require("hidden", self.hidden % self.heads == 0, f"a multiple of {self.heads} heads")
        self.require("text_size", self.size <= 128, "128 values in all at most")

    @property
    def size(self) -> int:
        """Values of h."""
        return self.text_size + self.skill_size + self.attribute_size

    @property
    def encoder_rate(self) -> float:
        """Learning rate of the encoder in adaptation."""
        if self.rate is not None:
            return self.rate
        return 1e-3 if self.encoder is None else 2e-5
