"""What a generation holds in common for all students, packed, so that an update can go on from it.

Demands of clusters, supply of resources, what majors lead to and what lines of business ask for rest on all postings
and all students. An update holds them fast: they are facts of the generation, and change with the next one.
"""

import io
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnn.capability.basis import Basis
from gnn.capability.vectors import Vectors
from gnn.config import GapConfig
from gnn.snapshot import Codes, Floats, Snapshot

_VECTORS = ("demands", "supply", "ventures")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is the same for all students.

    Arguments:
        codes: capability units, clusters, majors, lines of business, and the last day of data.
        resources: codes, in the order of ``supply``.
        as_of: the day that the generation was asked for; None takes all that is loaded.
        demands, supply, ventures: vectors of clusters, resources, lines of business.
        profiles: what the clusters demand that students of a major enter. [majors + 1, units]
        shares: of the clusters among where students of a major go. [majors + 1, clusters]
    """

    codes: Codes
    resources: tuple[str, ...]
    as_of: date | None
    demands: Vectors
    supply: Vectors
    ventures: Vectors
    profiles: Floats
    shares: Floats

    @classmethod
    def of(cls, basis: Basis, shares: Floats, *, as_of: date | None) -> "Kept":
        """Return what a run has computed."""
        world = basis.world
        codes = Codes(world.data_through, world.capabilities, world.clusters, world.majors, world.industries)
        return cls(codes, world.resources, as_of, basis.demands, basis.supply, basis.ventures, basis.profiles, shares)

    def pack(self) -> bytes:
        """Return it as bytes."""
        codes = self.codes
        head = {
            "asOf": self.as_of and self.as_of.isoformat(),
            "dataThrough": codes.data_through.isoformat(),
            "resources": self.resources,
            **{name: getattr(codes, name) for name in ("capabilities", "clusters", "majors", "industries")},
        }
        arrays: dict[str, NDArray[Any]] = {"profiles": self.profiles, "shares": self.shares}
        for name in _VECTORS:
            each: Vectors = getattr(self, name)
            arrays |= {f"{name}.starts": each.starts, f"{name}.units": each.units, f"{name}.levels": each.levels}
        buffer = io.BytesIO()
        text = np.frombuffer(json.dumps(head).encode(), np.uint8)
        np.savez_compressed(buffer, allow_pickle=False, head=text, **arrays)
        return buffer.getvalue()

    @classmethod
    def unpack(cls, packed: bytes) -> "Kept":
        """Return what was packed."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        head = json.loads(arrays["head"].tobytes())
        size = len(head["capabilities"])
        vectors = {
            name: Vectors(arrays[f"{name}.starts"], arrays[f"{name}.units"], arrays[f"{name}.levels"], size)
            for name in _VECTORS
        }
        names = {name: tuple(head[name]) for name in ("capabilities", "clusters", "majors", "industries")}
        return cls(
            codes=Codes(date.fromisoformat(head["dataThrough"]), **names),
            resources=tuple(head["resources"]),
            as_of=date.fromisoformat(head["asOf"]) if head["asOf"] else None,
            profiles=arrays["profiles"],
            shares=arrays["shares"],
            **vectors,
        )

    def basis(self, world: Snapshot, config: GapConfig) -> Basis:
        """Return the basis of a later snapshot; a resource that the generation does not know supplies nothing.

        Arguments:
            world: read with ``codes``.
            config: settings of the generation.
        """
        return Basis(world, config, self.demands, self._supply(world.resources), self)

    def _supply(self, resources: tuple[str, ...]) -> Vectors:
        if resources == self.resources:
            return self.supply
        place = {code: number for number, code in enumerate(self.resources)}
        known = np.array([place.get(code, -1) for code in resources], np.int32)
        lengths = np.where(known >= 0, np.diff(self.supply.starts)[known], 0)
        _, units, levels = self.supply.take(known[known >= 0])
        return Vectors(np.concatenate(([0], np.cumsum(lengths))), units, levels, self.supply.size)
