"""Sentences of the synthetic postings, in English and Chinese, and how they are put together."""

from etl.sources.university.text.compose import Asking, Composer, Written

__all__ = ["Asking", "Composer", "Written"]
