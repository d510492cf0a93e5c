"""Gaps and all that belongs to them into the graph, generation by generation.

A generation is written beside the active one in batches, each exactly once, and then made the active one in one
transaction. A reader starts at (:ActivePointer {code: 'active'}), whose property generation is its code,
and filters derived facts by it: so it sees the old facts or the new ones, never both. It changes in one write
of the store. The relationship POINTS_AT is for the eye: it is replaced in the same transaction, but Neo4j shows a
reader who looks in the middle of a commit both relationships, or none. A query that does both in one go holds the code
fast first, by WITH ... LIMIT 1: otherwise the planner may begin at the facts and read the pointer again for each.
A generation that was never activated, because its run died or another run took over, is deleted by the next run.
The generation that was active before stays until the next activation, so that a reader who is still at work on it
comes to a consistent end. Forecasts have generations of their own, see `gnn.writeback.forecasts`: this job touches
nothing of them but the resources that they propose, which follow the gaps.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from cypher.graph import Graph
from cypher.library import Query, query
from cypher.progress import Progress
from gnn.bridging import Bridges
from gnn.capability import Vectors
from gnn.config import GapConfig
from gnn.gaps import Gaps
from gnn.ranking.lists import Lists
from gnn.snapshot import Floats
from gnn.writeback.recommendations import JOB, lead_rows, list_rows
from schema import clock, ids
from schema.errors import JobError

Row = dict[str, Any]

FACTS = 25_000
"""Relationships in one transaction, about: each takes some kilobytes of the server's memory until the commit."""

HOLDERS = 200
"""Nodes whose levels are deleted in one transaction."""

_HELD = (
    ("demands", "clusters"),
    ("supplies", "resources"),
    ("abilities", "students"),
    ("recommendations", "students"),
    ("leads", "majors"),
)


def generation_code(at: datetime, config_hash: str) -> str:
    """Return the code of a generation: when it was started, and a hash of its settings.

    Lower-case and at most 36 characters long, because every derived relationship carries it and Neo4j keeps such
    strings within the property record.

    >>> from datetime import UTC
    >>> generation_code(datetime(2026, 11, 22, 5, tzinfo=UTC), "3f2a1b")
    'fc:2026-11-22t05:00:00.000z:3f2a1b'
    """
    moment = at.isoformat(timespec="milliseconds").removesuffix("+00:00").lower() + "z"
    return ids.code("fc", moment, config_hash)


@dataclass(frozen=True, slots=True)
class Active:
    """The active generation.

    Arguments:
        code: its code.
        activated_at: since when readers see it.
        data_through: last day of data that it knows.
        metrics: measured figures by name.
    """

    code: str
    activated_at: datetime
    data_through: date
    metrics: Mapping[str, float]


def active(graph: Graph) -> Active | None:
    """Return the active generation, or None before the first."""
    for row in graph.read(query("writeback/active")):
        metrics = json.loads(row["metrics"])
        return Active(row["generation"], row["activatedAt"].to_native(), row["dataThrough"].to_native(), metrics)
    return None


class Writer:
    """Writes one generation, from its start to its activation.

    Arguments:
        graph: an open graph.
        config: settings; they are kept on the generation.
        data_through: last day of data that it knows.
        units: codes of all capability units, in the order of the vectors.
    """

    def __init__(self, graph: Graph, config: GapConfig, *, data_through: date, units: Sequence[str]) -> None:
        self._graph = graph
        self._units = list(units)
        self._batches = 0
        self.code = generation_code(clock.now(), config.hash)
        self._batch("begin", dataThrough=data_through, config=config.json)

    def _batch(self, name: str, **parameters: Any) -> None:
        """Write one batch, and see that it arrived.

        Raises:
            JobError: nothing was written: another run took over, or a node is gone.
        """
        self._batches += 1
        key = f"{_ledger(self.code)}{self._batches:06}"
        given = {"generation": self.code, "at": clock.now(), **parameters}
        counters = self._graph.write_batch(key, query(f"writeback/{name}"), **given)
        expected = sum(_facts(row) for row in parameters.get("rows", ()))
        written = None if counters is None else counters.relationships_created
        # The lock itself sets one property; whoever no longer holds the generation sets no other.
        lost = counters is not None and counters.properties_set <= 1
        if lost or (expected and written not in (None, expected)):
            raise JobError(
                f"{name}: {written} relationships written of {expected}",
                "one run at a time on a graph that keeps its nodes; run it again",
                where=f"generation {self.code}",
            )

    def keep(self, *, basis: bytes, competing: bytes) -> None:
        """Keep what an update goes on from.

        Arguments:
            basis: what is the same for all students.
            competing: digests of the postings that compete.
        """
        self._batch("keep", basis=basis, competing=competing)

    def states(self, states: Sequence[bytes], stages: Floats, *, students: Sequence[str]) -> None:
        """Write stages, and what the results of students rest on.

        Arguments:
            states: of each student.
            stages: pi_u. [students, stages]
            students: codes.
        """
        rows = [
            {"student": code, "stage": stage, "state": state}
            for code, stage, state in zip(students, stages.tolist(), states, strict=True)
        ]
        self._batch("states", rows=rows)

    def levels(self, name: str, vectors: Vectors, *, codes: Sequence[str]) -> int:
        """Write vectors as relationships to capability units, and return how many.

        Arguments:
            name: "demands", "supplies" or "abilities".
            vectors: one for each code.
            codes: of the nodes that hold them.
        """
        for rows in _chunks(_level_rows(vectors, codes)):
            self._batch(name, units=self._units, rows=rows)
        return len(vectors.levels)

    def gaps(
        self,
        found: Gaps,
        bridging: Bridges,
        *,
        demands: np.ndarray,
        abilities: np.ndarray,
        students: Sequence[str],
        clusters: Sequence[str],
        resources: Sequence[str],
    ) -> None:
        """Write the gaps of a chunk of students with their shortfalls and resources.

        Arguments:
            found, bridging: from `gaps.gaps` and `bridging.bridges`.
            demands, abilities: the levels that they were computed from. [clusters, units], [students, units]
            students: codes of the chunk.
            clusters, resources: all codes.
        """
        rows = gap_rows(found, bridging, demands=demands, abilities=abilities)
        named = (
            {
                **row,
                "student": students[row["student"]],
                "cluster": clusters[row["cluster"]],
                "resources": [resources[place] for place in row["resources"]],
            }
            for row in rows
        )
        for chunk in _chunks(named):
            self._batch("gaps", units=self._units, rows=chunk)

    def recommendations(
        self,
        lists: Lists,
        *,
        students: Sequence[str],
        postings: Sequence[str],
        resources: Sequence[str],
        clusters: Sequence[str],
    ) -> int:
        """Write lists, and return how many items they hold.

        Arguments:
            lists: of a chunk of students.
            students, postings, resources, clusters: all codes.
        """
        job = lists.path == JOB
        for name, kept, items in (("postings", job, postings), ("resources", ~job, resources)):
            rows = list_rows(lists.where(kept), students=students, items=items, clusters=clusters)
            for chunk in _chunks(rows):
                self._batch(f"recommended-{name}", rows=chunk)
        return len(lists)

    def leads(self, shares: Floats, *, majors: Sequence[str], clusters: Sequence[str]) -> int:
        """Write where the students of majors go, and return how many shares there are.

        Arguments:
            shares: of the clusters, a row per major. [majors or more, clusters]
            majors, clusters: all codes.
        """
        for chunk in _chunks(lead_rows(shares, majors=majors, clusters=clusters)):
            self._batch("leads", rows=chunk)
        return len(majors) * len(clusters)

    def activate(self, metrics: Mapping[str, float], *, gaps: int) -> None:
        """Mark the generation complete, and let readers see it in the place of the one before.

        Arguments:
            metrics: measured figures by name.
            gaps: how many gaps were computed.

        Raises:
            JobError: another run took over, or gaps are missing; the active generation stays.
        """
        written = self._graph.read(query("writeback/written"), generation=self.code)[0]["gaps"]
        if written != gaps:
            raise JobError(f"{written} gaps in the graph", f"{gaps}; run it again", where=f"generation {self.code}")
        self._batch("complete", metrics=json.dumps(metrics, sort_keys=True))
        self._batch("activate")
        self._graph.clear_batches(_ledger(self.code))


def _ledger(generation: str) -> str:
    return f"gaps:{generation}:"


def _facts(row: Row) -> int:
    """Return the number of relationships that a row stands for."""
    if "items" in row:
        return len(row["items"])
    if "state" in row:
        return 0
    return len(row["units"]) + (2 + len(row["resources"]) if "resources" in row else 0)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    facts = 0
    for row in rows:
        chunk.append(row)
        facts += _facts(row)
        if facts >= FACTS:
            yield chunk
            chunk, facts = [], 0
    if chunk:
        yield chunk


def _level_rows(vectors: Vectors, codes: Sequence[str]) -> Iterator[Row]:
    units, levels, starts = vectors.units.tolist(), vectors.levels.tolist(), vectors.starts.tolist()
    for place, code in enumerate(codes):
        span = slice(starts[place], starts[place + 1])
        if units[span]:
            yield {"code": code, "units": units[span], "levels": levels[span]}


def gap_rows(found: Gaps, bridging: Bridges, *, demands: np.ndarray, abilities: np.ndarray) -> Iterator[Row]:
    """Yield a row for each gap, with its shortfalls and resources; everything by place.

    Arguments:
        found, bridging: of a chunk of students.
        demands, abilities: the levels that they were computed from. [clusters, units], [students, units]
    """
    rows, units = np.nonzero(found.lacking)
    demanded = demands[found.cluster[rows], units].tolist()
    held = abilities[found.student[rows], units].tolist()
    amounts, places = found.lacking[rows, units].tolist(), units.tolist()
    lacks = np.searchsorted(rows, np.arange(len(found) + 1)).tolist()
    steps = np.searchsorted(bridging.gap, np.arange(len(found) + 1)).tolist()
    bridge = {
        "resources": bridging.resource.tolist(),
        "scores": bridging.score.tolist(),
        "toStudent": bridging.to_student.tolist(),
        "toGoal": bridging.to_goal.tolist(),
        "contributions": bridging.contribution.tolist(),
        "ranks": bridging.rank.tolist(),
    }
    heads = zip(
        found.student.tolist(),
        found.cluster.tolist(),
        found.value.tolist(),
        found.match.tolist(),
        found.rank.tolist(),
        found.own.tolist(),
        found.likelihood.tolist(),
        strict=True,
    )
    for place, (student, cluster, value, match, rank, own, likelihood) in enumerate(heads):
        lack, step = slice(lacks[place], lacks[place + 1]), slice(steps[place], steps[place + 1])
        yield {
            "student": student,
            "cluster": cluster,
            "value": value,
            "match": match,
            "rank": rank,
            "own": own,
            "likelihood": likelihood,
            "units": places[lack],
            "demanded": demanded[lack],
            "held": held[lack],
            "amounts": amounts[lack],
            **{name: values[step] for name, values in bridge.items()},
        }


def take_over(graph: Graph) -> None:
    """Retire generations whose runs never ended; a run still at work on one gets a JobError at its next batch."""
    graph.write(query("writeback/retire"), at=clock.now())


def prune(graph: Graph, progress: Progress) -> list[str]:
    """Delete generations that nobody reads: those never activated, and all older than the one before the active one.

    Deleting goes batch by batch and can be interrupted; the next call goes on.

    Returns:
        The codes of the deleted generations.
    """
    rows = graph.read(query("writeback/retired"))
    was_active = [row["generation"] for row in rows if row["wasActive"]]
    codes = [row["generation"] for row in rows if not row["wasActive"]] + was_active[1:]
    if codes:
        held = graph.read(query("writeback/holders"))[0]
        for code in codes:
            with progress.step(f"Pruning {code}", unit="facts") as step:
                for facts in _pruned(graph, code, held=held):
                    step.advance(facts)
    return codes


def _pruned(graph: Graph, code: str, *, held: Any) -> Iterator[int]:
    """Delete one generation and yield the number of deleted facts of each batch. The generation itself goes last."""
    most = HOLDERS
    while (deleted := graph.write(query("writeback/prune-gaps"), generation=code, most=most)).nodes_deleted:
        most = max(1, FACTS * deleted.nodes_deleted // max(1, deleted.relationships_deleted))
        yield deleted.nodes_deleted + deleted.relationships_deleted
    for kind, holders in _HELD:
        statement: Query = query(f"writeback/prune-{kind}")
        codes = held[holders]
        for first in range(0, len(codes), HOLDERS):
            chunk = codes[first : first + HOLDERS]
            yield graph.write(statement, generation=code, codes=chunk).relationships_deleted
    graph.clear_batches(_ledger(code))
    graph.write(query("writeback/prune-generation"), generation=code)
