"""Results that are kept as soon as they are there, so that a benchmark that was killed goes on where it was.

A result is an npz file whose name holds the digest of all that it depends on. It is written under another name first
and then renamed, so that what has its name is whole. Two runs at once do not disturb each other.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from gnn.baselines.forecaster import Prediction
from gnn.benchmarks.trial import Outcome

Arrays = Mapping[str, NDArray[np.generic]]
DIGITS = 20
"""Hexadecimal digits of a digest in the name of a file."""


class Store:
    """A folder of results.

    Arguments:
        folder: made with the first result.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arrays(self, name: str, key: str, make: Callable[[], Arrays]) -> tuple[dict[str, NDArray[np.generic]], bool]:
        """Return the arrays of a name and key, made where they are not there yet, and whether they were.

        Arguments:
            name: for people; part of the name of the file.
            key: digest of all that the arrays depend on.
            make: called where nothing was kept.
        """
        path = self.folder / f"{slug(name)}.{key[:DIGITS]}.npz"
        kept = _read(path)
        if kept is not None:
            return kept, True
        found = dict(make())
        write_whole(path, lambda target: _save(target, found))
        return found, False

    def outcome(self, name: str, key: str, make: Callable[[], Outcome]) -> tuple[Outcome, bool]:
        """Return an outcome, in the same way."""
        found, there = self.arrays(name, key, lambda: _packed(make()))
        prediction = Prediction(*(found[part].astype(np.float64) for part in PARTS))
        learning, foretelling = found["seconds"].tolist()
        return Outcome(prediction, (learning, foretelling)), there


PARTS = ("probabilities", "change", "lower", "upper")


def slug(name: str) -> str:
    """Return a name as it may stand in the name of a file.

    >>> slug("Transformer + GRU, seed 1")
    'transformer-gru-seed-1'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file so that it is there as a whole or not at all.

    Arguments:
        path: the file; its folder is made.
        write: writes a file of the name that it is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    write(draft)
    draft.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it is there as a whole or not at all."""
    write_whole(path, lambda target: _write(target, text))


def write_json(path: Path, value: object) -> None:
    """Write JSON in the same way."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _save(path: Path, found: Arrays) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **found)  # type: ignore[arg-type]


def _packed(found: Outcome) -> Arrays:
    arrays = {part: getattr(found.prediction, part) for part in PARTS}
    return arrays | {"seconds": np.array(found.seconds)}


def _read(path: Path) -> dict[str, NDArray[np.generic]] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        return None
    except (BadZipFile, ValueError, EOFError, OSError):
        # Cut short by a full disk or a copy: it is made again.
        return None
