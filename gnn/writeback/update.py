"""Changes within the active generation: what an update found, student by student, only where it differs.

A batch holds all that an update has of its students, and is one transaction: a reader sees the results of a student as
they were or as they are. What differs is told by the server beside what it holds, so nothing is read first, and a batch
that is written twice changes nothing the second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from neo4j import SummaryCounters

from cypher.graph import Graph
from cypher.library import query
from gnn.bridging import Bridges
from gnn.capability import Vectors
from gnn.gaps import Gaps
from gnn.ranking.lists import Lists
from gnn.snapshot import Floats
from gnn.writeback.gaps import Row
from gnn.writeback.recommendations import JOB, list_rows
from schema import clock
from schema.errors import JobError
from schema.ranking import PATHS
from schema.scoring import LEAST_AMOUNT

LISTED = ("ranks", "scores", "matches", "gaps", "contributions", "heats", "goals", "terms")

_HELD = 2
"""Properties that `update-hold` sets on an active generation."""
_NOTED = 2
"""Properties that `update-students` sets on each student beside the stage."""


@dataclass(frozen=True, slots=True)
class Names:
    """Codes of all that places stand for."""

    students: Sequence[str]
    units: Sequence[str]
    clusters: Sequence[str]
    resources: Sequence[str]
    postings: Sequence[str]


class Change:
    """What is new of some students, as rows of the queries.

    Arguments:
        names: codes.
        students: places.
    """

    def __init__(self, names: Names, students: np.ndarray) -> None:
        self._names = names
        self._students = [names.students[place] for place in students.tolist()]
        self._steps: list[tuple[str, list[Row]]] = []

    def __len__(self) -> int:
        return len(self._students)

    def marked(self, states: Sequence[bytes | None], stages: Floats) -> None:
        """Set stages, and what the results rest on; None where that is to be found out anew.

        Arguments:
            states: of each student.
            stages: pi_u. [students, stages]
        """
        rows = [
            {"student": code, "stage": stage, "state": state}
            for code, stage, state in zip(self._students, stages.tolist(), states, strict=True)
        ]
        self._steps.append(("update-students", rows))

    def profiles(self, levels: Vectors, found: Gaps) -> None:
        """Set abilities, and gaps with their shortfalls.

        Arguments:
            levels: a_u of the students.
            found: their gaps, from these abilities.
        """
        held = self._levels(levels)
        clusters, places = self._names.clusters, found.cluster.tolist()
        columns = (found.value, found.match, found.rank, found.own, found.likelihood)
        facts = list(zip(*(column.tolist() for column in columns), strict=True))
        lacks = np.count_nonzero(found.lacking, axis=1).tolist()
        edges = np.searchsorted(found.student, np.arange(len(self) + 1)).tolist()
        gaps, short = [], []
        for code, named, (first, last) in zip(self._students, held, pairwise(edges), strict=True):
            goals = (clusters[place] for place in places[first:last])
            gaps.append({"student": code, "gaps": dict(zip(goals, facts[first:last], strict=True))})
            short.append({"student": code, "levels": named, "lacks": lacks[first:last]})
        abilities = [{"student": code, "levels": each} for code, each in zip(self._students, held, strict=True)]
        self._steps += [("update-abilities", abilities), ("update-gaps", gaps), ("update-lacks", short)]

    def _levels(self, levels: Vectors) -> list[dict[str, float]]:
        """Return levels by capability unit, of each student."""
        units, starts = self._names.units, levels.starts.tolist()
        pairs = list(zip((units[place] for place in levels.units.tolist()), levels.levels.tolist(), strict=True))
        return [dict(pairs[first:last]) for first, last in pairwise(starts)]

    def bridges(self, found: Gaps, bridging: Bridges, *, generation: str) -> None:
        """Set the resources of all gaps."""
        edges = np.searchsorted(bridging.gap, np.arange(len(found) + 1)).tolist()
        codes = [self._names.resources[place] for place in bridging.resource.tolist()]
        columns = (bridging.score, bridging.to_student, bridging.to_goal, bridging.contribution, bridging.rank)
        facts = list(zip(*(column.tolist() for column in columns), strict=True))
        heads = zip(found.student.tolist(), found.cluster.tolist(), strict=True)
        rows = [
            {
                "gap": f"{generation}:{self._students[student]}:{self._names.clusters[cluster]}",
                "items": dict(zip(codes[first:last], facts[first:last], strict=True)),
            }
            for (student, cluster), first, last in zip(heads, edges, edges[1:], strict=False)
        ]
        self._steps.append(("update-bridges", rows))

    def lists(self, found: Lists, paths: Sequence[str]) -> None:
        """Set whole lists.

        Arguments:
            found: of these students.
            paths: those that are set.
        """
        names = self._names
        for path in paths:
            place = PATHS.index(path)
            job = place == JOB
            made = list_rows(
                found.where(found.path == place),
                students=names.students,
                items=names.postings if job else names.resources,
                clusters=names.clusters,
            )
            items = {
                row["student"]: dict(zip(row["items"], zip(*(row[name] for name in LISTED), strict=True), strict=True))
                for row in made
            }
            rows = [{"student": code, "path": path, "items": items.get(code, {})} for code in self._students]
            self._steps.append(("update-postings" if job else "update-resources", rows))

    @property
    def steps(self) -> list[tuple[str, list[Row]]]:
        """Queries with their rows, in order."""
        return self._steps


def gone(names: Sequence[str]) -> list[tuple[str, list[Row]]]:
    """Return the steps that leave nothing of students who are no students any more."""
    steps: list[tuple[str, list[Row]]] = [
        ("update-students", [{"student": code, "stage": None, "state": None} for code in names]),
        ("update-abilities", [{"student": code, "levels": {}} for code in names]),
        ("update-gaps", [{"student": code, "gaps": {}} for code in names]),
    ]
    for path in PATHS:
        query_name = "update-postings" if path == PATHS[JOB] else "update-resources"
        steps.append((query_name, [{"student": code, "path": path, "items": {}} for code in names]))
    return steps


def write(graph: Graph, generation: str, steps: Sequence[tuple[str, list[Row]]], *, key: str) -> int:
    """Write one batch in one transaction, and return how many properties, relationships and nodes changed.

    Batches of distinct students may be written side by side.

    Arguments:
        graph: an open graph.
        generation: code of the active one.
        steps: from a `Change`, or `gone`.
        key: name of the batch; with a key, a batch is written once.

    Raises:
        JobError: the generation is not the active one any more; nothing of the batch is written.
    """

    def check(counters: Sequence[SummaryCounters]) -> None:
        if counters[-1].properties_set < _HELD:
            expected = "one run at a time; run it again"
            raise JobError("another generation became the active one", expected, where=generation)

    given = {"generation": generation, "at": clock.now(), "least": LEAST_AMOUNT}
    statements = []
    for name, rows in (*steps, ("update-hold", [])):
        statement, known = query(f"writeback/{name}"), given | {"rows": rows}
        statements.append((statement, {each.name: known[each.name] for each in statement.parameters}))
    counters = graph.write_batch(key, statements, check)
    if counters is None:
        return 0
    # The lock and what is noted on each student are not results.
    noted = _HELD + _NOTED * sum(len(rows) for name, rows in steps if name == "update-students")
    changed = counters.properties_set - noted + counters.relationships_created + counters.relationships_deleted
    return max(0, changed)


def done(graph: Graph, generation: str, competing: bytes) -> None:
    """Note on the active generation that it is up to date.

    Arguments:
        competing: digests of the postings that compete.
    """
    graph.write(query("writeback/update-done"), generation=generation, at=clock.now(), competing=competing)
