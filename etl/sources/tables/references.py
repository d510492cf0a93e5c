"""What a cell refers to: things of the graph by code or exact name, and shared things that are made where missing."""

import re
from dataclasses import dataclass, replace

from cypher import library
from cypher.graph import Graph
from etl.clusters import UNCLASSIFIED, ClusterIndex, Occupation
from etl.directory import Directory
from etl.hubs import industry_hubs
from etl.records import Edge, Hub
from etl.sources.tables.forms import Reference, weighted
from etl.values.industries import industry
from schema.errors import InputError
from schema.ids import code, slug
from schema.vocabulary import VOCABULARY, normalise

_UNIFIED = re.compile(r"[\w.\-]+:\S.*")


@dataclass(frozen=True, slots=True)
class Found:
    """What a cell refers to.

    Arguments:
        label: label of the thing.
        code: its unified code.
        weight: number behind the name, 0 to 1, or None.
        hubs: the thing itself and what it belongs to, where they are to be made if they are missing.
    """

    label: str
    code: str
    weight: float | None = None
    hubs: tuple[Hub, ...] = ()

    def edge(self, type_: str, **properties: object) -> Edge:
        """Return a relationship that ends there."""
        return Edge(type_, self.label, self.code, properties)


def unified(text: str, source: str) -> str:
    """Return the unified code of a thing that ``source`` calls ``text``; a code with a prefix stays.

    >>> unified("2021001", "uni"), unified("fc:python", "uni")
    ('uni:2021001', 'fc:python')
    """
    return text if _UNIFIED.fullmatch(text) else code(source, text)


def own(label: str, text: str, source: str) -> Hub:
    """Return the shared thing that a source calls ``text``: its code is made from its name.

    Raises:
        InputError: the name has neither letter nor digit.
    """
    name = slug(text)
    if not name:
        raise InputError(f"{label} {text!r}", "a name with letters")
    return Hub(label, code(source, name), {"name": text})


def industries(text: str, source: str) -> tuple[Hub, ...]:
    """Return the industry that a text names: of ISIC where it is recognised, else one of the source's own."""
    known = industry(text)
    return industry_hubs(known.code) if known is not None else (own("Industry", text, source),)


class References:
    """Looks up what cells refer to; each label is read from the graph once.

    Arguments:
        graph: where to look.
        source: the source that refers.
    """

    def __init__(self, graph: Graph, source: str) -> None:
        self._graph = graph
        self._source = source
        self._directories: dict[str, Directory] = {}
        self._skills: dict[str, str] | None = None
        self._index: ClusterIndex | None = None

    def directory(self, label: str) -> Directory:
        """Return codes and names of a label."""
        if label not in self._directories:
            self._directories[label] = Directory(self._graph, label, source=self._source)
        return self._directories[label]

    def find(self, labels: tuple[str, ...], text: str) -> Found:
        """Return the thing of the first label that holds such a code or name.

        Raises:
            InputError: none does.
        """
        for label in labels:
            try:
                return Found(label, self.directory(label).find(text))
            except InputError:
                alias = self._alias(label, text)
                if alias is not None:
                    return Found(label, alias)
        raise InputError(f"{' or '.join(labels)} {text!r}", "a code or an exact name of one in the graph")

    def _alias(self, label: str, text: str) -> str | None:
        """A skill or capability unit by any of its names; a job cluster by a title that names its occupation."""
        if label == "Skill":
            names = self.skill_names()
            # A skill that was merged into one of ours goes by its own code too.
            return names.get(normalise(text)) or names.get(normalise(unified(text, self._source)))
        if label == "JobCluster":
            placed = self._clusters().place(text)
            return None if placed.code == UNCLASSIFIED else placed.code
        if label == "Capability":
            unit = next((each.code for each in VOCABULARY.units.values() if text in (each.code, each.zh)), None)
            return code("fc", unit) if unit and code("fc", unit) in self.directory(label) else None
        return None

    def skill_names(self) -> dict[str, str]:
        """Return the code of each open skill by its normalised names; the source's own and our skills come first."""
        if self._skills is None:
            (record,) = self._graph.read(library.query("ingest/skill-names"))
            rows = sorted(zip(*record.values(), strict=True), key=lambda row: self._rank(row[0]))
            self._skills = {}
            for number in (0, 1):  # names before further names
                for skill, name, english, chinese in rows:
                    for each in ([name], [*english, *chinese])[number]:
                        self._skills.setdefault(normalise(each), skill)
        return self._skills

    def _rank(self, unified_code: str) -> tuple[int, str]:
        prefix = unified_code.partition(":")[0]
        return (0 if prefix == self._source else 1 if prefix == "fc" else 2), unified_code

    def _clusters(self) -> ClusterIndex:
        if self._index is None:
            (record,) = self._graph.read(library.query("ingest/occupations"))
            occupations = (
                Occupation(cluster, name, tuple(aliases), isco, onet)
                for cluster, name, aliases, isco, onet in zip(*record.values(), strict=True)
            )
            self._index = ClusterIndex(occupations, order=(self._source, "fc", "onet", "esco"))
        return self._index

    def shared(self, label: str, text: str) -> Found:
        """Return a shared thing, to be made where it is missing."""
        if _UNIFIED.fullmatch(text) and text in self.directory(label):
            return Found(label, text)
        hubs = industries(text, self._source) if label == "Industry" else (own(label, text, self._source),)
        return Found(label, hubs[0].code, hubs=hubs)

    def one(self, reference: Reference, text: str) -> Found:
        """Return what one entry of a cell refers to.

        Raises:
            InputError: there is nothing of the kind, or the number behind it is out of range.
        """
        if reference.shared:
            return self.shared(reference.labels[0], text)
        try:
            return self.find(reference.labels, text)
        except InputError:
            # Codes may end in a colon and digits, so the whole entry is tried first.
            name, weight = weighted(text) if reference.weighted else (text, None)
            if weight is None:
                raise
            return replace(self.find(reference.labels, name), weight=weight)

    def cell(self, reference: Reference, text: str) -> "Found | list[Found]":
        """Return what a cell refers to: a list where it may name several, each thing once.

        Raises:
            InputError: as `one`, or it names a thing twice.
        """
        if not reference.many:
            return self.one(reference, text)
        found: dict[str, Found] = {}
        for entry in reference.read(text):
            each = self.one(reference, entry)
            if each.code in found:
                raise InputError(f"{entry!r}: {each.code} for the second time", "each once")
            found[each.code] = each
        return list(found.values())
