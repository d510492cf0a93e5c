"""Worker processes that turn payloads into outcomes, started only where there are enough of them to pay."""

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from types import ModuleType
from typing import Any

from etl.records import Outcome

Transform = Callable[[Any], Outcome]

POOL_FROM = 3_000
"""Changed rows from which worker processes pay for their start."""

MOST_DEFERRED = 50
"""Lists that wait at most until it is known whether worker processes are worth it."""

_SELDOM = (50_000, 20, 50)
"""When Python looks for unused cycles: records hold none, and looking through all of them costs a quarter of the time.
"""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for unused cycles seldom while a pass runs."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Workers:
    """Transforms lists of payloads: in worker processes where there are many, else here.

    The first ones wait until it is known which, so that a reader is never built in this process in vain.

    Arguments:
        factory: picklable; returns the transform. It is called once in each process.
        count: worker processes; 0 for none.
    """

    def __init__(self, factory: Callable[[], Transform], *, count: int) -> None:
        self._factory = factory
        self._count = count
        self._seen = 0
        self._local: Transform | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._deferred: list[tuple[Sequence[Any], Future[list[Outcome]]]] = []

    def submit(self, payloads: Sequence[Any], *, share: float = 1.0) -> "Future[list[Outcome]]":
        """Return the outcomes to be, in the order of the payloads.

        Arguments:
            payloads: one list.
            share: how much of all rows has been read, above 0, 1 at most, so far as it is known: it tells early
                whether there will be enough of them.
        """
        if self._pool is not None:
            return self._pool.submit(_transform_all, payloads)
        self._seen += len(payloads)
        future: Future[list[Outcome]] = Future()
        self._deferred.append((payloads, future))
        if not self._count or len(self._deferred) > MOST_DEFERRED:
            self.settle()
        elif self._seen > POOL_FROM * share:
            self._start()
        return future

    def _start(self) -> None:
        context = get_context("spawn")
        # Not among the arguments: these go through a pipe that holds up this process until a worker has started.
        factories: Queue[Callable[[], Transform]] = context.Queue()
        self._pool = ProcessPoolExecutor(
            self._count, mp_context=context, initializer=_start_worker, initargs=(factories,)
        )
        for _ in range(self._count):
            factories.put(self._factory)
        with _nameless_main():
            for _ in range(self._count):  # each starts a process, as none is idle yet
                self._pool.submit(_transform_all, ())
        factories.close()
        factories.cancel_join_thread()  # a worker that died before it read its factory keeps nobody from ending
        for each, promised in self._deferred:
            self._pool.submit(_transform_all, each).add_done_callback(partial(_pass_on, promised))
        self._deferred.clear()

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
        return 2 * self._count + 2 if self._pool is not None else len(self._deferred)

    def close(self) -> None:
        """Let the processes end; what is on its way is given up. Nobody waits for them but the end of this process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Keep new processes from importing the command that runs here, with the driver and all: they need none of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_worker_transform: Transform | None = None


def _start_worker(factories: "Queue[Callable[[], Transform]]") -> None:
    global _worker_transform  # noqa: PLW0603 - a worker process holds one transform, built once
    parent = parent_process()
    if parent is not None:
        # A killed loader closes no queue: without this its workers would wait for ever.
        threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    gc.set_threshold(*_SELDOM)
    _worker_transform = factories.get()()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _transform_all(payloads: Sequence[Any]) -> list[Outcome]:
    assert _worker_transform is not None
    return [_worker_transform(payload) for payload in payloads]


def _pass_on(promised: "Future[list[Outcome]]", done: "Future[list[Outcome]]") -> None:
    if done.cancelled():
        promised.cancel()
    elif (failure := done.exception()) is not None:
        promised.set_exception(failure)
    else:
        promised.set_result(done.result())
