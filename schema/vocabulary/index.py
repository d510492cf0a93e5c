"""The checked vocabulary: every name leads to one skill, every weight to a declared capability unit."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isclose
from types import MappingProxyType
from typing import Literal, TypeVar

from schema.errors import DeclarationError
from schema.vocabulary.entry import CapabilityUnit, Field, SkillEntry
from schema.vocabulary.fields import FIELDS

Language = Literal["en", "zh"]
Clash = Literal["refuse", "drop"]
_Entry = TypeVar("_Entry", CapabilityUnit, SkillEntry)


def normalise(alias: str) -> str:
    """The form under which two spellings of a name are the same name.

    Arguments:
        alias: a name as it was written.

    Result: NFKC (full-width letters become plain ones), casefolded, runs of white space as one space.

    >>> normalise("  Ｐｙｔｈｏｎ   Programming")
    'python programming'
    """
    if alias.isascii():
        return " ".join(alias.lower().split())
    return " ".join(unicodedata.normalize("NFKC", alias).casefold().split())


@dataclass(frozen=True, slots=True)
class Refusal:
    """An alias that two skills claimed and only one got.

    Arguments:
        alias: the normalised name.
        kept: slug of the skill that keeps it.
        refused: slug of the skill that goes without.
    """

    alias: str
    kept: str
    refused: str


class Vocabulary:
    """Skills, the names under which texts mention them, and the capability units they build on.

    Arguments:
        units: capability units; slugs must be unique.
        skills: skills; slugs must be unique, weights sum to 1, units and broader skills must be declared.
        fields: the fields that these come from, where there are any.
        clash: what to do with a name that two skills claim. "refuse" raises; "drop" leaves it with the skill
            whose preferred name it is, else with the earlier one, and notes it in `refusals`.
        where: what is named in errors, e.g. the file that the entries were read from.

    Errors: DeclarationError naming the entry, and both skills where a name would lead to two.
    """

    def __init__(
        self,
        units: Iterable[CapabilityUnit],
        skills: Iterable[SkillEntry],
        *,
        fields: tuple[Field, ...] = (),
        clash: Clash = "refuse",
        where: str = "vocabulary",
    ) -> None:
        self.fields = fields
        self._where = where
        self.units: Mapping[str, CapabilityUnit] = MappingProxyType(self._by_code(units, "capability unit"))
        self.skills: Mapping[str, SkillEntry] = MappingProxyType(self._by_code(skills, "skill"))
        for skill in self.skills.values():
            self._check(skill)
        self._check_cycles()
        self.refusals: tuple[Refusal, ...] = ()
        self._owners = self._assign(clash)
        self._esco = self._by_esco()

    @classmethod
    def of(cls, fields: Iterable[Field], *, where: str = "vocabulary") -> "Vocabulary":
        """Build from whole fields; a field's slug must be unique too. Errors: DeclarationError."""
        held = tuple(fields)
        codes = [field.code for field in held]
        for code in codes:
            if codes.count(code) > 1:
                raise DeclarationError(f"field {code!r} declared twice", "one module per field", where=where)
        return cls(
            (unit for field in held for unit in field.units),
            (skill for field in held for skill in field.skills),
            fields=held,
            where=where,
        )

    def aliases(self, language: Language) -> dict[str, str]:
        """Every normalised name in one language, preferred names included -> slug of its skill."""
        named: dict[str, str] = {}
        for slug, skill in self.skills.items():
            for name in names(skill, language):
                key = normalise(name)
                if self._owners.get(key) == slug:
                    named[key] = slug
        return named

    def names(self, slug: str, language: Language) -> tuple[str, ...]:
        """The names of one skill as written, preferred first, without those that another skill keeps."""
        return tuple(n for n in names(self.skills[slug], language) if self._owners.get(normalise(n)) == slug)

    def find(self, name: str) -> SkillEntry | None:
        """The skill that a name, in any language, case or spacing, leads to; None where there is none."""
        slug = self._owners.get(normalise(name))
        return None if slug is None else self.skills[slug]

    def by_esco(self, uuid: str) -> SkillEntry | None:
        """The skill that corresponds to an ESCO concept; None where there is none."""
        slug = self._esco.get(uuid)
        return None if slug is None else self.skills[slug]

    def merge(self, other: "Vocabulary", *, clash: Clash = "drop") -> "Vocabulary":
        """This vocabulary with the entries of another, synonyms as one skill.

        Two entries are synonyms when they share an ESCO id, or when the preferred name of the other's is a name
        of ours. The merged skill keeps our slug, names and units, and gains the other's names; its broader skill
        and ESCO id are taken over where we have none.

        Arguments:
            other: the entries that come in; where both declare a unit, ours is kept.
            clash: as for the constructor; "drop" suits large lists, where labels repeat across concepts.

        Errors: DeclarationError, as in the constructor.
        """
        home = {slug: self._home(skill) or slug for slug, skill in other.skills.items()}
        merged = dict(self.skills)
        for slug, skill in other.skills.items():
            target = home[slug]
            if target in self.skills and self._home(skill) is None:
                raise DeclarationError(
                    f"slug {slug!r} for both {self.skills[slug].name!r} and {skill.name!r}",
                    "different slugs, or a name or ESCO id that makes them the same skill",
                    where=other._where,
                )
            incoming = replace(skill, broader=home.get(skill.broader or "", skill.broader))
            merged[target] = _united(merged[target], incoming) if target in merged else incoming
        for slug in home.values():
            if _circular(slug, merged):
                merged[slug] = replace(merged[slug], broader=self._broader(slug))
        units = {**other.units, **self.units}
        return Vocabulary(
            units.values(),
            merged.values(),
            fields=self.fields + other.fields,
            clash=clash,
            where=f"{self._where} with {other._where}",
        )

    def _broader(self, slug: str) -> str | None:
        """What we ourselves hold to be broader; our own relations are free of cycles."""
        return self.skills[slug].broader if slug in self.skills else None

    def _home(self, skill: SkillEntry) -> str | None:
        """The slug of our skill that is the same as another vocabulary's, if any."""
        if skill.esco and skill.esco in self._esco:
            return self._esco[skill.esco]
        for name in (skill.name, skill.zh):
            if name and normalise(name) in self._owners:
                return self._owners[normalise(name)]
        return None

    def _by_code(self, entries: Iterable[_Entry], what: str) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        for entry in entries:
            if not entry.code or not entry.name.strip():
                raise DeclarationError(
                    f"{what} {entry.code!r} named {entry.name!r}", "a slug and a name", where=self._where
                )
            if entry.code in found:
                raise DeclarationError(
                    f"{what} {entry.code!r} declared twice: {found[entry.code].name!r} and {entry.name!r}",
                    "one slug per entry",
                    where=self._where,
                )
            found[entry.code] = entry
        return found

    def _check(self, skill: SkillEntry) -> None:
        place = f"{self._where}: skill {skill.code!r}"
        given = [unit for unit, _ in skill.units]
        for unit, weight in skill.units:
            if unit not in self.units:
                raise DeclarationError(f"unit {unit!r}", "a declared capability unit", where=place)
            if not 0 < weight <= 1:
                raise DeclarationError(f"weight {weight} of unit {unit!r}", "more than 0, at most 1", where=place)
        if len(set(given)) < len(given):
            raise DeclarationError(f"units {given}", "each unit once", where=place)
        total = sum(weight for _, weight in skill.units)
        if not isclose(total, 1.0, abs_tol=1e-6):
            raise DeclarationError(f"weights that sum to {total:g}", "a sum of 1", where=place)
        if skill.broader is not None and skill.broader not in self.skills:
            raise DeclarationError(f"broader skill {skill.broader!r}", "a declared skill", where=place)

    def _check_cycles(self) -> None:
        for slug in self.skills:
            if _circular(slug, self.skills):
                raise DeclarationError(
                    f"skill {slug!r} is broader than itself by way of {self.skills[slug].broader!r}",
                    "broader relations without a cycle",
                    where=self._where,
                )

    def _assign(self, clash: Clash) -> dict[str, str]:
        """Every normalised name -> the skill that owns it, over both languages, as texts mix them."""
        owners: dict[str, str] = {}
        refusals: list[Refusal] = []
        for slug, name in self._in_order_of_claim():
            key = normalise(name)
            owner = owners.setdefault(key, slug)
            if owner == slug:
                continue
            if clash == "refuse":
                raise DeclarationError(
                    f"alias {name!r} names both skill {owner!r} ({self.skills[owner].name}) "
                    f"and skill {slug!r} ({self.skills[slug].name})",
                    "an alias that names one skill",
                    where=self._where,
                )
            refusals.append(Refusal(key, owner, slug))
        self.refusals = tuple(dict.fromkeys(refusals))
        return owners

    def _in_order_of_claim(self) -> Iterator[tuple[str, str]]:
        """Preferred names before further ones: a skill is not pushed from its own name by another's alias."""
        for slug, skill in self.skills.items():
            yield slug, skill.name
            if skill.zh:
                yield slug, skill.zh
        for slug, skill in self.skills.items():
            for name in (*skill.en, *skill.more_zh):
                if name.strip():
                    yield slug, name

    def _by_esco(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for slug, skill in self.skills.items():
            if skill.esco and found.setdefault(skill.esco, slug) != slug:
                raise DeclarationError(
                    f"ESCO concept {skill.esco} given to both skill {found[skill.esco]!r} and skill {slug!r}",
                    "one skill per ESCO concept",
                    where=self._where,
                )
        return found


def names(skill: SkillEntry, language: Language) -> tuple[str, ...]:
    """The names of an entry in one language as written, preferred first, blanks left out."""
    written = (skill.name, *skill.en) if language == "en" else (skill.zh, *skill.more_zh)
    return tuple(name for name in written if name.strip())


def _circular(slug: str, skills: Mapping[str, SkillEntry]) -> bool:
    """Whether the way up from a skill comes back to that same skill."""
    seen: set[str] = set()
    above = skills[slug].broader
    while above is not None and above in skills and above not in seen:
        if above == slug:
            return True
        seen.add(above)
        above = skills[above].broader
    return False


def _united(ours: SkillEntry, theirs: SkillEntry) -> SkillEntry:
    """Our entry with their names; what we leave open is taken from theirs."""
    known = {normalise(name) for name in (*names(ours, "en"), *names(ours, "zh"))}
    fresh_en = [name for name in names(theirs, "en") if normalise(name) not in known]
    fresh_zh = [name for name in names(theirs, "zh") if normalise(name) not in known]
    zh = ours.zh
    if not zh.strip() and fresh_zh:
        zh, fresh_zh = fresh_zh[0], fresh_zh[1:]
    broader = ours.broader if ours.broader is not None else theirs.broader
    return replace(
        ours,
        zh=zh,
        en=tuple(dict.fromkeys((*ours.en, *fresh_en))),
        more_zh=tuple(dict.fromkeys((*ours.more_zh, *fresh_zh))),
        broader=None if broader == ours.code else broader,
        esco=ours.esco or theirs.esco,
    )


VOCABULARY = Vocabulary.of(FIELDS)
