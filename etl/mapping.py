"""How an institution names its columns: a small TOML file, or the usual English and Chinese names.

::

    [columns]                       # field of ours = column of theirs, or a list of columns that are joined
    title = "职位名称"
    requirements = ["任职要求", "加分项"]
    salary = ["salary_min", "salary_max"]

    [defaults]                      # what the file leaves unsaid
    currency = "CNY"                # ISO 4217
    period = "month"                # hour, day, week, month or year
    language = "zh"                 # en or zh
    source = "campus-portal"        # name of the source

    [dates]
    day_first = true                # 03/04/2024 is the 3rd of April

    [options]
    encoding = "gb18030"            # else it is detected
    format = "csv"                  # else the ending of the file's name tells it
    full_export = true              # what the file no longer holds is closed
    hold_expired = false            # true holds back what has closed by the instant of the load
    near_duplicate = 0.9            # least share of common shingles of a near-duplicate
    clusters = "either"             # "column": only by job_cluster; "occupation": only by title
    occupations = ["fc", "onet", "esco"]
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from math import isnan
from pathlib import Path
from typing import Any

import orjson

from etl import jobposting
from etl.headings import HEADINGS, folded
from etl.rows import FORMATS
from schema.errors import InputError
from schema.vocabulary.pay import CURRENCIES, PERIODS

FIELDS = (
    "code",
    "title",
    "responsibilities",
    "requirements",
    "skills",
    "education",
    "industry",
    "location",
    "salary",
    "released_on",
    "employer",
    "headcount",
    "closes_on",
    "job_cluster",
    "url",
    "language",
)
"""The fields of a posting, as its columns are called in the template."""

CLUSTER_RULES = ("either", "column", "occupation")

_JOINTS = {"responsibilities": "\n", "requirements": "\n", "skills": "; ", "salary": "-", "code": ":"}
_KEYS: dict[str, dict[str, type]] = {
    "defaults": {"currency": str, "period": str, "language": str, "source": str},
    "dates": {"day_first": bool},
    "options": {
        "encoding": str,
        "format": str,
        "full_export": bool,
        "hold_expired": bool,
        "near_duplicate": float,
        "clusters": str,
        "occupations": list,
    },
}
_VALUES: dict[str, tuple[str, ...]] = {
    "currency": tuple(CURRENCIES),
    "period": PERIODS,
    "language": ("en", "zh"),
    "clusters": CLUSTER_RULES,
    "format": FORMATS,
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A mapping as data; the module's docstring shows the file.

    Arguments:
        columns: field of ours -> columns of theirs. Empty: columns are recognised by their usual names.
        currency, period, language, source: what holds where the file does not say.
        day_first: how 03/04/2024 is read; None leaves it to what the date itself allows.
        encoding, format: of the file; None for detected.
        full_export: the file is all that the source has.
        hold_expired: postings that closed before the instant of the load are held back.
        near_duplicate: least estimated Jaccard similarity of a near-duplicate, above 0, 1 at most.
        clusters: one of `CLUSTER_RULES`.
        occupations: sources of job clusters, the preferred first.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str | None = None
    period: str | None = None
    language: str | None = None
    source: str | None = None
    day_first: bool | None = None
    encoding: str | None = None
    format: str | None = None
    full_export: bool = False
    hold_expired: bool = False
    near_duplicate: float = 0.9
    clusters: str = "either"
    occupations: tuple[str, ...] = ("fc", "onet", "esco")

    @classmethod
    def read(cls, path: Path) -> "ColumnMapping":
        """Read a mapping file.

        Raises:
            InputError: it is no TOML, a key is unknown or a value is of another kind; file and key are named.
        """
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise InputError(f"mapping {path}: {error.strerror}", "a TOML file", where=str(path)) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(str(error), "TOML in UTF-8", where=str(path)) from error
        return cls.of(given, where=str(path))

    @classmethod
    def of(cls, given: Mapping[str, Any], *, where: str = "mapping") -> "ColumnMapping":
        """Build a mapping from the tables of a TOML file. Errors: InputError, as `read`."""
        values: dict[str, Any] = {}
        for table, content in given.items():
            if table != "columns" and table not in _KEYS:
                raise InputError(f"table [{table}]", "[columns], [defaults], [dates] or [options]", where=where)
            if not isinstance(content, dict):
                raise InputError(f"'{table}' outside a table", f"[{table}]", where=where)
            if table == "columns":
                values["columns"] = {key: _columns(key, value, where) for key, value in content.items()}
                continue
            for key, value in content.items():
                values[key] = _checked(table, key, value, where)
        return cls(**values)

    @property
    def fingerprint(self) -> str:
        """All that decides what the fields of a row become, as text; the limits of screening are part of it."""
        return orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS).decode()

    def as_json(self) -> dict[str, Any]:
        """Return what `of_json` needs to treat fields again as they were treated: all but where they stood."""
        left_out = ("source", "encoding", "format", "full_export", "columns")
        return {key: value for key, value in asdict(self).items() if key not in left_out and value is not None}

    @classmethod
    def of_json(cls, given: Mapping[str, Any]) -> "ColumnMapping":
        """Return the mapping that `as_json` gave."""
        return cls(**{**given, "occupations": tuple(given["occupations"])})

    def bound(self, names: Iterable[str], *, where: str, strict: bool) -> "ColumnMapping":
        """Return the mapping with the columns of a file settled.

        Arguments:
            names: columns of the file.
            where: the file, for messages.
            strict: True where each row has all columns, so that a mapped one that is missing is an error.

        Raises:
            InputError: a mapped column is missing, or none is mapped or recognised as the title.
        """
        present = list(names)
        if "@type" in present:
            return self
        if self.columns:
            for key, columns in self.columns.items():
                for column in columns:
                    if strict and column not in present:
                        raise InputError(f"no column '{column}' for {key}", f"one of {', '.join(present)}", where=where)
            return self
        theirs: dict[str, str] = {}
        for name in present:
            theirs.setdefault(folded(name), name)
        known = {key: [theirs[each] for each in HEADINGS[key] if each in theirs] for key in FIELDS}
        found = {key: (columns[0],) for key, columns in known.items() if columns}
        if "title" not in found:
            raise InputError(
                f"no column is known as the title among {', '.join(present)}",
                "a mapping with [columns] title",
                where=where,
            )
        return replace(self, columns=found)

    def limited(self, fields: Iterable[str]) -> "ColumnMapping":
        """Return the mapping of a few fields only."""
        return replace(self, columns={key: self.columns[key] for key in fields if key in self.columns})

    def pick(self, cells: Mapping[str, Any]) -> dict[str, str]:
        """Return the fields of a row as text, empty ones left out; a schema.org JobPosting maps itself."""
        picked: dict[str, str] = {}
        if "@type" in cells and jobposting.is_posting(cells):
            picked = jobposting.fields(cells)
        for key, columns in self.columns.items():
            if len(columns) == 1:
                column = columns[0]
                value = cells[column] if column in cells else _value(cells, column)
                text = value.strip() if value.__class__ is str else _text(value)
            else:
                parts = (_text(_value(cells, column)) for column in columns)
                text = _JOINTS.get(key, " ").join(part for part in parts if part)
            if text:
                picked[key] = text
        return picked

    def column(self, key: str) -> str:
        """Return what the file calls a field."""
        return " + ".join(self.columns.get(key, (key,)))


def _columns(key: str, value: Any, where: str) -> tuple[str, ...]:
    if key not in FIELDS:
        raise InputError(f"[columns] {key}", f"one of {', '.join(FIELDS)}", where=where)
    columns = tuple(value) if isinstance(value, list) else (value,)
    if not columns or not all(isinstance(each, str) and each for each in columns):
        raise InputError(f"[columns] {key} = {value!r}", "a column name or a list of them", where=where)
    return columns


def _is_a(kind: type, value: Any) -> bool:
    return type(value) is kind  # True is no number here


def _checked(table: str, key: str, value: Any, where: str) -> Any:
    kind = _KEYS[table].get(key)
    if kind is None:
        raise InputError(f"[{table}] {key}", f"one of {', '.join(_KEYS[table])}", where=where)
    if kind is float and type(value) is int:
        value = float(value)
    if not _is_a(kind, value):
        raise InputError(f"[{table}] {key} = {value!r}", f"a value of type {kind.__name__}", where=where)
    if key in _VALUES and value not in _VALUES[key]:
        raise InputError(f"[{table}] {key} = {value!r}", f"one of {', '.join(_VALUES[key])}", where=where)
    if key == "near_duplicate" and not 0.0 < value <= 1.0:
        raise InputError(f"[{table}] {key} = {value!r}", "a share above 0, 1 at most", where=where)
    if key == "occupations":
        if not value or not all(isinstance(each, str) for each in value):
            raise InputError(f"[{table}] {key} = {value!r}", "a list of sources of job clusters", where=where)
        return tuple(value)
    return value


def _value(cells: Mapping[str, Any], column: str) -> Any:
    """Return the cell of a column; ``a.b`` leads into an object of a JSON row."""
    if column in cells or "." not in column:
        return cells.get(column)
    value: Any = cells
    for step in column.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _text(value: Any) -> str:
    if type(value) is str:
        text = value.strip()
    elif value is None:
        text = ""
    elif isinstance(value, list | tuple):
        text = "; ".join(part for part in (_text(each) for each in value) if part)
    elif isinstance(value, Mapping):
        text = orjson.dumps(value, default=str).decode()
    elif isinstance(value, float):
        text = "" if isnan(value) else str(int(value)) if value.is_integer() else str(value)
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = str(value).strip()
    return text
