"""A fitted posting encoder with all that belongs to it, in memory and in a folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel, AutoTokenizer

from cypher.progress import Progress
from gnn.channels.text.config import TextConfig
from gnn.channels.text.corpus import Corpus, Floats
from gnn.channels.text.encoding import Matrix, vectors
from gnn.channels.text.posting import Batch, PostingEncoder, Shape
from gnn.channels.text.tokens import Memory, tokenise
from schema.errors import JobError

CONFIG, WEIGHTS, TOKENIZER = "text.json", "posting.safetensors", "tokenizer"


@dataclass(frozen=True, slots=True)
class TextArtifact:
    """A fitted posting encoder.

    Arguments:
        config: settings that it was made with.
        tokenizer: of Hugging Face.
        model: the weights.
        shape: statistics of the postings that it was fitted to.
    """

    config: TextConfig
    tokenizer: Any
    model: PostingEncoder
    shape: Shape

    def outlook(self, matrix: Matrix) -> Floats:
        """Return what vectors, or means of vectors, tell of the coming change, in standard deviations.

        Arguments:
            matrix: [..., values].

        Returns:
            [..., leads].
        """
        return np.asarray(matrix @ self.directions.T + self.model.head.bias.detach().cpu().double().numpy())

    @property
    def directions(self) -> Floats:
        """Directions of h that the outlook reads, [leads, values]."""
        found = np.zeros((self.config.leads, self.config.size))
        found[:, : self.model.common_size] = self.model.head.weight.detach().cpu().double().numpy()
        return found


def encode(
    artifact: TextArtifact,
    corpus: Corpus,
    *,
    batch: int = 128,
    device: str = "cpu",
    progress: Progress,
    memory: Memory | None = None,
) -> Matrix:
    """Return the vectors h of all postings (equation 6), [postings, values].

    Arguments:
        artifact: a fitted posting encoder.
        corpus: postings, with the skills and categories that it was fitted to.
        batch: postings at once, >= 1.
        device: of torch.
        progress: shows the steps.
        memory: of tokens; None keeps none.

    Raises:
        JobError: the postings have other skills, categories or numbers than it was fitted to.
    """
    shape = artifact.shape
    given = (corpus.skills, corpus.category_sizes, corpus.numbers.shape[1])
    fitted = (shape.skills, shape.category_sizes, len(shape.means))
    if given != fitted:
        raise JobError(f"skills, categories and numbers {given}", f"those of the fit, {fitted}", where="encode")
    tokens = tokenise(artifact.tokenizer, corpus, length=artifact.config.length, progress=progress, memory=memory)
    return vectors(artifact.model, corpus, tokens, batch=batch, device=device, progress=progress)


def attended(
    artifact: TextArtifact, corpus: Corpus, place: int, *, device: str = "cpu"
) -> tuple[tuple[str, float], ...]:
    """Return the tokens of one posting and how much the pooling attended to each (alpha of equation 7).

    Arguments:
        artifact: a fitted posting encoder.
        corpus: postings.
        place: of the posting.
        device: of torch.
    """
    only = corpus.take(np.array([place]))
    tokens = tokenise(artifact.tokenizer, only, length=artifact.config.length, progress=Progress.silent())
    with torch.inference_mode():
        weights = artifact.model.to(device).attention(Batch.of(only, tokens, np.array([0]), device=device))[0]
    names = artifact.tokenizer.convert_ids_to_tokens(tokens.numbers.tolist())
    return tuple(zip(names, weights.cpu().tolist(), strict=True))


def write(artifact: TextArtifact, folder: Path) -> None:
    """Save an artifact: settings as JSON, tokenizer, shape of the Transformer, weights as safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    artifact.tokenizer.save_pretrained(folder / TOKENIZER)
    artifact.model.transformer.config.save_pretrained(folder)
    weights = {name: value.detach().cpu().contiguous() for name, value in artifact.model.state_dict().items()}
    save_file(weights, folder / WEIGHTS)
    kept = {"config": asdict(artifact.config), "shape": asdict(artifact.shape)}
    (folder / CONFIG).write_text(json.dumps(kept, indent=1), encoding="utf-8")


def read(folder: Path) -> TextArtifact:
    """Read an artifact that `write` saved; nothing is trained and no network is asked.

    Raises:
        JobError: there is none.
    """
    path = folder / CONFIG
    if not path.exists():
        raise JobError(f"no {CONFIG} in {folder}", "a folder that an adaptation saved", where="text.read")
    kept = json.loads(path.read_text(encoding="utf-8"))
    config = TextConfig(**kept["config"])
    sizes = {name: tuple(kept["shape"][name]) for name in ("category_sizes", "means", "deviations")}
    shape = Shape(skills=kept["shape"]["skills"], **sizes)
    transformer = AutoModel.from_config(AutoConfig.from_pretrained(folder, local_files_only=True))
    if getattr(transformer, "pooler", None) is not None:
        transformer.pooler = None
    model = PostingEncoder(transformer, shape=shape, config=config)
    model.load_state_dict(load_file(folder / WEIGHTS))
    tokenizer = AutoTokenizer.from_pretrained(folder / TOKENIZER, local_files_only=True)
    return TextArtifact(config, tokenizer, model.eval(), shape)
