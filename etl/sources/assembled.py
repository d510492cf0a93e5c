"""Records that are put together from several files: they come to the pipeline ready-made."""

from collections.abc import Callable, Iterable
from typing import Any

from etl.pipeline import Pass, Transform
from etl.records import Draft, HeldDraft, Outcome, Parcel, Strand, digest, edge_key
from etl.targets import Target


def as_made() -> Transform:
    """Return the transform of records that need none."""
    return _same


def _same(outcome: Any) -> Outcome:
    assert isinstance(outcome, Parcel | Strand)
    return outcome


def draft(outcome: Parcel | Strand, *keys: object, file: str, line: int = 0) -> Draft:
    """Return the draft of a ready-made record; its digest is that of all its content.

    Arguments:
        outcome: the record.
        keys: values of the declared keys, for a strand.
        file: file that the user named.
        line: line of its main row.
    """
    key = outcome.code if isinstance(outcome, Parcel) else edge_key(outcome.start, outcome.end, *keys)
    return Draft(key, digest(repr(outcome)), outcome, file, line, key)


def passing(
    target: Target, drafts: Callable[[], Iterable[Draft | HeldDraft]], *, title: str = "", full: bool = True
) -> Pass:
    """Return the pass of ready-made records; what an edition no longer holds is closed."""
    return Pass(target, drafts, as_made, full=full, title=title)
