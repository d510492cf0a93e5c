"""The form of a language's phrase book."""

from dataclasses import dataclass

Sentences = tuple[str, ...]
Joins = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All sentences of one language.

    ``{a}`` stands for one skill, ``{list}`` for two or more, ``{job}`` for the name of the job, ``{team}`` and
    ``{place}`` for words of the language, ``{n}`` for a small number.

    Arguments:
        openings: what the employer says of itself and the job.
        duties: what is done, without a skill.
        skilled: what is done with one skill that is required.
        lists: two to four skills are required.
        singles: one skill is required.
        optional: one or two skills are a plus.
        negated: one skill is not needed.
        experience: years, character, without a skill.
        noise: benefits, process, equality; some speak of growth and mean no hiring.
        mood: by tone, -2 (freeze) to 2 (expansion), why the job is open.
        teams, joins: words for {team}; ways to join a list, each with the sign between and the sign before the last.
        stop: what ends a sentence and stands between two.
    """

    openings: Sentences
    duties: Sentences
    skilled: Sentences
    lists: Sentences
    singles: Sentences
    optional: Sentences
    negated: Sentences
    experience: Sentences
    noise: Sentences
    mood: dict[int, Sentences]
    teams: Sentences
    joins: Joins
    stop: str
