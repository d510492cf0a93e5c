"""OULAD: a drawn download on the real server, and the real one without."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.records import HeldDraft
from etl.sources import oulad
from etl.sources.oulad import Oulad, starts_on, term
from schema.errors import InputError
from tests.etl.sources.drawn import bring, counts, edges, nodes, table, text, zipped

COURSES = (("AAA", "2013J", "268"), ("AAA", "2014J", "269"), ("GGG", "2014B", "?"))
ASSESSMENTS = (
    ("AAA", "2013J", "1", "20"),
    ("AAA", "2013J", "2", "30"),
    ("AAA", "2013J", "3", "50"),
    ("GGG", "2014B", "4", "0"),
    ("GGG", "2014B", "5", ""),
)
STUDENTS = (
    # module, presentation, student, gender, region, credits, disability, result
    ("AAA", "2013J", "11", "M", "Scotland", "60", "N", "Pass"),
    ("GGG", "2014B", "11", "M", "Wales", "30", "Y", "Withdrawn"),
    ("AAA", "2014J", "12", "F", "Ireland", "60", "N", "Fail"),
    ("AAA", "2013J", "12", "F", "Ireland", "60", "N", "Withdrawn"),
    ("GGG", "2014B", "13", "F", "Wales", "30", "N", "Distinction"),
    ("GGG", "2014B", "14", "M", "Wales", "30", "N", "Pass"),
)
SUBMISSIONS = (
    # assessment, student, banked, score
    ("1", "11", "0", "80.0"),
    ("2", "11", "1", "60"),
    ("3", "11", "0", ""),
    ("4", "11", "0", "?"),
    ("4", "13", "0", "90"),
    ("5", "13", "0", "71"),
)
TEACHING = "# what they may teach: an assumption\n\ncourse,skill,level\nAAA,sociology,0.6\n# and\nGGG,fc:economics,1\n"
SEED = (
    "UNWIND [['fc:sociology', 'Sociology'], ['fc:economics', 'Economics']] AS row "
    "CREATE (:Skill {code: row[0], name: row[1], source: 'fc', contentHash: 'x'})"
)


def download(path, *, students=STUDENTS, submissions=SUBMISSIONS, courses=COURSES, without=""):
    """The publisher's CSV files, zipped."""
    names = ("code_module", "code_presentation")
    info = ("id_student", "gender", "region", "studied_credits", "disability", "final_result")
    members = {
        "courses.csv": ((*names, "module_presentation_length"), courses),
        "assessments.csv": ((*names, "id_assessment", "weight"), ASSESSMENTS),
        "studentInfo.csv": ((*names, *info), students),
        "studentAssessment.csv": (("id_assessment", "id_student", "is_banked", "score"), submissions),
    }
    kept = {name: [dict(zip(head, row, strict=True)) for row in rows] for name, (head, rows) in members.items()}
    return zipped(path, {name: text(rows) for name, rows in kept.items() if name != without})


def load(graph, path, *, teaching=None):
    """Load as `fullcycle load oulad` does."""
    return bring(graph, oulad.builders(path, courses=teaching), source="oulad")


@pytest.fixture
def graph(bare_graph):
    """A graph with two skills."""
    bare_graph.write(SEED)
    return bare_graph


@pytest.fixture
def teaching(tmp_path):
    """A mapping file that says what the modules teach."""
    path = tmp_path / "courses.csv"
    path.write_text(TEACHING)
    return path


TOOK = (
    "MATCH (s:Student)-[took:TOOK]->(c:Course) WHERE took.closedAt IS NULL "
    "RETURN s.code, c.code, took.term, took.status, took.score, took.credits"
)
HELD = "MATCH (held:HeldRow) WHERE held.resolvedAt IS NULL RETURN held.file, held.line, held.column, held.reason"


def test_each_thing_arrives_with_its_neighbours(graph, tmp_path, teaching):
    """Catches a student of two presentations who stands twice or in the older class, a blank score that counts as 0,
    a banked one that does not count, a module without weights, and a half-year that is off."""
    load(graph, download(tmp_path / "oulad.zip"), teaching=teaching)
    assert table(graph, "MATCH (c:Course) RETURN c.code, c.name, c.description, labels(c)") == [
        ("oulad:AAA", "Module AAA", "268 days", ["Resource", "Course"]),
        ("oulad:GGG", "Module GGG", None, ["Resource", "Course"]),
    ]
    students = "MATCH (s:Student) RETURN s.code, s.name, s.gender, s.regionText, s.difficulty"
    assert table(graph, students) == [
        ("oulad:11", "Student 11", "M", "Wales", True),
        ("oulad:12", "Student 12", "F", "Ireland", False),
        ("oulad:13", "Student 13", "F", "Wales", False),
        ("oulad:14", "Student 14", "M", "Wales", False),
    ]
    assert edges(graph, "MEMBER_OF") == [
        ("oulad:11", "MEMBER_OF", "oulad:GGG-2014B"),
        ("oulad:12", "MEMBER_OF", "oulad:AAA-2014J"),
        ("oulad:13", "MEMBER_OF", "oulad:GGG-2014B"),
        ("oulad:14", "MEMBER_OF", "oulad:GGG-2014B"),
    ]
    assert table(graph, TOOK) == [
        ("oulad:11", "oulad:AAA", "2013-1", "completed", 68.0, 60.0),
        ("oulad:11", "oulad:GGG", "2013-2", "withdrawn", None, None),
        ("oulad:12", "oulad:AAA", "2013-1", "withdrawn", None, None),
        ("oulad:12", "oulad:AAA", "2014-1", "failed", None, None),
        ("oulad:13", "oulad:GGG", "2013-2", "completed", 80.5, 30.0),
        ("oulad:14", "oulad:GGG", "2013-2", "completed", None, 30.0),
    ]
    assert table(graph, "MATCH (c)-[edge:TEACHES]->(s) RETURN c.code, s.code, edge.level") == [
        ("oulad:AAA", "fc:sociology", 0.6),
        ("oulad:GGG", "fc:economics", 1.0),
    ]
    assert table(graph, HELD) == []


def test_same_download_changes_nothing_and_a_newer_one_closes(graph, tmp_path, teaching):
    """Catches relationships told apart by the module alone, so that two terms of one module overwrite each other."""
    path = download(tmp_path / "oulad.zip")
    assert counts(load(graph, path, teaching=teaching)) == [
        (2, 0, 0, 0, 0), (2, 0, 0, 0, 0), (4, 0, 0, 0, 0), (6, 0, 0, 0, 0)
    ]  # fmt: skip
    assert load(graph, path, teaching=teaching).nothing_changed
    newer = [row for row in STUDENTS if row[2] != "13" and row[:3] != ("AAA", "2013J", "12")]
    newer[1] = ("GGG", "2014B", "11", "M", "Wales", "30", "Y", "Pass")
    teaching.write_text(TEACHING.replace("0.6", "0.7").replace("GGG,", "AAA,"))
    report = load(graph, download(tmp_path / "newer.zip", students=newer), teaching=teaching)
    assert counts(report) == [(0, 0, 2, 0, 0), (1, 1, 0, 0, 1), (0, 0, 3, 0, 1), (0, 1, 3, 0, 2)]
    assert nodes(graph, "Student") == {"oulad:11", "oulad:12", "oulad:14"}
    assert {row[1:4] for row in table(graph, TOOK)} == {
        ("oulad:AAA", "2013-1", "completed"),
        ("oulad:GGG", "2013-2", "completed"),
        ("oulad:AAA", "2014-1", "failed"),
    }


def test_without_a_mapping_file_what_is_taught_stays(graph, tmp_path, teaching):
    """Catches a load without --courses that closes what an earlier one said."""
    path = download(tmp_path / "oulad.zip")
    load(graph, path, teaching=teaching)
    assert load(graph, path).nothing_changed
    assert len(edges(graph, "TEACHES")) == 2


def test_rows_that_cannot_be_read_go_to_quarantine(graph, tmp_path):
    """Catches a KeyError at the first odd cell, and odd rows that close what they may be about."""
    path = download(tmp_path / "oulad.zip")
    load(graph, path)
    odd = [
        *STUDENTS[:2],
        ("AAA", "2014X", "12", "F", "Ireland", "60", "N", "Fail"),
        ("AAA", "2013J", "12", "F", "Ireland", "60", "N", "Gone"),
        ("GGG", "2014B", "13", "F", "Wales", "many", "N", "Distinction"),
        ("GGG", "2014B", "", "M", "Wales", "30", "N", "Pass"),
    ]
    submissions = [*SUBMISSIONS, ("77", "11", "0", "50"), ("1", "14", "0", "101"), ("1", "12", "0", "high")]
    report = load(graph, download(tmp_path / "odd.zip", students=odd, submissions=submissions))
    assert [each.held_back for each in report.passes] == [0, 1, 6]
    assert [each.closed for each in report.passes] == [0, 0, 0]
    member = f"{tmp_path / 'odd.zip'}!studentInfo.csv"
    scores = f"{tmp_path / 'odd.zip'}!studentAssessment.csv"
    assert table(graph, HELD) == [
        (scores, 8, "id_assessment", "id_assessment '77'; expected one of assessments.csv"),
        (scores, 9, "score", "score '101'; expected a number from 0 to 100"),
        (scores, 10, "score", "score 'high'; expected a number from 0 to 100"),
        (member, 4, "code_presentation", "code_presentation '2014X'; expected a year with B or J, such as 2013J"),
        (member, 5, "final_result", "final_result 'Gone'; expected Pass, Distinction, Fail, Withdrawn"),
        (member, 6, "studied_credits", "studied_credits 'many'; expected a number from 0 to 1000"),
        (member, 7, "id_student", "id_student ''; expected the number of a student"),
    ]
    assert nodes(graph, "Student") == {"oulad:11", "oulad:12", "oulad:13", "oulad:14"}
    load(graph, path)
    assert len(table(graph, TOOK)) == 6


def test_odd_rows_of_the_mapping_file(graph, tmp_path, teaching):
    """Catches an unknown module that ends the load, a line number that leaves the remarks out, and an odd row that
    closes what was known."""
    path = download(tmp_path / "oulad.zip")
    load(graph, path, teaching=teaching)
    teaching.write_text(TEACHING.replace("0.6", "much") + "ZZZ,sociology,0.5\nAAA,alchemy,0.5\nAAA\nAAA,economics,0\n")
    report = load(graph, path, teaching=teaching)
    assert (report.passes[1].held_back, report.passes[1].closed) == (5, 0)
    assert [(line, column) for _, line, column, _ in table(graph, HELD)] == [
        (4, "level"),
        (7, "course"),
        (8, "skill"),
        (9, "skill"),
        (10, "level"),
    ]
    assert len(edges(graph, "TEACHES")) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"course,skill\nAAA,sociology\n", "columns level are missing"),
        (b"", "columns course, skill, level are missing"),
        ("course,skill,level\nAAA,\u00f6kologie,1\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_mapping_file_that_cannot_be_read(graph, tmp_path, content, message):
    """Catches a traceback, and a load that goes on without what the modules teach."""
    path = tmp_path / "courses.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        load(graph, download(tmp_path / "oulad.zip"), teaching=path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("member", ["courses.csv", "assessments.csv", "studentInfo.csv", "studentAssessment.csv"])
def test_a_missing_member_is_named(graph, tmp_path, member):
    """Catches records without scores that look whole."""
    with pytest.raises(InputError, match=f"{member}: no such member"):
        load(graph, download(tmp_path / "oulad.zip", without=member))


@given(st.integers(2, 9999), st.sampled_from("BJ"))
def test_half_years_follow_the_calendar(year, half):
    """Catches a February that counts for the academic year that begins in the next autumn."""
    presentation = f"{year:04}{half}"
    start = starts_on(presentation)
    assert start == date(year, 2 if half == "B" else 10, 1)
    begins, number = term(presentation).split("-")
    assert (int(begins), number) == ((year - 1, "2") if half == "B" else (year, "1"))


@given(st.text(max_size=6).filter(lambda each: each[4:] not in ("B", "J") or not each[:4].isdecimal()))
def test_no_other_presentation_is_taken(presentation):
    """Catches a code that is read as some date."""
    with pytest.raises(InputError, match="code_presentation"):
        starts_on(presentation)


@pytest.mark.real
def test_the_real_download(real_data):
    """Catches students that are lost or stand twice, and real rows that are taken for odd ones."""
    found = Oulad(real_data / "oulad")
    students = list(found.students())
    assert len(students) == 28_785 and not any(isinstance(each, HeldDraft) for each in students)
    records = list(found.records())
    assert len({each.key for each in records}) == len(records) == 32_593
    assert not any(isinstance(each, HeldDraft) for each in records)
    scores = [each.payload.properties.get("score") for each in records]
    known = [score for score in scores if score is not None]
    assert 0.0 <= min(known) <= max(known) <= 100.0 and len(known) > 0.75 * len(scores)
    assert len(list(found.courses())) == 7
