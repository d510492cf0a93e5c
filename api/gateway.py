"""The way to the graph: named queries over the asynchronous driver, reads routed as reads."""

from types import TracebackType
from typing import Any, Self

from neo4j import (
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncResult,
    NotificationMinimumSeverity,
    Record,
    RoutingControl,
)

from cypher import library
from cypher.faults import DRIVER_ERRORS, is_bookmark, translated
from cypher.server import Connection
from schema.errors import QueryError

PATIENCE = 5.0
"""Seconds that a request waits for a server that does not answer, about; a client waits behind it."""

_ALL_AT_ONCE = -1


class Gateway:
    """An open driver. Use it as an asynchronous context manager.

    Reads follow one another: none sees an older state of the graph than one before it, so that a request that has
    found the active generation also finds its facts when another member of a cluster answers.

    Arguments:
        connection: URI, credentials and database.
        patience: seconds that a request waits for a server that does not answer.
    """

    def __init__(self, connection: Connection, *, patience: float = PATIENCE) -> None:
        password = connection.password.reveal()
        self._database = connection.database
        self._uri = connection.uri
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._driver: AsyncDriver = AsyncGraphDatabase.driver(
            connection.uri,
            auth=(connection.username, password) if password else None,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            connection_timeout=patience,
            connection_acquisition_timeout=2 * patience,
            max_transaction_retry_time=patience,
            fetch_size=_ALL_AT_ONCE,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._driver.close()

    async def read(self, name: str, **parameters: Any) -> list[Record]:
        """Run a named query and return its records.

        Arguments:
            name: room and name of the query file, such as ``serve/students``.
            parameters: those that its header declares.

        Raises:
            QueryError: the query or an argument is wrong, or it writes.
            UnreachableError: no server answers.
        """
        return await self._run(name, parameters, mode="read")

    async def write(self, name: str, **parameters: Any) -> list[Record]:
        """Run a named query that writes, in a transaction of its own, and return its records.

        A connection that is lost while the server commits leaves open whether it did; such a query must be one that
        may be sent again.

        Arguments:
            name: room and name of the query file, such as ``feedback/record``.
            parameters: those that its header declares.

        Raises:
            QueryError: the query or an argument is wrong, or it only reads.
            UnreachableError: no server answers.
        """
        return await self._run(name, parameters, mode="write")

    async def _run(self, name: str, parameters: dict[str, Any], *, mode: str) -> list[Record]:
        query = library.query(name)
        if query.mode != mode:
            raise QueryError(f"mode {query.mode}", f"a query that {mode}s", where=name)
        arguments = query.arguments(**parameters)

        try:
            # The transaction begins in the message of its statement: one way less to the server and back.
            return await self._driver.execute_query(
                query.text,
                arguments,
                routing_=RoutingControl.READ if mode == "read" else RoutingControl.WRITE,
                database_=self._database,
                bookmark_manager_=self._bookmarks,
                result_transformer_=_records,
            )
        except DRIVER_ERRORS as error:
            if is_bookmark(error):
                # After a restore the server does not know them; the next request starts afresh.
                self._bookmarks = AsyncGraphDatabase.bookmark_manager()
            raise translated(error, query, uri=self._uri) from error


async def _records(result: AsyncResult) -> list[Record]:
    return [record async for record in result]
