"""Terms of postings that look like skills and match none: counted over all postings, kept for the vocabulary."""

from dataclasses import dataclass
from datetime import datetime

from cypher import library
from cypher.graph import Graph
from etl.load import Loading
from etl.report import LoadReport
from schema.ids import code

MOST = 20_000
"""Terms that are kept, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class CandidateTerm:
    """A candidate for the vocabulary.

    Arguments:
        term: as counted, in lower case.
        postings: open postings that hold it.
        examples: codes of up to three of them.
    """

    term: str
    postings: int
    examples: tuple[str, ...]


def top(graph: Graph, limit: int = 50) -> list[CandidateTerm]:
    """Return the most frequent candidate terms, equal ones in alphabetical order."""
    records = graph.read(library.query("ingest/candidate-terms"), limit=limit)
    return [CandidateTerm(each["term"], each["postings"], tuple(each["examples"])) for each in records]


def recount(graph: Graph, *, at: datetime) -> int:
    """Count again and write what differs; return how many terms were written or removed.

    Arguments:
        graph: where postings are.
        at: the instant to note.
    """
    (record,) = graph.read(library.query("ingest/count-candidate-terms"), most=MOST)
    found = {
        term: CandidateTerm(term, postings, tuple(examples))
        for term, postings, examples in zip(*record.values(), strict=True)
    }
    held = {each.term: each for each in top(graph, 2 * MOST)}
    rows = [
        {"code": code("term", each.term), "term": each.term, "postings": each.postings, "examples": [*each.examples]}
        for each in found.values()
        if held.get(each.term) != each
    ]
    gone = [code("term", term) for term in held if term not in found]
    if rows:
        graph.write(library.query("ingest/write-candidate-terms"), rows=rows, at=at)
    if gone:
        graph.write(library.query("ingest/drop-candidate-terms"), codes=gone)
    return len(rows) + len(gone)


def after_load(loading: Loading, report: LoadReport) -> None:
    """Count again at the end of a load, also of one that has only finished what a killed one began."""
    del report  # what a killed load has changed is in no report, so the graph itself is asked
    recount(loading.graph, at=loading.at)
