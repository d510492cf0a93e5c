"""The rule that places a posting in a job cluster."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.clusters import UNCLASSIFIED, ClusterIndex, Occupation, fingerprint, stripped, units

OCCUPATIONS = (
    Occupation("fc:java-developer", "Java Developer", ("Java Engineer", "Java开发工程师")),
    Occupation("fc:data-analyst", "Data Analyst", ("数据分析师",)),
    Occupation("fc:accountant", "Accountant", ("会计",)),
    Occupation(
        "onet:15-1252.00", "Software Developers", ("Software Engineer", "Engineer", "Data Analyst"), "", "15-1252.00"
    ),
    Occupation("onet:17-2071.00", "Electrical Engineers", ("Engineer",), "", "17-2071.00"),
    Occupation("esco:nurse", "nurse responsible for general care", ("nurse", "data analyst")),
    Occupation("esco:web", "web developer", ("developer of web pages",)),
)
INDEX = ClusterIndex(OCCUPATIONS)


@pytest.mark.parametrize(
    ("title", "code", "how"),
    [
        ("Java Developer", "fc:java-developer", "title"),
        ("software developer", "onet:15-1252.00", "title"),
        ("Senior Java Developer (f/m/d) - Berlin", "fc:java-developer", "stripped"),
        ("【急聘】高级Java开发工程师（北京）", "fc:java-developer", "stripped"),
        ("上海-会计", "fc:accountant", "stripped"),
        ("Java Developer / Backend, remote", "fc:java-developer", "stripped"),
        ("Lead web developer for our shop", "esco:web", "contained"),
        ("某集团诚聘会计两名", "fc:accountant", "contained"),
        ("Experienced night shift nurse", "esco:nurse", "contained"),
    ],
)
def test_titles_find_their_cluster(title, code, how):
    """Catches each step of the rule that no longer finds what it should."""
    assert INDEX.place(title)[:2] == (code, how)


def test_shared_names_go_to_the_preferred_standard_then_to_the_smaller_code():
    """Catches a placement that depends on the order in which clusters are read."""
    assert INDEX.place("Data Analyst").code == "fc:data-analyst"
    assert ClusterIndex(OCCUPATIONS, order=("esco", "onet", "fc")).place("Data Analyst").code == "esco:nurse"
    assert INDEX.place("Engineer").code == "onet:15-1252.00"


def test_a_column_beats_the_title():
    """Catches a source's own classification that is not looked at."""
    assert INDEX.place("Nurse", "15-1252.00")[:2] == ("onet:15-1252.00", "column")
    assert INDEX.place("Nurse", "会计")[:2] == ("fc:accountant", "column")
    assert INDEX.place("Java Developer", "no such group")[:2] == ("fc:java-developer", "title")


@pytest.mark.parametrize(
    "title", ["Chief happiness wizard", "Javanese developer's assistant", "", "???", "Site engineer"]
)
def test_what_matches_nothing_is_unclassified(title):
    """Catches parts of words, and words that several occupations share, taken for an occupation."""
    assert INDEX.place(title).code == UNCLASSIFIED


def test_the_nearest_are_those_that_share_the_rarest_words():
    """Catches candidates without any relation to the title, and more than three of them."""
    nearest = INDEX.place("Software analyst in chief").nearest
    assert nearest[:2] == ("fc:data-analyst", "onet:15-1252.00") or nearest[:2] == (
        "onet:15-1252.00",
        "fc:data-analyst",
    )
    assert len(nearest) <= 3


def test_decorations_are_taken_off_and_words_stay_whole():
    """Catches a decoration that eats the inside of a word."""
    assert list(stripped("Internal Auditor")) == ["Internal Auditor"]
    assert list(stripped("Sr. New Business Manager II")) == ["Business Manager"]
    assert list(stripped("2025届校招-数据分析师（双休）")) == ["数据分析师"]


@given(st.text(max_size=40))
def test_any_text_is_placed_always_the_same(title):
    """Catches a title that breaks the rule, and a rule with memory."""
    fresh = ClusterIndex(reversed(OCCUPATIONS))
    assert fresh.place(title) == INDEX.place(title)


@given(
    st.sampled_from(OCCUPATIONS),
    st.sampled_from(["{}", "急聘{}", "Senior {}", "{} (m/f/d)", "【上海】{}", "{} - London"]),
)
def test_a_decorated_name_is_still_found(occupation, pattern):
    """Catches decorations that hide an occupation, whatever its name."""
    expected = INDEX.find(occupation.name)
    assert INDEX.place(pattern.format(occupation.name)).code == expected


def test_the_fingerprint_follows_the_content():
    """Catches postings that are not placed again after a cluster got a new name."""
    renamed = (*OCCUPATIONS[1:], OCCUPATIONS[0]._replace(aliases=("Java Guru",)))
    order = ("fc", "onet", "esco")
    assert fingerprint(reversed(OCCUPATIONS), order) == fingerprint(OCCUPATIONS, order)
    assert fingerprint(renamed, order) != fingerprint(OCCUPATIONS, order)
    assert fingerprint(OCCUPATIONS, ("esco",)) != fingerprint(OCCUPATIONS, order)


def test_repeated_titles_are_fast():
    """Catches a lost cache: the bound is far above what a looked-up title costs, and far below what a new one does."""
    titles = [f"Senior Java Developer {number % 50}" for number in range(50_000)]
    for title in titles[:50]:
        INDEX.place(title)
    begun = time.process_time()
    for title in titles:
        INDEX.place(title)
    assert time.process_time() - begun < 1.0


def test_units_are_words_in_the_singular_and_chinese_characters():
    """Catches plurals that miss their occupation, and words cut where they should not be."""
    assert units("Analysts, Secretaries & Business Glass") == ("analyst", "secretary", "business", "glass")
    assert units("C++/C# 工程师") == ("c++", "c#", "工", "程", "师")
