"""The skill vocabulary: skills, their names in English and Chinese, and the capability units they build on."""

from schema.vocabulary.entry import CapabilityUnit, Field, SkillEntry
from schema.vocabulary.index import VOCABULARY, Refusal, Vocabulary, normalise

__all__ = ["VOCABULARY", "CapabilityUnit", "Field", "Refusal", "SkillEntry", "Vocabulary", "normalise"]
