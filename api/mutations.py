"""What clients may change: the behaviour of students, and nothing else."""

import strawberry

from api import feedback, recommendations
from api.context import Context, Info
from api.types.feedback import FeedbackInput, FeedbackReceipt
from api.types.recommendations import StageWeights
from schema.errors import InputError


@strawberry.type
class Mutation:
    """Where every change begins."""

    @strawberry.mutation(
        description="Record what a student did with a posting or a resource. The same key of one student counts once; "
        "without a key, the same action on the same item within a second is one."
    )
    async def record_feedback(self, info: Info, input: FeedbackInput) -> FeedbackReceipt:
        key = None if input.key is strawberry.UNSET else input.key
        accepted = await feedback.record(
            info.context, input.student, input.item, kind=input.kind, at=input.at or None, key=key
        )
        return await _receipt(info.context, input.student, accepted=accepted)

    @strawberry.mutation(description="Withdraw an action by its key, as if it had never happened.")
    async def withdraw_feedback(self, info: Info, student: strawberry.ID, key: str) -> FeedbackReceipt:
        accepted = await feedback.withdraw(info.context, student, key)
        return await _receipt(info.context, student, accepted=accepted)


async def _receipt(context: Context, student: str, *, accepted: bool) -> FeedbackReceipt:
    weights = await recommendations.stage(context, student)
    if weights is None:
        raise InputError(f"student: {student!r}", "the code of a student that is still there")
    return FeedbackReceipt(accepted=accepted, stage=StageWeights.of(weights))
