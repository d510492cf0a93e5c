"""Reading a file of any format that the project knows."""

from collections.abc import Iterator
from os import PathLike, fspath

from etl.rows.columnar import read_parquet
from etl.rows.document import read_lines, read_list
from etl.rows.file import UNREADABLE, member_name, only_member, opened, seekable
from etl.rows.linked import read_linked, read_page
from etl.rows.row import BadRow, Row
from etl.rows.table import read_table
from etl.rows.text import Text
from schema.errors import InputError

FORMATS: tuple[str, ...] = ("csv", "tsv", "jsonl", "json", "jsonld", "html", "parquet")

_ENDINGS = {"csv": "csv", "txt": "csv", "tsv": "tsv", "tab": "tsv", "jsonl": "jsonl", "ndjson": "jsonl", "json": "json"}
_ENDINGS |= {"jsonld": "jsonld", "html": "html", "htm": "html", "parquet": "parquet", "pq": "parquet"}
_LOOK = 1 << 16


def _format(path: str, given: str | None) -> str:
    if given is not None:
        if given not in FORMATS:
            raise InputError(f"format '{given}' is unknown", ", ".join(FORMATS), where=path)
        return given
    name = member_name(path)
    ending = name.rsplit(".", 1)[-1].lower()
    if ending not in _ENDINGS:
        raise InputError(f"the name ends in '.{ending}'", f"the format option: {', '.join(FORMATS)}", where=path)
    return _ENDINGS[ending]


def _json_form(path: str) -> str:
    """Tell by its first 64 KiB whether a JSON file is a list, JSON Lines or one JSON-LD object."""
    with opened(path) as stream:
        start = stream.read(_LOOK).lstrip(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"["):
        return "json"
    first, _, rest = start.partition(b"\n")
    closed = first.rstrip().endswith(b"}") and (rest.lstrip()[:1] in (b"{", b""))
    return "jsonl" if closed and b'"@context"' not in first and b'"@graph"' not in first else "jsonld"


def read(
    path: str | PathLike[str], *, format: str | None = None, encoding: str | None = None
) -> Iterator[Row | BadRow]:
    """Read a file row by row; a bad row is given as such and does not stop it.

    Arguments:
        path: a file, also ``file.gz``, ``archive.zip`` with one file in it, or ``archive.zip!member``.
        format: csv (comma, semicolon, tab or bar, found in the header), tsv, jsonl, json (a list; one JSON-LD object
            and JSON Lines are recognised), jsonld, html or parquet; None takes it from the name's ending.
        encoding: a codec's name; None finds UTF-8 (with or without a byte order mark), UTF-16 or GB18030.

    Result: rows and bad rows in the order of the file. Memory does not grow with the file; only a web page, one JSON
    object and one row are held whole.
    Errors: InputError, when the first or the next row is asked for, where the file is missing, broken, not of that
    format, or in an encoding that cannot be told.
    """
    file = fspath(path)
    return _read(file, format, encoding)


def _read(file: str, given: str | None, encoding: str | None) -> Iterator[Row | BadRow]:
    path = only_member(file)
    form = _format(path, given)
    if form == "json" and given is None:
        form = _json_form(path)
    number = 0
    try:
        if form == "parquet":
            with seekable(path) as stream:
                yield from read_parquet(stream, file)
            return
        with opened(path) as stream:
            for row in _rows(Text(stream, encoding, where=file), form, file):
                number = row.line
                yield row
    except UNREADABLE as error:
        raise InputError(f"the file breaks off ({error})", "a whole file", where=f"{file}:{number + 1}") from error


def _rows(text: Text, form: str, file: str) -> Iterator[Row | BadRow]:
    if form == "csv":
        return read_table(text, file)
    if form == "tsv":
        return read_table(text, file, delimiter="\t")
    if form == "jsonl":
        return read_lines(text, file)
    if form == "json":
        return read_list(text, file)
    return read_linked(text, file) if form == "jsonld" else read_page(text, file)
