"""Rows: they come back as written from every format, and a bad row does not stop the file."""

import csv
import gzip
import io
import json
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from etl.rows import BadRow, Row, read
from schema.errors import InputError

HEADER = ["code", "title", "text"]
SAMPLE = [
    ["p1", "Data engineer", 'He said "hi", twice\nand left'],
    ["p2", "数据工程师", "熟悉 Python；加分项"],
    ["p3", "", " x "],
]


def _csv(rows: list[list[str]], header: list[str] = HEADER, **options: Any) -> str:
    held = io.StringIO(newline="")
    writer = csv.writer(held, **options)
    writer.writerow(header)
    writer.writerows(rows)
    return held.getvalue()


def _cells(rows: list[Row | BadRow]) -> list[list[Any]]:
    assert all(isinstance(row, Row) for row in rows), rows
    return [list(row.cells.values()) for row in rows if isinstance(row, Row)]


def _good(rows: list[Row | BadRow]) -> list[Row]:
    return [row for row in rows if isinstance(row, Row)]


def _bad(rows: list[Row | BadRow]) -> list[BadRow]:
    return [row for row in rows if isinstance(row, BadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "\t"), ("a.txt", "|")]
)
def test_tables(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    """A byte order mark in the first name, a wrong delimiter or encoding, or a line lost in a quote."""
    path = tmp_path / name
    path.write_bytes(_csv(SAMPLE, delimiter=delimiter).encode(encoding))
    rows = list(read(path))
    assert _cells(rows) == SAMPLE
    assert [row.line for row in rows] == [2, 4, 5]
    assert list(_good(rows)[0].cells) == HEADER
    assert rows[0].file == str(path)


def test_canonical_bytes_do_not_depend_on_how_it_is_written(tmp_path: Path) -> None:
    """A re-export with other quoting, column order or encoding must not look like changed rows; a changed cell must."""
    plain, other = tmp_path / "a.csv", tmp_path / "b.csv.gz"
    plain.write_text(_csv(SAMPLE), encoding="utf-8", newline="")
    turned = [[row[2], row[0], row[1]] for row in SAMPLE]
    text = _csv(turned, header=["text", "code", "title"], quoting=csv.QUOTE_ALL, delimiter=";", lineterminator="\n")
    other.write_bytes(gzip.compress(text.encode("gb18030")))
    raws = [row.raw for row in read(plain)]
    assert [row.raw for row in read(other)] == raws and len(set(raws)) == 3
    plain.write_text(_csv([["p1", "Data engineer,", SAMPLE[0][2]]]), encoding="utf-8", newline="")
    assert next(read(plain)).raw != raws[0]
    plain.write_text(_csv(SAMPLE, header=["code", "text", "title"]), encoding="utf-8", newline="")
    assert next(read(plain)).raw != raws[0]


@pytest.mark.parametrize("packing", ["gz", "zip", "member", "gz in zip"])
def test_packed(tmp_path: Path, packing: str) -> None:
    """A packed file is read like the plain one, Parquet too, which needs to be read at any place."""
    table = pyarrow.table({name: [row[place] for row in SAMPLE] for place, name in enumerate(HEADER)})
    held = io.BytesIO()
    parquet.write_table(table, held)
    for ending, data in (("csv", _csv(SAMPLE).encode()), ("parquet", held.getvalue())):
        if packing == "gz":
            path = tmp_path / f"a.{ending}.gz"
            path.write_bytes(gzip.compress(data))
            given = str(path)
        else:
            path = tmp_path / f"{ending}.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                inner = f"in/a.{ending}" + (".gz" if packing == "gz in zip" else "")
                archive.writestr(inner, gzip.compress(data) if packing == "gz in zip" else data)
                if packing == "member":
                    archive.writestr("other.txt", "x")
            given = str(path) if packing == "zip" else f"{path}!{inner}"
        rows = list(read(given))
        assert _cells(rows) == SAMPLE
        assert {row.file for row in rows} == {given}


def test_json_forms(tmp_path: Path) -> None:
    """JSON Lines under a .json name, a list, nested cells: each gives the same rows."""
    objects = [{"code": "p1", "tags": ["a", "b"], "n": 3}, {"code": "数据", "note": 'a "],[" \\ b', "x": None}]
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in objects)
    forms = {
        "a.jsonl": lines + "\n",
        "b.json": lines,
        "c.json": json.dumps(objects),
        "d.json": json.dumps(objects, indent=2, ensure_ascii=False),
    }
    raws = set()
    for name, text in forms.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        rows = list(read(tmp_path / name))
        assert [row.cells for row in _good(rows)] == objects, name
        assert [row.line for row in rows] == [1, 2]
        raws.add(tuple(row.raw for row in rows))
    assert len(raws) == 1
    (tmp_path / "e.json").write_text(" [ ] ")
    assert list(read(tmp_path / "e.json")) == []


def test_bad_rows_do_not_stop_a_table(tmp_path: Path) -> None:
    """Wrong numbers of cells, a broken sign and an open quote each give up one line, with its number and column."""
    path = tmp_path / "a.csv"
    path.write_bytes(b'code,title\np1,a\np2\np3,b,c\np4,\xffx\n\np5,"open\np6,d\np7,e\n')
    rows = list(read(path))
    assert [(row.line, list(row.cells.values())) for row in _good(rows)] == [
        (2, ["p1", "a"]),
        (8, ["p6", "d"]),
        (9, ["p7", "e"]),
    ]
    bad = _bad(rows)
    assert [(row.line, row.column) for row in bad] == [(3, ""), (4, ""), (5, "title"), (7, "")]
    assert bad[0].reason == "the row has 1 cells; expected 2"
    assert "not utf-8" in bad[2].reason and bad[2].raw == b"p4,\xffx\n"
    assert "quote" in bad[3].reason


def test_a_record_of_several_lines_with_too_few_cells(tmp_path: Path) -> None:
    """Its quotes are in order, so it is one bad row, and the lines inside its cell are not rows."""
    path = tmp_path / "a.csv"
    path.write_text('code,title,text\np1,"one,two,three\nfour,five,six"\np2,a,b\n')
    rows = list(read(path))
    assert [(row.line, type(row)) for row in rows] == [(2, BadRow), (4, Row)]
    assert _bad(rows)[0].raw.endswith(b'six"\n')


def test_an_open_quote_in_a_long_file(tmp_path: Path) -> None:
    """Without giving the lines again, one quote would swallow every row up to the field limit."""
    path = tmp_path / "a.csv"
    lines = [f"p{number},{'x' * 90}" for number in range(5000)]
    lines[10] = f'p10,"{"x" * 90}'
    path.write_text("code,text\n" + "\n".join(lines) + "\n")
    rows = list(read(path))
    assert len(_good(rows)) == 4999
    assert [row.line for row in _bad(rows)] == [12]
    assert [row.line for row in _good(rows)] == [number for number in range(2, 5002) if number != 12]


def test_a_quote_closed_by_another_row(tmp_path: Path) -> None:
    """Two rows joined by their stray quotes have the right number of cells, and must not pass as one row."""
    path = tmp_path / "a.csv"
    path.write_text('code,text\np1,"open\np2,"whole"\np3,"5" disk\np4,x\n')
    rows = list(read(path))
    assert [(row.line, row.cells["text"]) for row in _good(rows)] == [(3, "whole"), (4, "5 disk"), (5, "x")]
    assert [row.line for row in _bad(rows)] == [2]


def test_bad_rows_do_not_stop_json(tmp_path: Path) -> None:
    """A broken line, an element that is no object, and bytes in another encoding are told apart."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": \n[1]\n\n{"a": "\xff"}\n"x"\n{"a": 2}')
    rows = list(read(path))
    assert [(row.line, row.cells) for row in _good(rows)] == [(1, {"a": 1}), (7, {"a": 2})]
    assert [row.line for row in _bad(rows)] == [2, 3, 5, 6]
    assert ["JSON" in _bad(rows)[0].reason, "a list" in _bad(rows)[1].reason, "utf-8" in _bad(rows)[2].reason] == [
        True
    ] * 3
    path = tmp_path / "b.json"
    path.write_text('[{"a": 1}, 5, {"a": nope}, {"a": 2},, {"a": "]"}]')
    rows = list(read(path))
    assert [(row.line, row.cells) for row in _good(rows)] == [(1, {"a": 1}), (4, {"a": 2}), (6, {"a": "]"})]
    path.write_text('[{"a": 1}, {"a": ')
    with pytest.raises(InputError, match="element 2"):
        list(read(path))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_encoding_that_shows_late(tmp_path: Path, encoding: str) -> None:
    """The first megabytes are ASCII: a choice made there would be a guess."""
    path = tmp_path / "a.csv"
    late = ["最后一行", "数据工程师，熟悉数据库"]
    path.write_bytes(("code,text\n" + "p,ascii only\n" * 200_000 + ",".join(late) + "\n").encode(encoding))
    rows = list(read(path))
    assert len(rows) == 200_001 and _cells(rows[-1:]) == [late]


def test_encodings_that_cannot_be_told(tmp_path: Path) -> None:
    """A file that changes its encoding, or is no text, is refused with the line, and a given encoding is obeyed."""
    path = tmp_path / "a.csv"
    row = "p,数据工程师，熟悉数据库\n"
    path.write_bytes(b"code,text\n" + row.encode() * 50_000 + row.encode("gb18030") * 100_000)
    with pytest.raises(InputError, match=r"a\.csv:\d+: .*gb18030"):
        list(read(path))
    path.write_bytes(b"\x00\x01\x02\xff\xfe\xff" * 100)
    with pytest.raises(InputError, match="neither UTF-8 nor GB18030"):
        list(read(path))
    path.write_bytes("code,text\np,café\n".encode("latin-1"))
    assert _bad(list(read(path)))
    assert _cells(list(read(path, encoding="latin-1"))) == [["p", "café"]]
    with pytest.raises(InputError, match="'x-none' is unknown"):
        list(read(path, encoding="x-none"))


def test_parquet(tmp_path: Path) -> None:
    """Cells keep their types, and the canonical bytes do not depend on how the file is cut into groups."""
    table = pyarrow.table({"b": [date(2024, 3, 5), None], "a": [[1, 2], []], "c": [b"\x01", None]})
    for size in (1, 2):
        parquet.write_table(table, tmp_path / f"{size}.parquet", row_group_size=size)
    rows = [list(read(tmp_path / f"{size}.parquet")) for size in (1, 2)]
    assert [row.cells for row in _good(rows[0])] == [
        {"b": date(2024, 3, 5), "a": [1, 2], "c": b"\x01"},
        {"b": None, "a": [], "c": None},
    ]
    assert [row.raw for row in rows[0]] == [row.raw for row in rows[1]]
    assert [row.line for row in rows[0]] == [1, 2]
    (tmp_path / "x.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="Parquet"):
        list(read(tmp_path / "x.parquet"))


POSTING = {"@context": "https://schema.org", "@type": "JobPosting", "title": "Engineer"}
GRAPH = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "@id": "#us", "name": "ACME"},
        {"@type": ["JobPosting"], "title": "A", "hiringOrganization": {"@id": "#us"}},
        {"@type": "BreadcrumbList", "itemListElement": []},
    ],
}


def test_json_ld(tmp_path: Path) -> None:
    """An object, a list, a graph and a web page each give their postings, and other nodes are passed over."""
    kind = 'type="application/ld+json"'
    page = f"<html><script>var x = 1;</script><script {kind}>{json.dumps(GRAPH)}</script><script {kind}>{{bad</script>"
    for name, text in {
        "a.jsonld": json.dumps(POSTING),
        "a.json": json.dumps(POSTING, indent=1),
        "b.jsonld": json.dumps([POSTING]),
    }.items():
        (tmp_path / name).write_text(text)
        assert [row.cells["title"] for row in _good(list(read(tmp_path / name)))] == ["Engineer"], name
    (tmp_path / "c.json").write_text(json.dumps(GRAPH))
    (row,) = list(read(tmp_path / "c.json"))
    assert isinstance(row, Row) and row.cells["hiringOrganization"]["name"] == "ACME"
    (tmp_path / "d.html").write_text(page)
    rows = list(read(tmp_path / "d.html"))
    assert [row.cells["title"] for row in _good(rows)] == ["A"] and "not JSON" in _bad(rows)[0].reason
    (tmp_path / "e.html").write_text("<p>none</p>")
    assert "JobPosting" in _bad(list(read(tmp_path / "e.html")))[0].reason


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Each mistake with a path is told by name, not as a traceback of the standard library."""
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"a,b\n" + bytes(range(65, 91)) * 9999)[:-20])
    (tmp_path / "not.zip").write_text("x")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
        archive.writestr("b.csv", "a\n1\n")
    messages = {
        "none.csv": "no such file",
        "empty.csv": "empty",
        "twice.csv": "column 'a' stands twice",
        "cut.csv.gz": "cannot be read|breaks off",
        "not.zip": "archive cannot be read",
        "two.zip": r"2 files \(a.csv, b.csv\)",
        "two.zip!c.csv": "no member 'c.csv'",
        "a.xyz": "format option",
    }
    for name, message in messages.items():
        with pytest.raises(InputError, match=message):
            list(read(tmp_path / name))
    with pytest.raises(InputError, match="format 'xls' is unknown"):
        list(read(tmp_path / "a.csv", format="xls"))


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n"), max_size=20)
cells |= st.text("ab,;\"'\t 数据\n", max_size=8)
words = st.text("abc数 ", min_size=1, max_size=5).map(str.strip).filter(bool)
names = st.lists(words, min_size=2, max_size=5, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """A header and rows of as many cells, the first cell never empty so that no row is blank."""
    header = draw(names)
    row = st.lists(cells, min_size=len(header), max_size=len(header))
    return header, draw(st.lists(row, max_size=6))


@settings(max_examples=60, deadline=None)
@given(
    tables(),
    st.sampled_from(["csv", "tsv", "jsonl", "json", "parquet"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_rows_come_back(table: tuple[list[str], list[list[str]]], form: str, encoding: str) -> None:
    """Any cells, with quotes, delimiters and line breaks in them, come back from any format and encoding."""
    header, rows = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{form}"
        objects = [dict(zip(header, row, strict=True)) for row in rows]
        if form == "parquet":
            parquet.write_table(
                pyarrow.table({name: [row[place] for row in rows] for place, name in enumerate(header)}), path
            )
        elif form == "json":
            path.write_bytes(json.dumps(objects, ensure_ascii=False).encode(encoding))
        elif form == "jsonl":
            path.write_bytes("\n".join(json.dumps(each, ensure_ascii=False) for each in objects).encode(encoding))
        else:
            text = _csv(rows, header, delimiter="\t" if form == "tsv" else ",", quoting=csv.QUOTE_ALL)
            path.write_bytes(text.encode(encoding))
        given_encoding = "gb18030" if encoding == "gb18030" else None
        read_back = list(read(path, encoding=given_encoding, format=form))
        assert [row.cells for row in _good(read_back)] == objects and not _bad(read_back)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.text('{}[]",:ab1\n\\ ;数', max_size=60).map(str.encode),
    st.sampled_from(["csv", "tsv", "jsonl", "json", "jsonld", "html", "parquet"]),
)
def test_nothing_else_is_raised(data: bytes, form: str) -> None:
    """Any bytes under any format give rows, bad rows, or InputError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.bin"
        path.write_bytes(data)
        try:
            for row in read(path, format=form):
                assert row.line >= 1 and isinstance(row.raw, bytes)
        except InputError as error:
            assert str(path) in error.where
