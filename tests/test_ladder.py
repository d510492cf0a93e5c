"""The ladder: schema <- cypher <- {etl, gnn, api}; siblings meet in Neo4j only; torch stays inside gnn."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "schema": {"schema"},
    "cypher": {"schema", "cypher"},
    "etl": {"schema", "cypher", "etl"},
    "gnn": {"schema", "cypher", "gnn"},
    "api": {"schema", "cypher", "api"},
}
MODULES = [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]
LONGEST = 400


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the top-level packages that a module imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name.split(".")[0], node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0], node.lineno


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_is_below_it(path: Path) -> None:
    """Catches a sibling import, a third-party import in schema, and torch outside gnn."""
    package = path.relative_to(ROOT).parts[0]
    for name, line in imported(path):
        place = f"{path.relative_to(ROOT)}:{line}"
        if name in ALLOWED:
            assert name in ALLOWED[package], f"{place} imports {name}"
        elif package == "schema":
            assert name in sys.stdlib_module_names, f"{place} imports {name}"
        elif package != "gnn":
            assert name not in ("torch", "torch_geometric", "dgl", "transformers"), f"{place} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_well_named(path: Path) -> None:
    """Catches a module that grew beyond a room, and a name that says nothing."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert path.stem not in ("utils", "util", "helpers", "common", "misc", "manager")


def test_every_test_folder_is_a_package() -> None:
    """Catches a test folder called api that would shadow the package of that name."""
    for folder in (ROOT / "tests").rglob("*/"):
        if folder.name != "__pycache__" and any(folder.glob("*.py")):
            assert (folder / "__init__.py").is_file(), folder
