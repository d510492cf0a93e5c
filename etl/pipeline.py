"""One pass of a load: read, tell what changed, transform, screen, write in order, close what is gone.

Rows whose digest the graph already holds are skipped before they are transformed. Batches are committed in the order
of the file by one writer, so that a load which was killed and run again meets the same state at every row and ends
with the same graph.
"""

import gc
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any

from cypher.graph import Graph
from cypher.progress import Step
from etl import quarantine
from etl.records import Draft, Held, HeldDraft, Outcome
from etl.report import PassReport
from etl.targets import Change, Hubs, Known, Statement, Target
from schema.errors import JobError

BATCH = 1_000
"""Rows a transaction; measured flat above this."""

POOL_FROM = 3_000
"""Changed rows from which worker processes pay for their start."""

MOST_DEFERRED = 50
"""Batches that wait at most until it is known whether worker processes are worth it."""

_SELDOM = (50_000, 20, 50)
"""When Python looks for unused cycles: records hold none, and looking through all of them costs a quarter of the time.
"""

Transform = Callable[[Any], Outcome]
Screen = Callable[[Draft, Outcome], Outcome]


@dataclass(frozen=True)
class Pass:
    """One target of a load.

    Arguments:
        target: what is loaded into.
        drafts: gives the rows, from the first, each time it is called.
        transform: picklable; returns the transform of one payload. It is called once in each process.
        screen: sees each outcome in the order of the file and may hold it back; None lets all pass.
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
    changes: list[Change] = field(default_factory=list)
    held: list[tuple[Draft | HeldDraft, Held]] = field(default_factory=list)
    good_again: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


class Writer:
    """Commits batches in order on a thread of its own, a few ahead at most.

    Arguments:
        graph: where to.
        run: key of this run; each batch is written exactly once under run and number.
    """

    def __init__(self, graph: Graph, run: str, *, ahead: int = 3) -> None:
        self._graph = graph
        self._run = run
        self._queue: queue.Queue[tuple[list[Statement], Callable[[], None]] | None] = queue.Queue(ahead)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._number = 0
        self._thread.start()

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._failure is None:
                statements, done = item
                try:
                    self._graph.write_batch(f"{self._run}:{self._number}", statements)
                    self._number += 1
                    done()
                except BaseException as failure:  # noqa: BLE001 - handed to the reading thread, which raises it
                    self._failure = failure

    def put(self, statements: list[Statement], done: Callable[[], None] = lambda: None) -> None:
        """Hand over one transaction; raises what an earlier one failed with."""
        self._check()
        if statements:
            self._queue.put((statements, done))
        else:
            done()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """Wait until all is committed; raises what failed."""
        self._queue.put(None)
        self._thread.join()
        self._check()

    def abandon(self, failure: BaseException) -> None:
        """Drop what waits and end: nothing is written any more once the caller hears of the failure."""
        self._failure = self._failure or failure
        self._queue.put(None)
        self._thread.join()


_worker_transform: Transform | None = None


def _start_worker(factory: Callable[[], Transform]) -> None:
    global _worker_transform  # noqa: PLW0603 - a worker process holds one transform, built once
    parent = parent_process()
    if parent is not None:
        # A killed loader closes no queue: without this its workers would wait for ever.
        threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    gc.set_threshold(*_SELDOM)
    _worker_transform = factory()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _transform_all(payloads: Sequence[Any]) -> list[Outcome]:
    assert _worker_transform is not None
    return [_worker_transform(payload) for payload in payloads]


class _Transformer:
    """Transforms lists of payloads: in worker processes where there are many, else here.

    The first ones wait until it is known which, so that a reader is never built in this process in vain.
    """

    def __init__(self, each: Pass, *, workers: int) -> None:
        self._factory = each.transform
        self._workers = workers if each.heavy else 0
        self._seen = 0
        self._local: Transform | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._deferred: list[tuple[Sequence[Any], Future[list[Outcome]]]] = []

    def submit(self, payloads: Sequence[Any]) -> "Future[list[Outcome]]":
        if self._pool is not None:
            return self._pool.submit(_transform_all, payloads)
        self._seen += len(payloads)
        future: Future[list[Outcome]] = Future()
        self._deferred.append((payloads, future))
        if not self._workers or len(self._deferred) > MOST_DEFERRED:
            self.settle()
        elif self._seen > POOL_FROM:
            self._pool = ProcessPoolExecutor(
                self._workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(self._factory,)
            )
            for each, promised in self._deferred:
                self._pool.submit(_transform_all, each).add_done_callback(partial(_pass_on, promised))
            self._deferred.clear()
        return future

    def settle(self) -> None:
        """Transform here what still waits."""
        for payloads, future in self._deferred:
            if self._local is None and payloads:
                self._local = self._factory()
            future.set_result([self._local(payload) for payload in payloads] if self._local else [])
        self._deferred.clear()

    @property
    def ahead(self) -> int:
        """How many lists may be on their way before the first is waited for."""
        return 2 * self._workers + 2 if self._pool is not None else len(self._deferred)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _pass_on(promised: "Future[list[Outcome]]", done: "Future[list[Outcome]]") -> None:
    if done.cancelled():
        promised.cancel()
    elif (failure := done.exception()) is not None:
        promised.set_exception(failure)
    else:
        promised.set_result(done.result())


@contextmanager
def _closing(transformer: _Transformer, writer: Writer) -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    except BaseException as failure:
        writer.abandon(failure)
        if isinstance(failure, BrokenProcessPool):
            raise JobError("a process that reads text was ended", "more memory, or fewer --workers") from failure
        raise
    finally:
        transformer.close()
        gc.set_threshold(*before)
    writer.close()


class _Sorter:
    """Tells new rows from changed, unchanged and repeated ones."""

    def __init__(self, known: dict[str, Known], held: dict[str, tuple[Known, bool]], report: PassReport) -> None:
        self.known = known
        self.held = held
        self.seen: dict[str, tuple[str, int]] = {}
        self.anonymous = 0
        self._report = report

    def sort(self, draft: Draft | HeldDraft) -> tuple[Draft | HeldDraft, Held | None] | None:
        """Return the row and, if it is held already here, the reason; None where nothing is to be done."""
        report = self._report
        report.read += 1
        first = self.seen.get(draft.key)
        if first is not None:
            if first[0] == draft.digest:
                report.repeated += 1
                return None
            reason = f"{draft.key.replace(chr(31), ' ')} stands in line {first[1]} with other content"
            report.read -= 1  # the same row goes through once more, under a key of its own
            key = f"{draft.key}@{draft.line}"
            row = HeldDraft(key, Held(reason, "conflict"), draft.digest, draft.file, draft.line, draft.row)
            return self.sort(row)
        self.seen[draft.key] = (draft.digest, draft.line)
        if isinstance(draft, HeldDraft) and draft.anonymous:
            self.anonymous += 1
        known = self.known.get(draft.key)
        if known is not None and known.digest == draft.digest and not known.closed:
            report.unchanged += 1
            return None
        before = self.held.get(draft.key)
        if before is not None and before[0].digest == draft.digest and not before[1]:
            report.still_held += 1
            return None
        return draft, draft.held if isinstance(draft, HeldDraft) else None

    def released(self, key: str) -> bool:
        """True where a person let the held row pass."""
        return self.held.get(key, (None, False))[1]


def run(  # noqa: PLR0915 - one loop, told in order
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
    report = PassReport(each.name)
    held = quarantine.known(graph, source, title=each.name)
    sorter = _Sorter(each.target.known(graph, source), held, report)
    hubs = Hubs(graph)
    screen = each.screen() if each.screen is not None else None
    writer = Writer(graph, f"{run_key}:{each.name}")
    transformer = _Transformer(each, workers=workers)
    waiting: queue.SimpleQueue[tuple[list[tuple[Draft | HeldDraft, Held | None]], Future[list[Outcome]], int]]
    waiting = queue.SimpleQueue()

    def finish(rows: list[tuple[Draft | HeldDraft, Held | None]], outcomes: Iterable[Outcome], read: int) -> None:
        results = iter(outcomes)
        part = _Batch()
        for draft, reason in rows:
            outcome: Outcome = reason if reason is not None else next(results)
            if screen is not None and not isinstance(outcome, Held) and isinstance(draft, Draft):
                judged = screen(draft, outcome)
                outcome = outcome if isinstance(judged, Held) and sorter.released(draft.key) else judged
            if isinstance(outcome, Held):
                report.held[f"screen:{outcome.rule}" if outcome.stage == "screening" else outcome.rule] += 1
                part.held.append((draft, outcome))
                continue
            assert isinstance(draft, Draft)
            known = sorter.known.get(draft.key)
            part.changes.append(Change(draft, outcome, known))
            report.notes.update(getattr(outcome, "notes", ()))
            if known is None:
                report.new += 1
            else:
                report.changed += 1
            if draft.key in sorter.held:
                part.good_again.append(draft.key)
        if part.changes:
            part.statements += hubs.statements((change.outcome for change in part.changes), source=source, at=at)
            present = each.target.present(graph, part.changes, source=source)
            part.statements += each.target.statements(part.changes, source=source, at=at, present=present)
        if part.held:
            part.statements.append(quarantine.statement(part.held, source=source, title=each.name, at=at))
        if part.good_again:
            part.statements.append(quarantine.resolved(part.good_again, source=source, title=each.name))
        writer.put(part.statements, lambda: step.advance(read))

    with _closing(transformer, writer):
        rows = iter(each.drafts())
        pending: list[tuple[Draft | HeldDraft, Held | None]] = []
        read = 0
        depth = 0

        def submit() -> int:
            payloads = [draft.payload for draft, reason in pending if reason is None and isinstance(draft, Draft)]
            waiting.put((list(pending), transformer.submit(payloads), read))
            pending.clear()
            return 1

        while chunk := list(islice(rows, batch)):
            for draft in chunk:
                sorted_row = sorter.sort(draft)
                read += 1
                if sorted_row is not None:
                    pending.append(sorted_row)
            # Unchanged rows cost no transaction: wait until a batch is full.
            if len(pending) >= batch:
                depth += submit()
                read = 0
            while depth > transformer.ahead:
                done, future, count = waiting.get()
                finish(done, future.result(), count)
                depth -= 1
        if pending or read:
            depth += submit()
        transformer.settle()
        while depth:
            done, future, count = waiting.get()
            finish(done, future.result(), count)
            depth -= 1
        if each.full and (sorter.anonymous or not (report.read or each.empty)):
            # A row without a readable code may be any of the missing ones: bad input closes nothing.
            report.notes["not pruned: rows without a readable code"] = sorter.anonymous
        elif each.full:
            gone = [
                key
                for key, known in sorter.known.items()
                if key not in sorter.seen and not known.closed and (each.covers is None or each.covers(key, known))
            ]
            for start in range(0, len(gone), batch):
                part = gone[start : start + batch]
                writer.put([each.target.closing(part, source=source, at=at)])
            report.closed = len(gone)
    report.seconds = time.monotonic() - begun
    return report
