"""The thread that commits: batches go into the graph in the order in which they are handed over."""

import queue
import threading
from collections.abc import Callable

from cypher.graph import Graph
from etl.targets import Statement


class Writer:
    """Commits batches in order on a thread of its own, a few ahead at most.

    Arguments:
        graph: where to.
        run: key of this run; each batch is written exactly once under run and number.
        ahead: batches that may wait, 1 or more.
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
        """Hand over one transaction; ``done`` is called once it is there. Raises what an earlier one failed with."""
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
