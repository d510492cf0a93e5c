"""What a client is told when something fails: our own words for what it can mend, nothing about what it cannot."""

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from schema.errors import FullCycleError, InputError

MOST = 100
"""Items that one list may ask for."""


def visible(error: GraphQLError) -> bool:
    """Return whether the client may read the message: a wrong request, or an error that we raised on purpose."""
    cause = error.original_error
    return cause is None or isinstance(cause, FullCycleError | GraphQLError)


def masking() -> MaskErrors:
    """Return the extension that hides unexpected errors."""
    return MaskErrors(should_mask_error=lambda error: not visible(error), error_message="internal error")


def check_first(first: int, *, most: int = MOST) -> int:
    """Return the length asked for, or raise InputError where it is not from 0 to ``most``."""
    if not 0 <= first <= most:
        raise InputError(f"first: {first}", f"0 to {most}")
    return first
