"""The package's own vocabulary as part of the graph: capability units, skills and the cluster of what matches none.

Names that an institution adds to a skill of ours (`etl.sources.tables.skill_list`) stay when the vocabulary is loaded
again: the digest of such a skill has two parts, ours and theirs, and only ours is compared here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from cypher.graph import Graph
from etl.clusters import UNCLASSIFIED
from etl.load import Builder, Loading
from etl.pipeline import Pass, Transform
from etl.records import Draft, Edge, Outcome, Parcel, Strand, digest, edge_key
from etl.targets import Edges, Nodes, State
from schema.errors import InputError
from schema.ids import code
from schema.vocabulary import VOCABULARY, Vocabulary

SOURCE = "fc"
ESCO = "http://data.europa.eu/esco/skill/"
ADDED = "+"
"""Parts the digest of what we state of a skill from that of the names that an institution added."""


@dataclass(frozen=True, slots=True)
class PackageSkills(Nodes):
    """Skills of the package: what was added to one is no change of ours."""

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield digest and state of each skill, as far as the package states it."""
        # A dataclass with slots is rebuilt, so that super() without arguments would look at the wrong class.
        for key, value, closed in Nodes.states(self, graph, source):
            yield key, value.partition(ADDED)[0], closed


def skill_properties(slug: str, vocabulary: Vocabulary = VOCABULARY) -> dict[str, Any]:
    """Return the properties of a skill of a vocabulary; its Chinese name comes first among the Chinese ones."""
    skill = vocabulary.skills[slug]
    return {
        "name": skill.name,
        "aliasesEn": [each for each in vocabulary.names(slug, "en") if each != skill.name],
        "aliasesZh": list(vocabulary.names(slug, "zh")),
        "esco": f"{ESCO}{skill.esco}" if skill.esco else None,
        "field": _fields(vocabulary).get(slug),
    }


def skill_draft(slug: str, vocabulary: Vocabulary = VOCABULARY) -> Draft:
    """Return the draft of a skill of a vocabulary."""
    units = vocabulary.skills[slug].units
    edges = tuple(Edge("MAPS_TO", "Capability", code(SOURCE, unit), {"weight": weight}) for unit, weight in units)
    return _node(slug, skill_properties(slug, vocabulary), edges)


def builders(vocabulary: Vocabulary = VOCABULARY) -> list[Builder]:
    """Return the passes that load a vocabulary under the source `SOURCE`, for `etl.load.load`.

    Arguments:
        vocabulary: the package's, or another one whose codes then begin with ``fc:`` too.
    """
    parts = (_units, _skills, _broader, _unclassified)
    return [partial(_built, part, vocabulary) for part in parts]


def _built(part: Callable[[Vocabulary], Pass], vocabulary: Vocabulary, loading: Loading) -> Pass:
    if loading.source != SOURCE:
        raise InputError(f"source {loading.source!r} for the vocabulary", SOURCE)
    return part(vocabulary)


def _units(vocabulary: Vocabulary) -> Pass:
    def drafts() -> Iterator[Draft]:
        fields = {unit.code: field.name for field in vocabulary.fields for unit in field.units}
        for unit in vocabulary.units.values():
            yield _node(unit.code, {"name": unit.name, "aliasesZh": [unit.zh], "field": fields.get(unit.code)}, ())

    return Pass(Nodes("Capability"), drafts, _as_drafted, full=True, title="vocabulary units")


def _skills(vocabulary: Vocabulary) -> Pass:
    def drafts() -> Iterator[Draft]:
        return (skill_draft(slug, vocabulary) for slug in vocabulary.skills)

    target = PackageSkills("Skill", ("MAPS_TO",))
    return Pass(target, drafts, _as_drafted, full=True, title="vocabulary skills")


def _broader(vocabulary: Vocabulary) -> Pass:
    def drafts() -> Iterator[Draft]:
        for slug, skill in vocabulary.skills.items():
            if skill.broader is not None:
                start, end = code(SOURCE, slug), code(SOURCE, skill.broader)
                yield Draft(edge_key(start, end), digest("broader"), Strand(start, end))

    return Pass(Edges("BROADER", "Skill", "Skill"), drafts, _as_drafted, full=True, title="vocabulary broader")


@lru_cache(maxsize=2)
def _fields(vocabulary: Vocabulary) -> dict[str, str]:
    return {skill.code: field.name for field in vocabulary.fields for skill in field.skills}


def _node(slug: str, properties: dict[str, Any], edges: tuple[Edge, ...]) -> Draft:
    stated = {name: value for name, value in properties.items() if value is not None}
    unified = code(SOURCE, slug)
    return Draft(unified, digest(repr(sorted(stated.items())), repr(edges)), Parcel(unified, stated, edges))


def _unclassified(_: Vocabulary) -> Pass:
    """The cluster of postings that match no other."""
    properties = {
        "name": "Unclassified",
        "aliasesZh": ["未分类"],
        "description": "postings whose occupation is not known, and outcomes without a job",
        "rule": "unclassified",
    }
    parcel = Parcel(UNCLASSIFIED, properties)
    draft = Draft(UNCLASSIFIED, digest(repr(sorted(properties.items()))), parcel)
    return Pass(Nodes("JobCluster"), lambda: [draft], _as_drafted, title="vocabulary unclassified")


def _as_drafted() -> Transform:
    def transform(payload: Outcome) -> Outcome:
        return payload

    return transform
