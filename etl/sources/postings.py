"""Job postings: CSV, TSV, JSON, Parquet with a column mapping, or schema.org JobPosting as it is.

A posting has the code `<source>:<its own code>`; without one of its own, a code made of title, employer, place and day
of release. What a row becomes depends on its fields, the mapping, the skills and clusters in the graph and the rules of
reading; all of these are in its digest, so that a row is read again exactly where one of them has changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from itertools import islice
from os import PathLike
from pathlib import Path

import orjson

from cypher import library
from cypher.graph import Graph
from etl import clusters
from etl.clusters import Occupation
from etl.directory import Directory
from etl.load import Builder, Loading
from etl.mapping import FIELDS, ColumnMapping
from etl.mentions import Term
from etl.mentions.reader import RULES as READING_RULES
from etl.pipeline import Pass, Transform
from etl.posting import RULES, Payload, PostingFactory, released_by
from etl.records import Draft, Held, HeldDraft, digest
from etl.rows import BadRow, Row, read
from etl.screening import Screening, last_release
from etl.targets import Nodes
from schema.errors import InputError, JobError
from schema.ids import code, slug

TARGET = Nodes("Job", ("IN_CLUSTER", "REQUIRES", "POSTED_BY", "LOCATED_IN"))
TITLE = TARGET.title
_UNNAMED = ("title", "employer", "location", "released_on")
"""Fields that make the code of a posting without one of its own."""

_NAMING = ("code", *_UNNAMED)
_LOOK = 100
"""Rows whose columns are looked at before the first is read."""

_STRICT = (".csv", ".tsv", ".txt", ".tab", ".parquet", ".pq")


def builders(
    path: str | PathLike[str],
    *,
    mapping: ColumnMapping | None = None,
    full: bool | None = None,
    hold_expired: bool | None = None,
) -> list[Builder]:
    """Return the pass that loads a file of postings, for `etl.load.load`.

    Arguments:
        path: the file.
        mapping: names of its columns and what it leaves unsaid; None recognises the usual names.
        full: the file is all that the source has; None for what the mapping says.
        hold_expired: hold back what closed before the instant of the load; None for what the mapping says.

    Raises:
        InputError: when the pass is built or runs: the file is missing, broken, or has no column that is known.
        JobError: when the pass is built: the graph has no skills to look for.
    """
    given = mapping or ColumnMapping()
    given = replace(
        given,
        full_export=given.full_export if full is None else full,
        hold_expired=given.hold_expired if hold_expired is None else hold_expired,
    )
    return [partial(_build, Path(path), given)]


def _build(path: Path, mapping: ColumnMapping, loading: Loading) -> Pass:
    each = Reading(loading.graph, settled(path, mapping), source=loading.source, at=loading.at)
    drafts = partial(each.drafts, path)
    return Pass(
        target=TARGET,
        drafts=drafts,
        transform=each.factory,
        screen=partial(each.screening, path),
        full=mapping.full_export,
        heavy=True,
    )


def settled(path: Path, mapping: ColumnMapping) -> ColumnMapping:
    """Return the mapping with the columns of a file. Errors: InputError, as `builders`."""
    names: dict[str, None] = {}
    for row in islice(read(path, format=mapping.format, encoding=mapping.encoding), _LOOK):
        if isinstance(row, Row):
            names.update(dict.fromkeys(row.cells))
    if not names:
        return mapping
    strict = mapping.format in ("csv", "tsv", "parquet") or (
        mapping.format is None and path.name.lower().removesuffix(".gz").endswith(_STRICT)
    )
    return mapping.bound(names, where=str(path), strict=strict)


def skill_terms(graph: Graph) -> tuple[Term, ...]:
    """Return all names of the skills in the graph. The first name in a language is the preferred one."""
    (record,) = graph.read(library.query("ingest/skill-names"))
    terms: list[Term] = []
    for skill, name, english, chinese in zip(*record.values(), strict=True):
        names = [name, *english, *chinese]
        for alias in dict.fromkeys(each.strip() for each in names):
            if alias:
                language = "en" if alias.isascii() or alias in english else "zh"
                preferred = alias == name or bool(chinese and alias == chinese[0])
                terms.append(Term(skill, alias, language, preferred))
    return tuple(terms)


def occupations(graph: Graph) -> tuple[Occupation, ...]:
    """Return the job clusters in the graph that a title may lead to."""
    (record,) = graph.read(library.query("ingest/occupations"))
    return tuple(
        Occupation(own, name, tuple(aliases), isco, onet)
        for own, name, aliases, isco, onet in zip(*record.values(), strict=True)
    )


class Employers:
    """Codes of employers by name: one that the graph holds, else one made from the name.

    Arguments:
        graph: where to look.
        source: name of the source.
    """

    def __init__(self, graph: Graph, source: str) -> None:
        self._directory = Directory(graph, "Employer", source=source)
        self._source = source
        self._met: dict[str, str] = {"": ""}

    def code(self, name: str) -> str:
        """Return the code of an employer, or an empty string where there is no name."""
        if name not in self._met:
            self._met[name] = self._find(name)
        return self._met[name]

    def _find(self, name: str) -> str:
        try:
            return self._directory.find(name)
        except InputError:
            word = slug(name)
            return code(self._source, word) if word else ""


@dataclass
class Reading:
    """All that reading the postings of one load needs: what the graph knows, read once.

    Arguments:
        graph: the graph as it is before the load.
        mapping: with settled columns.
        source: name of the source.
        at: the instant of the load.

    Raises:
        JobError: the graph has no skills.
    """

    graph: Graph
    mapping: ColumnMapping
    source: str
    at: datetime
    factory: PostingFactory = field(init=False)

    def __post_init__(self) -> None:
        terms = skill_terms(self.graph)
        if not terms:
            raise JobError("no skill is in the graph", "the vocabulary to be loaded before postings")
        found = occupations(self.graph)
        names = clusters.fingerprint(found, self.mapping.occupations)
        words = digest(READING_RULES, *("\x1e".join((*term[:3], str(term.preferred))) for term in terms))
        self._salt = digest(RULES, words, names, self.mapping.fingerprint)
        self._employers = Employers(self.graph, self.source)
        self._last = last_release(self.at)
        self._settings = orjson.dumps(self.mapping.as_json()).decode()
        columns = {name: self.mapping.column(name) for name in FIELDS}
        self.factory = PostingFactory(self.source, self.mapping, terms, found, self.at, columns)

    @cached_property
    def transform(self) -> Transform:
        """The transform in this process."""
        return self.factory()

    def drafts(self, path: Path) -> Iterator[Draft | HeldDraft]:
        """Yield the drafts of a file, from the first row."""
        for row in read(path, format=self.mapping.format, encoding=self.mapping.encoding):
            yield self.draft(row)

    def draft(self, row: Row | BadRow) -> Draft | HeldDraft:
        """Return the draft of one row."""
        if isinstance(row, BadRow):
            held = Held(row.reason, "unreadable", column=row.column)
            name = f"{Path(row.file).name}:{row.line}"
            text = row.raw.decode(errors="replace")
            return HeldDraft(name, held, digest(row.raw), row.file, row.line, text, anonymous=True)
        return self.draft_of(self.mapping.pick(row.cells), file=row.file, line=row.line)

    def draft_of(self, fields: dict[str, str], *, file: str, line: int) -> Draft:
        """Return the draft of the fields of one row."""
        text = orjson.dumps(fields)
        employer = self._employers.code(fields.get("employer", ""))
        # A day that lies too far ahead comes nearer: the row is judged again once it has come.
        ripe = released_by(fields.get("released_on", ""), self.mapping.day_first, last=self._last)
        value = digest(self._salt, text, employer, "" if ripe else "too early")
        row = f'{{"fields":{text.decode()},"mapping":{self._settings}}}'
        key = self.key(fields)
        return Draft(key, value, Payload(key, fields, employer), file, line, row)

    def key(self, fields: dict[str, str]) -> str:
        """Return the unified code of a posting."""
        own = fields.get("code")
        if own is None:
            parts = (fields.get(name, "") for name in _UNNAMED)
            own = f"posting-{digest(*parts)}"
        return own if own.startswith(f"{self.source}:") else code(self.source, own)

    def screening(self, path: Path) -> Screening:
        """Return what judges the rows of a file."""
        return Screening(
            self.graph,
            source=self.source,
            at=self.at,
            threshold=self.mapping.near_duplicate,
            hold_expired=self.mapping.hold_expired,
            title=TITLE,
            columns=self.factory.columns,
            in_file=partial(self._codes, path) if self.mapping.full_export else None,
        )

    def _codes(self, path: Path) -> Iterator[str]:
        mapping = self.mapping.limited(_NAMING)
        rows = read(path, format=self.mapping.format, encoding=self.mapping.encoding)
        return (self.key(mapping.pick(row.cells)) for row in rows if isinstance(row, Row))
