"""Plain neural networks on sequences of months: BiLSTM, Transformer, and Transformer with GRU.

Inputs (see `gnn.baselines.sequences`), the same protocol as every other row:

`BiLstm`           the months of demand
`Transformer`      the months of demand, and what its ``extra`` gives of each month (mean text vectors of the postings)
`TransformerGru`   a Transformer reads the months of demand and the text; a GRU reads the training sequence (the supply
                   of the institution, ``training``); without one the GRU reads the months of demand

All end in a softmax over the classes and a regression of the log change.
"""

import math

import numpy as np
import torch
from torch import Tensor, nn

from gnn.baselines.forecaster import Mask, Prediction, half_width, learn_and_check, with_interval
from gnn.baselines.sequences import MONTHS, SequenceReader
from gnn.metrics import CLASSES
from gnn.panel import Floats, Panel, Rows

WIDTH = 32
EPOCHS = 50
PATIENCE = 6
BATCH = 128
RATE = 3e-3
DECAY = 1e-2
DROPOUT = 0.2
LEVELS = 3
MONTHLY = 6


class Network:
    """A network as a forecaster: AdamW, the number of epochs by the validation span, then learned anew on all.

    Arguments:
        extra: text of each month, [clusters, months, features], known at the end of each month.
        training: training supply of each month, in the same form.
        reader: builder of the inputs.
        device: "cpu" or "cuda".
        epochs: most passes over the rows, >= 1.
    """

    name = ""

    def __init__(
        self,
        *,
        extra: Floats | None = None,
        training: Floats | None = None,
        reader: SequenceReader | None = None,
        device: str = "cpu",
        epochs: int = EPOCHS,
    ) -> None:
        self.texts = 0 if extra is None else extra.shape[2]
        parts = [part for part in (extra, training) if part is not None]
        self.extra = np.concatenate(parts, axis=2) if parts else None
        self.reader = reader or SequenceReader()
        self.device, self.epochs = device, epochs
        self.half = float("nan")

    def body(self, texts: int, trainings: int) -> nn.Module:
        """Return the part that turns (months, text, training) into WIDTH numbers per row."""
        raise NotImplementedError

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Choose the number of epochs, then learn from all rows of the mask."""
        learn, check = learn_and_check(rows, fit, seed=seed)
        chosen = self._learn(panel, rows, learn, check, seed=seed, epochs=self.epochs)
        self._learn(panel, rows, fit, None, seed=seed, epochs=chosen)

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell rows."""
        self.model.eval()
        with torch.no_grad():
            scores, change = self.model(*self._inputs(panel, rows, at))
        probabilities = torch.softmax(scores.double(), dim=1).cpu().numpy()
        return with_interval(probabilities, self._unscaled(change), half=self.half)

    def _learn(self, panel: Panel, rows: Rows, learn: Mask, check: Mask | None, *, seed: int, epochs: int) -> int:
        """Learn; return the best number of epochs by the rows to check, or all of them."""
        self.reader.fit(panel, rows, fit=learn, extra=self.extra)
        self.mean, self.spread = float(rows.change[learn].mean()), float(rows.change[learn].std()) or 1.0
        trainings = 0 if self.extra is None else self.extra.shape[2] - self.texts
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.model = _Heads(self.body(self.texts, trainings)).to(self.device)
            inputs, truth = self._inputs(panel, rows, learn), self._truth(rows, learn)
            held = None if check is None else (self._inputs(panel, rows, check), self._truth(rows, check))
            optimizer = torch.optim.AdamW(self.model.parameters(), lr=RATE, weight_decay=DECAY)
            best, chosen = math.inf, 1
            for epoch in range(1, epochs + 1):
                self._pass(optimizer, inputs, truth)
                if held is None or check is None:
                    continue
                self.model.eval()
                with torch.no_grad():
                    scores, change = self.model(*held[0])
                    loss = float(_loss(scores, change, *held[1]))
                if loss < best:
                    best, chosen = loss, epoch
                    self.half = half_width(rows.change[check] - self._unscaled(change))
                elif epoch - chosen >= PATIENCE:
                    break
        return epochs if check is None else chosen

    def _pass(self, optimizer: torch.optim.Optimizer, inputs: list[Tensor], truth: tuple[Tensor, Tensor]) -> None:
        self.model.train()
        for batch in torch.split(torch.randperm(len(truth[0])), BATCH):
            optimizer.zero_grad()
            scores, change = self.model(*(table[batch] for table in inputs))
            torch.autograd.backward(_loss(scores, change, truth[0][batch], truth[1][batch]))
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()

    def _inputs(self, panel: Panel, rows: Rows, at: Mask) -> list[Tensor]:
        found = self.reader.read(panel, rows, at=at, extra=self.extra)
        text, training = found.extra[:, :, : self.texts], found.extra[:, :, self.texts :]
        return [
            torch.as_tensor(table, dtype=torch.float32, device=self.device)
            for table in (found.months, text, training, found.level)
        ]

    def _truth(self, rows: Rows, at: Mask) -> tuple[Tensor, Tensor]:
        change = (rows.change[at] - self.mean) / self.spread
        return (
            torch.as_tensor(rows.label[at], device=self.device),
            torch.as_tensor(change, dtype=torch.float32, device=self.device),
        )

    def _unscaled(self, change: Tensor) -> Floats:
        return change.double().cpu().numpy() * self.spread + self.mean


class BiLstm(Network):
    """A bidirectional LSTM over the last 24 months. Text and training, where given, are read with them."""

    name = "BiLSTM"

    def body(self, texts: int, trainings: int) -> nn.Module:
        """Return the LSTM."""
        return _Recurrent(MONTHLY + texts + trainings)


class Transformer(Network):
    """A Transformer over the last 24 months and their text."""

    name = "Transformer"

    def body(self, texts: int, trainings: int) -> nn.Module:
        """Return the encoder."""
        return _Attention(MONTHLY + texts + trainings)


class TransformerGru(Network):
    """A Transformer over months and text, a GRU over the training sequence, side by side."""

    name = "Transformer + GRU"

    def body(self, texts: int, trainings: int) -> nn.Module:
        """Return both."""
        return _Pair(MONTHLY + texts, trainings)


class _Heads(nn.Module):
    """Softmax and regression on what the body found and on the level of the row."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.hidden = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(WIDTH + LEVELS, WIDTH), nn.GELU())
        self.classes, self.change = nn.Linear(WIDTH, CLASSES), nn.Linear(WIDTH, 1)

    def forward(self, months: Tensor, text: Tensor, training: Tensor, level: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.hidden(torch.cat([self.body(months, text, training), level], dim=1))
        return self.classes(hidden), self.change(hidden).squeeze(1)


class _Recurrent(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(size, WIDTH // 2, batch_first=True, bidirectional=True)

    def forward(self, months: Tensor, text: Tensor, training: Tensor) -> Tensor:
        _, (state, _) = self.lstm(torch.cat([months, text, training], dim=2))
        return torch.cat([state[0], state[1]], dim=1)


class _Attention(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.enter = nn.Linear(size, WIDTH)
        self.place = nn.Parameter(torch.randn(1, MONTHS, WIDTH) * 0.02)
        layer = nn.TransformerEncoderLayer(
            WIDTH, 4, dim_feedforward=2 * WIDTH, dropout=DROPOUT, batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.leave = nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, months: Tensor, text: Tensor, training: Tensor) -> Tensor:
        found = self.layers(self.enter(torch.cat([months, text, training], dim=2)) + self.place)
        pooled: Tensor = self.leave(torch.cat([found[:, -1], found.mean(dim=1)], dim=1))
        return pooled


class _Pair(nn.Module):
    def __init__(self, size: int, trainings: int) -> None:
        super().__init__()
        self.attention = _Attention(size)
        self.gru = nn.GRU(trainings or MONTHLY, WIDTH // 2, batch_first=True)
        self.leave = nn.Linear(WIDTH + WIDTH // 2, WIDTH)

    def forward(self, months: Tensor, text: Tensor, training: Tensor) -> Tensor:
        _, state = self.gru(training if training.shape[2] else months)
        found = self.attention(months, text, training[:, :, :0])
        joined: Tensor = self.leave(torch.cat([found, state[0]], dim=1))
        return joined


def _loss(scores: Tensor, change: Tensor, label: Tensor, truth: Tensor) -> Tensor:
    """Return cross entropy plus half the smooth absolute error of the standardised log change."""
    return nn.functional.cross_entropy(scores, label) + 0.5 * nn.functional.smooth_l1_loss(change, truth)
