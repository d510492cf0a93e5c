"""One pass of a load: read, tell what changed, transform, screen, write in order, close what is gone.

Rows whose digest the graph already holds are skipped before they are transformed. Batches are committed in the order
of the file by one writer, so that a load which was killed and run again meets the same state at every row and ends
with the same graph.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol

from cypher.graph import Graph
from cypher.progress import Step
from etl import quarantine
from etl.records import Draft, Held, HeldDraft, Outcome
from etl.report import PassReport
from etl.shared import Hubs
from etl.sorter import Sorted, Sorter
from etl.targets import Change, Known, Statement, Target
from etl.workers import Transform, Workers, seldom_collected
from etl.writer import Writer
from schema.errors import JobError

BATCH = 1_000
"""Rows a transaction; measured flat above this."""


class Screen(Protocol):
    """Sees each outcome in the order of the file and may hold it back."""

    def prepare(self) -> None:
        """Read what is needed; called once, before the first outcome is waited for."""

    def __call__(self, draft: Draft, outcome: Outcome) -> Outcome:
        """Return the outcome, or why it is held back."""


@dataclass(frozen=True)
class Pass:
    """One target of a load.

    Arguments:
        target: what is loaded into.
        drafts: gives the rows, from the first, each time it is called.
        transform: picklable; returns the transform of one payload. It is called once in each process.
        screen: gives what may hold back outcomes; None lets all pass.
        full: True where the rows are all that the source has, so that what is missing gets closed.
        heavy: True where the transform is worth worker processes.
        title: name in reports and progress.
        covers: tells which known records a full export speaks of; None where it speaks of all of the source.
        empty: True where a full export without any row is meant so, and closes all that it speaks of.
    """

    target: Target
    drafts: Callable[[], Iterable[Draft | HeldDraft]]
    transform: Callable[[], Transform]
    screen: Callable[[], Screen] | None = None
    full: bool = False
    heavy: bool = False
    title: str = ""
    covers: Callable[[str, Known], bool] | None = None
    empty: bool = False

    @property
    def name(self) -> str:
        """Title, or the target's where none is given."""
        return self.title or self.target.title


@dataclass
class _Batch:
    """What one transaction writes."""

    changes: list[Change] = field(default_factory=list)
    held: list[tuple[Draft | HeldDraft, Held]] = field(default_factory=list)
    good_again: list[str] = field(default_factory=list)


class _Waiting(NamedTuple):
    """Rows whose outcomes are being made; ``read`` rows of the file stand behind them."""

    rows: list[Sorted]
    outcomes: "Future[list[Outcome]]"
    settled: list[str]
    read: int


class _Run:
    """One run of a pass; see `run` for the arguments."""

    def __init__(
        self, graph: Graph, each: Pass, *, source: str, at: datetime, run_key: str, step: Step, workers: int, batch: int
    ) -> None:
        self._graph = graph
        self._pass = each
        self._source = source
        self._at = at
        self._step = step
        self._batch = batch
        self.report = PassReport(each.name)
        held = quarantine.known(graph, source, title=each.name)
        self._sorter = Sorter(each.target.states(graph, source), held, self.report)
        self._hubs = Hubs(graph)
        self._screen = each.screen() if each.screen is not None else None
        self._prepared = False
        self._writer = Writer(graph, f"{run_key}:{each.name}")
        self._workers = Workers(each.transform, count=workers if each.heavy else 0)
        self._pending: list[Sorted] = []
        self._settled: list[str] = []
        self._waiting: deque[_Waiting] = deque()
        self._read = 0  # rows since the last ones that were submitted

    def go(self) -> None:
        """Read all, write what is new or changed, and close what is gone."""
        with seldom_collected(), self._closing():
            rows = iter(self._pass.drafts())
            while chunk := list(islice(rows, self._batch)):
                self._sort(chunk)
                # Unchanged rows cost no transaction: wait until a batch is full.
                if len(self._pending) >= self._batch:
                    self._submit()
                self._finish(self._workers.ahead)
            if self._read:
                self._submit()
            self._workers.settle()
            self._finish(0)
            self._close_gone()

    @contextmanager
    def _closing(self) -> Iterator[None]:
        """End worker processes and writer; where it failed, nothing more is written."""
        try:
            yield
        except BaseException as failure:
            self._writer.abandon(failure)
            if isinstance(failure, BrokenProcessPool):
                raise JobError("a process that reads text was ended", "more memory, or fewer --workers") from failure
            raise
        finally:
            self._workers.close()
        self._writer.close()

    def _sort(self, chunk: list[Draft | HeldDraft]) -> None:
        self._pending += self._sorter.sort(chunk)
        self._settled += self._sorter.settled()
        self._read += len(chunk)

    def _submit(self) -> None:
        """Hand the pending rows over to be transformed."""
        payloads = [
            each.draft.payload for each in self._pending if each.reason is None and isinstance(each.draft, Draft)
        ]
        outcomes = self._workers.submit(payloads, share=self._sorter.share)
        self._waiting.append(_Waiting(self._pending, outcomes, self._settled, self._read))
        self._pending, self._settled, self._read = [], [], 0

    def _finish(self, most: int) -> None:
        """Write the first of the batches that wait, until ``most`` are left."""
        while len(self._waiting) > most:
            waiting = self._waiting.popleft()
            if self._screen is not None and waiting.rows and not self._prepared:
                self._screen.prepare()  # worker processes are starting meanwhile
                self._prepared = True
            batch = self._judged(waiting.rows, iter(waiting.outcomes.result()))
            batch.good_again += waiting.settled
            self._writer.put(self._statements(batch), partial(self._step.advance, waiting.read))

    def _judged(self, rows: Iterable[Sorted], outcomes: Iterator[Outcome]) -> _Batch:
        """Part what goes in from what is held back, and count it."""
        batch = _Batch()
        report = self.report
        for draft, known, reason in ((each.draft, each.known, each.reason) for each in rows):
            outcome = self._screened(draft, reason if reason is not None else next(outcomes))
            if isinstance(outcome, Held):
                report.held[f"screen:{outcome.rule}" if outcome.stage == "screening" else outcome.rule] += 1
                batch.held.append((draft, outcome))
                continue
            assert isinstance(draft, Draft)
            batch.changes.append(Change(draft, outcome, known))
            report.notes.update(getattr(outcome, "notes", ()))
            report.new += not known
            report.changed += known
            if self._sorter.holds(draft.key):
                batch.good_again.append(draft.key)
        return batch

    def _screened(self, draft: Draft | HeldDraft, outcome: Outcome) -> Outcome:
        if self._screen is None or isinstance(outcome, Held) or not isinstance(draft, Draft):
            return outcome
        judged = self._screen(draft, outcome)
        return outcome if isinstance(judged, Held) and self._sorter.released(draft.key) else judged

    def _statements(self, batch: _Batch) -> list[Statement]:
        """Return the transaction of a batch: hubs first, then records, then what is held back or no longer so."""
        target, source, title = self._pass.target, self._source, self._pass.name
        result: list[Statement] = []
        if batch.changes:
            result += self._hubs.statements((each.outcome for each in batch.changes), source=source, at=self._at)
            present = target.present(self._graph, batch.changes, source=source)
            result += target.statements(batch.changes, source=source, at=self._at, present=present)
        if batch.held:
            result.append(quarantine.statement(batch.held, source=source, title=title, at=self._at))
        if batch.good_again:
            result.append(quarantine.resolved(batch.good_again, source=source, title=title))
        return result

    def _close_gone(self) -> None:
        """Close what a full export no longer holds. Bad input closes nothing."""
        report, each = self.report, self._pass
        if not each.full:
            return
        if self._sorter.anonymous or not (report.read or each.empty):
            # A row without a readable code may be any of the missing ones.
            report.notes["not pruned: rows without a readable code"] = self._sorter.anonymous
            return
        if not self._sorter.misses:
            return
        gone = self._gone()
        while part := list(islice(gone, self._batch)):
            self._writer.put(each.target.closing(part, source=self._source, at=self._at))
            report.closed += len(part)

    def _gone(self) -> Iterator[str]:
        """Yield the keys of what is gone. The graph names them: the sorter knows hashes only."""
        covers = self._pass.covers
        states = iter(self._pass.target.states(self._graph, self._source))
        while part := list(islice(states, self._batch)):
            for key, value in self._sorter.missing(part):
                if covers is None or covers(key, Known(value, False)):
                    yield key


def run(
    graph: Graph,
    each: Pass,
    *,
    source: str,
    at: datetime,
    run_key: str,
    step: Step,
    workers: int = 1,
    batch: int = BATCH,
) -> PassReport:
    """Run one pass and return its counts.

    Memory: what the reader of texts needs, a few batches, and about 45 bytes for each row and each known record
    (measured from 100,000 to 400,000 records, as many new rows beside them). Beside the 650 MiB that a loader of
    postings with one worker takes, 1 GiB is enough for 3 million postings that are loaded again.

    Arguments:
        graph: where to.
        each: the pass.
        source: name of the source: only its own records are compared, changed and closed.
        at: the instant that the load takes for now.
        run_key: key of this run in the ledger, unique.
        step: progress.
        workers: worker processes for a heavy transform.
        batch: rows a transaction.

    Raises:
        GraphError: the database failed and did not come back; run again to go on.
        JobError: a worker process was ended from outside; run again to go on.
    """
    begun = time.monotonic()
    this = _Run(graph, each, source=source, at=at, run_key=run_key, step=step, workers=workers, batch=batch)
    this.go()
    this.report.seconds = time.monotonic() - begun
    return this.report


__all__ = ["BATCH", "Pass", "Screen", "Transform", "run"]
