"""O*NET: a drawn download on the real server, and the real one without."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.sources import onet
from etl.sources.download import Download
from etl.sources.onet import HOT, IN_DEMAND, PLAIN, title_key
from schema.errors import InputError
from tests.etl.sources.drawn import bring, counts, edges, nodes, table, text, zipped

OCCUPATIONS = {
    "15-1252.00": "Software Developers",
    "29-1141.00": "Registered Nurses",
    "39-9999.00": "Grass Watchers (All Other)",
}
TITLES = (
    ("15-1252.00", "Programmer", "n/a"),
    ("15-1252.00", "Application Developer", "App Dev"),
    ("15-1252.00", "Software Developers", "n/a"),
    ("15-1252.00", "Programmer", "n/a"),
    ("15-1252.00", '"Code" Writer', "n/a"),
    ("29-1141.00", "Ward Nurse (WN)", "WN"),
    ("29-1141.00", "Staff Nurse", "n/a"),
)
TECHNOLOGY = (
    ("15-1252.00", "Python", "Y", "N"),
    ("15-1252.00", "Structured query language SQL", "N", "Y"),
    ("15-1252.00", "SQL", "N", "N"),
    ("15-1252.00", "Rust", "N", "N"),
    ("15-1252.00", "Acme CodeMaker", "Y", "Y"),
    ("29-1141.00", "python", "N", "N"),
    ("99-0000.00", "Python", "Y", "Y"),
)
SEED = """
UNWIND [['esco:python', 'Python (computer programming)', []], ['esco:sql', 'SQL', ['Structured query language SQL']],
        ['esco:rust', 'corrosion', ['Rust']], ['fc:rust', 'Rust', []], ['esco:none', '(none)', []]] AS row
CREATE (:Skill {code: row[0], name: row[1], aliasesEn: row[2], source: split(row[0], ':')[0], contentHash: 'x'})
WITH count(*) AS done
UNWIND [['esco:dev', 'software developer', ['programmer']], ['esco:coder', 'coder', ['programmers', 'App Dev']],
        ['esco:app', 'app maker', ['app dev', 'application developer', 'code writer']],
        ['esco:nurse', 'nurse', ['ward nurse', 'registered nurse']], ['esco:gone', 'registered nurses', []],
        ['fc:unclassified', 'Unclassified', []]] AS row
CREATE (cluster:JobCluster {code: row[0], name: row[1], aliasesEn: row[2], source: split(row[0], ':')[0],
                            contentHash: 'x'})
SET cluster.closedAt = CASE row[0] WHEN 'esco:gone' THEN datetime('2026-01-01T00:00:00Z') END
"""


def download(path, *, occupations=OCCUPATIONS, titles=TITLES, technology=TECHNOLOGY, without=""):
    """The publisher's text files, zipped."""
    code = onet.CODE
    members: dict[str, list[dict[str, Any]]] = {
        "Occupation Data.txt": [
            {code: each, "Title": title, "Description": f'What "{title}" do.'} for each, title in occupations.items()
        ],
        "Alternate Titles.txt": [
            {code: each, "Alternate Title": title, "Short Title": short, "Source(s)": "08"}
            for each, title, short in titles
        ],
        "Technology Skills.txt": [
            {code: each, "Example": name, "Commodity Code": "1", "Hot Technology": hot, "In Demand": demand}
            for each, name, hot, demand in technology
        ],
    }
    return zipped(path, {f"db_29_2_text/{k}": text(v, delimiter="\t") for k, v in members.items() if k != without})


def load(graph, path):
    """Load as `fullcycle load onet` does."""
    return bring(graph, onet.builders(path), source="onet")


@pytest.fixture
def graph(bare_graph):
    """A graph with a few skills and occupations of other sources."""
    bare_graph.write(SEED)
    return bare_graph


def test_occupations_titles_technology_and_links(graph, tmp_path):
    """Catches a title that stands twice, the lower of two levels, an alias that takes a skill's name away, a link on
    one weak title, and a link to a closed cluster."""
    load(graph, download(tmp_path / "onet.zip"))
    found = table(graph, "MATCH (j:JobCluster {source: 'onet'}) RETURN j.code, j.name, j.aliasesEn, j.onetCode, j.rule")
    assert found == [
        (
            "onet:15-1252.00",
            "Software Developers",
            ["Programmer", "Application Developer", "App Dev", '"Code" Writer'],
            "15-1252.00",
            "occupation",
        ),
        ("onet:29-1141.00", "Registered Nurses", ["Ward Nurse (WN)", "WN", "Staff Nurse"], "29-1141.00", "occupation"),
        ("onet:39-9999.00", "Grass Watchers (All Other)", [], "39-9999.00", "occupation"),
    ]
    wanted = "MATCH (j)-[edge:TYPICALLY_REQUIRES]->(s) RETURN j.code, s.code, edge.level, edge.essential"
    assert table(graph, wanted) == [
        ("onet:15-1252.00", "esco:python", HOT, False),
        ("onet:15-1252.00", "esco:sql", IN_DEMAND, False),
        ("onet:15-1252.00", "fc:rust", PLAIN, False),
        ("onet:29-1141.00", "esco:python", PLAIN, False),
    ]
    assert table(graph, "MATCH (a)-[edge:SAME_AS]->(b) RETURN a.code, b.code, edge.score") == [
        ("onet:15-1252.00", "esco:app", 0.6),  # two aliases in common
        ("onet:15-1252.00", "esco:coder", 0.6),
        ("onet:15-1252.00", "esco:dev", 1.0),  # the name, and an alias
        ("onet:29-1141.00", "esco:nurse", 1.0),  # the name is an alias there, and an alias
    ]


def test_same_download_changes_nothing_and_a_newer_one_closes(graph, tmp_path):
    """Catches links that are written again each time, and what a newer edition or a new cluster leaves as it was."""
    path = download(tmp_path / "onet.zip")
    assert counts(load(graph, path)) == [(3, 0, 0, 0, 0), (4, 0, 0, 0, 0)]
    assert load(graph, path).nothing_changed
    graph.write("CREATE (:JobCluster {code: 'uni:dev', name: 'Programmer', source: 'uni', contentHash: 'x'})")
    graph.write("MATCH (cluster:JobCluster {code: 'esco:dev'}) SET cluster.closedAt = datetime()")
    assert counts(load(graph, path)) == [(0, 0, 3, 0, 0), (1, 0, 3, 0, 1)]
    newer = {code: title for code, title in OCCUPATIONS.items() if code != "29-1141.00"}
    report = load(graph, download(tmp_path / "newer.zip", occupations=newer, technology=TECHNOLOGY[1:]))
    assert counts(report) == [(0, 1, 1, 0, 1), (0, 0, 3, 0, 1)]
    assert nodes(graph, "JobCluster") >= {"onet:15-1252.00", "onet:39-9999.00"}
    assert [end for start, _, end in edges(graph, "TYPICALLY_REQUIRES") if start == "onet:15-1252.00"] == [
        "esco:sql",
        "fc:rust",
    ]


@pytest.mark.parametrize("member", ["Occupation Data.txt", "Alternate Titles.txt", "Technology Skills.txt"])
def test_a_missing_member_is_named(graph, tmp_path, member):
    """Catches O*NET without titles that looks whole."""
    with pytest.raises(InputError, match=f"{member}: no such member"):
        load(graph, download(tmp_path / "onet.zip", without=member))


WORDS = st.lists(
    st.sampled_from(["Nurse", "Boss", "Gas", "Bus", "Data", "Class", "CEOs", "IT"]), min_size=1, max_size=4
)


@given(WORDS, st.sampled_from(["", " (CEO)", " (All Other)"]))
def test_the_key_of_a_title_has_no_case_brackets_or_plural(words, bracket):
    """Catches "Nurses" that is no nurse, and "boss" that loses its end."""
    title = " ".join(words)
    key = title_key(title)
    assert title_key(title.upper() + bracket) == key == title_key(key)
    if words[-1] in ("Nurse", "Data"):
        assert title_key(f"{title}s") == key
    if words[-1] in ("Boss", "Class"):
        assert key.endswith("ss")


@pytest.mark.real
def test_the_real_download(real_data):
    """Catches rows that the reader loses, and titles that quotes swallow."""
    download = Download(real_data / "onet-29.2-text.zip", delimiter="\t")
    rows = {
        member: sum(1 for _ in download.rows(f"{member}.txt", (onet.CODE,)))
        for member in ("Occupation Data", "Alternate Titles", "Technology Skills", "Task Statements")
    }
    assert rows == {
        "Occupation Data": 1_016,
        "Alternate Titles": 56_560,
        "Technology Skills": 32_627,
        "Task Statements": 18_796,
    }
