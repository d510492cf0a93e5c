"""The open postings that a new one may repeat, found by signature; on disk, so that memory does not grow with them."""

import sqlite3
from collections.abc import Iterable

import numpy as np

from etl.signatures import PERMUTATIONS, Signature, unpack

WINDOW = 30
"""Days between two releases within which postings may repeat one another."""

_CACHE = 16 * 1024  # KiB of the file that are held in memory
_TABLE = "CREATE TABLE posting (code TEXT, exact BLOB, block BLOB, day INTEGER, sketch BLOB, loaded INTEGER)"
_INDEXES = (
    "CREATE INDEX by_code ON posting (code)",
    "CREATE INDEX by_content ON posting (exact)",
    "CREATE INDEX by_block ON posting (block, day)",
)
_ADD = "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?)"
_FORGET = "DELETE FROM posting WHERE code = ?"
_COPIES = "SELECT code FROM posting WHERE exact = ? AND code <> ? ORDER BY code"
_NEAR = "SELECT day, code, sketch FROM posting WHERE block = ? AND day BETWEEN ? AND ? AND code <> ? AND sketch <> x''"
_LOADED = "SELECT 1 FROM posting WHERE code = ? AND loaded"


class Standing:
    """The open postings of one source by signature, in a temporary SQLite file that goes away with the object.

    Arguments:
        threshold: least estimated Jaccard similarity of a near-duplicate, above 0, 1 at most.
        loaded: code and packed signature of those that the graph holds.
    """

    def __init__(self, threshold: float, loaded: Iterable[tuple[str, bytes]] = ()) -> None:
        self._least = threshold * PERMUTATIONS
        # Nothing in it outlives the load: no journal, no waiting for the disk, one transaction that never ends.
        self._file = sqlite3.connect("", isolation_level=None)
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", f"PRAGMA cache_size=-{_CACHE}", "BEGIN"):
            self._file.execute(statement)
        self._file.execute(_TABLE)
        self._file.executemany(_ADD, (_row(code, unpack(packed), loaded=True) for code, packed in loaded))
        for statement in _INDEXES:
            self._file.execute(statement)

    def add(self, code: str, packed: bytes) -> None:
        """Take up a posting, in the place of its older version where there is one."""
        self._file.execute(_FORGET, (code,))
        self._file.execute(_ADD, _row(code, unpack(packed), loaded=False))

    def loaded(self, code: str) -> bool:
        """Whether a posting stands there as the graph held it before the load."""
        return self._file.execute(_LOADED, (code,)).fetchone() is not None

    def repeated(self, code: str, packed: bytes) -> list[tuple[str, float]]:
        """Return what a posting repeats, the first released first: codes, and how much of the text is the same."""
        signature = unpack(packed)
        copies = self._file.execute(_COPIES, (signature.exact, code)).fetchall()
        if copies:
            return [(each, 1.0) for (each,) in copies]
        if not signature.values:
            return []
        days = (signature.day - WINDOW, signature.day + WINDOW)
        near = self._file.execute(_NEAR, (signature.block, *days, code)).fetchall()
        if not near:
            return []
        own = np.frombuffer(signature.values, dtype="<u4")
        sketches = np.frombuffer(b"".join(sketch for _, _, sketch in near), dtype="<u4").reshape(-1, PERMUTATIONS)
        same = (sketches == own).sum(axis=1)
        found = [(*near[place][:2], int(same[place]) / PERMUTATIONS) for place in np.flatnonzero(same >= self._least)]
        return [(other, share) for _, other, share in sorted(found)]


def _row(code: str, signature: Signature, *, loaded: bool) -> tuple[str, bytes, bytes, int, bytes, bool]:
    return code, signature.exact, signature.block, signature.day, signature.values, loaded
