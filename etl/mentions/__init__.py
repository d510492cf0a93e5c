"""Skills from text: a vocabulary matcher on spaCy's blank English and Chinese pipelines.

`terms` says what is looked for, `variants` under which forms, `pipelines` how text becomes tokens, `reader` finds,
`context` judges negation and optionality, `candidates` collects what looks like a skill and matches nothing,
`evaluation` holds the result against hand-labelled sentences.
"""

from etl.mentions.reader import Reader
from etl.mentions.reading import Candidate, Mention, Reading
from etl.mentions.terms import Term, esco_terms, vocabulary_terms

__all__ = ["Candidate", "Mention", "Reader", "Reading", "Term", "esco_terms", "vocabulary_terms"]
