"""The occupation-skill demand graphs as a set of the benchmark: each expert and seed kept, then tabled and judged."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gnn.benchmarks.fingerprint import code, digest
from gnn.benchmarks.occupation_skill import bench, network, release
from gnn.benchmarks.occupation_skill.bench import Row, Table
from gnn.benchmarks.occupation_skill.ranking import Ranking
from gnn.benchmarks.sets import LINKS
from gnn.benchmarks.store import Store, write_json, write_text
from gnn.benchmarks.verdict import Verdict
from schema.errors import InputError

MEASURES = {"AUC": "auc", "Hits@1": "hits", "MRR": "reciprocal"}
GIVEN = "boosted trees, as given with the data"
REFERENCE = {"IT": Ranking(96.2, 47.5, 55.5), "Man": Ranking(97.2, 52.9, 60.1)}
"""Of each industry, the row to beat that comes with the data, to one decimal."""


@dataclass(frozen=True, slots=True)
class Links:
    """What the benchmark of the graphs gave.

    Arguments:
        tables: of each industry.
        verdicts: what they show.
        fits: experts that were fitted now.
        found: those that were found.
    """

    tables: tuple[Table, ...]
    verdicts: tuple[Verdict, ...]
    fits: int
    found: int

    def markdown(self) -> str:
        """Return tables and verdicts as Markdown."""
        parts = [f"## {LINKS}", ""]
        for table in self.tables:
            about = (
                f"{table.industry}: {len(table.rows[-1].seeds)} seeds, the network weighs {table.weight:.1f} in ours"
            )
            parts += [about, "", f"| row | {' | '.join(MEASURES)} |", "| --- | --- | --- | --- |"]
            parts += [_cells(row) for row in beside(table)]
            parts += [""]
        parts += [f"- {each}" for each in self.verdicts]
        return "\n".join(parts) + "\n"

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "set": LINKS,
            "tables": [each.record() for each in self.tables],
            "verdicts": [asdict(each) for each in self.verdicts],
        }


def bench_links(
    folder: Path,
    *,
    out: Path,
    seeds: tuple[int, ...] = (0, 1, 2),
    settings: network.Settings | None = None,
    rounds: int = 120,
    threads: int = 1,
    say: Callable[[str], None] | None = None,
) -> Links:
    """Run the graphs of a folder and write their tables; it can be killed and run again, as `bench` can.

    Arguments:
        folder: with a zip for each industry, as published.
        out: folder of tables and results.
        seeds: at least one.
        settings: of the network.
        rounds: trees, >= 1.
        threads: of the trees.
        say: told what is done.

    Raises:
        InputError: there is no zip, or one is not of the published form.
    """
    paths = sorted(folder.glob("*.zip"))
    if not paths:
        raise InputError("no file *.zip", "the graphs as their publisher hands them out", where=str(folder))
    kept = _Kept(Store(out / "results" / LINKS))
    tables = []
    for path in paths:
        demand = release.read(path)
        kept.key = digest(demand, settings or network.Settings(), rounds, code(bench.__name__))
        kept.industry = demand.name
        tables.append(
            bench.table(demand, seeds=seeds, settings=settings, rounds=rounds, threads=threads, keep=kept, progress=say)
        )
    judged = tuple(verdict for table in tables for verdict in _judged(table))
    found = Links(tuple(tables), judged, kept.fits, kept.found)
    write_json(out / f"{LINKS}.json", found.json())
    write_text(out / f"{LINKS}.md", found.markdown())
    return found


class _Kept:
    """Keeps scores by their name, which says expert, half-year and seed."""

    def __init__(self, store: Store) -> None:
        self.store, self.key, self.industry = store, "", ""
        self.fits = self.found = 0

    def __call__(self, name: str, make: Callable[[], release.Floats]) -> release.Floats:
        key = digest(self.key, name)
        found, there = self.store.arrays(f"{self.industry} {name}", key, lambda: {"scores": make()})
        self.fits, self.found = self.fits + (not there), self.found + there
        return found["scores"].astype(np.float64)


def beside(table: Table) -> list[Row]:
    """Return the rows of a table with the one that came with the data, where there is one, before ours."""
    given = REFERENCE.get(table.industry)
    if given is None:
        return list(table.rows)
    return [*table.rows[:-1], Row(GIVEN, given, Ranking(0.0, 0.0, 0.0), ()), table.rows[-1]]


def _judged(table: Table) -> list[Verdict]:
    ours = table.rows[-1]
    # The network alone is part of ours.
    rivals = [row for row in beside(table) if row.name not in (bench.OURS, bench.NETWORK)]
    found = []
    for title, name in MEASURES.items():
        best = max(rivals, key=lambda row, name=name: getattr(row.mean, name))  # type: ignore[misc]
        own, other, half = (getattr(each, name) for each in (ours.mean, best.mean, ours.interval))
        figures = f"{own:.1f} ± {half:.1f} against {other:.1f} of {best.name}"
        claim = f"{table.industry}, {title}: at least as good as the best row beside it"
        found.append(Verdict(claim, own >= other, figures, (own - other) / 100.0))
    return found


def _cells(row: Row) -> str:
    cells = []
    for name in MEASURES.values():
        mean, half = getattr(row.mean, name), getattr(row.interval, name)
        cells.append(f"{mean:.1f} ± {half:.1f}" if half else f"{mean:.1f}")
    return f"| {row.name} | {' | '.join(cells)} |"
