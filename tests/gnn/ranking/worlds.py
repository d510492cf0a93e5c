"""Drawn worlds for the ranker that need no server: a snapshot, what students did, and all vectors."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np

from gnn.config import GapConfig
from gnn.ranking import Behaviour, Likelihood, Ranker
from gnn.ranking.likelihood import arrivals, shares
from gnn.snapshot import Edges, Snapshot
from gnn.snapshot.behaviour import ACTIONS, EPOCH, NEVER, Actions, Offers, Openings, Profiles
from schema.nodes import RESOURCE_KINDS
from schema.rules import RankingRules
from tests.gnn.snapshots import snapshot

DAY = date(2024, 12, 31)
TODAY = DAY.toordinal()
TERM = 2.0 * 2024  # begins on 2024-09-01
OFFERED = tuple(RESOURCE_KINDS.index(kind) for kind in RESOURCE_KINDS)


@dataclass(frozen=True)
class Drawn:
    """A drawn world with its vectors.

    Arguments:
        world, behaviour: what is known.
        abilities, demands, supply: a_u, b_j and c_r. [students, units], [clusters, units], [resources, units]
    """

    world: Snapshot
    behaviour: Behaviour
    abilities: np.ndarray
    demands: np.ndarray
    supply: np.ndarray

    def ranker(self, rules: RankingRules | None = None, **given) -> Ranker:
        """Return a ranker of this world."""
        found = Likelihood(shares(self.world, arrivals(self.world, self.behaviour.actions, through=DAY)))
        config = GapConfig(goals=3, least_units=1, resources=2)
        return Ranker(
            self.world, self.behaviour, self.demands, self.supply, rules or RankingRules(), found, config, **given
        )

    def acted(self, *rows: tuple[int, str, str, int]) -> "Drawn":
        """Return the same world in which students did more: (student, item, action, days ago)."""
        known, items = self.behaviour.actions, dict.fromkeys(self.behaviour.actions.items)
        old = [
            (student, at, known.items[item], kind, item_kind, cluster)
            for student, at, item, kind, item_kind, cluster in zip(
                *(getattr(known, n).tolist() for n in ("student", "at", "item", "kind", "item_kind", "cluster")),
                strict=True,
            )
        ]
        for student, item, kind, ago in rows:
            job = item in self.behaviour.openings.codes
            place = (self.behaviour.openings.codes if job else self.world.resources).index(item)
            source = self.behaviour.openings if job else self.behaviour.offers
            item_kind = 0 if job else int(self.behaviour.offers.kind[place])
            at = (TODAY - EPOCH - ago) * 86_400_000 + len(old)
            old.append((student, at, item, ACTIONS.index(kind), item_kind, int(source.cluster[place])))
        items |= {row[2]: None for row in old}
        codes = tuple(sorted(items))
        columns = [np.array(column) for column in zip(*sorted(old), strict=True)] or [np.empty(0)] * 6
        student, at, item, kind, item_kind, cluster = columns
        actions = Actions(
            student.astype(np.int32),
            np.array([codes.index(code) for code in item.tolist()], np.int32),
            kind.astype(np.int32),
            item_kind.astype(np.int32),
            cluster.astype(np.int32),
            at.astype(np.int64),
            codes,
        )
        return replace(self, behaviour=replace(self.behaviour, actions=actions))


def nothing_done() -> Actions:
    """Return no actions."""
    places = np.empty(0, np.int32)
    return Actions(places, places, places, places, places, np.empty(0, np.int64), ())


def draw(
    seed: int,
    *,
    students: int = 8,
    clusters: int = 5,
    units: int = 6,
    resources: int = 24,
    postings: int = 40,
    actions: int = 30,
    back: int = 500,
    levels: tuple[float, ...] | None = None,
) -> Drawn:
    """Return a drawn world.

    Arguments:
        seed: of everything that is drawn.
        back: days that the actions go back.
        levels: the few levels that vectors have, so that ties are frequent; None draws any.
    """
    drawn = np.random.default_rng(seed)

    def matrix(rows: int, density: float) -> np.ndarray:
        values = drawn.random((rows, units)) if levels is None else drawn.choice(levels, (rows, units))
        return np.where(drawn.random((rows, units)) < density, values, 0.0)

    def pairs(rows: int, columns: int, share: float) -> list[tuple[int, int]]:
        return [(int(a), int(b)) for a, b in np.argwhere(drawn.random((rows, columns)) < share)]

    kinds = drawn.choice(OFFERED, resources)
    world = replace(
        snapshot(
            units=units,
            clusters=clusters,
            resources=resources,
            students=students,
            majors=2,
            kinds=kinds.tolist(),
            major=drawn.integers(-1, 2, students).tolist(),
            goals=pairs(students, clusters, 0.15),
            done=pairs(students, resources, 0.1),
            targets=pairs(resources, clusters, 0.2),
            courses=[(u, r, 70.0, 0.0, 1.0, TERM - 1) for u, r in pairs(students, resources, 0.1)],
            practice=[(u, r, 1.0, 0.5, TERM - 1) for u, r in pairs(students, resources, 0.05)],
            work=[(u, c, 0.0, 1.0, TERM - 1, TODAY - 100.0) for u, c in pairs(students, clusters, 0.2)],
        ),
        as_of=datetime(2024, 12, 31, 23, tzinfo=UTC),
        data_through=DAY,
        offered=drawn.random(resources) < 0.85,
    )
    asked = matrix(postings, 0.5) * (drawn.random((postings, 1)) < 0.9)
    cluster = np.sort(drawn.integers(0, clusters, postings))
    released = TODAY - drawn.integers(0, 12, postings) * 5
    order = np.lexsort((np.arange(postings), -released, cluster))
    rows, places = np.nonzero(asked[order])
    openings = Openings(
        tuple(f"p:{place:05}" for place in order.tolist()),
        cluster[order].astype(np.int32),
        released[order].astype(np.int64),
        np.where(drawn.random(postings) < 0.2, TODAY - 1, NEVER).astype(np.int64),
        np.full(postings, NEVER, np.int64),
        drawn.choice([np.nan, 3.0, 6.0, 7.0], postings),
        np.searchsorted(rows, np.arange(postings + 1)),
        places.astype(np.int32),
        asked[order][rows, places],
    )
    first = np.full(resources, -1, np.int32)
    first[world.targets.start[::-1]] = world.targets.end[::-1]
    after = [pair for pair in pairs(resources, resources, 0.5 / resources) if pair[0] != pair[1]] or [(0, 1)]
    offers = Offers(
        (kinds + 1).astype(np.int32),
        first,
        np.full(resources, 30.0),
        np.where(world.offered, NEVER, TODAY - 1).astype(np.int64),
        Edges.of(*zip(*after, strict=True)),
    )
    profiles = Profiles(
        ("",) * students,
        ("",) * students,
        np.zeros(students, bool),
        drawn.integers(1, 5, students).astype(float),
        drawn.choice([np.nan, 6.0], students),
        TODAY - drawn.integers(10, 1500, students).astype(float),
        np.where(drawn.random(students) < 0.8, TODAY + 200.0, np.nan),
        np.array([(0, TODAY - 50)], np.int64),
        np.array([(students - 1, TODAY - 50)], np.int64),
    )
    heat = np.round(drawn.random(clusters), 2)
    behaviour = Behaviour(DAY, profiles, nothing_done(), openings, offers, heat)
    made = Drawn(world, behaviour, matrix(students, 0.6), matrix(clusters, 0.8), matrix(resources, 0.5))
    did = [
        (
            int(drawn.integers(0, students)),
            str(drawn.choice(openings.codes if drawn.random() < 0.6 else world.resources)),
            str(drawn.choice(ACTIONS)),
            int(drawn.integers(0, back)),
        )
        for _ in range(actions)
    ]
    return made.acted(*did) if did else made
