"""A simulation of feedback: drawn users with hidden preferences, week after week, with equation 22 and without it.

Users are students of the loaded graph; what they can do, aim at and did before is theirs. Hidden from the ranker is
what they like: of the `LIKELY` clusters that lie nearest they like `LIKED` and dislike as many, and so with kinds of
items. The worth of an item is its cluster's liking plus half its kind's, -1 to 1, as a leaning is told in
`schema.feedback`.

Every week each user gets the three lists. Rank r is looked at with chance 1 / log2(1 + r); how far the user goes
follows worth and chance: dismiss, view, click, bookmark, at last apply or register. One arm folds the actions in by
`schema.feedback.fold` before the next week's lists, the other does not; both leave out what was used. Users, likings
and draws are the same in both, position by position, so that differences are paired. Postings come and go by the
calendar.

The gain of a week is the mean worth of what is shown, weighted by the chance that it is looked at, with feedback less
without. Exposure is told beside it, so that a loop that narrows is seen.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from gnn.benchmarks.recommend.material import EPOCH
from gnn.benchmarks.recommend.metrics import gini
from gnn.benchmarks.recommend.session import Say
from gnn.benchmarks.recommend.simulated import ARMS, Setting, Simulated, Week
from gnn.ranking import Ranker as Engine
from gnn.ranking.leaning import toward
from gnn.ranking.lists import Lists
from gnn.snapshot.behaviour import ACTIONS, KINDS, Actions
from schema.ranking import PATHS

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LIKELY, LIKED = 10, 2
STEPS = ((0.10, "dismiss"), (0.45, "view"), (0.60, "click"), (0.75, "bookmark"))
"""How far a user goes, by half of 1 + worth with some chance in it: below the edge, that; above all, apply or register.
"""
NOISE = 0.15
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Likings:
    """What users like, hidden from the ranker.

    Arguments:
        cluster, kind: -1 to 1. [users, clusters], [users, KINDS]
    """

    cluster: Floats
    kind: Floats

    @classmethod
    def drawn(cls, chance: Floats, generator: np.random.Generator) -> "Likings":
        """Draw them.

        Arguments:
            chance: how near each cluster lies to each user. [users, clusters]
            generator: drawn from.
        """
        users, clusters = chance.shape
        near = np.argsort(-chance, axis=1, kind="stable")[:, : min(LIKELY, clusters)]
        of_cluster, of_kind = np.zeros(chance.shape), np.zeros((users, len(KINDS)))
        for row in range(users):
            _like(of_cluster[row], generator.permutation(near[row]))
            _like(of_kind[row], generator.permutation(len(KINDS)))
        return cls(of_cluster, of_kind)

    def worth(self, user: Places, cluster: Places, kind: Places) -> Floats:
        """Return the worth of items, -1 to 1; of no cluster (-1), that of the kind alone."""
        of_cluster = np.where(cluster >= 0, self.cluster[user, np.maximum(cluster, 0)], 0.0)
        return toward(of_cluster, self.kind[user, kind])


def _like(values: Floats, order: Places) -> None:
    count = min(LIKED, len(order) // 2)
    values[order[:count]] = 1.0
    values[order[count : 2 * count]] = -1.0


def actions_of(worth: Floats, noise: Floats, job: NDArray[np.bool_]) -> Places:
    """Return how far users go, as places in `ACTIONS`.

    Arguments:
        worth: -1 to 1.
        noise: drawn from a standard normal.
        job: whether the item is a posting.

    >>> [ACTIONS[place] for place in actions_of(np.array([-1.0, 0.0, 1.0, 1.0]), np.zeros(4), np.array([0, 0, 0, 1]))]
    ['dismiss', 'click', 'register', 'apply']
    """
    reach = (1.0 + worth) / 2.0 + NOISE * noise
    found = np.where(job, ACTIONS.index("apply"), ACTIONS.index("register"))
    for edge, name in reversed(STEPS):
        found = np.where(reach < edge, ACTIONS.index(name), found)
    return found.astype(np.int64)


def simulate(engine: Engine, abilities: Floats, setting: Setting, *, say: Say | None = None) -> Simulated:
    """Run it.

    Arguments:
        engine: on the day of the first week; postings of the weeks after it must be in its behaviour.
        abilities: a_u of all students. [students, units]
        setting: what is simulated.
        say: told of each seed.
    """
    tell = say or (lambda line: None)
    weeks: dict[str, list[list[Week]]] = {arm: [] for arm in ARMS}
    for seed in setting.seeds:
        run = _Run(engine, abilities, setting, seed=seed)
        for arm in ARMS:
            weeks[arm].append(run.arm(fold=arm == "with"))
        last = [weeks[arm][-1][-1].worth for arm in ARMS]
        tell(f"seed {seed}: worth of the last week {last[0]:.3f} without, {last[1]:.3f} with feedback")
    return Simulated(setting, weeks)


class _Run:
    """The users and draws of a seed."""

    def __init__(self, engine: Engine, abilities: Floats, setting: Setting, *, seed: int) -> None:
        self.engine, self.abilities, self.setting = engine, abilities, setting
        generator = np.random.default_rng(seed)
        profiles = engine.behaviour.profiles
        today = engine.today.toordinal()
        there = np.flatnonzero(~(profiles.admitted > today) & ~(profiles.graduates < today))
        pool = there if len(there) else np.arange(len(engine.world.students))
        self.users = np.sort(generator.choice(pool, min(setting.users, len(pool)), replace=False))
        self.likings = Likings.drawn(engine.nearness(self.users, abilities[self.users]), generator)
        shape = (setting.weeks, len(self.users), len(PATHS), setting.shown)
        self.look, self.noise = generator.random(shape), generator.standard_normal(shape)
        codes = sorted({*engine.behaviour.openings.codes, *engine.world.resources})
        self.codes = tuple(codes)
        place = {code: number for number, code in enumerate(codes)}
        self.of_opening = np.array([place[code] for code in engine.behaviour.openings.codes], np.int64)
        self.of_resource = np.array([place[code] for code in engine.world.resources], np.int64)
        # What others did concerns nobody here.
        known = engine.behaviour.actions
        mine = known.where(np.isin(known.student, self.users))
        renamed = np.array([place.get(code, -1) for code in known.items] or [-1], np.int64)
        item = renamed[mine.item]
        kept = item >= 0
        mine = mine.where(kept)
        self.past = Actions(
            mine.student, item[kept].astype(np.int32), mine.kind, mine.item_kind, mine.cluster, mine.at, self.codes
        )

    def arm(self, *, fold: bool) -> list[Week]:
        """Return the weeks of an arm."""
        done = self.past
        found = []
        for week in range(self.setting.weeks):
            day = self.engine.today + timedelta(days=7 * week)
            with_all = self._engine(done)
            engine = with_all if fold else self._engine(self.past)
            if not fold:
                # Without feedback too nobody is shown again what was used.
                engine.__dict__.update(
                    used_postings=with_all.used_postings, used_resources=with_all.used_resources
                )  # fmt: skip
            engine = engine.on(day)
            lists = engine.lists(engine.standing(self.users, self.abilities[self.users]))
            told, done = self._week(engine, lists, week, done)
            found.append(told)
        return found

    def _engine(self, actions: Actions) -> Engine:
        return replace(self.engine, behaviour=replace(self.engine.behaviour, actions=actions))

    def _week(self, engine: Engine, lists: Lists, week: int, done: Actions) -> tuple[Week, Actions]:
        lists = lists.where(lists.rank <= self.setting.shown)
        job = lists.path == PATHS.index("JOB")
        offers = engine.behaviour.offers
        kind = np.where(job, 0, offers.kind[np.where(job, 0, lists.item)]).astype(np.int64)
        cluster = self._cluster(engine, lists, job)
        user = np.searchsorted(self.users, lists.student)
        worth = self.likings.worth(user, cluster, kind)
        chance = 1.0 / np.log2(1.0 + lists.rank)
        place = (week, user, lists.path, lists.rank - 1)
        what = actions_of(worth, self.noise[place], job)
        looked = self.look[place] < chance
        wanted = np.isin(what, [ACTIONS.index(name) for name in ("bookmark", "apply", "register")]) & looked
        item = np.where(
            job, self.of_opening[np.where(job, lists.item, 0)], self.of_resource[np.where(job, 0, lists.item)]
        )
        at = ((engine.today - EPOCH).days * _DAY) + np.arange(len(item))
        student = np.concatenate([done.student, lists.student[looked]])
        when = np.concatenate([done.at, at[looked]])
        order = np.lexsort((when, student))

        def joined(before: NDArray[np.integer], now: NDArray[np.integer]) -> NDArray[np.int32]:
            return np.concatenate([before, now[looked]])[order].astype(np.int32)

        after = Actions(
            student=student[order].astype(np.int32),
            item=joined(done.item, item),
            kind=joined(done.kind, what),
            item_kind=joined(done.item_kind, kind),
            cluster=joined(done.cluster, cluster),
            at=when[order],
            items=self.codes,
        )
        open_items = np.concatenate(
            [
                self.of_opening[engine.pool.places],
                self.of_resource[engine.behaviour.offered(engine.world, engine.today)],
            ]
        )
        by_item = np.bincount(item, chance, len(self.codes)).astype(float)
        by_cluster = np.bincount(cluster[cluster >= 0], chance[cluster >= 0], len(engine.world.clusters)).astype(float)
        told = Week(
            worth=float((worth * chance).sum() / max(chance.sum(), 1e-12)),
            wanted=float(wanted.sum() / len(self.users)),
            items=float((by_item[open_items] > 0).mean()) if len(open_items) else 0.0,
            clusters=float((by_cluster > 0).mean()) if len(by_cluster) else 0.0,
            item_gini=gini(by_item[open_items]),
            cluster_gini=gini(by_cluster),
        )
        return told, after

    def _cluster(self, engine: Engine, lists: Lists, job: NDArray[np.bool_]) -> Places:
        known = engine.behaviour
        of_job = (
            known.openings.cluster[np.where(job, lists.item, 0)]
            if len(known.openings)
            else np.full(len(lists), -1, np.int32)
        )
        return np.where(job, of_job, known.offers.cluster[np.where(job, 0, lists.item)]).astype(np.int64)
