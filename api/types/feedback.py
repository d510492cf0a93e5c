"""Feedback: what a student did, and what became of it."""

from datetime import datetime

import strawberry

from api.feedback import FeedbackKind as Kind
from api.types.recommendations import StageWeights

FeedbackKind = strawberry.enum(
    Kind,
    description="What a student did. APPLY is for jobs; REGISTER and COMPLETE are for resources; the others for both.",
)


@strawberry.input(description="One action of a student.")
class FeedbackInput:
    student: strawberry.ID
    item: strawberry.ID = strawberry.field(description="Code of a job or a resource.")
    kind: Kind
    at: datetime | None = strawberry.field(default=strawberry.UNSET, description="When; now, where it is left out.")
    key: str | None = strawberry.field(
        default=strawberry.UNSET, description="Idempotency key: the same key counts once."
    )


@strawberry.type(description="What became of an action.")
class FeedbackReceipt:
    accepted: bool = strawberry.field(
        description="False where the key had been counted already, or nothing was there to withdraw."
    )
    stage: StageWeights = strawberry.field(description="Stage weights of the student from now on.")
