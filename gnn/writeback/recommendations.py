"""Lists, and where the students of majors go, as rows of the write-back queries."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gnn.ranking.lists import Lists
from gnn.snapshot import Floats
from schema.ranking import PATHS

Row = dict[str, Any]

JOB = PATHS.index("JOB")
"""The list that holds postings; the others hold resources."""


def list_rows(lists: Lists, *, students: Sequence[str], items: Sequence[str], clusters: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each student.

    Arguments:
        lists: either of postings or of resources.
        students, clusters: all codes.
        items: codes of all postings, or of all resources.
    """
    columns: dict[str, list[Any]] = {
        "items": [items[place] for place in lists.item.tolist()],
        "paths": [PATHS[place] for place in lists.path.tolist()],
        "ranks": lists.rank.tolist(),
        "scores": lists.score.tolist(),
        "matches": lists.match.tolist(),
        "gaps": lists.gap.tolist(),
        "contributions": lists.contribution.tolist(),
        "heats": lists.heat.tolist(),
        "goals": [clusters[place] for place in lists.goal.tolist()],
        "terms": lists.terms.tolist(),
    }
    who, starts = np.unique(lists.student, return_index=True)
    edges = [*starts.tolist(), len(lists)]
    for student, first, last in zip(who.tolist(), edges, edges[1:], strict=False):
        yield {"student": students[student], **{name: values[first:last] for name, values in columns.items()}}


def lead_rows(shares: Floats, *, majors: Sequence[str], clusters: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each major.

    Arguments:
        shares: of the clusters, a row per major. [majors or more, clusters]
        majors, clusters: all codes.
    """
    for major, row in zip(majors, shares[: len(majors)].tolist(), strict=True):
        if clusters:
            yield {"major": major, "items": list(clusters), "shares": row}
