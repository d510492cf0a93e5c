"""USAJobs: a drawn download on the real server, and the real one without."""

from itertools import chain

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.clusters import ClusterIndex, Occupation
from etl.rows import read
from etl.sources import usajobs
from etl.sources.usajobs import fields, files, series_names
from schema.errors import InputError, JobError
from tests.etl.sources.campus import seed
from tests.etl.sources.drawn import bring, counts, table

ROW = {
    "control_number": 1,
    "year": 2025,
    "position_title": "Data Analyst",
    "department": "Department of Labor",
    "agency": "Bureau of Statistics",
    "subagency": "Office of Python",
    "appointment_type": "Permanent",
    "occupation_series": ["1530 - Statistics Series"],
    "open_date": "2025-03-05",
    "close_date": "2025-03-19",
    "usajobs_url": "https://www.usajobs.gov/job/1",
}


def row(number, **changes):
    """The posting with another number and changed fields."""
    return {**ROW, "control_number": number, "usajobs_url": f"https://www.usajobs.gov/job/{number}", **changes}


ROWS = (
    row(1),
    row(2, position_title="Grand Vizier", occupation_series=["0610 - Nurse Series", "9999 - Vizier Series"]),
    row(3, position_title="Grand Vizier", occupation_series=["9999 - Vizier Series"], subagency=None, agency=None),
    row(4, position_title="Supervisory Java Developer (INFOSEC)", occupation_series="1530 - Statistics Series"),
    row(5, position_title=None),
    row(6, open_date="soon"),
    row(7, occupation_series=None, subagency=None),
)


def write(folder, name="jobs_a.json", rows=ROWS):
    """One department's list."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(orjson.dumps(list(rows)))
    return folder


def load(graph, path):
    """Load as `fullcycle load usajobs` does."""
    return bring(graph, usajobs.builders(path), source="usajobs")


@pytest.fixture
def graph(bare_graph):
    """A graph with seven skills and four clusters."""
    seed(bare_graph)
    return bare_graph


PLACED = (
    "MATCH (job:Job)-[:IN_CLUSTER]->(cluster) OPTIONAL MATCH (job)-[:POSTED_BY]->(employer) "
    "OPTIONAL MATCH (job)-[:LOCATED_IN]->(region) RETURN job.code, cluster.code, employer.name, region.code"
)


def test_titles_lead_to_occupations_and_else_series_do(graph, tmp_path):
    """Catches a series that goes before a title, a series in a plain text, a posting without agency, and odd rows that
    end the load."""
    report = load(graph, write(tmp_path / "jobs"))
    assert table(graph, PLACED) == [
        ("usajobs:1", "onet:15-2051.00", "Bureau of Statistics", "region:US"),
        ("usajobs:2", "esco:nurse", "Bureau of Statistics", "region:US"),
        ("usajobs:3", "fc:unclassified", "Department of Labor", "region:US"),
        ("usajobs:4", "fc:java-developer", "Bureau of Statistics", "region:US"),
    ]
    assert dict(report.passes[0].held) == {"date": 1, "screen:incomplete": 2}
    (job,) = table(
        graph,
        "MATCH (job:Job {code: 'usajobs:2'}) RETURN job.responsibilities, toString(job.releasedOn), "
        "toString(job.closesOn), job.industryText, job.url, [(job)-[:REQUIRES]->(skill) | skill.code]",
    )
    assert job == (
        "Nurse; Vizier; Office of Python",
        "2025-03-05",
        "2025-03-19",
        "Public administration",
        "https://www.usajobs.gov/job/2",
        ["fc:python"],
    )


def test_same_download_changes_nothing_and_departments_add_up(graph, tmp_path):
    """Catches one department's list that closes the postings of the others, and a number that stands in two lists."""
    folder = write(tmp_path / "jobs", rows=ROWS[:3])
    assert counts(load(graph, folder)) == [(3, 0, 0, 0, 0)]
    assert load(graph, folder).nothing_changed
    write(
        folder,
        "jobs_b.json",
        [
            row(3, position_title="Data Analyst"),
            ROWS[0],
            row(8, position_title="Ward Nurse", occupation_series="0610 - Nurse"),
        ],
    )
    report = load(graph, folder)
    assert (report.passes[0].new, report.passes[0].repeated, dict(report.passes[0].held)) == (1, 1, {"conflict": 1})
    assert counts(load(graph, folder / "jobs_a.json")) == [(0, 0, 3, 0, 0)]
    changed = write(tmp_path / "newer", rows=[row(1, close_date="2025-04-19")])
    assert counts(load(graph, changed / "jobs_a.json")) == [(0, 1, 0, 0, 0)]


def test_what_is_no_download(graph, bare_graph, tmp_path):
    """Catches an empty folder that looks like a load of nothing, and a traceback for a file of another kind."""
    for path in (tmp_path, tmp_path / "nothing.json"):
        with pytest.raises(InputError, match="no JSON file"):
            usajobs.builders(path)
    (tmp_path / "jobs.json").write_text("<html>")
    with pytest.raises(InputError, match=r"jobs\.json"):
        load(graph, tmp_path / "jobs.json")
    bare_graph.write("MATCH (skill:Skill) DETACH DELETE skill")
    with pytest.raises(JobError, match="vocabulary"):
        load(bare_graph, write(tmp_path / "jobs"))


NAMES = st.from_regex(r"[A-Z][a-z]{2,9}( And [A-Z][a-z]{2,9})?", fullmatch=True)


@given(st.lists(st.tuples(st.integers(0, 9999), NAMES, st.sampled_from(["", " Series", " series"])), max_size=4))
def test_series_lose_number_and_word(series):
    """Catches a number that stays in the name, so that no occupation is found by it."""
    cell = [f"{number:04} - {name}{word}" for number, name, word in series]
    assert series_names(cell) == [name for _, name, _ in series]
    for text in cell:
        assert series_names(text) == series_names([text])


VALUES = st.one_of(st.none(), st.text(max_size=8), st.integers(), st.lists(st.text(max_size=8), max_size=2))


@given(st.dictionaries(st.sampled_from(sorted(ROW)), VALUES))
def test_any_cells_give_texts(cells):
    """Catches a list or a number where a text was expected, which would end the load."""
    index = ClusterIndex([Occupation("onet:1", "Statistician")])
    assert all(isinstance(value, str) and value for value in fields(cells, index).values())


@pytest.mark.real
def test_the_real_download(real_data):
    """Catches postings that the reader loses."""
    found = files(real_data / "usajobs")
    assert len(found) == 14
    rows = [each.cells for each in chain.from_iterable(read(path, format="json") for path in found)]
    assert len(rows) == 23_494
    assert all(series_names(each["occupation_series"]) for each in rows if each["occupation_series"])
