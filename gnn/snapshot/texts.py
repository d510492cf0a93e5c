"""The postings themselves as arrays: text, attributes, and the skills that they ask for.

They are read block by block in the order of their codes, so that memory holds the texts once and no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.snapshot.packed import Floats, Numbers, Places, Reader
from gnn.snapshot.relations import classified
from schema import clock
from schema.nodes import JOB

BLOCK = 500
"""Postings in one record."""

LANGUAGES = next(each.values for each in JOB.properties if each.name == "language")
MONTHLY: Mapping[str, float] = {"hour": 2088 / 12, "day": 261 / 12, "week": 52.2 / 12, "month": 1.0, "year": 1 / 12}
"""Months of pay in a unit of each period, at 40 hours and five days a week."""

_ARRAYS: tuple[str, ...] = ("language", "cluster", "month", "education", "salary", "headcount", "region", "industry")
_ARRAYS += ("skill", "level", "optional")
_FIRST_DAY = date(1, 1, 1)
_FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Names:
    """Codes that the places of postings mean, each in order.

    Arguments:
        clusters: job clusters, the unclassified one left out, as in a history.
        skills, regions, industries: all that are not closed; skills as in a history.
    """

    clusters: tuple[str, ...]
    skills: tuple[str, ...]
    regions: tuple[str, ...]
    industries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Postings, in the order of their codes.

    Arguments:
        names: codes that places mean.
        codes: unified codes, [postings].
        texts: title, responsibilities and requirements, a line each, [postings].
        language: place in LANGUAGES, -1 where it is not known, [postings].
        cluster: place of the job cluster, -1 where none is known, [postings].
        month: month of release, counted from year 0 (12 * year + month - 1), [postings]; take off the
            `first_month` of a history for the place in it.
        education: least education, ISCED 2011 level, or NaN, [postings].
        salary: mid of the pay per month, in the currency stated, or NaN, [postings].
        currency: ISO 4217 code, empty where none is stated, [postings].
        headcount: open positions, or NaN, [postings].
        region, industry: places, -1 where none is known, [postings].
        skill_start: where the skills of each posting begin in `skill`, and the end of the last, [postings + 1].
        skill: places, in order within a posting, [requirements].
        level: how much of it, 0 to 1, [requirements].
        optional: 1 where it is a plus only, else 0, [requirements].
    """

    names: Names
    codes: tuple[str, ...]
    texts: tuple[str, ...]
    language: Places
    cluster: Places
    month: Places
    education: Floats
    salary: Floats
    currency: tuple[str, ...]
    headcount: Floats
    region: Places
    industry: Places
    skill_start: Numbers
    skill: Places
    level: Floats
    optional: Floats

    def __len__(self) -> int:
        return len(self.codes)


def read_texts(
    graph: Graph,
    *,
    after: date | None = None,
    through: date | None = None,
    changed: datetime | None = None,
    codes: Sequence[str] | None = None,
    as_of: datetime | None = None,
    progress: Progress,
) -> Texts:
    """Read postings, all at once; see `stream_texts` for the arguments."""
    parts = stream_texts(
        graph, after=after, through=through, changed=changed, codes=codes, as_of=as_of, progress=progress
    )
    return joined(list(parts))


def stream_texts(
    graph: Graph,
    *,
    after: date | None = None,
    through: date | None = None,
    changed: datetime | None = None,
    codes: Sequence[str] | None = None,
    as_of: datetime | None = None,
    names: Names | None = None,
    progress: Progress,
) -> Iterator[Texts]:
    """Read postings block by block, in the order of their codes; at least one block, which may be empty.

    Arguments:
        graph: an open graph.
        after: only postings released later than this day.
        through: last day of release that counts; None takes all that are released by now, or all that are named.
        changed: only postings that were written later than this instant: new ones and changed ones.
        codes: only these of them; one that is not in the graph is left out.
        as_of: skills and places that were closed before it are left out; None takes the present.
        names: as they were read before, as of the same instant; None reads them.
        progress: shows one step, which counts postings.

    Raises:
        UnreachableError: no server answers.
    """
    instant = as_of or clock.now()
    names = names or _names(graph, as_of=instant)
    days = {"after": after or _FIRST_DAY, "through": through or instant.date(), "changed": changed or _FIRST_INSTANT}
    if codes is not None and after is through is changed is None:
        wanted = sorted(set(codes))
    elif codes is None:
        wanted = sorted(graph.read(query("snapshot/posting-codes"), **days)[0]["codes"])
    else:
        wanted = sorted(graph.read(query("snapshot/posting-codes-among"), codes=list(codes), **days)[0]["codes"])
    maker = _Maker(names)
    with progress.step("Reading postings", total=len(wanted), unit="postings") as step:
        for first in range(0, max(1, len(wanted)), BLOCK):
            block = wanted[first : first + BLOCK]
            [record] = graph.read(query("snapshot/posting-texts"), codes=block, asOf=instant)
            yield maker.texts(sorted(record["rows"], key=lambda row: str(row["code"])))
            step.advance(len(block))


def _names(graph: Graph, *, as_of: datetime) -> Names:
    with Reader(graph, as_of=as_of) as reader:
        asked = [reader.ask_nodes("JobCluster", "rule")]
        asked += [reader.ask_nodes(label) for label in ("Skill", "Region", "Industry")]
        clusters, *others = (reader.nodes(each) for each in asked)
    return Names(classified(clusters).codes, *(each.codes for each in others))


def joined(parts: Sequence[Texts]) -> Texts:
    """Return several blocks as one; they must be of one reading, and at least one."""
    starts = np.cumsum([0, *(len(part.skill) for part in parts)])

    def array(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    def whole(name: str) -> tuple[str, ...]:
        return tuple(value for part in parts for value in getattr(part, name))

    skill_start = [part.skill_start[:-1] + begin for part, begin in zip(parts, starts[:-1], strict=True)]
    return Texts(
        names=parts[0].names,
        codes=whole("codes"),
        texts=whole("texts"),
        currency=whole("currency"),
        skill_start=np.concatenate([*skill_start, starts[-1:]]).astype(np.int64),
        **{name: array(name) for name in _ARRAYS},
    )


class _Maker:
    """Turns rows of the graph into arrays."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.places = {
            name: {code: place for place, code in enumerate(getattr(names, name))}
            for name in ("clusters", "skills", "regions", "industries")
        }
        self.places["languages"] = {language: place for place, language in enumerate(LANGUAGES)}

    def place(self, name: str, codes: Sequence[str | None]) -> int:
        """Return the place of the first by code that is known, or -1."""
        return min((self.places[name][code] for code in codes if code in self.places[name]), default=-1)

    def texts(self, rows: Sequence[Mapping[str, Any]]) -> Texts:
        """Return the arrays of rows that are in order."""
        skills = self.places["skills"]
        required = [
            sorted(
                (skills[code], _number(level), float(plus or False))
                for code, level, plus in row["skills"]
                if code in skills
            )
            for row in rows
        ]
        flat = np.array([each for row in required for each in row], float).reshape(-1, 3)
        return Texts(
            names=self.names,
            codes=tuple(row["code"] for row in rows),
            texts=tuple(text(row["title"], row["responsibilities"], row["requirements"]) for row in rows),
            language=_places([self.place("languages", [row["language"]]) for row in rows]),
            cluster=_places([self.place("clusters", row["clusters"]) for row in rows]),
            month=_places([12 * row["year"] + row["month"] - 1 for row in rows]),
            education=np.array([_number(row["education"]) for row in rows]),
            salary=np.array([monthly(row["low"], row["high"], row["period"]) for row in rows]),
            currency=tuple(row["currency"] or "" for row in rows),
            headcount=np.array([_number(row["headcount"]) for row in rows]),
            region=_places([self.place("regions", row["regions"]) for row in rows]),
            industry=_places([self.place("industries", row["industries"]) for row in rows]),
            skill_start=np.cumsum([0, *map(len, required)], dtype=np.int64),
            skill=flat[:, 0].astype(np.int32),
            level=flat[:, 1],
            optional=flat[:, 2],
        )


def text(title: str | None, responsibilities: str | None, requirements: str | None) -> str:
    r"""Return what a posting says, part by part.

    >>> text("Coder", None, "Python")
    'Coder\nPython'
    """
    return "\n".join(part for part in (title, responsibilities, requirements) if part)


def monthly(low: float | None, high: float | None, period: str | None) -> float:
    """Return the mid of a pay per month, or NaN; a bound that is missing is the other one.

    >>> monthly(60_000.0, 180_000.0, "year"), monthly(6_000.0, None, "month"), monthly(None, None, "month")
    (10000.0, 6000.0, nan)
    """
    bounds = [bound for bound in (low, high) if bound is not None]
    if not bounds or period is None or period not in MONTHLY:
        return float("nan")
    return sum(bounds) / len(bounds) * MONTHLY[period]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _places(values: Sequence[int]) -> Places:
    return np.array(values, np.int32)
