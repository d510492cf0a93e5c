"""A publisher's download, zipped or unpacked."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.download import Download
from schema.errors import InputError
from tests.etl.sources.drawn import text, zipped

# What stands in cells of real downloads: quotes, line ends, delimiters, names in any script.
CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",\n;|'), max_size=12)
ROWS = st.lists(st.fixed_dictionaries({"a": CELLS, "b": CELLS}), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, folder=st.sampled_from(["", "en/", "ESCO dataset/csv/"]), mark=st.booleans())
def test_zip_and_folder_give_the_rows_that_were_written(tmp_path_factory, rows, folder, mark):
    """Catches cells that are changed on the way, and files that are only found at one place of the archive."""
    tmp_path = tmp_path_factory.mktemp("drawn")
    content = ("\ufeff" if mark else "") + text(rows)
    written = [dict(row) for row in rows if any(row.values())]
    old = {f"{folder}2019/d.csv": "a,b\nold,old\n"}
    archive = zipped(tmp_path / "d.zip", {**old, f"{folder}other.csv": "x,y\n1,2\n", f"{folder}d.csv": content})
    place = tmp_path / "unpacked" / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / "d.csv").write_text(content, encoding="utf-8", newline="")
    for path in (archive, tmp_path / "unpacked"):
        found = [row for _, row in Download(path).rows("d.csv", ("a", "b"))]
        assert [row for row in found if any(row.values())] == written


def test_line_is_where_the_row_begins(tmp_path):
    """Catches a message that sends a reader to the last line of a cell of several lines."""
    (tmp_path / "d.csv").write_text('a,b\n"x\ny",1\nz,2\n', newline="")
    found = [(line, row["a"]) for line, row in Download(tmp_path).rows("d.csv", ("a",))]
    assert found == [(2, "x\ny"), (4, "z")]


def test_quotes_in_a_table_with_tabs_are_letters(tmp_path):
    """Catches a row that swallows the next ones because a title begins with a quotation mark."""
    (tmp_path / "d.txt").write_text('a\tb\n"A" player\t1\n5" pipe\t2\n"open\t3\n')
    found = [row["a"] for _, row in Download(tmp_path, delimiter="\t").rows("d.txt", ("a", "b"))]
    assert found == ['"A" player', '5" pipe', '"open']


def test_a_cell_may_be_very_long(tmp_path):
    """Catches the limit of the csv module, which ESCO's lists of schemes exceed."""
    long = "x" * 300_000
    (tmp_path / "d.csv").write_text(f"a,b\n{long},1\n")
    assert [row["a"] for _, row in Download(tmp_path).rows("d.csv", ("a",))] == [long]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,c\n1,2\n", r"d\.csv: columns b are missing"),
        (b"", r"d\.csv: columns a, b are missing"),
        ("a,b\nGr\u00f6\u00dfe,2\n".encode("latin-1"), r"d\.csv: .*expected UTF-8 text"),
        ("\u00e4,b\n1,2\n".encode("latin-1"), r"d\.csv: .*expected UTF-8 text"),
        (b"a,b\n1,2\n3,4\n5", r"d\.csv:4: a row breaks off; expected the download, complete"),
    ],
    ids=["column", "empty", "latin-1", "latin-1 header", "cut off"],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path, content, message):
    """Catches a traceback, and half a download that is taken for a new edition which closes the other half."""
    (tmp_path / "d.csv").write_bytes(content)
    archive = zipped(tmp_path / "d.zip", {"d.csv": content})
    for path in (tmp_path, archive):
        with pytest.raises(InputError, match=message):
            list(Download(path).rows("d.csv", ("a", "b")))


def test_a_missing_member_is_named(tmp_path):
    """Catches a KeyError of the archive."""
    archive = zipped(tmp_path / "d.zip", {"other.csv": "a\n"})
    (tmp_path / "d.csv").mkdir()
    for path in (tmp_path, archive):
        with pytest.raises(InputError, match=r"!d\.csv: no such member; expected all files"):
            list(Download(path).rows("d.csv", ()))


def test_no_archive_or_a_damaged_one(tmp_path):
    """Catches errors of the zip module that reach the user."""
    with pytest.raises(InputError, match="no such file or folder"):
        Download(tmp_path / "nothing.zip")
    whole = tmp_path / "d.zip"
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        archive.writestr("d.csv", "a,b\n" + "\n".join(f"{n * n},{n}" for n in range(5_000)))
    body = whole.read_bytes()
    middle = len(body) // 2
    damaged = {
        "text": b"<html>not found</html>",
        "cut": body[:middle],
        "flipped": body[:middle] + bytes(64) + body[middle + 64 :],
    }
    for name, content in damaged.items():
        path = Path(tmp_path / f"{name}.zip")
        path.write_bytes(content)
        with pytest.raises(InputError, match="expected the download, complete"):
            list(Download(path).rows("d.csv", ("a", "b")))
