"""Which keys were met, with what digest: some 20 bytes a row, so that a long file fits into memory.

Keys and digests are kept as 64-bit hashes (SipHash, seeded anew in each process, as Python's own dictionaries have it).
Two keys of ten million share one with a probability of 3 in a million; then the later row is held back as a conflict
with the earlier one, and is not lost.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_CHUNK = 50_000
"""Rows that are taken up at once."""


class Found(NamedTuple):
    """What a register holds of some keys, in their order.

    Arguments:
        known: whether the key is there.
        digests: hash of the digest that came with it; 0 where it is not there.
        marks: the number that came with it; 0 where it is not there.
    """

    known: NDArray[np.bool_]
    digests: NDArray[np.int64]
    marks: NDArray[np.uint32]


class _Run(NamedTuple):
    keys: NDArray[np.int64]  # ascending
    digests: NDArray[np.int64]
    marks: NDArray[np.uint32]


def hashes(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the hashes of some texts."""
    return np.fromiter(map(hash, texts), np.int64, len(texts))


class Register:
    """Keys with a digest and a number each, in sorted runs that are merged as they grow.

    As in O'Neil et al., The Log-Structured Merge-Tree (Acta Informatica 33, 1996): a run is merged with the one before
    it once it is as long, so that there are few runs and each row is moved only so often.
    """

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, int]]) -> "Register":
        """Return a register of (key, digest, mark) rows; marks are 0 to 2^32 - 1."""
        register = cls()
        source = iter(rows)
        while chunk := list(islice(source, _CHUNK)):
            keys, digests, marks = zip(*chunk, strict=True)
            register.add(hashes(keys), hashes(digests), np.fromiter(marks, np.uint32, len(marks)))
        return register

    def __len__(self) -> int:
        return sum(len(run.keys) for run in self._runs)

    def add(self, keys: NDArray[np.int64], digests: NDArray[np.int64], marks: NDArray[np.uint32]) -> None:
        """Take up rows whose keys are not there yet, each once."""
        run = _sorted(_Run(keys, digests, marks))
        while self._runs and len(self._runs[-1].keys) <= len(run.keys):
            before = self._runs.pop()
            run = _sorted(
                _Run(
                    np.concatenate((before.keys, run.keys)),
                    np.concatenate((before.digests, run.digests)),
                    np.concatenate((before.marks, run.marks)),
                )
            )
        if len(run.keys):
            self._runs.append(run)

    def find(self, keys: NDArray[np.int64]) -> Found:
        """Return what is held of some keys."""
        count = len(keys)
        found = Found(np.zeros(count, np.bool_), np.zeros(count, np.int64), np.zeros(count, np.uint32))
        for run in self._runs:
            places = np.searchsorted(run.keys, keys)
            places[places == len(run.keys)] = 0
            same = run.keys[places] == keys
            there = places[same]
            found.known[same] = True
            found.digests[same] = run.digests[there]
            found.marks[same] = run.marks[there]
        return found

    def any_missing(self, other: "Register", *, mark: int) -> bool:
        """Whether a key with ``mark`` is not in ``other``."""
        return any(
            not other.find(run.keys[start : start + _CHUNK][run.marks[start : start + _CHUNK] == mark]).known.all()
            for run in self._runs
            for start in range(0, len(run.keys), _CHUNK)
        )


class Keys:
    """A set of keys, 8 bytes each.

    Arguments:
        keys: all of them.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._sorted = np.unique(np.fromiter(map(hash, keys), np.int64))

    def __contains__(self, key: str) -> bool:
        own = np.int64(hash(key))
        place = int(np.searchsorted(self._sorted, own))
        return place < len(self._sorted) and bool(self._sorted[place] == own)


def _sorted(run: _Run) -> _Run:
    order = np.argsort(run.keys, kind="stable")  # linear where two sorted runs stand one after the other
    return _Run(run.keys[order], run.digests[order], run.marks[order])
