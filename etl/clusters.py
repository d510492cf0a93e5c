"""Which job cluster a posting belongs to: by a column of its source, or by its title through names of occupations.

A title is looked up as it is; then without decorations (brackets, places, seniority, "urgent", "(f/m/d)"); then the
longest name of an occupation that it contains counts. What matches nothing is unclassified, with the three nearest
occupations noted.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from etl.records import digest
from schema.vocabulary.regions import NAMES
from schema.vocabulary.regions import folded as folded_place

UNCLASSIFIED = "fc:unclassified"
NEAREST = 3
_RULES = "2"  # raise it with every change of the rules, so that postings are placed again
_CACHED_TITLES = 200_000
_LONGEST = 12  # units of a title's part that is looked up

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_UNIT = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+[+#]*")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|《[^《》]*》|\{[^{}]*\}|<[^<>]*>")
_SEPARATOR = re.compile(r"\s[-–—]\s|[|/,;:·•~!?、，。；：！—–]+|\s@\s|(?<=[\u3400-\u9fff])[-_]|[-_](?=[\u3400-\u9fff])")
_ENGLISH = re.compile(
    r"\b(?:senior|junior|snr|sr|jr|jnr|principal|lead|supervisory|entry[ -]level|mid[ -]level"
    r"|experienced|graduate|intern(?:ship)?"
    r"|trainee|urgent(?:ly)?|hiring|now|wanted|needed|immediate(?:ly)? start|remote|hybrid|on-?site|work from home|wfh"
    r"|full[ -]time|part[ -]time|permanent|temporary|contract(?:or)?|freelance|m\s?/\s?f(?:\s?/\s?[dx])?"
    r"|f\s?/\s?m(?:\s?/\s?[dx])?|m\s?/\s?w\s?/\s?d|all genders|new|great opportunity|level \d|grade \d+|i{1,3}|iv|\d+)"
    r"\b\.?",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"急聘|急招|诚聘|高薪|直招|直聘|招聘|社招|校招|校园招聘|内推|双休|五险一金|六险一金|包吃住|包住|可居家|居家办公|远程"
    r"|全职|兼职|应届毕业生|应届生|应届|\d{2,4}届|资深|高级|中级|初级|实习生|实习|储备|培训生|管培生|若干名|诚邀|急"
    r"|\d+[kK万元]?(?:[-~至]\d+[kK万元]?)+|\d+名"
)


class Occupation(NamedTuple):
    """A job cluster with its names.

    Arguments:
        code: unified code; the part before the first colon is the standard.
        name: preferred name.
        aliases: further names in any language.
        isco: ISCO-08 code, or empty.
        onet: O*NET-SOC code, or empty.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    isco: str = ""
    onet: str = ""


class Placement(NamedTuple):
    """Where a posting belongs.

    Arguments:
        code: code of the cluster.
        how: "column", "title", "stripped", "contained" or "unclassified".
        nearest: codes of the nearest clusters, the nearest first, where it is unclassified.
    """

    code: str
    how: str
    nearest: tuple[str, ...] = ()


class _Name(NamedTuple):
    """A name in units, with what decides between clusters that share it: smaller wins."""

    rank: tuple[int, bool, str]
    code: str


def units(text: str) -> tuple[str, ...]:
    """Return a title as the units that are compared: words without plural, and single Chinese characters.

    >>> units("Java开发工程师 / C++ Developers")
    ('java', '开', '发', '工', '程', '师', 'c++', 'developer')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return tuple(_singular(unit) for unit in _UNIT.findall(text.casefold()))


def _singular(word: str) -> str:
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui":
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def fingerprint(occupations: Iterable[Occupation], order: Sequence[str]) -> str:
    """Return a digest of all that decides where a posting belongs: equal ones place every posting alike."""
    parts = ("\x1e".join((*each[:2], *each.aliases, *each[3:])) for each in sorted(set(occupations)))
    return digest(_RULES, *order, *parts)


class ClusterIndex:
    """The clusters of the graph by code and by every name.

    Arguments:
        occupations: clusters; those that a posting may not be placed in are left out by the caller.
        order: standards, the preferred first; others come after them, by code.
    """

    def __init__(self, occupations: Iterable[Occupation], *, order: Sequence[str] = ("fc", "onet", "esco")) -> None:
        self.occupations = tuple(sorted(set(occupations)))
        self.order = tuple(order)
        places = {standard: place for place, standard in enumerate(self.order)}
        self._names: dict[str, _Name] = {}
        self._references: dict[str, _Name] = {}
        self._shared: set[str] = set()
        self._longest = 1
        for each in self.occupations:
            place = places.get(each.code.partition(":")[0], len(places))
            for reference in (each.code, each.code.partition(":")[2], each.onet):
                if reference:
                    self._keep(self._references, reference.casefold(), _Name((place, False, each.code), each.code))
            for name in (each.name, *each.aliases):
                key = units(name)
                if key:
                    self._longest = max(self._longest, min(len(key), _LONGEST))
                    alias = name != each.name
                    joined, found = " ".join(key), _Name((place, alias, each.code), each.code)
                    held = self._names.get(joined)
                    if held is not None and held.code != each.code and held.rank[0] == place:
                        self._shared.add(joined)
                    self._keep(self._names, joined, found)
        self._overlap: _Overlap | None = None
        self.place = lru_cache(_CACHED_TITLES)(self._place)

    @staticmethod
    def _keep(table: dict[str, _Name], key: str, name: _Name) -> None:
        held = table.get(key)
        if held is None or name.rank < held.rank:
            table[key] = name

    def __len__(self) -> int:
        return len(self.occupations)

    def find(self, reference: str) -> str | None:
        """Return the code of the cluster that a cell means: a code, an O*NET code or an exact name; else None."""
        found = self._references.get(reference.strip().casefold()) or self._names.get(" ".join(units(reference)))
        return found.code if found else None

    def _place(self, title: str, reference: str = "") -> Placement:
        """Return where a posting belongs.

        Arguments:
            title: as written.
            reference: what the source's own column says, or empty.
        """
        if reference and (code := self.find(reference)) is not None:
            return Placement(code, "column")
        whole = units(title)
        found = self._names.get(" ".join(whole))
        if found is not None:
            return Placement(found.code, "title")
        parts = [units(part) for part in stripped(title)]
        for part in (sum(parts, ()), *parts):
            found = self._names.get(" ".join(part))
            if found is not None:
                return Placement(found.code, "stripped")
        for candidates in (parts, [whole]):
            found = self._contained(candidates)
            if found is not None:
                return Placement(found.code, "contained")
        return Placement(UNCLASSIFIED, "unclassified", self._nearest(whole))

    def _contained(self, parts: Sequence[tuple[str, ...]]) -> _Name | None:
        """Return the longest name that a part contains; of equals the preferred, then the one further to the right."""
        for length in range(self._longest, 0, -1):
            found = [
                (-len(key), name.rank[0], -start, name.rank, name)
                for part in parts
                for start in range(len(part) - length + 1)
                if (name := self._names.get(key := " ".join(part[start : start + length]))) is not None
                and (length > 1 or (start == len(part) - 1 and self._telling(key)))
            ]
            if found:
                return min(found)[-1]
        return None

    def _telling(self, word: str) -> bool:
        """True where one word, the last of a title, tells the occupation: "nurse", but not "chief" or "engineer"."""
        return len(word) > 3 and word not in self._shared

    def _nearest(self, title: tuple[str, ...]) -> tuple[str, ...]:
        if self._overlap is None:
            self._overlap = _Overlap(self._names)
        return self._overlap.nearest(title)


class _Overlap:
    """Names by the units that they share with a title; rare units weigh more."""

    def __init__(self, names: dict[str, _Name]) -> None:
        self._codes = [name.code for name in names.values()]
        postings: dict[str, list[int]] = {}
        for index, key in enumerate(names):
            for unit in dict.fromkeys(key.split(" ")):
                postings.setdefault(unit, []).append(index)
        self._postings = {unit: np.array(held, dtype=np.int32) for unit, held in postings.items()}
        self._weights = {unit: float(np.log1p(len(names) / len(held))) for unit, held in self._postings.items()}
        self._totals = np.zeros(len(names), dtype=np.float64)
        for unit, held in self._postings.items():
            self._totals[held] += self._weights[unit]

    def nearest(self, title: tuple[str, ...]) -> tuple[str, ...]:
        known = [unit for unit in dict.fromkeys(title) if unit in self._postings]
        if not known:
            return ()
        shared = np.zeros(len(self._codes), dtype=np.float64)
        for unit in known:
            shared[self._postings[unit]] += self._weights[unit]
        total = sum(self._weights[unit] for unit in known)
        score = shared / (self._totals + total - shared)
        best: dict[str, float] = {}
        # Several names of one cluster may stand at the top, so more are looked at than are given.
        top = np.argpartition(-score, min(50, len(score) - 1))[:50]
        for index in top:
            value = round(float(score[index]), 9)
            if value > 0:
                best[self._codes[index]] = max(value, best.get(self._codes[index], 0.0))
        return tuple(sorted(best, key=lambda code: (-best[code], code))[:NEAREST])


def stripped(title: str) -> Iterator[str]:
    """Yield the parts of a title that may name the occupation, without decorations.

    >>> list(stripped("【急聘】高级Java开发工程师（北京）"))
    ['Java开发工程师']
    >>> list(stripped("Senior Data Engineer II (f/m/d) - London"))
    ['Data Engineer']
    """
    text = unicodedata.normalize("NFKC", title)
    text = _BRACKETS.sub(" ", _BRACKETS.sub(" ", text))
    for part in _SEPARATOR.split(text):
        if folded_place(part) in NAMES:
            continue
        kept = " ".join(_CHINESE.sub(" ", _ENGLISH.sub(" ", part)).split())
        if kept:
            yield kept


@lru_cache(maxsize=2)
def index(occupations: tuple[Occupation, ...], order: tuple[str, ...]) -> ClusterIndex:
    """Return the index of some clusters, built once in a process: sources that place rows themselves share it."""
    return ClusterIndex(occupations, order=order)
