"""The postings without their texts: where each lies, and whether its vector is still that of what it says now.

What the encoder reads of a posting is settled by its row, whose digest the loader keeps, by its place and its
employer's industry, and by the skills that it asks for. A digest of these stands beside its vector. So an update finds
out which postings are due without reading a single text.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot.history import History, history_of, last_day, read_relations_through
from gnn.snapshot.packed import Floats, Nodes, Places, Reader
from gnn.snapshot.relations import Relations
from gnn.snapshot.texts import MONTHLY

VERSION = "1"
"""Part of every digest: raise it when the encoder reads anything else of a posting."""

COLUMNS = (
    "contentHash", "embeddingDigest", "embeddingGeneration", "education", "salaryMin", "salaryMax", "salaryPeriod",
    "headcount",
)  # fmt: skip
"""Properties of postings that are read, beside the day of release."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings released by the end of a history, in the order of their codes.

    Arguments:
        as_of: what was closed before it is left out of the digests.
        codes: unified codes, [postings].
        cluster: place of the job cluster in the history, of several the first by code; -1 without, [postings].
        month: place of the month of release in the history; negative before it, [postings].
        digests: of what a vector would be made from now; empty where the posting has no row, [postings].
        held: digest of what its vector was made from; empty where there is no vector or no digest, [postings].
        generations: whose model made the vector; empty where there is none, [postings].
        salary: mid of the pay per month, in the currency stated, or NaN, [postings].
        education: least education, ISCED 2011 level, or NaN, [postings].
        headcount: open positions, or NaN, [postings].
        marked: how many postings say of their vector that it is by a model, by the code of its generation; those that
            do not belong to the history count too.
    """

    as_of: datetime
    codes: tuple[str, ...]
    cluster: NDArray[np.int64]
    month: NDArray[np.int64]
    digests: tuple[str, ...]
    held: tuple[str, ...]
    generations: tuple[str, ...]
    salary: Floats
    education: Floats
    headcount: Floats
    marked: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.codes)

    def encoded(self, generation: str) -> "Postings":
        """Return the same postings after all that were due have been encoded by a model."""
        return replace(self, held=self.digests, generations=(generation,) * len(self))

    def due(self, generation: str, *, held: Collection[str] | None = None) -> NDArray[np.int64]:
        """Return the places of postings whose vector by a model is missing, or was made from something else.

        A posting without a digest is always due: nobody can tell whether it changed.

        Arguments:
            generation: code of the generation whose model is meant.
            held: codes of postings that have a vector by it; None takes the word of the digests.
        """
        rows = zip(self.digests, self.held, self.generations, strict=True)
        due = [place for place, (now, then, made) in enumerate(rows) if not now or now != then or made != generation]
        if held is not None:
            due = sorted({*due, *(place for place, code in enumerate(self.codes) if code not in held)})
        return np.array(due, np.int64)


def read_past(graph: Graph, *, through: date | None = None, progress: Progress) -> tuple[History, Postings]:
    """Read the history and the postings that belong to it, from one reading of the graph.

    Arguments:
        graph: an open graph.
        through: as in `read_history`.
        progress: shows the steps.

    Raises:
        JobError: no posting of a cluster lies within.
        UnreachableError: no server answers.
    """
    relations, as_of = read_relations_through(graph, through, beside={"Job": COLUMNS}, progress=progress)
    history = history_of(relations, through=last_day(relations, as_of.date(), given=through is not None))
    with progress.step("Reading the state of postings", unit="postings") as step:
        found = _postings(_read(graph, relations.nodes["Job"], as_of=as_of), relations, history, as_of=as_of)
        step.advance(len(found))
    return history, found


@dataclass(frozen=True, slots=True)
class _State:
    """The first place and industry of each posting by code; -1 without."""

    regions: Nodes
    industries: Nodes
    region: Places
    industry: Places


def _read(graph: Graph, jobs: Nodes, *, as_of: datetime) -> _State:
    with Reader(graph, as_of=as_of) as reader:
        asked = [
            # An employer that closed was in its line of business all the same.
            reader.ask_nodes("Employer", closed=True),
            reader.ask_nodes("Region"),
            reader.ask_nodes("Industry"),
        ]
        types = (("LOCATED_IN", "Job"), ("POSTED_BY", "Job"), ("OPERATES_IN", "Employer"))
        linked = [reader.ask_links(type_, start) for type_, start in types]
        employers, regions, industries = (reader.nodes(each) for each in asked)
        located = reader.links(linked[0], jobs, {"Region": regions})["Region"]
        posted = reader.links(linked[1], jobs, {"Employer": employers})["Employer"]
        operates = reader.links(linked[2], employers, {"Industry": industries})["Industry"]
    of_employer = _least(operates.start, operates.end, len(employers))
    industry = of_employer[posted.end]
    known = industry >= 0
    return _State(
        regions,
        industries,
        _least(located.start, located.end, len(jobs)),
        _least(posted.start[known], industry[known], len(jobs)),
    )


def _least(start: Places, end: Places, count: int) -> Places:
    """Return the least end of each start, which is the first by code; -1 where there is none."""
    found = np.full(count, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(found, start, end)
    return np.where(found == np.iinfo(np.int32).max, -1, found).astype(np.int32)


def _postings(state: _State, relations: Relations, history: History, *, as_of: datetime) -> Postings:
    jobs, belongs = relations.nodes["Job"], relations.links["Job", "IN_CLUSTER", "JobCluster"]
    released = jobs.number("releasedOn")
    through = history.through.year * 10000 + history.through.month * 100 + history.through.day
    at = np.flatnonzero(released <= through)
    day = released[at].astype(np.int64)
    low, high = (jobs.number(name)[at] for name in ("salaryMin", "salaryMax"))
    period, made = jobs.category("salaryPeriod"), jobs.category("embeddingGeneration")
    months = np.array([*(MONTHLY.get(value, np.nan) for value in period.values), np.nan])[period.places[at]]
    return Postings(
        as_of=as_of,
        codes=tuple(jobs.codes[number] for number in at.tolist()),
        # Relationships are in the order of both ends, so that the least is the first by code.
        cluster=_least(belongs.start, belongs.end, len(jobs))[at].astype(np.int64),
        month=day // 10000 * 12 + day // 100 % 100 - 1 - history.first_month,
        digests=_digests(state, relations, at=at),
        held=_texts(jobs, "embeddingDigest", at),
        generations=_texts(jobs, "embeddingGeneration", at),
        # A bound that is missing is the other one.
        salary=(np.where(np.isnan(low), high, low) + np.where(np.isnan(high), low, high)) / 2 * months,
        education=jobs.number("education")[at],
        headcount=jobs.number("headcount")[at],
        marked=dict(zip(made.values, np.bincount(made.places[made.places >= 0]).tolist(), strict=True)),
    )


def _texts(jobs: Nodes, name: str, rows: NDArray[np.int64]) -> tuple[str, ...]:
    column = jobs.category(name)
    values = (*column.values, "")
    return tuple(values[place] for place in column.places[rows].tolist())


def _digests(state: _State, relations: Relations, *, at: NDArray[np.int64]) -> tuple[str, ...]:
    """Return a digest of each posting: the sum of those of its parts, so that the order of skills does not matter."""
    required = relations.links["Job", "REQUIRES", "Skill"]
    jobs = relations.nodes["Job"]
    total = np.zeros(len(jobs), np.uint64)
    np.add.at(total, required.start, _marks("skill", relations.nodes["Skill"].codes)[required.end])
    hashes = jobs.category("contentHash")
    total = total[at] + _marks("row", hashes.values)[hashes.places[at]]
    total += _marks("region", state.regions.codes)[state.region[at]]
    total += _marks("industry", state.industries.codes)[state.industry[at]]
    known = hashes.places[at] >= 0
    return tuple(f"{value:016x}" if there else "" for value, there in zip(total.tolist(), known.tolist(), strict=True))


def _marks(kind: str, codes: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits for each code, and those for no code at the end."""
    parts = (f"{VERSION}\x1f{kind}\x1f{code}".encode() for code in (*codes, ""))
    return np.frombuffer(b"".join(blake2b(part, digest_size=8).digest() for part in parts), "<u8").astype(np.uint64)
