"""Training of the demand model: AdamW, one cycle of the learning rate, early stopping on the validation span."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from gnn.baselines.regression import PENALTIES
from gnn.batches import Batches
from gnn.config import DemandConfig
from gnn.dataset import Dataset
from gnn.device import Place
from gnn.heads import class_logits, log_density
from gnn.losses import class_balance, contrast, time_decay
from gnn.network import DemandNetwork, Told
from gnn.panel import Rows
from gnn.parallel import Ranks
from gnn.start import Start, begin, best_start

Mask = NDArray[np.bool_]
APART = 7_919
"""Between the seeds of the dropout of two processes."""
WARM = 0.3
"""Share of the epochs in which the learning rate rises; none of these is kept where there are others."""


@dataclass(slots=True)
class Curve:
    """A training run: losses, an entry for each epoch, and what another run on more rows takes over.

    Arguments:
        fit, check: losses; the check is empty where nothing was held out.
        best: epochs after which the check was best, 0 where nothing was held out.
        start: the linear forecast that training began with.
    """

    fit: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    best: int = 0
    start: Start = field(default_factory=Start)


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

    def take(self, places: Tensor) -> "Samples":
        """Return some of the rows."""
        return Samples(*(getattr(self, each.name)[places] for each in fields(self)))


def train(
    config: DemandConfig,
    data: Dataset,
    rows: Rows,
    *,
    fit: Mask,
    check: Mask | None,
    seed: int,
    like: Curve | None = None,
    told: Callable[[int, float, float], None] | None = None,
    place: Place | None = None,
    ranks: Ranks | None = None,
) -> tuple[DemandNetwork, Curve]:
    """Train one network.

    Arguments:
        config: settings.
        data: material of the rows, on the device.
        rows: rows of the task.
        fit: rows to learn from.
        check: rows to choose by: when to stop, and where to begin as far as the settings leave it open.
        seed: of weights and dropout.
        like: an earlier run that chose these, where there is nothing to choose by; None makes all `config.epochs`
            passes. The schedule is the same either way.
        told: called after each epoch with its number, the loss and the loss of the check (NaN without).
        place: device; None is the CPU.
        ranks: processes that train together; None is this one alone. The result is the same in each.

    Returns:
        The network at its best epoch, and the losses.
    """
    place, ranks = place or Place(), ranks or Ranks()
    torch.manual_seed(seed)
    network = DemandNetwork(config, data, half=place.half).to(place.device)
    given = Samples.of(rows, fit)
    held = Samples.of(rows, check) if check is not None else None
    curve = Curve(start=_start(config, network, data, given=given, held=held, like=like))
    if curve.start.penalty:
        begin(network, data, cluster=given.cluster, origin=given.origin, change=given.change, start=curve.start)
    if ranks.rank:
        torch.manual_seed(seed + APART * ranks.rank)  # the same weights everywhere, but other dropout
    step = _Step(config, data, rows, samples=place.put(given), ranks=ranks, seed=seed)
    held = None if held is None else place.put(held)
    checks = None if held is None else Batches(config, data, held.cluster, held.origin, ranks=ranks, seed=None)
    optimiser = torch.optim.AdamW(network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    steps = config.epochs * len(step.batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.learning_rate, total_steps=steps, pct_start=WARM)
    # The start may be hard to beat, but it knows nothing of the gap and of what a straight line does not tell.
    warm = int(WARM * config.epochs)
    # Single steps jump about; their running mean is the better network.
    mean = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(config.memory), use_buffers=True)
    best, kept = float("inf"), copy.deepcopy(network.state_dict())
    for epoch in range(config.epochs if held is not None or like is None else max(like.best, 1)):
        curve.fit.append(step.epoch(network, epoch, optimiser=optimiser, schedule=schedule, mean=mean))
        checked = float("nan")
        if held is not None and checks is not None:
            checked = _checked(mean.module, data, rows, samples=held, batches=checks, ranks=ranks)
            curve.check.append(checked)
            if epoch >= warm and checked < best:
                best, curve.best, kept = checked, epoch + 1, copy.deepcopy(mean.module.state_dict())
            elif epoch + 1 - max(curve.best, warm) >= config.patience:
                break
        if told is not None:
            told(epoch, curve.fit[-1], checked)
    network.load_state_dict(mean.module.state_dict() if held is None else kept)
    return network.eval(), curve


def _start(
    config: DemandConfig,
    network: DemandNetwork,
    data: Dataset,
    *,
    given: Samples,
    held: Samples | None,
    like: Curve | None,
) -> Start:
    """Where to begin."""
    if config.ridge == 0:
        return Start()
    if like is not None:
        return like.start
    learn, check = ((each.cluster, each.origin, each.change) for each in (given, held or given))
    penalties = PENALTIES if config.ridge is None else (config.ridge,)
    return best_start(network, data, learn=learn, check=check, penalties=penalties)


class _Step:
    """Passes over the rows to learn from."""

    def __init__(
        self, config: DemandConfig, data: Dataset, rows: Rows, *, samples: Samples, ranks: Ranks, seed: int
    ) -> None:
        self.config, self.data, self.rows, self.samples, self.ranks = config, data, rows, samples, ranks
        # By all rows, whatever the batches are.
        self.weight = weights(config, samples)
        self.batches = Batches(config, data, samples.cluster, samples.origin, ranks=ranks, seed=seed)

    def epoch(
        self,
        network: DemandNetwork,
        epoch: int,
        *,
        optimiser: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        mean: AveragedModel,
    ) -> float:
        """Make one pass and return its mean loss."""
        total, count = 0.0, 0
        network.train()
        for batch in self.batches.epoch(epoch):
            optimiser.zero_grad(set_to_none=True)
            own = self.samples.take(batch.own)
            told = network(self.data, own.cluster, own.origin, cut=batch.cut)
            loss = objective(
                self.config,
                self.data,
                self.rows,
                samples=own,
                weight=self.weight[batch.own],
                told=told,
                every=self.samples.cluster[batch.rows],
                ranks=self.ranks,
            )
            loss.backward()
            self.ranks.add_gradients(network.parameters())
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            mean.update_parameters(network)
            total += float(self.ranks.total(loss)) * len(batch.rows)
            count += len(batch.rows)
        return total / count


def weights(config: DemandConfig, samples: Samples) -> Tensor:
    """Return how much each row counts: time decay and class balance (equation 8), [rows]."""
    weight = time_decay((samples.origin.max() - samples.origin).float(), rate=config.decay)
    return weight * class_balance(samples.label, power=config.balance) if config.balance else weight


def objective(
    config: DemandConfig,
    data: Dataset,
    rows: Rows,
    *,
    samples: Samples,
    weight: Tensor,
    told: Told,
    every: Tensor,
    ranks: Ranks,
) -> Tensor:
    """Return this process's part of the loss of equation 9, with the two tasks of equation 4; the parts sum to it.

    Weight decay is AdamW's.

    Arguments:
        config: weights of the terms.
        data: the gaps.
        rows: their cut points.
        samples, weight, told: own rows of the step, how much they count, and what is foretold of them.
        every: clusters of the rows of all processes.
        ranks: the processes.
    """
    logits = class_logits(told.demand, samples.last, cuts=rows.cuts)
    named = torch.nn.functional.nll_loss(logits, samples.label, reduction="none")
    density = -log_density(told.demand, samples.change).clamp(-20.0, 20.0)
    gap = data.gap[samples.cluster, samples.origin]
    known = ~torch.isnan(gap)
    summed, measured = ranks.total(torch.stack([weight.sum(), known.sum()]))
    loss = (weight * (config.classes * named + config.change * density)).sum() / summed
    if config.gap and measured:
        error = torch.nn.functional.smooth_l1_loss(told.gap[known], gap[known], beta=0.05, reduction="sum")
        loss = loss + config.gap * error / measured
    if config.contrast:
        # Pairs lie across processes, so each looks at all rows: the value counts once, and each row's gradient too.
        term = contrast(ranks.whole(told.fused, count=len(every)), every)
        loss = loss + config.contrast * (term - term.detach() * (1.0 - 1.0 / ranks.size))
    return loss


@torch.no_grad()
def _checked(
    network: torch.nn.Module, data: Dataset, rows: Rows, *, samples: Samples, batches: Batches, ranks: Ranks
) -> float:
    network.eval()
    total = torch.zeros((), device=samples.last.device)
    for batch in batches.epoch():
        own = samples.take(batch.own)
        told = network(data, own.cluster, own.origin, cut=batch.cut)
        named = torch.nn.functional.nll_loss(
            class_logits(told.demand, own.last, cuts=rows.cuts), own.label, reduction="sum"
        )
        total += named - log_density(told.demand, own.change).clamp(-20.0, 20.0).sum()
    return float(ranks.total(total)) / len(samples.last)
