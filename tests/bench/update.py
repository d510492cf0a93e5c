"""How long it takes to bring results up to date: after 1,000 students showed something, and after postings changed.

``python -m tests.bench.update`` works on the graph that the environment names, which must hold a generation: it changes
marks in memory and one posting of a hundred in the graph, and sets back whatever it changed. It ends with status 1
where a target is missed. Targets hold at the size of the paper, on two cores that have nothing else to do.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from rich.console import Console

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.jobs.ground import Ground
from gnn.jobs.updating import UpdateReport, update_gaps, write_profiles
from gnn.snapshot import Edges
from schema import clock
from tests.bench.figure import Figure, table

STUDENTS = 1_000
ROUNDS = 20
"""Times that the same students are written; the later half says what it takes on a server that is warm."""
COMPUTED, WRITTEN, AVOIDED = 0.1, 0.5, 0.8
"""Targets: seconds, seconds, and a share."""
SILENT = Progress.silent()

CLOSE = "UNWIND $codes AS code MATCH (job:Job {code: code}) WHERE job.closedAt IS NULL SET job.closedAt = $at"
REOPEN = "UNWIND $codes AS code MATCH (job:Job {code: code}) WHERE job.closedAt = $at REMOVE job.closedAt"
ASKED = (
    "UNWIND $codes AS code MATCH (:Job {code: code})-[r:REQUIRES]->(s:Skill) "
    "RETURN code, s.code AS skill, r.level AS level"
)
ASK = "UNWIND $rows AS row MATCH (:Job {code: row[0]})-[r:REQUIRES]->(:Skill {code: row[1]}) SET r.level = row[2]"


def everything(graph: Graph, *, students: int = STUDENTS, every: int = 100) -> list[Figure]:
    """Measure on a graph.

    Arguments:
        graph: with a generation that is up to date or not.
        students: who show something.
        every: one posting of so many changes.
    """
    update_gaps(graph, progress=SILENT)
    return [*profiles(graph, students), *postings(graph, every)]


def profiles(graph: Graph, count: int) -> list[Figure]:
    """Measure the update of what some students can do, what they lack, and where they stand."""
    begun = time.perf_counter()
    ground = Ground.read(graph, progress=SILENT)
    reading = time.perf_counter() - begun
    world = ground.world
    drawn = np.random.default_rng(1)
    who = np.sort(drawn.choice(len(world.students), min(count, len(world.students)), replace=False))
    other = ground.with_evidence(courses=_marked(world.courses, who, drawn))
    for each in (ground, other):
        # What is the same for all students is there already, as in a process that lives.
        each.of(who[:10]).profiles(who[:10])
    computed, written, values = [], [], 0
    for number in range(ROUNDS):
        now = ground if number % 2 else other
        begun = time.perf_counter()
        now.of(who).profiles(who)
        computed.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        values = write_profiles(graph, now.of(who), who, key=f"bench-update:{clock.now().isoformat()}:")
        written.append(time.perf_counter() - begun)
    graph.clear_batches("bench-update:")
    begun = time.perf_counter()
    back = update_gaps(graph, progress=SILENT)
    whole = time.perf_counter() - begun - back.seconds["Reading"]
    note = f"{len(who):,} students, at first {{:.3f}} s, snapshot in memory"
    return [
        Figure("snapshot read", reading, "s", note=f"{len(world.students):,} students"),
        Figure("profiles computed", _later(computed), "s", COMPUTED, most=True, note=note.format(computed[0])),
        Figure(
            "profiles computed and written",
            _later(written),
            "s",
            WRITTEN,
            most=True,
            note=f"{note.format(written[0])}, {values:,} values differ",
        ),
        Figure("bridges and lists of them too", whole, "s", note=f"{back.renewed:,} students, without reading"),
    ]


def _later(seconds: list[float]) -> float:
    """Return the median of the later half."""
    return statistics.median(seconds[len(seconds) // 2 :])


def _marked(courses: Edges, who: np.ndarray, drawn: np.random.Generator) -> Edges:
    """Return courses in which the last one of some students has another mark."""
    last = np.searchsorted(courses.start, who + 1) - 1
    last = last[(last >= 0) & (courses.start[np.maximum(last, 0)] == who)]
    score = courses.columns[0].copy()
    score[last] = drawn.uniform(50.0, 100.0, len(last))
    return replace(courses, columns=(score, *courses.columns[1:]))


def postings(graph: Graph, every: int) -> list[Figure]:
    """Measure the update after one posting of so many has changed: half of them closed, half ask for less."""
    [row] = graph.read("MATCH (job:Job) WHERE job.closedAt IS NULL RETURN collect(job.code) AS codes")
    codes = sorted(row["codes"])
    chosen = np.random.default_rng(2).choice(len(codes), max(2, len(codes) // every), replace=False)
    some = [codes[place] for place in chosen.tolist()]
    with _changed(graph, some[::2], some[1::2]):
        begun = time.perf_counter()
        report = update_gaps(graph, progress=SILENT)
        seconds = time.perf_counter() - begun
    back = update_gaps(graph, progress=SILENT)
    note = f"{len(some):,} of {len(codes):,} postings, {report.came:,} compete anew"
    return [
        Figure("students made anew after a change of postings", report.renewed + report.relisted, "", note=note),
        Figure("share of the students left alone", report.untouched, "", note=f"of {report.students:,}"),
        Figure(
            "share of the work avoided",
            report.avoided,
            "",
            AVOIDED,
            note=f"lists left alone, three a student; {report.changed:,} values differ",
        ),
        Figure("the whole update", seconds, "s", note=_phases(report)),
        Figure("setting it back", sum(back.seconds.values()), "s", note=_phases(back)),
    ]


@contextmanager
def _changed(graph: Graph, closed: list[str], altered: list[str]) -> Iterator[None]:
    at = clock.now()
    rows = [[row["code"], row["skill"], row["level"]] for row in graph.read(ASKED, codes=altered)]
    graph.write(CLOSE, codes=closed, at=at)
    graph.write(ASK, rows=[[code, skill, 0.9 * level] for code, skill, level in rows])
    try:
        yield
    finally:
        graph.write(REOPEN, codes=closed, at=at)
        graph.write(ASK, rows=rows)


def _phases(report: UpdateReport) -> str:
    return ", ".join(f"{name.lower()} {seconds:.1f} s" for name, seconds in report.seconds.items())


def main() -> int:
    """Measure, print a table, and return 1 where a target is missed."""
    console = Console(width=200)
    console.print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", highlight=False)
    with Graph.open() as graph:
        figures = everything(graph)
    console.print(table(figures))
    return int(any(each.missed for each in figures))


if __name__ == "__main__":
    sys.exit(main())
