"""The form of a region and how its names are compared."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["country", "province", "city"]


@dataclass(frozen=True, slots=True)
class Region:
    """A country, a province or state, or a city.

    Arguments:
        code: ISO 3166-1 for a country (``CN``); with the GB/T 2260 number (``CN-410400``) or the ISO 3166-2 letters
            (``US-CA``) below it; a city elsewhere ends in its English name (``US-CA-los-angeles``, ``FR-paris``).
        name: English name.
        zh: Chinese name, short form.
        level: country, province or city. The four Chinese municipalities are provinces without cities.
        parent: code of the region that it is part of, or None.
        aliases: further names in either language.
    """

    code: str
    name: str
    zh: str
    level: Level
    parent: str | None
    aliases: tuple[str, ...] = ()


def folded(name: str) -> str:
    """Give the form in which two names of a place are compared: lower case, without marks and spaces."""
    return "".join(mark for mark in name.casefold() if mark.isalnum())
