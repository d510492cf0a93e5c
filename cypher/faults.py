"""Errors of the driver, told in the words of `schema.errors`."""

import re

from neo4j.exceptions import (
    AuthError,
    ClientError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from cypher.library import Query
from schema.errors import GraphError, QueryError, UnreachableError

DRIVER_ERRORS = (DriverError, Neo4jError, OSError)
"""What the driver raises; a reset connection comes as an OSError."""

_LINE = re.compile(r"\(line (\d+), column \d+")
_BOOKMARKS = ("Neo.TransientError.Transaction.BookmarkTimeout", "Neo.ClientError.Transaction.InvalidBookmark")
_START_IT = "a running server: `fullcycle db up`, or NEO4J_URI of one that runs"


def is_lost(error: Exception) -> bool:
    """Tell whether the server went away, or is busy with something that passes, so that waiting may help."""
    if isinstance(error, ServiceUnavailable | SessionExpired | TransientError | OSError):
        return True
    return isinstance(error, DriverError | Neo4jError) and error.is_retryable()


def is_bookmark(error: Exception) -> bool:
    """Tell whether the server does not know, or does not reach, a bookmark that was sent."""
    return isinstance(error, Neo4jError) and error.code in _BOOKMARKS


def translated(error: Exception, query: Query | str, *, uri: str) -> GraphError:
    """Return the project's own error for one of the driver.

    Arguments:
        error: what the driver raised.
        query: what ran; a named query gives file and line.
        uri: the server.
    """
    if isinstance(error, AuthError):
        expected = "NEO4J_USERNAME and NEO4J_PASSWORD that the server knows"
        return UnreachableError(f"the server refuses user or password ({brief(error)})", expected, where=uri)
    if isinstance(error, IncompleteCommit):
        return UnreachableError("the connection was lost during a commit; it may be committed", _START_IT, where=uri)
    if isinstance(error, ServiceUnavailable | SessionExpired | OSError):
        return UnreachableError(f"no answer ({brief(error)})", _START_IT, where=uri)
    if is_bookmark(error):
        return UnreachableError(f"{brief(error)} (as after a restore; forgotten now)", "a second try", where=uri)
    if isinstance(error, Neo4jError) and (error.code or "").endswith(("DatabaseUnavailable", "DatabaseNotFound")):
        return UnreachableError(brief(error), "NEO4J_DATABASE of a database that runs there", where=uri)
    kind = QueryError if isinstance(error, ClientError) else GraphError
    return kind(brief(error), where=_where(error, query))


def brief(error: Exception) -> str:
    """Return the first line of an error's message, without codes."""
    message = error.message if isinstance(error, Neo4jError) else str(error)
    return (message or type(error).__name__).strip().splitlines()[0]


def _where(error: Exception, query: Query | str) -> str:
    found = _LINE.search(str(error))
    line = int(found[1]) if found else 1
    if isinstance(query, Query):
        return query.place(line)
    text = " ".join(query.split())
    return text if len(text) <= 80 else f"{text[:77]}..."
