"""The graph: sessions, retries, batches that are written exactly once, and reads that follow writes."""

import itertools
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import neo4j
from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    GraphDatabase,
    ManagedTransaction,
    NotificationMinimumSeverity,
    Record,
    ResultSummary,
    SummaryCounters,
)
from neo4j.exceptions import ConstraintError, Forbidden

from cypher import server
from cypher.bookmarks import Bookmarks, ReadBookmarks
from cypher.faults import DRIVER_ERRORS, brief, is_bookmark, is_lost, translated
from cypher.library import Query
from cypher.server import Connection
from cypher.settings import Settings
from schema.clock import now
from schema.errors import FullCycleError, QueryError, UnreachableError

Statement = Query | str
Step = tuple[Statement, Mapping[str, Any]]
Check = Callable[[Sequence[SummaryCounters]], None]
Result = TypeVar("Result")

PATIENCE = 120.0
"""Seconds to wait for a server that went away, where no settings say otherwise."""

_STREAM_FETCH = 2_000  # records; each pull costs a round trip, and what is pulled is held in memory
_ALL_AT_ONCE = -1
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds before a batch is tried again
_PAUSE = 0.5  # seconds between two looks for a server that went away
_log = logging.getLogger(__name__)

_IDENTITY = (
    "SHOW DATABASES YIELD name, databaseID, lastStartTime WHERE name = $name "
    "RETURN databaseID AS store, collect(DISTINCT toString(lastStartTime)) AS starts"
)
_IDENTITY_OF_STORE = "CALL db.info() YIELD id RETURN id AS store, [] AS starts"
# One statement looks and writes, so that a batch costs no extra round trip.
_CLAIM = (
    "OPTIONAL MATCH (done:LoadBatch {code: $key}) WITH done WHERE done IS NULL "
    "CREATE (:LoadBatch {code: $key, name: $key, source: 'fullcycle', createdAt: $at, updatedAt: $at})"
)
_CLAIMED = "MATCH (done:LoadBatch {code: $key}) RETURN count(done) AS batches"
_CLEAR = (
    "MATCH (done:LoadBatch) WHERE done.code STARTS WITH $prefix WITH done LIMIT $most DELETE done "
    "RETURN count(*) AS cleared"
)
_CLEAR_MOST = 10_000  # nodes in one transaction


class Graph:
    """A connection to the graph. Use it as a context manager; several threads may share one.

    Arguments:
        connection: URI, credentials and database.
        settings: from the environment; they give the place of the bookmark file, the patience with a server that
            went away, and let an embedded server that died be started again. Without them nothing is kept in files.

    Raises:
        UnreachableError: no server answers, or it refuses the credentials.
    """

    def __init__(self, connection: Connection, settings: Settings | None = None) -> None:
        self._connection = connection
        self._settings = settings
        self._patience = settings.start_deadline if settings else PATIENCE
        self._lock = threading.Lock()
        self._driver = _driver(connection)
        path = settings.home / "bookmarks.json" if settings else None
        self._bookmarks = Bookmarks(path, f"{connection.uri} {connection.database}")
        self._reading = ReadBookmarks(self._bookmarks)
        try:
            self._identify()
        except DRIVER_ERRORS as error:
            self._driver.close()
            raise translated(error, _IDENTITY, uri=connection.uri) from error

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """Connect to the server that the settings name, or start or find the embedded one.

        Arguments:
            settings: None reads the environment.

        Raises:
            SettingsError, ServerError, UnreachableError: it cannot be reached.
        """
        settings = settings or Settings.from_environment()
        return cls(server.connection(settings), settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    @property
    def connection(self) -> Connection:
        """Where the graph is."""
        return self._connection

    def read(self, query: Statement, /, **parameters: Any) -> list[Record]:
        """Run a read query and return all records; a cluster may answer from a reader.

        Raises:
            QueryError: the query or its arguments are wrong, or it writes.
            UnreachableError: no server answers in time.
        """
        text, arguments = _prepared(query, parameters, "read")

        def work(transaction: ManagedTransaction) -> list[Record]:
            return list(transaction.run(text, arguments))

        return self._managed(work, query, access=READ_ACCESS)

    def stream(self, query: Statement, /, **parameters: Any) -> Iterator[Record]:
        """Run a read query and yield records as they come, in one transaction, without holding all of them.

        The transaction lasts until the last record; close the iterator to end it early. Losing the server in the
        middle raises, since what was yielded cannot be taken back.

        Raises:
            QueryError, UnreachableError: as `read`.
        """
        text, arguments = _prepared(query, parameters, "read")
        started = False
        for last in (False, True):
            try:
                with (
                    self.session(READ_ACCESS, fetch_size=_STREAM_FETCH) as session,
                    session.begin_transaction() as transaction,
                ):
                    for record in transaction.run(text, arguments):
                        started = True
                        yield record
                return
            except DRIVER_ERRORS as error:
                # A pooled connection may be from before a restart of the server: one more try finds a fresh one.
                if last or started or not is_lost(error):
                    raise self._failure(error, query) from error

    def write(self, query: Statement, /, **parameters: Any) -> SummaryCounters:
        """Run a write query in one transaction, again where the server asks for it.

        A connection lost during the commit leaves open whether it was committed; what must happen exactly once
        goes through `write_batch`.

        Raises:
            QueryError, UnreachableError: as `read`.
        """
        text, arguments = _prepared(query, parameters, "write")

        def work(transaction: ManagedTransaction) -> SummaryCounters:
            return transaction.run(text, arguments).consume().counters

        return self._managed(work, query, access=WRITE_ACCESS)

    def write_batch(
        self, key: str, query: Statement | Sequence[Step], check: Check | None = None, /, **parameters: Any
    ) -> SummaryCounters | None:
        """Run statements in one transaction, exactly once for a key, whatever happens on the way.

        The key is written into the ledger, a (:LoadBatch), in the same transaction. After a lost connection the
        ledger says whether that transaction was committed; where it was not, it is run again.

        Arguments:
            key: name of the batch, for example "postings:3f2a:00017".
            query: one statement, its parameters following; or several, each with its own.
            check: looks at what each statement changed before the commit; where it raises, nothing is written.
            parameters: of the one statement.

        Returns:
            What was changed, the ledger left out; None where the ledger had the key already.

        Raises:
            QueryError: a statement or an argument is wrong; nothing is written.
            UnreachableError: the server did not come back in time; running the batch again settles it.
        """
        steps: Sequence[Step] = [(query, parameters)] if isinstance(query, Query | str) else query
        prepared = [_prepared(each, given, "write") for each, given in steps]
        current = 0  # step that runs, for messages
        # What an attempt changed whose commit was not heard of. Where the ledger has its key, it was committed.
        changed: SummaryCounters | None = None
        deadline: float | None = None
        for attempt in itertools.count():
            try:
                # No managed transaction: its retries would keep from reviving an embedded server that died.
                with self.session(WRITE_ACCESS) as session, session.begin_transaction() as transaction:
                    claim = transaction.run(_CLAIM, {"key": key, "at": now()}).consume()
                    if not claim.counters.nodes_created:
                        return changed
                    counters = []
                    for current, (text, arguments) in enumerate(prepared):  # noqa: B007
                        counters.append(transaction.run(text, arguments).consume().counters)
                    if check is not None:
                        check(counters)
                    changed = _sum(counters)
                    transaction.commit()
                    return changed
            except ConstraintError as error:
                # Two processes with one key: the later one waited for the earlier one's commit and then failed.
                # Any other constraint is the data's own.
                if not self.read(_CLAIMED, key=key)[0]["batches"]:
                    raise self._failure(error, steps[current][0]) from error
                return changed
            except DRIVER_ERRORS as error:
                deadline = deadline or time.monotonic() + self._patience
                if not is_lost(error) or time.monotonic() >= deadline:
                    raise self._failure(error, steps[current][0]) from error
                _log.warning("batch %s: %s; trying again", key, brief(error))
                self._await_server(deadline, error)
                # A deadlock passes at once, a lack of memory does not; jitter keeps two loaders out of step.
                time.sleep(min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2**attempt) * random.uniform(0.5, 1.0))
        raise AssertionError("the loop ends by a return or a raise")

    def clear_batches(self, prefix: str) -> int:
        """Remove the ledger entries whose keys start with ``prefix``, once their load is complete: how many."""

        def work(transaction: ManagedTransaction) -> int:
            record = transaction.run(_CLEAR, prefix=prefix, most=_CLEAR_MOST).single(strict=True)
            return int(record["cleared"])

        total = 0
        while cleared := self._managed(work, _CLEAR, access=WRITE_ACCESS):
            total += cleared
        return total

    def schema(self, statement: str) -> SummaryCounters:
        """Run a statement that commits by itself, such as CREATE INDEX or CALL ... IN TRANSACTIONS.

        Raises:
            QueryError, UnreachableError: as `read`.
        """
        try:
            with self.session(WRITE_ACCESS) as session:
                return session.run(statement).consume().counters
        except DRIVER_ERRORS as error:
            raise self._failure(error, statement) from error

    def explain(self, query: Statement) -> ResultSummary:
        """Return the plan of a query, which does not run: `.plan` and `.query_type` (r, w, rw or s).

        Raises:
            QueryError, UnreachableError: as `read`.
        """
        text = query.text if isinstance(query, Query) else query
        try:
            with self.session(WRITE_ACCESS) as session:
                return session.run(f"EXPLAIN {text}").consume()
        except DRIVER_ERRORS as error:
            raise self._failure(error, query) from error

    def session(self, access: str = WRITE_ACCESS, *, fetch_size: int = _ALL_AT_ONCE) -> neo4j.Session:
        """Return a session of the driver, with our bookmarks, for a prompt; its errors are the driver's own.

        Arguments:
            access: neo4j.READ_ACCESS or neo4j.WRITE_ACCESS.
            fetch_size: records in one pull, -1 for all.
        """
        return self._driver.session(
            database=self._connection.database,
            default_access_mode=access,
            fetch_size=fetch_size,
            bookmark_manager=self._reading if access == READ_ACCESS else self._bookmarks,
        )

    def _managed(self, work: Callable[[ManagedTransaction], Result], query: Statement, *, access: str) -> Result:
        try:
            with self.session(access) as session:
                return session.execute_read(work) if access == READ_ACCESS else session.execute_write(work)
        except DRIVER_ERRORS as error:
            raise self._failure(error, query) from error

    def _failure(self, error: Exception, query: Statement) -> FullCycleError:
        if is_bookmark(error):
            self._bookmarks.forget()
        return translated(error, query, uri=self._connection.uri)

    def _identify(self) -> None:
        """Ask which run of which store answers, so that bookmarks of another one are not waited for.

        On a single server a restart makes them needless: what is committed is there. So its start counts as part of
        the name, which covers a restored store too. A cluster has many starts, and only the store counts.
        """
        with self._driver.session(database=self._connection.database, default_access_mode=READ_ACCESS) as session:
            try:
                record = session.run(_IDENTITY, name=self._connection.database).single()
            except Forbidden:  # a user who may not list databases
                record = None
            if record is None:  # or the name is an alias
                record = session.run(_IDENTITY_OF_STORE).single(strict=True)
        starts = record["starts"]
        self._bookmarks.belong_to(f"{record['store']} {starts[0]}" if len(starts) == 1 else record["store"])

    def _await_server(self, deadline: float, cause: Exception) -> None:
        """Wait until the database answers; start the embedded server again where it died."""
        while True:
            try:
                self._revive()
                self.read("RETURN 1 AS one")
                self._identify()
                return
            except (*DRIVER_ERRORS, FullCycleError) as error:
                if time.monotonic() >= deadline:
                    raise UnreachableError(
                        f"the server went away ({cause}) and did not come back within {self._patience:.0f} s ({error})",
                        "a running server; what was being written is settled when it is run again",
                        where=self._connection.uri,
                    ) from cause
            time.sleep(_PAUSE)

    def _revive(self) -> None:
        if self._settings is None or not self._settings.embedded:
            return
        with self._lock:
            present = server.connection(self._settings)
            if present != self._connection:
                self._driver.close()
                self._connection = present
                self._driver = _driver(present)


def _driver(connection: Connection) -> neo4j.Driver:
    password = connection.password.reveal()
    return GraphDatabase.driver(
        connection.uri,
        auth=(connection.username, password) if password else None,
        user_agent="fullcycle",
        notifications_min_severity=NotificationMinimumSeverity.OFF,
    )


def _prepared(query: Statement, parameters: Mapping[str, Any], mode: str) -> tuple[str, dict[str, Any]]:
    """Return text and checked arguments."""
    if isinstance(query, str):
        return query, dict(parameters)
    if query.mode != mode:
        raise QueryError(f"{query.name} is of mode {query.mode}", f"a query of mode {mode}", where=query.name)
    return query.text, query.arguments(**parameters)


def _sum(counters: Sequence[SummaryCounters]) -> SummaryCounters:
    total = SummaryCounters({})
    for each in counters:
        for name, count in vars(each).items():
            if not name.startswith("_"):  # the rest follows from the counts
                setattr(total, name, getattr(total, name) + count)
    return total
