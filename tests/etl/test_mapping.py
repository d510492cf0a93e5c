"""Column mappings: the TOML file, the usual names, and how cells become fields."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.headings import HEADINGS
from etl.mapping import FIELDS, ColumnMapping
from schema.errors import InputError

WHOLE = """
[columns]
title = "职位名称"
requirements = ["任职要求", "加分项"]
salary = ["low", "high"]
[defaults]
currency = "CNY"
period = "month"
language = "zh"
source = "portal"
[dates]
day_first = true
[options]
encoding = "gb18030"
format = "csv"
full_export = true
hold_expired = true
near_duplicate = 0.8
clusters = "column"
occupations = ["esco", "fc"]
"""


def written(folder: Path, text: str) -> ColumnMapping:
    path = folder / "jobs.toml"
    path.write_text(text, encoding="utf-8")
    return ColumnMapping.read(path)


def test_a_whole_file_is_read(tmp_path):
    """Catches a key that is accepted and then forgotten."""
    mapping = written(tmp_path, WHOLE)
    assert mapping == ColumnMapping(
        columns={"title": ("职位名称",), "requirements": ("任职要求", "加分项"), "salary": ("low", "high")},
        currency="CNY",
        period="month",
        language="zh",
        source="portal",
        day_first=True,
        encoding="gb18030",
        format="csv",
        full_export=True,
        hold_expired=True,
        near_duplicate=0.8,
        clusters="column",
        occupations=("esco", "fc"),
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[columns]\ntitel = 'x'", "[columns] titel"),
        ("[columns]\ntitle = 3", "[columns] title = 3"),
        ("[defaults]\ncurency = 'CNY'", "[defaults] curency"),
        ("[defaults]\ncurrency = 'XXY'", "currency = 'XXY'"),
        ("[defaults]\nperiod = 'decade'", "period = 'decade'"),
        ("[dates]\nday_first = 1", "day_first = 1"),
        ("[options]\nnear_duplicate = 90", "near_duplicate = 90"),
        ("[options]\nclusters = 'guess'", "clusters = 'guess'"),
        ("[option]\nencoding = 'x'", "[option]"),
        ("title = 'x'", "title"),
        ("[columns\n", "Expected"),
    ],
)
def test_an_error_names_file_and_key(tmp_path, text, named):
    """Catches a misspelt key that is silently left out."""
    with pytest.raises(InputError) as error:
        written(tmp_path, text)
    assert named in str(error.value)
    assert "jobs.toml" in str(error.value)


def test_columns_are_joined_each_field_in_its_own_way():
    """Catches pay bounds that run together, and list items glued into prose."""
    columns = {"salary": ("low", "high"), "responsibilities": ("duties", "more"), "location": ("city", "country")}
    cells = {"low": 8000, "high": 12000.0, "duties": " a ", "more": "b", "city": "London", "country": None}
    picked = ColumnMapping(columns=columns).pick(cells)
    assert picked == {"salary": "8000-12000", "responsibilities": "a\nb", "location": "London"}


def test_cells_of_json_and_parquet_become_text():
    """Catches 'None', 'nan' and '[...]' in fields, and nested keys that are not followed."""
    columns = {name: (name,) for name in ("title", "skills", "headcount", "education", "released_on")}
    columns["employer"] = ("company.name",)
    cells = {
        "title": "Analyst",
        "skills": ["SQL", "Python", None],
        "headcount": float("nan"),
        "education": None,
        "released_on": datetime.date(2024, 3, 5),
        "company": {"name": "Acme"},
    }
    expected = {"title": "Analyst", "skills": "SQL; Python", "released_on": "2024-03-05", "employer": "Acme"}
    assert ColumnMapping(columns=columns).pick(cells) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ("Job Title", "Company Name", "Date posted", "Salary Range"),
            {"title": "Job Title", "employer": "Company Name", "released_on": "Date posted", "salary": "Salary Range"},
        ),
        (
            ("岗位名称", "岗位职责", "任职要求", "工作地点", "薪资", "发布日期"),
            {
                "title": "岗位名称",
                "responsibilities": "岗位职责",
                "requirements": "任职要求",
                "location": "工作地点",
                "salary": "薪资",
                "released_on": "发布日期",
            },
        ),
        (FIELDS, dict(zip(FIELDS, FIELDS, strict=True))),
    ],
)
def test_usual_names_are_recognised(names, expected):
    """Catches a heading that only matches in one spelling."""
    bound = ColumnMapping().bound(names, where="jobs.csv", strict=True)
    assert {key: columns[0] for key, columns in bound.columns.items()} == expected


def test_a_file_without_a_title_is_refused():
    """Catches a load of thousands of nameless postings."""
    with pytest.raises(InputError, match="title"):
        ColumnMapping().bound(["a", "b"], where="jobs.csv", strict=True)


def test_a_mapped_column_must_be_there():
    """Catches a typing error in the mapping that would empty a field in every row."""
    mapping = ColumnMapping(columns={"title": ("Title",)})
    with pytest.raises(InputError, match="no column 'Title'"):
        mapping.bound(["title"], where="jobs.csv", strict=True)
    assert mapping.bound(["title"], where="jobs.jsonl", strict=False) == mapping


def test_no_usual_name_means_two_fields():
    """Catches a name in the table that would fill two fields from one column."""
    names = [name for usual in HEADINGS.values() for name in usual]
    assert sorted(names) == sorted(set(names))
    assert set(HEADINGS) == set(FIELDS)


@given(st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(), st.integers(), st.none(), st.floats())))
def test_picking_never_fails_and_gives_plain_texts(cells):
    """Catches a kind of cell that breaks a whole load."""
    picked = ColumnMapping(columns={name: (name,) for name in FIELDS}).pick(cells)
    assert all(isinstance(text, str) and text == text.strip() and text for text in picked.values())


def test_a_mapping_survives_its_own_json():
    """Catches a setting that a released row would be read without."""
    mapping = ColumnMapping(currency="USD", day_first=False, occupations=("esco",), near_duplicate=0.5)
    assert ColumnMapping.of_json(mapping.as_json()) == mapping
