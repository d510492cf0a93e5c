"""What students do with what they are shown: recorded once, withdrawn as if it had never been (equation 22).

An action counts from the moment it is recorded: the stage weights and the lists of this student, and of no other, are
computed from all that the student did. The next run of the jobs folds it in.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import blake2b

from api.context import Context
from schema import clock
from schema.errors import InputError
from schema.nodes import RESOURCE_KINDS

SKEW = timedelta(minutes=5)
"""How far ahead of ours the clock of a client may be."""
LONGEST_KEY = 200


class FeedbackKind(Enum):
    """What a student did."""

    VIEW = "VIEW"
    CLICK = "CLICK"
    BOOKMARK = "BOOKMARK"
    APPLY = "APPLY"
    REGISTER = "REGISTER"
    COMPLETE = "COMPLETE"
    DISMISS = "DISMISS"


ITEMS = {
    FeedbackKind.APPLY: ("Job",),
    FeedbackKind.REGISTER: RESOURCE_KINDS,
    FeedbackKind.COMPLETE: RESOURCE_KINDS,
}
"""Kinds of items that an action is made for; where it is not named here, all."""


def own_key(student: str, item: str, kind: FeedbackKind, at: datetime) -> str:
    """Return the key of an action that came without one: the same within a second is the same action."""
    told = "\n".join((student, item, kind.value, at.astimezone(UTC).isoformat(timespec="seconds")))
    return f"api:{blake2b(told.encode(), digest_size=16).hexdigest()}"


def checked_key(key: str) -> str:
    """Return a key as the client gave it.

    Raises:
        InputError: it is empty or longer than `LONGEST_KEY` characters.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise InputError(f"key of {len(key)} characters", f"1 to {LONGEST_KEY}")
    return key


async def record(
    context: Context, student: str, item: str, *, kind: FeedbackKind, at: datetime | None, key: str | None
) -> bool:
    """Record an action, and say whether it was counted: False where its key was counted already.

    Arguments:
        context: of the request; what it has read of the student is read anew.
        student: code of the student.
        item: code of a posting or a resource.
        kind: what was done.
        at: when; None for now. Without a zone it is taken for UTC.
        key: idempotency key; None makes one of the rest.

    Raises:
        InputError: the student or the item is unknown, the action makes no sense there, or it lies in the future.
        UnreachableError: no server answers. The same action may be sent again with the same key.
    """
    now = clock.now()
    moment = now if at is None else at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    if moment > now + SKEW:
        raise InputError(f"at: {moment.isoformat()}", f"a moment up to now, {now.isoformat()}")
    allowed = ITEMS.get(kind, ("Job", *RESOURCE_KINDS))
    [told] = await context.gateway.write(
        "feedback/record",
        student=student,
        item=item,
        kind=kind.value.lower(),
        at=min(moment, now),
        key=own_key(student, item, kind, moment) if key is None else checked_key(key),
        allowed=list(allowed),
        now=now,
    )
    if not told["known"]:
        raise InputError(f"student: {student!r}", "the code of a student")
    if told["itemKind"] is None:
        raise InputError(f"item: {item!r}", "the code of a job or a resource")
    if told["itemKind"] not in allowed:
        what = "a job" if allowed == ("Job",) else "a resource"
        raise InputError(f"kind: {kind.value} of {told['itemKind']} {item!r}", f"the code of {what}")
    context.forget(student)
    return bool(told["accepted"])


async def withdraw(context: Context, student: str, key: str) -> bool:
    """Withdraw an action, as if it had never happened, and say whether there was one.

    Arguments:
        context: of the request; what it has read of the student is read anew.
        student: code of the student.
        key: of the action.

    Raises:
        InputError: the student is unknown.
        UnreachableError: no server answers.
    """
    [told] = await context.gateway.write("feedback/withdraw", student=student, key=checked_key(key), now=clock.now())
    if not told["known"]:
        raise InputError(f"student: {student!r}", "the code of a student")
    context.forget(student)
    return bool(told["withdrawn"])
