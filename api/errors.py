"""What a client is told when something fails: what it can mend, in our own words; nothing about what it cannot."""

import logging

from graphql import GraphQLError

from schema.errors import InputError, UnreachableError

MOST = 100
"""Items that one list may ask for."""

INVALID, UNREACHABLE, INTERNAL = "INVALID", "UNREACHABLE", "INTERNAL"
CODES = (
    (INVALID, "The request is wrong: its syntax, a field, an argument. The message says what was expected."),
    (UNREACHABLE, "Neo4j does not answer. The same request may succeed later."),
    (INTERNAL, "Something that we did not expect; the details are in the log of the service only."),
)
"""Values of ``extensions.code`` and their meanings; the documentation is tested against them."""

_log = logging.getLogger("fullcycle.api")


def code_of(error: GraphQLError) -> str:
    """Return the code of an error: one of `CODES`."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None or isinstance(cause, InputError):
        return INVALID
    return UNREACHABLE if isinstance(cause, UnreachableError) else INTERNAL


def told(error: GraphQLError) -> GraphQLError:
    """Return the error as a client sees it: with a code, and without the words of an unexpected one."""
    code = code_of(error)
    return GraphQLError(
        "internal error" if code == INTERNAL else error.message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code},
    )


def log(error: GraphQLError) -> None:
    """Write an error that is not the client's own to the log, with its origin."""
    code = code_of(error)
    if code == INTERNAL:
        _log.error("%s: %s", error.path, error.message, exc_info=error.original_error)
    elif code == UNREACHABLE:
        _log.warning("%s", error.message)


def check_count(name: str, given: int | None, *, default: int, most: int = MOST, least: int = 0) -> int:
    """Return how many items are asked for.

    Arguments:
        name: of the argument, for the message.
        given: as the client wrote it; null counts as left out.
        default: where it is left out.
        most, least: the greatest and the smallest that is answered.

    Raises:
        InputError: it is not from ``least`` to ``most``.
    """
    count = default if given is None else given
    if not least <= count <= most:
        raise InputError(f"{name}: {count}", f"{least} to {most}")
    return count
