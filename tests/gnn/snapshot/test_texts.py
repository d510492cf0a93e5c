"""Postings as arrays, held against the rows of the graph."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypher.progress import Progress
from gnn.snapshot import read_attributes, read_history, read_texts, texts
from gnn.snapshot.postings import marks_of
from tests.gnn.snapshot.worlds import LAST, build, date_time

SILENT = Progress.silent()


@pytest.fixture
def drawn(graph, monkeypatch):
    """A random world, read in blocks of seven."""
    monkeypatch.setattr(texts, "BLOCK", 7)
    build(graph)
    return graph


def first(names, places):
    """Return the code at a place, or None."""
    return names[places] if places >= 0 else None


def test_postings_are_those_of_the_rows(drawn):
    """Would catch an attribute or a skill that belongs to another posting, at the seam of two blocks above all."""
    found = read_texts(drawn, through=LAST, progress=SILENT)
    rows = drawn.read(
        "MATCH (p:Job) RETURN p {.*} AS p, "
        "COLLECT { MATCH (p)-[r:IN_CLUSTER]->(j) WHERE j.rule <> 'unclassified' AND r.closedAt IS NULL "
        "RETURN j.code ORDER BY j.code } AS j, "
        "COLLECT { MATCH (p)-[r:LOCATED_IN]->(g) WHERE r.closedAt IS NULL RETURN g.code ORDER BY g.code } AS g, "
        "COLLECT { MATCH (p)-[r:POSTED_BY]->()-[o:OPERATES_IN]->(i) WHERE r.closedAt IS NULL AND o.closedAt IS NULL "
        "RETURN i.code ORDER BY i.code } AS i, "
        "COLLECT { MATCH (p)-[r:REQUIRES]->(s) WHERE r.closedAt IS NULL "
        "RETURN [s.code, r.level, CASE WHEN r.optional THEN 1.0 ELSE 0.0 END] } AS s ORDER BY p.code"
    )
    assert list(found.codes) == [row["p"]["code"] for row in rows] and len(found) == 60
    for n, row in enumerate(rows):
        posting = row["p"]
        parts = (posting["name"], posting.get("responsibilities"), posting.get("requirements"))
        assert found.texts[n] == "\n".join(filter(None, parts))
        assert first(texts.LANGUAGES, found.language[n]) == posting.get("language")
        assert found.month[n] == 12 * posting["releasedOn"].year + posting["releasedOn"].month - 1
        np.testing.assert_equal(found.education[n], posting.get("education", np.nan))
        np.testing.assert_equal(found.headcount[n], posting.get("headcount", np.nan))
        assert found.currency[n] == posting.get("salaryCurrency", "")
        for place, names, codes in (
            (found.cluster[n], found.names.clusters, row["j"]),
            (found.region[n], found.names.regions, row["g"]),
            (found.industry[n], found.names.industries, row["i"]),
        ):
            assert first(names, place) == (codes[0] if codes else None)
        span = slice(found.skill_start[n], found.skill_start[n + 1])
        skills = zip(found.skill[span], found.level[span], found.optional[span], strict=True)
        assert sorted([found.names.skills[s], level, plus] for s, level, plus in skills) == sorted(row["s"])
    assert found.skill_start[-1] == len(found.skill) > 200


def test_places_are_those_of_the_history(drawn):
    """Would catch texts that are laid to another cluster or month than the counts."""
    history, found = read_history(drawn, progress=SILENT), read_texts(drawn, progress=SILENT)
    assert (found.names.clusters, found.names.skills) == (history.clusters, history.skills)
    assert (found.month[found.cluster >= 0] - history.first_month).min() == 0
    assert history.first_month == 12 * history.start.year + history.start.month - 1


def test_only_what_is_asked_for_is_read(drawn):
    """Would catch an update that leaves out a changed posting or reads all of them again."""
    day = date(2023, 1, 1)
    rows = drawn.read("MATCH (p:Job) RETURN p.code AS code, p.releasedOn > $day AS later", day=day)
    later = sorted(row["code"] for row in rows if row["later"])
    assert list(read_texts(drawn, after=day, progress=SILENT).codes) == later
    assert len(read_texts(drawn, through=day, progress=SILENT)) == len(rows) - len(later)
    assert read_texts(drawn, codes=["p:3", "p:gone", "p:11"], progress=SILENT).codes == ("p:11", "p:3")
    since: datetime = date_time(LAST)
    assert len(read_texts(drawn, changed=since, progress=SILENT)) == 0
    drawn.write("MATCH (p:Job {code: 'p:5'}) SET p.updatedAt = $at", at=since + timedelta(days=1))
    assert read_texts(drawn, changed=since, progress=SILENT).codes == ("p:5",)


def test_attributes_are_those_of_the_postings_of_a_stretch(drawn):
    """Would catch a day too many or too few at either end, a missing number that counts, and another unit of pay."""
    days = sorted(row["day"].to_native() for row in drawn.read("MATCH (j:Job) RETURN j.releasedOn AS day"))
    after, through = days[len(days) // 4], days[3 * len(days) // 4]
    found = read_attributes(drawn, after=after, through=through)
    rows = read_texts(drawn, after=after, through=through, progress=SILENT)
    assert 10 < len(rows) < len(days)
    for name in ("salary", "education", "headcount"):
        told, expected = getattr(found, name), getattr(rows, name)
        assert np.isnan(told).sum() == np.isnan(expected).sum()
        assert np.sort(told[~np.isnan(told)]) == pytest.approx(np.sort(expected[~np.isnan(expected)])), name


@given(
    words=st.lists(st.text("0123456789abcdef", min_size=1, max_size=30), min_size=1, max_size=8, unique=True),
    longer=st.integers(1, 40),
)
def test_marks_tell_texts_apart_whatever_stands_beside_them(words, longer):
    """Would catch a posting that is due again because another one's digest is longer, and a change that goes unseen."""
    marks = marks_of(np.array(words))
    assert len(set(marks.tolist())) == len(words)
    assert marks_of(np.array([*words, "x" * (31 + longer)]))[:-1].tolist() == marks.tolist()
