"""Tables into the graph: new, again, changed, gone and bad rows."""

from collections import Counter
from typing import Any

import orjson
import pytest

from cypher.fingerprint import Item
from etl.sources.tables import template
from schema.errors import InputError
from tests.etl.sources.tables.conftest import Institution, counts

STUDENTS = "code,name,major,class_group,university,goal\n"
COURSES = "code,kind,name,skills,prerequisites\n"


def test_every_template_loads_whole_and_only_once(institution: Institution) -> None:
    """Catches an example that does not load, an edge that finds no end, and a second load that writes something."""
    for name, report in institution.examples().items():
        assert report.held_back == 0, (name, institution.held())
        assert sum(each.new for each in report.passes) > 0 or name == "skills", name
    edges = institution.rows("MATCH (a {source: 'uni'})-[edge]->(b) RETURN a.code, type(edge), b.code")
    assert set(edges) >= {
        ("uni:2021001", "TOOK", "uni:DS101"),
        ("uni:2021001", "EARNED", "uni:CERT-SQL"),
        ("uni:2021001", "ENTERED", "uni:COMP-MODEL"),
        ("uni:2021001", "WORKED_ON", "uni:PROJ-ETL"),
        ("uni:2021001", "INTERNED_AT", "uni:ACME"),
        ("uni:2021001", "EMPLOYED_AS", "uni:data-engineer"),
        ("uni:2021002", "EMPLOYED_AS", "fc:unclassified"),
        ("uni:2021002", "FOUNDED", "uni:V1"),
        ("uni:2021001", "AIMS_AT", "uni:data-engineer"),
        ("uni:2021002", "AIMS_AT", "uni:data-engineer"),
        ("uni:2021001", "STUDIES", "uni:软件工程"),
        ("uni:软件工程", "OFFERED_BY", "uni:example-university"),
        ("uni:2021001", "INTERACTED", "uni:DS101"),
        ("uni:DS101", "TEACHES", "fc:python"),
        ("uni:DS101", "REQUIRES_FIRST", "uni:CS100"),
        ("uni:DS101", "PREPARES_FOR", "uni:data-engineer"),
        ("uni:POL1", "TEACHES", "fc:entrepreneurial-practice"),
        ("uni:data-engineer", "BROADER", "uni:data-work"),
        ("uni:data-engineer", "TYPICALLY_REQUIRES", "fc:sql"),
        ("uni:ACME", "LOCATED_IN", "region:CN-310000"),
        ("uni:ACME", "OPERATES_IN", "isic:J63"),
        ("uni:etl-design", "BROADER", "fc:data-cleaning"),
        ("uni:etl-design", "MAPS_TO", "fc:data-platforms"),
    }
    before = institution.everything()
    assert all(report.nothing_changed for report in institution.examples().values())
    assert institution.everything() == before


def test_values_are_in_the_units_of_the_graph(institution: Institution) -> None:
    """Catches a score that is not rescaled, a percentage taken for a number, and a level lost on the way."""
    institution.examples()
    assert institution.rows(
        "MATCH (s)-[t:TOOK]->() RETURN s.code, t.score, t.attendance, t.credits, t.term, t.status"
    ) == [
        ("uni:2021001", 87.0, 0.95, 3.0, "2022-1", "completed"),
        ("uni:2021002", 84.0, 0.88, 3.0, "2022-1", "completed"),
    ]
    query = "MATCH (:Course {code: 'uni:DS101'})-[t:TEACHES]->(s) RETURN s.code, t.level"
    assert institution.rows(query) == [("fc:data-cleaning", 0.9), ("fc:python", 0.6)]
    query = "MATCH (s:Student) RETURN s.code, s.degree, s.difficulty, s.year, toString(s.admittedOn)"
    assert institution.rows(query) == [
        ("uni:2021001", 6, False, 4, "2021-09-01"),
        ("uni:2021002", 6, True, 4, "2021-09-01"),
    ]


def named(items: Counter[Item]) -> list[str]:
    """Codes of nodes, and ends and type of relationships."""
    contents = ((item.relationship, orjson.loads(item.text)) for item in items.elements())
    return sorted(f"{one[1]} {one[0]} {one[2]}" if edge else one[1]["code"] for edge, one in contents)


def test_a_changed_row_changes_only_what_changed(institution: Institution) -> None:
    """Catches a loader that rewrites unchanged neighbours, or leaves the old programme beside the new one."""
    rows = ["1,Ann,Law,L1,Uni,", "2,Bob,Law,L1,Uni,"]
    institution.load("students", STUDENTS + "\n".join(rows))
    before = institution.everything()
    rows[1] = "2,Bob,Art,L1,Uni,"
    report = institution.load("students", STUDENTS + "\n".join(rows))
    assert counts(report) == [(0, 1, 1, 0, 0)]
    after = institution.everything()
    assert named(before - after) == ["uni:2", "uni:2 STUDIES uni:law"]
    assert named(after - before) == ["uni:2", "uni:2 STUDIES uni:art", "uni:art", "uni:art OFFERED_BY uni:uni"]


def test_a_row_gone_from_a_full_export_is_closed_and_comes_back(institution: Institution) -> None:
    """Catches deletion instead of closing, a full export that closes another table's, a row that stays closed."""
    institution.examples("skills", "job_clusters", "policies", "resources", "students", "course_records")
    first, *others = template("resources").splitlines()
    kept = [line for line in others if not line.startswith("COMP-MODEL")]
    report = institution.load("resources", "\n".join([first, *kept]), full=True)
    assert counts(report) == [(0, 0, 4, 0, 1), (0, 0, 1, 0, 0)]
    closed = "MATCH (r:Resource) WHERE r.closedAt IS NOT NULL RETURN r.code"
    assert institution.rows(closed) == [("uni:COMP-MODEL",)]
    assert counts(institution.load("resources", template("resources"), full=True))[0] == (0, 1, 4, 0, 0)
    assert institution.rows(closed) == []
    header, one, _ = template("course_records").splitlines()
    assert counts(institution.load("course_records", f"{header}\n{one}\n", full=True)) == [(0, 0, 1, 0, 1)]
    query = "MATCH (s)-[t:TOOK]->() RETURN s.code, t.closedAt IS NULL"
    assert institution.rows(query) == [("uni:2021001", True), ("uni:2021002", False)]
    assert counts(institution.load("course_records", template("course_records"))) == [(0, 1, 1, 0, 0)]
    assert institution.rows(query) == [("uni:2021001", True), ("uni:2021002", True)]


BAD = {
    "course_records": [
        ("2021001,DS101,2022-2,101,100,,,", "score", "score 101 of 100"),
        ("2021002,DS101,2022-2,80,,120%,,", "attendance", "120%"),
        ("2021001,DS101,spring,80,,,,", "term", "term 'spring'"),
        ("2021999,DS101,2022-2,80,,,,", "student", "Student '2021999'"),
        (",DS101,2022-2,80,,,,", "student", "no student"),
        ("2021001,DS101,2022-2,80", None, "4 cells"),
    ],
    "outcomes": [
        ("2021001,,ACME,2026-01-01,,9000,employed", "job_cluster", "no job_cluster"),
        ("2021001,data-engineer,ACME,2026-02-01,2025-01-01,9000,left", "ended_on", "before"),
        ("2021001,data-engineer,ACME,,2025-01-01,9000,left", "started_on", "no started_on"),
    ],
    "resources": [
        ("X1,lecture,Talk,,,,,,,,,,,,,,", "kind", "one of course"),
        ("X2,course,Talk,,flying carpets:0.5,,,,,,,,,,,,", "skills", "'flying carpets"),
        ("X3,course,Talk,,python:1.5,,,,,,,,,,,,", "skills", "1.5"),
    ],
}


def test_bad_rows_are_held_and_the_good_one_goes_in(institution: Institution) -> None:
    """Catches a bad row that stops the load, vanishes, or is held without saying where and why."""
    institution.examples("skills", "job_clusters", "employers", "resources", "students")
    for name, bad in BAD.items():
        header, good, *_ = template(name).splitlines()
        text = "\n".join([header, *(row for row, _, _ in bad), good.replace("DS101,course", "DS102,course")])
        report = institution.load(name, text)
        assert (report.passes[0].new, report.held_back) == (1, len(bad)), institution.held()
        query = "MATCH (h:HeldRow) WHERE h.file ENDS WITH $file RETURN h.line, h.column, h.reason ORDER BY h.line"
        held = institution.rows(query, file=f"{name}.csv")
        assert [(line, column) for line, column, _ in held] == [(n, row[1]) for n, row in enumerate(bad, 2)]
        assert all(words in reason for (_, _, reason), (_, _, words) in zip(held, bad, strict=True)), held
        assert institution.load(name, text).nothing_changed


def test_a_row_is_good_once_what_it_refers_to_is_there(institution: Institution) -> None:
    """Catches a held row that stays in quarantine though the missing course has come."""
    institution.load("students", STUDENTS + "1,Ann,,,,")
    records = "student,course,term\n1,Ethics,2022-1\n"
    assert counts(institution.load("course_records", records)) == [(0, 0, 0, 1, 0)]
    institution.load("resources", "code,kind,name\nEthics,course,Ethics of law\n")
    assert counts(institution.load("course_records", records)) == [(1, 0, 0, 0, 0)]
    assert institution.held() == []


def test_prerequisites_in_the_same_file_follow_their_row(institution: Institution) -> None:
    """Catches a forward reference that is lost, and one that stays after its row has dropped it."""
    query = "MATCH (a)-[e:REQUIRES_FIRST]->(b) RETURN a.code, b.code, e.closedAt IS NULL"
    institution.load("resources", COURSES + "B,course,Second,,A; First of C\nA,course,First,,\nC,course,First of C,,\n")
    assert institution.rows(query) == [("uni:B", "uni:A", True), ("uni:B", "uni:C", True)]
    report = institution.load("resources", COURSES + "B,course,Second,,A; Nothing\n")
    assert report.passes[1].held_back == 1
    assert institution.rows(query) == [("uni:B", "uni:A", True), ("uni:B", "uni:C", False)]
    assert [held[1] for held in institution.held()] == ["prerequisites"]
    institution.load("resources", COURSES + "B,course,Second,,\n")
    assert institution.rows(query) == [("uni:B", "uni:A", False), ("uni:B", "uni:C", False)]
    # A row that is held keeps what it stated before.
    institution.load("resources", COURSES + "B,course,Second,,A\n")
    institution.load("resources", COURSES + "B,course,Second,unknown skill,\n")
    assert institution.rows(query)[0] == ("uni:B", "uni:A", True)


def test_one_code_with_two_contents_is_a_conflict(institution: Institution) -> None:
    """Catches two rows of one student where the last one silently wins."""
    report = institution.load("students", STUDENTS + "1,Ann,,,,\n1,Ann,,,,\n1,Anna,,,,\n")
    assert (report.passes[0].new, report.passes[0].repeated, report.held_back) == (1, 1, 1)
    assert institution.rows("MATCH (s:Student) RETURN s.name") == [("Ann",)]


def test_a_code_of_another_source_is_refused(institution: Institution) -> None:
    """Catches a row that overwrites or breaks on what another source has stated."""
    institution.load("resources", "code,kind,name\nX,course,Of one\n", source="one")
    report = institution.load("resources", "code,kind,name\none:X,course,Of two\nY,course,Own\n", source="two")
    assert counts(report)[0] == (1, 0, 0, 1, 0)
    assert institution.rows("MATCH (r:Course) RETURN r.code, r.name, r.source") == [
        ("one:X", "Of one", "one"),
        ("two:Y", "Own", "two"),
    ]


def test_names_of_ones_own_source_come_first(institution: Institution) -> None:
    """Catches a record that ends at another institution's course of the same name."""
    for source in ("a-first", "uni"):
        institution.load("resources", "code,kind,name\nX,course,Statistics\n", source=source)
    institution.load("students", STUDENTS + "1,Ann,,,,")
    institution.load("course_records", "student,course,term\nAnn,statistics,2022-1\n")
    assert institution.rows("MATCH ()-[:TOOK]->(c) RETURN c.code") == [("uni:X",)]


def test_chinese_headers_and_encoding_are_understood(institution: Institution) -> None:
    """Catches a file as a Chinese office hands it out that is refused or garbled."""
    text = "学号,姓名,专业,班级,学历,困难生\n2021001,李华,软件工程,软件2101,本科,是\n"
    assert counts(institution.load("students", text.encode("gb18030"))) == [(1, 0, 0, 0, 0)]
    query = "MATCH (s:Student)-[:STUDIES]->(m) RETURN s.name, m.name, s.degree, s.difficulty"
    assert institution.rows(query) == [("李华", "软件工程", 6, True)]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("student,course,term,scor", "column 'scor' is unknown in course_records; expected score?"),
        ("student,score", "course_records without course"),
        ("student,学号,course,term", "columns 'student' and '学号' both mean student"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(institution: Institution, header: str, words: str) -> None:
    """Catches a misspelt column that is passed over, so that all scores are lost unseen."""
    before = institution.everything()
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        institution.load("course_records", f"{header}\n" + ",".join("1" * (header.count(",") + 1)))
    assert institution.everything() == before


def test_events_on_postings_and_resources_are_kept(institution: Institution) -> None:
    """Catches an event on a posting that is lost, and a full export that takes events back."""
    institution.examples()
    institution.graph.write(
        "CREATE (:Job {code: 'uni:J1', name: 'Analyst', source: 'uni', createdAt: datetime(), updatedAt: datetime()})"
    )
    header = template("interactions").splitlines()[0]
    report = institution.load("interactions", f"{header}\ne-3,2021001,J1,apply,2024-03-05\n", full=True)
    assert counts(report) == [(1, 0, 0, 0, 0)]
    query = "MATCH (:Student)-[e:INTERACTED]->(item) WHERE e.closedAt IS NULL RETURN item.code, e.kind, e.key"
    assert institution.rows(query) == [
        ("uni:DS101", "view", "e-1"),
        ("uni:J1", "apply", "e-3"),
        ("uni:POL1", "bookmark", "e-2"),
    ]


def test_a_source_that_is_no_prefix_is_refused(institution: Institution) -> None:
    """Catches codes that could not be told apart from those of the package or of another source."""
    wrong: list[Any] = ["", "fc", "a:b", "a b"]
    for source in wrong:
        with pytest.raises(InputError, match="source"):
            institution.load("students", template("students"), source=source)
