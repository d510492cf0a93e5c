"""Where tensors are computed: on a GPU where there is one, with bfloat16 there; nothing else asks for the device."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import torch
from torch import Tensor

from gnn.channels.scatter import plain

CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Place:
    """A device and how numbers are held there.

    Arguments:
        device: of torch.
        half: whether channels are computed in bfloat16; fusion, heads and losses never are.
        plain: whether the graph is carried by torch alone. The build of dgl for CPUs cannot reach a GPU.
    """

    device: torch.device = CPU
    half: bool = False
    plain: bool = False

    def autocast(self) -> torch.autocast:
        """Return a context in which channels are computed in bfloat16, if they are to be."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.half)

    def put(self, thing: Any) -> Any:
        """Return tensors on this device: of a tensor, of a mapping, or of a dataclass of these such as a `Dataset`."""
        if isinstance(thing, Tensor):
            return thing.to(self.device)
        if isinstance(thing, Mapping):
            return {name: self.put(each) for name, each in thing.items()}
        if is_dataclass(thing) and not isinstance(thing, type):
            held = {each.name: getattr(thing, each.name) for each in fields(thing)}
            return replace(thing, **{name: self.put(each) for name, each in held.items()})
        if self.plain and hasattr(thing, "canonical_etypes"):
            return plain(thing, device=self.device)
        return thing


def chosen() -> Place:
    """Return the GPU of this process where there is one (that of its local rank under torchrun), else the CPU.

    On a GPU sums are taken in a fixed order, so that the same seed gives the same numbers again.
    """
    if not torch.cuda.is_available():
        return Place()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    torch.cuda.set_device(device)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    return Place(device, half=True, plain=True)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Compute in so many threads while the block lasts.

    Arguments:
        count: threads, >= 1; where it is negative, so many fewer than before, and at least one.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count if count > 0 else max(1, before + count))
    try:
        yield
    finally:
        torch.set_num_threads(before)
