"""ESCO: a drawn download on the real server, and the real one without."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from etl.sources import esco, vocabulary
from etl.sources.esco import ESSENTIAL, OPTIONAL, Esco
from schema.errors import InputError
from schema.vocabulary import VOCABULARY
from tests.etl.sources.drawn import bring, counts, edges, nodes, table, text, zipped

BASE = "http://data.europa.eu/esco/"
PYTHON = f"{BASE}skill/{VOCABULARY.skills['python'].esco}"
GROUP, SKILL = "SkillGroup", "KnowledgeSkillCompetence"
# Skill groups: URI, label, and the labels above it.
HIERARCHY = (("S", ()), ("L", ()), ("S5", ("S",)), ("S5.6", ("S", "S5")), ("S5.6.1", ("S", "S5", "S5.6")))
# Skill: label, alternative labels, hidden labels, status, broader groups, broader skills.
SKILLS: dict[str, tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]] = {
    PYTHON: ("Python (computer programming)", "Python 3", "", "released", ("S5.6.1",), ()),
    "django": ("Django", "", "", "released", (), (PYTHON,)),
    "shout": ("PYTHON (COMPUTER PROGRAMMING)", "", "", "released", ("S5.6",), ("old",)),
    "french": ("French", "", "", "released", ("L",), ()),
    "report": ("Report", "reports\nREPORTS | Report", "raport\n\nreports", "released", ("S5.6.1", "L"), ()),
    "old": ("punch cards", "", "", "obsolete", ("S5.6.1",), (PYTHON,)),
    "egg": ("egg", "", "", "released", (), ("hen",)),
    "hen": ("hen", "", "", "released", (), ("egg",)),
}
OCCUPATIONS = {
    "2512.4": ("software developer", "programmer\nSoftware Developer\nprogrammer", "released"),
    "2633.1": ("philosopher", "", "released"),
    "9999.1": ("knocker-up", "", "obsolete"),
}
RELATIONS = (
    ("2512.4", "essential", PYTHON),
    ("2512.4", "optional", "django"),
    ("2512.4", "essential", "report"),
    ("2512.4", "optional", "report"),
    ("2512.4", "optional", "old"),
    ("9999.1", "essential", "french"),
)


def uri(name: str) -> str:
    """The URI of a drawn thing."""
    return name if name.startswith("http") else f"{BASE}skill/{name}"


def download(path: Path, *, skills: Mapping[str, Any] = SKILLS, relations: Any = RELATIONS, without: str = "") -> Path:
    """The publisher's zip file, with the columns that are read and some that are not."""
    levels = [
        {
            **{f"Level {n} URI": "" for n in range(4)},
            **{f"Level {n} preferred term": "" for n in range(4)},
            **{
                key: value
                for n, each in enumerate((*above, name))
                for key, value in ((f"Level {n} URI", uri(each)), (f"Level {n} preferred term", f"group {each}"))
            },
            "Description": "",
        }
        for name, above in HIERARCHY
    ]
    broader = [{"conceptType": GROUP, "conceptUri": uri("S5"), "broaderType": GROUP, "broaderUri": uri("S")}]
    for name, (*_, groups, above) in skills.items():
        ends = [(GROUP, each) for each in groups] + [(SKILL, each) for each in above]
        broader += [
            {"conceptType": SKILL, "conceptUri": uri(name), "broaderType": kind, "broaderUri": uri(each)}
            for kind, each in ends
        ]
    members = {
        "skillsHierarchy_en.csv": levels,
        "broaderRelationsSkillPillar.csv": broader,
        "skills_en.csv": [
            {
                "conceptType": SKILL,
                "conceptUri": uri(name),
                "preferredLabel": label,
                "altLabels": others,
                "hiddenLabels": hidden,
                "status": status,
                "description": f"about {label}",
            }
            for name, (label, others, hidden, status, _, _) in skills.items()
        ],
        "occupations_en.csv": [
            {
                "conceptType": "Occupation",
                "conceptUri": f"{BASE}occupation/{code}",
                "iscoGroup": code.partition(".")[0],
                "preferredLabel": label,
                "altLabels": others,
                "status": status,
                "description": f"about {label}",
                "code": code,
            }
            for code, (label, others, status) in OCCUPATIONS.items()
        ],
        "occupationSkillRelations.csv": [
            {"occupationUri": f"{BASE}occupation/{code}", "relationType": kind, "skillUri": uri(skill)}
            for code, kind, skill in relations
        ],
    }
    return zipped(path, {f"ESCO/{name}": text(rows) for name, rows in members.items() if name != without})


def load(graph, path, *, replace=False):
    """Load as `fullcycle load esco` does."""
    after = (esco.close_own_vocabulary,) if replace else ()
    return bring(graph, esco.builders(path, replace=replace), source="esco", after=after)


def code(name: str) -> str:
    """The code of a drawn skill or group."""
    return f"esco:{name.rpartition('/')[2]}"


def test_each_thing_arrives_once_with_its_neighbours(bare_graph, tmp_path):
    """Catches a skill without unit whose only parent is a skill, a unit above the level that gets lost, an obsolete
    concept, aliases told apart by case alone, and an optional relation that weakens an essential one."""
    load(bare_graph, download(tmp_path / "esco.zip"))
    python = code(PYTHON)
    names = "MATCH (n:Skill|Capability|JobCluster) RETURN labels(n)[0], n.code, n.name, n.aliasesEn, n.esco, n.iscoCode"
    assert table(bare_graph, names) == [
        ("Capability", "esco:L", "group L", None, None, None),
        ("Capability", "esco:S5.6", "group S5.6", None, None, None),
        ("JobCluster", "esco:2512.4", "software developer", ["programmer"], None, "2512"),
        ("JobCluster", "esco:2633.1", "philosopher", [], None, "2633"),
        ("Skill", python, "Python (computer programming)", ["Python 3"], PYTHON, None),
        ("Skill", "esco:django", "Django", [], uri("django"), None),
        ("Skill", "esco:egg", "egg", [], uri("egg"), None),
        ("Skill", "esco:french", "French", [], uri("french"), None),
        ("Skill", "esco:hen", "hen", [], uri("hen"), None),
        ("Skill", "esco:report", "Report", ["reports", "raport"], uri("report"), None),
        ("Skill", "esco:shout", "PYTHON (COMPUTER PROGRAMMING)", [], uri("shout"), None),
    ]
    mapped = "MATCH (s)-[edge:MAPS_TO]->(c) RETURN s.code, c.code, edge.weight"
    assert table(bare_graph, mapped) == [
        (python, "esco:S5.6", 1.0),
        ("esco:django", "esco:S5.6", 1.0),
        ("esco:french", "esco:L", 1.0),
        ("esco:report", "esco:L", 0.5),
        ("esco:report", "esco:S5.6", 0.5),
        ("esco:shout", "esco:S5.6", 1.0),
    ]
    assert edges(bare_graph, "BROADER") == [
        ("esco:django", "BROADER", python),
        ("esco:egg", "BROADER", "esco:hen"),
        ("esco:hen", "BROADER", "esco:egg"),
    ]
    wanted = "MATCH (j)-[edge:TYPICALLY_REQUIRES]->(s) RETURN j.code, s.code, edge.level, edge.essential"
    assert table(bare_graph, wanted) == [
        ("esco:2512.4", python, ESSENTIAL, True),
        ("esco:2512.4", "esco:django", OPTIONAL, False),
        ("esco:2512.4", "esco:report", ESSENTIAL, True),
    ]


@pytest.mark.parametrize(("level", "unit"), [(1, "S5"), (2, "S5.6"), (3, "S5.6.1")])
def test_level_of_the_units(tmp_path, level, unit):
    """Catches a level that is off by one, and a group above it that is lost."""
    units = Esco(download(tmp_path / "esco.zip"), level=level).units_of()
    assert [each.name for each in units[uri("report")]] == ["group L", f"group {unit}"]
    assert [each.name for each in units[uri("django")]] == [f"group {unit}"]
    assert units[uri("egg")] == ()
    with pytest.raises(InputError, match="expected 1, 2 or 3"):
        Esco(tmp_path / "esco.zip", level=4)


def test_same_download_changes_nothing_and_a_newer_one_closes(bare_graph, tmp_path):
    """Catches edges to obsolete skills that count as new for ever, and what a newer edition leaves open."""
    path = download(tmp_path / "esco.zip")
    assert counts(load(bare_graph, path)) == [(2, 0, 0, 0, 0), (7, 0, 0, 0, 0), (3, 0, 0, 0, 0), (2, 0, 0, 0, 0)]
    assert load(bare_graph, path).nothing_changed
    newer = {name: each for name, each in SKILLS.items() if name not in ("french", "egg")}
    newer["report"] = ("Report writing", "", "", "released", ("S5.6.1",), ())
    report = load(bare_graph, download(tmp_path / "newer.zip", skills=newer, relations=RELATIONS[:1]))
    assert counts(report) == [(0, 0, 1, 0, 1), (0, 1, 4, 0, 2), (0, 0, 1, 0, 2), (0, 1, 1, 0, 0)]
    assert nodes(bare_graph, "Skill") == {code(each) for each in (PYTHON, "django", "shout", "report", "hen")}
    assert nodes(bare_graph, "Capability") == {"esco:S5.6"}
    assert edges(bare_graph, "TYPICALLY_REQUIRES") == [("esco:2512.4", "TYPICALLY_REQUIRES", code(PYTHON))]
    report = load(bare_graph, path)
    assert counts(report) == [(0, 1, 1, 0, 0), (0, 3, 4, 0, 0), (0, 2, 1, 0, 0), (0, 1, 1, 0, 0)]
    assert nodes(bare_graph, "Skill") >= {"esco:french", "esco:egg"}
    assert len(edges(bare_graph, "TYPICALLY_REQUIRES")) == 3


def test_our_vocabulary_is_extended_and_then_replaced(bare_graph, tmp_path):
    """Catches a skill that stands twice, edges that lead to the closed one of the two, and a wrong path that closes
    our vocabulary before it is noticed."""
    bring(bare_graph, vocabulary.builders(), source="fc")
    path = download(tmp_path / "esco.zip")
    load(bare_graph, path)
    own, theirs = "fc:python", code(PYTHON)
    assert own in nodes(bare_graph, "Skill") and theirs not in nodes(bare_graph, "Skill")
    assert ("esco:2512.4", "TYPICALLY_REQUIRES", own) in edges(bare_graph, "TYPICALLY_REQUIRES")
    assert ("esco:django", "BROADER", own) in edges(bare_graph, "BROADER")
    assert table(bare_graph, "MATCH (s:Skill {code: 'fc:python'}) RETURN s.source, s.name") == [("fc", "Python")]

    for wrong in (tmp_path / "nothing.zip", download(tmp_path / "part.zip", without="occupations_en.csv")):
        with pytest.raises(InputError):
            load(bare_graph, wrong, replace=True)
        assert len([each for each in nodes(bare_graph, "Skill") if each.startswith("fc:")]) == len(VOCABULARY.skills)

    load(bare_graph, path, replace=True)
    assert {each.partition(":")[0] for each in nodes(bare_graph, "Skill") | nodes(bare_graph, "Capability")} == {"esco"}
    assert edges(bare_graph, "TYPICALLY_REQUIRES") == [
        ("esco:2512.4", "TYPICALLY_REQUIRES", each) for each in sorted((theirs, "esco:django", "esco:report"))
    ]
    assert {edge for edge in edges(bare_graph, "BROADER") if edge[0].startswith("esco")} == {
        ("esco:django", "BROADER", theirs),
        ("esco:egg", "BROADER", "esco:hen"),
        ("esco:hen", "BROADER", "esco:egg"),
    }
    assert load(bare_graph, path).nothing_changed
    assert load(bare_graph, path, replace=True).nothing_changed


@pytest.mark.parametrize(
    "member",
    [
        "skillsHierarchy_en.csv",
        "broaderRelationsSkillPillar.csv",
        "skills_en.csv",
        "occupationSkillRelations.csv",
        "occupations_en.csv",
    ],
)
def test_a_missing_member_is_named(bare_graph, tmp_path, member):
    """Catches half of ESCO that is loaded without a word."""
    with pytest.raises(InputError, match=f"{member}: no such member"):
        load(bare_graph, download(tmp_path / "esco.zip", without=member))


@pytest.mark.real
def test_the_real_download(real_data):
    """Catches rows that the reader loses, and skills that reach no capability unit."""
    found = Esco(real_data / "esco-v1.1.1-en.zip")
    assert len(found.released) == 13_896
    units = found.units_of()
    assert len(units) == 13_896 and all(units.values())
    assert len({group for each in units.values() for group in each}) == 131
    assert sum(1 for _ in found.broader()) == 6_565
    assert sum(1 for _ in found.download.rows("occupations_en.csv", ("code",))) == 3_007
    relations = {
        (row["occupationUri"], row["skillUri"]) for _, row in found.download.rows("occupationSkillRelations.csv", ())
    }
    assert len(relations) == 123_855
