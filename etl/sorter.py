"""Tells new rows from changed, unchanged and repeated ones, before anything is made of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from etl.records import Draft, Held, HeldDraft
from etl.register import Register, hashes
from etl.report import PassReport
from etl.targets import Known

_OPEN = 0
_LAST_LINE = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Sorted:
    """A row that is to be dealt with.

    Arguments:
        draft: the row.
        known: the graph has a record of its key.
        reason: why it is held back already here; None for one that goes on.
    """

    draft: Draft | HeldDraft
    known: bool
    reason: Held | None = None


class _Look(NamedTuple):
    """What is known of a row before it is judged: hashes, what the graph has, and where its key stood first."""

    key: int
    digest: int
    known: bool
    unchanged: bool
    seen: bool
    first_digest: int
    first_line: int


class Sorter:
    """Compares rows with what the graph holds and with the rows before them.

    Memory: about 20 bytes for each record in the graph and for each row of the file; see `Register`.

    Arguments:
        states: key, digest and whether it is closed, of each record in the graph.
        held: digest and release of each held row, by key.
        report: where rows are counted.
    """

    def __init__(
        self, states: Iterable[tuple[str, str, bool]], held: Mapping[str, tuple[Known, bool]], report: PassReport
    ) -> None:
        self._known = Register.of(states)
        self._seen = Register()
        self._met: dict[int, tuple[int, int]] = {}  # of the chunk at hand: key -> digest, line
        self._held = held
        self._report = report
        self._settled: list[str] = []
        self.anonymous = 0
        """Rows that do not tell which record they are."""

    def sort(self, drafts: Sequence[Draft | HeldDraft]) -> list[Sorted]:
        """Return those of the rows that are to be dealt with, in order."""
        found = [self._judge(draft, look) for draft, look in zip(drafts, self._looks(drafts), strict=True)]
        self._take_up()
        return [each for each in found if each is not None]

    def settled(self) -> list[str]:
        """Return the keys, since the last call, whose held row is out of date: the file is back at what is loaded."""
        settled, self._settled = self._settled, []
        return settled

    def released(self, key: str) -> bool:
        """Whether a person let the held row pass."""
        return self._held.get(key, (None, False))[1]

    def holds(self, key: str) -> bool:
        """Whether a row of this key was held back by an earlier load."""
        return key in self._held

    @property
    def share(self) -> float:
        """How much of the rows has been read, 0 to 1, taking what the graph holds for their number."""
        return min(1.0, len(self._seen) / max(len(self._known), 1))

    @property
    def misses(self) -> bool:
        """Whether an open record of the graph was in none of the rows."""
        return self._known.any_missing(self._seen, mark=_OPEN)

    def missing(self, states: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str]]:
        """Return key and digest of those open records that were in none of the rows."""
        seen = self._seen.find(hashes([key for key, _, _ in states])).known.tolist()
        return [(key, value) for (key, value, closed), met in zip(states, seen, strict=True) if not (closed or met)]

    def _looks(self, drafts: Sequence[Draft | HeldDraft]) -> Iterator[_Look]:
        keys, digests = hashes([each.key for each in drafts]), hashes([each.digest for each in drafts])
        known, seen = self._known.find(keys), self._seen.find(keys)
        unchanged = known.known & (known.digests == digests) & (known.marks == _OPEN)
        columns = (keys, digests, known.known, unchanged, seen.known, seen.digests, seen.marks)
        return map(_Look, *(column.tolist() for column in columns))

    def _judge(self, draft: Draft | HeldDraft, look: _Look) -> Sorted | None:
        report = self._report
        first = (look.first_digest, look.first_line) if look.seen else self._met.get(look.key)
        if first is not None:
            if first[0] == look.digest:
                report.read += 1
                report.repeated += 1
                return None
            # The same row goes through once more, under a key of its own.
            conflict = _conflict(draft, first[1])
            (look,) = self._looks([conflict])
            return self._judge(conflict, look)
        report.read += 1
        self._met[look.key] = look.digest, min(draft.line, _LAST_LINE)
        if isinstance(draft, HeldDraft) and draft.anonymous:
            self.anonymous += 1
        before = self._held.get(draft.key) if self._held else None
        if look.unchanged:
            report.unchanged += 1
            if before is not None and not before[1]:
                report.settled += 1
                self._settled.append(draft.key)
            return None
        if before is not None and before[0].digest == draft.digest and not before[1]:
            report.still_held += 1
            return None
        return Sorted(draft, look.known, draft.held if isinstance(draft, HeldDraft) else None)

    def _take_up(self) -> None:
        count = len(self._met)
        digests = np.fromiter((value for value, _ in self._met.values()), np.int64, count)
        lines = np.fromiter((line for _, line in self._met.values()), np.uint32, count)
        self._seen.add(np.fromiter(self._met, np.int64, count), digests, lines)
        self._met.clear()


def _conflict(draft: Draft | HeldDraft, line: int) -> HeldDraft:
    """Return a row as one that is held back, since its key stands in another line with other content."""
    reason = f"{draft.key.replace(chr(31), ' ')} stands in line {line} with other content"
    held = Held(reason, "conflict")
    return HeldDraft(f"{draft.key}@{draft.line}", held, draft.digest, draft.file, draft.line, draft.row)
