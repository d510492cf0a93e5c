"""An institution's own skills: synonyms merged, clashes refused, ours replaced."""

from tests.etl.sources.tables.conftest import Institution, counts

HEADER = "code,name,zh,aliases_en,aliases_zh,capabilities,broader,esco\n"
NAMES = "MATCH (s:Skill {code: $code}) RETURN s.aliasesEn, s.aliasesZh"


def test_a_synonym_adds_its_names_to_the_skill_that_is_there(institution: Institution) -> None:
    """Catches "Python development" becoming a second skill beside Python, and names lost by loading ours again."""
    text = HEADER + "py,Python development,,snake scripting,蟒蛇编程,,,\n"
    assert counts(institution.load("skills", text)) == [(0, 1, 0, 0, 0), (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)]
    assert institution.rows("MATCH (s:Skill {source: 'uni'}) RETURN s.code") == []
    ((english, chinese),) = institution.rows(NAMES, code="fc:python")
    assert "snake scripting" in english
    assert english.count("Python development") == 1
    assert chinese[0] == "Python"
    assert "蟒蛇编程" in chinese
    assert institution.vocabulary().nothing_changed
    assert institution.load("skills", text).nothing_changed
    assert institution.rows(NAMES, code="fc:python") == [(english, chinese)]


def test_own_code_and_any_name_of_a_merged_skill_can_be_referred_to(institution: Institution) -> None:
    """Catches a course that names the institution's own code of a merged skill and is held back for it."""
    institution.load("skills", HEADER + "py,Python development,,snake scripting,,,,\n")
    rows = "A,course,One,py:0.5\nB,course,Two,Snake Scripting\nC,course,Three,数据清洗\n"
    assert institution.load("resources", "code,kind,name,skills\n" + rows).held_back == 0
    assert institution.rows("MATCH (r)-[t:TEACHES]->(s) RETURN r.code, s.code, t.level") == [
        ("uni:A", "fc:python", 0.5),
        ("uni:B", "fc:python", 1.0),
        ("uni:C", "fc:data-cleaning", 1.0),
    ]


def test_a_name_for_two_skills_is_refused_with_both_named(institution: Institution) -> None:
    """Catches a text that would be read as either of two skills; the other rows must still go in."""
    rows = [
        "a,Campus tooling,,SQL,,data-platforms,,",
        "b,Lab tooling,,zebra handling,,data-platforms,,",
        "c,Shop tooling,,Zebra  Handling,,data-platforms,,",
        "d,SQL,数据清洗,,,,,",
        "e,Python development,,data cleaning,,,,",
    ]
    report = institution.load("skills", HEADER + "\n".join(rows))
    assert counts(report)[1] == (1, 0, 0, 4, 0)
    reasons = {held[0]: (held[1], held[2]) for held in institution.held()}
    assert reasons[2][0] == "aliases_en"
    assert "skill fc:sql (SQL) and skill uni:a (Campus tooling)" in reasons[2][1]
    assert "skill uni:b (Lab tooling) and skill uni:c (Shop tooling)" in reasons[4][1]
    assert "fc:sql (SQL) and skill fc:data-cleaning (Data cleaning)" in reasons[5][1]
    assert "skill fc:data-cleaning (Data cleaning) and skill fc:python (Python)" in reasons[6][1]
    assert institution.rows("MATCH (s:Skill {source: 'uni'}) RETURN s.code") == [("uni:b",)]
    # A second file may not take a name of the first either.
    institution.load("skills", HEADER + "f,Zebra handling,,,,data-platforms,,\n")
    assert any("skill uni:b" in held[2] and "skill uni:f (Zebra handling)" in held[2] for held in institution.held())
    assert institution.rows("MATCH (s:Skill {source: 'uni'}) RETURN s.code") == [("uni:b",)]


def test_capability_weights_are_shares_of_the_skill(institution: Institution) -> None:
    """Catches weights that do not sum to 1, and a skill without any capability unit."""
    rows = [
        "a,Alpha tooling,,,,data-platforms:0.25; 数据处理与清洗:0.75,,",
        "b,Beta tooling,,,,data-platforms; Data processing and cleaning,,",
        "c,Gamma tooling,,,,,Alpha tooling; sql,",
        "d,Delta tooling,,,,,sql,",
        "e,Epsilon tooling,,,,data-platforms:0.9,,",
        "f,Zeta tooling,,,,no such unit,,",
        "g,Eta tooling,,,,,,",
    ]
    institution.load("skills", HEADER + "\n".join(rows))
    units = institution.rows("MATCH (s {source: 'uni'})-[m:MAPS_TO]->(u) RETURN s.code, u.code, m.weight")
    assert units == [
        ("uni:a", "fc:data-platforms", 0.25),
        ("uni:a", "fc:data-processing-and-cleaning", 0.75),
        ("uni:b", "fc:data-platforms", 0.5),
        ("uni:b", "fc:data-processing-and-cleaning", 0.5),
        ("uni:d", "fc:data-platforms", 0.7),
        ("uni:d", "fc:data-processing-and-cleaning", 0.3),
    ]
    assert {held[:2] for held in institution.held()} == {(line, "capabilities") for line in (4, 6, 7, 8)}


def test_a_full_list_takes_back_what_it_no_longer_says(institution: Institution) -> None:
    """Catches names of a removed synonym that stay, and a removed skill that stays open."""
    before = institution.rows(NAMES, code="fc:python")
    own = "lab,Lab tooling,,,,data-platforms,sql,\n"
    institution.load("skills", HEADER + own + "py,Python development,,snake scripting,,,,\n", full=True)
    report = institution.load("skills", HEADER + own, full=True)
    assert counts(report) == [(0, 0, 0, 0, 1), (0, 0, 1, 0, 0), (0, 0, 1, 0, 0)]
    assert institution.rows(NAMES, code="fc:python") == before
    assert institution.vocabulary().nothing_changed
    institution.load("skills", HEADER + "other,Other tooling,,,,data-platforms,,\n", full=True)
    query = "MATCH (s:Skill {source: 'uni'}) RETURN s.code, s.closedAt IS NULL"
    assert institution.rows(query) == [("uni:lab", False), ("uni:other", True)]
    assert institution.rows("MATCH (:Skill {code: 'uni:lab'})-[e:BROADER]->() RETURN e.closedAt IS NULL") == [(False,)]


def test_a_list_that_replaces_stands_for_itself(institution: Institution) -> None:
    """Catches a replaced vocabulary whose skills stay open, and a list that may not bring its own capability units."""
    rows = "a,Python,,py,,Programming craft:0.6; data-platforms:0.4,,\nb,Django,,,,Programming craft,a,\n"
    report = institution.load("skills", HEADER + rows, mode="replace")
    assert report.held_back == 0
    assert institution.rows("MATCH (s:Skill) WHERE s.closedAt IS NULL RETURN s.code") == [("uni:a",), ("uni:b",)]
    units = institution.rows("MATCH (s {source: 'uni'})-[:MAPS_TO]->(u) RETURN s.code, u.code")
    assert units == [
        ("uni:a", "fc:data-platforms"),
        ("uni:a", "uni:programming-craft"),
        ("uni:b", "uni:programming-craft"),
    ]
    assert institution.rows("MATCH (a {source: 'uni'})-[:BROADER]->(b) RETURN a.code, b.code") == [("uni:b", "uni:a")]
    assert institution.load("skills", HEADER + rows, mode="replace").nothing_changed
