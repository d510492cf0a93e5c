"""Supervised adaptation: postings learn to tell the coming demand of their cluster (equations 8 and 9)."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from torch import nn

from cypher.progress import Progress
from gnn.channels.text import encoder
from gnn.channels.text.artifact import TextArtifact, read, write
from gnn.channels.text.checkpoint import Checkpoint
from gnn.channels.text.config import TextConfig
from gnn.channels.text.contrast import contrastive
from gnn.channels.text.corpus import Corpus, Floats, Places
from gnn.channels.text.encoding import monthly, vectors
from gnn.channels.text.outlook import centred, outlooks
from gnn.channels.text.posting import Batch, PostingEncoder, Shape
from gnn.channels.text.pretraining import warmup
from gnn.channels.text.tokens import Memory, Tokens, shuffled, tokenise
from gnn.channels.text.words import common
from gnn.panel import Panel, Rows
from schema.errors import JobError

REPORT = "adaptation.json"


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What an adaptation did.

    Arguments:
        key: of settings, postings, outcomes and the weights that it began with.
        agreement: after each pass, correlation of the outlook's monthly mean with what came, in the months held out.
        best: pass whose weights were kept, from 0.
        curve: mean loss of each pass.
    """

    key: str
    agreement: tuple[float, ...]
    best: int
    curve: tuple[float, ...]


def adapt(
    corpus: Corpus,
    panel: Panel,
    rows: Rows,
    config: TextConfig,
    *,
    fit: np.ndarray,
    pretrained: str | Path,
    folder: Path,
    progress: Progress,
    device: str = "cpu",
    memory: Memory | None = None,
) -> tuple[TextArtifact, Adaptation]:
    """Fit a posting encoder to the coming change of demand, save it, and return it.

    Only postings of months that have a row to learn from count. Killed and run again with the same settings, postings
    and rows it goes on after the last finished pass; finished, it returns at once.

    Arguments:
        corpus: the postings; `cluster` and `month` are places in the panel.
        panel: monthly demand.
        rows: of the task.
        fit: rows that may be learned from, [rows].
        config: settings.
        pretrained: folder or hub name of the Transformer to begin with.
        folder: of the artifact; made if it is not there.
        progress: shows the steps.
        device: of torch.
        memory: of tokens; None keeps none.

    Raises:
        JobError: there is no posting in the months to learn from.
        SettingsError: the checkpoint cannot be read.
    """
    tokenizer, transformer = encoder.read(str(pretrained))
    key = key_of(corpus, rows, config, fit=fit, weights=transformer)
    done = finished(folder)
    if done is not None and done.key == key:
        return read(folder), done
    (folder / REPORT).unlink(missing_ok=True)  # until the artifact is another one
    tokens = tokenise(tokenizer, corpus, length=config.length, progress=progress, memory=memory)
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        training = _Training(corpus, tokens, config, panel=panel, rows=rows, fit=fit, device=device)
        model = PostingEncoder(transformer, shape=training.shape, config=config)
        model.common.copy_(torch.from_numpy(training.common(len(model.common))))
        model = model.to(device)
        state = Checkpoint(folder / "adaptation.state", key)
        report = training.run(model, state, progress=progress)
    artifact = TextArtifact(config, tokenizer, model.eval(), training.shape)
    write(artifact, folder)
    (folder / REPORT).write_text(json.dumps(asdict(report)), encoding="utf-8")
    state.clear()
    return artifact, report


def key_of(corpus: Corpus, rows: Rows, config: TextConfig, *, fit: np.ndarray, weights: nn.Module) -> str:
    """Return what differs where an adaptation would: settings, postings, what came of them, and the first weights."""
    found = hashlib.sha256()
    for column in (rows.cluster, rows.origin, rows.change):
        found.update(np.ascontiguousarray(column[fit]).tobytes())
    found.update(save({name: each.contiguous() for name, each in weights.state_dict().items()}))
    return f"{config.hash}-{corpus.digest}-{found.hexdigest()[:12]}"


def finished(folder: Path) -> Adaptation | None:
    """Return what the adaptation in a folder did, or None where none was finished."""
    path = folder / REPORT
    if not path.exists():
        return None
    values = json.loads(path.read_text(encoding="utf-8"))
    return Adaptation(**{**values, "agreement": tuple(values["agreement"]), "curve": tuple(values["curve"])})


class Response(nn.Module):
    """How strongly each cluster answers to what its postings say: told -> strength x told + level.

    Learned beside the posting encoder and forgotten afterwards. Without it, names of jobs and skills learn to turn up
    or down what a posting says of hiring, cluster by cluster, and postings of two clusters cannot be compared.
    """

    def __init__(self, clusters: int, leads: int) -> None:
        super().__init__()
        self.strength = nn.Embedding(clusters, 1)
        self.level = nn.Embedding(clusters, leads)
        nn.init.ones_(self.strength.weight)
        nn.init.zeros_(self.level.weight)

    def forward(self, told: torch.Tensor, cluster: torch.Tensor) -> torch.Tensor:
        """Return what is to be expected of the clusters, [batch, leads]."""
        found: torch.Tensor = self.strength(cluster) * told + self.level(cluster)
        return found


class _Training:
    def __init__(
        self,
        corpus: Corpus,
        tokens: Tokens,
        config: TextConfig,
        *,
        panel: Panel,
        rows: Rows,
        fit: np.ndarray,
        device: str,
    ) -> None:
        self.corpus, self.tokens, self.config, self.device = corpus, tokens, config, device
        size = {"clusters": len(panel.clusters), "months": panel.months}
        came = outlooks(panel, rows, fit, leads=config.leads)
        earliest, latest = int(rows.origin[fit].min()), int(rows.origin[fit].max())
        # A short history holds out less, so that something is left to learn from.
        last = latest - min(config.held_out, (latest - earliest) // 2)
        known = (corpus.cluster >= 0) & (corpus.month >= 0) & (corpus.month <= latest)
        known[known] = ~np.isnan(came[corpus.cluster[known], corpus.month[known]]).all(axis=1)
        self.learned = np.flatnonzero(known & (corpus.month <= last))
        self.held = np.flatnonzero(known & (corpus.month > last))
        if not len(self.learned):
            given = f"{len(self.learned)} postings up to month {last} and {len(self.held)} after it"
            raise JobError(given, "postings with a cluster and a date in the months to learn from", where="adapt")
        self.weight = np.exp(-config.decay * (last - corpus.month)) * self._crowd(corpus)
        self.weight /= self.weight[self.learned].mean()
        weight, _ = monthly(self.weight[:, None].astype(np.float32), corpus.cluster, corpus.month, **size)
        count = np.zeros(panel.values.shape)
        np.add.at(count, (corpus.cluster[known], corpus.month[known]), 1.0)
        # What is held out may not be told by the outlook of an earlier month that reaches into it.
        reach = np.arange(panel.months)[:, None] + np.arange(config.leads)
        before, after = np.where(reach <= last, came, np.nan), came.copy()
        after[:, : last + 1] = np.nan
        self.came = centred(after, count)
        self.wanted = np.full((len(corpus), config.leads), np.nan)
        places = (corpus.cluster[self.learned], corpus.month[self.learned])
        self.wanted[self.learned] = centred(before, count * weight[:, :, 0])[places]
        self.shape = Shape.of(corpus, self.learned)
        self.response = Response(len(panel.clusters), config.leads).to(device)

    @staticmethod
    def _crowd(corpus: Corpus) -> Floats:
        """One over the root of the postings of the same cluster and month: they share one outcome and its noise."""
        cell = (corpus.cluster + 1) * (int(corpus.month.max(initial=0)) + 2) + corpus.month + 1
        _, inverse, count = np.unique(cell, return_inverse=True, return_counts=True)
        return np.asarray(1.0 / np.sqrt(count[inverse]))

    def common(self, vocabulary: int) -> np.ndarray:
        """Common words of the postings that are learned from."""
        breadth = self.config.breadth
        return common(self.corpus, self.tokens, among=self.learned, vocabulary=vocabulary, breadth=breadth)

    def run(self, model: PostingEncoder, state: Checkpoint, *, progress: Progress) -> Adaptation:
        config = self.config
        optimizer = self._optimizer(model)
        kept = state.read() or {}
        agreement, curve = list(kept.get("agreement", [])), list(kept.get("curve", []))
        best = kept.get("best", model.state_dict())
        if kept:
            model.load_state_dict(kept["model"])
            self.response.load_state_dict(kept["response"])
            optimizer.load_state_dict(kept["optimizer"])
        steps = config.epochs * math.ceil(len(self.learned) / config.batch)
        for epoch in range(len(curve), config.epochs):
            if len(agreement) - 1 - _best(agreement) >= config.patience:
                break
            curve.append(self._epoch(model, optimizer, epoch, steps=steps, progress=progress))
            agreement.append(self._agreement(model, progress=progress))
            progress.say(f"Pass {epoch + 1}: loss {curve[-1]:.4f}, agreement {agreement[-1]:.4f}")
            if _best(agreement) == len(agreement) - 1:
                best = {name: value.detach().clone() for name, value in model.state_dict().items()}
            state.write(
                model=model.state_dict(),
                response=self.response.state_dict(),
                best=best,
                optimizer=optimizer.state_dict(),
                agreement=agreement,
                curve=curve,
            )
        model.load_state_dict(best)
        return Adaptation(state.key, tuple(agreement), _best(agreement), tuple(curve))

    def _optimizer(self, model: PostingEncoder) -> torch.optim.Optimizer:
        queries = [model.common_pooling.query, model.pooling.query]
        inner = {id(parameter) for parameter in (*model.transformer.parameters(), *queries)}
        rest = [parameter for parameter in model.parameters() if id(parameter) not in inner]
        config = self.config
        settings = (
            (list(model.transformer.parameters()), config.encoder_rate, config.weight_decay),
            (queries, config.query_rate, 0.0),
            (rest, config.head_rate, config.weight_decay),
            (list(self.response.parameters()), config.response_rate, 0.0),
        )
        groups = [
            {"params": parameters, "lr": rate, "peak": rate, "weight_decay": decay}
            for parameters, rate, decay in settings
        ]
        return torch.optim.AdamW(groups)

    def _epoch(
        self, model: PostingEncoder, optimizer: torch.optim.Optimizer, epoch: int, *, steps: int, progress: Progress
    ) -> float:
        config, total, count = self.config, 0.0, 0
        batches = shuffled(self.tokens.lengths, self.learned, batch=config.batch, seed=(config.seed, 1, epoch))
        model.train()
        with progress.step(f"Adapting, pass {epoch + 1}", len(batches), unit="batches") as step:
            for place, places in enumerate(batches):
                number = epoch * len(batches) + place
                torch.manual_seed(config.seed * 1_000_003 + number)
                for group in optimizer.param_groups:
                    group["lr"] = group["peak"] * warmup(number, steps)
                loss = self._loss(model, places)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                total, count = total + float(loss.detach()) * len(places), count + len(places)
                step.advance()
        return total / count

    def _loss(self, model: PostingEncoder, places: Places) -> torch.Tensor:
        config, device = self.config, self.device
        keep = (torch.rand(len(places), 3) >= config.absence).float().to(device)
        with torch.autocast(device.split(":", maxsplit=1)[0], torch.bfloat16, enabled=device.startswith("cuda")):
            found = model(Batch.of(self.corpus, self.tokens, places, device=device), keep=keep)
        found = found.float()
        wanted = torch.from_numpy(self.wanted[places].astype(np.float32)).to(device)
        weight = torch.from_numpy(self.weight[places].astype(np.float32)).to(device)
        cluster = torch.from_numpy(self.corpus.cluster[places]).to(device)
        told = self.response(model.outlook(model.dropout(found)), cluster)
        known = ~torch.isnan(wanted)
        error = torch.where(known, told - torch.nan_to_num(wanted), 0.0).square() * weight[:, None]
        loss = error.sum() / known.sum().clamp(min=1)
        if config.contrast:
            loss = loss + config.contrast * contrastive(found, cluster, temperature=config.temperature)
        return loss

    def _agreement(self, model: PostingEncoder, *, progress: Progress) -> float:
        """Correlation of the mean outlook with what came, within the clusters and months held out."""
        corpus = self.corpus
        found = vectors(model, corpus, self.tokens, among=self.held, device=self.device, progress=progress)
        with torch.no_grad():
            told = model.outlook(torch.from_numpy(found).to(self.device)).cpu().numpy()
        size = {"clusters": self.came.shape[0], "months": self.came.shape[1]}
        mean, count = monthly(told, corpus.cluster[self.held], corpus.month[self.held], **size)
        known = (count > 0)[:, :, None] & ~np.isnan(self.came)
        told_values = centred(np.where(known, mean, np.nan), count.astype(float))[known]
        came_values = self.came[known]
        if len(came_values) < 3 or not told_values.std() or not came_values.std():
            return 0.0
        return float(np.corrcoef(told_values, came_values)[0, 1])


def _best(values: list[float]) -> int:
    return int(np.argmax(values)) if values else 0
