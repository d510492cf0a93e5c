"""Bookmarks kept in a file, so that one process reads what another one of the same pipeline wrote.

A bookmark says up to which transaction a server must have come before it answers. It belongs to one run of one
store: the file names both, and bookmarks of another run or store are left out, since a server would wait for a
transaction that never comes (after a restore, say).
"""

import fcntl
import json
import logging
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

from neo4j.api import BookmarkManager

_log = logging.getLogger(__name__)


class Bookmarks(BookmarkManager):
    """Bookmarks of writing sessions, shared through a file.

    Arguments:
        path: the file, or None to keep them in memory only.
        place: URI and database, the key within the file.
    """

    def __init__(self, path: Path | None, place: str) -> None:
        self._path = path
        self._place = place
        self._store = ""
        self._held: frozenset[str] = frozenset()
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def belong_to(self, store: str) -> None:
        """Say which run of which store answers now; bookmarks of another one are forgotten."""
        with self._lock:
            if store != self._store:
                self._store, self._held, self._stamp = store, frozenset(), None

    def get_bookmarks(self) -> Collection[str]:
        """Return the latest bookmarks, those of other processes included."""
        with self._lock:
            self._refresh()
            return self._held

    def update_bookmarks(self, previous_bookmarks: Collection[str], new_bookmarks: Collection[str]) -> None:
        """Put new bookmarks in the place of those that they supersede, in the file too."""
        with self._lock:
            self._refresh()
            latest = (self._held - set(previous_bookmarks)) | set(new_bookmarks)
            if latest == self._held:
                return
            self._held = latest
            try:
                self._save(set(previous_bookmarks), set(new_bookmarks))
            except OSError as error:
                # The transaction is committed: a bookmark that cannot be kept must not make it look failed.
                _log.warning("%s: bookmarks are not kept (%s); later processes may read older data", self._path, error)

    def forget(self) -> None:
        """Drop all bookmarks of this place, in the file too."""
        with self._lock:
            self._held = frozenset()
            if self._path is not None and self._path.exists():
                self._save(None, set())

    def _refresh(self) -> None:
        if self._path is None:
            return
        try:
            status = self._path.stat()
        except OSError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            self._stamp = stamp
            self._held = frozenset(self._read()) or self._held

    def _read(self) -> list[str]:
        """Return what the file holds for this place and store; a file that is no such file holds nothing."""
        entry = _entries(self._path).get(self._place) if self._path else None
        if not isinstance(entry, dict) or entry.get("store") != self._store:
            return []
        kept = entry.get("bookmarks")
        return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []

    def _save(self, previous: set[str] | None, new: set[str]) -> None:
        """Replace ``previous`` (None: all) by ``new`` in the file, as a whole or not at all."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entries = _entries(self._path)
            # Others may have written since: only what this transaction superseded goes.
            left = set() if previous is None else set(self._read()) - previous
            entries[self._place] = {"store": self._store, "bookmarks": sorted(left | new)}
            temporary = self._path.with_suffix(".tmp")
            temporary.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
            temporary.replace(self._path)


class ReadBookmarks(BookmarkManager):
    """Bookmarks of reading sessions: reads wait for all writes, and what they see goes to no file."""

    def __init__(self, writes: Bookmarks) -> None:
        self._writes = writes

    def get_bookmarks(self) -> Collection[str]:
        """Return the bookmarks of the latest writes."""
        return self._writes.get_bookmarks()

    def update_bookmarks(self, previous_bookmarks: Collection[str], new_bookmarks: Collection[str]) -> None:
        """Keep nothing: a read changes nothing that another one must wait for."""


def _entries(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}
