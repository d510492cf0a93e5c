"""The forms in which the vocabulary is written down: capability units, skills and fields."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CapabilityUnit:
    """One reusable unit of ability, the coordinate of every capability vector.

    Arguments:
        code: slug, unique among units, e.g. ``data-analysis``.
        name: English name.
        zh: Chinese name.
    """

    code: str
    name: str
    zh: str


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """One skill of the vocabulary with all the names under which texts mention it.

    Arguments:
        code: slug, unique among skills, e.g. ``python``.
        name: preferred English name, also matched in text.
        zh: preferred Chinese name, also matched in text.
        units: (capability unit slug, weight) pairs; each weight is in (0, 1] and they sum to 1.
        en: further English names; inflections and case are handled by the matcher.
        more_zh: further Chinese names.
        broader: slug of the broader skill, or None.
        esco: the UUID that ends the ESCO concept URI of the corresponding skill, or None.
    """

    code: str
    name: str
    zh: str
    units: tuple[tuple[str, float], ...]
    en: tuple[str, ...] = ()
    more_zh: tuple[str, ...] = ()
    broader: str | None = None
    esco: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of study or work: its capability units and its skills, written in one module.

    Arguments:
        code: slug, unique among fields.
        name: English name.
        zh: Chinese name.
        units: capability units that belong to the field.
        skills: skills that belong to the field; they may map to units of other fields.
    """

    code: str
    name: str
    zh: str
    units: tuple[CapabilityUnit, ...]
    skills: tuple[SkillEntry, ...]
