"""One posting: the fields of a row to a node with its skills, cluster, employer and place. Pure; runs in workers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from etl import requirements
from etl.clusters import UNCLASSIFIED, ClusterIndex, Occupation, Placement
from etl.hubs import industry_hubs, region_code, region_hubs
from etl.mapping import ColumnMapping
from etl.mentions import Reader, Term
from etl.records import Edge, Held, Hub, Outcome, Parcel
from etl.signatures import Signer
from etl.values.dates import parse_date
from etl.values.education import isced
from etl.values.industries import industry
from etl.values.numbers import parse_headcount
from etl.values.pay import LANGUAGE_DEFAULTS, parse_pay
from etl.values.places import region_code as read_region
from schema.errors import InputError
from schema.ids import code, slug

RULES = "1"
"""Raise it with every change of what a row becomes, so that loaded postings are read again."""

CANDIDATES = 20
"""Candidate terms that are kept of one posting."""

_HAN = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_ITEMS = re.compile(r"\s*[;；,，、|/\n]\s*")


class Payload(NamedTuple):
    """What the transform gets of a row.

    Arguments:
        key: unified code.
        fields: field -> text, as `ColumnMapping.pick` gives them.
        employer: code of the employer, or empty.
    """

    key: str
    fields: dict[str, str]
    employer: str


@dataclass(frozen=True)
class PostingFactory:
    """Makes the transform of one load, once in each process.

    Arguments:
        source: name of the source.
        mapping: defaults and rules.
        terms: names of the skills in the graph.
        occupations: job clusters in the graph.
        at: the instant of the load, from which "3 days ago" counts.
        columns: field -> what the file calls it, for messages.
    """

    source: str
    mapping: ColumnMapping
    terms: tuple[Term, ...]
    occupations: tuple[Occupation, ...]
    at: datetime
    columns: Mapping[str, str]

    def __call__(self) -> "PostingTransform":
        """Build the reader of skills and the index of clusters."""
        return PostingTransform(self)


class PostingTransform:
    """Turns fields into a parcel. Errors: none; a row that cannot be read gives a `Held`."""

    def __init__(self, factory: PostingFactory) -> None:
        self._source = factory.source
        self._mapping = factory.mapping
        self._columns = factory.columns
        self._reader = Reader(factory.terms)
        self._item = lru_cache(50_000)(self._read_item)
        self._signer = Signer()
        self._skills = {term.code for term in factory.terms}
        self._index = ClusterIndex(factory.occupations, order=factory.mapping.occupations)
        self._date = partial(parse_date, day_first=factory.mapping.day_first, reference=factory.at)

    def __call__(self, payload: Payload) -> Outcome:
        """Return the parcel of a row, or why it is held."""
        key, fields, employer = payload
        notes: list[str] = []
        text = f"{fields.get('responsibilities', '')}\n{fields.get('requirements', '')}"
        title = fields.get("title", "")
        language = self._language(fields, f"{title}{text}")
        try:
            released = self._date(fields.get("released_on", ""))
        except InputError as error:
            return self._held("released_on", str(error), "date")
        if released is None:
            return self._held("released_on", "no release date; expected one such as '2024-03-05'", "date")
        closes = self._read("closes_on", self._date, fields, notes)
        place = self._read("location", read_region, fields, notes)
        if fields.get("location") and place is None and "location not understood" not in notes:
            notes.append("location not understood")
        listed, unknown = self._listed(fields.get("skills", ""), language)
        reading = self._reader.read(text, language)
        terms = [*unknown, *(_term(candidate.text) for candidate in reading.candidates)]
        placement = self._place(title, fields)
        if placement.how == "unclassified":
            notes.append("unclassified")
        properties: dict[str, Any] = {
            "name": title,
            "responsibilities": fields.get("responsibilities"),
            "requirements": fields.get("requirements"),
            "language": language,
            "education": self._read("education", isced, fields, notes),
            "educationText": fields.get("education"),
            "industryText": fields.get("industry"),
            "regionText": fields.get("location"),
            **self._pay(fields, language, notes),
            "releasedOn": released,
            "closesOn": closes,
            "headcount": self._headcount(fields, notes),
            "url": fields.get("url"),
            "signature": self._signer.sign(
                title,
                text,
                employer=employer,
                place=place or fields.get("location", ""),
                released=released,
                closes=closes,
                language=language,
            ),
            "candidateTerms": list(dict.fromkeys(term for term in terms if term))[:CANDIDATES] or None,
            "nearestClusters": list(placement.nearest) or None,
        }
        edges, hubs = self._neighbours(fields, employer, place, placement)
        skills = requirements.edges(text, reading.mentions, listed=listed)
        kept = {name: value for name, value in properties.items() if value is not None}
        return Parcel(key, kept, (*edges, *skills), hubs, notes=tuple(notes))

    def _held(self, field: str, reason: str, rule: str) -> Held:
        return Held(reason, rule, column=self._columns.get(field, field))

    def _language(self, fields: Mapping[str, str], text: str) -> str:
        stated = fields.get("language", "").casefold()
        if stated[:2] in ("en", "zh"):
            return stated[:2]
        if stated[:1] in "中汉" and stated:
            return "zh"
        if self._mapping.language is not None:
            return self._mapping.language
        if text.isascii():
            return "en"
        return "zh" if 5 * len(_HAN.findall(text)) > len(_LETTER.findall(text)) else "en"

    def _read(self, field: str, read: Any, fields: Mapping[str, str], notes: list[str]) -> Any:
        """Read a value that a posting can do without: what is not understood is noted, and stays as text."""
        text = fields.get(field)
        if text is None:
            return None
        try:
            return read(text)
        except InputError:
            notes.append(f"{field} not understood")
            return None

    def _headcount(self, fields: Mapping[str, str], notes: list[str]) -> int | None:
        found = self._read("headcount", parse_headcount, fields, notes)
        return None if found is None else found.low

    def _pay(self, fields: Mapping[str, str], language: str, notes: list[str]) -> dict[str, Any]:
        text = fields.get("salary")
        if text is None:
            return {}
        # "8-12亿/月" is meant in yuan, whatever the language of the posting.
        currency, period = LANGUAGE_DEFAULTS["zh" if _HAN.search(text) else language]
        try:
            pay = parse_pay(
                text,
                default_currency=self._mapping.currency or currency,
                default_period=self._mapping.period or period,
            )
        except InputError:
            notes.append("salary not understood")
            pay = None
        if pay is None:
            return {"salaryText": text}
        return {
            "salaryText": text,
            "salaryMin": pay.low,
            "salaryMax": pay.high,
            "salaryCurrency": pay.currency,
            "salaryPeriod": pay.period,
        }

    def _listed(self, text: str, language: str) -> tuple[dict[str, tuple[str, float]], list[str]]:
        """Return the skills that the source lists itself, and the items that are none that we know."""
        listed: dict[str, tuple[str, float]] = {}
        unknown: list[str] = []
        for item in _ITEMS.split(text) if text else ():
            if not item:
                continue
            if item in self._skills:
                listed[item] = item, 1.0
                continue
            mentions = self._item(item, language)
            for skill, words, confidence in mentions:
                if skill not in listed or confidence > listed[skill][1]:
                    listed[skill] = words, confidence
            if not mentions:
                unknown.append(_term(item))
        return listed, unknown

    def _read_item(self, item: str, language: str) -> tuple[tuple[str, str, float], ...]:
        """Return code, words and confidence of each skill that one item of a list names."""
        mentions = self._reader.read(item, language).mentions
        return tuple((each.code, each.text, each.confidence) for each in mentions if not each.negated)

    def _place(self, title: str, fields: Mapping[str, str]) -> Placement:
        stated = fields.get("job_cluster", "")
        rule = self._mapping.clusters
        if rule == "column" and stated:
            found = self._index.find(stated)
            return Placement(found or code(self._source, "cluster", slug(stated)), "column")
        if rule == "column":
            guess = self._index.place(title)
            return Placement(UNCLASSIFIED, "unclassified", guess.nearest or (guess.code,))
        return self._index.place(title, stated if rule == "either" else "")

    def _neighbours(
        self, fields: Mapping[str, str], employer: str, place: str | None, placement: Placement
    ) -> tuple[tuple[Edge, ...], tuple[Hub, ...]]:
        edges = [Edge("IN_CLUSTER", "JobCluster", placement.code)]
        hubs: list[Hub] = []
        if placement.how == "unclassified":
            hubs.append(Hub("JobCluster", UNCLASSIFIED, {"name": "Unclassified", "rule": "unclassified"}))
        elif placement.how == "column" and placement.code.startswith(f"{self._source}:cluster:"):
            hubs.append(Hub("JobCluster", placement.code, {"name": fields["job_cluster"], "rule": "column"}))
        if place is not None:
            edges.append(Edge("LOCATED_IN", "Region", region_code(place)))
            hubs += region_hubs(place)
        if employer:
            edges.append(Edge("POSTED_BY", "Employer", employer))
            hubs += self._employer(fields, employer)
        return tuple(edges), tuple(hubs)

    def _employer(self, fields: Mapping[str, str], employer: str) -> list[Hub]:
        known = industry(fields["industry"]) if "industry" in fields else None
        lines = industry_hubs(known.code) if known is not None else ()
        operates = (Edge("OPERATES_IN", "Industry", lines[0].code),) if lines else ()
        return [Hub("Employer", employer, {"name": fields["employer"]}, operates), *lines]


def _term(text: str) -> str:
    """Return a candidate term in the form in which it is counted."""
    return " ".join(text.casefold().split())[:80]


def released_by(text: str, day_first: bool | None, *, last: date) -> bool:
    """True unless a release date, where it can be read at once, lies behind ``last``."""
    try:
        found = parse_date(text, day_first=day_first)
    except InputError:
        return True
    return found is None or found <= last
