"""The postings without their texts: where each lies, and whether its vector is still that of what it says now.

What the encoder reads of a posting is settled by its row, whose digest the loader keeps, by its place and its
employer's industry, and by the skills that it asks for. A digest of these stands beside its vector. So an update finds
out which postings are due without reading a single text.
"""

from binascii import hexlify
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import blake2b
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cypher.graph import Graph
from cypher.library import query
from cypher.progress import Progress
from gnn.snapshot.history import History, history_of, instant_of
from gnn.snapshot.packed import Asked, Categories, Floats, Links, Nodes, Places, Reader, Words
from gnn.snapshot.relations import RELATIONSHIPS, Gathering, Relations, Triple
from gnn.snapshot.span import Span, day_number, last_day, span_of
from gnn.snapshot.texts import MONTHLY, Names

VERSION = "2"
"""Part of every digest: raise it when the encoder reads anything else of a posting."""

COLUMNS = ("contentHash", "embeddingDigest", "embeddingGeneration")
"""Properties of postings that are read, beside the day of release."""

_OF_POSTINGS = tuple(key for key in RELATIONSHIPS if key[0] == "Job")


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings released by the end of a history, in the order of their codes.

    Arguments:
        as_of: what was closed before it is left out of the digests.
        span: the months of the history.
        names: codes of clusters, skills, places and industries, as a reading of texts needs them.
        codes: unified codes, [postings].
        cluster: place of the job cluster in the history, of several the first by code; -1 without, [postings].
        month: place of the month of release in the history; negative before it, [postings].
        digests: of what a vector would be made from now; empty where the posting has no row, [postings].
        held: digest of what its vector was made from; empty where there is no vector or no digest, [postings].
        generations: whose model made the vector; empty where there is none, [postings].
        marked: how many postings say of their vector that it is by a model, by the code of its generation; those that
            do not belong to the history count too.
    """

    as_of: datetime
    span: Span
    names: Names
    codes: tuple[str, ...]
    cluster: NDArray[np.int64]
    month: NDArray[np.int64]
    digests: Words
    held: Words
    generations: Categories
    marked: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.codes)

    def encoded(self, generation: str) -> "Postings":
        """Return the same postings after all that were due have been encoded by a model."""
        return replace(
            self, held=self.digests, generations=Categories((generation,), np.zeros(len(self), dtype=np.int32))
        )

    def _made(self, generation: str) -> NDArray[np.bool_]:
        return np.array([value == generation for value in (*self.generations.values, "")])[self.generations.places]

    def by(self, generation: str) -> int:
        """Return how many of these postings say of their vector that it is by a model."""
        return int(self._made(generation).sum())

    def due(self, generation: str, *, held: Collection[str] | None = None) -> NDArray[np.int64]:
        """Return the places of postings whose vector by a model is missing, or was made from something else.

        A posting without a digest is always due: nobody can tell whether it changed.

        Arguments:
            generation: code of the generation whose model is meant.
            held: codes of postings that have a vector by it; None takes the word of the digests.
        """
        made = self._made(generation)
        due = (self.digests == "") | (self.digests != self.held) | ~made
        if held is not None:
            due |= np.array([code not in held for code in self.codes])
        return np.flatnonzero(due)


def read_past(graph: Graph, *, through: date | None = None, progress: Progress) -> tuple[History, Postings]:
    """Read the history and the postings that belong to it, from one reading of the graph; all as of `Past`."""
    with Past(graph, through=through, progress=progress) as past:
        return past.history, past.postings


class Past:
    """The history and the postings that belong to it, while they are being read. Postings are there first.

    Use it as a context manager; it reads as long as the block lasts.

    Arguments:
        graph: an open graph.
        through: as in `read_history`.
        progress: shows the steps.

    Raises:
        JobError: no posting of a cluster lies within.
        UnreachableError: no server answers.
    """

    def __init__(self, graph: Graph, *, through: date | None = None, progress: Progress) -> None:
        self._given, self._progress = through is not None, progress
        self.as_of = instant_of(through)
        self._reader = Reader(graph, as_of=self.as_of)
        self._gathering = Gathering(self._reader, beside={"Job": COLUMNS}, progress=progress)
        self._gathering.ask(_OF_POSTINGS)
        self._asked = {label: self._reader.ask_nodes(label) for label in ("Region", "Industry")}
        # An employer that closed was in its line of business all the same.
        self._asked["Employer"] = self._reader.ask_nodes("Employer", closed=True)
        types = (("LOCATED_IN", "Job"), ("POSTED_BY", "Job"), ("OPERATES_IN", "Employer"))
        self._asked |= {type_: self._reader.ask_links(type_, start) for type_, start in types}
        self._gathering.ask(key for key in RELATIONSHIPS if key not in _OF_POSTINGS)

    def __enter__(self) -> Self:
        self._reader.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.__exit__(kind, error, trace)

    @cached_property
    def postings(self) -> Postings:
        """The postings."""
        links, nodes = self._of_postings, self._gathering.nodes
        with self._progress.step("Reading the state of postings", unit="postings") as step:
            state = _state(self._reader, self._asked, nodes["Job"])
            found = _postings(state, Relations(nodes, links), self.span, as_of=self.as_of)
            step.advance(len(found))
        return found

    @cached_property
    def history(self) -> History:
        """The history."""
        links = {**self._of_postings, **self._gathering.links()}
        return history_of(Relations(self._gathering.nodes, links), through=self.span.through)

    @cached_property
    def span(self) -> Span:
        """The months of the history."""
        jobs = self._gathering.nodes["Job"]
        through = last_day(jobs, self.as_of.date(), given=self._given)
        return span_of(jobs, self._of_postings["Job", "IN_CLUSTER", "JobCluster"], through=through)

    @cached_property
    def _of_postings(self) -> dict[Triple, Links]:
        return self._gathering.links(_OF_POSTINGS)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What postings of a stretch of time offer and ask for, in no order.

    Arguments:
        salary: mid of the pay per month, in the currency stated, or NaN, [postings].
        education: least education, ISCED 2011 level, or NaN, [postings].
        headcount: open positions, or NaN, [postings].
    """

    salary: Floats
    education: Floats
    headcount: Floats


def read_attributes(graph: Graph, *, after: date, through: date) -> Attributes:
    """Read attributes of the postings released later than a day and until another one.

    Raises:
        UnreachableError: no server answers.
    """
    [found] = graph.read(query("snapshot/posting-attributes"), after=after, through=through)
    education, headcount, low, high = (
        np.where(values < 0, np.nan, values)
        for values in (np.array(found[name], np.float64) for name in ("education", "headcount", "low", "high"))
    )
    months = np.array([MONTHLY.get(period, np.nan) for period in found["period"]], np.float64)
    # A bound that is missing is the other one.
    salary = (np.where(np.isnan(low), high, low) + np.where(np.isnan(high), low, high)) / 2 * months
    return Attributes(salary, education, headcount)


@dataclass(frozen=True, slots=True)
class _State:
    """The first place and industry of each posting by code; -1 without."""

    regions: Nodes
    industries: Nodes
    region: Places
    industry: Places


def _state(reader: Reader, asked: Mapping[str, Asked], jobs: Nodes) -> _State:
    regions, industries, employers = (reader.nodes(asked[label]) for label in ("Region", "Industry", "Employer"))
    located = reader.links(asked["LOCATED_IN"], jobs, {"Region": regions})["Region"]
    posted = reader.links(asked["POSTED_BY"], jobs, {"Employer": employers})["Employer"]
    operates = reader.links(asked["OPERATES_IN"], employers, {"Industry": industries})["Industry"]
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


def _postings(state: _State, relations: Relations, span: Span, *, as_of: datetime) -> Postings:
    jobs, belongs = relations.nodes["Job"], relations.links["Job", "IN_CLUSTER", "JobCluster"]
    released = jobs.number("releasedOn")
    at = np.flatnonzero(released <= day_number(span.through))
    day = released[at].astype(np.int64)
    made = jobs.category("embeddingGeneration")
    clusters, skills = (relations.nodes[label].codes for label in ("JobCluster", "Skill"))
    return Postings(
        as_of=as_of,
        span=span,
        names=Names(clusters, skills, state.regions.codes, state.industries.codes),
        codes=tuple(jobs.codes[number] for number in at.tolist()),
        # Relationships are in the order of both ends, so that the least is the first by code.
        cluster=_least(belongs.start, belongs.end, len(jobs))[at].astype(np.int64),
        month=day // 10000 * 12 + day // 100 % 100 - 1 - span.first_month,
        digests=_digests(state, relations, at=at),
        held=jobs.words("embeddingDigest")[at],
        generations=Categories(made.values, made.places[at]),
        marked=dict(zip(made.values, np.bincount(made.places[made.places >= 0]).tolist(), strict=True)),
    )


def _digests(state: _State, relations: Relations, *, at: NDArray[np.int64]) -> Words:
    """Return a digest of each posting: the sum of those of its parts, so that the order of skills does not matter."""
    required = relations.links["Job", "REQUIRES", "Skill"]
    jobs = relations.nodes["Job"]
    total = np.zeros(len(jobs), np.uint64)
    np.add.at(total, required.start, _marks("skill", relations.nodes["Skill"].codes)[required.end])
    hashes = jobs.words("contentHash")[at]
    total = total[at] + marks_of(hashes)
    total += _marks("region", state.regions.codes)[state.region[at]]
    total += _marks("industry", state.industries.codes)[state.industry[at]]
    told = np.frombuffer(hexlify(total.astype(">u8").tobytes()), "S16").astype(np.str_)
    return np.where(hashes == "", "", told)


def _marks(kind: str, codes: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits for each code, and those for no code at the end."""
    parts = (f"{VERSION}\x1f{kind}\x1f{code}".encode() for code in (*codes, ""))
    return np.frombuffer(b"".join(blake2b(part, digest_size=8).digest() for part in parts), "<u8").astype(np.uint64)


def marks_of(texts: Words) -> NDArray[np.uint64]:
    """Return 64 bits for each of many texts that are digests themselves: their letters by odd weights, then mixed.

    Arguments:
        texts: as an array; how long the longest of them is does not matter, [texts].
    """
    letters = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), -1).astype(np.uint64)
    weights = _mixed(np.arange(1, letters.shape[1] + 1, dtype=np.uint64)) | np.uint64(1)
    return _mixed((letters * weights).sum(axis=1, dtype=np.uint64))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return splitmix64 of numbers. Source: Steele, Lea and Flood, Fast splittable pseudorandom generators, 2014."""
    mixed = values * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
