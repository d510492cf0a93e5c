"""O*NET as its publisher hands it out: occupations with alternate titles, and the technology that they use.

Occupations become job clusters. A technology becomes a required skill where the vocabulary in the graph knows its name;
an occupation that has a title in common with another standard's is linked to it, and so reaches that standard's skills.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from cypher import library
from cypher.graph import Graph
from etl.load import Builder, Loading
from etl.pipeline import Pass
from etl.records import Draft, Edge, Parcel, Strand
from etl.sources.assembled import draft, passing
from etl.sources.download import Download
from etl.targets import Edges, Nodes
from schema.vocabulary import normalise

SOURCE = "onet"
CODE = "O*NET-SOC Code"

IN_DEMAND = 0.7
HOT = 0.5
PLAIN = 0.3
"""Levels of technology skills: O*NET flags them as in demand or hot, and says no more."""

NAME_TO_NAME = 1.0
NAME_TO_ALIAS = 0.8
ALIAS_TO_ALIAS = 0.3
"""What one common title says for two occupations being the same; several add up, to 1 at most."""
ENOUGH = 0.6
MOST = 3

_PLURAL = re.compile(r"(?<=[a-z]{3})s\b(?<!ss)")
_BRACKETS = re.compile(r"\s*\([^)]*\)")


def title_key(title: str) -> str:
    """Return a title as it is compared: lower case, without brackets and plural endings.

    >>> title_key("Chief Executives (CEOs)")
    'chief executive'
    """
    return _PLURAL.sub("", _bare(title))


def technology_forms(name: str) -> list[str]:
    """Return the forms of a technology's name, the fullest first: as it is, without "software", without the vendor.

    >>> technology_forms("Microsoft Office software")
    ['microsoft office software', 'microsoft office', 'office']
    >>> technology_forms("Autodesk AutoCAD")
    ['autodesk autocad', 'autocad']
    """
    whole = normalise(name)
    bare = whole.removesuffix(" software")
    _, _, product = bare.partition(" ")
    # What is left of "Objective C" is another language.
    return list(dict.fromkeys((whole, bare, product) if len(product) > 2 else (whole, bare)))


def builders(path: Path) -> list[Builder]:
    """Return the passes: occupations, then their links to other standards.

    Raises:
        InputError: a file or a column of the download is missing.
    """
    download = Download(path, delimiter="\t")
    file = str(path)

    def titles() -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for _, row in download.rows("Alternate Titles.txt", (CODE, "Alternate Title", "Short Title")):
            for title in (row["Alternate Title"], row["Short Title"]):
                if title and title != "n/a" and title not in found[row[CODE]]:
                    found[row[CODE]].append(title)
        return found

    def occupations(loading: Loading) -> Pass:
        skills = _skills(loading.graph)

        def drafts() -> Iterator[Draft]:
            alternate = titles()
            required: dict[str, dict[str, Edge]] = defaultdict(dict)
            for _, row in download.rows("Technology Skills.txt", (CODE, "Example", "Hot Technology", "In Demand")):
                skill = next((skills[form] for form in technology_forms(row["Example"]) if form in skills), None)
                if skill is None:
                    continue
                level = IN_DEMAND if row["In Demand"] == "Y" else HOT if row["Hot Technology"] == "Y" else PLAIN
                before = required[row[CODE]].get(skill)
                if before is None or before.properties["level"] < level:
                    edge = Edge("TYPICALLY_REQUIRES", "Skill", skill, {"level": level, "essential": False})
                    required[row[CODE]][skill] = edge
            for line, row in download.rows("Occupation Data.txt", (CODE, "Title", "Description")):
                properties = {
                    "name": row["Title"],
                    "aliasesEn": [title for title in alternate[row[CODE]] if title != row["Title"]],
                    "description": row["Description"],
                    "onetCode": row[CODE],
                    "rule": "occupation",
                }
                edges = tuple(required[row[CODE]].values())
                yield draft(Parcel(f"{SOURCE}:{row[CODE]}", properties, edges), file=file, line=line)

        return passing(Nodes("JobCluster", ("TYPICALLY_REQUIRES",)), drafts)

    def links(loading: Loading) -> Pass:
        others = _Titles(loading.graph)

        def drafts() -> Iterator[Draft]:
            alternate = titles()
            for line, row in download.rows("Occupation Data.txt", (CODE, "Title")):
                for end, score in others.same(row["Title"], alternate[row[CODE]]):
                    strand = Strand(f"{SOURCE}:{row[CODE]}", end, {"score": score})
                    yield draft(strand, file=file, line=line)

        return passing(Edges("SAME_AS", "JobCluster", "JobCluster"), drafts, title="SAME_AS of occupations")

    return [occupations, links]


def _skills(graph: Graph) -> dict[str, str]:
    """Return the code of each open skill by its normalised names.

    A preferred name goes before an alias, and the first code keeps a name that several have.
    """
    (record,) = graph.read(library.query("ingest/skill-names"))
    skills = list(zip(*record.values(), strict=True))
    names = [(code, name) for code, name, _, _ in skills]
    aliases = [(code, alias) for code, _, english, chinese in skills for alias in (*english, *chinese)]
    codes: dict[str, str] = {}
    for pairs in (names, aliases):
        # ESCO writes "Python (computer programming)"; technology lists write "Python".
        for form in (normalise, _bare):
            for code, name in pairs:
                codes.setdefault(form(name), code)
    codes.pop("", None)
    return codes


def _bare(name: str) -> str:
    return normalise(_BRACKETS.sub("", name))


class _Titles:
    """The job clusters of other sources by the titles that they go by."""

    def __init__(self, graph: Graph) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)
        self._aliases: dict[str, list[str]] = defaultdict(list)
        for record in graph.read(library.query("ingest/cluster-titles"), source=SOURCE):
            self._names[title_key(record["name"])].append(record["code"])
            for key in {title_key(alias) for alias in record["aliases"]}:
                self._aliases[key].append(record["code"])

    def same(self, name: str, aliases: list[str]) -> list[tuple[str, float]]:
        """Return (code, score) of the clusters that share enough titles, best first."""
        scores: dict[str, float] = defaultdict(float)
        key = title_key(name)
        for code in self._names.get(key, ()):
            scores[code] += NAME_TO_NAME
        for code in self._aliases.get(key, ()):
            scores[code] += NAME_TO_ALIAS
        # A title that is all brackets has no key.
        for alias in {title_key(each) for each in aliases} - {key, ""}:
            for code in self._names.get(alias, ()):
                scores[code] += NAME_TO_ALIAS
            for code in self._aliases.get(alias, ()):
                scores[code] += ALIAS_TO_ALIAS
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return [(code, round(min(1.0, score), 6)) for code, score in ranked[:MOST] if score >= ENOUGH]
