"""State of a training that can be killed and goes on where it was."""

from pathlib import Path
from typing import Any

import torch


class Checkpoint:
    """One file that holds where a training stands.

    Arguments:
        path: of the file.
        key: what is trained on what; a state of another key is passed over.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self.key = key

    def read(self) -> dict[str, Any] | None:
        """Return the state, or None where there is none of this key."""
        if not self._path.exists():
            return None
        state: dict[str, Any] = torch.load(self._path, map_location="cpu", weights_only=True)
        return state if state.pop("key") == self.key else None

    def write(self, **state: Any) -> None:
        """Keep a state; a kill at any moment leaves either the old one or the new one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".writing")
        torch.save({"key": self.key, **state}, fresh)
        fresh.replace(self._path)

    def clear(self) -> None:
        """Delete the file: the training is done."""
        self._path.unlink(missing_ok=True)
