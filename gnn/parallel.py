"""Processes that train one model together: each takes its share of the rows of every step, and gradients are added.

`torchrun --nproc-per-node 2 --no-python fullcycle gnn train` starts them; without torchrun there is one. Every process
holds the whole material and the same weights. A loss that is normalised over all rows is the sum of what the processes
hold of it, so the sum of their gradients is the gradient of one process with all rows.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, distributed

PATIENCE = timedelta(hours=12)
"""How long processes wait for one that works alone, as the first does while it reads texts."""


def first() -> bool:
    """Return whether this is the process that writes and shows: the first of torchrun's, or the only one."""
    return os.environ.get("RANK", "0") == "0"


@dataclass(frozen=True, slots=True)
class Ranks:
    """The place of this process among those that train together.

    Arguments:
        rank: from 0.
        size: number of processes, >= 1.
    """

    rank: int = 0
    size: int = 1

    def share(self, count: int) -> slice:
        """Return which of so many rows are this process's own."""
        return slice(self.rank * count // self.size, (self.rank + 1) * count // self.size)

    def total(self, value: Tensor) -> Tensor:
        """Return the sum of a tensor over the processes, without a gradient."""
        value = value.detach().clone()
        if self.size > 1:
            distributed.all_reduce(value)
        return value

    def whole(self, part: Tensor, *, count: int) -> Tensor:
        """Return the rows of all processes in order; a gradient flows through the own ones alone.

        Arguments:
            part: own rows, those of `share`, [own, ...].
            count: rows of all processes.
        """
        if self.size == 1:
            return part
        own = self.share(count)
        table = part.new_zeros((count, *part.shape[1:]))
        table[own] = part.detach()
        table = self.total(table)
        return torch.cat([table[: own.start], part, table[own.stop :]])

    def add_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Replace gradients by their sums; a parameter that no process used keeps none."""
        if self.size == 1:
            return
        held = list(parameters)
        given = [torch.zeros_like(each) if each.grad is None else each.grad for each in held]
        used = torch.tensor([float(each.grad is not None) for each in held], device=given[0].device)
        total = self.total(torch.cat([used, *(each.flatten() for each in given)]))
        used, *parts = total.split([len(held), *(each.numel() for each in given)])
        for parameter, part, counted in zip(held, parts, used.tolist(), strict=True):
            parameter.grad = part.view_as(parameter).clone() if counted else None

    def told(self, thing: Any) -> Any:
        """Return what the first process holds; it travels to the others as a pickle, so small things only."""
        if self.size == 1:
            return thing
        box = [thing]
        distributed.broadcast_object_list(box, src=0)
        return box[0]


@contextmanager
def together() -> Iterator[Ranks]:
    """Join the processes that torchrun started, for the time of a block; nccl on GPUs, gloo on CPUs."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Ranks()
        return
    # Its functions take the group of the moment as a default when first imported, as optimisers do. Imported later, it
    # would keep the group and its threads past the end of the block, and a thread that lives on while the interpreter
    # closes now and then aborts the process.
    import_module("torch.distributed.nn.functional")
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo", timeout=PATIENCE)
    try:
        yield Ranks(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
