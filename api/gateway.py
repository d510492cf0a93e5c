"""The way to the graph: named read queries over the asynchronous driver, routed as reads."""

from types import TracebackType
from typing import Any, Self

from neo4j import (
    READ_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    NotificationMinimumSeverity,
    Record,
)
from neo4j.exceptions import AuthError, ClientError, ServiceUnavailable

from cypher import library
from cypher.server import Connection
from schema.errors import QueryError, UnreachableError


class Gateway:
    """An open driver. Use it as an asynchronous context manager.

    Arguments:
        connection: URI, credentials and database.
    """

    def __init__(self, connection: Connection) -> None:
        password = connection.password.reveal()
        self._database = connection.database
        self._uri = connection.uri
        self._driver: AsyncDriver = AsyncGraphDatabase.driver(
            connection.uri,
            auth=(connection.username, password) if password else None,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
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
            QueryError: the query or an argument is wrong.
            UnreachableError: no server answers.
        """
        query = library.query(name)
        arguments = query.arguments(**parameters)

        async def work(transaction: AsyncManagedTransaction) -> list[Record]:
            result = await transaction.run(query.text, arguments)
            return [record async for record in result]

        try:
            async with self._driver.session(database=self._database, default_access_mode=READ_ACCESS) as session:
                return await session.execute_read(work)
        except (ServiceUnavailable, AuthError) as error:
            raise UnreachableError(f"no answer from Neo4j ({error})", "a running server", where=self._uri) from error
        except ClientError as error:
            raise QueryError(str(error.message), "a query that runs", where=name) from error
