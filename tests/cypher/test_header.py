"""Headers of query files: read, rendered, and refused with file and line."""

import datetime
import math
import string
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cypher.header import Field, Header
from cypher.values import Range, ValueType
from schema.errors import QueryError

plain_names = st.sampled_from(
    ["string", "integer", "float", "boolean", "date", "datetime", "bytes", "map", "node", "any"]
)
items = st.recursive(
    plain_names.map(ValueType), lambda inner: inner.map(lambda item: ValueType("list", item)), max_leaves=3
)
types = st.builds(lambda item, nullable: ValueType(item.name, item.item, nullable), items, st.booleans())
names = st.from_regex(r"[a-z][A-Za-z0-9]{0,8}", fullmatch=True)
words = st.text(string.ascii_letters + "学生", min_size=1, max_size=8)
remarks = st.lists(words, max_size=3).map(" ".join).filter(lambda text: Range.parse(text) is None)
whole = st.integers(-1000, 1000)


@st.composite
def ranges(draw):
    low = draw(whole)
    return Range(low, draw(st.none() | st.integers(low, 2000)))


@st.composite
def fields(draw):
    type_ = draw(types)
    return Field(draw(names), type_, draw(st.none() | ranges()) if type_.is_number else None, draw(remarks))


@st.composite
def headers(draw):
    parameters = draw(st.lists(fields(), max_size=4, unique_by=lambda field: field.name))
    columns = draw(st.lists(fields(), max_size=4, unique_by=lambda field: field.name))
    examples = tuple((each.name, draw(words)) for each in parameters if draw(st.booleans()))
    sentence = " ".join(draw(st.lists(words, min_size=1, max_size=6))) + "."
    mode = draw(st.sampled_from(["read", "write"]))
    scan = draw(st.just("") | words)
    return Header(sentence, mode, tuple(parameters), tuple(columns), scan, examples)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(headers())
def test_rendered_header_is_read_back(header):
    """Would catch any field that is lost, reordered or read as another."""
    assert Header.parse(f"{header.render()}RETURN 1 AS one\n", "room/name.cypher") == header


@given(types)
def test_type_is_read_back(type_):
    """Would catch 'or null' bound to the item instead of the list."""
    assert ValueType.parse(str(type_)) == type_


def parse(text):
    return Header.parse(textwrap.dedent(text).lstrip(), "room/name.cypher")


def test_example_of_the_documents_is_read():
    """Would catch a form that the documents promise and the reader refuses."""
    header = parse(
        """
        // Open postings nearest to a student,
        // with the signals that scoring needs.
        // mode: read
        // parameter studentCode: string
        // parameter k: integer, 1 to 500
        // column jobCode: string
        // column nearness: float, 0 to 1, larger is nearer
        // example k: 10

        MATCH (student:Student {code: $studentCode})
        """
    )
    assert header.sentence == "Open postings nearest to a student, with the signals that scoring needs."
    assert header.parameters[1] == Field("k", ValueType("integer"), Range(1, 500))
    assert header.columns[1] == Field("nearness", ValueType("float"), Range(0, 1), "larger is nearer")
    assert (header.columns[1].line, header.body_line) == (7, 10)
    assert header.examples == (("k", "10"),)


@pytest.mark.parametrize(
    ("lines", "line", "given_text"),
    [
        (["// A.", "RETURN 1"], 1, "no mode"),
        (["// mode: read", "RETURN 1"], 1, "no sentence"),
        (["// A.", "// mode: read"], 1, "no Cypher"),
        (["// A.", "// mode: look", "RETURN 1"], 2, "mode 'look'"),
        (["// A.", "// mode: read", "// mode: read", "RETURN 1"], 3, "mode twice"),
        (["// A.", "// mode: read", "// paramter a: string", "RETURN 1"], 3, "paramter a"),
        (["// A.", "// mode: read", "// parameter a: text", "RETURN 1"], 3, "type 'text'"),
        (["// A.", "// mode: read", "// parameter a: list of string or null or null", "RETURN 1"], 3, "or null"),
        (["// A.", "// mode: read", "// parameter a: string, 1 to 5", "RETURN 1"], 3, "range '1 to 5'"),
        (["// A.", "// mode: read", "// column a: integer, 5 to 1", "RETURN 1"], 3, "range '5 to 1'"),
        (["// A.", "// mode: read", "// parameter a: string", "// parameter a: string", "RETURN 1"], 4, "a twice"),
        (["// A.", "// mode: read", "// column a: string", "// column a: map", "RETURN 1"], 4, "column a twice"),
        (["// A.", "// mode: read", "// example a: 1", "RETURN 1"], 1, "example for 'a'"),
        (["// A.", "// mode: read", "RETURN $a", "// parameter a: string"], 4, "below the first clause"),
    ],
)
def test_broken_header_names_file_and_line(lines, line, given_text):
    """Would catch a broken header that is passed over, or reported on another line."""
    with pytest.raises(QueryError) as caught:
        Header.parse("\n".join(lines), "room/name.cypher")
    assert caught.value.where == f"room/name.cypher:{line}"
    assert given_text in caught.value.given


ZONED = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("type_", "fits", "faulty"),
    [
        ("string", ["", "a"], [1, None]),
        ("integer", [0, -3], [True, 1.0, "1"]),
        ("float", [0.5, 1], [True, "0.5"]),
        ("boolean", [True], [1, "true"]),
        ("date", [datetime.date(2024, 1, 1)], [ZONED, "2024-01-01"]),
        ("datetime", [ZONED], [datetime.datetime(2024, 1, 1), datetime.date(2024, 1, 1)]),
        ("bytes", [b"a"], ["a"]),
        ("map", [{}], [[]]),
        ("list of string", [[], ["a"], ("a",)], [["a", 1], "a", [None]]),
        ("list of integer or null", [None, [1]], [[True]]),
        ("any", [None, 1, "a"], []),
    ],
)
def test_values_fit_types(type_, fits, faulty):
    """Would catch Python's lookalikes: True as 1, a datetime as a date, a time without a zone."""
    parsed = ValueType.parse(type_)
    assert [parsed.fault(each) for each in fits] == [""] * len(fits)
    assert all(parsed.fault(each) for each in faulty)


def test_range_holds_for_each_number():
    """Would catch a range that is checked on the list only, or that not-a-number slips through."""
    share = ValueType.parse("list of float")
    assert share.fault([0.0, 1.0], Range(0, 1)) == ""
    assert share.fault([0.0, 1.5], Range(0, 1)) == "item 1: 1.5 is not in the range 0 to 1"
    assert share.fault([math.nan], Range(0, 1))
    assert ValueType("integer").fault(0, Range(1)) == "0 is not in the range 1 or more"


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("string", "123", "123"),
        ("integer", "123", 123),
        ("float", "1e3", 1000.0),
        ("boolean", "true", True),
        ("date", "2024-03-01", datetime.date(2024, 3, 1)),
        ("datetime", "2024-01-01T00:00:00+00:00", ZONED),
        ("list of string", '["a", "b"]', ["a", "b"]),
        ("list of date", '["2024-03-01"]', [datetime.date(2024, 3, 1)]),
        ("map", '{"a": 1}', {"a": 1}),
        ("string or null", "null", None),
    ],
)
def test_text_is_read_by_type(type_, text, value):
    """Would catch a number passed on as text, or a code that looks like a number passed on as one."""
    assert ValueType.parse(type_).read(text) == value


@pytest.mark.parametrize(
    ("type_", "text"), [("integer", "1.5"), ("integer", "x"), ("datetime", "2024-01-01"), ("map", "[1]")]
)
def test_text_of_another_type_is_refused(type_, text):
    """Would catch a silent cast on the command line."""
    with pytest.raises(QueryError, match=type_):
        ValueType.parse(type_).read(text)
