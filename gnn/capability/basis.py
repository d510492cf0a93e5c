"""All that the states of students are made from, as of a snapshot: computed once, for whoever needs states of it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gnn.capability import entrants
from gnn.capability.demand import demands
from gnn.capability.learning import Learned, learn
from gnn.capability.mapping import skill_units
from gnn.capability.pieces import Pieces, pieces
from gnn.capability.state import States
from gnn.capability.supply import industries, supply
from gnn.capability.vectors import Vectors
from gnn.config import GapConfig, StateRule
from gnn.snapshot import Floats, Snapshot

if TYPE_CHECKING:
    from gnn.capability.kept import Kept


@dataclass(frozen=True)
class Basis:
    """Vectors of clusters and resources, and the evidence of students.

    Arguments:
        world: the snapshot.
        config: settings.
        demands: b_j of the clusters.
        supply: c_r of the resources.
        kept: what an earlier generation holds; None computes it.
    """

    world: Snapshot
    config: GapConfig
    demands: Vectors
    supply: Vectors
    kept: "Kept | None" = None

    @classmethod
    def of(cls, world: Snapshot, config: GapConfig) -> "Basis":
        """Compute the vectors."""
        mapping = skill_units(world)
        demanded = demands(world, config, mapping=mapping)
        return cls(world, config, demanded, supply(world, config, mapping=mapping, demands=demanded))

    @cached_property
    def demand_levels(self) -> Floats:
        """b_j. [clusters, units]"""
        return self.demands.dense()

    @cached_property
    def supply_levels(self) -> Floats:
        """c_r. [resources, units]"""
        return self.supply.dense()

    @cached_property
    def sources(self) -> Vectors:
        """Vectors of the sources of evidence: resources, then clusters, then lines of business."""
        return self.supply.over(self.demands).over(self.ventures)

    @cached_property
    def ventures(self) -> Vectors:
        """Vectors of lines of business."""
        return industries(self.world, self.config, demands=self.demands) if self.kept is None else self.kept.ventures

    @cached_property
    def profiles(self) -> Floats:
        """What the clusters demand that students of a major enter. [majors + 1, units]"""
        if self.kept is not None:
            return self.kept.profiles
        entered = entrants.entries(self.world)
        return entrants.profiles(self.world, self.demand_levels, entered=entered, before=np.inf)

    @cached_property
    def known(self) -> Pieces:
        """All evidence."""
        return pieces(self.world, self.config)

    def learn(self) -> Learned:
        """Return the parameters of equation 14: those of the settings, else learned ones where settings ask for it."""
        if not self.config.learned or self.config.state is not None:
            return Learned(self.config.state, {"stateLearned": float(self.config.state is not None)})
        return learn(self.world, self.config, sources=self.sources, demands=self.demand_levels, known=self.known)

    def states(self, rule: StateRule | None, *, day: date | None = None) -> States:
        """Return the states of students.

        Arguments:
            rule: parameters, from `learn`; None for the plain rule.
            day: an earlier day, as of which later evidence is left out; None takes the last day of data.
        """
        world, known = self.world, self.known
        if day is not None:
            world, known = replace(world, data_through=day), known.take(np.flatnonzero(known.known <= day.toordinal()))
        config = replace(self.config, state=rule)
        return States.of(
            world, config, sources=self.sources, demands=self.demand_levels, known=known, profiles=self.profiles
        )
