"""The files of a world: the same bytes for the same world, the sizes asked for, references that hold."""

import dataclasses
import json
from pathlib import Path

import pytest

from etl.sources.tables import TABLES
from etl.sources.university import PAPER, SMALL, Manifest, World, generate
from etl.sources.university.files import HEADERS
from schema.errors import SettingsError
from tests.etl.university.conftest import TINY, table


def test_same_world_same_bytes(tiny: Manifest, tmp_path: Path) -> None:
    """Catches a set order, a clock or an unseeded draw anywhere in the generator."""
    again = generate(TINY, tmp_path)
    assert again.digest == tiny.digest
    for entry in tiny.files:
        assert (tmp_path / entry.name).read_bytes() == (tiny.folder / entry.name).read_bytes(), entry.name


def test_another_seed_changes_every_table(tiny: Manifest, tmp_path: Path) -> None:
    """Catches a room that ignores the seed. The mapping, the clusters' names and the law of recency are not drawn."""
    other = generate(dataclasses.replace(TINY, seed=6), tmp_path)
    digests = {entry.name: entry.digest for entry in tiny.files}
    same = {entry.name for entry in other.files if digests[entry.name] == entry.digest}
    assert same <= {"postings.toml", "truth/recency.csv"}


def test_the_sizes_are_exact(tiny: Manifest) -> None:
    """Catches a copy that comes on top of the postings, or a rounding that loses one."""
    assert tiny.rows["postings.csv"] == TINY.postings == len(table(tiny.folder, "postings"))
    assert tiny.rows["students.csv"] == TINY.students
    assert tiny.rows["job_clusters.csv"] == TINY.clusters
    assert tiny.rows["interactions.csv"] == TINY.interaction_count
    assert tiny.rows["internships.csv"] + tiny.rows["outcomes.csv"] == TINY.career_count
    assert tiny.rows["resources.csv"] + tiny.rows["policies.csv"] == TINY.resource_count


def test_the_paper_has_the_paper_s_sizes() -> None:
    """Catches a preset that drifts from the published figures."""
    assert (PAPER.postings, PAPER.students, PAPER.months, PAPER.career_count) == (84_216, 18_274, 48, 6_315)
    assert PAPER.postings + PAPER.interaction_count == 126_000
    assert PAPER.start == "2021-01"
    assert SMALL.window.end == PAPER.window.end


def test_headers_are_those_of_the_loaders() -> None:
    """Catches a column that the loaders call differently."""
    for declared in TABLES.values():
        if declared.name in HEADERS:
            assert HEADERS[declared.name].split(",") == [column.name for column in declared.columns], declared.name


def test_references_hold_but_for_planted_ones(tiny: Manifest) -> None:
    """Catches a record of a student, resource, employer or cluster that is in no table."""
    folder = tiny.folder
    codes = {
        name: {row["code"] for row in table(folder, name)}
        for name in ("students", "resources", "policies", "employers", "job_clusters", "postings")
    }
    resources = codes["resources"] | codes["policies"]
    kinds = {row["code"]: row["kind"] for row in table(folder, "resources")}
    records = table(folder, "course_records")
    bad = [row for row in records if row["course"] not in resources]
    assert len(bad) == tiny.planted["bad_course_references"] > 0
    assert all(kinds[row["course"]] == "course" for row in records if row["course"] in resources)
    assert all(kinds[row["certificate"]] == "certificate" for row in table(folder, "certificates"))
    assert all(kinds[row["competition"]] == "competition" for row in table(folder, "competitions"))
    assert all(kinds[row["resource"]] in ("practicum", "project") for row in table(folder, "practice"))
    for name in ("course_records", "certificates", "competitions", "practice", "internships", "outcomes", "ventures"):
        assert all(row["student"] in codes["students"] for row in table(folder, name)), name
    for name, column in (("internships", "job_cluster"), ("outcomes", "job_cluster"), ("students", "goal")):
        assert all(not row[column] or row[column] in codes["job_clusters"] for row in table(folder, name)), name
    for name in ("internships", "outcomes"):
        assert all(not row["employer"] or row["employer"] in codes["employers"] for row in table(folder, name)), name
    assert all(row["prerequisites"] in {"", *resources} for row in table(folder, "resources"))
    items = resources | codes["postings"]
    interactions = table(folder, "interactions")
    assert all(row["item"] in items and row["student"] in codes["students"] for row in interactions)
    assert len({row["key"] for row in interactions}) == len(interactions)
    names = {row["name"] for row in table(folder, "employers")}
    assert len(names) == len(codes["employers"])
    assert all(row["employer"] in {"", *names} for row in table(folder, "postings"))


def test_records_have_one_key_each(tiny: Manifest) -> None:
    """Catches two records of the same student, item and term, which a loader would take for one."""
    for name, item in (("certificates", "certificate"), ("competitions", "competition"), ("internships", "employer")):
        rows = table(tiny.folder, name)
        assert len({(row["student"], row[item], row["term"]) for row in rows}) == len(rows), name
    outcomes = table(tiny.folder, "outcomes")
    assert len({(row["student"], row["started_on"]) for row in outcomes}) == len(outcomes)


def test_world_json_tells_it_all(tiny: Manifest) -> None:
    """Catches a world.json that differs from what was generated."""
    about = json.loads((tiny.folder / "world.json").read_text(encoding="utf-8"))
    assert "synthetic" in about["notice"]
    sizes = {
        name: about["parameters"][name] for name in ("postings", "students", "months", "clusters", "seed", "start")
    }
    assert World(**sizes) == TINY
    assert about["ceiling"]["accuracy"] == tiny.ceiling.accuracy
    assert about["planted"] == tiny.planted
    assert about["files"]["postings.csv"]["rows"] == TINY.postings


@pytest.mark.parametrize("wrong", [{"postings": 5}, {"months": 3}, {"clusters": 2}, {"seed": -1}, {"start": "2021-13"}])
def test_sizes_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    """Catches a world that could only fail later, deep inside."""
    with pytest.raises(SettingsError):
        World(**wrong)  # type: ignore[arg-type]


def test_more_clusters_than_occupations(tmp_path: Path) -> None:
    """Catches variants of occupations that share a code or a name."""
    manifest = generate(World(postings=500, students=60, months=15, clusters=300), tmp_path)
    rows = table(manifest.folder, "job_clusters")
    assert len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == 300
