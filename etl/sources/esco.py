"""ESCO as its publisher hands it out: skill groups, skills and occupations, in any version with these files.

Skill groups of one level become capability units, skills become skills, occupations become job clusters. A skill that
the graph already holds with the same ESCO code is not written a second time: it takes part under the code it has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cypher import library
from cypher.graph import Graph
from etl.load import Builder, Loading
from etl.pipeline import Pass
from etl.records import Draft, Edge, Parcel, Strand
from etl.report import LoadReport
from etl.sources.assembled import draft, passing
from etl.sources.download import Download
from etl.targets import Edges, Nodes
from schema.errors import InputError

SOURCE = "esco"
ESSENTIAL = 0.8
OPTIONAL = 0.4
"""Levels of what an occupation asks for: ESCO says essential or optional, not how much."""

OWN = "fc:"
"""Codes of the package's vocabulary begin so."""

SKILLS = "skills_en.csv"
SKILL_TYPE = "KnowledgeSkillCompetence"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Group:
    """A skill group: its URI, label, and that of the group above it at the level of capability units."""

    uri: str
    name: str


class Esco:
    """The files of one download.

    Arguments:
        path: zip file or folder.
        level: level of the skill groups that become capability units: 1 (27 units in v1.1.1), 2 (131) or 3 (412).
    """

    def __init__(self, path: Path, *, level: int = 2) -> None:
        if level not in (1, 2, 3):
            raise InputError(f"level {level}", "1, 2 or 3", where="--group-level")
        self.download = Download(path)
        self.file = str(path)
        self.level = level

    def groups(self) -> dict[str, Group]:
        """Return each skill group's unit: the group above it at the asked level, or itself above that."""
        names = [f"Level {number}" for number in range(4)]
        columns = [f"{name} {part}" for name in names for part in ("URI", "preferred term")]
        units: dict[str, Group] = {}
        for _, row in self.download.rows("skillsHierarchy_en.csv", columns):
            chain = [Group(row[f"{name} URI"], row[f"{name} preferred term"]) for name in names if row[f"{name} URI"]]
            if chain:
                units[chain[-1].uri] = chain[min(self.level, len(chain) - 1)]
        return units

    @cached_property
    def released(self) -> frozenset[str]:
        """URIs of the skills that are in force; relations of others lead nowhere."""
        rows = self.download.rows(SKILLS, ("conceptUri", "status"))
        return frozenset(row["conceptUri"] for _, row in rows if row["status"] == RELEASED)

    def units_of(self) -> Mapping[str, tuple[Group, ...]]:
        """Return the capability units of each skill, through broader skills where no group is named."""
        groups = self.groups()
        above: dict[str, list[str]] = {}
        skills: dict[str, list[str]] = {}
        for _, row in self.download.rows(
            "broaderRelationsSkillPillar.csv", ("conceptType", "conceptUri", "broaderType", "broaderUri")
        ):
            if row["conceptType"] == SKILL_TYPE:
                target = skills if row["broaderType"] == SKILL_TYPE else above
                target.setdefault(row["conceptUri"], []).append(row["broaderUri"])

        found: dict[str, frozenset[Group]] = {}

        def units(uri: str) -> frozenset[Group]:
            if uri not in found:
                found[uri] = frozenset()  # a skill that is broader than itself says nothing
                own = frozenset(groups[each] for each in above.get(uri, ()) if each in groups)
                found[uri] = own or frozenset().union(*(units(each) for each in skills.get(uri, ())))
            return found[uri]

        return {uri: tuple(sorted(units(uri), key=lambda group: group.uri)) for uri in sorted(self.released)}

    def broader(self) -> Iterator[tuple[int, str, str]]:
        """Yield (line, narrower, broader) of skills."""
        for line, row in self.download.rows(
            "broaderRelationsSkillPillar.csv", ("conceptType", "conceptUri", "broaderType", "broaderUri")
        ):
            ends = row["conceptUri"], row["broaderUri"]
            if row["conceptType"] == row["broaderType"] == SKILL_TYPE and self.released.issuperset(ends):
                yield line, *ends


def _tail(uri: str) -> str:
    return uri.rstrip("/").rsplit("/", 1)[-1]


def _unit_code(group: Group) -> str:
    return f"{SOURCE}:{_tail(group.uri)}"


def _names(cell: str, *, but: str) -> list[str]:
    seen = {but.casefold()}
    names = []
    for name in (part.strip() for part in cell.replace("|", "\n").split("\n")):
        if name and name.casefold() not in seen:
            seen.add(name.casefold())
            names.append(name)
    return names


def _held(graph: Graph, *, replace: bool) -> dict[str, str]:
    """Return the code of each open skill of another source by its ESCO URI."""
    (record,) = graph.read(library.query("ingest/skills-by-esco"), source=SOURCE)
    pairs = zip(record["uris"], record["codes"], strict=True)
    return {uri: code for uri, code in pairs if not (replace and code.startswith(OWN))}


def builders(path: Path, *, level: int = 2, replace: bool = False) -> list[Builder]:
    """Return the passes: capability units, skills, their hierarchy, occupations.

    Arguments:
        path: zip file or folder.
        level: level of the skill groups that become capability units, 1 to 3.
        replace: take no skill of the package's vocabulary for one of ESCO; end the load with `close_own_vocabulary`.

    Raises:
        InputError: a file or a column of the download is missing.
    """
    esco = Esco(path, level=level)

    def skill_code(uri: str, held: Mapping[str, str]) -> str:
        return held.get(uri, f"{SOURCE}:{_tail(uri)}")

    def capabilities(_: Loading) -> Pass:
        def drafts() -> Iterator[Draft]:
            used = {group for groups in esco.units_of().values() for group in groups}
            for group in sorted(used, key=_unit_code):
                yield draft(Parcel(_unit_code(group), {"name": group.name}), file=esco.file)

        return passing(Nodes("Capability"), drafts)

    def skills(loading: Loading) -> Pass:
        held = _held(loading.graph, replace=replace)

        def drafts() -> Iterator[Draft]:
            units = esco.units_of()
            for line, row in esco.download.rows(
                SKILLS, ("conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "description", "status")
            ):
                uri = row["conceptUri"]
                if uri in held or row["status"] != RELEASED:
                    continue
                groups = units.get(uri, ())
                edges = tuple(
                    Edge("MAPS_TO", "Capability", _unit_code(group), {"weight": 1.0 / len(groups)}) for group in groups
                )
                name = row["preferredLabel"]
                properties = {
                    "name": name,
                    "aliasesEn": _names(f"{row['altLabels']}\n{row['hiddenLabels']}", but=name),
                    "description": row["description"],
                    "esco": uri,
                }
                yield draft(Parcel(skill_code(uri, held), properties, edges), file=esco.file, line=line)

        return passing(Nodes("Skill", ("MAPS_TO",)), drafts)

    def hierarchy(loading: Loading) -> Pass:
        held = _held(loading.graph, replace=replace)

        def drafts() -> Iterator[Draft]:
            for line, narrow, broad in esco.broader():
                if not (narrow in held and broad in held):
                    strand = Strand(skill_code(narrow, held), skill_code(broad, held))
                    yield draft(strand, file=esco.file, line=line)

        return passing(Edges("BROADER", "Skill", "Skill"), drafts, title="BROADER of skills")

    def occupations(loading: Loading) -> Pass:
        held = _held(loading.graph, replace=replace)

        def drafts() -> Iterator[Draft]:
            wanted: dict[str, dict[str, Edge]] = {}
            for _, row in esco.download.rows(
                "occupationSkillRelations.csv", ("occupationUri", "relationType", "skillUri")
            ):
                if row["skillUri"] not in esco.released:
                    continue
                essential = row["relationType"] == "essential"
                level = ESSENTIAL if essential else OPTIONAL
                end = skill_code(row["skillUri"], held)
                edges = wanted.setdefault(row["occupationUri"], {})
                if essential or end not in edges:
                    edges[end] = Edge("TYPICALLY_REQUIRES", "Skill", end, {"level": level, "essential": essential})
            for line, row in esco.download.rows(
                "occupations_en.csv",
                ("conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status", "description", "code"),
            ):
                if row["status"] != RELEASED:
                    continue
                name = row["preferredLabel"]
                properties: dict[str, Any] = {
                    "name": name,
                    "aliasesEn": _names(row["altLabels"], but=name),
                    "description": row["description"],
                    "iscoCode": row["iscoGroup"],
                    "rule": "occupation",
                }
                edges = wanted.get(row["conceptUri"], {})
                parcel = Parcel(f"{SOURCE}:{row['code']}", properties, tuple(edges.values()))
                yield draft(parcel, file=esco.file, line=line)

        return passing(Nodes("JobCluster", ("TYPICALLY_REQUIRES",)), drafts)

    return [capabilities, skills, hierarchy, occupations]


def close_own_vocabulary(loading: Loading, report: LoadReport) -> None:
    """Close the skills and capability units of the package, once ESCO stands in their place."""
    del report  # what is closed is no row of ESCO
    loading.graph.write(library.query("ingest/close-own-vocabulary"), at=loading.at)
