"""Training of the demand model: AdamW, one cycle of the learning rate, early stopping on the validation span."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gnn.config import DemandConfig
from gnn.dataset import Dataset
from gnn.heads import class_logits, log_density
from gnn.losses import class_balance, contrast, time_decay
from gnn.network import DemandNetwork, Told
from gnn.panel import Rows

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Curve:
    """Losses of a training run, an entry for each epoch; the check is empty where nothing was held out."""

    fit: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    best: int = 0


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows as tensors."""

    cluster: Tensor
    origin: Tensor
    last: Tensor
    change: Tensor
    label: Tensor

    @classmethod
    def of(cls, rows: Rows, at: Mask) -> "Samples":
        """Return the rows of a mask."""
        return cls(
            torch.as_tensor(rows.cluster[at]),
            torch.as_tensor(rows.origin[at]),
            torch.as_tensor(rows.last[at], dtype=torch.float32),
            torch.as_tensor(rows.change[at], dtype=torch.float32),
            torch.as_tensor(rows.label[at]),
        )


def train(
    config: DemandConfig,
    data: Dataset,
    rows: Rows,
    *,
    fit: Mask,
    check: Mask | None,
    seed: int,
    epochs: int | None = None,
    told: Callable[[int, float, float], None] | None = None,
) -> tuple[DemandNetwork, Curve]:
    """Train one network.

    Arguments:
        config: settings.
        data: material of the rows.
        rows: rows of the task.
        fit: rows to learn from.
        check: rows to stop by; None trains for `epochs`.
        seed: of weights and dropout.
        epochs: passes to make where there is nothing to stop by; the schedule is the same as with `config.epochs`.
        told: called after each epoch with its number, the loss and the loss of the check (NaN without).

    Returns:
        The network at its best epoch, and the losses.
    """
    torch.manual_seed(seed)
    network = DemandNetwork(config, data)
    optimiser = torch.optim.AdamW(network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.learning_rate, total_steps=config.epochs)
    samples = Samples.of(rows, fit)
    held = Samples.of(rows, check) if check is not None else None
    curve, best, kept = Curve(), float("inf"), copy.deepcopy(network.state_dict())
    for epoch in range(config.epochs if held is not None else (epochs or config.epochs)):
        network.train()
        optimiser.zero_grad(set_to_none=True)
        loss = objective(config, data, rows, samples=samples, told=network(data, samples.cluster, samples.origin))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        curve.fit.append(float(loss.detach()))
        checked = float("nan")
        if held is not None:
            checked = _checked(network, data, rows, held)
            curve.check.append(checked)
            if checked < best:
                best, curve.best, kept = checked, epoch + 1, copy.deepcopy(network.state_dict())
            elif epoch + 1 - curve.best >= config.patience:
                break
        if told is not None:
            told(epoch, curve.fit[-1], checked)
    if held is not None:
        network.load_state_dict(kept)
    return network.eval(), curve


def objective(config: DemandConfig, data: Dataset, rows: Rows, *, samples: Samples, told: Told) -> Tensor:
    """Return the loss of equation 9 with the two tasks of equation 4; weight decay is AdamW's."""
    weight = time_decay((samples.origin.max() - samples.origin).float(), rate=config.decay)
    if config.balance:
        weight = weight * class_balance(samples.label, power=config.balance)
    logits = class_logits(told.demand, samples.last, cuts=rows.cuts)
    named = torch.nn.functional.nll_loss(logits, samples.label, reduction="none")
    density = -log_density(told.demand, samples.change).clamp(-20.0, 20.0)
    loss = (weight * (config.classes * named + config.change * density)).sum() / weight.sum()
    gap = data.gap[samples.cluster, samples.origin]
    known = ~torch.isnan(gap)
    if config.gap and known.any():
        loss = loss + config.gap * torch.nn.functional.smooth_l1_loss(told.gap[known], gap[known], beta=0.05)
    if config.contrast:
        loss = loss + config.contrast * contrast(told.fused, samples.cluster)
    return loss


@torch.no_grad()
def _checked(network: DemandNetwork, data: Dataset, rows: Rows, samples: Samples) -> float:
    network.eval()
    told = network(data, samples.cluster, samples.origin)
    logits = class_logits(told.demand, samples.last, cuts=rows.cuts)
    named = torch.nn.functional.nll_loss(logits, samples.label)
    return float(named - log_density(told.demand, samples.change).clamp(-20.0, 20.0).mean())
