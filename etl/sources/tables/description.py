"""Templates and documentation, from the declarations."""

import csv
import io
from importlib.resources import files

from etl.sources.tables.catalog import TABLES, table
from etl.sources.tables.table import EdgeTable, Table

HEADERS = ("column", "required", "meaning", "form", "unit", "example", "also called")

_INTRODUCTION = """# Tables of an institution

One table a file: CSV, TSV, JSON Lines, JSON or Parquet, UTF-8 or GB18030. `fullcycle load template NAME` prints a
template with example rows that can be loaded. This page is generated from the declarations in `etl/sources/tables`.

- A reference is the code or the exact name of a thing that is in the graph already, so load in the order of this page.
  Skills are also found by any of their names, in English and Chinese.
- A code of yours gets the name of your source as a prefix; a code that has a prefix already is taken as it is.
- Cells with several values are parted by `; `. An empty cell says nothing.
- Headers are read without regard to case; the Chinese ones in the last column work too. An unknown column is refused.
- A row that cannot be read goes to quarantine with file, line, column and reason, and the others are loaded.
- Loading a file again changes nothing; a changed row changes what it states. With a full export, a row that is gone is
  closed, not deleted.
"""


def template(name: str) -> str:
    """Return the CSV template of a table: its header and example rows that can be loaded.

    Raises:
        InputError: there is no such table.
    """
    found = table(name)
    text = files("etl.sources.tables").joinpath("templates", f"{found.name}.csv").read_text(encoding="utf-8")
    return text


def header(each: Table) -> str:
    """Return the header line of a table's template."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([column.name for column in each.columns])
    return line.getvalue()


def described(name: str) -> list[tuple[str, ...]]:
    """Return a row for each column of a table, under `HEADERS`.

    Raises:
        InputError: there is no such table.
    """
    return [
        (
            column.name,
            "yes" if column.required else "",
            column.meaning,
            column.form.description,
            column.unit,
            column.example,
            ", ".join(column.also),
        )
        for column in table(name).columns
    ]


def becomes(each: Table) -> str:
    """Return what a row becomes, as arrows."""
    if isinstance(each, EdgeTable):
        return ", ".join(f"`(:{one.start})-[:{one.type}]->(:{one.end})`" for one in each.targets)
    made = [f"`(:{each.target.label})`", *(f"`{type_}`" for type_ in each.target.edges)]
    made += [f"`{link.type}`" for link in each.links]
    return ", ".join(made)


def page() -> str:
    """Return the page ``docs/templates.md``."""
    parts = [_INTRODUCTION]
    for name, each in TABLES.items():
        parts.append(f"\n## {name}\n\n{each.meaning} A row becomes {becomes(each)}.\n\n")
        parts.append(f"| {' | '.join(HEADERS)} |\n|{' --- |' * len(HEADERS)}\n")
        parts.extend(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in described(name))
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
