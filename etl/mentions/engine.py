"""spaCy, taken in without torch.

spaCy's thinc imports torch wherever it is installed. Matching needs none of it, and it costs a second and a quarter of
a gigabyte in each process that reads text. So torch counts as missing while spaCy is imported; a process that has it
already keeps it, and one that wants it later gets it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNWANTED = "torch"


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Let a package count as missing, unless it is imported already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


with _without(_UNWANTED):
    import spacy
    from spacy.attrs import IS_SPACE, NORM
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc

__all__ = ["IS_SPACE", "NORM", "Doc", "Language", "PhraseMatcher", "Tokenizer", "spacy"]
