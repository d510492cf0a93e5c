"""Everything that the demand model learns from, in one piece."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gnn.material.growth import Growth, growth_of
from gnn.material.market import market_of
from gnn.material.profile import profile_of
from gnn.material.relation import Relation, relation_of
from gnn.material.shortfall import shortfall_of
from gnn.panel import Panel
from gnn.snapshot import History
from schema.demand import HORIZON, spans

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Material:
    """What the channels read. What an institution lacks is None, and its channel is masked.

    Arguments:
        panel: monthly demand.
        text: what the month's postings say, mean over them, NaN where there are none, [clusters, months, values].
        growth: sequences of students.
        relation: the graph in time; with counts only, the clusters and their neighbours.
        market: outcomes, interest and foundations, [clusters, months, columns].
        gap: share of what a cluster demands that its students lack, 0 to 1, NaN where not known, [clusters, months].
        year: steps of a year, where a step is not a month.
    """

    panel: Panel
    text: Floats | None = None
    growth: Growth | None = None
    relation: Relation | None = None
    market: Floats | None = None
    gap: Floats | None = None
    year: int = 12

    def only(self, *, growth: bool = True, relation: bool = True, market: bool = True) -> "Material":
        """Return the same without some of the inputs, for ablations."""
        return replace(
            self,
            growth=self.growth if growth else None,
            relation=self.relation if relation else None,
            market=self.market if market else None,
        )

    def with_text(self, text: Floats) -> "Material":
        """Return the same with mean text vectors."""
        return replace(self, text=text)


def material_of(
    history: History, *, text: Floats | None = None, until: int | None = None, horizon: int = HORIZON
) -> Material:
    """Return the material of a history.

    Arguments:
        history: the past.
        text: mean vectors of postings by cluster and month, in the order of the history; None without text.
        until: month that ends the training span, of which statistics and neighbours are taken; None takes the span of
            the history.
        horizon: months of a window.
    """
    profile = profile_of(history)
    if until is None:
        until = spans(range(horizon - 1, history.months - horizon), horizon=horizon).train.stop
    growth = growth_of(history, profile, until=until)
    # Neighbours are those that could be seen when the training span ended.
    affinity = profile.likeness(until - 1).toarray()
    panel = Panel("history", history.clusters, history.start, history.counts, affinity)
    return Material(
        panel=panel,
        text=text,
        growth=growth,
        relation=relation_of(history, profile, growth),
        market=market_of(history),
        gap=None if growth is None else shortfall_of(history, profile, growth),
    )
