"""Writes what is generated: whole pages, parts of pages between markers, the Bloom perspective.

Run ``python -m tests.docs.write``, or ``make docs``.
"""

import re
import sys
from pathlib import Path

from api import settings as api_settings
from cypher import command, manual, perspective, reference
from cypher import settings as cypher_settings
from etl.sources import tables

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def variables() -> list[tuple[str, str, str]]:
    """Name, default and meaning of each environment variable of the packages."""
    own = [(each.name, each.default, each.meaning) for each in cypher_settings.VARIABLES]
    return own + [(name, default, meaning) for name, default, meaning in api_settings.VARIABLES]


def pages() -> dict[Path, str]:
    """Every file that is generated as a whole, with its text."""
    return {
        DOCS / "templates.md": tables.page(),
        DOCS / "model.md": reference.model_page(),
        DOCS / "queries.md": reference.query_page(),
        DOCS / "commands.md": manual.command_page(command.build()),
        perspective.FILE: perspective.text(),
    }


def parts() -> list[tuple[Path, str, str]]:
    """Every generated part of a written page: the page, the name of its markers, its text."""
    return [
        (ROOT / "README.md", "model", reference.model_table()),
        (DOCS / "operations.md", "settings", reference.settings_table(variables())),
        (DOCS / "bloom.md", "phrases", reference.phrase_table()),
    ]


def filled(page: str, name: str, text: str) -> str:
    """A page with the text between the markers ``<!-- name -->`` and ``<!-- /name -->`` replaced.

    Raises:
        ValueError: the markers do not stand on the page exactly once.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    found = re.findall(f"{re.escape(start)}.*?{re.escape(end)}", page, re.DOTALL)
    if len(found) != 1:
        raise ValueError(f"{len(found)} pairs of markers {start.strip()} ... {end}; expected one")
    return page.replace(found[0], f"{start}{text}{end}")


def main() -> None:
    """Write all that differs, and name it."""
    wanted = pages()
    for path, name, text in parts():
        if not path.exists():
            sys.stdout.write(f"missing {path.relative_to(ROOT)}: write it with the markers of '{name}'\n")
            continue
        wanted[path] = filled(wanted.get(path) or path.read_text(encoding="utf-8"), name, text)
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
