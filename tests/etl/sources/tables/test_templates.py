"""Templates and documentation agree with the declarations."""

import csv
import io
from pathlib import Path

import pytest

from etl.sources.tables import TABLES, EdgeTable, described, page, table, template
from etl.sources.tables.description import header
from etl.sources.tables.table import tag
from schema.errors import DeclarationError, InputError
from schema.model import MODEL

DOCS = Path(__file__).parents[4] / "docs" / "templates.md"


@pytest.mark.parametrize("name", TABLES)
def test_a_template_has_the_declared_columns(name: str) -> None:
    """Catches a column that was declared and not put into the template, or the other way round."""
    text = template(name)
    assert text.startswith(header(TABLES[name]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    first = {column.name: column.example for column in TABLES[name].columns}
    assert rows[0] == first
    for column in TABLES[name].columns:
        assert column.meaning and column.form.description
        assert column.example or not column.required


def test_the_page_is_current() -> None:
    """Catches a changed column whose documentation was not written again."""
    assert DOCS.read_text(encoding="utf-8") == page()


def test_tables_become_what_the_model_declares() -> None:
    """Catches a table that writes a relationship which the model does not know between these labels."""
    for each in TABLES.values():
        if isinstance(each, EdgeTable):
            for target in each.targets:
                relationship = MODEL.relationship(target.type)
                assert {target.start, MODEL.node(target.start).label} & set(relationship.starts)
                assert {target.end, MODEL.node(target.end).label} & set(relationship.ends)
                assert len(each.keys) == len(relationship.keys)
        else:
            for type_ in (*each.target.edges, *(link.type for link in each.links)):
                MODEL.relationship(type_)


def test_tables_are_told_apart_by_their_tags() -> None:
    """Catches two tables with one tag: a full export of one would close the other's records."""
    assert len({tag(each) for each in TABLES.values()}) == len(TABLES)


def test_an_unknown_table_names_the_nearest() -> None:
    """Catches a message that leaves the reader to guess, and a page for a table that is not there."""
    with pytest.raises(InputError, match="course_records"):
        table("course_record")
    assert table("course-records").name == "course_records"
    assert [row[0] for row in described("certificates")] == ["student", "certificate", "term", "result"]


def test_a_declaration_that_contradicts_itself_fails() -> None:
    """Catches one header for two columns, which would be found only when a file has it."""
    students = TABLES["students"]
    doubled = (*students.columns, students.columns[0])
    with pytest.raises(DeclarationError, match="twice"):
        type(students)("students", "", doubled, students.target, students.parcel)
