"""All tables of a folder on one page, with what they show taken together."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gnn.benchmarks.sets import SETS, UNIVERSITY
from gnn.benchmarks.store import write_text
from gnn.benchmarks.verdict import Verdict

PAGE = "results.md"
LEAKING = "random-leaking"


def write(out: Path) -> Path:
    """Write the page of all sets whose tables lie in a folder, and return its path."""
    found = {name: _read(out / f"{name}.json") for name in SETS}
    there = {name: table for name, table in found.items() if table is not None}
    parts = [(out / f"{name}.md").read_text(encoding="utf-8") for name in there]
    parts += _lifts(out, there)
    if judged := together(there):
        parts.append("## Taken together\n\n" + "".join(f"- {each}\n" for each in judged))
    write_text(out / PAGE, "\n".join(parts))
    return out / PAGE


def together(tables: dict[str, dict[str, Any]]) -> list[Verdict]:
    """Return what the real sets show taken together.

    Arguments:
        tables: by name of the set, as they were written as JSON.
    """
    margins = {}
    for name, table in tables.items():
        found = [each["margin"] for each in table["verdicts"] if each["margin"] is not None]
        if found and name != UNIVERSITY:
            margins[name] = found
    if not margins:
        return []
    worst = {name: min(found) for name, found in margins.items()}
    figures = "; ".join(f"{name} {value:+.3f}" for name, value in worst.items())
    better = sum(value > 0 for value in worst.values())
    return [
        Verdict("on every real set at least as good as the best row beside it", min(worst.values()) >= 0, figures),
        Verdict("better on most of them", 2 * better > len(worst), f"{better} of {len(worst)}"),
    ]


def _lifts(out: Path, tables: dict[str, dict[str, Any]]) -> Sequence[str]:
    """Return what a random split would have added, where that was run too."""
    lines = []
    for name, table in tables.items():
        leaking = _read(out / f"{name}.{LEAKING}.json")
        if leaking is None or "lines" not in table:
            continue
        honest = {line["name"]: line["metrics"]["weighted_f1"]["mean"] for line in table["lines"]}
        for line in leaking["lines"]:
            if line["name"] in honest:
                leaked, true = line["metrics"]["weighted_f1"]["mean"], honest[line["name"]]
                lines.append(f"| {name} | {line['name']} | {true:.3f} | {leaked:.3f} | {leaked - true:+.3f} |")
    if not lines:
        return []
    head = "| set | row | in time order | at random, leaks | added |\n| --- | --- | --- | --- | --- |\n"
    return ["## What a random split would have added to weighted F1\n\n" + head + "\n".join(lines) + "\n"]


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
