"""Job postings end to end, on the real server."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cypher import migrate
from cypher.graph import Graph
from etl import candidates, release
from etl.mapping import ColumnMapping
from schema.errors import InputError, JobError
from tests.etl.sources.campus import (
    AT,
    BASE,
    SOURCE,
    bring,
    bring_in_batches,
    distinct,
    facts,
    held,
    jobs,
    row,
    seed,
    write,
)

REQUIRED = (
    "MATCH (job:Job {code: $code})-[edge:REQUIRES]->(skill:Skill) RETURN skill.code AS skill, edge.level AS level, "
    "edge.optional AS optional, edge.start AS start, edge.end AS end, edge.evidence AS evidence ORDER BY skill"
)


@pytest.fixture
def graph(empty_graph) -> Iterator[Graph]:
    """An empty graph with catalog, skills and clusters."""
    with Graph(empty_graph) as opened:
        migrate.migrate(opened)
        seed(opened)
        yield opened


def required(graph: Graph, code: str) -> dict[str, tuple[float, bool]]:
    """Skill -> (level, optional) of a posting."""
    records = graph.read(REQUIRED, code=f"{SOURCE}:{code}")
    return {each["skill"]: (each["level"], each["optional"]) for each in records}


def test_a_posting_arrives_with_all_its_neighbours(graph, tmp_path):
    """Catches a field that gets lost, a wrong unit of pay, and an edge to the wrong place."""
    report = bring(graph, write(tmp_path / "jobs.csv", [BASE]))
    assert (report.passes[0].new, report.held_back) == (1, 0)
    (record,) = graph.read(
        "MATCH (job:Job {code: 'campus:1'})-[:IN_CLUSTER]->(cluster), (job)-[:POSTED_BY]->(employer)"
        "-[:OPERATES_IN]->(industry), (job)-[:LOCATED_IN]->(region)-[:PART_OF]->(country) "
        "RETURN job, cluster.code AS cluster, employer.name AS employer, industry.code AS industry, "
        "region.code AS region, country.code AS country"
    )
    job = record["job"]
    assert record.values()[1:] == ["fc:data-analyst", "Acme Ltd", "isic:J62", "region:CN-310000", "region:CN"]
    assert (job["salaryMin"], job["salaryMax"], job["salaryCurrency"], job["salaryPeriod"]) == (
        60e3,
        75e3,
        "USD",
        "year",
    )
    assert (job["releasedOn"].iso_format(), job["closesOn"].iso_format()) == ("2025-03-05", "2025-04-30")
    assert (job["education"], job["headcount"], job["language"], job["name"]) == (6, 2, "en", "Data Analyst")


def test_skills_have_levels_and_evidence(graph, tmp_path):
    """Catches a negated skill that is taken for asked, a plus taken for a must, and offsets into another text."""
    bring(graph, write(tmp_path / "jobs.csv", [BASE]))
    assert required(graph, "1") == {"fc:python": (1.0, False), "fc:sql": (0.8, False), "fc:docker": (0.5, True)}
    text = f"{BASE['responsibilities']}\n{BASE['requirements']}"
    for each in graph.read(REQUIRED, code="campus:1"):
        assert text[each["start"] : each["end"]] == each["evidence"]


def test_skills_of_a_column_are_explicit_and_unknown_ones_are_candidates(graph, tmp_path):
    """Catches a skills column that is read as prose, and unknown terms that vanish."""
    posting = row("1", skills="SQL; Docker; Quantum Basket Weaving")
    bring(graph, write(tmp_path / "jobs.csv", [posting]))
    assert required(graph, "1")["fc:docker"] == (1.0, False)
    found = {each.term: each.postings for each in candidates.top(graph)}
    assert found["quantum basket weaving"] == 1


def test_candidates_are_counted_over_open_postings_and_forgotten_with_them(graph, tmp_path):
    """Catches counts that only grow."""
    rows = [distinct(number, skills="Basketry") for number in range(3)]
    bring(graph, write(tmp_path / "jobs.csv", rows), full=True)
    (term,) = (each for each in candidates.top(graph) if each.term == "basketry")
    assert (term.postings, term.examples) == (3, ("campus:0", "campus:1", "campus:2"))
    bring(graph, write(tmp_path / "jobs.csv", [distinct(7)]), full=True)
    assert "basketry" not in {each.term for each in candidates.top(graph)}


def test_the_same_file_twice_changes_nothing(graph, tmp_path):
    """Catches any write, also of an instant, for a row that has not changed."""
    rows = [*(distinct(number) for number in range(6)), row("9", title=""), row("8", released_on="soon")]
    path = write(tmp_path / "jobs.csv", rows)
    bring(graph, path)
    before = facts(graph)
    report = bring(graph, path)
    assert report.nothing_changed
    assert (report.passes[0].unchanged, report.passes[0].still_held) == (6, 2)
    assert facts(graph) == before


def test_a_changed_row_changes_only_what_is_its_own(graph, tmp_path):
    """Catches a re-write of other postings, and skills that stay although the text dropped them."""
    path = tmp_path / "jobs.csv"
    bring(graph, write(path, [distinct(1), distinct(2)]))
    before = {fact for fact in facts(graph) if "campus:1'" not in fact}
    changed = {**distinct(1), "requirements": "Must know SQL.", "salary": "$90,000 a year"}
    report = bring(graph, write(path, [changed, distinct(2)]))
    assert (report.passes[0].changed, report.passes[0].unchanged, report.passes[0].new) == (1, 1, 0)
    assert required(graph, "1") == {"fc:sql": (1.0, False)}
    assert {fact for fact in facts(graph) if "campus:1'" not in fact} == before


def test_a_row_gone_from_a_full_export_is_closed_and_opened_again(graph, tmp_path):
    """Catches deletion, closing by a partial file, and a posting that stays closed although it is back."""
    path = tmp_path / "jobs.csv"
    bring(graph, write(path, [distinct(1), distinct(2)]), full=True)
    bring(graph, write(path, [distinct(1)]))
    assert jobs(graph) == {"1", "2"}
    assert bring(graph, write(path, [distinct(1)]), full=True).passes[0].closed == 1
    assert jobs(graph) == {"1"}
    bring(graph, write(path, [distinct(1), distinct(2)]), full=True)
    assert jobs(graph) == {"1", "2"}
    assert graph.read("MATCH (job:Job) RETURN count(job) AS jobs")[0]["jobs"] == 2


def test_a_repost_stands_in_for_the_posting_that_its_export_dropped(graph, tmp_path):
    """Catches a posting that is held as a repeat of one that the same load closes, so that both are gone."""
    path = tmp_path / "jobs.csv"
    bring(graph, write(path, [row("1")]), full=True)
    bring(graph, write(path, [row("2", released_on="2025-03-20")]), full=True)
    assert jobs(graph) == {"2"}


def test_a_gb18030_file_with_its_own_columns(graph, tmp_path):
    """Catches mojibake, yuan a year instead of a month, and Chinese text read by words."""
    posting = {
        "职位编号": "J7",
        "职位名称": "【急聘】数据分析师（上海）",
        "岗位职责": "负责销售数据的整理和报表制作，与各部门沟通需求，定期汇报分析结果。",
        "任职要求": "1、精通Python编程；2、熟悉SQL语言；3、有数据清洗经验者优先；无需Java。",
        "学历要求": "本科及以上",
        "工作地点": "上海市浦东新区",
        "薪资": "0.8-1.2万/月",
        "发布日期": "2025年3月5日",
        "公司名称": "云图科技有限公司",
    }
    bring(graph, write(tmp_path / "jobs.csv", [posting], encoding="gb18030"))
    assert required(graph, "J7") == {
        "fc:python": (1.0, False),
        "fc:sql": (0.8, False),
        "fc:data-cleaning": (0.5, True),
    }
    (record,) = graph.read("MATCH (job:Job)-[:IN_CLUSTER]->(cluster) RETURN job, cluster.code AS cluster")
    job = record["job"]
    assert record["cluster"] == "fc:data-analyst"
    assert (job["salaryMin"], job["salaryMax"], job["salaryCurrency"], job["salaryPeriod"]) == (
        8e3,
        12e3,
        "CNY",
        "month",
    )
    assert (job["language"], job["education"], job["regionText"]) == ("zh", 6, "上海市浦东新区")


def test_json_ld_maps_itself(graph, tmp_path):
    """Catches HTML left in the text, and pay or place left in their nested objects."""
    posting = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": "Java Engineer",
        "identifier": {"@type": "PropertyValue", "name": "Acme", "value": "ld-1"},
        "description": "<p>Build services.</p><ul><li>Teamwork</li><li>Docker &amp; SQL</li></ul>",
        "qualifications": "Must know <b>Java</b>.",
        "datePosted": "2025-05-02",
        "validThrough": "2025-07-01T00:00:00Z",
        "hiringOrganization": {"@type": "Organization", "name": "Acme Ltd"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "London", "addressCountry": "GB"}},
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "GBP",
            "value": {"@type": "QuantitativeValue", "minValue": 40000, "maxValue": 50000, "unitText": "YEAR"},
        },
    }
    path = tmp_path / "job.jsonld"
    path.write_text(json.dumps(posting), encoding="utf-8")
    bring(graph, path)
    assert required(graph, "ld-1").keys() == {"fc:java", "fc:docker", "fc:sql", "fc:teamwork"}
    (record,) = graph.read(
        "MATCH (cluster)<-[:IN_CLUSTER]-(job:Job {code: 'campus:ld-1'})-[:LOCATED_IN]->(region) "
        "RETURN job, cluster.code AS cluster, region.name AS place"
    )
    job = record["job"]
    assert (record["cluster"], record["place"]) == ("fc:java-developer", "London")
    assert (job["salaryMin"], job["salaryMax"], job["salaryCurrency"]) == (40e3, 50e3, "GBP")
    assert "<" not in job["responsibilities"] and "Docker & SQL" in job["responsibilities"]


def test_bad_rows_go_to_quarantine_and_the_good_ones_in(graph, tmp_path):
    """Catches a load that stops at a bad row, and a reason without file, line or column."""
    rows = [distinct(1), distinct(2, released_on="32.13.2024"), distinct(3, salary="plenty of gold coins 3")]
    path = write(tmp_path / "jobs.csv", rows)
    path.write_bytes(path.read_bytes() + b"4,too,few,cells\r\n")
    report = bring(graph, path)
    assert jobs(graph) == {"1", "3"}
    assert report.quarantined == 2
    assert report.passes[0].notes["salary not understood"] == 1
    first, second = release.held(graph, stage="quarantine")
    assert (first.file.endswith("jobs.csv"), first.line, first.column) == (True, 3, "released_on")
    assert "32.13.2024" in first.reason
    assert second.line == 5


def test_an_unclassified_posting_is_kept_counted_and_has_candidates(graph, tmp_path):
    """Catches a posting that vanishes because no cluster has its title."""
    report = bring(graph, write(tmp_path / "jobs.csv", [distinct(1, title="Data Whisperer")]))
    assert report.passes[0].notes["unclassified"] == 1
    (record,) = graph.read(
        "MATCH (job:Job)-[:IN_CLUSTER]->(cluster:JobCluster) "
        "RETURN cluster.code AS cluster, job.nearestClusters AS nearest"
    )
    assert record["cluster"] == "fc:unclassified"
    assert record["nearest"][0] in ("fc:data-analyst", "onet:15-2051.00")


def test_a_column_may_found_clusters_of_its_own(graph, tmp_path):
    """Catches a rule by column that asks the title, and a second load that takes its own clusters for a standard."""
    mapping = ColumnMapping(clusters="column")
    rows = [distinct(1, job_cluster="Beekeeping"), distinct(2, job_cluster="Data Analyst", title="Nurse")]
    path = write(tmp_path / "jobs.csv", rows)
    bring(graph, path, mapping=mapping)
    found = graph.read(
        "MATCH (job:Job)-[:IN_CLUSTER]->(c) RETURN job.code AS job, c.code AS c, c.rule AS rule ORDER BY job"
    )
    assert [each.values() for each in found] == [
        ["campus:1", "campus:cluster:beekeeping", "column"],
        ["campus:2", "fc:data-analyst", "occupation"],
    ]
    assert bring(graph, path, mapping=mapping).nothing_changed


def test_screening_holds_back_what_cannot_be_believed(graph, tmp_path):
    """Catches each rule of screening that lets its case through, or holds back a good posting."""
    rows = [
        row("1"),
        distinct(2, title=""),
        {**distinct(3), "responsibilities": "", "requirements": ""},
        distinct(4, released_on="2025-07-01"),
        distinct(5, released_on="1985-01-01"),
        distinct(6, closes_on="2025-03-01"),
        distinct(7, salary="$60 - 75 a year"),
        distinct(8, salary="$6,000 - 600,000 a year"),
        row("9"),
        row("10", requirements=BASE["requirements"].replace("Must know", "You know"), released_on="2025-03-20"),
        row("11", released_on="2025-06-01", closes_on=""),
        row("12", employer="Other Ltd"),
        distinct(13, closes_on="2025-05-01"),
    ]
    bring(graph, write(tmp_path / "jobs.csv", rows))
    assert held(graph) == {
        "2": ("screening", "incomplete"),
        "3": ("screening", "incomplete"),
        "4": ("screening", "dates"),
        "5": ("screening", "dates"),
        "6": ("screening", "dates"),
        "7": ("screening", "pay"),
        "8": ("screening", "pay"),
        "9": ("screening", "duplicate"),
        "10": ("screening", "duplicate"),
    }
    assert jobs(graph) == {"1", "11", "12", "13"}
    (near,) = release.held(graph, codes=["held:campus:Job:campus:10"])
    assert near.duplicate_of == "campus:1"


def test_closed_postings_are_history_unless_a_live_feed_says_otherwise(graph, tmp_path):
    """Catches a load of past years that holds all of it back as expired."""
    path = write(tmp_path / "jobs.csv", [distinct(1, closes_on="2025-05-01"), distinct(2, closes_on="2025-12-01")])
    bring(graph, path, mapping=ColumnMapping(hold_expired=True))
    assert (jobs(graph), held(graph)) == ({"2"}, {"1": ("screening", "expired")})


def test_a_released_row_goes_in_and_stays_in(graph, tmp_path):
    """Catches a release that waits for the next load, and a next load that holds the row back again."""
    path = write(tmp_path / "jobs.csv", [row("1"), row("2"), distinct(3, title="")])
    bring(graph, path)
    (code,) = (each.code for each in release.held(graph, rule="duplicate"))
    done = release.release(graph, codes=[code])
    assert (done.loaded, done.waiting, done.refused) == (("campus:2",), (), {})
    assert jobs(graph) == {"1", "2"}
    assert required(graph, "2") == required(graph, "1")
    before = facts(graph)
    assert bring(graph, path).nothing_changed
    assert facts(graph) == before
    assert release.release(graph, rule="incomplete").loaded == ("campus:3",)


def test_a_row_that_cannot_be_read_is_not_released(graph, tmp_path):
    """Catches a release that says that it has loaded what nobody can read."""
    bring(graph, write(tmp_path / "jobs.csv", [distinct(1), distinct(2, released_on="never")]))
    (bad,) = release.held(graph)
    done = release.release(graph, codes=[bad.code])
    assert (done.loaded, list(done.refused)) == ((), [bad.code])
    with pytest.raises(InputError, match="nothing-here"):
        release.release(graph, codes=["nothing-here"])


def test_a_held_version_goes_once_the_file_is_back_at_what_is_loaded(graph, tmp_path):
    """Catches a held row that stays for ever, though the file no longer holds it; a person's release of it stays."""
    path = tmp_path / "jobs.csv"
    good, bad = [distinct(1), distinct(2)], [distinct(1, title=""), distinct(2, released_on="never")]
    bring(graph, write(path, good))
    before = facts(graph)
    bring(graph, write(path, bad))
    assert set(held(graph)) == {"1", "2"}
    report = bring(graph, write(path, good))
    assert (report.passes[0].unchanged, report.passes[0].settled, report.nothing_changed) == (2, 2, False)
    assert (held(graph), facts(graph)) == ({}, before)
    assert bring(graph, path).nothing_changed


def repeating_rows() -> list[dict[str, str]]:
    """Postings among which several repeat others, near and far in the file."""
    rows = []
    for number in range(20):
        text = distinct(number % 7)["responsibilities"] + f" {number}"
        rows.append(
            row(str(number), employer="Acme Ltd", responsibilities=text, released_on=f"2025-03-{number + 1:02d}")
        )
    return rows


@pytest.fixture
def whole(graph, tmp_path) -> tuple[set[str], object]:
    """The facts of a load in one batch, and the file."""
    path = write(tmp_path / "jobs.csv", repeating_rows())
    bring_in_batches(graph, path, batch=1000)
    assert {rule for _, rule in held(graph).values()} == {"duplicate"}
    return facts(graph), path


@pytest.mark.parametrize("batch", [1, 3])
def test_the_batch_size_does_not_matter(graph, whole, batch):
    """Catches duplicates that are only found within a batch."""
    expected, path = whole
    graph.write("MATCH (node) WHERE NOT node:Skill AND NOT node:JobCluster AND NOT node:Migration DETACH DELETE node")
    bring_in_batches(graph, path, batch=batch)
    assert facts(graph) == expected


@pytest.mark.parametrize("rows", [5, 12])
def test_a_killed_load_ends_with_the_same_graph(graph, whole, rows):
    """Catches a screening that judges by what this run has seen instead of by what the graph holds."""
    expected, path = whole
    graph.write("MATCH (node) WHERE NOT node:Skill AND NOT node:JobCluster AND NOT node:Migration DETACH DELETE node")
    bring_in_batches(graph, path, batch=3, rows=rows, run="killed")
    bring_in_batches(graph, path, batch=3, run="again")
    assert facts(graph) == expected


def test_a_posting_without_a_code_still_loads_once(graph, tmp_path):
    """Catches a code made of a line number, which would double the posting when the file is sorted anew."""
    rows = [{**distinct(number), "code": ""} for number in range(3)]
    path = tmp_path / "jobs.csv"
    bring(graph, write(path, rows))
    assert len(jobs(graph)) == 3
    assert bring(graph, write(path, reversed(rows))).nothing_changed


def test_a_future_posting_is_judged_again_when_its_day_has_come(graph, tmp_path):
    """Catches a scheduled posting that stays held for ever."""
    path = write(tmp_path / "jobs.csv", [distinct(1, released_on="2025-06-10", closes_on="")])
    bring(graph, path)
    assert held(graph) == {"1": ("screening", "dates")}
    bring(graph, path, at=AT + timedelta(days=9))
    assert (jobs(graph), held(graph)) == ({"1"}, {})


def test_postings_without_a_vocabulary_are_refused(empty_graph, tmp_path):
    """Catches a load that silently gives no posting any skill."""
    with Graph(empty_graph) as opened, pytest.raises(JobError, match="vocabulary"):
        bring(opened, write(tmp_path / "jobs.csv", [BASE]))
