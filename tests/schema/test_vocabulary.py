"""The vocabulary: what ships with the package, and the checks that any other list goes through."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import DeclarationError
from schema.vocabulary import VOCABULARY, CapabilityUnit, SkillEntry, Vocabulary, normalise

DATA = CapabilityUnit("data", "Data", "数据")
CODE = CapabilityUnit("code", "Code", "编程")


def skill(code: str, name: str, zh: str = "", **more: object) -> SkillEntry:
    return SkillEntry(code, name, zh, **{"units": (("data", 1.0),), **more})  # type: ignore[arg-type]


def build(*skills: SkillEntry, **options: object) -> Vocabulary:
    return Vocabulary((DATA, CODE), skills, **options)  # type: ignore[arg-type]


def test_shipped_vocabulary_has_the_promised_size() -> None:
    """A field module that is no longer imported would shrink the vocabulary without any error."""
    assert len(VOCABULARY.skills) >= 400
    assert len(VOCABULARY.units) >= 60
    assert len(VOCABULARY.fields) >= 12
    assert all(any(entry.esco for entry in field.skills) for field in VOCABULARY.fields)
    assert all(entry.zh for entry in VOCABULARY.skills.values())


def test_every_shipped_alias_leads_to_the_skill_that_states_it() -> None:
    """An index that keeps the last of two claims would lead a name to a skill that does not have it."""
    for slug, entry in VOCABULARY.skills.items():
        for name in (entry.name, entry.zh, *entry.en, *entry.more_zh):
            found = VOCABULARY.find(name.upper())
            assert found is not None and found.code == slug
    assert set(VOCABULARY.aliases("en")) >= {normalise(entry.name) for entry in VOCABULARY.skills.values()}


def test_alias_of_two_skills_is_refused_with_both_named() -> None:
    """An error that names one skill only would leave its reader searching for the other."""
    with pytest.raises(DeclarationError) as refused:
        build(skill("a", "Alpha", en=("Shared name",)), skill("b", "Beta", more_zh=("ｓｈａｒｅｄ  NAME",)))
    assert "'a' (Alpha)" in str(refused.value)
    assert "'b' (Beta)" in str(refused.value)


def test_dropped_alias_stays_with_the_skill_whose_preferred_name_it_is() -> None:
    """First come, first served would push a skill from its own name when another lists it as an alias."""
    held = build(skill("a", "Alpha", en=("Beta",)), skill("b", "Beta"), clash="drop")
    found = held.find("beta")
    assert found is not None and found.code == "b"
    assert [(r.alias, r.kept, r.refused) for r in held.refusals] == [("beta", "b", "a")]
    assert held.names("a", "en") == ("Alpha",)


@pytest.mark.parametrize(
    ("skills", "said"),
    [
        ((skill("a", "Alpha"), skill("a", "Other")), "declared twice"),
        ((skill("a", "Alpha", units=(("data", 0.5), ("code", 0.4))),), "sum to 0.9"),
        ((skill("a", "Alpha", units=(("gone", 1.0),)),), "unit 'gone'"),
        ((skill("a", "Alpha", units=(("data", 0.5), ("data", 0.5))),), "each unit once"),
        ((skill("a", "Alpha", units=(("data", 1.5), ("code", -0.5))),), "weight 1.5"),
        ((skill("a", "Alpha", units=()),), "sum to 0"),
        ((skill("a", "Alpha", broader="gone"),), "broader skill 'gone'"),
        ((skill("a", "Alpha", broader="b"), skill("b", "Beta", broader="a")), "broader than itself"),
        ((skill("a", "Alpha", broader="a"),), "broader than itself"),
        ((skill("a", " "),), "a slug and a name"),
        ((skill("a", "Alpha", esco="1"), skill("b", "Beta", esco="1")), "ESCO concept 1"),
    ],
)
def test_contradiction_is_refused(skills: tuple[SkillEntry, ...], said: str) -> None:
    """Each line is a mistake in a hand-written list that would otherwise reach the graph."""
    with pytest.raises(DeclarationError, match=said):
        build(*skills)


def test_merge_unites_synonyms_by_esco_id_and_by_name() -> None:
    """A merge by slug alone would put the same skill into the graph twice, each with half of its aliases."""
    ours = build(skill("py", "Python", "蟒", esco="7"), skill("sql", "SQL", en=("structured query language",)))
    theirs = build(
        skill("u7", "Python (language)", en=("CPython",), esco="7"),
        skill("u8", "Structured Query Language", en=("T-SQL",), broader="u9"),
        skill("u9", "query languages"),
    )
    merged = ours.merge(theirs)
    assert set(merged.skills) == {"py", "sql", "u9"}
    assert merged.names("py", "en") == ("Python", "Python (language)", "CPython")
    assert merged.names("sql", "en") == ("SQL", "structured query language", "T-SQL")
    assert merged.skills["sql"].broader == "u9"
    assert merged.refusals == ()


def test_merge_does_not_close_a_circle() -> None:
    """Their "b is broader than a" on top of our "a is broader than b" would make every walk upwards endless."""
    ours = build(skill("a", "Alpha"), skill("b", "Beta", broader="a"))
    theirs = build(skill("x", "Alpha", broader="y"), skill("y", "Beta"))
    merged = ours.merge(theirs)
    assert merged.skills["b"].broader == "a"
    assert merged.skills["a"].broader is None


def test_merge_refuses_one_slug_for_two_skills() -> None:
    """Uniting by slug would make one skill of two that only share a short code."""
    with pytest.raises(DeclarationError, match="'Alpha' and 'Omega'"):
        build(skill("a", "Alpha")).merge(build(skill("a", "Omega")))


def test_merge_with_itself_changes_nothing() -> None:
    """Loading the same list twice must not grow the vocabulary."""
    twice = VOCABULARY.merge(VOCABULARY)
    assert dict(twice.skills) == dict(VOCABULARY.skills)
    assert twice.refusals == ()


@given(st.text())
def test_normalise_is_settled_after_one_step(text: str) -> None:
    """A form that changes when normalised again would miss in the index that was built with it once."""
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@given(st.sampled_from(sorted(VOCABULARY.skills)), st.sampled_from(sorted(VOCABULARY.skills)))
def test_stolen_name_is_always_noticed(owner: str, thief: str) -> None:
    """A check that looks at preferred names only would let an alias steal another skill's name."""
    entries = dict(VOCABULARY.skills)
    entries[thief] = replace(entries[thief], more_zh=(*entries[thief].more_zh, entries[owner].name.swapcase()))
    if owner == thief:
        Vocabulary(VOCABULARY.units.values(), entries.values())
    else:
        with pytest.raises(DeclarationError, match=rf"(?s)'{owner}'.*'{thief}'|'{thief}'.*'{owner}'"):
            Vocabulary(VOCABULARY.units.values(), entries.values())


def test_import_is_quick_and_pure() -> None:
    """A third-party import here would be paid by every command, and would break the ladder."""
    script = (
        "import time, sys; before = set(sys.modules); start = time.process_time(); import schema.vocabulary;"
        "spent = time.process_time() - start;"
        "foreign = {m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names) - {'schema'};"
        "print(spent, *foreign)"
    )
    subprocess.run([sys.executable, "-c", "import schema.vocabulary"], check=True)
    answer = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert float(answer[0]) < 0.2, "the target is 0.05 s; four times that leaves room for a busy machine"
    assert answer[1:] == []
